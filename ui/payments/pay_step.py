"""The last step of a check-in: what may be asked, what was paid, and one thing to press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Card, IconText, Link, Note, Segments, Text, column, row
from ui.eligibility.estimate_printing import EstimatePrinting
from ui.hands import give
from ui.interview.person_words import person_name
from ui.interview.step_page import StepContext, StepPage
from ui.jobs import expected
from ui.payments.dialog import Outcome, PaymentDialog
from ui.payments.due_reader import DueReader
from ui.payments.hand_out import HandOut
from ui.payments.paid_list import PaidList
from ui.payments.pay_side import PaySide
from ui.payments.refunding import Refunding
from ui.payments.slip import SlipPrinting
from ui.payments.words import Who, headline, nothing_words, verifying_words
from ui.style import SPACE
from ui.words import say
from workstation.interview.fields import Problem
from workstation.interview.model import Draft
from workstation.interview.payer_order import before_money, may_take_money
from workstation.interview.typed import shown_date
from workstation.kernel.changed import Kind
from workstation.kernel.money import dollars
from workstation.payments.due import VisitDue
from workstation.payments.model import NothingReason

if TYPE_CHECKING:
    from ui.desk.check_in import CheckInDesk
    from ui.desk.window import DeskWindow


class PayStep(StepPage):
    """Shows :class:`VisitDue`; the payment dialog does the rest."""

    def __init__(self, desk: DeskWindow, check_in: CheckInDesk, reader: DueReader) -> None:
        super().__init__()
        self._desk, self._check_in = desk, check_in
        self._use = check_in.use
        self._draft = Draft()
        self._context: StepContext | None = None
        self._due: VisitDue | None = None
        self._reader = reader
        self.side = PaySide()
        self.side.goWanted.connect(self.goWanted)
        self.side.estimateWanted.connect(self._show_estimate)
        self.estimates: EstimatePrinting | None = None
        self._settling = False
        self._waiting = ""
        self._paying = False
        self._goes_on = False
        self._dialog = dialog_of(desk)
        self.hand_out = HandOut(desk, self._use, self)
        self.refunding: Refunding | None = None
        self.slips: SlipPrinting | None = None
        self._build()
        self._dialog.settled.connect(self._dialog_settled)
        self._dialog.leftInDoubt.connect(self._left_in_doubt)
        self.hand_out.done.connect(self._handed_out)
        reader.came.connect(self._came)

    # Building

    def _build(self) -> None:
        self._card = Card(padding=SPACE.l)
        self._label = Text(say("Today's part"), weight="medium", tone="muted")
        self.figure = Text("", role="figure", weight="semibold")
        self._words = Text("", tone="muted", wrap=True)
        self._asked = QWidget()
        self._copays: Segments | None = None
        self._choices = QVBoxLayout(self._asked)
        self._choices.setContentsMargins(0, 0, 0, 0)
        self.take = Button(
            say("Take a payment"), kind="primary", big=True, icon_after="corner-down-left"
        )
        self.nothing = Button(say("Nothing today…"), big=True)
        # Where the amount is not known, Enter and its mark are on the other one.
        self.nothing_first = Button(
            say("Nothing today…"), kind="primary", big=True, icon_after="corner-down-left"
        )
        self.offered = Button(say("Take a payment…"), big=True)
        self.nothing_first.clicked.connect(self._open_nothing)
        self.offered.clicked.connect(self.open_payment)
        self.take.clicked.connect(self.open_payment)
        self.nothing.clicked.connect(self._open_nothing)
        self._buttons = row(
            self.take, self.nothing, self.nothing_first, self.offered, None, gap=SPACE.s
        )
        for part in (self._label, self.figure, self._words, self._asked, self._buttons):
            self._card.add(part)
        self._gates = QVBoxLayout()
        self._gates.setSpacing(SPACE.s)
        self._paid = Card(say("Paid"), padding=SPACE.l)
        self.past = PaidList()
        self.past.receiptWanted.connect(self._show_receipt)
        self.past.refundWanted.connect(self._refund)
        self._paid.add(self.past)
        self.state = IconText("circle-check", "", tone="ok", weight="medium")
        self._problem = IconText("octagon-alert", "", tone="stop", weight="medium")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, SPACE.xs, 0)
        box.setSpacing(SPACE.m)
        box.addLayout(self._gates)
        box.addWidget(self._card)
        box.addWidget(self._paid)
        box.addWidget(self.state)
        box.addWidget(self._problem)
        box.addStretch(1)
        for part in (self._paid, self.state, self._problem, self._card):
            part.hide()

    # StepPage

    def load(self, draft: Draft, context: StepContext) -> None:
        self._draft, self._context = draft, context
        self._reader.follow(draft.visit_id, locked=context.locked)
        self._due = self._reader.due
        self._goes_on = self._goes_on and not context.locked  # a receipt that is withdrawn
        self._show()

    def side_panel(self) -> QWidget:
        return self.side

    def focus_on(self, key: str | None) -> bool:
        due = self._due
        if due is None or self._draft.money.settled or self._is_over(due):
            return False
        button = self.nothing_first if self._offers_nothing(due) else self.take
        if not button.isVisibleTo(self):
            return False
        give(button)
        return True

    def take_enter(self) -> bool:
        due = self._due
        if self._draft.money.settled or self._locked or not self._draft.visit_id:
            return False
        if due is None:
            self._waiting = "enter"
        elif due.live is None and _has_paid(due):
            self._settle(Outcome((due.payments[-1].payment.id,), due.payments[-1].payment.amount))
        elif due.live is None and _nothing_due(due):
            self._record_nothing_due(due)
        else:
            self._open(nothing=self._offers_nothing(due))
        return True

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        self._tell_problem(problems[0].say if problems else "")

    def _tell_problem(self, words: str) -> None:
        self._problem.show_words("octagon-alert", say(words), "stop")
        self._problem.setVisible(bool(words))

    def _is_over(self, due: VisitDue) -> bool:
        return due.live is None and (_has_paid(due) or _nothing_due(due))

    def _offers_nothing(self, due: VisitDue) -> bool:
        """Where the amount is not known, Enter does not ask for one."""
        return due.live is None and not due.known and not due.payments

    @property
    def _locked(self) -> bool:
        return self._context is not None and self._context.locked

    # Reading

    @Slot(object)
    def _came(self, due: VisitDue | None) -> None:
        before, self._due = self._due, due
        self._show()
        if before is None and self.isVisible() and not self._dialog.isVisible():
            self.focus_on(None)
        waiting, self._waiting = self._waiting, ""
        if due is not None and waiting and self.isVisible():
            self.take_enter() if waiting == "enter" else self.open_payment()

    # Showing

    def _show(self) -> None:
        due = None if self._locked else self._due
        _clear(self._gates)
        if self._context is not None:
            self.side.show_due(due, before_money(self._draft, self._context.situation))
        self._card.setVisible(due is not None)
        if due is None:
            self._paid.hide()
            self.state.hide()
            return
        for gate in due.money.gates:
            self._gates.addWidget(
                Note(say(gate.say), level="stop" if gate.forbids else "warn", icon="shield-alert")
            )
        self._card.setVisible(due.forbidden is None)
        self._show_amount(due)
        self._show_question(due)
        self._show_verifying(due)
        self._show_paid(due)
        self._show_settled()

    def _show_verifying(self, due: VisitDue) -> None:
        for attempt in due.verifying:
            words = verifying_words(attempt.asked_cents)
            slip = Link(say("Slip for the patient…"))
            slip.setProperty("attempt", attempt.id)
            slip.clicked.connect(self._show_slip)
            self._gates.addWidget(column(Note(words, icon="hourglass"), slip, gap=SPACE.xs))

    @Slot()
    def _show_slip(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._show_slip_of(str(sender.property("attempt")))

    def _show_slip_of(self, attempt_id: str) -> None:
        if self.slips is None:
            self.slips = SlipPrinting(self._desk, self._use, self)
        self.slips.show(attempt_id)

    @Slot()
    def _show_estimate(self) -> None:
        if self.estimates is None:
            self.estimates = EstimatePrinting(self._desk, self._use, self._desk.jobs, self)
            self.estimates.failed.connect(self._desk.window.tell_failure)
        self.estimates.show(self._draft.visit_id)

    def _show_amount(self, due: VisitDue) -> None:
        left, known = due.suggested, due.known
        self.figure.setText(dollars(left) if known else headline(due))
        self._label.setText(say("Left of today's part") if due.paid else say("Today's part"))
        self._words.setText(_explained(due))
        if due.live is not None:
            self.take.set_words(say("See the card payment"))
        elif known and left:
            self.take.set_words(say("Take {amount}", amount=dollars(left)))
        else:
            self.take.set_words(say("Take a payment…"))
        unknown = self._offers_nothing(due)
        self.take.setVisible(not unknown)
        self.nothing.setVisible(due.live is None and not due.payments and not unknown)
        self.nothing_first.setVisible(unknown)
        self.offered.setVisible(unknown)
        self._buttons.setVisible(not (known and self._is_over(due)))

    def _show_question(self, due: VisitDue) -> None:
        """Several copays were named by the payer: a person says which one holds."""
        _clear(self._choices)
        questions = due.money.built.questions if due.money.built is not None else ()
        self._asked.setVisible(bool(questions))
        self._copays = None
        for question in questions[:1]:
            words = Text(say("The payer names several copays. Which one is it?"), weight="medium")
            choices = [
                (f"{question.service}:{one.amount}", _copay_words(one.amount, one.when), "")
                for one in question.choices
            ]
            self._copays = Segments(choices, name=say("Which copay"))
            self._copays.choose("")
            self._copays.chosen.connect(self._copay_chosen)
            self._choices.addWidget(words)
            self._choices.addWidget(self._copays)

    @Slot(str)
    def _copay_chosen(self, key: str) -> None:
        service, _, cents = key.rpartition(":")
        self._reader.choose_copay(service, int(cents))

    def _show_paid(self, due: VisitDue) -> None:
        self._paid.setVisible(bool(due.payments))
        self.past.show_payments(due.payments)

    def _show_settled(self) -> None:
        money = self._draft.money
        words = nothing_words(money.reason) if money.settled == "nothing_today" else ""
        self.state.show_words("circle-check", words, "ok")
        self.state.setVisible(bool(words))
        if money.settled:
            self._tell_problem("")

    # Paying

    @Slot()
    def open_payment(self) -> None:
        """F10, Enter, or the button: the dialog, where money may be asked."""
        self._open(nothing=False)

    @Slot()
    def _open_nothing(self) -> None:
        self._open(nothing=True)

    def _open(self, *, nothing: bool) -> None:
        due, context = self._due, self._context
        if context is None or context.locked or self._dialog.isVisible():
            return
        if due is None:
            self._waiting = "open"
            return
        allowed, why = may_take_money(self._draft, context.situation)
        if due.forbidden is not None or not allowed:
            self._tell_problem(due.forbidden.say if due.forbidden is not None else why)
            return
        who = self._who()
        live = due.live.id if due.live is not None else None
        self._paying = True
        self._dialog.begin(who, due, self._use, resume=live, nothing=nothing and live is None)

    def _who(self) -> Who:
        identity = self._draft.identity
        return Who(
            person_name(self._draft)[0],
            shown_date(identity.dob) if identity.dob else "",
            identity.mrn or say("not given yet"),
            self._draft.about.language or "en",
        )

    @Slot(object)
    def _dialog_settled(self, outcome: Outcome) -> None:
        """The dialog is the window's: only what this step opened is its own."""
        if self._paying:
            self._paying = False
            self._settle(outcome)

    def _settle(self, outcome: Outcome) -> None:
        if outcome.payment_ids:
            answers: Mapping[str, object] = {
                "money.settled": "paid",
                "money.payment_id": outcome.payment_ids[0],
                "money.reason": "",
            }
        else:
            answers = {"money.settled": "nothing_today", "money.reason": outcome.reason}
        self.edited.emit(answers)
        self._reader.read()
        if outcome.payment_ids:
            self._goes_on = True
            self.hand_out.begin(outcome.payment_ids, outcome.change)
        else:
            self.continueWanted.emit()

    def _record_nothing_due(self, due: VisitDue) -> None:
        """Nothing may be asked or nothing is owed: Enter says so and goes on."""
        if self._settling:
            return
        self._settling = True
        reason = NothingReason.NOTHING_DUE
        if due.forbidden is not None and due.forbidden.code == "payer_order_open":
            reason = NothingReason.WILL_BE_BILLED
        payments = self._use.payments

        def record() -> tuple[str, frozenset[Kind]]:
            return reason.value, payments.nothing_today(due.visit_id, reason)

        self._desk.jobs.write(
            record, owner=self, done=self._nothing_recorded, failed=self._not_recorded
        )

    @Slot(object)
    def _nothing_recorded(self, result: tuple[str, frozenset[Kind]]) -> None:
        self._settling = False
        reason, kinds = result
        self._settle(Outcome(reason=reason))
        self._desk.bus.tell(kinds, self)

    @Slot(object)
    def _not_recorded(self, error: Exception) -> None:
        self._settling = False
        self._desk.window.tell_failure(expected(error))

    @Slot()
    def _left_in_doubt(self) -> None:
        if self._paying:
            self._paying = False
            self._reader.read()

    # Receipts

    @Slot(str)
    def _show_receipt(self, payment_id: str) -> None:
        self._goes_on = False
        self.hand_out.begin((payment_id,))

    @Slot(str)
    def _refund(self, payment_id: str) -> None:
        self._goes_on = False
        if self.refunding is None:  # rarely asked for; its overlay is not made before
            self.refunding = Refunding(self._desk, self._use, self.hand_out, self)
        self.refunding.begin(self._who(), payment_id)

    @Slot()
    def _handed_out(self) -> None:
        """Printed or without paper: the check-in goes on. The receipt stays reachable here."""
        goes_on, self._goes_on = self._goes_on, False
        in_doubt = self._due.verifying if self._due is not None else ()
        if goes_on and in_doubt:  # the slip about it is handed out before the patient goes
            self._show_slip_of(in_doubt[-1].id)
        elif goes_on:
            self.continueWanted.emit()


