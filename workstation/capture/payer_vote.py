"""Decides which payer issued a card: every line, the printed payer id and known names vote."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz

from workstation.capture.card_model import PayerCandidate
from workstation.capture.ocr import Line

_ORG_WORDS = re.compile(
    r"(?i)health|care\b|insurance|assurance|blue|medical|mutual|benefit|alliance|medicare|medicaid|"
    r"tricare|hmo\b|life\b|community|wellness|shield|physicians|partners|plan\b|rx\b"
)
_NOT_TITLE = re.compile(
    r"(?i)\b(?:call|visit|www|\.com|\.org|claims?|copay|member services|customer|provider|submit|"
    r"please|card|urgent|emergency|primary care|rx ?bin|network:|plan:|id\b|since|date|specimen|"
    r"not (?:valid|real)|coverage|number|benefits)\b|[0-9$:@]"
)


@dataclass(frozen=True, slots=True)
class KnownPayer:
    """One payer of the table: ``names`` are the name and aliases, compacted for comparing."""

    name: str
    payer_id: str | None
    kind: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayerVote:
    """The payer as printed, its id, its kind and the best three candidates."""

    name: str | None
    payer_id: str | None
    kind: str | None
    score: float
    candidates: tuple[PayerCandidate, ...]
    line: Line | None


_NOT_ON_CARDS = frozenset({"medicare", "workers_compensation", "auto"})


@cache
def known_payers() -> tuple[KnownPayer, ...]:
    """Well-known payers, and the site's own directory, in which Medicare is the same one."""
    rules = resources.files("resources") / "rules"
    rows: list[dict[str, Any]] = json.loads((rules / "payer_names.json").read_text("utf-8"))[
        "payers"
    ]
    own: list[dict[str, Any]] = json.loads((rules / "payers.json").read_text("utf-8"))["payers"]
    rows += [row for row in own if row["kind"] not in _NOT_ON_CARDS]
    return tuple(
        KnownPayer(
            row["name"],
            row.get("payer_id"),
            row.get("kind"),
            tuple(dict.fromkeys(_compact(n) for n in [row["name"], *row.get("aliases", [])])),
        )
        for row in rows
    )


def vote(front: Sequence[Line], back: Sequence[Line], printed_id: str | None) -> PayerVote:
    """The most likely payer. The front counts more than the back, long names more than short."""
    votes: dict[str, tuple[float, KnownPayer, Line]] = {}
    for lines, weight in ((front, 1.0), (back, 0.62)):
        for text, line in _joined(lines):
            for payer in known_payers():
                score = weight * _likeness(text, payer) * _prominence(line, lines)
                if score > votes.get(payer.name, (0.0,))[0]:
                    votes[payer.name] = (score, payer, line)
    for payer in known_payers():
        if printed_id and payer.payer_id == printed_id:
            score, _, line = votes.get(payer.name, (0.05, payer, (list(front) or list(back))[0]))
            votes[payer.name] = (score + 0.4, payer, line)
    ranked = sorted(votes.values(), key=lambda entry: -entry[0])
    title = _title(front)
    # An id alone names who gets the claim; the heading names who issued the card.
    if ranked and ranked[0][0] >= (0.5 if title else 0.4):
        return _known(ranked, title, printed_id)
    candidates = tuple(
        PayerCandidate(p.name, min(s, 1.0), p.payer_id, p.kind) for s, p, _ in ranked[:3]
    )
    if title is None:
        return PayerVote(None, printed_id, None, 0.0, candidates, None)
    twice = any(
        line is not title[1] and _compact(title[0]) in _compact(line.text)
        for line in (*front, *back)
    )
    return PayerVote(title[0], printed_id, None, 0.88 if twice else 0.6, candidates, title[1])


def _known(
    ranked: list[tuple[float, KnownPayer, Line]],
    title: tuple[str, Line] | None,
    printed_id: str | None,
) -> PayerVote:
    score, payer, line = ranked[0]
    margin = score - (ranked[1][0] if len(ranked) > 1 else 0.0)
    sure = min(0.99, score) * (1.0 if margin > 0.08 else 0.85)
    name = payer.name
    if payer.kind != "medicare" and title is not None and _likeness(title[0], payer) > 0.85:
        extra = len(_compact(title[0])) - max(len(n) for n in payer.names)
        name = title[0] if abs(extra) <= 14 else name
    elif payer.kind != "medicare" and _compact(line.text) in payer.names[1:]:
        name = line.text.strip(" ®™*.,-")  # as the card says it: Anthem
    candidates = tuple(
        PayerCandidate(p.name, min(s, 1.0), p.payer_id, p.kind) for s, p, _ in ranked[:3]
    )
    return PayerVote(name, printed_id or payer.payer_id, payer.kind, sure, candidates, line)


