"""The dialog and the receipt at a real store and a simulated terminal, by keys alone."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Protocol

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui import hands
from ui.changes import ChangesBus
from ui.jobs import Jobs
from ui.payments.dialog import Outcome, PaymentDialog, Who
from ui.payments.receipt import ReceiptCase, ReceiptOverlay
from workstation.at_the_desk import UseCases
from workstation.compose import Workstation
from workstation.estimates.visit_money import VisitMoney
from workstation.kernel.errors import PorticoError
from workstation.papers.printing import PrintQueue
from workstation.papers.receipt import receipt_of
from workstation.papers.receipts import Receipts
from workstation.payments.attempt_model import State
from workstation.payments.due import DueLine, VisitDue, visit_due
from workstation.payments.model import LineKind, Tender


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def until(self, true: Any, ms: int = ...) -> None: ...
    def settle(self) -> None: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...
    def names(self, root: QWidget | None = ...) -> list[str]: ...


class Paper:
    """A print system that keeps what it is given; without queues there is no printer."""

    def __init__(self, *queues: PrintQueue) -> None:
        self._queues = list(queues)
        self.printed: list[tuple[str, bytes]] = []

    def queues(self) -> list[PrintQueue]:
        return self._queues

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        self.printed.append((title, pdf))
        return "job-1"


@pytest.fixture
def use(workstation: Workstation) -> UseCases:
    return workstation.automation()


def a_due(workstation: Workstation, cents: int, nth: int = 0) -> VisitDue:
    """What is due at a visit of the demo; the amount is the test's own."""
    reader = workstation.records.read()
    visit = [row for row in reader.find("visit") if row["lock"] == "none"][nth]
    line = DueLine(
        "copay", LineKind.COPAY, visit["id"], visit["service_date"], "Office visit", cents
    )
    money = VisitMoney(())
    return VisitDue(visit["person_id"], visit["id"], visit["service_date"], money, (line,))


class Till:
    """The dialog over a window, with what it told."""

    def __init__(self, desk: DeskLike, jobs: Jobs, workstation: Workstation) -> None:
        self.window = desk.show(QWidget())
        self.dialog = PaymentDialog(self.window, jobs, ChangesBus(), workstation.clock)
        self.outcomes: list[Outcome] = []
        self.dialog.settled.connect(self.outcomes.append)


WHO = Who("OKAFOR-DIAZ, Maria Elena", "03 Mar 1985", "0048213")


@pytest.fixture
def till(desk: DeskLike, jobs: Jobs, workstation: Workstation) -> Till:
    return Till(desk, jobs, workstation)


def test_one_enter_takes_a_copay_by_card(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 2500), use)
    began = time.monotonic()
    desk.shots("payment-fresh")
    desk.press("Return", "Return", "Return")
    desk.until(lambda: bool(till.outcomes), 15_000)
    assert time.monotonic() - began < 10
    (outcome,) = till.outcomes
    assert outcome.amount == 2500
    row = workstation.records.read().get("payment", outcome.payment_ids[0])
    assert row is not None
    assert (row["tender"], row["amount"]) == ("card", 2500)
    taken = workstation.records.read().find("payment", visit_id=row["visit_id"], tender="card")
    assert [one["amount"] for one in taken].count(2500) == 1
    assert not till.dialog.isVisible()


def test_an_enter_that_is_held_takes_nothing(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 2600), use)
    for target in (till.dialog.tender.amount, till.dialog.take):
        target.setFocus()
        held = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.NoModifier,
            "\r",
            autorep=True,
        )
        QApplication.sendEvent(target, held)
    assert till.dialog.model is not None
    assert till.dialog.model.state.phase == "ready"
    desk.press("Escape")
    assert not till.dialog.isVisible()
    assert till.outcomes == []


def test_cash_is_counted_and_its_change_is_told(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 2500, 1), use)
    desk.press("Alt+A")
    desk.press("Return")
    assert till.outcomes == []
    desk.type("40")
    desk.shots("payment-cash")
    desk.press("Return", "Return")
    desk.settle()
    (outcome,) = till.outcomes
    assert (outcome.amount, outcome.change) == (2500, 1500)
    rows = workstation.records.read().find("payment", id=outcome.payment_ids[0])
    assert [(row["tender"], row["tendered"]) for row in rows] == [("cash", 4000)]


def test_a_declined_card_leaves_the_way_to_another_tender(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 3001, 2), use)
    model = till.dialog.model
    assert model is not None
    desk.press("Return")
    desk.until(lambda: model.state.told is not None, 15_000)
    assert model.state.told is not None
    assert "Nothing was taken" in model.state.told.words
    desk.shots("payment-declined")
    desk.press("Alt+K")
    desk.type("1042")
    desk.press("Return")
    desk.settle()
    row = workstation.records.read().get("payment", till.outcomes[0].payment_ids[0])
    assert row is not None
    assert (row["tender"], row["reference"]) == ("check", "1042")


