"""Card payments against the simulated processor over real HTTP, on a real encrypted store."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from card_desk import CardDesk
from paying_store import COPAY, PERSON, VISIT, new_store
from sqlalchemy import select

from db.local import audit
from simulator.terminal.server import TerminalServer, serve
from workstation.estimates.prices import demo_prices
from workstation.kernel.errors import Refused
from workstation.payments.attempt_model import NO_FACTS, Approved, Attempt, AttemptKind, State
from workstation.payments.due import VisitDue, visit_due
from workstation.payments.gateways.stripe_terminal import VERSION
from workstation.payments.history import payments_of_visit


@pytest.fixture
def simulator() -> Iterator[TerminalServer]:
    server = serve()
    yield server
    server.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    new_store(tmp_path / "desk.db")
    return tmp_path / "desk.db"


@pytest.fixture
def desk(path: Path, simulator: TerminalServer) -> Iterator[CardDesk]:
    running = CardDesk(path, simulator.url)
    yield running
    running.close()


def tap(simulator: TerminalServer) -> None:
    httpx.post(f"{simulator.url}/_sim/tap", json={"id": "tmr_desk"}, trust_env=False)


def reader(simulator: TerminalServer, **facts: Any) -> None:
    body = {"id": "tmr_desk", **facts}
    answer = httpx.post(f"{simulator.url}/_sim/reader", json=body, trust_env=False)
    assert answer.json() == {"ok": True}


def fault(simulator: TerminalServer, on: str, kind: str, times: int = 1) -> None:
    simulator.faults.add({"on": on, "kind": kind, "times": times})


def captured(simulator: TerminalServer) -> list[int]:
    answer = httpx.get(f"{simulator.url}/_sim/book", trust_env=False).json()
    return [entry["captured"] for entry in answer["intents"] if entry["captured"]]


def waiting(desk: CardDesk, **more: Any) -> str:
    attempt_id = desk.cards.start_card(PERSON, VISIT, COPAY, **more)
    assert desk.settle(attempt_id, turns=2).state is State.WAITING
    return attempt_id


def paid(desk: CardDesk, simulator: TerminalServer) -> str:
    attempt_id = waiting(desk)
    tap(simulator)
    attempt = desk.settle(attempt_id)
    assert attempt.state is State.APPROVED
    return attempt.payment_id


def test_a_tapped_card_is_posted_with_its_facts(desk: CardDesk, simulator: TerminalServer) -> None:
    payment_id = paid(desk, simulator)
    (row,) = desk.rows("payment")
    assert row["id"] == payment_id
    assert (row["amount"], row["tender"]) == (2500, "card")
    assert row["card"]["last4"] == "4242"
    assert row["card"]["auth_code"] == "123456"
    assert "exp_month" not in json.dumps(row["card"])
    assert desk.balances() == {"card_clearing": 2500, "ar": -2500}
    status = desk.cards.status(row["attempt_id"])
    assert status.receipt_no == row["receipt_no"]
    assert status.final


def test_a_declined_card_takes_nothing_and_the_next_may_try(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    lines = [{"kind": "copay", "amount": 2505}]
    first = desk.cards.start_card(PERSON, VISIT, lines)
    desk.settle(first, turns=2)
    tap(simulator)
    declined = desk.settle(first)
    assert declined.state is State.DECLINED
    status = desk.cards.status(first)
    assert "honor" not in status.words
    assert simulator.bank.intent(str(declined.ext_payment_id))["status"] == "canceled"
    second = desk.cards.start_card(PERSON, VISIT, COPAY, payment_id=declined.payment_id)
    desk.settle(second, turns=2)
    tap(simulator)
    assert desk.settle(second).state is State.APPROVED
    assert captured(simulator) == [2500]


def test_one_payment_has_one_attempt_at_a_time_and_one_key_one_attempt(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    first = waiting(desk, payment_id="pay-1", key="enter-held-down")
    assert desk.cards.start_card(PERSON, VISIT, COPAY, key="enter-held-down") == first
    with pytest.raises(Refused) as caught:
        desk.cards.start_card(PERSON, VISIT, COPAY, payment_id="pay-1")
    assert caught.value.code == "attempt_still_open"
    with pytest.raises(Refused) as caught:
        desk.cards.start_card(PERSON, VISIT, COPAY)
    assert caught.value.code == "terminal_in_use"
    tap(simulator)
    desk.settle(first)
    with pytest.raises(Refused):
        desk.cards.start_card(PERSON, VISIT, COPAY, payment_id="pay-1")


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("create_intent", "drop_before"),
        ("create_intent", "drop_after"),
        ("create_intent", "cut"),
        ("process", "drop_before"),
        ("process", "drop_after"),
        ("process", "error_after"),
        ("get_intent", "drop_after"),
        ("get_intent", "error_before"),
        ("get_reader", "drop_before"),
    ],
)
def test_lost_answers_charge_once_or_not_at_all(
    desk: CardDesk, simulator: TerminalServer, on: str, kind: str
) -> None:
    reader(simulator, auto_tap_ms=0)
    fault(simulator, on, kind)
    attempt_id = desk.cards.start_card(PERSON, VISIT, COPAY)
    attempt = desk.settle(attempt_id, turns=12)
    if attempt.state is State.UNKNOWN:  # the command never arrived: ended at the processor
        desk.clock.move(200)
        attempt = desk.settle(attempt_id, turns=6)
    assert attempt.state in (State.APPROVED, State.CANCELLED)
    posted = [row["amount"] for row in desk.rows("payment")]
    assert posted == captured(simulator)


def test_a_create_answered_500_for_good_lets_the_cashier_leave(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    fault(simulator, "create_intent", "error_after")
    attempt_id = desk.cards.start_card(PERSON, VISIT, COPAY)
    assert desk.settle(attempt_id, turns=4).state is State.ARMING
    assert desk.cards.cancel(attempt_id).state is State.DROPPED
    assert captured(simulator) == []


def test_busy_and_offline_terminals_are_tried_again(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    reader(simulator, busy=True)
    attempt_id = desk.cards.start_card(PERSON, VISIT, COPAY)
    busy = desk.settle(attempt_id, turns=3)
    assert (busy.state, busy.reason) == (State.ARMED, "terminal_reader_busy")
    reader(simulator, busy=False, online=False)
    assert desk.settle(attempt_id, turns=2).reason == "terminal_reader_offline"
    reader(simulator, online=True, auto_tap_ms=0)
    assert desk.settle(attempt_id).state is State.APPROVED


def test_cancel_before_the_tap_and_cancel_too_late(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    first = waiting(desk)
    assert desk.cards.cancel(first).state is State.CANCELLING
    assert desk.settle(first).state is State.CANCELLED
    second = waiting(desk)
    tap(simulator)
    desk.cards.cancel(second)
    assert desk.settle(second).state is State.APPROVED
    assert captured(simulator) == [2500]
    assert [row["amount"] for row in desk.rows("payment")] == [2500]


def test_an_unplugged_terminal_is_asked_about_at_the_processor(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    attempt_id = waiting(desk)
    reader(simulator, unplugged=True)
    assert desk.settle(attempt_id, turns=2).state is State.WAITING
    tap(simulator)  # the patient tapped just before the cable came out
    assert desk.settle(attempt_id).state is State.APPROVED


def test_nobody_taps(desk: CardDesk, simulator: TerminalServer) -> None:
    attempt_id = waiting(desk)
    desk.clock.move(121)
    assert desk.settle(attempt_id, turns=4).state is State.CANCELLED
    tap(simulator)
    assert captured(simulator) == []


def test_a_slow_approval_is_waited_for(desk: CardDesk, simulator: TerminalServer) -> None:
    attempt_id = waiting(desk)
    reader(simulator, approve_ms=60_000)
    tap(simulator)
    desk.clock.move(121)
    attempt = desk.settle(attempt_id, turns=5)
    assert attempt.state is State.UNKNOWN
    with pytest.raises(Refused):
        desk.cards.start_card(PERSON, VISIT, COPAY, payment_id=attempt.payment_id)
    with simulator.bank.lock:
        simulator.bank.approvals = dict.fromkeys(simulator.bank.approvals, 0.0)
    assert desk.settle(attempt_id).state is State.APPROVED


def test_a_silent_processor_makes_a_work_item_and_evidence_settles_it(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    attempt_id = waiting(desk)
    fault(simulator, "any", "drop_before", times=1000)
    desk.clock.move(121)
    assert desk.settle(attempt_id, turns=5).state is State.UNKNOWN
    desk.cards.take_other_tender_meanwhile(attempt_id)
    desk.clock.move(16 * 60)
    assert desk.settle(attempt_id, turns=3).state is State.MANUAL
    (item,) = desk.rows("work_item")
    assert (item["kind"], item["about_id"]) == ("payment_unknown", attempt_id)
    status = desk.cards.settle_by_evidence(
        attempt_id, approved=True, cents=2500, reference="seen in the portal"
    )
    assert status.state is State.APPROVED
    assert [row["amount"] for row in desk.rows("payment")] == [2500]


def test_another_tender_meanwhile_is_audited_and_what_is_found_becomes_work(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    attempt_id = waiting(desk)
    with pytest.raises(Refused) as caught:
        desk.cards.take_other_tender_meanwhile(attempt_id)
    assert caught.value.code == "payment_not_unknown"
    fault(simulator, "any", "drop_before", times=1000)
    desk.clock.move(121)
    desk.settle(attempt_id, turns=5)
    as_read = desk.book.load(attempt_id)
    desk.cards.take_other_tender_meanwhile(attempt_id)
    with desk.store.reading() as connection:
        last = connection.execute(select(audit.c.body).order_by(audit.c.n.desc())).scalars().first()
    assert '"other_tender_meanwhile"' in str(last)
    assert not desk.book.mark_refund_if_found(as_read, "user-1"), "it stands no longer as read"
    due = visit_due_of(desk)
    assert due.live is None
    assert [one.id for one in due.verifying] == [attempt_id]
    desk.payments.take(PERSON, VISIT, "cash", COPAY)
    desk.clock.move(16 * 60)
    assert desk.settle(attempt_id, turns=3).state is State.MANUAL
    desk.cards.settle_by_evidence(attempt_id, approved=True, cents=2500, reference="portal")
    kinds = [item["kind"] for item in desk.rows("work_item")]
    assert kinds == ["payment_unknown", "payment_refund_if_found"]
    found = next(row for row in desk.rows("payment") if row["tender"] == "card")
    desk.cards.refund_card(found["id"], 2500, "Paid in cash meanwhile")
    assert visit_due_of(desk).paid == 2500
    assert sum(desk.balances().values()) == 0


def visit_due_of(desk: CardDesk) -> VisitDue:
    (visit,) = desk.rows("visit")
    return visit_due(desk.store.read(), visit, demo_prices())


def test_a_part_approval_is_released_and_given_back_in_one_transaction(
    desk: CardDesk, simulator: TerminalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = waiting(desk)
    desk.book.apply(attempt_id, Approved(1000, facts=NO_FACTS))
    assert desk.balances() == {"card_clearing": 1000, "ar": -1000}

    def power_cut(*_: object) -> None:
        raise OSError("no power")

    with monkeypatch.context() as patch:
        patch.setattr(desk.cards, "_ask_refund", power_cut)
        with pytest.raises(OSError, match="no power"):
            desk.cards.release_partial(attempt_id)
    assert desk.book.load(attempt_id).state is State.PARTIAL
    void = desk.book.load(desk.cards.release_partial(attempt_id))
    assert (void.kind, void.asked_cents) == (AttemptKind.VOID, 1000)
    assert desk.balances() == {"card_clearing": 1000, "ar": 0, "refunds_payable": -1000}
    with pytest.raises(Refused) as caught:
        desk.cards.release_partial(attempt_id)
    assert caught.value.code == "payment_not_partial"


def test_the_whole_of_todays_payment_is_a_void_and_its_state_is_told_in_words_of_its_own(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    payment_id = paid(desk, simulator)
    void = desk.cards.refund_card(payment_id, 2500, "Paid twice")
    assert desk.book.load(void).kind is AttemptKind.VOID
    (past,) = payments_of_visit(desk.store.read(), VISIT)
    assert (past.refund, past.refundable, past.refunds) == (void, 0, ())
    assert desk.settle(void).state is State.APPROVED
    assert desk.cards.status(void).words == "Given back to the card."
    (past,) = payments_of_visit(desk.store.read(), VISIT)
    assert past.refund is None
    assert [one.amount for one in past.refunds] == [-2500]
    assert visit_due_of(desk).paid == 0


def test_after_a_restart_the_new_run_takes_over(
    path: Path, desk: CardDesk, simulator: TerminalServer
) -> None:
    attempt_id = waiting(desk)
    tap(simulator)
    after = CardDesk(path, simulator.url, boot="boot-2")
    assert after.runner.recover() == 1
    assert after.settle(attempt_id).state is State.APPROVED
    assert after.runner.recover() == 0
    after.close()
    assert desk.settle(attempt_id).state is State.APPROVED
    assert len(desk.rows("payment")) == 1


def test_a_card_refund_is_asked_for_then_confirmed(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    payment_id = paid(desk, simulator)
    attempt_id = desk.cards.refund_card(payment_id, 1000, "Copay was 15")
    assert desk.balances()["refunds_payable"] == -1000
    with pytest.raises(Refused) as caught:
        desk.cards.refund_card(payment_id, 1501, "Too much")
    assert caught.value.code == "refund_exceeds_payment"
    assert desk.settle(attempt_id).state is State.APPROVED
    assert desk.balances() == {"card_clearing": 1500, "ar": -1500, "refunds_payable": 0}
    refund = next(row for row in desk.rows("payment") if row["refunds"])
    assert (refund["amount"], refund["refunds"]) == (-1000, payment_id)
    assert simulator.bank.book()["intents"][0]["refunded"] == 1000


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "cut"])
def test_a_refund_whose_answer_is_lost_is_made_once(
    desk: CardDesk, simulator: TerminalServer, kind: str
) -> None:
    payment_id = paid(desk, simulator)
    fault(simulator, "refund", kind)
    attempt_id = desk.cards.refund_card(payment_id, 1000, "Copay was 15")
    assert desk.settle(attempt_id).state is State.APPROVED
    assert simulator.bank.book()["intents"][0]["refunded"] == 1000


def test_a_refund_that_fails_gives_the_credit_back(
    desk: CardDesk, simulator: TerminalServer
) -> None:
    payment_id = paid(desk, simulator)
    simulator.bank.refund_status = "failed"
    attempt_id = desk.cards.refund_card(payment_id, 1000, "Copay was 15")
    assert desk.settle(attempt_id).state is State.DECLINED
    assert desk.balances() == {"card_clearing": 2500, "ar": -2500, "refunds_payable": 0}
    simulator.bank.refund_status = "succeeded"
    again = desk.cards.refund_card(payment_id, 2500, "All of it")
    assert desk.settle(again).state is State.APPROVED


def test_the_loop_takes_over_and_takes_a_payment_by_itself(
    path: Path, desk: CardDesk, simulator: TerminalServer
) -> None:
    earlier = waiting(desk)
    tap(simulator)
    done: set[str] = set()
    both, stop = threading.Event(), threading.Event()

    def moved(attempt: Attempt) -> None:
        if attempt.state is State.APPROVED:
            done.add(attempt.id)
        if len(done) == 2:
            both.set()

    after = CardDesk(path, simulator.url, boot="boot-2", moved=moved)
    assert after.runner.recover() == 1
    loop = threading.Thread(target=after.runner.run, args=(stop,))
    loop.start()
    try:
        reader(simulator, auto_tap_ms=20)
        started = after.cards.start_card(PERSON, VISIT, COPAY)
        assert both.wait(30)
    finally:
        stop.set()
        after.runner.wake()
        loop.join(20)
        after.close()
    assert not loop.is_alive()
    assert done == {earlier, started}
    assert captured(simulator) == [2500, 2500]


def test_a_driver_that_is_not_set_up_any_more_holds_up_nobody(
    path: Path, desk: CardDesk, simulator: TerminalServer
) -> None:
    stranger = waiting(desk)
    with desk.store.unit_of_work() as work:
        work.swap_local("payment_attempt", stranger, {}, {"driver": "gone"})
        work.commit()
    assert desk.runner.turn() is None
    assert desk.cards.status(stranger).state is State.WAITING


def test_the_calls_are_logged_and_hold_no_key(desk: CardDesk, simulator: TerminalServer) -> None:
    paid(desk, simulator)
    calls = sorted(desk.rows("payment_attempt_call"), key=lambda call: call["n"])
    assert [call["what"] for call in calls][:2] == ["create", "command"]
    assert "rk_" not in json.dumps(calls)


def test_the_simulator_keeps_the_processors_rules(simulator: TerminalServer) -> None:
    headers = {"Authorization": "Bearer rk_x", "Stripe-Version": VERSION, "Idempotency-Key": "k"}
    body = {"amount": "2500", "currency": "usd", "allowed_payment_method_types[]": "card_present"}
    with httpx.Client(base_url=simulator.url, trust_env=False, headers=headers) as client:
        first = client.post("/v1/payment_intents", data=body).json()
        assert client.post("/v1/payment_intents", data=body).json()["id"] == first["id"]
        other = client.post("/v1/payment_intents", data=body | {"amount": "2600"})
        assert other.json()["error"]["code"] == "idempotency_error"
        fault(simulator, "create_intent", "error_before")
        headers = {"Idempotency-Key": "k2"}
        for _ in range(2):  # a 500 is replayed too
            again = client.post("/v1/payment_intents", data=body, headers=headers)
            assert again.status_code == 500
        old = {"amount": "2500", "currency": "usd", "payment_method_types[]": "card_present"}
        refused = client.post("/v1/payment_intents", data=old, headers={"Idempotency-Key": "k3"})
        assert refused.json()["error"]["code"] == "parameter_unknown"
    bare = httpx.get(f"{simulator.url}/v1/payment_intents/x", trust_env=False)
    assert bare.status_code == 401
