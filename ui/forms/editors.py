"""One editor for each kind of field: what is typed goes to the draft, what is shown is formed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.controls import Check, Choice, Line, Segments, grid
from ui.forms.open_list import completer_of
from ui.hands import give
from ui.words import say
from workstation.interview.fields import Field, FieldKind, Option
from workstation.interview.typed import (
    iso_or_none,
    read_date,
    read_phone,
    read_ssn,
    read_zip,
    shown_date,
    shown_ssn,
)
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.money import dollars, parse_dollars
from workstation.people.phones import shown_phone

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_SEGMENTS = 5
"""Choices in sight at most; more of them open as a list."""


class Editor(QObject):
    """What every kind has in common. ``widget`` is drawn by the form."""

    answered = Signal(object)
    """A new answer, on every key: nothing typed is ever only on the screen."""
    left = Signal()
    entered = Signal()
    picked = Signal()
    """One key gave the whole answer: the form may go on to the next question."""

    widget: QWidget

    def show_answer(self, answer: object) -> None:
        """Shows an answer without telling it again; never while it is being typed."""
        raise NotImplementedError

    def focus(self) -> None:
        """Takes the focus."""
        give(self.widget)

    def settle(self) -> None:
        """What leaving would do: half-typed text is read, as far as it can be."""


class TextEditor(Editor):
    """A line. ``read`` forms the answer on leaving, ``shown`` is how it is shown when left."""

    def __init__(
        self,
        hint: str = "",
        read: Callable[[str], str | None] = lambda text: text.strip(),
        shown: Callable[[str], str] = lambda text: text,
        opened: Callable[[str], str] | None = None,
        offered: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self._read, self._shown = read, shown
        self._opened = opened or shown
        self._answer = ""
        self.line = Line(hint=hint)
        self.widget = self.line
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)
        self._offered = offered

    def offer(self, words: tuple[str, ...]) -> None:
        """Names that typing completes to, found anywhere in them."""
        self._offered = words

    def show_answer(self, answer: object) -> None:
        text = "" if answer is None else str(answer)
        if text == self._answer and self.line.text():
            return
        self._answer = text
        if not (self.line.hasFocus() and self._reading_of(self.line.text()) == text):
            self.line.setText(self._opened(text) if self.line.hasFocus() else self._shown(text))

    def settle(self) -> None:
        reading = self._reading_of(self.line.text())
        if reading != self._answer and self.line.isModified():
            self._tell(reading)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            if self._offered and self.line.completer() is None:
                words = QStringListModel(self._offered, self.line)
                completer_of(self.line, words, self._typed, self)
            if self._opened(self._answer) != self.line.text():
                self.line.setText(self._opened(self._answer))
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self._leave()
        return False

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._tell(text)

    def _leave(self) -> None:
        self.settle()
        self.line.setText(self._shown(self._answer))
        self.left.emit()

    def _reading_of(self, text: str) -> str:
        """The answer that a text means; text that cannot be read stays as it is."""
        shown = self._shown(self._answer)
        if text == shown != self._answer:
            return self._answer  # as it was formed, such as a masked number
        return (self._read(text) or text.strip()) if text.strip() else ""

    def _tell(self, answer: str) -> None:
        self._answer = answer
        self.answered.emit(answer)


class KeyedSegments(Segments):
    """A few choices in sight: the letter of one picks it, Enter is left to Continue."""

    pickedByKey = Signal(str)

    def __init__(self, options: tuple[Option, ...], name: str) -> None:
        super().__init__([(o.code, say(o.label), "") for o in options], name=name)
        self._letters = {o.key.upper(): o.code for o in options if o.key}
        for option in options:  # and the first letter of the words as they are shown: Sí is S
            if option.key.isalpha():
                self._letters.setdefault(say(option.label)[0].upper(), option.code)
        for option in options:
            part = self.part(option.code)
            part.installEventFilter(self)
            part.setAccessibleName(f"{name}: {say(option.label)}")
            if option.key:
                part.setToolTip(f"{say(option.label)} ({option.key})")
        self.choose("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.ignore()
            return True  # a choice is never made by the Enter that was meant for Continue
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        code = self._letters.get(event.text().upper())
        if code is None or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
            return
        self.choose(code)
        give(self.part(code))
        self.pickedByKey.emit(code)


class SegmentsEditor(Editor):
    """Yes, no, not known; and every choice of a few."""

    def __init__(self, options: tuple[Option, ...], name: str) -> None:
        super().__init__()
        self.segments = KeyedSegments(options, name)
        self.widget = self.segments
        self.segments.chosen.connect(self._chosen)
        self.segments.pickedByKey.connect(self._by_key)
        for option in options:
            self.segments.part(option.code).installEventFilter(self)

    def show_answer(self, answer: object) -> None:
        if self.segments.value != str(answer or ""):
            self.segments.choose(str(answer or ""))

    def focus(self) -> None:
        proxy = self.segments.focusProxy()
        if proxy is not None:
            give(proxy, Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False

    @Slot(str)
    def _chosen(self, code: str) -> None:
        self.answered.emit(code)

    @Slot(str)
    def _by_key(self, code: str) -> None:
        self.answered.emit(code)
        self.picked.emit()


class ListEditor(Editor):
    """One of many, as a list that opens."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        super().__init__()
        choices = [(o.code, say(o.label)) for o in options]
        self.choice = Choice(choices, hint=say("Choose"))
        self.widget = self.choice
        self.choice.picked.connect(self._chosen)
        self.choice.installEventFilter(self)

    @Slot(str)
    def _chosen(self, code: str) -> None:
        self.answered.emit(code)

    def show_answer(self, answer: object) -> None:
        self.choice.choose(str(answer or ""))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False


