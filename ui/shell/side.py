"""A page's body with its right side panel, wide as the screen allows."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.controls import Pane

_ROOMY = 1200
_NARROW = 224
"""A 1366 px screen at 125 % has 1093 px: there the panel gives way first."""


class WithSide(QWidget):
    """Body left, panel right: 256 px at 1366, up to 400 on wide screens (or a fixed share)."""

    def __init__(self, body: QWidget, side: QWidget, *, least: int = 256, most: int = 400) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.side = Pane("surface", ("left",))
        inner = QHBoxLayout(self.side)
        inner.setContentsMargins(1, 0, 0, 0)
        inner.addWidget(side)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(body, 1)
        box.addWidget(self.side)
        self.side.setFixedWidth(least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        share = round(self.width() * self._least / 1294)
        floor = self._least if self.width() >= _ROOMY else min(self._least, _NARROW)
        self.side.setFixedWidth(max(floor, min(self._most, share)))
        super().resizeEvent(event)
