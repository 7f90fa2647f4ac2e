"""Every path of the Medicare Secondary Payer table, and every unknown that would decide."""

from __future__ import annotations

from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood
from workstation.payers.esrd import coordination_start
from workstation.payers.msp import MspDecision, decide
from workstation.payers.msp_table import msp_table


def plan(**changes: Any) -> dict[str, Any]:
    return {
        "through": "patient",
        "employment": "current",
        "employees": 50,
        "multi_employer": False,
        "multi_employer_largest": None,
        "small_employer_exception": False,
        **changes,
    }


def facts(*plans: dict[str, Any], reason: str = "age", **changes: Any) -> dict[str, Any]:
    return {
        "visit_date": "2026-11-23",
        "entitlement": [{"reason": reason, "from": "2024-03-01"}],
        "black_lung": {"benefits": False, "visit_related": False},
        "research_program": False,
        "va_authorized": False,
        "work_related": {"is": False, "date": None},
        "accident": {
            "is": False,
            "kind": None,
            "no_fault": False,
            "liable_party": False,
            "date": None,
        },
        "employment": {
            "patient": "working",
            "spouse": "working",
            "patient_retired": None,
            "spouse_retired": None,
        },
        "ghp": list(plans),
        "esrd": None,
        **changes,
    }


def with_null(source: dict[str, Any], *keys: Any) -> MspDecision:
    data = deepcopy(source)
    place: Any = data
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = None
    return decide(data)


ESRD = {"dialysis_start": "2025-01-10", "self_training": False, "transplant": None}
STAYS = "esrd_dual_medicare_stays_first"
RETIRED = {
    "patient": "retired",
    "spouse": "none",
    "patient_retired": "2019-05-31",
    "spouse_retired": None,
}


def test_every_cell_of_the_table_leads_to_exactly_one_row() -> None:
    yes_no = (True, False)
    bases, sizes = ("esrd", "age", "disability", "none"), ("0", "20", "100")
    used = set()
    for cells in product(bases, yes_no, yes_no, yes_no, yes_no, sizes):
        named = dict(
            zip(
                ("basis", "inside", "stays_secondary", "current", "own_or_spouse", "size"),
                cells,
                strict=True,
            )
        )
        rows = [row.rule for row in msp_table().rows if row.matches(named)]
        assert len(rows) == 1, (named, rows)
        used.update(rows)
    assert used == {row.rule for row in msp_table().rows}


@pytest.mark.parametrize(
    ("reason", "change", "order", "codes", "conditions"),
    [
        ("age", {}, "ghp[0] medicare", ["12"], []),
        ("age", {"employees": 20}, "ghp[0] medicare", ["12"], []),
        ("age", {"employees": 19}, "medicare ghp[0]", [], ["28"]),
        ("age", {"through": "spouse"}, "ghp[0] medicare", ["12"], []),
        ("age", {"through": "family", "employees": 500}, "medicare ghp[0]", [], []),
        ("age", {"employment": "retired", "employees": 500}, "medicare ghp[0]", [], ["10"]),
        ("age", {"employment": "cobra", "employees": 500}, "medicare ghp[0]", [], ["10"]),
        (
            "age",
            {"employees": 5, "multi_employer": True, "multi_employer_largest": 20},
            "ghp[0] medicare",
            ["12"],
            [],
        ),
        (
            "age",
            {
                "employees": 5,
                "multi_employer": True,
                "multi_employer_largest": 90,
                "small_employer_exception": True,
            },
            "medicare ghp[0]",
            [],
            ["28"],
        ),
        (
            "age",
            {"employees": 5, "multi_employer": False, "multi_employer_largest": 90},
            "medicare ghp[0]",
            [],
            ["28"],
        ),
        (
            "age",
            {
                "employees": 25,
                "multi_employer": True,
                "multi_employer_largest": 90,
                "small_employer_exception": True,
            },
            "ghp[0] medicare",
            ["12"],
            [],
        ),
        ("disability", {"employees": 100}, "ghp[0] medicare", ["43"], []),
        ("disability", {"employees": 99}, "medicare ghp[0]", [], ["29"]),
        ("disability", {"employees": 100, "through": "family"}, "ghp[0] medicare", ["43"], []),
        (
            "disability",
            {"employees": 5, "multi_employer": True, "multi_employer_largest": 100},
            "ghp[0] medicare",
            ["43"],
            [],
        ),
        (
            "disability",
            {
                "employees": 5,
                "multi_employer": True,
                "multi_employer_largest": 100,
                "small_employer_exception": True,
            },
            "ghp[0] medicare",
            ["43"],
            [],
        ),
        (
            "disability",
            {"employees": 900, "employment": "retired"},
            "medicare ghp[0]",
            [],
            ["10", "11"],
        ),
    ],
)
def test_one_plan(
    reason: str, change: dict[str, Any], order: str, codes: list[str], conditions: list[str]
) -> None:
    answer = decide(facts(plan(**change), reason=reason)).as_json()
    assert answer["order"] == order.split()
    assert answer["value_codes"] == codes
    assert answer["condition_codes"] == conditions
    assert answer["open"] == []
    assert answer["because"].endswith(".")


