"""What a scan says about each question, beside what stands there: plain Python, no window.

Nothing here answers a question for good. A value read surely goes into an empty field of the draft
and is accepted with the page; everything else waits for a person's Ctrl+Enter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ui.words import say
from workstation.capture.card_model import Box, CardReading, Doubt
from workstation.capture.licence_model import Licence
from workstation.eligibility.comparing import compare
from workstation.interview import options
from workstation.interview.model import Draft, Said
from workstation.interview.paths import get
from workstation.interview.typed import shown_date
from workstation.kernel.money import dollars

_TIDY = re.compile(r"[^A-Z0-9]")


class Standing(StrEnum):
    """How a reading stands to the answer of now."""

    SAME = "same"
    """The field says what the scan says."""
    EMPTY = "empty"
    """The field is open, the scan fills it."""
    OTHER = "other"
    """The field says something else."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value from a scan for one question. ``sure`` is 0 to 1; ``side`` -1 stands nowhere."""

    key: str
    value: str
    source: str
    """``card`` or ``licence``."""
    sure: float = 1.0
    look: bool = False
    """A person has to compare it with the card first: never put into the draft unasked."""
    doubts: tuple[Doubt, ...] = ()
    others: tuple[str, ...] = ()
    side: int = -1
    box: Box | None = None
    offered: bool = True
    """False where it only tells a difference: the licence may be another person's."""

    def standing(self, draft: Draft) -> Standing:
        """How it stands to the draft of now."""
        now = get(draft, self.key)
        if now in ("", (), None) or now is Said.OPEN:
            return Standing.EMPTY
        return Standing.SAME if same(self.key, str(now), self.value) else Standing.OTHER

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return in_words(self.key, self.value)


def same(key: str, one: str, other: str) -> bool:
    """Whether two answers say the same: case, spaces and punctuation are no difference."""
    if key.endswith(".zip"):
        return one[:5] == other[:5]
    if key in _NAMES or key.endswith(("street", "city", "payer_name", "plan_name")):
        return comparable(one) == comparable(other)
    return _TIDY.sub("", one.upper()) == _TIDY.sub("", other.upper())


_CHOICES = {
    "relation": options.COVERAGE_RELATION,
    "payer_kind": options.PAYER_KIND,
    "sex": options.SEX,
    "identified_by": options.IDENTIFIED_BY,
}


def in_words(key: str, value: str) -> str:
    """An answer as people read it: dates formed, codes as their words."""
    for option in _CHOICES.get(key.rpartition(".")[2], ()):
        if option.code == value:
            return say(option.label)
    return shown_date(value)


def comparable(text: str) -> str:
    """Letters and digits without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


_NAMES = frozenset({"identity.last", "identity.first", "identity.middle", "identity.suffix"})


def from_card(reading: CardReading, place: int, draft: Draft) -> tuple[Suggestion, ...]:
    """Suggestions for the coverage at a place, in the order of its questions."""
    at = f"coverages.items.{place}."
    if reading.plan_type == "RX_ONLY":
        return ()  # it pays at the pharmacy, not for a visit
    day = reading.effective_date.isoformat() if reading.effective_date else None
    told: list[tuple[str, str, str | None]] = [
        ("payer_name", "payer", reading.payer_name),
        ("member_id", "member_id", reading.member_id),
        ("group_number", "group_number", reading.group_number),
        ("payer_kind", "plan_type", _KINDS.get(reading.plan_type or "")),
        ("plan_name", "plan_name", reading.plan_name),
        ("from_date", "effective_date", day),
    ]
    found = [_of_card(reading, at + field, name, value) for field, name, value in told if value]
    found += _holder(reading, at, draft, place)
    return tuple(found)


_KINDS = {
    **dict.fromkeys(("PPO", "HMO", "EPO", "POS", "HDHP"), "commercial"),
    "MEDICARE": "medicare",
    "MEDICARE_ADVANTAGE": "medicare_advantage",
    "MEDICAID": "medicaid",
    "TRICARE": "tricare",
}
"""The kind of payer that a plan's type on a card means; a pharmacy card pays for no visit."""


