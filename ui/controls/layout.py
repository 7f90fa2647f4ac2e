"""Rows, columns and grids of widgets on the 4 px grid."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.controls.fields import Field
from ui.controls.scroll_bars import thin_bars
from ui.style import SPACE

Item = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]
_NONE: Margins = (0, 0, 0, 0)


def row(
    *items: Item,
    gap: int = SPACE.m,
    margins: Margins = _NONE,
    into: QWidget | None = None,
    align: Qt.AlignmentFlag | None = None,
) -> QWidget:
    """Items left to right: a widget or layout, an int for a gap, None for a stretch."""
    home = into if into is not None else QWidget()
    return _fill(QHBoxLayout(home), home, items, gap, margins, align)


def column(
    *items: Item,
    gap: int = SPACE.m,
    margins: Margins = _NONE,
    into: QWidget | None = None,
    align: Qt.AlignmentFlag | None = None,
) -> QWidget:
    """Items top to bottom, as in :func:`row`."""
    home = into if into is not None else QWidget()
    return _fill(QVBoxLayout(home), home, items, gap, margins, align)


def _fill(
    box: QBoxLayout,
    home: QWidget,
    items: tuple[Item, ...],
    gap: int,
    margins: Margins,
    align: Qt.AlignmentFlag | None,
) -> QWidget:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item, 0, _alignment(item, align))
    return home


def _alignment(item: QWidget, align: Qt.AlignmentFlag | None) -> Qt.AlignmentFlag:
    """Fields hang from their labels, so that one with a longer message does not sink."""
    if align is not None:
        return align
    return Qt.AlignmentFlag.AlignTop if isinstance(item, Field) else Qt.AlignmentFlag(0)


def grid(
    columns: int,
    *items: QWidget | None,
    gap: int = SPACE.l,
    down: int = SPACE.s,
    into: QWidget | None = None,
) -> QWidget:
    """Items in equal columns, row by row, aligned to the top; None leaves a cell empty."""
    home = into if into is not None else QWidget()
    made = QGridLayout(home)
    made.setContentsMargins(*_NONE)
    made.setHorizontalSpacing(gap)
    made.setVerticalSpacing(down)
    for number in range(columns):
        made.setColumnStretch(number, 1)
    for number, item in enumerate(items):
        if item is not None:
            made.addWidget(item, *divmod(number, columns), Qt.AlignmentFlag.AlignTop)
    return home


def scrolling(inside: QWidget) -> QScrollArea:
    """``inside`` with a vertical scroll bar when it must; never sideways. Not a tab stop."""
    area = QScrollArea()
    thin_bars(area)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    for ground in (area.viewport(), inside):  # Qt fills both; what is behind shows through
        ground.setAutoFillBackground(False)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
