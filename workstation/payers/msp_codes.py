"""Condition and occurrence codes that the Medicare questions put on the claim (own short labels).

The code lists' texts are licensed; only numbers stand here. Rules: field.md 4.1.
"""

from __future__ import annotations

from datetime import date

from workstation.payers.msp_facts import Facts
from workstation.payers.msp_order import Settled, entitlements

_NOT_WORKING = ("retired", "never", "none")


def condition_codes(facts: Facts, settled: Settled | None) -> tuple[str, ...]:
    """02 work-related, 06 ESRD period with plan, 09 neither works, 10 works without plan,
    11 disabled without plan, 28 and 29 small employers' plans after Medicare."""
    reasons = entitlements(facts)
    codes: list[str] = ["02"] if facts["work_related.is"] is True else []
    if not reasons.any:
        return tuple(codes)
    working = [facts["employment.patient"], facts["employment.spouse"]]
    plan_from_work = _plan_from_work(facts)
    if all(word in _NOT_WORKING for word in working):
        codes.append("09")
    elif "working" in working and plan_from_work is False:
        codes.append("10")
    if reasons.disability and not reasons.age and plan_from_work is False:
        codes.append("11")
    if settled is not None:
        codes += [plan.row.condition_code for plan in settled.plans if plan.row.condition_code]
    return tuple(sorted(dict.fromkeys(codes)))


def _plan_from_work(facts: Facts) -> bool | None:
    """Whether any plan comes from current work; None where that is not known."""
    if facts.plans is None:
        return None
    words = [facts[f"ghp[{index}].employment"] for index in range(facts.plans)]
    if "current" in words:
        return True
    return None if None in words else False


def occurrence_codes(facts: Facts, settled: Settled | None) -> tuple[tuple[str, date | None], ...]:
    """02, 03 and 05 accident, 04 work, 18 and 19 retirement, 33 start of the ESRD period.

    A date is None where it was not told. An unknown retirement date is reported as the day on
    which Medicare began (Pub 100-05 ch. 3 section 20.1); ``findings`` says so.
    """
    codes: list[tuple[str, date | None]] = [*_accident(facts)]
    if facts["work_related.is"] is True:
        codes.append(("04", facts.day("work_related.date")))
    reasons = entitlements(facts)
    for code, who in (("18", "patient"), ("19", "spouse")):
        if reasons.any and facts[f"employment.{who}"] == "retired":
            codes.append((code, facts.day(f"employment.{who}_retired") or reasons.first))
    if settled is not None and any(p.row.rule == "esrd_coordination" for p in settled.plans):
        codes.append(("33", settled.coordination))
    return tuple(codes)


def _accident(facts: Facts) -> list[tuple[str, date | None]]:
    if facts["accident.is"] is not True:
        return []
    day = facts.day("accident.date")
    codes = []
    if facts["accident.no_fault"] is True:
        codes.append(("02", day))
    if facts["accident.liable_party"] is True:
        codes.append(("03", day))
    if facts["accident.no_fault"] is False and facts["accident.liable_party"] is False:
        codes.append(("05", day))
    return codes


def findings(facts: Facts) -> tuple[str, ...]:
    """What does not fit together or was not used: said, never corrected silently."""
    found = [
        f"{key} is not a fact of the Medicare questions and was not used."
        for key in facts.unknown_keys
    ]
    for index in range(facts.plans or 0):
        through = facts[f"ghp[{index}].through"]
        worker = facts[f"employment.{through}"] if through in ("patient", "spouse") else "working"
        if facts[f"ghp[{index}].employment"] == "current" and worker in _NOT_WORKING:
            found.append(
                f"ghp[{index}] is said to come from current work, but the {through} does not work: "
                "ask again. The plan's own answer was used."
            )
    for who in ("patient", "spouse"):
        if facts[f"employment.{who}"] == "retired" and not facts[f"employment.{who}_retired"]:
            found.append(
                f"The {who}'s retirement date is not known: the day Medicare began stands for it."
            )
    found += [
        f"{path} is not known: ask, the claim needs it."
        for path, needed in (
            ("work_related.date", "work_related.is"),
            ("accident.date", "accident.is"),
        )
        if facts[needed] is True and facts[path] is None
    ]
    if entitlements(facts).esrd is None and facts.day("esrd.dialysis_start"):
        found.append(
            "Dialysis is told, but kidney disease is no reason for Medicare in these facts: check "
            "the entitlement."
        )
    return tuple(found)
