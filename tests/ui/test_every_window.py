"""Every window of the desk, for whoever does not see it or needs it larger."""

from __future__ import annotations

from typing import Any

import pytest
from every_window import living_demo, walk
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget

from ui.payments import pay_step
from ui.words import speak

LAPTOP = (1366, 768)
ZOOMED = (1093, 614)
"""A laptop's screen at 125 %."""


def faces(root: QWidget) -> list[QWidget]:
    """What a screen reader finds under ``root`` that can have the focus."""
    top = QAccessible.queryAccessibleInterface(root)
    found: list[QWidget] = []
    waiting: list[QAccessibleInterface] = [top] if top is not None else []
    while waiting:
        face = waiting.pop()
        widget = face.object()
        if not isinstance(widget, QWidget) or not widget.isVisible():
            continue
        state = face.state()
        if state.focusable and not state.disabled and widget.isEnabled():
            found.append(widget)
        if not isinstance(widget, QAbstractItemView):
            waiting += [child for n in range(face.childCount()) if (child := face.child(n))]
    return found


def brought_to_view(widget: QWidget) -> QRect:
    """Where the widget is in its window, after what scrolls has scrolled to it."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 0, 0)
        around = around.parentWidget()
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def sideways(root: QWidget) -> list[str]:
    """What would have to be scrolled sideways to be read."""
    return [
        type(area.widget()).__name__
        for area in root.findChildren(QScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0
    ]


@pytest.mark.parametrize(("size", "language"), [(LAPTOP, "en"), (ZOOMED, "es")])
def test_every_window_can_be_read_aloud_and_fits(
    desk: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], language: str
) -> None:
    monkeypatch.setattr(pay_step, "may_take_money", lambda draft, situation: (True, ""))
    wrong: list[str] = []
    seen: list[str] = []

    def look(name: str, root: QWidget) -> None:
        desk.qtbot.wait(5)
        stops = faces(root)
        seen.append(name)
        wrong.extend(f"{name}: sideways {what}" for what in sideways(root))
        if not stops:
            wrong.append(f"{name}: nothing to hold on to")
        for widget in stops:
            face = QAccessible.queryAccessibleInterface(widget)
            said = face.text(QAccessible.Text.Name) if face is not None else ""
            if not said.strip():
                wrong.append(f"{name}: {type(widget).__name__} has no name")
            place = brought_to_view(widget)
            room = widget.window().rect()
            across = place.left() >= 0 and place.right() <= room.right()
            if not across or not room.contains(place.center().x(), place.top()):
                wrong.append(f"{name}: {said or type(widget).__name__} lies at {place}")

    speak(language)
    try:
        with living_demo(monkeypatch) as workstation:
            walk(desk, workstation, look, size=size)
    finally:
        speak("en")
    assert len(seen) == 29
    assert set(wrong) == set()
