"""The thin bar scrolls as any other: by its handle, by a press beside it, to both ends."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from ui.controls import Text, column, scrolling

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def area(qtbot):
    area = scrolling(column(*[Text(f"line {number}") for number in range(100)]))
    qtbot.addWidget(area)
    area.resize(300, 400)
    area.show()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 1000)
    return area


@pytest.fixture
def bar(area):
    return area.verticalScrollBar()


def test_the_handle_is_dragged_to_both_ends(bar):
    QTest.mousePress(bar, LEFT, pos=QPoint(6, 10))
    QTest.mouseMove(bar, QPoint(6, 200))
    middle = bar.value()
    assert 0 < middle < bar.maximum()
    QTest.mouseMove(bar, QPoint(6, 900))
    assert bar.value() == bar.maximum()
    QTest.mouseMove(bar, QPoint(6, -50))
    assert bar.value() == bar.minimum()
    QTest.mouseRelease(bar, LEFT, pos=QPoint(6, -50))
    QTest.mouseMove(bar, QPoint(6, 200))
    assert bar.value() == bar.minimum()


def test_the_handle_stays_under_the_pointer(bar):
    QTest.mousePress(bar, LEFT, pos=QPoint(6, 20))
    QTest.mouseMove(bar, QPoint(6, 120))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(6, 120))
    before = bar.value()
    QTest.mousePress(bar, LEFT, pos=QPoint(6, 120))
    QTest.mouseMove(bar, QPoint(6, 120))
    assert bar.value() == before


def test_a_press_beside_the_handle_moves_by_a_page(bar):
    QTest.mouseClick(bar, LEFT, pos=QPoint(6, 380))
    assert bar.value() == bar.pageStep()
    QTest.mouseClick(bar, LEFT, pos=QPoint(6, 3))
    assert bar.value() == 0
