"""The visit's own details: where, for what, with whom, and how the patient is admitted."""

from __future__ import annotations

from functools import lru_cache

from workstation.facility.model import is_npi
from workstation.interview import options
from workstation.interview.fields import (
    Check,
    Field,
    FieldKind,
    Need,
    Option,
    Section,
    When,
    may,
    must,
    should,
)
from workstation.interview.model import Draft
from workstation.interview.rules import class_differs
from workstation.interview.situation import Provider, Situation, VisitChoices
from workstation.visits.diagnoses import diagnosis_codes
from workstation.visits.model import ADMIT_TYPES, POINTS_OF_ORIGIN

SOMEBODY_ELSE = "other"
"""The answer for a clinician who is not on the hospital's list."""

_ELSE = Option(SOMEBODY_ELSE, "Somebody else, by name and NPI")
_FROM_LIST = "Pick one of the list: type a part of the name."
_DIAGNOSES = "A code is a letter, a digit and more, such as M54.50. Type them with commas between."
_NPI = "An NPI has ten digits, and the last one checks the others. Type it again as it is written."


def has_choices(situation: Situation) -> bool:
    """Whether this store knows its departments, so that the details can be asked."""
    return bool(situation.places.departments)


def visit_section(draft: Draft, situation: Situation) -> Section | None:
    """The section *Visit* with this hospital's choices; None where the store knows none."""
    if not has_choices(situation):
        return None
    return _section(situation.places, draft.reason.department)


def _summary(draft: Draft, situation: Situation) -> tuple[str, ...]:
    """The parts of the one line; empty while something of it has to be asked."""
    reason, places = draft.reason, situation.places
    section = visit_section(draft, situation)
    if section is None or not reason.department or class_differs(draft, situation):
        return ()
    for one in section.shown(draft, situation):
        if one.needed(draft, situation) is Need.MUST and not getattr(reason, one.key[7:]):
            return ()
    parts = (
        next((p.name for p in places.departments if p.id == reason.department), ""),
        next((c.name for c in places.clinicians if c.id == reason.clinician), ""),
        next((s.label for s in places.services if s.code == reason.service), ""),
        next((o.label for o in options.PATIENT_CLASS if o.code == reason.patient_class), ""),
    )
    return tuple(part for part in parts if part)


def _walk_in(draft: Draft, situation: Situation) -> Need:
    """Asked of a walk-in; an appointment brought it, and an emergency does not wait for it."""
    scheduled = situation.visit is not None and situation.visit.scheduled
    return Need.MAY if scheduled or situation.locked else Need.MUST


def _attending(draft: Draft, situation: Situation) -> Need:
    """A department without clinicians of its own, such as a laboratory's desk, asks for none."""
    here = draft.reason.department
    if here and not any(c.department_id == here for c in situation.places.clinicians):
        return Need.MAY
    return _walk_in(draft, situation)


def _has_services(draft: Draft, situation: Situation) -> bool:
    return bool(situation.places.services)


def _unlocked(draft: Draft, situation: Situation) -> bool:
    return not situation.locked


def _opened(draft: Draft, situation: Situation) -> bool:
    return situation.visit is not None


def _else_of(role: str) -> When:
    def applies(draft: Draft, situation: Situation) -> bool:
        return not situation.locked and getattr(draft.reason, role) == SOMEBODY_ELSE

    return applies


def _listed_service(draft: Draft, situation: Situation) -> str | None:
    codes = {service.code for service in situation.places.services}
    return None if draft.reason.service in codes else _FROM_LIST


def _known(draft: Draft, situation: Situation, answer: str, before: str) -> bool:
    """On the list, or on the visit already: a clinician who left stays what the visit says."""
    return answer == before or any(c.id == answer for c in situation.places.clinicians)


def _listed(role: str) -> Check:
    def check(draft: Draft, situation: Situation) -> str | None:
        answer = getattr(draft.reason, role)
        before = getattr(situation.on_file.reason, role) if situation.on_file else ""
        if answer == SOMEBODY_ELSE and role != "clinician":
            return None
        return None if _known(draft, situation, answer, before) else _FROM_LIST

    return check


def _npi_of(name: str) -> Check:
    def check(draft: Draft, situation: Situation) -> str | None:
        return None if is_npi(getattr(draft.reason, name).replace(" ", "")) else _NPI

    return check


@lru_cache(maxsize=8)
def _section(places: VisitChoices, department: str) -> Section:
    """Made once for each list and department: rules look at it on every key."""
    return Section(
        "visit",
        "Visit",
        (
            *_where(places, department),
            *_class(),
            *_others(places),
            _diagnoses(),
            *_admission(),
        ),
        summary=_summary,
    )