def test_after_a_decline_the_keys_work_however_its_news_came(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 3001, 11), use)
    model = till.dialog.model
    assert model is not None
    desk.press("Return")
    desk.until(lambda: model.state.card is not None, 15_000)
    assert model.state.card is not None
    assert till.dialog.tender.note.hasFocus()
    declined = replace(model.state.card, state=State.DECLINED, final=True)
    with hands.behind():
        model.card_is(declined)
    assert till.dialog.tender.amount.hasFocus()
    desk.type("20")
    assert model.state.text.amount == "20"
    till.dialog._end()
    cards, attempt = use.cards, declined.attempt_id
    assert cards is not None
    desk.until(lambda: cards.status(attempt).final, 15_000)  # the terminal is the next test's too


def test_nothing_today_is_one_key_after_the_question(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    due = a_due(workstation, 2500, 3)
    till.dialog.begin(WHO, due, use, nothing=True)
    desk.shots("payment-nothing")
    desk.press("3")
    desk.settle()
    assert [one.reason for one in till.outcomes] == ["unable_today"]
    rows = workstation.records.read().find("nothing_collected", visit_id=due.visit_id)
    assert [row["reason"] for row in rows] == ["unable_today"]


def test_a_split_of_cash_and_check_is_one_sale(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 5000, 4), use)
    model = till.dialog.model
    assert model is not None
    desk.press("Alt+S")
    model.set_part(0, tender=Tender.CHECK, amount="20", reference="77")
    model.set_part(1, tendered="30")
    desk.shots("payment-split")
    desk.press("Return")
    desk.settle()
    rows = [workstation.records.read().get("payment", one) for one in till.outcomes[0].payment_ids]
    assert [row and (row["tender"], row["amount"]) for row in rows] == [
        ("check", 2000),
        ("cash", 3000),
    ]
    assert len({row and row["split_id"] for row in rows}) == 1


def test_a_split_of_three_is_typed_without_the_mouse(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 5000, 10), use)
    desk.press("Alt+S")
    desk.type("20")
    desk.press("Tab", "Down", "Tab")
    desk.type("10")
    desk.press("Tab")
    desk.type("1042")
    desk.press("Tab", "Return")
    assert till.dialog.tender.split.editor(2) is QApplication.focusWidget()
    desk.type("40")
    desk.shots("payment-split-three")
    desk.press("Return")
    desk.until(lambda: bool(till.outcomes), 15_000)
    rows = [workstation.records.read().get("payment", one) for one in till.outcomes[0].payment_ids]
    assert [row and (row["tender"], row["amount"]) for row in rows] == [
        ("card", 2000),
        ("check", 1000),
        ("cash", 2000),
    ]
    assert (till.outcomes[0].change, till.outcomes[0].amount) == (2000, 5000)


def test_every_control_has_a_name_of_its_own(
    till: Till, desk: DeskLike, workstation: Workstation, use: UseCases
) -> None:
    till.dialog.begin(WHO, a_due(workstation, 2500), use)
    names = desk.names(till.dialog)
    assert {"Take now", "Take $25.00", "Nothing today…"} <= set(names)
    desk.press("Escape")


def a_payment(workstation: Workstation, use: UseCases, nth: int) -> str:
    due = a_due(workstation, 1800, nth)
    lines = [{"kind": "copay", "amount": 1800}]
    return use.payments.take(due.person_id, due.visit_id, "check", lines, reference="9").payment_id


def test_the_receipt_prints_once_and_then_as_a_duplicate(
    desk: DeskLike, jobs: Jobs, workstation: Workstation, use: UseCases
) -> None:
    window = desk.show(QWidget())
    overlay = ReceiptOverlay(window, jobs)
    paper = Paper(PrintQueue("Desk3", True, True))
    receipts = Receipts(workstation.records, workstation.desk)
    payment = a_payment(workstation, use, 5)
    case = ReceiptCase((payment,), receipts, use.payments, paper, use.receipt_mail, 1500)
    overlay.begin(case)
    desk.settle()
    assert overlay.change.text() == "$15.00"
    desk.shots("receipt")
    desk.press("Return", "Return")
    desk.settle()
    assert not overlay.isVisible()
    assert [title for title, _ in paper.printed] == [receipts.number(payment)]
    overlay.begin(case)
    desk.press("Return")
    desk.settle()
    assert receipts.printed(payment) == 2
    assert paper.printed[0][1] != paper.printed[1][1]


