"""A Done row of Arrivals: looked at, its receipt printed again, its money given back."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from desk_window import desk_window, shown_words

from workstation.compose import Workstation
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.commands import Command
from workstation.kernel.ids import new_id
from workstation.papers.printing import PrintQueue
from workstation.work_items.model import opened


class Tray:
    """A printer that keeps what it was given."""

    def __init__(self) -> None:
        self.tray: list[tuple[str, bytes]] = []

    def use(self, queue: str | None) -> None:
        """There is no other."""

    def queues(self) -> list[PrintQueue]:
        return [PrintQueue("tray", default=True, accepting=True)]

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        self.tray.append((title, pdf))
        return f"tray-{len(self.tray)}"


@pytest.fixture
def tray(workstation: Workstation, monkeypatch: pytest.MonkeyPatch) -> Tray:
    made = Tray()
    monkeypatch.setattr(workstation, "printing", made)
    return made


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text: str = document[0].get_textpage().get_text_range()
    document.close()
    return text


def done_visit(workstation: Workstation, last: str) -> dict[str, Any]:
    """Somebody's visit of today, over at the desk."""
    reader = workstation.records.read()
    person = next(row for row in reader.find("person") if row["last"].casefold() == last)
    visit = next(
        row
        for row in reader.find("visit", person_id=person["id"])
        if row["state"] != "left"
        and row["service_date"] == workstation.desk.facility.day(workstation.clock()).isoformat()
    )
    use = workstation.automation()
    if visit["state"] != "done":
        if visit["state"] == "expected":
            use.visits.arrive(visit["id"])
        use.visits.finish(visit["id"])
    return visit


def paid_cash(workstation: Workstation, visit: dict[str, Any], cents: int) -> str:
    use = workstation.automation()
    lines = [{"kind": "copay", "amount": cents}]
    return use.payments.take(
        visit["person_id"], visit["id"], "cash", lines, tendered=cents
    ).payment_id


def rows(workstation: Workstation, kind: str, **equal: Any) -> list[dict[str, Any]]:
    return workstation.records.read().find(kind, **equal)


def look_at(made: Any, desk: Any, visit: dict[str, Any]) -> Any:
    made.arrivals.viewmodel.choose_departments([])
    made.arrivals.refresh()
    desk.settle()
    made.arrivals.viewmodel.choose(visit["id"])
    desk.press("Return")
    desk.settle()
    assert made.finished.overlay.isVisible()
    return made.finished.overlay


def test_a_receipt_is_made_again_as_a_duplicate_and_in_the_other_language(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "okafor-diaz")
    payment = paid_cash(workstation, visit, 2000)
    with desk_window(desk, workstation, "rdiaz") as made:
        shown = look_at(made, desk, visit)
        assert made.arrivals.side.go.text() == "Look at the visit"
        desk.names(shown)
        desk.shots("finished-visit")
        desk.press("Return")
        receipts = made.finished.hand_out.overlay
        desk.until(lambda: receipts._pages.count() > 1)
        desk.press("Return")
        desk.until(lambda: len(tray.tray) == 1)
        desk.settle()
        assert "DUPLICATE" not in words_of(tray.tray[0][1])
        desk.press("Return")
        desk.until(lambda: receipts._pages.count() > 1)
        receipts.languages.part("en").click()
        desk.settle()
        desk.shot("receipt-again")
        receipts.print.click()
        desk.until(lambda: len(tray.tray) == 2)
        desk.settle()
    assert "DUPLICATE" in words_of(tray.tray[1][1])
    printed = rows(workstation, "receipt_print", payment_id=payment)
    assert [one["copy"] for one in printed] == [1, 2]
    assert len({one["actor"] for one in printed}) == 1


def test_the_language_of_a_receipt_is_the_patients_wish(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "okafor-diaz")
    paid_cash(workstation, visit, 1900)
    with desk_window(desk, workstation, "rdiaz") as made:
        look_at(made, desk, visit)
        receipts = made.finished.hand_out.overlay
        for language, word in (("es", "Recibo"), ("en", "Receipt")):
            desk.press("Return")
            desk.until(lambda: receipts._pages.count() > 1)
            receipts.languages.part(language).click()
            desk.settle()
            receipts.print.click()
            desk.until(lambda: not receipts.isVisible())
            desk.settle()
            assert word in words_of(tray.tray[-1][1])


