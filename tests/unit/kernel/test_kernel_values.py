"""Money, time, ids, errors, the written form of commands, and the log's allow-list."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel.clock import from_iso, iso
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import NotUnderstood, PorticoError
from workstation.kernel.ids import new_id
from workstation.kernel.log import REDACTED, allow_listed, frames_of
from workstation.kernel.money import dollars, parse_dollars, share
from workstation.kernel.wire import command_from_json, command_to_json


@given(st.integers(min_value=0, max_value=10**12))
def test_dollars_are_read_back_to_the_cent(cents: int) -> None:
    assert parse_dollars(dollars(cents)) == cents


@pytest.mark.parametrize(
    ("typed", "cents"), [("25", 2500), (" $1,234.5 ", 123450), (".07", 7), ("0", 0)]
)
def test_amounts_as_people_type_them(typed: str, cents: int) -> None:
    assert parse_dollars(typed) == cents


@pytest.mark.parametrize("typed", ["", "$", "-1", "10.005", "1,00", "1e9", "ten", "٣"])
def test_what_is_no_amount_is_not_guessed(typed: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_dollars(typed)
    assert caught.value.field == "amount"


def test_negative_money_has_its_sign_before_the_dollar() -> None:
    assert dollars(-2505) == "-$25.05"


@pytest.mark.parametrize(
    ("cents", "bp", "expected"), [(1, 5000, 1), (1, 4999, 0), (333, 3333, 111), (100, 0, 0)]
)
def test_a_share_is_rounded_half_up_once(cents: int, bp: int, expected: int) -> None:
    assert share(cents, bp) == expected


def test_ids_are_version_7_and_in_the_order_of_their_making() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid.UUID(new_id()) for _ in range(10_000)]
    after = time.time_ns() // 1_000_000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert made == sorted(set(made))
    assert before <= made[0].int >> 80
    assert made[-1].int >> 80 <= after


def test_ids_stay_in_order_where_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert first < new_id() < new_id()


def test_ids_of_two_threads_differ_and_each_has_its_own_in_order() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: [new_id() for _ in range(5_000)], range(2))
    assert len({*first, *second}) == 10_000
    assert (first, second) == (sorted(first), sorted(second))


def test_a_moment_is_written_in_one_form() -> None:
    austin = timezone(timedelta(hours=-6))
    moment = datetime(2026, 11, 23, 8, 7, tzinfo=austin)
    assert iso(moment) == "2026-11-23T14:07:00.000000Z"
    assert from_iso(iso(moment)) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        iso(datetime(2026, 11, 23))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        from_iso("2026-11-23T14:07:00")


def test_an_error_as_text_is_only_its_code() -> None:
    error = PorticoError("stale", "Maria Okafor has another address now.", "Look again.")
    assert str(error) == "stale"
    assert "Okafor" not in repr(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(st.text(min_size=1), json_values, max_size=4)


@given(fields, fields, st.none() | st.integers(1, 9))
def test_a_command_is_read_as_it_was_written(
    inserted: dict[str, object], revised: dict[str, object], rev: int | None
) -> None:
    command = Command(
        id=new_id(),
        type="register_patient",
        actor="u",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        facility="f",
        changes=(Insert("person", "p", inserted), Revise("person", "p", revised, revised, rev)),
        reason="r",
        subject="p",
    )
    assert command_from_json(command_to_json(command)) == command


def test_a_newer_writers_keys_are_ignored() -> None:
    command = Command("i", "t", "a", datetime(2026, 1, 1, tzinfo=UTC), "f", ())
    text = json.dumps({**json.loads(command_to_json(command)), "newer": 1})
    assert command_from_json(text) == command


def test_what_no_list_allows_is_redacted() -> None:
    shown = allow_listed(None, "info", {"event": "paid", "ms": 3, "last_name": "OKAFOR"})
    assert shown == {"event": "paid", "ms": 3, "last_name": REDACTED}


def test_frames_hold_places_and_no_words() -> None:
    try:
        raise ValueError("Maria")
    except ValueError as error:
        frames = frames_of(error)
    assert frames == [f"test_kernel_values:{frames[0].rsplit(':')[-1]}"]