class _Ticks(QObject):
    """Lets Enter through to Continue; Space ticks."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.ignore()
            return True
        return False


class ManyEditor(Editor):
    """All that apply, as boxes in two columns. *Does not want to say* stands alone."""

    ALONE = "declined"

    def __init__(self, options: tuple[Option, ...], name: str) -> None:
        super().__init__()
        self._ticks = _Ticks(self)
        self._boxes = {o.code: Check(say(o.label)) for o in options}
        self.widget = grid(2, *self._boxes.values(), down=0)
        self.widget.setAccessibleName(name)
        for code, box in self._boxes.items():
            box.setProperty("code", code)
            box.clicked.connect(self._clicked)
            box.installEventFilter(self._ticks)
            box.installEventFilter(self)

    def show_answer(self, answer: object) -> None:
        chosen = answer if isinstance(answer, tuple) else ()
        for code, box in self._boxes.items():
            box.setChecked(code in chosen)

    def focus(self) -> None:
        give(next(iter(self._boxes.values())), Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return False

    @Slot()
    def _clicked(self) -> None:
        box = self.sender()
        code = str(box.property("code")) if box is not None else ""
        if self._boxes[code].isChecked():
            for other, its_box in self._boxes.items():
                if (other == self.ALONE) != (code == self.ALONE):
                    its_box.setChecked(False)
        self.answered.emit(tuple(c for c, b in self._boxes.items() if b.isChecked()))


class CheckEditor(Editor):
    """One box with its words; it needs no label above."""

    def __init__(self, words: str, note: str) -> None:
        super().__init__()
        self._ticks = _Ticks(self)
        self.check = Check(words, note)
        self.widget = self.check
        self.check.clicked.connect(self._clicked)
        self.check.installEventFilter(self._ticks)
        self.check.installEventFilter(self)

    def show_answer(self, answer: object) -> None:
        self.check.setChecked(bool(answer))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return False

    @Slot()
    def _clicked(self) -> None:
        self.answered.emit(self.check.isChecked())


def make_editor(field: Field, today: date, offered: tuple[str, ...] = ()) -> Editor:
    """The editor of a field; ``offered`` are names that a code search completes to."""
    name = say(field.label)
    if field.kind is FieldKind.CHECK:
        return CheckEditor(name, say(field.hint) if field.hint else "")
    if field.kind is FieldKind.MULTI_CHOICE:
        return ManyEditor(field.options, name)
    if field.options:
        few = len(field.options) <= MOST_SEGMENTS and all(o.key for o in field.options)
        return SegmentsEditor(field.options, name) if few else ListEditor(field.options)
    return _line_editor(field, today, offered)


def _line_editor(field: Field, today: date, offered: tuple[str, ...]) -> Editor:
    hint = say(field.hint) if field.hint else ""
    if field.kind is FieldKind.DATE:
        ahead = not field.key.endswith(("from_date", "to_date"))
        return TextEditor(hint, lambda text: _date(text, today, past=ahead), shown_date)
    if field.kind is FieldKind.PHONE:
        return TextEditor(hint, read_phone, shown_phone)
    if field.kind is FieldKind.SSN:
        return TextEditor(hint, read_ssn, shown_ssn, _open_ssn)
    if field.kind is FieldKind.ZIP:
        return TextEditor(hint, read_zip)
    if field.kind is FieldKind.STATE:
        return TextEditor(hint, lambda text: text.strip().upper())
    if field.kind is FieldKind.MONEY:
        return TextEditor(hint, _cents, _dollars)
    return TextEditor(hint, offered=offered)


def _date(text: str, today: date, *, past: bool) -> str | None:
    known = iso_or_none(text) or read_date(text, today, past=past)
    return known.isoformat() if known else None


def _open_ssn(text: str) -> str:
    digits = read_ssn(text)
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else text


def _cents(text: str) -> str | None:
    try:
        return str(parse_dollars(text))
    except NotUnderstood:
        return None


def _dollars(text: str) -> str:
    return dollars(int(text)) if text.isdigit() else text
