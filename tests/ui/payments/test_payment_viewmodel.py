"""The payment dialog without a window: what is taken, how often, and what keeps it open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.payments.pay_state import Phase
from ui.payments.sale import PartText, SaleText, read_sale
from ui.payments.viewmodel import PayViewModel
from ui.payments.words import NOTHING_WORDS
from workstation.estimates.visit_money import VisitMoney
from workstation.kernel.errors import Refused
from workstation.payments.attempt_model import State
from workstation.payments.card_payments import STATE_WORDS, CardStatus
from workstation.payments.due import DueLine, VisitDue
from workstation.payments.model import LineKind, NothingReason, Tender
from workstation.payments.use_cases import Taken

DAY = "2026-11-23"
COPAY = DueLine("copay", LineKind.COPAY, "v1", DAY, "Office visit", 2500)
OLD = DueLine("balance:v0", LineKind.BALANCE, "v0", "2026-08-04", "Therapy", None, today=False)
DEPOSIT = DueLine("deposit", LineKind.DEPOSIT, "v1", DAY, "Office visit")
FINAL = {State.APPROVED, State.DECLINED, State.CANCELLED, State.DROPPED}


@dataclass
class FakeTill:
    """Remembers what it was asked."""

    asked: list[tuple[str, Any]] = field(default_factory=list)

    def take(self, parts: Any, lines: Any, split: Any, key: str) -> None:
        self.asked.append(("take", (parts, lines, split, key)))

    def start_card(self, part: Any, lines: Any, split: Any, key: str, payment_id: Any) -> None:
        self.asked.append(("card", (part, lines, split, key, payment_id)))

    def watch(self, attempt_id: str) -> None:
        self.asked.append(("watch", attempt_id))

    def cancel(self, attempt_id: str) -> None:
        self.asked.append(("cancel", attempt_id))

    def keep(self, attempt_id: str) -> None:
        self.asked.append(("keep", attempt_id))

    def release(self, attempt_id: str) -> None:
        self.asked.append(("release", attempt_id))

    def other_tender(self, attempt_id: str) -> None:
        self.asked.append(("other", attempt_id))

    def nothing(self, reason: str) -> None:
        self.asked.append(("nothing", reason))

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


def due(*lines: DueLine) -> VisitDue:
    return VisitDue("p1", "v1", DAY, VisitMoney(()), lines or (COPAY, OLD))


def desk(
    *lines: DueLine, card: bool = True, override: bool = False
) -> tuple[PayViewModel, FakeTill]:
    till = FakeTill()
    return PayViewModel(due(*lines), till, can_card=card, may_override=override), till


def status(state: State, got: int = 0, asked: int = 2500, attempt: str = "a1") -> CardStatus:
    final = state in FINAL
    words = STATE_WORDS[state]
    leave = final or state is State.MANUAL
    return CardStatus(attempt, "pay1", state, words, asked, got, final, leave)


def test_only_todays_share_is_ticked_and_enter_asks_the_terminal_for_it() -> None:
    model, till = desk()
    assert model.state.text.ticked == {"copay"}
    assert model.state.text.amount == "$25.00"
    model.take()
    name, (part, lines, split, _, payment_id) = till.asked[0]
    assert (name, part.tender, part.amount, split, payment_id) == (
        "card",
        Tender.CARD,
        2500,
        None,
        None,
    )
    assert [(line.kind, line.amount) for line in lines] == [(LineKind.COPAY, 2500)]


def test_enter_twice_takes_once() -> None:
    model, till = desk()
    model.take()
    model.take()
    model.card_started("a1")
    model.take()
    model.card_is(status(State.APPROVED, 2500))
    model.take()
    assert till.names() == ["card", "watch"]
    assert (model.state.phase, model.state.payment_ids) == (Phase.DONE, ("pay1",))


def test_the_same_sale_after_a_refusal_carries_the_same_key() -> None:
    model, till = desk()
    model.choose("check")
    model.type_reference("1042")
    model.take()
    model.refused(Refused("busy", "The store is busy.", "Press again."))
    assert model.state.phase is Phase.READY
    assert model.state.told is not None
    assert model.state.text.reference == "1042"
    model.take()
    keys = [args[3] for name, args in till.asked]
    assert keys[0] == keys[1]
    model.refused(Refused("busy", "The store is busy.", "Press again."))
    model.type_amount("20")
    model.take()
    assert till.asked[2][1][3] != keys[0]


def test_cash_is_counted_before_it_is_taken() -> None:
    model, till = desk(card=False)
    assert model.state.text.tender == "cash"
    model.take()
    assert (model.state.focus, till.asked) == ("tendered", [])
    model.type_tendered("20")
    model.take()
    assert "$5.00 is missing" in model.state.problems["tendered"]
    model.type_tendered("40")
    model.take()
    parts = till.asked[0][1][0]
    assert (parts[0].amount, parts[0].tendered) == (2500, 4000)
    model.was_taken(Taken(("p",), ("R",), 1500))
    assert (model.state.phase, model.state.change) == (Phase.DONE, 1500)


def test_without_a_terminal_no_card_can_be_chosen() -> None:
    model, _ = desk(card=False)
    model.choose("card")
    assert model.state.text.tender == "cash"


@pytest.mark.parametrize("typed", ["", "abc", "10.005", "0", "-5", "200000"])
def test_an_amount_that_cannot_be_taken_stays_as_typed(typed: str) -> None:
    model, till = desk()
    model.type_amount(typed)
    model.take()
    assert till.asked == []
    assert model.state.text.amount == typed
    assert model.state.problems["amount"]


def test_more_than_is_ticked_is_asked_about() -> None:
    model, till = desk()
    model.type_amount("35")
    model.take()
    assert model.state.problems["amount"].startswith("$10.00 more than what is ticked")
    model.type_line("balance:v0", "10")
    assert model.state.text.amount == "$35.00"
    model.take()
    lines = till.asked[0][1][1]
    assert [(line.kind, line.amount, line.visit_id) for line in lines] == [
        (LineKind.COPAY, 2500, "v1"),
        (LineKind.BALANCE, 1000, "v0"),
    ]


def test_an_older_balance_without_an_amount_asks_for_it() -> None:
    model, _ = desk()
    model.tick("balance:v0", True)
    model.take()
    assert model.state.focus == "balance:v0"


def test_what_is_not_known_is_taken_as_a_deposit() -> None:
    model, till = desk(DEPOSIT)
    assert model.state.text.amount == ""
    model.type_amount("30")
    model.take()
    lines = till.asked[0][1][1]
    assert [(line.kind, line.amount) for line in lines] == [(LineKind.DEPOSIT, 3000)]


def test_a_declined_card_may_be_tried_again_for_the_same_payment() -> None:
    model, till = desk()
    model.take()
    model.card_started("a1")
    model.card_is(status(State.DECLINED))
    told = model.state.told
    assert told is not None
    assert "Nothing was taken" in told.words
    assert model.state.phase is Phase.READY
    model.take()
    first, again = (args for name, args in till.asked if name == "card")
    assert again[4] == "pay1"
    assert first[3] != again[3]


@pytest.mark.parametrize("state", [State.WAITING, State.SENT, State.CANCELLING, State.UNKNOWN])
def test_nobody_leaves_a_card_under_way_without_the_words(state: State) -> None:
    model, _ = desk()
    model.take()
    assert not model.may_leave()
    model.stay()
    model.card_started("a1")
    model.card_is(status(state))
    assert not model.may_leave()
    assert model.state.asking_leave
    model.stay()
    assert not model.state.asking_leave


def test_late_news_of_another_attempt_means_nothing() -> None:
    model, _ = desk()
    model.take()
    model.card_started("a1")
    model.card_is(status(State.APPROVED, 2500, attempt="other"))
    assert model.state.payment_ids == ()


def test_a_part_approval_is_kept_and_the_rest_goes_by_another_tender() -> None:
    model, till = desk()
    model.take()
    model.card_started("a1")
    model.card_is(status(State.PARTIAL, 1000))
    assert model.state.phase is Phase.PARTIAL
    model.keep_partial()
    model.card_is(status(State.APPROVED, 1000))
    assert (model.state.phase, model.state.text.amount) == (Phase.READY, "$15.00")
    model.type_tendered("15")
    model.take()
    assert till.asked[-1][1][1][0].amount == 1500
    model.was_taken(Taken(("p2",), ("R2",)))
    assert model.state.payment_ids == ("pay1", "p2")
    assert model.state.taken == 2500


def test_a_part_approval_can_be_given_back() -> None:
    model, till = desk()
    model.take()
    model.card_started("a1")
    model.card_is(status(State.PARTIAL, 1000))
    model.release_partial()
    model.released()
    assert till.names()[-1] == "release"
    assert (model.state.phase, model.state.payment_ids) == (Phase.READY, ())


def test_a_split_asks_the_card_first_and_counts_the_drawer_after() -> None:
    model, till = desk()
    model.choose("split")
    model.set_part(0, amount="10")
    model.set_part(1, tendered="20")
    model.take()
    model.card_started("a1")
    model.card_is(status(State.APPROVED, 1000, 1000))
    (_, card), _, (_, drawer) = till.asked
    assert (card[0].amount, drawer[0][0].amount, drawer[0][0].tendered) == (1000, 1500, 2000)
    assert card[2] is not None
    assert card[2] == drawer[2]
    model.was_taken(Taken(("p2",), ("R2",), 500))
    assert model.state.phase is Phase.DONE
    assert model.state.payment_ids == ("pay1", "p2")


def test_a_split_whose_drawer_part_is_refused_asks_only_for_the_rest() -> None:
    model, _ = desk()
    model.choose("split")
    model.set_part(0, amount="10")
    model.set_part(1, tendered="15")
    model.take()
    model.card_started("a1")
    model.card_is(status(State.APPROVED, 1000, 1000))
    model.refused(Refused("full", "The disk is full.", "Free some."))
    assert model.state.rest_only
    assert model.state.text.amount == "$15.00"
    assert not model.may_leave()
    assert model.state.phase is Phase.DONE  # left: what was taken stands, its receipt follows


def test_nothing_today_asks_for_a_reason_and_none_of_them_presses() -> None:
    model, till = desk()
    model.ask_reason()
    model.take()
    assert till.asked == []
    model.nothing(NothingReason.ASSISTANCE)
    model.nothing(NothingReason.ASSISTANCE)
    assert till.asked == [("nothing", "asked_for_assistance")]
    model.nothing_recorded("asked_for_assistance")
    assert (model.state.phase, model.state.reason) == (Phase.DONE, "asked_for_assistance")
    assert set(NOTHING_WORDS) == set(NothingReason)


def test_a_card_of_before_is_watched_again() -> None:
    till = FakeTill()
    model = PayViewModel(due(), till, can_card=True, resume="a1")
    model.begin()
    model.take()
    assert till.asked == [("watch", "a1")]
    model.card_is(status(State.APPROVED, 2500))
    assert model.state.payment_ids == ("pay1",)


AMOUNTS = st.integers(1, 500_000)


@settings(max_examples=80)
@given(first=AMOUNTS, second=AMOUNTS, amount=AMOUNTS)
def test_a_sale_is_exactly_what_the_figure_says(first: int, second: int, amount: int) -> None:
    lines = (replace(COPAY, amount=first), replace(COPAY, key="coinsurance", amount=second))
    text = SaleText(
        lines,
        frozenset({"copay", "coinsurance"}),
        {},
        f"{amount / 100:.2f}",
        "split",
        parts=(PartText(Tender.CARD, f"{max(1, amount // 3) / 100:.2f}"), PartText(Tender.HSA)),
    )
    sale = read_sale(text)
    if amount > first + second or amount < 2:
        assert sale.problems
        return
    assert not sale.problems
    assert sale.total == amount == sum(part.amount for part in sale.parts)
    assert all(line.amount > 0 for line in sale.lines)


def test_only_a_supervisor_takes_another_tender_beside_a_card_in_doubt() -> None:
    for override in (False, True):
        model, till = desk(override=override)
        model.take()
        model.card_started("a1")
        model.ask_other()
        assert not model.state.asking_other, "the terminal still waits: nothing is in doubt"
        model.card_is(status(State.UNKNOWN))
        assert model.state.may_take_other is override
        model.ask_other()
        assert model.state.asking_other is override
        model.take_other()
        assert ("other", "a1") in till.asked or not override


def test_after_that_the_whole_sale_is_open_and_late_news_of_the_card_takes_nothing() -> None:
    model, till = desk(override=True)
    model.take()
    model.card_started("a1")
    model.card_is(status(State.UNKNOWN))
    model.ask_other()
    assert not model.may_leave(), "escape leads back to waiting"
    assert not model.state.asking_other
    model.ask_other()
    model.take_other()
    model.other_allowed()
    assert (model.state.phase, model.state.text.tender) == (Phase.READY, "cash")
    assert not model.state.asking_other
    assert model.state.told is not None
    assert "being verified" in model.state.told.words
    model.card_is(status(State.APPROVED, got=2500))
    assert model.state.payment_ids == ()
    model.type_tendered("25")
    model.take()
    assert till.names()[-1] == "take"
    assert sum(line.amount for line in till.asked[-1][1][1]) == 2500


def test_found_while_the_question_stands_the_card_counts() -> None:
    model, _ = desk(override=True)
    model.take()
    model.card_started("a1")
    model.card_is(status(State.UNKNOWN))
    model.ask_other()
    model.card_is(status(State.APPROVED, got=2500))
    assert model.state.phase is Phase.DONE
    assert model.state.payment_ids == ("pay1",)
