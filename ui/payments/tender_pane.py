"""The right of the payment dialog: how it is paid, the one big figure, and the terminal's state."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.controls import BigFigure, Field, Line, Segments, Text
from ui.payments.pay_state import PayState, Phase
from ui.payments.sale import read_amount
from ui.payments.split_rows import SplitRows
from ui.style import SPACE, paint
from ui.words import say
from workstation.kernel.money import dollars
from workstation.payments.attempt_model import State

LEVELS = {
    State.DECLINED: ("warn", "circle-x"),
    State.UNKNOWN: ("warn", "circle-question-mark"),
    State.CANCELLING: ("warn", "circle-question-mark"),
    State.MANUAL: ("stop", "octagon-alert"),
    State.PARTIAL: ("warn", "circle-alert"),
    State.APPROVED: ("ok", "circle-check"),
}


TENDER_LETTERS = {
    "card": "&Card",
    "cash": "C&ash",
    "check": "Chec&k",
    "hsa": "&HSA",
    "split": "&Split",
}


class StateNote(QWidget):
    """A soft ground with an icon, a strong line and quieter words under it."""

    def __init__(self) -> None:
        super().__init__()
        self._level, self._icon = "accent", "nfc"
        self.title = Text("", weight="semibold", wrap=True)
        self.words = Text("", role="small", tone="muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(52, 13, SPACE.l, 13)
        box.setSpacing(2)
        box.addWidget(self.title)
        box.addWidget(self.words)

    def tell(self, level: str, icon: str, title: str, words: str) -> None:
        """Another state, in icon and words."""
        self._level, self._icon = level, icon
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(f"{title} {words}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), f"{self._level}_soft", radius=8)
        at = QPointF(18, self.height() / 2 - 10)
        paint.mark(painter, at, self._icon, self._level, 20)
        painter.end()


class TenderPane(QWidget):
    """Renders tender, amount and terminal; tells what is typed and chosen."""

    chosen = Signal(str)
    amountTyped = Signal(str)
    tenderedTyped = Signal(str)
    referenceTyped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        words = {key: say(marked) for key, marked in TENDER_LETTERS.items()}
        self.keys = {key: QKeySequence.mnemonic(marked) for key, marked in words.items()}
        """Alt with the letter that is underlined, in the language of the window."""
        self.tenders = Segments(
            [
                ("card", words["card"], "credit-card"),
                ("cash", words["cash"], "banknote"),
                ("check", words["check"], "file-check"),
                ("hsa", words["hsa"], "heart-pulse"),
                ("split", words["split"], "split"),
            ],
            name=say("Tender"),
            touch=True,
            equal=True,
        )
        self.tenders.chosen.connect(self.chosen)
        self.amount = BigFigure()
        self._amount_field = Field(say("Take now"), self.amount, room=False)
        self.amount.textEdited.connect(self.amountTyped)
        self.tendered = BigFigure()
        self._tendered_field = Field(say("Cash handed over"), self.tendered, room=False)
        self.tendered.textEdited.connect(self.tenderedTyped)
        self._change = Text("", role="figure", weight="semibold", tone="ok")
        self._change_words = Text("", role="small", weight="medium", tone="muted")
        self.reference = Line()
        self._reference_field = Field(say("Check number"), self.reference, width="member_id")
        self.reference.textEdited.connect(self.referenceTyped)
        self.note = StateNote()
        self.split = SplitRows()
        self._pages = {
            "cash": _column(self._tendered_field, self._change_words, self._change),
            "check": _column(self._reference_field),
            "split": _column(self.split),
            "card": _column(self.note),
        }
        self._told = StateNote()
        self._after = Text("", role="small", tone="muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.m)
        for part in (self.tenders, self._amount_field, self._told):
            box.addWidget(part)
        for page in self._pages.values():
            box.addWidget(page)
        box.addWidget(self._after)
        box.addStretch(1)

    def show_state(self, state: PayState, seconds: int) -> None:
        """Maps the state to the widgets; typing in an editor is never overwritten."""
        self._show_tenders(state)
        _show_text(self.amount, state.text.amount)
        _show_text(self.tendered, state.text.tendered)
        _show_text(self.reference, state.text.reference)
        for editor in (self.amount, self.tendered, self.reference):
            editor.setReadOnly(not state.may_edit)
        for field, key in (
            (self._amount_field, "amount"),
            (self._tendered_field, "tendered"),
            (self._reference_field, "reference"),
        ):
            words = state.problems.get(key, "")
            field.tell("stop", say(words)) if words else field.tell()
        self._show_change(state)
        self.split.show_state(state)
        self._show_page(state, seconds)
        told = state.told
        self._told.setVisible(told is not None)
        if told is not None:
            icon = {"stop": "octagon-alert", "warn": "triangle-alert"}.get(told.level, "info")
            level = "accent" if told.level == "info" else told.level
            self._told.tell(level, icon, say(told.words), say(told.do))
        self._after.setText(_after(state))

    def _show_tenders(self, state: PayState) -> None:
        if self.tenders.value != state.text.tender:
            self.tenders.choose(state.text.tender)
        for key in ("card", "cash", "check", "hsa", "split"):
            card = key in ("card", "hsa")
            self.tenders.part(key).setEnabled(state.may_edit and (state.can_card or not card))

    def _show_change(self, state: PayState) -> None:
        amount, given = state.amount, read_amount(state.text.tendered)
        back = given - amount if amount is not None and given is not None else -1
        self._change_words.setText(say("Change due") if back >= 0 else "")
        self._change.setText(dollars(back) if back >= 0 else "")

    def _show_page(self, state: PayState, seconds: int) -> None:
        tender = "card" if state.phase in (Phase.CARD, Phase.PARTIAL) else state.text.tender
        tender = "card" if tender == "hsa" else tender
        for name, page in self._pages.items():
            page.setVisible(name == tender)
        if tender == "card":
            self._show_card(state, seconds)
        # While the card is asked for, the focus rests here: a second Enter must do nothing.
        waits = state.phase is Phase.CARD
        self.note.setFocusPolicy(Qt.FocusPolicy.StrongFocus if waits else Qt.FocusPolicy.NoFocus)

    def _show_card(self, state: PayState, seconds: int) -> None:
        if state.phase not in (Phase.CARD, Phase.PARTIAL):
            hsa = state.text.tender == "hsa"
            title = say("Benefit card at the terminal") if hsa else say("Card terminal")
            words = say(
                "The patient taps, inserts or swipes after you press Take. "
                "Nothing about the card is kept here."
            )
            self.note.tell("accent", "nfc", title, words)
            return
        card = state.card
        if card is None:
            self.note.tell("accent", "nfc", say("Starting."), "")
            return
        level, icon = LEVELS.get(card.state, ("accent", "nfc"))
        title = say(card.words)
        if not card.final and card.state is not State.PARTIAL:
            title = f"{title} {say('{n} s', n=seconds)}"
        amount = say("{amount} by card", amount=dollars(card.asked))
        if card.state is State.PARTIAL:
            amount = say("{got} of {asked}", got=dollars(card.got), asked=dollars(card.asked))
        self.note.tell(level, icon, title, amount)

    def editor(self, name: str) -> QWidget | None:
        """The editor of a field by the name that the state uses."""
        known: dict[str, QWidget] = {
            "amount": self.amount,
            "tendered": self.tendered,
            "reference": self.reference,
        }
        if name.startswith("parts."):
            return self.split.editor(int(name.removeprefix("parts.")))
        return known.get(name)

    @Slot()
    def select_amount(self) -> None:
        """Typing replaces the figure."""
        self.amount.selectAll()


def _show_text(editor: QLineEdit, text: str) -> None:
    if editor.text() != text:
        with QSignalBlocker(editor):
            editor.setText(text)


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    box = QVBoxLayout(page)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(SPACE.xs)
    for part in parts:
        box.addWidget(part)
    return page


def _after(state: PayState) -> str:
    """What stays open after this, so that nobody has to reckon."""
    if state.phase is not Phase.READY:
        return ""
    words = [say("After that: the receipt, kept with the visit.")]
    amount = state.amount
    open_now = state.due.suggested - (amount or 0)
    if state.due.known and amount is not None and open_now > 0 and not state.rest_only:
        words.append(say("Still open of today: {amount}.", amount=dollars(open_now)))
    if not state.can_card:
        words.append(say("No card terminal is set up at this desk."))
    return " ".join(words)
