"""Whether a coverage can stand as it was given: plain errors, and findings that may wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.phrases import phrase, phrase_of
from workstation.payers.directory import PayerDirectory
from workstation.payers.model import KEYS, RELATIONS, PayerKind
from workstation.payers.requirements import required_fields

_TEXTS = KEYS - {"order", "subscriber", "verified", "do_not_bill", "retired"}
_FLAGS = ("do_not_bill", "retired")


WHOLE = frozenset(
    {"payer_id", "payer_name", "payer_kind", "member_id", "relation", "subscriber", "claim_number"}
)
"""Fields that make a coverage: a change of one of them must leave it complete."""


def checked(
    given: Mapping[str, Any], directory: PayerDirectory, *, whole: bool = True
) -> dict[str, Any]:
    """The fields of a coverage, trimmed, with what the directory adds.

    Raises NotUnderstood for what cannot be read, Refused for what is missing or cannot be.
    """
    if not isinstance(given, Mapping):
        raise NotUnderstood("coverage_not_understood", "A coverage must be a JSON object.")
    row = {name: _value(name, given[name]) for name in sorted(KEYS & set(given))}
    payer = directory.find(row.get("payer_id"), row.get("payer_name"))
    if payer is not None:
        row["payer_name"] = row.get("payer_name") or payer.name
        row["payer_kind"] = row.get("payer_kind") or payer.kind.value
    check_dates(row)
    if whole:
        _check_present(row)
        _check_subscriber(row)
    return row


def check_dates(row: Mapping[str, Any]) -> None:
    """Refuses an end before the begin; the day before the begin says: it never came about."""
    starts, ends = row.get("from"), row.get("to")
    if starts and ends and (date.fromisoformat(starts) - date.fromisoformat(ends)).days > 1:
        raise Refused(
            "dates_reversed",
            "The coverage would end before it began.",
            "Look at the dates on the card.",
            field="to",
        )


def findings(row: Mapping[str, Any], directory: PayerDirectory) -> tuple[str, ...]:
    """What may stand for now but wants a look."""
    found = []
    payer = directory.find(row.get("payer_id"), row.get("payer_name"))
    if payer is None and row.get("payer_kind") is None:
        found.append("This payer is not in the directory: it cannot be asked for benefits.")
    pattern = payer.member_id_pattern if payer else None
    if pattern and row.get("member_id") and not re.fullmatch(pattern, row["member_id"]):
        found.append("The member ID does not look like this payer's: compare it with the card.")
    if not row.get("relation"):
        found.append("It is not known who holds the plan.")
    return tuple(found)


def _check_present(row: Mapping[str, Any]) -> None:
    kind = PayerKind(row.get("payer_kind") or PayerKind.COMMERCIAL)
    if not (row.get("payer_id") or row.get("payer_name") or row.get("payer_kind")):
        raise _missing("payer_id", "The payer is not named.", "Choose the payer.")
    named_by_claim = kind in (PayerKind.WORKERS_COMP, PayerKind.AUTO) and row.get("claim_number")
    # A plan without a member id but with a claim number is an accident's, whoever the payer is.
    by_claim = named_by_claim or (row.get("claim_number") and row.get("injury_date"))
    if "member_id" in required_fields(kind) and not row.get("member_id") and not by_claim:
        raise _missing("member_id", "The member ID is missing.", "Type it from the card.")
    if kind in (PayerKind.WORKERS_COMP, PayerKind.AUTO) and not (
        row.get("claim_number") or row.get("member_id")
    ):
        raise _missing(
            "claim_number",
            "The claim number of the accident is missing.",
            "Ask the patient or the insurer for it.",
        )


def _check_subscriber(row: dict[str, Any]) -> None:
    relation, holder = row.get("relation"), row.get("subscriber")
    if relation in (None, "self"):
        row["subscriber"] = None
    elif not isinstance(holder, Mapping) or not (holder.get("last") or holder.get("first")):
        raise _missing(
            "subscriber",
            "The patient is not the plan's holder, and its holder is not named.",
            "Type the name and birth date of whoever holds the plan.",
        )


def _missing(field: str, say: str, do: str) -> Refused:
    return Refused(f"{field}_missing", say, do, field=field)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("from", "to", "injury_date"):
        return _day(name, value)
    if name == "relation" and value not in RELATIONS:
        raise _unread(name, "one of " + ", ".join(RELATIONS))
    if name == "payer_kind" and value not in set(PayerKind):
        raise _unread(name, "one of " + ", ".join(PayerKind))
    if name == "order" and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise _unread(name, "1 for the payer that pays first, then 2 and so on")
    if name in _FLAGS and not isinstance(value, bool):
        raise _unread(name, "true or false")
    if name in ("subscriber", "verified") and not isinstance(value, Mapping):
        raise _unread(name, "an object")
    if name in _TEXTS:
        if not isinstance(value, str):
            raise _unread(name, "a text")
        return value.strip() or None
    return value


def _day(name: str, value: Any) -> str | None:
    if value == "":
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _unread(name, "a date such as 2026-01-01") from None


def _unread(field: str, wanted: str) -> NotUnderstood:
    return NotUnderstood(
        "coverage_not_understood",
        phrase(
            "The coverage's {field} cannot be read: it should be {wanted}.",
            field=field,
            wanted=phrase_of(wanted),
        ),
        "Correct it and add the coverage again.",
        field=field,
    )
