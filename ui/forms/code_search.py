"""A line that finds one of many by any part of its words: clinicians, services, by name or code."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter

from ui.controls import Line
from ui.forms.editors import Editor
from ui.forms.open_list import completer_of
from ui.words import say
from workstation.interview.fields import Option


class CodeEditor(Editor):
    """The answer is the code of what was found; words that name nothing stay as they were typed."""

    def __init__(self, options: tuple[Option, ...], hint: str = "") -> None:
        super().__init__()
        self._answer = ""
        self._words: dict[str, str] = {}
        self.line = Line(hint=hint)
        self.widget = self.line
        self._model = QStringListModel(self.line)
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)
        self.offer_options(options)

    def offer_options(self, options: tuple[Option, ...]) -> None:
        """What can be found from now on; the nearest ones first."""
        self._words = {option.code: say(option.label) for option in options}
        self._model.setStringList(list(self._words.values()))

    def show_answer(self, answer: object) -> None:
        text = "" if answer is None else str(answer)
        if text == self._answer and self.line.text():
            return
        self._answer = text
        if not (self.line.hasFocus() and self._found(self.line.text()) == text):
            self.line.setText(self._shown())

    def settle(self) -> None:
        found = self._found(self.line.text(), only=True)
        if found != self._answer:
            self._tell(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._completer()
            self.entered.emit()
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() is not Qt.FocusReason.PopupFocusReason:
                self._leave()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return event.key() == Qt.Key.Key_Down and self._open()
        return False

    def _completer(self) -> QCompleter:
        made = self.line.completer()
        return made or completer_of(self.line, self._model, self._taken, self, first=True)

    def _leave(self) -> None:
        popup = self._completer().popup()
        if popup is not None:
            popup.hide()  # while it is open the completer keeps the leaving from the line
        self.settle()
        self.line.setText(self._shown())
        self.left.emit()

    def _open(self) -> bool:
        """Down in an empty line shows everything; in the open list it goes down as ever."""
        completer = self._completer()
        popup = completer.popup()
        if self.line.text() or (popup is not None and popup.isVisible()):
            return False
        completer.setCompletionPrefix("")
        completer.complete()
        return True

    @Slot(str)
    def _taken(self, words: str) -> None:
        """One of the list: the form goes on to the next question, as after any whole answer."""
        self.line.setText(words)
        self._typed(words)
        self.picked.emit()

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._tell(self._found(text))

    def _tell(self, answer: str) -> None:
        self._answer = answer
        self.answered.emit(answer)

    def _shown(self) -> str:
        return self._words.get(self._answer, self._answer)

    def _found(self, text: str, *, only: bool = False) -> str:
        """The code of these words. On leaving also of a part that one alone has, or of a code."""
        wanted = " ".join(text.split()).casefold()
        if not wanted:
            return ""
        exact = [c for c, words in self._words.items() if words.casefold() == wanted]
        if exact:
            return exact[0]
        if only:
            own = [code for code in self._words if code.casefold() == wanted]
            near = own or [c for c, words in self._words.items() if wanted in words.casefold()]
            if len(near) == 1:
                return near[0]
        return text.strip()
