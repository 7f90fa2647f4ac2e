"""What stands where data will be or is not: loading, empty, went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls.buttons import Button
from ui.controls.texts import Mark, Text

_SHOW_AFTER_MS = 200


class Placeholder(QWidget):
    """An icon, a sentence, what to do. ``asked`` when its button is pressed."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = Mark("inbox", "muted", 32)
        self._words = Text("", role="section", weight="semibold")
        self._more = Text("", tone="muted")
        self._button = Button(" ")
        self._button.clicked.connect(self.asked)
        for text in (self._words, self._more):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(2)
        box.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self._words)
        box.addWidget(self._more)
        box.addSpacing(4)
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SHOW_AFTER_MS)
        self._late.timeout.connect(self._reveal)

    def loading(self, words: str) -> None:
        """Waiting; shown only after 200 ms, so that nothing flickers when data is quick."""
        self._set("loader", "muted", words, "", "")
        for part in (self._icon, self._words, self._more):
            part.hide()
        self._late.start()

    def empty(self, words: str, more: str = "", button: str = "", icon: str = "inbox") -> None:
        """Nothing there, and that is all right."""
        self._late.stop()
        self._set(icon, "muted", words, more, button)

    def failed(self, words: str, do: str, button: str) -> None:
        """It could not be shown; what to do."""
        self._late.stop()
        self._set("triangle-alert", "warn", words, do, button)

    def _set(self, icon: str, tone: str, words: str, more: str, button: str) -> None:
        self._icon.show_icon(icon, tone)
        self._words.setText(words)
        self._more.setText(more)
        self._icon.show()
        self._words.show()
        self._more.setVisible(bool(more))
        self._button.setVisible(bool(button))
        if button:
            self._button.set_words(button)
        self.setAccessibleName(f"{words} {more}".strip())

    @Slot()
    def _reveal(self) -> None:
        self._icon.show()
        self._words.show()
