"""Papers and pictures of a chart over the page: their list, and beside it the one gone to."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Elided, Overlay, Text, row, scrolling
from ui.controls.messages import Message, Strip
from ui.controls.paper import PaperPage
from ui.papers.filed_list import FiledList, told
from ui.style import SPACE
from ui.words import say
from workstation.kernel.errors import PorticoError
from workstation.papers.filed import Filed

_WIDE, _LIST = 640, 280
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FiledOverlay(Overlay):
    """``begin``, then ``show_filed``; what is gone to is asked for by ``openWanted``."""

    openWanted = Signal(object)
    """A :class:`Filed` to be fetched and drawn."""
    printWanted = Signal(object)
    """A :class:`Filed` paper whose copy the patient wants."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=_WIDE + _LIST + 96, height=660, top=48)
        self._shown: Filed | None = None
        self._name = Elided("", tone="muted")
        self._facts = Text("", tone="muted")
        self._state = Text("", tone="muted", wrap=True)
        self.list = FiledList()
        self.list.setFixedWidth(_LIST)
        self.list.wanted.connect(self._wanted)
        self.page = PaperPage(say("The paper or picture"), _WIDE)
        self._area = scrolling(self.page)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(say("The paper or picture"))
        self.strip = Strip(most=1)
        self.print_button = Button(
            say("Print a copy"), kind="primary", icon="printer", icon_after="corner-down-left"
        )
        self.print_button.clicked.connect(self._print)
        self.close_button = Button(say("Close"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        title = Text(say("Papers and pictures"), role="section", weight="bold")
        right = QVBoxLayout()
        right.setSpacing(SPACE.s)
        right.addWidget(self._state)
        right.addWidget(self._area, 1)
        across = QHBoxLayout()
        across.setSpacing(SPACE.l)
        across.addWidget(self.list)
        across.addLayout(right, 1)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        box.setSpacing(SPACE.m)
        box.addWidget(row(title, self._name, self._facts, None))
        box.addLayout(across, 1)
        box.addWidget(self.strip)
        box.addWidget(row(self.close_button, None, self.print_button))

    def begin(self, name: str, facts: str) -> None:
        """Opens it, empty; ``facts`` are birth date and MRN, which stand whole beside any name."""
        self._name.setText(name)
        self._facts.setText(facts)
        self.setAccessibleName(f"{say('Papers and pictures')}, {name}, {facts}")
        self.list.show_filed(())
        self._nothing(say("Looking"))
        self.open()

    def first(self) -> QWidget | None:
        return self.list

    def show_filed(self, filed: tuple[Filed, ...]) -> None:
        """What lies in the chart; the newest is opened at once."""
        if not filed:
            self._nothing(say("Nothing was signed or scanned for this patient yet."))
        self.list.show_filed(filed)

    def show_image(self, filed: Filed, image: QImage) -> None:
        """The one that was asked for; an answer that came too late is not shown."""
        if filed != self.list.current:
            return
        self._shown = filed
        self._state.setText(f"{say(filed.title)}, {told(filed)}")
        self._state.setVisible(True)
        self.page.show_image(image)
        self.page.setAccessibleDescription(self._state.text())
        self._area.setVisible(True)
        self.print_button.setEnabled(filed.is_paper)

    def refused(self, error: PorticoError) -> None:
        """It could not be had, or not printed: in words that say what to do."""
        if self._shown is None:
            self._nothing("")
        self.strip.tell(Message.of(error, "filed"))

    def _nothing(self, words: str) -> None:
        self._shown = None
        self._state.setText(words)
        self._state.setVisible(bool(words))
        self._area.setVisible(False)
        self.print_button.setEnabled(False)
        self.strip.clear()

    @Slot(object)
    def _wanted(self, filed: Filed) -> None:
        self._nothing(say("Fetching"))
        self.openWanted.emit(filed)

    @Slot()
    def _print(self) -> None:
        if self._shown is not None and self._shown.is_paper:
            self.printWanted.emit(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self._print()
        else:
            super().keyPressEvent(event)
