"""What a query is understood as, and how a person is judged against it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.people.search import ask, fit, hit_of
from workstation.people.search_index import pushed_token, without_one

TODAY = date(2026, 11, 23)
ANA = {
    "id": "1", "last": "García-Lopez", "first": "Ana María", "dob": "1985-03-07", "sex": "F",
    "mrn": "00123", "city": "Austin",
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "terms", "births", "numbers"),
    [
        ("Smith, John", ("smith", "john"), (), ()),
        ("smith 3/7/85", ("smith",), ("1985-03-07",), ()),
        ("mar 7 1985 smith", ("smith",), ("1985-03-07",), ()),
        ("7 Mar 1985", (), ("1985-03-07",), ()),
        ("03071985", (), ("1985-03-07",), ("03071985",)),
        ("1985-03-07", (), ("1985-03-07",), ()),
        ("(512) 555-0142", (), (), ("5125550142",)),
        ("+1 512-555-0142 ana", ("ana",), (), ("5125550142",)),
        ("xxx-xx-9876", (), (), ("9876",)),
        ("321-54-9876", (), (), ("321549876",)),
        ("W123-456 smith", ("smith",), (), ("w123456",)),
        ('"AND" NEAR* o\'brien', ("obrien",), (), ()),
        ("😀", (), (), ()),
        ("   ", (), (), ()),
        ("99/99/9999", (), (), ("99999999",)),
    ],
)
def test_query_taken_apart(
    query: str, terms: tuple[str, ...], births: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    asked = ask(query, TODAY)
    assert (asked.terms, asked.births, asked.numbers) == (terms, births, numbers)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_query_is_understood(text: str) -> None:
    asked = ask(text, TODAY)
    assert len(asked.terms) <= 6
    assert all(term and not any(c.isspace() for c in term) for term in asked.terms)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("garcia ana", "name"),
        ("lopez", "name"),
        ("garcialopez a", "name"),
        ("ana maria garcia lopez", "name"),
        ("gracia ana", "name, one letter different"),
        ("garcia 3/7/85", "name; date of birth"),
        ("garcia 1985", "name; year of birth"),
        ("123", "MRN"),
        ("0142 garcia", "name; last four of phone"),
        ("w12345", "member id"),
    ],
)
def test_why_a_person_fits(query: str, why: str) -> None:
    tokens = ("MRN:123", "phone:5125550142", "last four of phone:0142", "member id:w123456")
    found = fit(ask(query, TODAY), ANA, tokens)
    assert found is not None
    assert found.why == why


@pytest.mark.parametrize("query", ["garcia bob", "garcia 3/8/85", "smith", "garcia 9999"])
def test_who_does_not_fit(query: str) -> None:
    assert fit(ask(query, TODAY), ANA, ("MRN:123",)) is None


def test_exact_before_begun_before_one_slip() -> None:
    costs = [fit(ask(q, TODAY), ANA, ()) for q in ("garcia", "garc", "gracia")]
    assert all(costs)
    assert [c.cost for c in costs if c] == sorted({c.cost for c in costs if c})


def test_bold_letters_are_those_that_matched() -> None:
    found = fit(ask("garc ana", TODAY), ANA, ())
    assert found is not None
    assert [ANA[s.field][s.start : s.end] for s in found.spans] == ["Garc", "Ana"]


def test_protected_address_shows_no_town() -> None:
    found = fit(ask("garcia", TODAY), ANA, ())
    assert found is not None
    assert hit_of(ANA, None, found).town == "Austin"
    assert hit_of({**ANA, "confidential_address": True}, None, found).town is None


def test_words_one_slip_apart_share_a_part() -> None:
    for other in ("smth", "smiith", "smyth", "msith"):
        assert set(without_one("smith")) & set(without_one(other))


def test_pushed_tokens_are_plain() -> None:
    assert pushed_token("member id", "W12-345 6") == "member id:w123456"
    assert pushed_token("member id", "W") is None