def _of_card(reading: CardReading, key: str, name: str, value: str) -> Suggestion:
    where = reading.evidence.get(name)
    doubts = where.doubts if where is not None else ()
    others = tuple(swapped(value, doubt) for doubt in doubts)
    if name == "payer":
        others = tuple(c.name for c in reading.payer_candidates if c.name != value)[:3]
    return Suggestion(
        key=key,
        value=value,
        source="card",
        sure=reading.confidence.get(name, 0.0),
        look=name in reading.review or bool(doubts),
        doubts=doubts,
        others=tuple(dict.fromkeys(others)),
        side=where.side if where is not None else -1,
        box=where.box if where is not None else None,
    )


def swapped(value: str, doubt: Doubt) -> str:
    """The value with the other character at a doubt; places count letters and digits only."""
    at = place_of(value, doubt)
    return value if at is None else value[:at] + doubt.could_be + value[at + 1 :]


def place_of(value: str, doubt: Doubt) -> int | None:
    """Where in the value as written a doubt stands."""
    places = [n for n, char in enumerate(value) if char.isalnum()]
    return places[doubt.position] if doubt.position < len(places) else None


def _holder(reading: CardReading, at: str, draft: Draft, place: int) -> list[Suggestion]:
    """Whose card it is: the patient's own, or the name of who holds it."""
    if not reading.member_name:
        return []
    first, last = _two_names(reading.member_name)
    who = draft.identity
    own = comparable(last) == comparable(who.last) and comparable(first) == comparable(
        who.first.split(" ")[0]
    )
    items = draft.coverages.items
    relation = items[place].relation if place < len(items) else ""
    if own:
        return [_of_card(reading, at + "relation", "member_name", "self")]
    if relation in ("", "self") or not last:
        return []  # the person says who holds it; a dependent's card may name the patient only
    names = (("subscriber.last", last), ("subscriber.first", first))
    return [_of_card(reading, at + key, "member_name", name) for key, name in names]


def name_on_card(reading: CardReading, draft: Draft) -> str:
    """The member's name where it is not the patient's; empty otherwise."""
    if not reading.member_name:
        return ""
    first, last = _two_names(reading.member_name)
    who = draft.identity
    named = (
        comparable(last) == comparable(who.last)
        and comparable(first)[:1] == comparable(who.first)[:1]
    )
    return "" if named or not who.last else f"{first} {last}"


def _two_names(full: str) -> tuple[str, str]:
    """First and last name of ``MARIA E OKAFOR-DIAZ`` or ``OKAFOR-DIAZ, MARIA E``."""
    if "," in full:
        last, _, rest = full.partition(",")
        given = rest.split()
        return (as_name(given[0]) if given else "", as_name(last.strip()))
    parts = [p for p in full.split() if p.upper().strip(".") not in ("JR", "SR", "II", "III", "IV")]
    if not parts:
        return "", ""
    middle = parts[1:-1]
    start = 1 + sum(1 for part in middle if len(part.strip(".")) == 1)
    last = " ".join(parts[start:]) if len(parts) > 1 else ""
    return as_name(parts[0]), as_name(last)


def as_name(text: str) -> str:
    """A name printed in capitals as people write it; one that is not stays as it is."""
    if text != text.upper():
        return text
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), text)


def beside_card(reading: CardReading, locked: bool) -> tuple[str, ...]:
    """What else the card says that no question asks: pharmacy, copays, doctor, phones.

    ``locked``: nothing of money is told while the emergency lock holds (42 CFR 489.24(d)(4)).
    """
    told = []
    rx = [part for part in (reading.rx_bin, reading.rx_pcn, reading.rx_group) if part]
    if rx:
        told.append(say("Pharmacy (BIN, PCN, group): {rx}", rx=" · ".join(rx)))
    if reading.copays and not locked:
        amounts = copays_in_words(reading)
        if any(name.startswith("copays") for name in reading.review):
            amounts += f" ({say('compare')})"
        told.append(say("Copays printed: {amounts}", amounts=amounts))
    if reading.pcp_name:
        told.append(say("Primary care: {name}", name=reading.pcp_name))
    if reading.dependents:
        told.append(say("Also named: {names}", names=", ".join(reading.dependents)))
    return tuple(told)


