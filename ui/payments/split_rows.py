"""A sale paid in several ways: one row each, the last one takes the rest."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Choice, Line, Link, Text
from ui.payments.pay_state import PayState
from ui.payments.sale import PartText, split_left
from ui.style import SPACE
from ui.words import say
from workstation.kernel.money import dollars
from workstation.payments.model import TENDER_WORDS, Tender

_EXTRA = {
    Tender.CASH: "Handed over",
    Tender.CHECK: "Number",
    Tender.MONEY_ORDER: "Number",
}


class _Row(QWidget):
    """Tender, amount, and what this tender asks beside it."""

    changed = Signal(int, object)

    def __init__(self, index: int, can_card: bool) -> None:
        super().__init__()
        self._index = index
        n = index + 1
        shown = [t for t in Tender if can_card or not t.needs_terminal]
        self.tender = Choice([(t.value, say(TENDER_WORDS[t])) for t in shown])
        self.tender.setAccessibleName(say("Tender {n}", n=n))
        self.amount = Line(hint=say("Amount"))
        self.amount.setAccessibleName(say("Amount {n}", n=n))
        self.extra = Line()
        self.amount.setFixedWidth(100)
        self.extra.setFixedWidth(110)
        self.tender.picked.connect(self._picked)
        self.amount.textEdited.connect(self._amount)
        self.extra.textEdited.connect(self._extra)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        box.addWidget(self.tender, 1)
        box.addWidget(self.amount)
        box.addWidget(self.extra)

    @Slot(str)
    def _picked(self, key: str) -> None:
        self.changed.emit(self._index, {"tender": Tender(key)})

    @Slot(str)
    def _amount(self, text: str) -> None:
        self.changed.emit(self._index, {"amount": text})

    @Slot(str)
    def _extra(self, text: str) -> None:
        cash = self.tender.key == Tender.CASH
        self.changed.emit(self._index, {"tendered" if cash else "reference": text})

    def show_part(self, part: PartText, *, rest: str, on: bool) -> None:
        """What is typed; ``rest`` is the hint of an empty last row."""
        self.tender.choose(part.tender.value)
        self._show(self.amount, part.amount)
        self.amount.setPlaceholderText(rest or say("Amount"))
        label = say(_EXTRA.get(part.tender, ""))
        self.extra.setVisible(bool(label))
        self.extra.setPlaceholderText(label)
        self.extra.setAccessibleName(f"{label} {self._index + 1}")
        cash = part.tender is Tender.CASH
        self._show(self.extra, part.tendered if cash else part.reference)
        for editor in (self.tender, self.amount, self.extra):
            editor.setEnabled(on)

    def _show(self, editor: Line, text: str) -> None:
        if editor.text() != text:
            with QSignalBlocker(editor):
                editor.setText(text)


class SplitRows(QWidget):
    """The rows, what is left, and one more."""

    changed = Signal(int, object)
    added = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(SPACE.s)
        self._problem = Text("", role="small", tone="stop", wrap=True)
        self._left = Text("", role="small", tone="muted")
        self.add = Link(say("One more tender"))
        self.add.clicked.connect(self.added)
        foot = QHBoxLayout()
        foot.addWidget(self._left)
        foot.addStretch(1)
        foot.addWidget(self.add)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE.xs)
        outer.addLayout(self._box)
        outer.addWidget(self._problem)
        outer.addLayout(foot)

    def show_state(self, state: PayState) -> None:
        """As many rows as the state has."""
        parts = state.text.parts
        while len(self._rows) > len(parts):
            old = self._rows.pop()
            old.hide()
            old.deleteLater()
        while len(self._rows) < len(parts):
            made = _Row(len(self._rows), state.can_card)
            made.changed.connect(self.changed)
            self._rows.append(made)
            self._box.addWidget(made)
            self._follow_rows()
        left = split_left(state.text)
        rest = dollars(left) if left is not None and left > 0 else ""
        for index, (made, part) in enumerate(zip(self._rows, parts, strict=True)):
            last = index == len(parts) - 1
            made.show_part(part, rest=rest if last else "", on=state.may_edit)
        problem = next((w for k, w in state.problems.items() if k.startswith("parts.")), "")
        self._problem.setText(say(problem))
        self._problem.setVisible(bool(problem))
        self._left.setText(say("Left: {amount}", amount=rest) if rest else "")
        self.add.setVisible(len(parts) < 4)

    def _follow_rows(self) -> None:
        """Tab goes through the rows and then to one more, however late a row was made."""
        before: QWidget = self.add
        for row in self._rows:
            for editor in (row.tender, row.amount, row.extra):
                QWidget.setTabOrder(before, editor)
                before = editor
        QWidget.setTabOrder(before, self.add)

    def editor(self, index: int) -> QWidget | None:
        """Where a row is completed: its amount, or what its tender asks."""
        if index >= len(self._rows):
            return None
        row = self._rows[index]
        amount_given = bool(row.amount.text()) or index == len(self._rows) - 1
        # isHidden and not isVisible: the page of the split may not be shown yet.
        return row.extra if amount_given and not row.extra.isHidden() else row.amount