def test_a_receipt_names_the_care_but_never_of_a_sensitive_visit(
    workstation: Workstation, use: UseCases
) -> None:
    payment = a_payment(workstation, use, 5)
    reader = workstation.records.read()
    visit_id = (reader.get("payment", payment) or {})["visit_id"]
    visit = reader.get("visit", visit_id) or {}
    facility = workstation.desk.facility
    assert visit["service"]
    assert receipt_of(reader, payment, facility, "R. Diaz").care == visit["service"]
    use.visits.revise(visit_id, {"sensitive": True})
    assert receipt_of(reader, payment, facility, "R. Diaz").care == ""


def test_without_a_printer_nothing_is_counted_and_the_receipt_stays(
    desk: DeskLike, jobs: Jobs, workstation: Workstation, use: UseCases
) -> None:
    overlay = ReceiptOverlay(desk.show(QWidget()), jobs)
    receipts = Receipts(workstation.records, workstation.desk)
    payment = a_payment(workstation, use, 6)
    overlay.begin(ReceiptCase((payment,), receipts, use.payments, Paper(), use.receipt_mail))
    desk.press("Return")
    desk.settle()
    assert overlay.isVisible()
    assert receipts.printed(payment) == 0
    with pytest.raises(PorticoError, match="no_printer"):
        receipts.print_copy(payment, use.payments, Paper())
    desk.press("Escape")
    assert not overlay.isVisible()


def test_a_receipt_by_e_mail_asks_first_and_writes_the_answer_down(
    desk: DeskLike, jobs: Jobs, workstation: Workstation, use: UseCases
) -> None:
    overlay = ReceiptOverlay(desk.show(QWidget()), jobs)
    receipts = Receipts(workstation.records, workstation.desk)
    payment = a_payment(workstation, use, 8)
    told: list[str] = []
    overlay.printed.connect(told.append)
    overlay.begin(ReceiptCase((payment,), receipts, use.payments, Paper(), use.receipt_mail))
    desk.settle()
    overlay.email.click()
    desk.settle()
    page = overlay.mail
    assert page.isVisible()
    page.address.setText("nobody at all")
    desk.press("Return")
    desk.settle()
    assert page.field.level == "stop"
    assert receipts.printed(payment) == 0
    page.address.setText("ana@example.org")
    assert page.send.text() == "The patient agrees: send it"
    desk.shots("receipt-mail")
    desk.press("Return", "Return")
    desk.settle()
    assert not overlay.isVisible()
    assert told == [f"Receipt {receipts.number(payment)} goes by e-mail"]
    assert receipts.printed(payment) == 1
    row = workstation.records.read().get("payment", payment)
    assert row is not None
    consents = workstation.records.read().find("email_consent", person_id=row["person_id"])
    assert [(one["address"], bool(one["given"])) for one in consents] == [("ana@example.org", True)]


def test_a_patient_who_wants_no_e_mail_is_asked_no_further(
    desk: DeskLike, jobs: Jobs, workstation: Workstation, use: UseCases
) -> None:
    overlay = ReceiptOverlay(desk.show(QWidget()), jobs)
    receipts = Receipts(workstation.records, workstation.desk)
    payment = a_payment(workstation, use, 9)
    overlay.begin(ReceiptCase((payment,), receipts, use.payments, Paper(), use.receipt_mail))
    desk.settle()
    overlay.email.click()
    desk.settle()
    overlay.mail.address.setText("bea@example.org")
    overlay.mail.no.click()
    desk.settle()
    assert not overlay.mail.isVisible()
    assert overlay.print.hasFocus()
    assert receipts.printed(payment) == 0
    desk.press("Escape")
    assert not overlay.isVisible()


def test_what_was_paid_is_taken_off_what_is_due(workstation: Workstation, use: UseCases) -> None:
    payment = a_payment(workstation, use, 7)
    reader = workstation.records.read()
    row = reader.get("payment", payment)
    assert row is not None
    visit = reader.get("visit", row["visit_id"])
    assert visit is not None
    due = visit_due(reader, visit, workstation.prices)
    assert due.paid >= 1800
    assert payment in [one.payment.id for one in due.payments]
    assert due.live is None or due.live.state is not State.APPROVED


def test_a_locked_person_has_a_gate_and_nothing_else(workstation: Workstation) -> None:
    reader = workstation.records.read()
    locked = [row for row in reader.find("visit") if row["lock"] == "locked"]
    due = visit_due(reader, locked[0], workstation.prices)
    assert [gate.code for gate in due.money.gates] == ["emergency"]
    assert (due.lines, due.payments, due.paid, due.estimate) == ((), (), 0, None)