_COPAYS = {"pcp": "PCP", "specialist": "specialist", "urgent_care": "urgent care", "er": "ER"}


def _place(kind: str) -> int:
    return list(_COPAYS).index(kind) if kind in _COPAYS else len(_COPAYS)


def copays_in_words(reading: CardReading) -> str:
    """``PCP $15 · specialist $35``: as printed, which is not what the payer says."""
    return " · ".join(
        f"{say(_COPAYS.get(kind, kind))} {dollars(cents).removesuffix('.00')}"
        for kind, cents in sorted(reading.copays.items(), key=lambda one: _place(one[0]))
    )


# Licences


def from_licence(licence: Licence, draft: Draft) -> tuple[Suggestion, ...]:
    """Suggestions for who it is and where they live, of what the barcode says for certain.

    A name that the card cut short is no suggestion for a field that holds the longer one.
    """
    street = " ".join(part for part in (licence.street, licence.street2) if part)
    told = [
        ("identity.last", as_name(licence.last_name or "")),
        ("identity.first", as_name(licence.first_name or "")),
        ("identity.middle", as_name(licence.middle_name or "")),
        ("identity.suffix", as_name(licence.suffix or "")),
        ("identity.dob", licence.birth_date.isoformat() if licence.birth_date else ""),
        ("identity.sex", licence.sex or ""),
        ("address.street", as_name(street)),
        ("address.zip", _zip(licence.zip or "")),
        ("address.city", as_name(licence.city or "")),
        ("address.state", licence.state or ""),
    ]
    found = [Suggestion(key, value, "licence") for key, value in told if value]
    found = [one for one in found if not _cut_short(one, licence, draft)]
    if not draft.identity.identified_by:
        found.append(Suggestion("identity.identified_by", "photo_id", "licence"))
    return tuple(found)


def other_address(licence: Licence, draft: Draft) -> str:
    """The address of a licence where the chart holds another; empty where it fits or is open."""
    found = {one.key: one for one in from_licence(licence, draft)}
    differing = [
        key
        for key in ("address.street", "address.zip")
        if key in found and found[key].standing(draft) is Standing.OTHER
    ]
    parts = ("address.street", "address.city", "address.state", "address.zip")
    return ", ".join(found[key].value for key in parts if key in found) if differing else ""


def only_told(found: tuple[Suggestion, ...], draft: Draft) -> tuple[Suggestion, ...]:
    """What differs of who it is, told and not offered: one key must not make two people one."""
    who = ("identity.last", "identity.first", "identity.dob")
    return tuple(
        replace(one, offered=False)
        for one in found
        if one.key in who and one.standing(draft) is Standing.OTHER
    )


