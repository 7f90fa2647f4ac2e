"""Telephone numbers of a card with what they are for."""

from __future__ import annotations

import re

from workstation.capture.anchors import Layout
from workstation.capture.card_model import Phone
from workstation.capture.ocr import Line

_GAP = r"[\s.\-·•–/]{0,3}"
_NUMBER = re.compile(
    rf"(?<![0-9A-Z])(?P<one>\+?1[\s.\-]{{1,3}})?(?P<open>\(?)(?P<area>[2-9][0-9]{{2}})\)?(?P<gap>{_GAP})"
    rf"(?P<office>[2-9][0-9]{{2}})(?P<gap2>{_GAP})(?P<line>[0-9]{{4}})(?![0-9])"
)
_VANITY = re.compile(rf"1{_GAP}(8[0-9]{{2}}){_GAP}(?P<word>[A-Z]{{7,9}})\b")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_PHONE_WORD = re.compile(r"(?i)phone|call|tel\b|fax|tty|service|line|help|toll|contact")
_NOISE = re.compile(r"(?i)\b(?:please|call|at|toll[- ]free|phone|tel|dial|or)\b|[^A-Za-z0-9/&\- ]")


def phones_of(layout: Layout) -> list[Phone]:
    """Numbers of one side in reading order, each once."""
    found: dict[str, Phone] = {}
    for line in layout.lines:
        last = 0
        for match in _numbers(line.text):
            number = "+1" + match[1]
            label = _tidy(line.text[last : match[0][0]]) or _label_near(layout, line, match[0])
            last = match[0][1]
            if number not in found:
                found[number] = Phone(label, number)
    return list(found.values())


def _numbers(text: str) -> list[tuple[tuple[int, int], str]]:
    found = []
    for m in _NUMBER.finditer(text):
        # Ten digits in a row are a member id unless the card calls them a telephone number.
        apart = m["open"] or m["gap"] or m["gap2"] or m["one"]
        if apart or _PHONE_WORD.search(text[: m.start()]):
            found.append((m.span(), m["area"] + m["office"] + m["line"]))
    if not found:
        for m in _VANITY.finditer(text.upper()):
            found.append((m.span(), m[1] + m["word"][:7].translate(_KEYS)))
    return found


def _label_near(layout: Layout, line: Line, span: tuple[int, int]) -> str:
    after = _tidy(re.split(r"[0-9(]", line.text[span[1] :])[0])
    if len(after) > 2:
        return after
    sides = []
    for other in layout.lines:
        if other is line or abs(other.middle - line.middle) > 0.6 * line.height:
            continue
        gap = max(other.box[0] - line.box[2], line.box[0] - other.box[2])
        if gap < 0.3 * layout.width and not _numbers(other.text):
            sides.append((gap, other))
    if sides:
        return _tidy(min(sides, key=lambda pair: pair[0])[1].text)
    above = layout.above(line)
    return _tidy(above.text) if above is not None and not _numbers(above.text) else ""


def _tidy(text: str) -> str:
    words = " ".join(_NOISE.sub(" ", text).split()).strip(" -/&")
    return words.lower() if len(words) > 1 and len(words) <= 60 else ""