@pytest.mark.parametrize(
    ("change", "payer", "code", "occurrence"),
    [
        ({"black_lung": {"benefits": True, "visit_related": True}}, "black_lung", "41", None),
        ({"research_program": True}, "research", "16", None),
        ({"va_authorized": True}, "va", "42", None),
        ({"work_related": {"is": True, "date": "2026-11-01"}}, "wc", "15", "04"),
        (
            {
                "accident": {
                    "is": True,
                    "kind": "auto",
                    "no_fault": True,
                    "liable_party": False,
                    "date": "2026-11-01",
                }
            },
            "no_fault",
            "14",
            "02",
        ),
        (
            {
                "accident": {
                    "is": True,
                    "kind": "other",
                    "no_fault": False,
                    "liable_party": True,
                    "date": "2026-11-01",
                }
            },
            "liability",
            "47",
            "03",
        ),
    ],
)
def test_payers_for_this_illness_or_accident_stand_before_all(
    change: dict[str, Any], payer: str, code: str, occurrence: str | None
) -> None:
    answer = decide(facts(plan(), **change)).as_json()
    assert answer["order"] == [payer, "ghp[0]", "medicare"]
    assert answer["value_codes"] == [code, "12"]
    if occurrence:
        assert {"code": occurrence, "date": "2026-11-01"} in answer["occurrence_codes"]


def test_black_lung_benefits_do_not_matter_to_another_illness() -> None:
    answer = decide(facts(black_lung={"benefits": True, "visit_related": False}))
    assert answer.order == ("medicare",)
    assert answer.value_codes == ()


def test_an_accident_that_nobody_else_pays_for() -> None:
    accident = {
        "is": True,
        "kind": "other",
        "no_fault": False,
        "liable_party": False,
        "date": "2026-10-02",
    }
    answer = decide(facts(accident=accident)).as_json()
    assert answer["order"] == ["medicare"]
    assert answer["occurrence_codes"] == [{"code": "05", "date": "2026-10-02"}]


def test_working_spouse_then_medicare_then_own_retiree_plan() -> None:
    employment = {**RETIRED, "spouse": "working"}
    answer = decide(
        facts(
            plan(employment="retired", employees=5000),
            plan(through="spouse"),
            employment=employment,
        )
    )
    assert answer.order == ("ghp[1]", "medicare", "ghp[0]")
    assert answer.value_codes == ("12",)
    assert answer.rule == "working_aged"
    assert answer.occurrence_codes[0][0] == "18"


