"""The benefits page as plain values: tiles, table, the notice above them. Python only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.eligibility.seen import CoverageSeen, Seen
from ui.eligibility.words import (
    clock_words,
    day_words,
    inside,
    moment_words,
    not_stated,
    rate_words,
    service_words,
    when_words,
)
from ui.words import say
from workstation.eligibility.codes import INSURANCE_TYPES
from workstation.eligibility.glance import Glance, Tile, benefits_at_a_glance
from workstation.eligibility.service_types import PLAN, service_types
from workstation.estimates.from_benefits import CopayQuestion
from workstation.interview.model import PageId
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
class Cell:
    """A figure of the table and the payer's rows behind it; no rows: nothing to open."""

    words: str
    known: bool = True
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One service type on one side of the network, or on both where the payer says the same."""

    service: str
    copay: Cell
    coinsurance: Cell
    deductible: Cell
    network: Cell
    today: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""
        return (Cell(self.service), self.copay, self.coinsurance, self.deductible, self.network)


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above the answer. ``go`` is the page of the field to mend, by PageId."""

    level: str
    words: str
    do: str = ""
    go: str = ""
    go_words: str = ""
    ask: bool = False
    """Ask again answers it."""


@dataclass(frozen=True, slots=True)
class Benefits:
    """One coverage on the page."""

    heading: str
    notice: Notice | None = None
    tiles: tuple[TileWords, ...] = ()
    table: tuple[TableRow, ...] = ()
    remark: str = ""
    may_ask: bool = True
    question: CopayQuestion | None = None


TILES = ("Active?", "Copay today", "Deductible left", "Authorization", "Primary care")


def benefits_of(seen: Seen, place: int, now: datetime) -> Benefits:
    """What the page says of the coverage at a place in paying order."""
    one = seen.coverages[place]
    answer = one.answer
    plan = (answer or {}).get("plan_name") or one.coverage.plan_name or one.coverage.payer_name
    heading = " · ".join(part for part in (str(plan or ""), _asked_words(one, now)) if part)
    notice = _notice(one, now)
    if answer is None:
        return Benefits(heading, notice)
    glance = benefits_at_a_glance(answer, seen.types)
    return Benefits(
        heading,
        notice,
        _tiles(seen, one, glance, first=place == 0),
        table_of(answer, seen.types),
        _remark(glance, seen),
        question=_question(seen) if place == 0 else None,
    )


# Heading and notice


def _asked_words(one: CoverageSeen, now: datetime) -> str:
    if one.check is None:
        return ""
    asked, answered = one.check["asked_at"], one.check["answered_at"]
    words = say("asked {time}", time=moment_words(asked, now))
    if not answered:
        return words
    took = max(1, round((from_iso(answered) - from_iso(asked)).total_seconds()))
    if took >= 120:
        return say("{asked}, answered {time}", asked=words, time=clock_words(answered))
    return say("{asked}, answered in {n} s", asked=words, n=took)


def _notice(one: CoverageSeen, now: datetime) -> Notice | None:
    last = one.last
    if one.state == "none" or last is None:
        return Notice("info", say("This payer was not asked yet."), ask=True)
    if one.state == "asked":
        words = say("Asking since {time}.", time=moment_words(last["asked_at"], now))
        do = say("You can go on; the answer comes in by itself.")
        if one.answer is not None:
            do = say("Below is the answer of {day}.", day=_answered_on(one))
        return Notice("wait", words, do)
    if one.state == "rejected":
        return _rejected(last)
    if one.state == "not_answered":
        words = say("The payer has not answered. That does not mean the coverage ended.")
        return Notice("warn", words, say(str(last["say"] or "")), ask=True)
    if one.old:
        words = say("This answer is of {day}.", day=_answered_on(one))
        return Notice("warn", words, say("Benefits may have changed since: ask again."), ask=True)
    return None


def _answered_on(one: CoverageSeen) -> str:
    check = one.check or {}
    moment = check.get("answered_at") or check.get("asked_at")
    return day_words(from_iso(moment).astimezone().date()) if moment else not_stated()


_PAGES = {
    "payer_id": PageId.COVERAGE,
    "member_id": PageId.COVERAGE,
    "group_number": PageId.COVERAGE,
    "plan_name": PageId.COVERAGE,
    "relation": PageId.COVERAGE,
    "last": PageId.IDENTITY,
    "first": PageId.IDENTITY,
    "dob": PageId.IDENTITY,
    "sex": PageId.IDENTITY,
    "mbi": PageId.COVERAGE,
}
_FIELDS = {
    "payer_id": "payer",
    "member_id": "member ID",
    "group_number": "group number",
    "last": "last name",
    "first": "first name",
    "dob": "date of birth",
    "sex": "sex",
}


def _rejected(last: Mapping[str, Any]) -> Notice:
    """The payer refused the question: the one thing to mend, and the way to it."""
    rejections = last["rejections"] or ()
    field = next((str(one["field"]) for one in rejections if one.get("field")), "")
    plain = field.rpartition(".")[2].removeprefix("subscriber_")
    page = PageId.COVERAGE if field != plain else _PAGES.get(plain)
    words = say("The payer did not take the question.")
    if page is None:
        return Notice("stop", words, say(str(last["say"] or "")), ask=True)
    name = say(_FIELDS.get(plain, plain.replace("_", " ")))
    go_words = say("Correct the {field}", field=name)
    return Notice("stop", words, say(str(last["say"] or "")), str(page), go_words, ask=True)


