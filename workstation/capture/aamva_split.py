"""Cuts the text of a licence barcode into elements, however the scanner mangled the separators."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workstation.capture.aamva_tables import ELEMENTS, ELEMENTS_V1

# LF, RS, CR of the standard; FS, GS, US, tab and "|" as wedges and web pages put in their place.
_SEPARATORS = re.compile(r"[\n\r\x1c\x1d\x1e\x1f\t|\x00-\x08\x0b\x0c\x0e-\x1b\x80-\x9f]+")
_SPELLED = re.compile(
    r"<(?:LF|RS|CR|GS|US|FS|NUL)>|\\(?:r|n|x1e|x1d|x1c|u001e|u001d|u001c)", re.IGNORECASE
)
_HEADER = re.compile(r"(?:ANSI|AAMVA|AAMV)\s?(?P<digits>[0-9]{8,12})")
_BARE_HEADER = re.compile(r"@\s*(?P<digits>(?:636|604)[0-9]{5,9})")
# After the digits: any number of directory entries, type and eight digits each.
_ENTRY = re.compile(r"\s?(?:DL|ID|EN|Z[A-Z])[0-9]{8}")
_SUBFILE = re.compile(r"^(?:DL|ID|EN)(?=[DP][A-D][A-Z])")
_DATES = frozenset({"DBA", "DBB", "DBD"})
_FORMATS = {
    "DBC": re.compile(r"[0129MFXU]"),
    "DAJ": re.compile(r"[A-Z]{2}"),
    "DAK": re.compile(r"[0-9A-Z][0-9A-Z \-]{4,10}"),
    "DAY": re.compile(r"[A-Z]{3}"),
    "DAZ": re.compile(r"[A-Z]{3,6}"),
    "DAU": re.compile(r"[0-9' \"]{2,7}(?:IN|CM)?"),
    "DAV": re.compile(r"[0-9]"),
    "DAW": re.compile(r"[0-9]{2,3}"),
    "DAX": re.compile(r"[0-9]{2,3}"),
    "DCE": re.compile(r"[0-9]"),
    "DCG": re.compile(r"USA|CAN|MEX"),
    "DCU": re.compile(r"(?:JR|SR|[IVX]{1,4}|[1-9](?:ST|ND|RD|TH))\.?"),
    "DDA": re.compile(r"[FNM]"),
    "DDD": re.compile(r"[01]"),
    "DDE": re.compile(r"[TNU]"),
    "DDF": re.compile(r"[TNU]"),
    "DDG": re.compile(r"[TNU]"),
    "DDK": re.compile(r"[01]"),
    "DDL": re.compile(r"[01]"),
    **{
        key: re.compile(r"[0-9]{8}")
        for key in ("DBA", "DBB", "DBD", "DDB", "DDC", "DDH", "DDI", "DDJ")
    },
}
_ON_EVERY_CARD = frozenset(
    {"DCS", "DAC", "DAG", "DAI", "DAJ", "DAK", "DAQ", "DBA", "DBB", "DBC", "DBD"}
)
_NEVER_EMPTY = frozenset({"DCS", "DAC", "DCT", "DAI", "DAQ"})
# The version of the standard in which an element appeared, where it is not the first.
_SINCE = {
    **dict.fromkeys(("DCT",), 2),
    **dict.fromkeys(("DDA", "DDB", "DDC", "DDD", "DDE", "DDF", "DDG"), 4),
    **dict.fromkeys(("DDH", "DDI", "DDJ"), 5),
    "DDK": 6,
    "DDL": 7,
    **dict.fromkeys(("DDM", "DDN", "DDO", "DDP"), 11),
}
# Neighbours on nearly every card, whatever else its issuer moves about.
_FOLLOWS = frozenset(
    tuple(pair.split("-"))
    for pair in """DAG-DAI DAH-DAI DAI-DAJ DAJ-DAK DAG-DAL DAL-DAI DCS-DDE DDE-DAC DAC-DDF DDF-DAD
    DAD-DDG DCS-DAC DAC-DAD DCS-DCT DAB-DAC DBD-DBB DBB-DBA""".split()  # noqa: SIM905
)
_NEXT = 0.8
_BEAM = 96


@dataclass(frozen=True, slots=True)
class Elements:
    """Header facts and the elements in the order found; first non-empty value of an id wins."""

    issuer: str | None
    version: int | None
    values: dict[str, str]
    repaired: bool


def text_of(payload: bytes) -> str:
    """The payload as text: UTF-8 where it is, else Latin-1; spelled-out controls put back."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = payload.decode("latin-1")
    text = _SPELLED.sub("\n", text.replace("﻿", ""))
    if not _HEADER.search(text) and re.search(r"(?i)(?:ansi|aamva?)\s?[0-9]{8}", text):
        text = text.upper()  # a wedge with the shift state inverted
    return text


def split(text: str) -> Elements:
    """Elements of a barcode's text; directory offsets are ignored: issuers get them wrong."""
    issuer, version, body = _header(text)
    known = ELEMENTS_V1 | ELEMENTS if version in (None, 0, 1) else ELEMENTS
    values = _by_separator(body, known)
    repaired = False
    if len(values) < 6 or max(map(len, values.values()), default=0) > 90:
        glued = _by_identifier(body, _possible(version, body))
        if len(glued) > len(values):
            values, repaired = glued, True
    return Elements(issuer, version, values, repaired)


