"""The patient in words, for the banner that never scrolls away."""

from __future__ import annotations

from datetime import date

from ui.words import say
from workstation.interview import options
from workstation.interview.model import Draft, Said
from workstation.interview.rules import age
from workstation.interview.situation import VisitOnRecord
from workstation.interview.summaries import label
from workstation.interview.typed import shown_date

_SEX = {"F": "F", "M": "M", "X": "X"}


def person_name(draft: Draft) -> tuple[str, str]:
    """``OKAFOR-DIAZ, Maria Elena`` and ``MO``."""
    identity = draft.identity
    if identity.name_unknown:
        return say("Name not known yet"), "?"
    if not identity.last and not identity.first:
        return say("New patient"), "+"
    given = " ".join(part for part in (identity.first, identity.middle) if part)
    name = ", ".join(part for part in (identity.last.upper(), given) if part)
    if identity.suffix:
        name = f"{name} {identity.suffix}"
    return name, f"{identity.first[:1]}{identity.last[:1]}".upper()


def person_facts(
    draft: Draft, today: date, visit: VisitOnRecord | None = None
) -> tuple[str | tuple[str, str], ...]:
    """Age and sex, birth date, MRN, visit and account number, reason of the visit."""
    facts: list[str | tuple[str, str]] = []
    years = age(draft, today)
    sex = _SEX.get(draft.identity.sex, "")
    if years is not None:
        facts.append(f"{say('{n} y', n=years)} {sex}".strip())
        facts.append((say("DOB"), shown_date(draft.identity.dob)))
    if draft.identity.mrn:
        facts.append((say("MRN"), draft.identity.mrn))
    if visit is not None and visit.number:
        facts.append((say("Visit"), visit.number))
        facts.append((say("Account"), visit.account))
    if draft.reason.reason:
        facts.append(draft.reason.reason)
    return tuple(facts)


def person_flags(draft: Draft, *, locked: bool) -> tuple[tuple[str, str, str], ...]:
    """What nobody may overlook: emergency, language, confidential address."""
    flags = []
    if locked:
        flags.append((say("Emergency"), "siren", "stop"))
    language = draft.about.language
    if language not in ("", "en") or draft.about.interpreter is Said.YES:
        words = say(label(options.LANGUAGES, language or "en"))
        if draft.about.interpreter is Said.YES:
            words = say("{language}, interpreter", language=words)
        flags.append((words, "languages", "accent"))
    if draft.address.confidential is Said.YES:
        flags.append((say("Confidential address"), "shield-alert", "warn"))
    return tuple(flags)
