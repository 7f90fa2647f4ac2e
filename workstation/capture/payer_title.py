"""Who issued a card, by its looks: the heading of the front, the address for claims on the back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workstation.capture.anchors import begins_with_label
from workstation.capture.ocr import Line
from workstation.capture.payer_names import is_only_kind

_ORG_WORDS = re.compile(
    r"(?i)health|care\b|insurance|assurance|blue|medical|mutual|benefit|alliance|medicare|medicaid|"
    r"tricare|hmo\b|life\b|community|wellness|shield|physicians|partners|plan\b|rx\b|dental|vision"
)
_NOT_TITLE = re.compile(
    r"(?i)\b(?:call|visit|www|\.com|\.org|claims?|copay|member services|customer|provider|submit|"
    r"please|card|urgent|emergency|primary care|rx ?bin|network:|plan:|id\b|since|date|specimen|"
    r"not (?:valid|real)|coverage|number|benefits)\b|[0-9$:@]"
)
_SMALL_WORDS = frozenset({"of", "and", "the", "for", "de", "del"})
_PLAN_TYPE = re.compile(r"\b(?:PPO|HMO|EPO|POS|HDHP|HSA|SNP)\b")
_BOX = re.compile(r"(?i)[,\s]*\bp\.?\s?o\.?\s*box\b")
_CLAIMS = re.compile(
    r"(?i)^.*?\bclaims?\b(?:\s+(?:address|inquiries|to|for|mailing))*\s*(?:should be mailed )?"
    r"(?:to)?\s*:?\s*"
)


def title_of(front: Sequence[Line]) -> tuple[str, Line] | None:
    """The heading that reads like an insurer's name, with a second line of the same size."""
    if not front:
        return None
    bottom = max(line.box[3] for line in front)
    best: tuple[float, str, Line] | None = None
    for line in front:
        if line.middle > 0.42 * bottom or _NOT_TITLE.search(line.text):
            continue
        if begins_with_label(line) or _is_prose(line.text):
            continue
        text = _with_second_line(front, line)
        named = _ORG_WORDS.search(text) and not is_only_kind(text)
        if not named or not 4 <= len(text) <= 60 or len(line.text) > 48:
            continue
        # A plan's own name stands beside the payer's: it is no heading while there is another.
        worth = line.height - 0.08 * line.middle - 12.0 * bool(_PLAN_TYPE.search(text))
        if best is None or worth > best[0]:
            best = (worth, text, line)
    return (best[1].strip(" ®™*.,-"), best[2]) if best is not None else None


def _is_prose(text: str) -> bool:
    """A sentence: two words or more in small letters that no name has."""
    small = [word for word in text.split() if word[0].islower() and word not in _SMALL_WORDS]
    return len(small) >= 2


def _with_second_line(front: Sequence[Line], line: Line) -> str:
    under = under_of(front, line)
    joins = (
        under is not None
        and 0.8 < under.height / line.height < 1.25
        and abs(under.box[0] - line.box[0]) < line.height
        and not _NOT_TITLE.search(under.text)
        and (not begins_with_label(under) or is_only_kind(under.text))
        and not _PLAN_TYPE.search(under.text)
        and re.search(r"(?i)^of\b|shield|health|insurance|care|plan|mutual|life", under.text)
    )
    return f"{line.text} {under.text}" if under is not None and joins else line.text


def under_of(lines: Sequence[Line], line: Line) -> Line | None:
    """The line that continues another: just beneath, overlapping, of about its size."""
    near = [
        other
        for other in lines
        if 0.4 * line.height < other.middle - line.middle < 1.9 * line.height
        and other.box[0] < line.box[2]
        and other.box[2] > line.box[0]
        and 0.55 < other.height / line.height < 1.8
    ]
    return min(near, key=lambda other: other.middle, default=None)


def claims_parties(back: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Who gets claims by post: what stands before ``P.O. Box``, on its line or the one above."""
    for line in back:
        box = _BOX.search(line.text)
        if box is None:
            continue
        text = _party(line.text[: box.start()])
        if not text and (above := _above(back, line)) is not None:
            text = _party(above.text)
        if len(text) >= 3 and not re.search(r"[0-9@]", text):
            yield text, line


def _party(text: str) -> str:
    text = _CLAIMS.sub("", text).rpartition(":")[2]
    return text.strip(" ,.-")


def _above(lines: Sequence[Line], line: Line) -> Line | None:
    near = [
        other
        for other in lines
        if 0.4 * line.height < line.middle - other.middle < 2.2 * line.height
        and abs(other.box[0] - line.box[0]) < 2 * line.height
    ]
    return max(near, key=lambda other: other.middle, default=None)


def sites_in(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """The part of each web address before its ending, without ``www``."""
    for line in lines:
        for match in re.finditer(
            r"(?i)(?:www\.)?([a-z0-9\-]{2,40})\.(?:com|org|net|gov)\b", line.text
        ):
            yield match[1].lower(), line
