"""The frame around every page: top bar, rail, strip of messages, bottom line."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.controls import Strip
from ui.shell.bottom_line import BottomLine
from ui.shell.rail import Rail
from ui.shell.top_bar import TopBar


class Frame:
    """Lays the parts out in ``home``; the main window gives them their meaning."""

    def __init__(self, home: QWidget) -> None:
        self.top = TopBar()
        self.rail = Rail()
        self.pages = QStackedWidget()
        self.bottom = BottomLine()
        self.strip = Strip()
        above = QWidget()
        holder = QVBoxLayout(above)
        holder.setContentsMargins(12, 0, 12, 0)
        holder.addWidget(self.strip)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.pages, 1)
        centre.addWidget(above)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(centre, 1)
        outer = QVBoxLayout(home)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top)
        outer.addLayout(middle, 1)
        outer.addWidget(self.bottom)
