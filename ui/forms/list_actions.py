"""What can be done with one place of a list: taken out, moved before the one above, one more."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.controls import Button
from ui.style import SPACE
from ui.words import say
from workstation.interview.fields import Section


class ListActions(QWidget):
    """A row of quiet buttons under the questions of a place."""

    takenOut = Signal(str, int)
    """(key of the list, place)"""
    movedEarlier = Signal(str, int)
    addWanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._key, self._place = "", 0
        self.out = Button("", kind="quiet", icon="trash-2")
        self.earlier = Button("", kind="quiet", icon="arrow-up")
        self.add = Button("", kind="quiet", icon="plus")
        self.out.clicked.connect(self._out)
        self.earlier.clicked.connect(self._earlier)
        self.add.clicked.connect(self._add)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        for button in (self.out, self.earlier, self.add):
            box.addWidget(button)
        box.addStretch(1)

    def show_section(self, section: Section) -> None:
        """The place that a section asks about; nothing of a list hides the row."""
        place = section.place
        self.setVisible(place is not None)
        if place is None:
            return
        self._key, self._place = place.key, place.at
        title = say(section.title)
        for button, words in (
            (self.out, place.take_out),
            (self.earlier, place.earlier if place.at else ""),
            (self.add, place.add),
        ):
            button.setVisible(bool(words))
            if words and button.text() != say(words):
                button.set_words(say(words))
            button.setAccessibleName(f"{title}: {say(words).replace('&', '')}")

    @Slot()
    def _out(self) -> None:
        self.takenOut.emit(self._key, self._place)

    @Slot()
    def _earlier(self) -> None:
        self.movedEarlier.emit(self._key, self._place)

    @Slot()
    def _add(self) -> None:
        self.addWanted.emit(self._key)