def _zip(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 9 and digits[5:] != "0000":
        return f"{digits[:5]}-{digits[5:]}"
    return digits[:5] if len(digits) >= 5 else ""


def _cut_short(one: Suggestion, licence: Licence, draft: Draft) -> bool:
    """``CHRISTOPH`` of a card says nothing against ``Christopher`` of the chart."""
    part = one.key.removeprefix("identity.")
    now = comparable(str(get(draft, one.key)))
    said = comparable(one.value)
    short = licence.truncated.get(part) is not False or part == "middle"
    return bool(now) and now != said and short and now.startswith(said)


def other_person(licence: Licence, draft: Draft) -> str:
    """Why the licence may be another person's than the open chart; empty where it fits.

    Compares what this chart says already: an empty chart is nobody else's.
    """
    told = {one.key: one for one in from_licence(licence, draft)}
    parts = (
        ("identity.last", say("last name")),
        ("identity.first", say("first name")),
        ("identity.dob", say("birth date")),
    )
    differing = [
        words for key, words in parts if key in told and told[key].standing(draft) is Standing.OTHER
    ]
    if not differing:
        return ""
    return say(
        "The licence is of {name}, born {born}. Not as in this chart: {parts}.",
        name=name_of(licence),
        born=shown_date(licence.birth_date.isoformat()) if licence.birth_date else say("not said"),
        parts=", ".join(differing),
    )


def name_of(licence: Licence) -> str:
    """First and last name of a licence."""
    return " ".join(as_name(p) for p in (licence.first_name, licence.last_name) if p)


def find_words(licence: Licence) -> str:
    """What to type into Find for the person of a licence."""
    born = f"{licence.birth_date:%m/%d/%Y}" if licence.birth_date else ""
    names = (as_name(licence.last_name or ""), as_name(licence.first_name or ""))
    return " ".join(part for part in (*names, born) if part)


# Beside the payer


def payer_says(answer: Mapping[str, Any] | None, key: str) -> str:
    """The payer's own value for a question of a coverage, of its last answer; empty if unsaid."""
    if not answer:
        return ""
    patient, holder = answer.get("patient") or {}, answer.get("subscriber") or {}
    said = {
        "member_id": holder.get("member_id") or patient.get("member_id"),
        "group_number": patient.get("group_number") or holder.get("group_number"),
        "plan_name": answer.get("plan_name"),
    }.get(key.rpartition(".")[2])
    return str(said or "")


def payer_agrees(one: Suggestion, answer: Mapping[str, Any] | None) -> bool | None:
    """Whether the payer says what the card says: True or False, None where it says nothing."""
    if not answer or not payer_says(answer, one.key):
        return None
    field = one.key.rpartition(".")[2]
    found = compare({}, {field: one.value}, answer)
    return all(difference.field != field for difference in found)


def open_ones(suggestions: tuple[Suggestion, ...], draft: Draft) -> dict[str, str]:
    """The answers that may go into the draft unasked: sure ones, for questions still open."""
    return {
        one.key: one.value
        for one in suggestions
        if not one.look and one.standing(draft) is Standing.EMPTY
    }


def words_for(
    one: Suggestion, draft: Draft, answer: Mapping[str, Any] | None, decided: bool
) -> tuple[str, str]:
    """(level, words) to stand under the question. "Agree" only where two sources say the same.

    ``decided``: a person answered after the scan, whatever the scan said.
    """
    standing = one.standing(draft)
    if standing is Standing.SAME:
        return _same_words(one, answer)
    if standing is Standing.OTHER:
        if decided and str(get(draft, one.key)) in one.others:
            return "info", say("as you read the card")
        if not one.offered:
            return "warn", say("the licence says {value}", value=one.shown)
        words = (
            say("the card says {value}: Ctrl+Enter takes it", value=one.shown)
            if one.source == "card"
            else say("the licence says {value}: Ctrl+Enter takes it", value=one.shown)
        )
        return ("info" if decided else "warn"), words
    if one.doubts:
        doubt = one.doubts[0]
        return "warn", say(
            "{one} or {other}? Compare: Ctrl+Enter takes it, Ctrl+Space for others",
            one=doubt.read,
            other=doubt.could_be,
        )
    if one.look:
        return "warn", say("not clear: compare with the card, Ctrl+Enter takes it")
    return "info", say("the scan says {value}: Ctrl+Enter takes it", value=one.shown)


def _same_words(one: Suggestion, answer: Mapping[str, Any] | None) -> tuple[str, str]:
    agrees = payer_agrees(one, answer)
    if agrees:
        return "ok", say("card and payer agree")
    if agrees is False:
        payer = payer_says(answer, one.key)
        return "warn", say("as on the card; the payer says {value}", value=payer)
    if one.key == "identity.identified_by":
        return "info", say("a licence was scanned")
    if one.source == "licence":
        return "info", say("as on the licence")
    if one.look:
        return "info", say("from the card, compared by you")
    return "info", say("from the card, clear")


def percent(one: Suggestion) -> int:
    """How sure, in whole percent; never a round hundred, which nothing read from a picture is."""
    return min(99, max(1, round(one.sure * 100)))


def edited_place(draft: Draft) -> int:
    """The coverage that a card is scanned for where no field says it: the first without a number,
    else the first."""
    for place, item in enumerate(draft.coverages.items):
        if not item.dropped and not item.member_id:
            return place
    return 0
