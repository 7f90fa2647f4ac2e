"""Who stands first, what is said of money, what an emergency hides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.arrivals import rules
from workstation.arrivals.model import ArrivalRow, CoverageState, Level, Status, Todo

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def a_row(**more):
    base = ArrivalRow("v1", "p1", NOW, "Doe", "Jane", born=date(1985, 3, 3))
    return replace(base, **more)


def here(minutes, **more):
    return a_row(status=Status.HERE, arrived_at=NOW - timedelta(minutes=minutes), **more)


def test_age_counts_completed_years():
    assert rules.age(date(1985, 3, 3), date(2026, 3, 2)) == 40
    assert rules.age(date(1985, 3, 3), date(2026, 3, 3)) == 41
    assert rules.age(date(2024, 2, 29), date(2025, 2, 28)) == 0


def test_expected_turns_late_after_a_quarter_of_an_hour():
    assert rules.status_now(a_row(time=NOW - timedelta(minutes=15)), NOW) is Status.EXPECTED
    assert rules.status_now(a_row(time=NOW - timedelta(minutes=16)), NOW) is Status.LATE
    came = here(30, time=NOW - timedelta(hours=1))
    assert rules.status_now(came, NOW) is Status.HERE


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"expected_cents": 0, "coverage": CoverageState.ACTIVE}, "$0.00"),
        ({"expected_cents": 123450, "coverage": CoverageState.ACTIVE}, "$1,234.50"),
        ({"coverage": CoverageState.ACTIVE}, "not known"),
        ({"coverage": CoverageState.ENDED}, "not known"),
        ({"coverage": CoverageState.ASKING}, "asking"),
        ({"coverage": CoverageState.STALE, "expected_cents": 2500}, "re-ask"),
        ({"expected_why": "after_visit"}, "after visit"),
        ({"expected_why": "estimate", "coverage": CoverageState.SELF_PAY}, "estimate"),
        ({"expected_cents": 2500, "emergency_locked": True}, ""),
    ],
)
def test_expected_words(more, words):
    assert rules.expected_words(a_row(**more)) == words


def test_who_waited_longest_and_needs_least_stands_first():
    forms = (Todo("forms", "Forms 2"),)
    stop = (Todo("authorization", "Authorization", Level.STOP),)
    rows = [
        a_row(visit_id="later", time=NOW + timedelta(hours=1)),
        here(2, visit_id="short wait"),
        here(11, visit_id="long, much to do", todo=stop),
        here(12, visit_id="long, little to do", todo=forms),
        a_row(visit_id="done", status=Status.DONE),
        here(1, visit_id="emergency", emergency_locked=True),
    ]
    assert [row.visit_id for row in rules.in_order(rows, NOW)] == [
        "emergency",
        "long, little to do",
        "long, much to do",
        "short wait",
        "later",
        "done",
    ]


STATES = st.sampled_from(list(CoverageState))
MARKS = st.lists(
    st.builds(
        Todo,
        st.sampled_from(["card", "id", "copay", "authorization", "re_ask", "contact", "abn"]),
        st.text(max_size=8),
        st.sampled_from(list(Level)),
    ),
    max_size=5,
).map(tuple)
ROWS = st.builds(
    lambda n, state, cents, marks, locked, sensitive, status, waited: a_row(
        visit_id=f"v{n}",
        coverage=state,
        expected_cents=cents,
        todo=marks,
        emergency_locked=locked,
        sensitive=sensitive,
        status=status,
        reason="reason",
        plan="plan",
        coverage_lines=("Copay $25.00",),
        arrived_at=None if waited is None else NOW - timedelta(minutes=waited),
    ),
    st.integers(0, 999),
    STATES,
    st.none() | st.integers(0, 10**7),
    MARKS,
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(Status)),
    st.none() | st.integers(0, 300),
)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_a_locked_row_holds_nothing_of_money(row):
    shown = rules.shown(row)
    if row.sensitive:
        assert shown.reason == ""
    if row.emergency_locked:
        assert shown.expected_cents is None
        assert (shown.plan, shown.coverage_lines, rules.expected_words(shown)) == ("", (), "")
        assert shown.coverage is CoverageState.LOCKED
        assert shown.todo == ()
    assert rules.shown(shown) == shown


@settings(max_examples=80, deadline=None)
@given(st.lists(ROWS, max_size=12))
def test_order_keeps_every_row_and_counts_agree(rows):
    ordered = rules.in_order(rows, NOW)
    assert sorted(map(repr, ordered)) == sorted(map(repr, rows))
    counted = rules.counts(rows, "")
    assert counted.all == len(rows)
    assert counted.mine == 0
    assert counted.attention == sum(map(rules.needs_attention, rows))


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_unknown_is_never_zero(row):
    if row.expected_cents is None:
        assert "$" not in rules.expected_words(row)


def test_typed_words_may_stand_in_any_order_and_case():
    row = a_row(last="O'Brien", first="Siobhán", plan="Tricare Prime", mrn="0048213")
    assert rules.matches(row, "siobhán o'b")
    assert rules.matches(row, "TRICARE 8213")
    assert not rules.matches(row, "siobhán zz")


def test_mine_is_what_i_have_open():
    row = a_row(owner_id="u1", status=Status.IN_PROGRESS)
    assert rules.passes(row, "mine", "u1")
    assert not rules.passes(row, "mine", "u2")
    assert not rules.passes(replace(row, status=Status.DONE), "mine", "u1")
    assert not rules.passes(a_row(), "mine", "")