def test_own_plan_before_the_spouses_where_both_pay_before_medicare() -> None:
    answer = decide(facts(plan(through="spouse"), plan()))
    assert answer.order == ("ghp[1]", "ghp[0]", "medicare")
    assert answer.value_codes == ("12",)


def test_own_plan_before_the_spouses_where_both_pay_after_medicare() -> None:
    plans = plan(through="spouse", employees=5), plan(employment="retired")
    assert decide(facts(*plans)).order == ("medicare", "ghp[1]", "ghp[0]")


def test_retired_couple() -> None:
    employment = {**RETIRED, "spouse": "retired", "spouse_retired": "2018-01-31"}
    answer = decide(facts(employment=employment)).as_json()
    assert answer["order"] == ["medicare"]
    assert answer["condition_codes"] == ["09"]
    assert answer["occurrence_codes"] == [
        {"code": "18", "date": "2019-05-31"},
        {"code": "19", "date": "2018-01-31"},
    ]


def test_an_unknown_retirement_date_is_the_day_medicare_began() -> None:
    answer = decide(facts(employment={**RETIRED, "patient_retired": None}))
    assert [(c, str(d)) for c, d in answer.occurrence_codes] == [("18", "2024-03-01")]
    assert any("retirement date" in finding for finding in answer.findings)


def test_working_without_a_plan_and_disabled_without_one() -> None:
    assert decide(facts()).condition_codes == ("10",)
    answer = decide(facts(reason="disability", employment=RETIRED))
    assert answer.condition_codes == ("09", "11")


