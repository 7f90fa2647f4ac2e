"""A payer's row, a moment and a rate in words. Plain Python; what a payer sent stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ui.wall_clock import local
from ui.words import say
from workstation.eligibility.service_types import service_types
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.kernel.phrases import said_again

_KINDS = {
    "active": "Active",
    "inactive": "Not active",
    "coinsurance": "Coinsurance",
    "copay": "Copay",
    "deductible": "Deductible",
    "out_of_pocket": "Out-of-pocket limit",
    "limitation": "Limit",
    "exclusion": "Excluded",
    "not_covered": "Not covered",
    "cost_containment": "Cost containment",
    "spend_down": "Spend-down",
    "primary_care": "Primary care",
    "other_payer": "Another payer",
    "contact": "Whom to ask",
    "benefit": "Benefit",
    "cannot_process": "Cannot be processed",
    "other": "Other",
}
_NETWORKS = {
    "in": "in the network",
    "out": "outside the network",
    "both": "in and out of the network",
    "unknown": "network not known to the payer",
    "not_stated": "network not stated",
}
_LEVELS = {
    "IND": "for the person",
    "FAM": "for the family",
    "EMP": "for the employee",
    "ESP": "for employee and spouse",
    "ECH": "for employee and children",
    "DEP": "for dependents",
    "SPC": "for spouse and children",
    "SPO": "for the spouse",
    "CHD": "for children",
}
_PLACES = {
    "11": "office",
    "19": "hospital clinic off the campus",
    "20": "urgent care",
    "21": "hospital, inpatient",
    "22": "hospital clinic on the campus",
    "23": "emergency room",
    "81": "laboratory",
}


def not_stated() -> str:
    """Absent is these words, never a zero and never a dash alone."""
    return say("not stated")


def place_words(code: str) -> str:
    """A place of service: our words and the code."""
    known = _PLACES.get(code)
    return f"{say(known)} ({code})" if known else say("place {code}", code=code)


def when_words(when: Iterable[str]) -> str:
    """What tells one of several figures from the others, in the payer's words or by place."""
    return ", ".join(place_words(part) if part.isdigit() else part for part in when)


def rate_words(bp: int) -> str:
    """Basis points as a rate: ``20 %``, ``12.5 %``."""
    return f"{bp / 100:g} %"


def told_words(check: Mapping[str, Any]) -> str:
    """Why there is no answer and what to do, as it was kept with the question."""
    return say(said_again(check.get("said") or check["say"]))


def clock_words(moment: str) -> str:
    """``9:34`` on the facility's clock."""
    time = local(from_iso(moment))
    return f"{time.hour}:{time.minute:02d}"


def day_words(day: date | str) -> str:
    """``03 Mar 1985``."""
    made = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{made:%d %b %Y}"


def moment_words(moment: str, now: datetime) -> str:
    """A clock time today, otherwise the day."""
    day = local(from_iso(moment)).date()
    return clock_words(moment) if day == local(now).date() else day_words(day)


def service_words(codes: Iterable[str | None]) -> str:
    """Labels of service types, each once."""
    table = service_types()
    labels = [say(table.label(code)) if code else say("no service named") for code in codes]
    return ", ".join(dict.fromkeys(labels))


def inside(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with an acronym."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def figure_words(row: Mapping[str, Any]) -> str:
    """Kind and figure of a payer's row: ``Copay $25.00``."""
    words = [say(_KINDS.get(row["kind"], row["kind"]))]
    if row["amount"] is not None:
        words.append(dollars(row["amount"]))
    if row["rate_bp"] is not None:
        words.append(rate_words(row["rate_bp"]))
    if row["quantity"] is not None:
        words.append(f"{row['quantity']:g}")
    return " ".join(words)


def row_facts(rows: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """One EB of the answer, label and words: every thing that the payer said in it, or did not.

    An EB with several service types or places is one row each in the model, one here.
    """
    row = rows[0]
    facts = [
        (say("Service"), service_words(one["service_type"] for one in rows)),
        (say("Network"), say(_NETWORKS.get(row["network"], row["network"]))),
        (say("Whom"), say(_LEVELS[row["level"]]) if row["level"] in _LEVELS else not_stated()),
        (say("Period"), say(_period(row["period"])) if row["period"] else not_stated()),
    ]
    places = [one["place_of_service"] for one in rows if one["place_of_service"]]
    if places:
        facts.append((say("Place"), ", ".join(dict.fromkeys(map(place_words, places)))))
    if row["authorization"] in ("yes", "no"):
        needed = say("needed") if row["authorization"] == "yes" else say("not needed")
        facts.append((say("Authorization"), needed))
    if row["procedure"]:
        facts.append((say("Procedure"), str(row["procedure"])))
    if row.get("plan"):
        facts.append((say("Plan"), str(row["plan"])))
    facts += [(say("Dates"), _span(span)) for span in row["dates"]]
    entity = row["entity"]
    if entity is not None:
        named = [entity["name"] or say("no name"), *(c["number"] for c in entity["contacts"])]
        facts.append((say("Names"), " · ".join(named)))
    facts += [(say("In its words"), f"“{words}”") for words in row["messages"]]
    return tuple(facts)


def _period(period: str) -> str:
    return period.replace("_", " ")


def _span(span: Mapping[str, Any]) -> str:
    start, end = span["from"], span["to"]
    if start and end:
        return f"{day_words(start)} – {day_words(end)}"
    if start:
        return say("since {day}", day=day_words(start))
    return say("until {day}", day=day_words(end)) if end else not_stated()
