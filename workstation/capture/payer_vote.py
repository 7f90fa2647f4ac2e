"""Decides which payer issued a card: lines, claims address, web address and payer id vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workstation.capture.card_model import PayerCandidate
from workstation.capture.ocr import Line
from workstation.capture.payer_names import (
    KnownPayer,
    compact,
    known_payers,
    likeness,
    payers_by_site,
)
from workstation.capture.payer_title import claims_parties, sites_in, title_of, under_of

_BACK = 0.62  # what a line of the back is worth beside one of the front
_PARTY = 0.86  # who gets the claims by post
_SITE = 0.8
_ID = 0.4
_TWICE = 0.88  # a payer nobody knows, named twice
_ONCE = 0.6


@dataclass(frozen=True, slots=True)
class PayerVote:
    """The payer as printed, its id, its kind and the best three candidates."""

    name: str | None
    payer_id: str | None
    kind: str | None
    score: float
    candidates: tuple[PayerCandidate, ...]
    line: Line | None


@dataclass(frozen=True, slots=True)
class _Vote:
    score: float
    payer: KnownPayer
    line: Line
    front: bool


def vote(front: Sequence[Line], back: Sequence[Line], printed_id: str | None) -> PayerVote:
    """The most likely payer. The front counts more than the back, long names more than short."""
    votes: dict[str, _Vote] = {}
    for one in _votes(front, back):
        if one.score > (votes[one.payer.name].score if one.payer.name in votes else 0.0):
            votes[one.payer.name] = one
    first = next(iter((*front, *back)))
    for payer in known_payers():
        if printed_id and payer.payer_id == printed_id:
            was = votes.get(payer.name, _Vote(0.05, payer, first, False))
            votes[payer.name] = _Vote(was.score + _ID, payer, was.line, was.front)
    ranked = sorted(votes.values(), key=lambda one: -one.score)
    title = title_of(front)
    # An id alone names who gets the claim; the heading names who issued the card.
    if ranked and ranked[0].score >= (0.5 if title else 0.4) and not _is_other(ranked[0], title):
        return _known(ranked, title, printed_id)
    return _unknown(ranked, title, front, back, printed_id)


def _votes(front: Sequence[Line], back: Sequence[Line]) -> Iterator[_Vote]:
    for text, line, worth, on_front in _witnesses(front, back):
        for payer in known_payers():
            if like := likeness(text, payer):
                yield _Vote(worth * like, payer, line, on_front)
    for site, line in sites_in([*front, *back]):
        if site in payers_by_site():
            yield _Vote(_SITE, payers_by_site()[site], line, False)


def _witnesses(
    front: Sequence[Line], back: Sequence[Line]
) -> Iterator[tuple[str, Line, float, bool]]:
    """Texts that may name the payer: with their line, what they are worth, whether on the front."""
    for lines, weight in ((front, 1.0), (back, _BACK)):
        for text, line in _joined(lines):
            yield text, line, weight * _prominence(line, lines), lines is front
        for text, line in claims_parties(lines):
            yield text, line, _PARTY, False


def _is_other(best: _Vote, title: tuple[str, Line] | None) -> bool:
    """Whether the front is headed by somebody else than a payer whom only the back names.

    A plan of an employer or a small insurer has its claims sent to who administers them.
    """
    return title is not None and not best.front and likeness(title[0], best.payer) < 0.6


def _known(
    ranked: list[_Vote], title: tuple[str, Line] | None, printed_id: str | None
) -> PayerVote:
    best = ranked[0]
    payer, score = best.payer, best.score
    margin = score - (ranked[1].score if len(ranked) > 1 else 0.0)
    sure = min(0.99, score) * (1.0 if margin > 0.08 else 0.85)
    name = payer.name
    if payer.kind != "medicare" and title is not None and likeness(title[0], payer) > 0.85:
        extra = len(compact(title[0])) - max(len(n) for n in payer.names)
        name = title[0] if abs(extra) <= 14 else name
    elif payer.kind != "medicare" and compact(best.line.text) in payer.names[1:]:
        name = best.line.text.strip(" ®™*.,-")  # as the card says it: Anthem
    return PayerVote(
        name, printed_id or payer.payer_id, payer.kind, sure, _candidates(ranked), best.line
    )


def _unknown(
    ranked: list[_Vote],
    title: tuple[str, Line] | None,
    front: Sequence[Line],
    back: Sequence[Line],
    printed_id: str | None,
) -> PayerVote:
    """A payer of no table: the heading, else who gets the claims; sure only where named twice."""
    party = next(claims_parties(back), None)
    told = title or party
    if told is None:
        return PayerVote(None, printed_id, None, 0.0, _candidates(ranked), None)
    text, line = told
    flat = compact(text)
    lines = [other for other in (*front, *back) if other is not line]
    twice = any(flat in compact(other.text) for other in lines)
    score = _TWICE if twice and len(flat) >= 6 else _ONCE
    return PayerVote(text, printed_id, None, score, _candidates(ranked), line)


def _candidates(ranked: list[_Vote]) -> tuple[PayerCandidate, ...]:
    return tuple(
        PayerCandidate(one.payer.name, min(one.score, 1.0), one.payer.payer_id, one.payer.kind)
        for one in ranked[:3]
    )


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
            under = under_of(lines, last)
            if under is None or len(text) > 40:
                break
            text, last = f"{text} {under.text}", under
            out.append((text, line))
    return [(text, line) for text, line in out if len(text) >= 4]