@pytest.mark.parametrize(
    ("dialysis", "training", "transplant", "starts"),
    [
        ("2024-01-10", False, None, "2024-04-01"),
        ("2024-01-31", True, None, "2024-01-01"),
        ("2024-11-30", False, None, "2025-02-01"),
        (None, False, "2024-06-17", "2024-06-01"),
        ("2024-01-10", False, "2024-03-02", "2024-03-01"),
        ("2024-01-10", False, "2025-03-02", "2024-04-01"),
        (None, False, None, None),
    ],
)
def test_the_start_of_the_coordination_period(
    dialysis: str | None, training: bool, transplant: str | None, starts: str | None
) -> None:
    from datetime import date

    def day(text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    assert coordination_start(day(dialysis), training, day(transplant)) == day(starts)


@pytest.mark.parametrize(
    ("visit", "order"),
    [
        ("2024-04-01", ("ghp[0]", "medicare")),
        ("2026-09-30", ("ghp[0]", "medicare")),
        ("2026-10-01", ("medicare", "ghp[0]")),
    ],
)
@pytest.mark.parametrize("status", ["current", "retired", "cobra"])
def test_thirty_months_of_coordination(visit: str, order: tuple[str, ...], status: str) -> None:
    esrd = {"dialysis_start": "2024-01-10", "self_training": False, "transplant": None}
    source = facts(plan(employment=status, employees=3), reason="esrd", esrd=esrd, visit_date=visit)
    source["entitlement"][0]["from"] = "2024-04-01"
    answer = decide(source)
    assert answer.order == order
    inside = order[0] == "ghp[0]"
    assert answer.value_codes == (("13",) if inside else ())
    assert ("06" in answer.condition_codes) is inside
    assert ("33" in dict(answer.occurrence_codes)) is inside


def dual(first: str, first_from: str, *plans: dict[str, Any], **changes: Any) -> MspDecision:
    source = facts(*plans, esrd=ESRD, **changes)
    source["entitlement"] = [
        {"reason": first, "from": first_from},
        {"reason": "esrd", "from": "2025-04-01"},
    ]
    return decide(source)


@pytest.mark.parametrize(
    ("first", "since", "change", "order", "rule"),
    [
        ("age", "2020-03-01", {"employees": 50}, "ghp[0] medicare", "esrd_coordination"),
        (
            "age",
            "2020-03-01",
            {"employees": 5},
            "medicare ghp[0]",
            STAYS,
        ),
        (
            "age",
            "2020-03-01",
            {"employment": "retired"},
            "medicare ghp[0]",
            STAYS,
        ),
        ("age", "2025-04-01", {"employees": 5}, "ghp[0] medicare", "esrd_coordination"),
        ("age", "2026-06-01", {"employment": "retired"}, "ghp[0] medicare", "esrd_coordination"),
        ("disability", "2020-03-01", {"employees": 100}, "ghp[0] medicare", "esrd_coordination"),
        (
            "disability",
            "2020-03-01",
            {"employees": 99},
            "medicare ghp[0]",
            STAYS,
        ),
    ],
)
def test_dual_entitlement(
    first: str, since: str, change: dict[str, Any], order: str, rule: str
) -> None:
    answer = dual(first, since, plan(**change))
    assert answer.order == tuple(order.split())
    assert answer.rule == rule


def test_retiring_within_the_period_does_not_end_it() -> None:
    employment = {**RETIRED, "patient_retired": "2026-01-31"}
    answer = dual("age", "2020-03-01", plan(employment="retired"), employment=employment)
    assert answer.order == ("ghp[0]", "medicare")


def test_medicare_is_first_after_the_period_even_for_the_working_aged() -> None:
    source = facts(plan(employees=5000), esrd={**ESRD, "dialysis_start": "2022-01-10"})
    source["entitlement"].append({"reason": "esrd", "from": "2022-04-01"})
    assert decide(source).order == ("medicare", "ghp[0]")


def test_age_ends_the_disability_rule() -> None:
    source = facts(plan(employees=50), reason="disability")
    source["entitlement"].append({"reason": "age", "from": "2026-01-01"})
    assert decide(source).order == ("ghp[0]", "medicare")
    assert decide(source).value_codes == ("12",)


def test_entitlement_that_begins_later_is_not_in_force() -> None:
    source = facts(plan())
    source["entitlement"][0]["from"] = "2027-01-01"
    assert decide(source).order == ("ghp[0]",)
    assert decide(source).value_codes == ()


@pytest.mark.parametrize(
    ("source", "path", "is_open"),
    [
        (facts(plan()), "ghp.0.employees", True),
        (facts(plan(employment="retired")), "ghp.0.employees", False),
        (facts(plan(through="family")), "ghp.0.employees", False),
        (facts(plan()), "ghp.0.employment", True),
        (facts(plan(employees=5)), "ghp.0.employment", False),
        (facts(plan(), employment=RETIRED), "ghp.0.employment", False),
        (facts(plan()), "ghp.0.through", True),
        (facts(plan(employees=500), reason="disability"), "ghp.0.through", False),
        (facts(plan()), "ghp.0.multi_employer_largest", False),
        (facts(plan()), "ghp.0.multi_employer", False),
        (facts(plan(employees=5, multi_employer=True)), "ghp.0.multi_employer_largest", True),
        (
            facts(plan(employees=5, multi_employer_largest=50)),
            "ghp.0.multi_employer",
            True,
        ),
        (
            facts(plan(employees=5, multi_employer_largest=5)),
            "ghp.0.multi_employer",
            False,
        ),
        (
            facts(plan(employees=5, multi_employer=True, multi_employer_largest=50)),
            "ghp.0.small_employer_exception",
            True,
        ),
        (
            facts(
                plan(employees=5, multi_employer=True, multi_employer_largest=500),
                reason="disability",
            ),
            "ghp.0.small_employer_exception",
            False,
        ),
        (
            facts(black_lung={"benefits": True, "visit_related": False}),
            "black_lung.benefits",
            False,
        ),
        (
            facts(black_lung={"benefits": True, "visit_related": False}),
            "black_lung.visit_related",
            True,
        ),
        (facts(), "black_lung.visit_related", False),
        (facts(), "va_authorized", True),
        (facts(), "research_program", True),
        (facts(), "work_related.is", True),
        (facts(), "work_related.date", False),
        (facts(), "accident.is", False),
        (facts(), "accident.no_fault", False),
        (facts(), "employment.patient", False),
        (facts(plan()), "employment.spouse_retired", False),
        (facts(), "esrd", False),
        (facts(plan(), reason="esrd", esrd=ESRD), "esrd.dialysis_start", True),
        (facts(reason="esrd", esrd=ESRD), "esrd.dialysis_start", False),
        (facts(plan(), reason="esrd", esrd=ESRD), "esrd.transplant", False),
        (facts(plan(), reason="esrd", esrd=ESRD), "esrd.self_training", False),
        (facts(plan(), reason="esrd", esrd=ESRD), "esrd", True),
        (facts(plan(employees=5), esrd=ESRD), "entitlement.0.reason", True),
        (facts(plan()), "entitlement.0.from", False),
        (facts(), "ghp", True),
        (facts(), "entitlement", True),
        (facts(), "black_lung", True),
    ],
)
def test_a_null_is_a_question_only_where_it_decides(
    source: dict[str, Any], path: str, is_open: bool
) -> None:
    keys = [int(part) if part.isdigit() else part for part in path.split(".")]
    answer = with_null(source, *keys)
    name = path.replace(".0", "[0]")
    assert answer.open == ((name,) if is_open else ())
    assert (answer.order is None) is is_open


def test_everything_unknown_about_two_plans_is_answered_quickly() -> None:
    empty = dict.fromkeys(plan())
    answer = decide(facts(empty, dict(empty)))
    assert answer.order is None
    assert {"ghp[0].employees", "ghp[1].through"} <= set(answer.open)


def test_what_would_flip_is_told() -> None:
    answer = decide(facts(plan()))
    assert any(f.startswith("ghp[0].employees = 19") for f in answer.would_flip)
    assert any(f.startswith("work_related.is = true") for f in answer.would_flip)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"visit_date": None}, "visit_date"),
        ({"visit_date": "yesterday"}, "visit_date"),
        ({"va_authorized": "no"}, "va_authorized"),
        ({"ghp": [plan(employees=-1)]}, "ghp[0].employees"),
        ({"ghp": [plan(through="uncle")]}, "ghp[0].through"),
        ({"ghp": {}}, "ghp"),
        ({"employment": []}, "employment"),
        ({"entitlement": [{"reason": "age", "from": 2020}]}, "entitlement[0].from"),
    ],
)
def test_what_cannot_be_read_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        decide(facts(**change))
    assert caught.value.field == path
    assert path in caught.value.say