def _where(places: VisitChoices, department: str) -> tuple[Field, ...]:
    here = [one for one in places.clinicians if one.department_id == department]
    elsewhere = [one for one in places.clinicians if one.department_id != department]
    return (
        Field(
            "reason.department",
            "Department",
            FieldKind.CHOICE,
            _walk_in,
            options=tuple(Option(place.id, place.name) for place in places.departments),
            width=1,
            why="Where the patient is seen decides about copay and papers. In an emergency "
            "department a clinician sees the patient before anything of money.",
            source="42 CFR 489.24(b)",
        ),
        Field(
            "reason.clinician",
            "Clinician who sees the patient",
            FieldKind.CODE_SEARCH,
            _attending,
            options=_clinicians((*here, *elsewhere)),
            check=_listed("clinician"),
            width=1,
            hint="Name or NPI",
            why="A plan may have another copay for a specialist than for a family doctor.",
        ),
        Field(
            "reason.service",
            "Service",
            FieldKind.CODE_SEARCH,
            _walk_in,
            options=tuple(Option(one.code, f"{one.label} · {one.code}") for one in places.services),
            applies=_has_services,
            check=_listed_service,
            width=1,
            hint="Name or code",
            why="The estimate is for this service, and the payer is asked about it.",
        ),
    )


def _class() -> tuple[Field, ...]:
    return (
        Field(
            "reason.patient_class",
            "Kind of visit",
            FieldKind.CHOICE,
            must,
            options=options.PATIENT_CLASS,
            applies=_opened,
            width=1,
            why="Emergency comes first: registration only, and nothing of money until a clinician "
            "has seen the patient.",
            source="42 CFR 489.24(d)(4)",
        ),
        Field(
            "reason.class_reason",
            "Why is the kind of visit another one",
            FieldKind.TEXT,
            must,
            applies=class_differs,
            asked_afresh=True,
            why="The kind of visit decides about the emergency lock: a change of it is kept with "
            "its reason.",
        ),
    )


def _others(places: VisitChoices) -> tuple[Field, ...]:
    """Who ordered and who referred: of the list, or anybody with a name and an NPI."""
    return (
        _role(places, "ordering", "Ordered by", "Tests are paid only with an order."),
        _role(
            places,
            "referring",
            "Referred by",
            "Some plans pay only with the referral of a primary care doctor.",
        ),
        *_free("ordering", "ordering_name", "ordering_npi", "Name of who ordered"),
        *_free("referring", "referred_by", "referring_npi", "Name of who referred"),
    )


def _role(places: VisitChoices, role: str, label: str, why: str) -> Field:
    return Field(
        f"reason.{role}",
        label,
        FieldKind.CODE_SEARCH,
        may,
        options=(*_clinicians(places.clinicians), _ELSE),
        applies=_unlocked,
        check=_listed(role),
        width=1,
        hint="Name or NPI",
        why=why,
    )


def _free(role: str, name: str, npi: str, label: str) -> tuple[Field, ...]:
    return (
        Field(
            f"reason.{name}",
            label,
            FieldKind.NAME,
            must,
            applies=_else_of(role),
            width=1,
            why="The claim names them where they are not of this hospital.",
        ),
        Field(
            f"reason.{npi}",
            "Their NPI",
            FieldKind.TEXT,
            should,
            applies=_else_of(role),
            check=_npi_of(npi),
            width=1,
            hint="Ten digits",
            why="Payers know clinicians by this number. It stands on the order or referral.",
        ),
    )


def _diagnoses() -> Field:
    return Field(
        "reason.diagnoses",
        "Diagnosis codes of the order",
        FieldKind.TEXT,
        may,
        applies=_unlocked,
        check=_diagnoses_check,
        width=1,
        hint="ICD-10, such as M54.50, Z00.00",
        why="They stand on the good-faith estimate of a patient without coverage. Take them from "
        "the order or referral, never from the patient's words.",
        source="45 CFR 149.610(c)(1)(iv)",
    )


def _diagnoses_check(draft: Draft, situation: Situation) -> str | None:
    return None if diagnosis_codes(draft.reason.diagnoses) is not None else _DIAGNOSES


def _admission() -> tuple[Field, ...]:
    return (
        Field(
            "reason.admit_type",
            "Type of admission",
            FieldKind.CHOICE,
            options=_options(ADMIT_TYPES),
            width=1,
            why="The hospital's claim carries it; payers look at it for the reason to admit.",
            source="Uniform bill, type of admission",
        ),
        Field(
            "reason.point_of_origin",
            "Came from",
            FieldKind.CHOICE,
            options=_options(POINTS_OF_ORIGIN),
            width=1,
            why="The hospital's claim carries where the patient came from.",
            source="Uniform bill, point of origin",
        ),
    )


def _clinicians(found: tuple[Provider, ...]) -> tuple[Option, ...]:
    return tuple(Option(one.id, f"{one.name} · {one.npi}".rstrip(" ·")) for one in found)


def _options(words: dict[str, str]) -> tuple[Option, ...]:
    return tuple(Option(code, label) for code, label in words.items())