def _compact(text: str) -> str:
    text = re.sub(r"\bof\b|\band\b|\bthe\b|\binc\b|\bllc\b", " ", text.lower())
    return re.sub(r"[^a-z0-9]", "", text)


def _bounds(text: str) -> frozenset[int]:
    """Where words begin and end in the compacted form of a text."""
    at, bounds = 0, {0}
    for word in text.split():
        at += len(_compact(word))
        bounds.add(at)
    return frozenset(bounds)


def _likeness(text: str, payer: KnownPayer) -> float:
    """0 to 1: whether a line is, holds (as whole words) or resembles one of a payer's names."""
    flat, bounds = _compact(text), _bounds(text)
    best = 0.0
    for name in payer.names:
        best = max(best, _one_likeness(flat, bounds, name, payer.kind))
    return best + 0.002 * min(max(map(len, payer.names)), 20) if best else 0.0


def _one_likeness(flat: str, bounds: frozenset[int], name: str, kind: str | None) -> float:
    if flat == name:
        return 1.0
    share = len(name) / max(len(flat), 1)
    at = flat.find(name) if len(name) >= 5 else -1
    if at >= 0:
        if at not in bounds or (at + len(name) not in bounds and len(name) < 12):
            return 0.0
        if kind in ("medicare", "medicaid") and (share < 0.55 or flat[-2:] in ("id", "no")):
            return 0.0  # these words stand on many other payers' cards
        return (0.72 if len(name) >= 8 else 0.6) + 0.25 * share
    if len(name) >= 6 and 0.62 < share < 1.6:
        ratio = fuzz.ratio(flat, name) / 100
        return ratio if ratio >= 0.88 else 0.0
    return 0.0


def _prominence(line: Line, lines: Sequence[Line]) -> float:
    """Headings count fully, small print in long sentences half."""
    tallest = max(other.height for other in lines)
    prose = 0.6 if len(line.text) > 55 else 1.0
    return prose * (0.8 + 0.2 * line.height / tallest)


def _joined(lines: Sequence[Line]) -> list[tuple[str, Line]]:
    """Each line, and each with the next one or two under it, as logos are stacked."""
    out = [(line.text, line) for line in lines]
    for line in lines:
        text, last = line.text, line
        for _ in range(2):
            under = _under(lines, last)
            if under is None or len(text) > 40:
                break
            text, last = f"{text} {under.text}", under
            out.append((text, line))
    return [(text, line) for text, line in out if len(text) >= 4]


def _under(lines: Sequence[Line], line: Line) -> Line | None:
    near = [
        other
        for other in lines
        if 0.4 * line.height < other.middle - line.middle < 1.9 * line.height
        and other.box[0] < line.box[2]
        and other.box[2] > line.box[0]
        and 0.55 < other.height / line.height < 1.8
    ]
    return min(near, key=lambda other: other.middle, default=None)


def _title(front: Sequence[Line]) -> tuple[str, Line] | None:
    """The heading that reads like an insurer's name, with a second line of the same size."""
    if not front:
        return None
    bottom = max(line.box[3] for line in front)
    best: tuple[float, Line] | None = None
    for line in front:
        if line.middle > 0.42 * bottom or not _ORG_WORDS.search(line.text):
            continue
        if _NOT_TITLE.search(line.text) or len(line.text) > 48 or len(line.text) < 4:
            continue
        worth = line.height - 0.08 * line.middle
        if best is None or worth > best[0]:
            best = (worth, line)
    if best is None:
        return None
    line = best[1]
    text = line.text
    under = _under(front, line)
    if (
        under is not None
        and 0.85 < under.height / line.height < 1.2
        and abs(under.box[0] - line.box[0]) < line.height
        and not _NOT_TITLE.search(under.text)
        and re.search(r"(?i)^of\b|shield|health|insurance|care|plan", under.text)
    ):
        text = f"{text} {under.text}"
    return text.strip(" ®™*.,-"), line
