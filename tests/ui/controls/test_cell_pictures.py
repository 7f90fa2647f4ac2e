"""A table paints what is new of it for a few milliseconds; the rest comes in the turns after."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QTableWidget

from ui import style, turns
from ui.controls import table as tables
from ui.controls.table import CellPictures

CELLS = 12


class View(QTableWidget):
    """Draws a square for each cell, in the colour of the chosen row."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = CellPictures(self)
        self.made: list[int] = []
        self.passes = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.passes += 1
        painter = QPainter(self.viewport())
        with self.pictures.painting():
            for cell in range(CELLS):
                self.pictures.draw(
                    painter, QRect(20 * cell, 0, 20, 20), cell, lambda p, n=cell: self._made(p, n)
                )
        painter.end()

    def _made(self, painter: QPainter, cell: int) -> None:
        self.made.append(cell)
        painter.fillRect(QRect(20 * cell, 0, 20, 20), style.colour("selection"))


@pytest.fixture
def view(desk: Any) -> View:
    made = View()
    made.resize(20 * CELLS + 40, 80)
    desk.show(made)
    return made


def colour_at(view: View, cell: int) -> QColor:
    return view.viewport().grab().toImage().pixelColor(20 * cell + 10, 10)


def test_every_cell_comes_however_slow_the_machine(
    view: View, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.until(lambda: len(set(view.made)) == CELLS)
    monkeypatch.setattr(tables, "_PAINT_SECONDS", -1.0)
    view.pictures._kept.clear()
    view.made.clear()
    view.passes = 0
    view.viewport().update()
    desk.until(lambda: len(view.made) == CELLS and not turns.waiting())
    assert view.made == list(range(CELLS)), "one new cell in each turn, none twice"
    assert view.passes >= CELLS


def test_what_was_painted_is_kept_until_the_theme_changes(view: View, desk: Any) -> None:
    desk.until(lambda: len(set(view.made)) == CELLS)
    view.made.clear()
    view.viewport().repaint()
    assert view.made == []
    light = colour_at(view, 3)
    desk.theme(style.Scheme.DARK)
    dark = colour_at(view, 3)
    desk.theme(style.Scheme.LIGHT)
    assert light != dark
    assert colour_at(view, 3) == light


def test_no_more_pictures_than_a_few_screens(desk: Any) -> None:
    view = View()
    view.pictures = CellPictures(view, most=5)
    view.resize(20 * CELLS + 40, 80)
    desk.show(view)
    desk.until(lambda: len(view.made) >= CELLS)
    assert len(view.pictures._kept) == 5
