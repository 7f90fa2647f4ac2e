"""A scan as a state: which sides there are, what is being read, what came of it. No window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ui.capture.suggestions import copays_in_words
from ui.words import say
from workstation.capture.card_model import CardReading
from workstation.capture.licence_model import Licence
from workstation.interview.typed import shown_date
from workstation.kernel.errors import PorticoError

CARD, LICENCE = "card", "licence"
Shares = tuple[tuple[float, float], ...]


class Stage(StrEnum):
    """Where a scan stands."""

    EMPTY = "empty"
    OPENING = "opening"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what was read. ``level``: ok (clear), warn (compare it), or info."""

    label: str
    value: str
    note: str
    level: str
    field: str = ""
    """The field of a card whose place is shown beside it."""


@dataclass(frozen=True, slots=True)
class ScanState:
    """Everything that the scan overlay shows, beside the pictures themselves."""

    kind: str = CARD
    stage: Stage = Stage.EMPTY
    side: int = 0
    """The side in sight: 0 front, 1 back."""
    sides: int = 0
    """How many sides there are."""
    corners: tuple[Shares | None, Shares | None] = (None, None)
    """Corners that a person put; None lets the reader find them."""
    reading: CardReading | Licence | None = None
    words: str = ""
    do: str = ""
    locked: bool = False
    """Emergency: no amount of money is shown."""
    note: str = ""
    """What was taken of a file that holds more."""
    today: date = date.min
    """Of the visit; a licence that ran out before it is told."""

    @property
    def usable(self) -> bool:
        """Whether there is anything to offer to the questions."""
        if isinstance(self.reading, CardReading):
            return not self.reading.not_a_card and bool(rows(self))
        return self.stage is Stage.READ and self.reading is not None

    def found_corners(self, side: int) -> Shares:
        """Corners to draw on a side: a person's, else the reader's."""
        own = self.corners[side]
        if own is not None:
            return own
        reading = self.reading
        if isinstance(reading, CardReading) and side < len(reading.sides):
            return reading.sides[side].corners
        return ()


def opened(kind: str, today: date, locked: bool = False) -> ScanState:
    """A fresh scan."""
    return ScanState(kind=kind, today=today, locked=locked)


def opening(state: ScanState) -> ScanState:
    """Bytes came; they are being opened."""
    return replace(state, stage=Stage.OPENING, words=say("Opening the picture"), do="")


def took(state: ScanState, pages: int, total: int = 1, moving: bool = False) -> ScanState:
    """Pages came for the side in sight; a file of two pages is front and back.

    Of more pages, ``total`` in all, and of a ``moving`` picture it is said what was taken.
    """
    corners = list(state.corners)
    sides = state.sides
    for page in range(pages):
        corners[min(1, state.side + page)] = None
    sides = max(sides, min(2, state.side + pages))
    note = ""
    if total > 2:
        note = say("This file has {n} pages; the first two were taken.", n=total)
    elif moving:
        note = say("This is a moving picture; the first one of it was taken.")
    both = (corners[0], corners[1])
    return replace(state, sides=sides, corners=both, reading=None, note=note)


def reads(state: ScanState) -> ScanState:
    """Reading began."""
    return replace(state, stage=Stage.READING, words="", do="")


def moved(state: ScanState, corners: Shares) -> ScanState:
    """A person put the corners of the side in sight."""
    both = list(state.corners)
    both[state.side] = corners
    return replace(state, corners=(both[0], both[1]))


def turned(state: ScanState) -> ScanState:
    """The side in sight was turned: its corners are to be found anew."""
    both = list(state.corners)
    both[state.side] = None
    return replace(state, corners=(both[0], both[1]))


def came(state: ScanState, reading: CardReading | Licence) -> ScanState:
    """The reading is here: what it is good for, and how to take a better picture."""
    done = replace(state, stage=Stage.READ, reading=reading, words="", do="")
    if isinstance(reading, CardReading):
        return _card_came(done, reading)
    words = " ".join(say(finding.say) for finding in reading.findings[:2])
    do = say("Compare the photo on the licence with the person.")
    return replace(done, words=words or state.note, do=do)


_SAY_ALL = ("blank", "licence")
"""Advice that says by itself why a picture is no card."""


