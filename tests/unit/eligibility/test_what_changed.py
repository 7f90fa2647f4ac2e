"""What a payer says otherwise than at its last answer, and otherwise than the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workstation.eligibility.changes import Change, changes_since
from workstation.eligibility.comparing import compare
from workstation.eligibility.model import Answer

Read = Callable[..., Answer]
CODES = ("98", "30")
LAST_YEAR = (
    "EB*1*IND*30**GOLD PPO",
    "EB*B*IND*98***27*25****N*Y",
    "EB*C*IND*30***23*1500*****Y",
    "EB*C*IND*30***29*640*****Y",
)


def model(answer: Read, *lines: str) -> dict[str, Any]:
    return answer(*lines).as_json()


def test_figures_plan_and_authorization_that_are_others_are_told(answer: Read) -> None:
    now = model(
        answer,
        "EB*1*IND*30**SILVER PPO",
        "EB*B*IND*98***27*40****Y*Y",
        "EB*C*IND*30***23*2000*****Y",
        "EB*C*IND*30***29*2000*****Y",
    )
    assert changes_since(model(answer, *LAST_YEAR), now, CODES) == (
        Change("Plan", "words", "GOLD PPO", "SILVER PPO"),
        Change("Copay", "cents", 2500, 4000),
        Change("Authorization", "authorization", "no", "yes"),
        Change("Deductible", "cents", 150000, 200000),
    )


def test_what_was_met_meanwhile_and_what_is_not_said_any_more_are_no_changes(
    answer: Read,
) -> None:
    now = model(
        answer,
        "EB*1*IND*30**Gold  PPO",
        "EB*C*IND*30***23*1500*****Y",
        "EB*C*IND*30***29*100*****Y",
    )
    assert changes_since(model(answer, *LAST_YEAR), now, CODES) == ()


def test_a_coverage_that_ended_is_the_first_change(answer: Read) -> None:
    ended = model(answer, "EB*6*IND*30")
    assert changes_since(model(answer, *LAST_YEAR), ended, CODES)[0] == Change(
        "Coverage", "status", "active", "inactive"
    )


def test_a_payer_that_is_on_file_already_is_no_news(answer: Read) -> None:
    told = model(
        answer,
        "EB*1*IND*30",
        "EB*R**30*MP*MEDICARE",
        "LS*2120",
        "NM1*PRP*2*MEDICARE*****PI*99004",
        "LE*2120",
    )
    row = {"member_id": "X1"}
    assert [one.field for one in compare(row, None, told)] == ["order"]
    assert compare(row, None, told, None, [{"payer_id": "99004"}]) == ()
    assert compare(row, None, told, None, [{"payer_name": "Medicare"}]) == ()


def test_a_plan_that_manages_the_coverage_is_named_once(answer: Read) -> None:
    plan = ("LS*2120", "NM1*PRP*2*SILVER OAK*****PI*99005", "LE*2120")
    told = model(answer, "EB*1*IND*30*MA", "EB*R**30*HN*SILVER OAK", *plan)
    assert told["managed_care"] is not None
    assert [one.field for one in compare({"member_id": "X1"}, None, told)] == ["payer_id"]


def test_a_second_given_name_that_the_payer_does_not_keep_is_no_difference(answer: Read) -> None:
    told = model(answer, "EB*1*IND*30")
    row = {"member_id": "X1"}
    person = {"last": "Sample", "first": "Ana María"}
    assert compare(row, None, told, person) == ()
    assert [one.field for one in compare(row, None, told, {**person, "first": "Eva"})] == ["first"]