def test_unknown_keys_are_named() -> None:
    answer = decide(facts(plan(colour="blue"), moon="full"))
    assert [f.split()[0] for f in answer.findings] == ["moon", "ghp[0].colour"]


PLANS = st.builds(
    plan,
    through=st.sampled_from(["patient", "spouse", "family"]),
    employment=st.sampled_from(["current", "retired", "cobra"]),
    employees=st.sampled_from([0, 19, 20, 99, 100, 1000]),
    multi_employer=st.booleans(),
    multi_employer_largest=st.sampled_from([None, 5, 20, 100]),
    small_employer_exception=st.booleans(),
)


@given(plans=st.lists(PLANS, max_size=3), reason=st.sampled_from(["age", "disability", "esrd"]))
@settings(max_examples=150, deadline=None)
def test_an_answer_names_every_payer_once_or_asks(plans: list[Any], reason: str) -> None:
    answer = decide(facts(*plans, reason=reason, esrd=ESRD))
    if answer.order is None:
        assert all("multi_employer_largest" in path for path in answer.open)
    else:
        names = ["medicare", *(f"ghp[{i}]" for i in range(len(plans)))]
        assert sorted(answer.order) == sorted(names)
        before = answer.order.index("medicare")
        assert (before > 0) == bool(answer.value_codes)
