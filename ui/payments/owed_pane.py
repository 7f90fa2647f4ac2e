"""The left of the payment dialog: what is owed, what is chosen, and how it was worked out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Check, Line, Link, Pane, Text, row, scrolling
from ui.controls.flow import Flow
from ui.hands import give
from ui.payments.pay_state import PayState
from ui.payments.sale import takes_rest
from ui.payments.words import line_words
from ui.style import SPACE
from ui.words import say
from workstation.estimates.spoken import read_to_patient
from workstation.kernel.money import dollars
from workstation.payments.due import DueLine

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Row(Pane):
    """One line: its tick, its words, its amount or the place to type it."""

    ticked = Signal(str, bool)
    typed = Signal(str, str)

    def __init__(self, line: DueLine) -> None:
        super().__init__("", ("bottom",))
        self.key = line.key
        words, note = line_words(line)
        self.check = Check(words, note)
        self.check.clicked.connect(self._ticked)
        box = QHBoxLayout(self)
        box.setContentsMargins(2, 3, 0, 4)
        box.setSpacing(SPACE.s)
        box.addWidget(self.check, 1)
        self.amount: Line | None = None
        if line.amount is None and not takes_rest(line):
            self.amount = Line(hint=say("Amount"))
            self.amount.setAlignment(_RIGHT)
            self.amount.setFixedWidth(88)
            self.amount.setAccessibleName(say("Amount of: {line}", line=words))
            self.amount.textEdited.connect(self._typed)
            box.addWidget(self.amount)
        elif line.amount is not None:
            figure = Text(dollars(line.amount), weight="semibold")
            figure.setAlignment(_RIGHT)
            box.addWidget(figure)

    def hold(self, held: bool) -> None:
        """While money is under way the line is only read; its words stay as dark as they were."""
        self.check.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, held)
        focus = Qt.FocusPolicy.NoFocus if held else Qt.FocusPolicy.StrongFocus
        self.check.setFocusPolicy(focus)
        if self.amount is not None:
            self.amount.setReadOnly(held)
            self.amount.setFocusPolicy(focus)

    @Slot()
    def _ticked(self) -> None:
        self.ticked.emit(self.key, self.check.isChecked())

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.typed.emit(self.key, text)


class OwedPane(QWidget):
    """Renders the lines; tells what was ticked and typed."""

    ticked = Signal(str, bool)
    typed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[str, ...] = ()
        self._rows: dict[str, _Row] = {}
        self._state: PayState | None = None
        self._language = "en"
        self._shows = ""
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._problem = Text("", role="small", tone="stop", wrap=True)
        self._chosen = Text("", weight="semibold")
        self._chosen.setAlignment(_RIGHT)
        self._not_bill = Text(say("Estimate, not a bill."), role="small", tone="muted")
        self.arithmetic = Link(say("Show the arithmetic"))
        self.aloud = Link(say("Read it to the patient"))
        self._not_bill.setFixedHeight(self.arithmetic.sizeHint().height())
        self.arithmetic.clicked.connect(self._show_arithmetic)
        self.aloud.clicked.connect(self._show_aloud)
        self._links = QWidget()
        flow = Flow(self._links, SPACE.s)
        for part in (self._not_bill, self.arithmetic, self.aloud):
            flow.addWidget(part)
        self._told = Text("", tone="text", wrap=True)
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, SPACE.s, 0)
        inside.addWidget(self._told)
        inside.addStretch(1)
        self._scroll = scrolling(inner)
        self._scroll.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.xs)
        box.addWidget(Text(say("What is owed"), role="small", weight="semibold", tone="muted"))
        box.addLayout(self._lines)
        box.addWidget(self._problem)
        box.addSpacing(SPACE.s)
        box.addWidget(row(Text(say("Chosen"), weight="semibold"), None, self._chosen))
        box.addSpacing(SPACE.xs)
        box.addWidget(self._links)
        box.addWidget(self._scroll, 1)
        box.addStretch(0)

    def begin(self, language: str) -> None:
        """A new dialog: nothing is unfolded; ``language`` is the patient's."""
        self._language = language
        self._keys = ()
        self._unfold("")

    def show_state(self, state: PayState) -> None:
        """Maps the state to the rows."""
        self._state = state
        keys = tuple(line.key for line in state.text.lines)
        if keys != self._keys:
            self._keys = keys
            self._make_rows(state)
        editing = state.may_edit and not state.rest_only
        for key, made in self._rows.items():
            made.check.setChecked(key in state.text.ticked)
            made.hold(not editing)
            if made.amount is not None:
                typed = state.text.typed.get(key, "")
                if made.amount.text() != typed:
                    made.amount.setText(typed)
        problem = next((w for k, w in state.problems.items() if k in self._rows), "")
        self._problem.setText(say(problem))
        self._problem.setVisible(bool(problem))
        self._chosen.setText(dollars(state.chosen) if state.chosen else "")
        estimate = state.due.estimate
        self._links.setVisible(estimate is not None and bool(estimate.lines))

    def _make_rows(self, state: PayState) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self._rows = {}
        for line in state.text.lines:
            made = _Row(line)
            made.ticked.connect(self.ticked)
            made.typed.connect(self.typed)
            self._rows[line.key] = made
            self._lines.addWidget(made)

    def focus_on(self, key: str) -> bool:
        """Into the amount of a line."""
        made = self._rows.get(key)
        if made is None:
            return False
        give(made.amount or made.check)
        return True

    @Slot()
    def _show_arithmetic(self) -> None:
        self._unfold("" if self._shows == "arithmetic" else "arithmetic")

    @Slot()
    def _show_aloud(self) -> None:
        self._unfold("" if self._shows == "aloud" else "aloud")

    def _unfold(self, what: str) -> None:
        self._shows = what
        estimate = self._state.due.estimate if self._state is not None and what else None
        if estimate is None:
            self._scroll.hide()
            return
        if what == "aloud":
            words = "\n\n".join(read_to_patient(estimate, self._language))
        else:
            steps = [step for line in estimate.lines for step in line.steps]
            said = [*steps, *(payer["arithmetic"] for payer in estimate.later)]
            told = [say(step) for step in said]
            words = "\n".join([*told, *(f"· {say(words)}" for words in estimate.assumptions)])
        self._told.setText(words)
        self._scroll.show()
