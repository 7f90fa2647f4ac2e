"""A section folded to one line where nothing of it has to be asked; F2 or its button opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Text
from ui.style import SPACE
from ui.words import say


class Fold(QWidget):
    """Shows ``line`` and *Change*, or the questions behind it."""

    opened = Signal()

    def __init__(self, inside: QWidget, parts: tuple[str, ...], name: str) -> None:
        super().__init__()
        self._inside = inside
        self._line = QWidget()
        self.words = Text("", wrap=True)
        self.change = Button(say("Change"), key="F2", name=say("Change {name}", name=name.lower()))
        self.change.clicked.connect(self.unfold)
        across = QHBoxLayout(self._line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(SPACE.m)
        across.addWidget(self.words, 1)
        across.addWidget(self.change)
        self._behind = QWidget()
        holder = QVBoxLayout(self._behind)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._line)
        box.addWidget(self._behind)
        self.tell(parts)
        self._behind.setVisible(not parts)
        self._line.setVisible(bool(parts))

    @property
    def folded(self) -> bool:
        """Whether only the line is in sight."""
        return self._behind.isHidden()

    def tell(self, parts: tuple[str, ...]) -> None:
        """The line as it stands now."""
        self.words.setText(" · ".join(say(part) for part in parts))

    @Slot()
    def unfold(self) -> None:
        """Opens it, for good: what is being typed is never folded away."""
        if self.folded:
            self._line.hide()
            self._behind.show()
            self.opened.emit()
