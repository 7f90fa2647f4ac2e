"""The benefits page as plain values: tiles, table, the notice above them. Python only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.eligibility.benefit_rows import TableRow, table_of
from ui.eligibility.differences import DifferenceLine, difference_lines
from ui.eligibility.notices import Notice, notice_of
from ui.eligibility.seen import CoverageSeen, Seen
from ui.eligibility.words import (
    clock_words,
    day_words,
    inside,
    moment_words,
    service_words,
    when_words,
)
from ui.words import say
from workstation.eligibility.codes import INSURANCE_TYPES
from workstation.eligibility.glance import Glance, Tile, benefits_at_a_glance
from workstation.estimates.from_benefits import CopayQuestion
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars

_SETTINGS = {"primary_care": "primary care", "specialist": "a specialist"}
_HEALTH_PLAN_DOCTOR = frozenset({"HMO", "POS"})
"""Plans that go by a primary care doctor and referrals."""


@dataclass(frozen=True, slots=True)
class TileWords:
    """One tile: its answer, a note, and the payer's rows behind it."""

    answer: str
    note: str = ""
    tone: str = "text"
    met: tuple[int, int] | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefits:
    """One coverage on the page."""

    heading: str
    notice: Notice | None = None
    tiles: tuple[TileWords, ...] = ()
    table: tuple[TableRow, ...] = ()
    remark: str = ""
    differences: tuple[DifferenceLine, ...] = ()
    question: CopayQuestion | None = None


TILES = ("Active?", "Copay today", "Deductible left", "Authorization", "Primary care")


def benefits_of(seen: Seen, place: int, now: datetime) -> Benefits:
    """What the page says of the coverage at a place in paying order."""
    one = seen.coverages[place]
    answer = one.answer
    plan = (answer or {}).get("plan_name") or one.coverage.plan_name or one.coverage.payer_name
    heading = " · ".join(part for part in (str(plan or ""), _asked_words(one, now)) if part)
    notice = notice_of(one, now)
    if answer is None:
        return Benefits(heading, notice)
    glance = benefits_at_a_glance(answer, seen.types)
    return Benefits(
        heading,
        notice,
        _tiles(seen, one, glance, first=place == 0),
        table_of(answer, seen.types),
        _remark(glance, seen),
        difference_lines(one),
        question=_question(seen) if place == 0 else None,
    )


# Heading


def _asked_words(one: CoverageSeen, now: datetime) -> str:
    if one.check is None:
        return ""
    if one.check["connector"] in ("phone", "portal"):
        return _told_words(one, now)
    asked, answered = one.check["asked_at"], one.check["answered_at"]
    words = say("asked {time}", time=moment_words(asked, now))
    if not answered:
        return words
    took = max(1, round((from_iso(answered) - from_iso(asked)).total_seconds()))
    if took >= 120:
        return say("{asked}, answered {time}", asked=words, time=clock_words(answered))
    return say("{asked}, answered in {n} s", asked=words, n=took)


def _told_words(one: CoverageSeen, now: datetime) -> str:
    """Who told it where no payer's system did: ``told by phone 14:02, Ana R., reference 77``."""
    check = one.check or {}
    row = next((row for row in one.contacts if row["check_id"] == check["id"]), None)
    how = say("told by phone") if check["connector"] == "phone" else say("seen in the portal")
    words = [f"{how} {moment_words(check['asked_at'], now)}"]
    if row is not None and row["with_whom"]:
        words.append(str(row["with_whom"]))
    if row is not None and row["reference"]:
        words.append(say("reference {no}", no=row["reference"]))
    return ", ".join(words)


# Tiles


def _tiles(seen: Seen, one: CoverageSeen, glance: Glance, *, first: bool) -> tuple[TileWords, ...]:
    return (
        _active(one.answer or {}, glance.active),
        _copay(seen, glance.copay, first=first),
        _deductible(glance.deductible, differs=bool(one.differs)),
        _authorization(glance.authorization),
        _primary_care(one, glance.primary_care),
    )


_ACTIVE = {"active": ("Yes", "ok"), "inactive": ("No", "stop"), "partial": ("In part", "warn")}


def _active(answer: Mapping[str, Any], tile: Tile) -> TileWords:
    words, tone = _ACTIVE.get(str(tile.value), ("Not answered", "warn"))
    said = [row for row in answer["rows"] if row["kind"] in ("active", "inactive")]
    note = _only(said) if tile.value == "partial" else ""
    spans = [*(answer.get("dates") or ()), *(span for row in said for span in row["dates"])]
    for span in spans:
        if span["qualifier"] not in ("plan", "eligibility"):
            continue
        if tile.value == "inactive" and span["to"]:
            note = note or say("until {day}", day=day_words(span["to"]))
        elif span["from"]:
            note = note or say("since {day}", day=day_words(span["from"]))
    return TileWords(say(words), note, tone, None, tile.rows)


def _only(said: list[Mapping[str, Any]]) -> str:
    """Which part is active, where the payer tells the parts apart: ``only Medicare Part B``."""
    kinds = {kind: [r["insurance_type"] for r in said if r["kind"] == kind] for kind in _ACTIVE}
    active = [code for code in kinds["active"] if code and code not in kinds["inactive"]]
    names = [say(INSURANCE_TYPES.get(code, code)) for code in dict.fromkeys(active)]
    return say("only {parts}", parts=", ".join(names)) if names else ""


