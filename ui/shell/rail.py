"""The left rail: the places of the program."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from ui import style
from ui.controls import Pane
from ui.controls.buttons import Pressable, leave_hands
from ui.hands import give
from ui.style import HEIGHT, paint
from ui.words import say


@dataclass(frozen=True, slots=True)
class Place:
    """A home: where a page lives that is always there."""

    key: str
    title: str
    icon: str
    number: int = 0
    """Its place in the rail, and with Alt its key; the command is declared beside the others."""


class RailButton(Pressable):
    """Icon over word; ``badge`` counts what waits there."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._badge = 0
        self.setCheckable(True)
        leave_hands(self)
        title = say(place.title)
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title} (Alt+{place.number})" if place.number else title)
        self.setFixedSize(59, 52)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_badge(self, count: int) -> None:
        """How many things wait there; 0 shows nothing."""
        self._badge = count
        title = say(self.place.title)
        words = say("{title}, {n} waiting", title=title, n=count)
        self.setAccessibleName(words if count else title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(59, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        if on or self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "accent_soft" if on else "hover")
        ink = "accent" if on else "muted"
        paint.mark(painter, QPointF(self.width() / 2 - 10, 7), self.place.icon, ink, 20)
        font = style.font("mark", "semibold" if on else "medium")
        area = QRectF(1, 29, self.width() - 2, 18)
        paint.text(painter, area, self.text(), font, ink, Qt.AlignmentFlag.AlignHCenter)
        if self._badge:
            words = str(min(self._badge, 99))
            area = QRectF(self.width() / 2 + 5, 3, 10 + 6 * len(words), 16)
            paint.rounded(painter, area, "accent", radius=8)
            painter.setFont(style.font("mark", "semibold"))
            painter.setPen(style.colour("on_accent"))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()


class Rail(Pane):
    """72 px wide; Up and Down move, Enter goes."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("surface", ("right",))
        self.setFixedWidth(HEIGHT["rail"])
        self.setAccessibleName(say("Places"))
        self._buttons: dict[str, RailButton] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(6, 8, 7, 8)
        self._box.setSpacing(4)
        self._box.addStretch(1)

    def add(self, place: Place) -> None:
        """A further place, where its number puts it."""
        button = RailButton(place)
        button.clicked.connect(self._clicked)
        before = [one for one in self._buttons.values() if one.place.number <= place.number]
        self._box.insertWidget(len(before), button)
        self._buttons[place.key] = button
        inside = sorted(self._buttons.values(), key=lambda one: one.place.number)
        for above, below in pairwise(inside):
            self.setTabOrder(above, below)

    def remove(self, key: str) -> None:
        """Takes a place away."""
        button = self._buttons.pop(key)
        self._box.removeWidget(button)
        button.hide()
        button.deleteLater()

    def mark(self, key: str) -> None:
        """Shows which place is open."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def badge(self, key: str, count: int) -> None:
        """How many things wait at a place."""
        self._buttons[key].show_badge(count)

    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.wanted.emit(button.place.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        at = next((n for n, button in enumerate(buttons) if button.hasFocus()), None)
        if move is None or at is None:
            super().keyPressEvent(event)
            return
        give(buttons[max(0, min(len(buttons) - 1, at + move))], Qt.FocusReason.TabFocusReason)