# Tiles


def _tiles(seen: Seen, one: CoverageSeen, glance: Glance, *, first: bool) -> tuple[TileWords, ...]:
    return (
        _active(one.answer or {}, glance.active),
        _copay(seen, glance.copay, first=first),
        _deductible(glance.deductible),
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


def _deductible(tile: Tile) -> TileWords:
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
    return TileWords(_stated(tile), note, "text", met, tile.rows)


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


# Table


def table_of(answer: Mapping[str, Any], types: Iterable[str]) -> tuple[TableRow, ...]:
    """Every service type that says something of its own, today's first, then by name."""
    summary = answer["summary"]
    wanted = [code for code in types if code in summary and code != PLAN]
    # Today's mark stands at the nearest service type of the visit that the payer speaks of.
    nearest = next((code for code in wanted if _says_more(summary[code])), None)
    label = service_types().label
    rest = sorted((c for c in summary if c not in wanted), key=lambda c: (c != PLAN, label(c)))
    plan = {side: (summary.get(PLAN) or {}).get(side) or {} for side in ("in", "out")}
    rows: list[TableRow] = []
    for code in (*wanted, *rest):
        rows += _rows_of(code, summary[code], plan, today=code == nearest)
    return tuple(rows)


def _says_more(sides: Mapping[str, Any]) -> bool:
    return any(_says_something(sides[side]) for side in ("in", "out"))


def _says_something(side: Mapping[str, Any]) -> bool:
    """More than what every service takes over from the plan."""
    torn = any(not one.get("from_plan") for one in side["conflicts"])
    own = side["copay"] is not None or side["coinsurance_bp"] is not None
    return own or torn or side.get("status") in ("not_covered", "inactive")


def _rows_of(
    code: str, sides: Mapping[str, Any], plan: Mapping[str, Mapping[str, Any]], *, today: bool
) -> list[TableRow]:
    made = []
    for side in ("in", "out"):
        own = sides[side]
        if _says_something(own) or (code == PLAN and _limit(own)["total"] is not None):
            made.append(_row(code, own, plan[side], side, today=today and side == "in"))
    if len(made) == 2 and [c.words for c in made[0].cells[:4]] == [
        c.words for c in made[1].cells[:4]
    ]:
        one = made[0]
        both = Cell(say("in and out"), True, one.network.rows)
        return [TableRow(one.service, one.copay, one.coinsurance, one.deductible, both, one.today)]
    return made


def _row(
    code: str, side: Mapping[str, Any], plan: Mapping[str, Any], network: str, *, today: bool
) -> TableRow:
    return TableRow(
        service=service_words([code]),
        copay=_figure(side, "copay", dollars),
        coinsurance=_figure(side, "coinsurance_bp", rate_words),
        deductible=_deductible_applies(side, plan),
        network=Cell(say(network), True, tuple(side["rows"])),
        today=today,
    )


def _figure(side: Mapping[str, Any], measure: str, words: Any) -> Cell:
    name = measure.removesuffix("_bp")
    torn = [one for one in side["conflicts"] if one["measure"].startswith(name)]
    if torn:
        values = torn[0]["values"]
        amounts = sorted({value["amount"] for value in values if value["amount"] is not None})
        rows = tuple(dict.fromkeys(value["row"] for value in values))
        return Cell(say(" or ").join(words(amount) for amount in amounts), True, rows)
    if side["status"] == "not_covered":
        return Cell(say("not covered"), True, tuple(side["rows"]))
    if side[measure] is None:
        return Cell(not_stated(), known=False)
    sources = side.get("sources") or {}
    rows = tuple(sources.get(name) or sources.get(measure) or side["rows"])
    return Cell(words(side[measure]), True, rows)


def _limit(side: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (side.get("deductible") or {}).get("individual") or {}
    return found or {"total": None, "met": None, "remaining": None}


def _deductible_applies(side: Mapping[str, Any], plan: Mapping[str, Any]) -> Cell:
    own, whole = _limit(side), _limit(plan)
    rows = tuple(
        dict.fromkeys(
            row
            for name, found in (side.get("sources") or {}).items()
            if name.startswith("deductible.individual")
            for row in found
        )
    )
    if own["total"] == 0:
        return Cell(say("no"), True, rows)
    if side["copay"] and side["coinsurance_bp"] is None:
        # A copay alone: the plan's deductible is known, but nobody said that it counts here.
        return Cell(not_stated(), known=False)
    if own["remaining"] == 0:
        return Cell(say("met"), True, rows)
    if own["remaining"] is not None and own != whole:
        return Cell(say("{amount} left", amount=dollars(own["remaining"])), True, rows)
    if own["remaining"] is not None:
        return Cell(say("yes, {amount} left", amount=dollars(own["remaining"])), True, rows)
    if own["total"] is not None:
        return Cell(say("yes"), True, rows)
    return Cell(not_stated(), known=False)


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
    notice = _notice(one, now)
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
    return active.tone, first, rest
