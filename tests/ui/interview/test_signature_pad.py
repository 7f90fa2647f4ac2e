"""Signed with a pen, a finger or the mouse: each leaves strokes, and too little is no signature."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.interview.signature_pad import SignaturePad

PATH = [QPoint(20 + 12 * step, 40 + (step % 3) * 14) for step in range(16)]
Draw = Callable[[SignaturePad, list[QPoint]], None]


def by_mouse(pad: SignaturePad, path: list[QPoint]) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=path[0])
    for point in path[1:]:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=path[-1])


def by_finger(pad: SignaturePad, path: list[QPoint]) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(pad, screen).press(0, path[0], pad).commit()
    for point in path[1:]:
        QTest.touchEvent(pad, screen).move(0, point, pad).commit()
    QTest.touchEvent(pad, screen).release(0, path[-1], pad).commit()


def by_pen(pad: SignaturePad, path: list[QPoint]) -> None:
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(path) - 1)]
    for kind, point in zip([*kinds, QEvent.Type.TabletRelease], [*path, path[-1]], strict=True):
        at = QPointF(point)
        event = QTabletEvent(
            kind, QPointingDevice.primaryPointingDevice(), at, QPointF(pad.mapToGlobal(point)),
            0.8, 0.0, 0.0, 0.0, 0.0, 0.0, Qt.KeyboardModifier.NoModifier,
            Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(pad, event)


@pytest.mark.parametrize("draw", [by_mouse, by_finger, by_pen])
def test_each_way_of_signing_leaves_the_same_line(desk: Any, draw: Draw) -> None:
    pad = SignaturePad()
    desk.show(pad, 420, 120)
    told: list[bool] = []
    pad.signed.connect(lambda: told.append(True))
    draw(pad, PATH)
    assert len(pad.strokes) == 1
    assert [(point.x, point.y) for point in pad.strokes[0]] == [(p.x(), p.y()) for p in PATH]
    assert pad.has_signature
    assert told
    kept = json.loads(pad.as_json())
    assert len(kept["strokes"][0]) == len(PATH)
    if draw is by_pen:
        assert kept["strokes"][0][0][3] == 0.8
    assert inked(pad) > 200
    desk.press("Delete")
    assert not pad.has_signature


@pytest.mark.parametrize("draw", [by_mouse, by_finger, by_pen])
def test_a_touch_is_no_signature_but_a_dot_is_drawn(desk: Any, draw: Draw) -> None:
    pad = SignaturePad()
    desk.show(pad, 420, 120)
    draw(pad, PATH[:1])
    assert not pad.has_signature
    assert inked(pad) > 0


def inked(pad: SignaturePad) -> int:
    """Pixels of the kept picture that are not clear."""
    image = QImage.fromData(pad.as_png())
    return sum(
        image.pixelColor(x, y).alpha() > 0
        for x in range(image.width())
        for y in range(image.height())
    )
