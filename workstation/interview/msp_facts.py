"""The Medicare answers as the facts of contracts.md, from which the order of payers is decided."""

from __future__ import annotations

from typing import Any

from workstation.interview.model import Draft, GroupPlan, Said
from workstation.interview.pages_medicare import (
    group_plan_asked,
    has_group_plan,
    has_second_plan,
)
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none
from workstation.payers.esrd import coordination_start


def msp_facts(draft: Draft, situation: Situation) -> dict[str, Any]:
    """``MSP facts`` of contracts.md. What was not answered or is not known is null, never a guess.

    Employer sizes are a number inside the band that was named: 19, 20 or 100.
    """
    msp, accident = draft.msp, draft.accident
    return {
        "visit_date": draft.reason.service_date or situation.today.isoformat(),
        "entitlement": _entitlement(draft),
        "black_lung": {
            "benefits": truth(msp.black_lung),
            "visit_related": False if msp.black_lung is Said.NO else truth(msp.black_lung_visit),
        },
        "research_program": truth(msp.research),
        "va_authorized": truth(msp.va),
        "work_related": _work_related(draft),
        "accident": {
            "is": _not_at_work(draft),
            "kind": accident.kind if accident.kind in {"auto", "other"} else None,
            "no_fault": _of_accident(draft, accident.no_fault),
            "liable_party": _of_accident(draft, accident.liable_party),
            "date": _date(accident.date) if _not_at_work(draft) else None,
        },
        "employment": {
            "patient": msp.patient_work or None,
            "spouse": msp.spouse_work or None,
            "patient_retired": _date(msp.patient_retired),
            "spouse_retired": _date(msp.spouse_retired),
        },
        "ghp": _plans(draft, situation),
        "esrd": {
            "dialysis_start": _date(msp.dialysis_start),
            "self_training": truth(msp.self_training),
            "transplant": _date(msp.transplant),
        }
        if msp.by_esrd
        else None,
    }


def truth(said: Said) -> bool | None:
    """Yes and no as truth; asked and not known is as open as not asked."""
    return {Said.YES: True, Said.NO: False}.get(said)


def fields_of_open(path: str, draft: Draft, situation: Situation) -> tuple[str, ...]:
    """The questions behind a path that the decision named as open; none where none asks it."""
    if path == "ghp" and not group_plan_asked(draft, situation):
        return _work_open(draft)
    key = _field_of_open(path)
    return (key,) if key else ()


def _field_of_open(path: str) -> str | None:
    if path.startswith("ghp["):
        place, _, name = path[4:].partition("].")
        return f"msp.{'plan' if place == '0' else 'second_plan'}.{name}" if name else None
    if path.startswith("entitlement[") and path.endswith("].from"):
        return "msp.entitled_from"
    return _OPEN.get(path)


_OPEN = {
    "black_lung.benefits": "msp.black_lung",
    "black_lung.visit_related": "msp.black_lung_visit",
    "research_program": "msp.research",
    "va_authorized": "msp.va",
    "work_related.is": "accident.is_accident",
    "accident.is": "accident.is_accident",
    "accident.kind": "accident.kind",
    "accident.no_fault": "accident.no_fault",
    "accident.liable_party": "accident.liable_party",
    "employment.patient": "msp.patient_work",
    "employment.spouse": "msp.spouse_work",
    "entitlement": "msp.by_age",
    "esrd.dialysis_start": "msp.dialysis_start",
    "esrd.self_training": "msp.self_training",
    "esrd.transplant": "msp.transplant",
    "ghp": "msp.has_group_plan",
}


def _entitlement(draft: Draft) -> list[dict[str, Any]] | None:
    """The reasons for Medicare; null where none was named: whoever has Medicare has one.

    One date is asked, that of Medicare itself. With two reasons it is that of the first; the
    other one then began with kidney failure's own start, or with it, as was answered.
    """
    msp = draft.msp
    since = _date(msp.entitled_from)
    reasons = (("age", msp.by_age), ("disability", msp.by_disability), ("esrd", msp.by_esrd))
    named = [reason for reason, said in reasons if said]
    other = max(filter(None, (since, _esrd_start(draft))), default=None)
    later = msp.by_esrd and msp.esrd_first is Said.YES
    return [
        {"reason": reason, "from": other if later and reason != "esrd" else since}
        for reason in named
    ] or None


def _esrd_start(draft: Draft) -> str | None:
    """The month in which the coordination period of kidney failure begins."""
    msp = draft.msp
    start = coordination_start(
        iso_or_none(msp.dialysis_start), msp.self_training is Said.YES, iso_or_none(msp.transplant)
    )
    return start.isoformat() if start else None


def _work_related(draft: Draft) -> dict[str, Any]:
    accident = draft.accident
    if accident.is_accident is not Said.YES:
        return {"is": truth(accident.is_accident), "date": None}
    at_work = accident.kind == "work" if accident.kind else None
    return {"is": at_work, "date": _date(accident.date) if at_work else None}


def _not_at_work(draft: Draft) -> bool | None:
    accident = draft.accident
    if accident.is_accident is not Said.YES:
        return truth(accident.is_accident)
    return accident.kind != "work" if accident.kind else None


def _of_accident(draft: Draft, said: Said) -> bool | None:
    return truth(said) if _not_at_work(draft) is not False else False


def _plans(draft: Draft, situation: Situation) -> list[dict[str, Any]] | None:
    """The group plans; none where nobody could have one, null where nobody knows."""
    if group_plan_asked(draft, situation):
        if truth(draft.msp.has_group_plan) is None:
            return None
    elif _work_open(draft):
        return None  # who works is not known yet: a plan may still come from it
    plans = []
    if has_group_plan(draft, situation):
        plans.append(_plan(draft.msp.plan))
    if has_second_plan(draft, situation):
        plans.append(_plan(draft.msp.second_plan))
    return plans


def _work_open(draft: Draft) -> tuple[str, ...]:
    """Whose work is not known, among those whose plan could stand before Medicare."""
    msp = draft.msp
    work: dict[str, object] = {
        "msp.patient_work": msp.patient_work,
        "msp.spouse_work": msp.spouse_work,
    }
    if msp.by_disability:
        work["msp.family_work"] = truth(msp.family_work) is not None
    return tuple(key for key, known in work.items() if not known)


def _plan(plan: GroupPlan) -> dict[str, Any]:
    return {
        "through": plan.through or None,
        "employment": plan.employment or None,
        "employees": _size(plan.employees),
        "multi_employer": truth(plan.multi_employer),
        "multi_employer_largest": _size(plan.multi_employer_largest),
        "small_employer_exception": truth(plan.small_employer_exception),
    }


def _size(code: str) -> int | None:
    return int(code) if code.isdigit() else None


def _date(text: str) -> str | None:
    known = iso_or_none(text)
    return known.isoformat() if known else None