def _possible(version: int | None, body: str) -> frozenset[str]:
    """The elements that a card of a version may have."""
    if version == 1:
        return ELEMENTS_V1
    possible = {e for e in ELEMENTS if _SINCE.get(e, 0) <= (version or 99)}
    if version in (2, 3) and "DCT" in body and not re.search("DAB[A-Z]{2}", body):
        possible -= {"DAA", "DAB", "DAC", "DAD"}  # both given names stand in one element
    return frozenset(possible)


def _header(text: str) -> tuple[str | None, int | None, str]:
    match = _HEADER.search(text) or _BARE_HEADER.search(text)
    if match is None:
        return None, None, text
    digits = match["digits"]
    at = match.end()
    while entry := _ENTRY.match(text, at):
        at = entry.end()
    return digits[:6], int(digits[6:8]), text[at:]


def _by_separator(body: str, known: frozenset[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for piece in _SEPARATORS.split(body):
        line = _SUBFILE.sub("", piece.strip())
        key, value = line[:3], line[3:].strip()
        if key in known and not values.get(key):
            values[key] = value
    return values


def _by_identifier(body: str, known: frozenset[str]) -> dict[str, str]:
    """Segments a run without separators: the reading in which most values have their own format.

    An identifier may also be part of a name (DAC in DACOSTA, DAI in DAISY): each id is taken at
    most once, an empty name counts against a reading, and so does an id that every card has and
    this reading does not, so the true place wins.
    """
    text = _SUBFILE.sub("", _SEPARATORS.sub(" ", body).strip()[:2000])
    marks = _marks(text, known)
    beam: list[tuple[float, tuple[tuple[str, str], ...], int]] = [(0.0, (), -1)]
    for mark in marks:
        grown = list(beam)
        for score, taken, start in beam:
            if start < 0:
                grown.append((score, taken, mark))
                continue
            key, open_key = text[mark : mark + 3], text[start : start + 3]
            if mark < start + 3 or key == open_key or any(k == key for k, _ in taken):
                continue
            value = text[start + 3 : mark]
            worth = score + _worth(open_key, value) + _NEXT * ((open_key, key) in _FOLLOWS)
            grown.append((worth, (*taken, (open_key, value.strip())), mark))
        grown.sort(key=lambda state: -(state[0] - _overrun(text, state[2], mark)))
        beam = grown[:_BEAM]
    ends = []
    for score, taken, at in beam:
        if at >= 0:
            key, value = text[at : at + 3], _tail(text[at + 3 :])
            ends.append((score + _worth(key, value), (*taken, (key, value))))
    there = {text[mark : mark + 3] for mark in marks}
    best = max(ends, key=lambda end: end[0] - _lacking(end[1], there), default=(0.0, ()))
    return dict(best[1])


def _marks(text: str, known: frozenset[str]) -> list[int]:
    """Where an element may begin. Separators that became spaces leave ids at the start of words."""
    marks = [m.start() for m in re.finditer(r"(?=[DP][A-D][A-Z])", text)]
    marks = [mark for mark in marks if text[mark : mark + 3] in known]
    leading = [mark for mark in marks if mark == 0 or text[mark - 1] == " "]
    return leading if len(leading) > 0.7 * len(marks) else marks


def _lacking(taken: tuple[tuple[str, str], ...], there: set[str]) -> float:
    """What a reading loses for ids of every card that stand in the text and were not taken."""
    return 3.0 * len((_ON_EVERY_CARD & there) - {key for key, _ in taken})


def _overrun(text: str, start: int, mark: int) -> float:
    """How much an element still open at ``mark`` already runs beyond what its format allows."""
    if start < 0:
        return 0.1 * mark
    key = text[start : start + 3]
    length = mark - start - 3
    return float(length > 9) * 4 if key in _FORMATS else max(0.0, (length - 35) / 5)


def _tail(value: str) -> str:
    """The last element ends where a jurisdiction's own subfile (ZT…) begins."""
    return re.split(r"\s*Z[A-Z]Z[A-Z][A-Z]", value)[0].strip()


def _worth(key: str, raw: str) -> float:
    """How well a value suits its element; a date that is a date weighs most."""
    value = raw.strip()
    form = _FORMATS.get(key)
    if form is not None:
        if form.fullmatch(value):
            return 4.0 if key in _DATES else 2.0
        return 0.3 if value in ("", "NONE") else -3.0
    if not value and key != "DAR":
        return -2.0 if key in _NEVER_EMPTY else 0.2
    if value in ELEMENTS:
        return 0.5 if key in _NEVER_EMPTY else -1.0
    if key in ("DAR", "DAS", "DAT"):  # three letters of many a name: only short codes count
        return 0.6 if re.fullmatch(r"[A-Z0-9]{1,2}|NONE", value) else -1.0
    # A value begins at its id: a space after it means that the id was a word of another value.
    misplaced = 1.5 if not raw or raw[0] in " ," else 0.0
    return _worth_of_text(key, value) - misplaced


def _worth_of_text(key: str, value: str) -> float:
    if key == "DAA" and len(value) < 4:
        return -2.0
    if key in ("DCS", "DAC", "DAD", "DCT") and re.search(r"[0-9]", value):
        return -3.0
    return (1.0 if len(value) <= 40 else -2.0) + (0.2 if key in ("DCS", "DAC") else 0.0)
