"""A card payment that nobody can ask about any more: a supervisor brings the processor's word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk_window import desk_window

from ui.payments.pay_step import dialog_of
from ui.payments.words import Who
from workstation.compose import Workstation
from workstation.estimates.visit_money import VisitMoney
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.commands import Command
from workstation.kernel.ids import new_id
from workstation.papers.verifying_slip import verifying_slip
from workstation.payments.attempt_book import row_of
from workstation.payments.attempt_model import Attempt, AttemptKind, State
from workstation.payments.due import DueLine, VisitDue
from workstation.payments.model import LineKind
from workstation.payments.visit_record import visit_record
from workstation.work_items.model import opened


def in_doubt(workstation: Workstation, state: State = State.MANUAL) -> str:
    """A charge of $25.00 that the site gave up asking about, or still asks about."""
    visits = workstation.store.read().find("visit", state="expected")
    visit = next(v for v in visits if v["class"] == "O" and v["lock"] == "none")
    sale = {
        "person_id": visit["person_id"],
        "visit_id": visit["id"],
        "lines": [{"kind": "copay", "amount": 2500, "visit_id": visit["id"]}],
        "split_id": None,
        "payer_name": None,
    }
    attempt = Attempt(
        id=new_id(),
        payment_id=new_id(),
        kind=AttemptKind.CHARGE,
        tender="card",
        asked_cents=2500,
        terminal_id="gone",
        driver="stripe",
        actor="u",
        created_at=iso(utc_now()),
        boot_id="an earlier run",
        ext_payment_id=f"pi_{new_id()}",
        state=state,
        sale=json.dumps(sale),
    )
    item = opened(
        "payment_unknown",
        about_id=attempt.id,
        at=iso(utc_now()),
        person_id=visit["person_id"],
        visit_id=visit["id"],
        detail={"asked": 2500},
    )
    with workstation.store.unit_of_work() as work:
        work.put_local("payment_attempt", attempt.id, row_of(attempt))
        facility = workstation.desk.facility.id
        work.record(Command(new_id(), "seed", "u", utc_now(), facility, (item,)))
        work.commit()
    return attempt.id


@pytest.mark.parametrize(
    ("says", "state", "paid"), [("charged", "approved", 2500), ("not", "declined", 0)]
)
def test_the_processors_word_ends_the_payment_and_its_work(
    desk: Any, workstation: Workstation, says: str, state: str, paid: int
) -> None:
    attempt_id = in_doubt(workstation)
    with desk_window(desk, workstation, "slee") as made:
        desk.press("Alt+2")
        desk.settle()
        page = made.work.page
        assert page is not None
        row = next(row for row in page.rows if row.about_id == attempt_id)
        made.work._settle_wanted(row)
        form = made.work.settling
        desk.type("portal, line 7")
        desk.press("Return")
        assert form._field.message == "Choose what the processor's portal says."
        form.says._take(says)
        if says == "charged":
            assert form.amount.text() == "$25.00"
            form.amount.setText("30")
            form.go.click()
            desk.settle()
            assert "not one that was asked" in form._field.message
            form.amount.setText("25")
        desk.shot(f"evidence-{says}")
        form.go.click()
        desk.settle()
        assert not form.isVisible()
    reader = workstation.store.read()
    attempt = reader.get("payment_attempt", attempt_id)
    assert attempt is not None
    assert (attempt["state"], attempt["reason"]) == (state, "portal, line 7")
    payments = reader.find("payment", attempt_id=attempt_id)
    assert sum(one["amount"] for one in payments) == paid
    items = reader.find("work_item", about_id=attempt_id)
    assert [one["state"] for one in items] == ["settled"]


@pytest.mark.parametrize(("login", "may"), [("rdiaz", False), ("slee", True)])
def test_another_tender_beside_it_is_a_supervisors_word(
    desk: Any, workstation: Workstation, login: str, may: bool
) -> None:
    attempt_id = in_doubt(workstation, State.UNKNOWN)
    attempt = workstation.records.read().get("payment_attempt", attempt_id)
    assert attempt is not None
    visit_id = json.loads(attempt["sale"])["visit_id"]
    with desk_window(desk, workstation, login) as made:
        reader = workstation.records.read()
        visit = reader.get("visit", visit_id)
        assert visit is not None
        before = len(reader.find("payment", visit_id=visit_id, tender="cash"))
        line = DueLine("copay", LineKind.COPAY, visit_id, visit["service_date"], "Visit", 2500)
        due = VisitDue(visit["person_id"], visit_id, visit["service_date"], VisitMoney(()), (line,))
        dialog = dialog_of(made)
        who = Who("OKAFOR-DIAZ, Maria", "03 Mar 1985", "0048213")
        dialog.begin(who, due, made.use, resume=attempt_id)
        desk.settle()
        assert dialog.other.isVisible() is may
        if may:
            dialog.other.click()
            desk.shots("other-tender", made.window)
            desk.names(dialog)
            desk.press("Return")
            assert not dialog.overriding.isVisible(), "Enter keeps waiting"
            dialog.other.click()
            dialog.overriding.other.click()
            desk.settle()
            assert dialog.tender.tendered.hasFocus()
            desk.shot("other-tender-cash", made.window)
            desk.type("25")
            desk.press("Return")
            desk.settle()
            assert not dialog.isVisible()
        else:
            dialog._end()
    after = workstation.records.read().get("payment_attempt", attempt_id)
    assert after is not None
    assert bool(after["refund_if_found"]) is may
    cash = workstation.records.read().find("payment", visit_id=visit_id, tender="cash")
    assert [one["amount"] for one in cash[before:]] == ([2500] if may else [])
    if may:
        slip = verifying_slip(workstation.records.read(), attempt_id, workstation.desk.facility)
        assert slip.title == visit["visit_number"]
        assert visit_record(workstation.records.read(), visit_id).verifying == ((attempt_id, 2500),)
    with workstation.store.unit_of_work() as work:  # the next one finds no payment in doubt
        work.swap_local("payment_attempt", attempt_id, {}, {"state": "declined"})
        work.commit()
