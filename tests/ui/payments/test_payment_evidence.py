"""A card payment that nobody can ask about any more: a supervisor brings the processor's word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk_window import desk_window

from workstation.compose import Workstation
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.commands import Command
from workstation.kernel.ids import new_id
from workstation.payments.attempt_book import row_of
from workstation.payments.attempt_model import Attempt, AttemptKind, State
from workstation.work_items.model import opened


def in_doubt(workstation: Workstation) -> str:
    """A charge of $25.00 that the site gave up asking about."""
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
        state=State.MANUAL,
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