def _card_came(state: ScanState, reading: CardReading) -> ScanState:
    advice = next((a for side in reading.sides for a in side.advice), None)
    told, do = (say(advice["say"]), say(advice["do"])) if advice is not None else ("", "")
    if reading.not_a_card or not rows(state):
        known = advice is not None and advice.get("code") in _SAY_ALL
        what = "" if known else say("This does not look like an insurance card.")
        words = " ".join(part for part in (what, told, state.note) if part)
        other = say("Turn it over, drag the corners to the card, or type the details.")
        return replace(state, stage=Stage.FAILED, words=words, do=do or other)
    if advice is None and len(reading.sides) == 1 and "payer" in reading.review:
        do = say("The back often names the payer: choose Back side and scan it too.")
    return replace(state, words=told or state.note, do=do)


def refused(state: ScanState, error: PorticoError) -> ScanState:
    """It could not be read: why, and what to do."""
    return replace(state, stage=Stage.FAILED, words=say(error.say), do=say(error.do), reading=None)


def verdict(state: ScanState) -> tuple[str, str]:
    """(words, level) of a reading as a whole: how much of it a person has to compare."""
    if isinstance(state.reading, Licence):
        return say("Read from the barcode"), "ok"
    unclear = sum(row.level == "warn" for row in rows(state))
    if unclear == 0:
        return say("Read, all of it clearly"), "ok"
    if unclear == 1:
        return say("Read. One field to compare with the card"), "warn"
    return say("Read. {n} fields to compare with the card", n=unclear), "warn"


def rows(state: ScanState) -> tuple[Row, ...]:
    """What was read, line by line; what has to be compared is said in words."""
    if isinstance(state.reading, CardReading):
        return _card_rows(state.reading, state.locked)
    if isinstance(state.reading, Licence):
        return _licence_rows(state.reading, state.today)
    return ()


def _card_rows(reading: CardReading, locked: bool) -> tuple[Row, ...]:
    day = reading.effective_date.isoformat() if reading.effective_date else ""
    rx = " · ".join(p for p in (reading.rx_bin, reading.rx_pcn, reading.rx_group) if p)
    told = (
        ("Payer", "payer", reading.payer_name),
        ("Plan", "plan_name", reading.plan_name),
        ("Member", "member_name", reading.member_name),
        ("Member ID", "member_id", reading.member_id),
        ("Group number", "group_number", reading.group_number),
        ("In force since", "effective_date", shown_date(day)),
        ("Pharmacy", "rx_bin", rx),
        ("Copays printed", "copays", "" if locked else copays_in_words(reading)),
    )
    return tuple(
        _card_row(reading, say(label), name, value) for label, name, value in told if value
    )


def _card_row(reading: CardReading, label: str, name: str, value: str) -> Row:
    where = reading.evidence.get(name)
    doubts = where.doubts if where is not None else ()
    if doubts:
        words = say("{one} or {other}?", one=doubts[0].read, other=doubts[0].could_be)
        return Row(label, value, words, "warn", name)
    if name in reading.review:
        return Row(label, value, say("compare"), "warn", name)
    return Row(label, value, say("clear"), "ok", name)


def _licence_rows(licence: Licence, today: date) -> tuple[Row, ...]:
    def day(value: object) -> str:
        return shown_date(str(value)) if value else ""

    parts = (licence.first_name, licence.middle_name, licence.last_name, licence.suffix)
    town = " ".join(p for p in (licence.city, licence.state, licence.zip) if p)
    told = (
        ("Name", " ".join(p for p in parts if p)),
        ("Date of birth", day(licence.birth_date)),
        ("Sex", licence.sex or ""),
        ("Street", " ".join(p for p in (licence.street, licence.street2) if p)),
        ("Town", town),
    )
    found = [Row(say(label), value, "", "info") for label, value in told if value]
    until = licence.expiration_date
    if until is not None:
        over = until < today
        note = say("ran out") if over else ""
        found.append(Row(say("Valid until"), day(until), note, "warn" if over else "info"))
    return tuple(found)


def showing(state: ScanState, side: int) -> ScanState:
    """The other side in sight."""
    return replace(state, side=side)