def _copay(seen: Seen, tile: Tile, *, first: bool) -> TileWords:
    """The copay that the estimate counts; while nobody knows which, all of them in words."""
    settled = _settled_copay(seen) if first and tile.conflicts else None
    if settled is not None:
        note = say("chosen at the desk") if seen.chosen else _counts_as(seen)
        return TileWords(dollars(settled), note, rows=tile.rows)
    if tile.conflicts:
        return TileWords(tile.say, say("choose which applies"), "warn", None, tile.rows)
    if tile.value is None:
        return TileWords(_stated(tile), say("the payer names none"))
    return TileWords(tile.say, inside(service_words([tile.service_type])), rows=tile.rows)


def _settled_copay(seen: Seen) -> int | None:
    money = seen.money
    built = money.built if money is not None else None
    if built is None or built.case is None or built.questions or not built.case.services:
        return None
    return built.case.services[0].copay


def _counts_as(seen: Seen) -> str:
    """``Dr. Patel counts as primary care``: why this copay and no other."""
    setting = _SETTINGS.get(seen.setting)
    if setting is None or not seen.clinician:
        return say("as this visit is billed")
    title, _, name = seen.clinician.partition(" ")
    short = f"{title} {name.split()[-1]}" if title == "Dr." and name else seen.clinician
    return say("{who} counts as {kind}", who=short, kind=say(setting))


def _deductible(tile: Tile, *, differs: bool) -> TileWords:
    if tile.conflicts:
        return TileWords(say(tile.say), say("open the payer's rows"), "warn", None, tile.rows)
    if tile.value is None and tile.total is None:
        return TileWords(_stated(tile), say("the payer names none"))
    met = None
    if tile.total:
        done = tile.met if tile.met is not None else None
        if done is None and isinstance(tile.value, int):
            done = tile.total - tile.value
        met = (done, tile.total) if done is not None else None
    note = say("of {total}", total=dollars(tile.total)) if tile.total is not None else ""
    if tile.total == 0:
        note = say("the plan has none")
    if differs:
        note = say("{words}: not this year's", words=note)
    return TileWords(_stated(tile), note, "warn" if differs else "text", met, tile.rows)


def _authorization(tile: Tile) -> TileWords:
    if tile.value == "yes":
        return TileWords(say("Needed"), say("look for its number"), "warn", None, tile.rows)
    if tile.value == "no":
        return TileWords(say("Not needed"), say("the payer says"), "text", None, tile.rows)
    if tile.conflicts:
        return TileWords(say("Depends"), say("open the payer's rows"), "warn", None, tile.rows)
    return TileWords(say("Not stated"), say("ask the payer, do not guess"), "warn")


def _primary_care(one: CoverageSeen, tile: Tile) -> TileWords:
    plan_type = (one.coverage.plan_type or "").upper()
    if plan_type in _HEALTH_PLAN_DOCTOR:
        note = say("{plan}: look for a referral", plan=plan_type)
    else:
        note = say("{plan}: none needed", plan=plan_type) if plan_type == "PPO" else ""
    if not tile.rows and tile.value is None:
        return TileWords(say("Not stated"), note or say("the payer names nobody"))
    return TileWords(tile.say, note, rows=tile.rows)


def _stated(tile: Tile) -> str:
    words = say(tile.say)
    return words[:1].upper() + words[1:]


def _remark(glance: Glance, seen: Seen) -> str:
    if glance.authorization.value in ("yes", "no") or glance.authorization.conflicts:
        return ""
    service = inside(service_words(seen.types[:1]))
    return say("The payer's answer has no authorization row for {service}.", service=service)


# The choice of a copay


def _question(seen: Seen) -> CopayQuestion | None:
    money = seen.money
    built = money.built if money is not None else None
    return built.questions[0] if built is not None and built.questions else None


def choices_of(question: CopayQuestion) -> tuple[tuple[int, str], ...]:
    """Each copay once, with the payer's words that tell it from the others."""
    words: dict[int, list[str]] = {}
    for choice in question.choices:
        words.setdefault(choice.amount, []).append(when_words(choice.when))
    made = []
    for amount, when in sorted(words.items()):
        told = "; ".join(dict.fromkeys(part for part in when if part))
        made.append((amount, told or say("the payer says no more")))
    return tuple(made)


def answer_line(seen: Seen, place: int, now: datetime) -> tuple[str, str, str]:
    """The payer's word in one line: (tone, first words, the rest)."""
    one = seen.coverages[place]
    notice = notice_of(one, now)
    if notice is not None:
        tone = {"wait": "muted", "info": "muted"}.get(notice.level, notice.level)
        return tone, notice.words, notice.do if notice.level == "stop" else ""
    found = benefits_of(seen, place, now)
    active, copay = found.tiles[0], found.tiles[1]
    first = {"ok": say("Active today."), "stop": say("Not active today.")}.get(
        active.tone, active.answer + "."
    )
    rest = ""
    if active.tone == "ok" and copay.answer.startswith("$"):
        rest = say("Copay today {copay}: {why}.", copay=copay.answer, why=copay.note)
    if found.differences:
        rest = f"{rest} {found.differences[0].words}".strip()
    return active.tone, first, rest