def test_cash_goes_back_from_the_drawer_with_a_reason_and_a_receipt(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "mahoney")
    payment = paid_cash(workstation, visit, 2100)
    with desk_window(desk, workstation, "rdiaz") as made:
        shown = look_at(made, desk, visit)
        shown.paid.links["refund", payment].click()
        desk.settle()
        form = made.finished.refunding.overlay
        assert form.amount.text() == "$21.00"
        desk.shots("refund")
        desk.press("Return")
        assert form._reason.message == "Say why; it stands on the receipt."
        form.amount.setText("21.01")
        desk.press("Return")
        assert "up to $21.00" in form._amount.message
        form.amount.setText("11")
        form.reason.setFocus()
        desk.press("Down", "Return")
        receipts = made.finished.hand_out.overlay
        desk.until(receipts.isVisible)
        assert receipts.change.text() == "$11.00"
        assert "Give back in cash" in shown_words(receipts)
        desk.until(lambda: receipts._pages.count() > 1)
        desk.shots("refund-receipt")
        desk.press("Return")
        desk.until(lambda: bool(tray.tray))
        desk.settle()
        assert "$11.00 given back" in shown_words(shown)
        desk.shots("finished-refunded")
    (back,) = rows(workstation, "payment", refunds=payment)
    assert (back["amount"], back["reason"]) == (-1100, "More was taken than was owed")
    assert "More was taken than was owed" in words_of(tray.tray[0][1])
    assert sum(line["cents"] for line in rows(workstation, "ledger_line")) == 0


def test_a_card_is_for_a_supervisor_and_is_told_to_its_end(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "mahoney")
    use = workstation.automation()
    assert use.cards is not None
    lines = [{"kind": "copay", "amount": 2300}]
    with desk_window(desk, workstation, "rdiaz") as made:
        attempt = use.cards.start_card(visit["person_id"], visit["id"], lines)
        desk.until(lambda: use.cards.status(attempt).final, 15_000)
        payment = use.cards.status(attempt).payment_id
        shown = look_at(made, desk, visit)
        shown.paid.links["refund", payment].click()
        desk.settle()
        form = made.finished.refunding.overlay
        assert not form.go.isVisible()
        assert "A supervisor gives this back." in shown_words(form)
        desk.shot("refund-denied")
        desk.press("Escape", "Escape")
    with desk_window(desk, workstation, "slee") as made:
        shown = look_at(made, desk, visit)
        shown.paid.links["refund", payment].click()
        desk.settle()
        form = made.finished.refunding.overlay
        form.reason.choose("other")
        form._picked("other")
        form.words.setText("Plan covers it in full")
        form.go.click()
        form.go.click()
        desk.until(made.finished.hand_out.overlay.isVisible, 15_000)
        desk.settle()
    (back,) = rows(workstation, "payment", refunds=payment)
    assert (back["amount"], back["reason"]) == (-2300, "Plan covers it in full")
    (row,) = rows(workstation, "payment_attempt", parent_id=attempt)
    assert (row["kind"], row["state"]) == ("void", "approved")


def test_under_the_emergency_lock_there_is_no_money_in_it(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "gallagher")
    paid_cash(workstation, visit, 1800)
    use = workstation.automation()
    use.visits.asks_for_emergency_care(visit["id"])
    with desk_window(desk, workstation, "slee") as made:
        shown = look_at(made, desk, visit)
        words = shown_words(shown)
        assert "Emergency: registration only for now." in words
        assert "$" not in words
        assert not shown.receipt.isVisible()
        assert not shown.estimate.isVisible()
        desk.shot("finished-locked")


def test_work_about_a_visit_that_is_over_leads_to_it(
    desk: Any, workstation: Workstation, tray: Tray
) -> None:
    visit = done_visit(workstation, "mahoney")
    item = opened(
        "payment_refund_if_found",
        about_id="attempt",
        at=iso(utc_now()),
        person_id=visit["person_id"],
        visit_id=visit["id"],
        detail={"asked": 2500},
    )
    with workstation.store.unit_of_work() as work:
        facility = workstation.desk.facility.id
        work.record(Command(new_id(), "seed", "u", utc_now(), facility, (item,)))
        work.commit()
    with desk_window(desk, workstation, "slee") as made:
        desk.press("Alt+2")
        desk.settle()
        row = next(row for row in made.work.page.rows if row.visit_id == visit["id"])
        made.work._open(row)
        desk.settle()
        assert made.finished.overlay.isVisible()
        assert made.finished.overlay.record.visit_id == visit["id"]
