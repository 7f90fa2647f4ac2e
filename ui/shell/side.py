"""A page's body with its right side panel, wide as the screen allows."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.controls import Pane

_ROOMY = 1200
_HOLDS = 1000
"""Where the body is still wide enough for a table beside a held panel."""

_NARROW = 224
"""A 1366 px screen at 125 % has 1093 px: there the panel gives way first."""


class WithSide(QWidget):
    """Body left, panel right: 256 px at 1366, up to 400 on wide screens (or a fixed share)."""

    def __init__(self, body: QWidget, side: QWidget, *, least: int = 256, most: int = 400) -> None:
        super().__init__()
        self._least, self._most, self._held = least, most, 0
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

    def hold(self, least: int = 0) -> None:
        """Keeps the panel at least this wide, as a bill needs; 0 gives the width back."""
        self._held = least
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        share = round(self.width() * self._least / 1294)
        floor = self._least if self.width() >= _ROOMY else min(self._least, _NARROW)
        wide = max(floor, min(self._most, share))
        if self._held and self.width() >= _HOLDS:
            wide = max(wide, self._held)
        self.side.setFixedWidth(wide)