def dialog_of(desk: DeskWindow) -> PaymentDialog:
    """The window's one payment dialog; it outlives the check-ins that use it."""
    known = desk.window.findChild(PaymentDialog)
    if isinstance(known, PaymentDialog):
        return known
    made = PaymentDialog(desk.window, desk.jobs, desk.bus, desk.desk.clock)
    desk.window.adopt(made)
    return made


def _explained(due: VisitDue) -> str:
    built = due.money.built
    if due.known:
        found = due.estimate
        if found is not None and found.patient_total == 0:
            return say("By the payer's answer nothing is owed for this visit.")
        if not due.suggested:
            return say("Today's part is paid.")
        if due.self_pay:
            return say("The hospital's price without coverage; the bill may differ.")
        return say("Estimated from the payer's answer; the bill may differ.")
    said = list(built.missing) if built is not None else []
    return " ".join([*(say(words) for words in said), say("Nothing is guessed.")])


def _copay_words(amount: int, when: tuple[str, ...]) -> str:
    return " · ".join((dollars(amount), *when[:1]))


def _has_paid(due: VisitDue) -> bool:
    return bool(due.payments) and due.paid > 0


def _nothing_due(due: VisitDue) -> bool:
    return due.forbidden is not None or (due.known and not due.suggested)


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
            old.deleteLater()
