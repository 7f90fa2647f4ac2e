"""Today's answer beside the stored coverage and the card: each difference with one fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workstation.kernel.phrases import phrase


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs. ``field`` is the key of the registration field to open."""

    field: str
    stored: str | None
    card: str | None
    payer: str | None
    say: str
    fix: str


_PERSON = (
    ("last", "Last name"),
    ("first", "First name"),
    ("dob", "Date of birth"),
    ("sex", "Sex"),
)
_ADDRESS = (("street", "Street"), ("city", "City"), ("state", "State"), ("zip", "ZIP code"))


def compare(
    coverage: Mapping[str, Any],
    card: Mapping[str, Any] | None,
    answer: Mapping[str, Any],
    person: Mapping[str, Any] | None = None,
    others: Sequence[Mapping[str, Any]] = (),
) -> tuple[Difference, ...]:
    """Differences between the stored coverage, the card as read, and the benefit model.

    What a source does not say is no difference; punctuation and case are none either. The payer's
    word on ids and names is what a claim is paid by, so the fix is to take it over; an address is
    the patient's to tell, so there the fix is to ask. ``person`` adds name, birth date, address;
    ``others`` are the person's other coverages: a payer among them is no news.
    """
    card = card or {}
    found: list[Difference] = []
    payer = {
        "member_id": answer["subscriber"].get("member_id") or answer["patient"].get("member_id"),
        "group_number": answer["patient"].get("group_number")
        or answer["subscriber"].get("group_number"),
        "plan_name": answer.get("plan_name"),
    }
    for key, label in (
        ("member_id", "Member id"),
        ("group_number", "Group number"),
        ("plan_name", "Plan"),
    ):
        found += _difference(key, label, coverage.get(key), card.get(key), payer[key])
    for key, label in _PERSON if person else ():
        found += _difference(key, label, (person or {}).get(key), None, answer["patient"].get(key))
    for key, label in _ADDRESS if person else ():
        found += _address(key, label, (person or {}).get(key), answer["patient"].get(key))
    found += _coverage_facts(coverage, answer, others)
    return tuple(found)


def _difference(
    key: str, label: str, stored: object, card: object, payer: object
) -> list[Difference]:
    told = [_plain(value) for value in (stored, card, payer) if _plain(value)]
    if len(set(told)) < 2 or (key == "zip" and len({value[:5] for value in told}) < 2):
        return []
    if key == "first" and len({value[: min(map(len, told))] for value in told}) < 2:
        return []  # a payer that keeps no second given name says nothing against it
    if _plain(payer):
        words = "{field}: the payer has another value than {holder}."
        say = phrase(words, field=phrase(label), holder=phrase(_holder(stored, card, payer)))
        fix = "Take over what the payer has, after a look at the card."
    else:
        say = phrase("{field}: the card has another value than the record.", field=phrase(label))
        fix = "Take over what the card says, then ask the payer again."
    return [Difference(key, _text(stored), _text(card), _text(payer), say, fix)]


def _holder(stored: object, card: object, payer: object) -> str:
    names = [
        name
        for name, value in (("the record", stored), ("the card", card))
        if _plain(value) and _plain(value) != _plain(payer)
    ]
    return " and ".join(names)


def _address(key: str, label: str, stored: object, payer: object) -> list[Difference]:
    ours, theirs = _plain(stored), _plain(payer)
    if not ours or not theirs or ours == theirs or (key == "zip" and ours[:5] == theirs[:5]):
        return []
    return [
        Difference(
            key,
            _text(stored),
            None,
            _text(payer),
            phrase("{field}: the payer has another one than the record.", field=phrase(label)),
            "Ask the patient which is right; the payer's may be old.",
        )
    ]


def _is_known(party: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a payer that the answer names is among the person's coverages by id or name."""
    id, name = _plain(party.get("id")), _plain(party.get("name"))
    return any(
        (id and _plain(one.get("payer_id")) == id)
        or (name and name in (_plain(one.get("payer_name")), _plain(one.get("plan_name"))))
        for one in others
    )


def _coverage_facts(
    coverage: Mapping[str, Any], answer: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    found: list[Difference] = []
    managed = answer.get("managed_care")
    if managed is not None and not _is_known(managed, others):
        found.append(
            Difference(
                "payer_id",
                _text(coverage.get("payer_id")),
                None,
                _text(managed.get("id") or managed.get("name")),
                "Another plan manages this coverage.",
                phrase(
                    "Add {plan} as the coverage to bill, and ask it.",
                    plan=managed.get("name") or phrase("that plan"),
                ),
            )
        )
    known = list(others)
    if managed is not None:  # the same plan is often named as another payer too
        known.append({"payer_id": managed.get("id"), "payer_name": managed.get("name")})
    for other in answer.get("other_payers") or ():
        if _is_known(other, known):
            continue
        found.append(
            Difference(
                "order",
                _text(coverage.get("order")),
                None,
                _text(other.get("name")),
                "The payer knows of another payer.",
                phrase(
                    "Ask about {payer} and settle who pays first.",
                    payer=other.get("name") or phrase("the other payer"),
                ),
            )
        )
    if answer["status"] == "inactive":
        ends = [span["to"] for span in answer["dates"] if span["to"]]
        found.append(
            Difference(
                "to",
                _text(coverage.get("to")),
                None,
                ends[0] if ends else None,
                "The payer says that this coverage is not active.",
                "Ask for another card, or call the payer before changing anything.",
            )
        )
    return found


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _plain(value: object) -> str:
    return "".join(c for c in str(value or "").casefold() if c.isalnum())
