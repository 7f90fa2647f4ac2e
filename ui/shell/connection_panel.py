"""The panel behind the connection chip: what still works and what waits."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Overlay, Text
from ui.shell.state import Connection, connection_lines, connection_words
from ui.words import say


class ConnectionPanel(Overlay):
    """Sentences, not switches: nothing here can break anything."""

    conflictsWanted = Signal()
    formsWanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=520)
        self._title = Text("", role="section", weight="bold")
        self._lines = Text("", wrap=True)
        self._open = Button(say("Open the conflicts"), kind="primary")
        self._open.clicked.connect(self._wanted)
        self._forms = Button(say("Print downtime forms"), icon="printer")
        self._forms.clicked.connect(self._forms_wanted)
        self._close = Button(say("Close"), key="Esc", name=say("Close the connection panel"))
        self._close.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 16, 24, 20)
        box.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        box.addLayout(head)
        box.addWidget(self._lines)
        box.addWidget(self._open)
        box.addWidget(self._forms)
        self.show_connection(Connection())

    def first(self) -> QWidget:
        return self._close

    def show_connection(self, state: Connection) -> None:
        """Follows the chip."""
        self._title.setText(connection_words(state)[0])
        self._lines.setText("\n\n".join(connection_lines(state)))
        self._open.setVisible(state.state == "conflicts")
        self.resettle()

    @Slot()
    def _wanted(self) -> None:
        self.close_()
        self.conflictsWanted.emit()

    @Slot()
    def _forms_wanted(self) -> None:
        self.close_()
        self.formsWanted.emit()
