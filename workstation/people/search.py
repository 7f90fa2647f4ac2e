"""Understands what was typed into the palette, and judges how well a person fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from workstation.kernel.errors import NotUnderstood
from workstation.people.birth_dates import parse_birth_date
from workstation.people.gateways import Hit, Span
from workstation.people.names import fold
from workstation.people.nicknames import same_given_name

LONGEST_QUERY = 200
MOST_TERMS = 6

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?"
_DATES = re.compile(
    rf"\b(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{2,4}}|\d{{1,2}}\s*{_MONTH},?\s*\d{{2,4}})(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+?1[-. ]*)?\(?\b\d{3}\)?[-. ]*\d{3}[-. ]\d{4}\b")
_SSN = re.compile(r"(?<!\w)(?:\d{3}|[xX*]{3})[- ](?:\d{2}|[xX*]{2})[- ](\d{4})\b")
_PART_OF_PHONE = re.compile(r"\b\d{3}-\d{4}\b")
_LINKING = frozenset(("and", "or", "not", "near", "aka"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart: name words, dates of birth, a year, and what may be a number or id."""

    terms: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    year: str | None = None
    numbers: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing to look for, such as only blanks or pictures."""
        return not (self.terms or self.births or self.numbers)


@lru_cache(maxsize=256)
def ask(text: str, today: date) -> Asked:
    """Takes a query apart. Never fails: what is no date may still be a number."""
    rest = text[:LONGEST_QUERY]
    births: list[str] = []
    numbers: list[str] = []

    def take_date(found: re.Match[str]) -> str:
        born = _birth(found[0], today)
        if born is None:
            return found[0]
        births.append(born)
        return " "

    def take_ssn(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        numbers.append(digits if len(digits) == 9 else found[1])
        return " "

    def take_digits(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        numbers.append(digits[-10:] if len(digits) == 11 else digits)
        return " "

    for form, take in (
        (_DATES, take_date),
        (_SSN, take_ssn),
        (_PHONE, take_digits),
        (_PART_OF_PHONE, take_digits),
    ):
        rest = form.sub(take, rest)
    return _words(rest, births, numbers, today)


def _words(rest: str, births: list[str], numbers: list[str], today: date) -> Asked:
    terms: list[str] = []
    year = None
    for piece in re.split(r"[\s,;]+", rest):
        word = fold(piece)
        plain = word.replace(" ", "")
        if not any(c.isdigit() for c in plain):
            terms.extend(word.split())
            continue
        numbers.append(plain)
        if plain.isdecimal() and len(plain) in (6, 8):
            born = _birth(plain, today)
            births.extend([born] if born else [])
        if len(plain) == 4 and plain.isdecimal() and 1890 <= int(plain) <= today.year:
            year = plain
    if len(terms) > 2:
        terms = [t for t in terms if t not in _LINKING] or terms
    return Asked(tuple(terms[:MOST_TERMS]), tuple(births), year, tuple(numbers[:4]))


def _birth(text: str, today: date) -> str | None:
    try:
        return parse_birth_date(text, today).isoformat()
    except NotUnderstood:
        return None


# How well a person fits.

EXACT, PREFIX, SHORT_FORM, ONE_EDIT, MISSED = 0, 1, 3, 4, 9
_SAID = {SHORT_FORM: "short form of the name", ONE_EDIT: "one letter different"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How far a person is from the query (0 is all exact) and what to say about it."""

    cost: int
    why: str
    spans: tuple[Span, ...]


def fit(
    asked: Asked,
    body: Mapping[str, Any],
    tokens: Sequence[str] = (),
    all_tokens: Callable[[], Sequence[str]] = tuple,
) -> Fit | None:
    """None where the person does not fit.

    ``tokens`` are those of the person's own that the search came by, as ``words:value``;
    ``all_tokens`` makes the rest, asked for only where these do not explain every number.
    """
    named = _fit_names(asked.terms, body) if asked.terms else (0, [], [])
    if named is None:
        return None
    cost, said, spans = named
    numbers = _fit_numbers(asked, body, tokens)
    if numbers is None and asked.numbers:
        numbers = _fit_numbers(asked, body, all_tokens())
    if numbers is None:
        return None
    reasons = []
    if asked.terms:
        reasons.append(", ".join(("name", *dict.fromkeys(said))))
    return Fit(cost + numbers[0], "; ".join((*reasons, *numbers[1])), (*spans, *numbers[2]))


def _fit_numbers(
    asked: Asked, body: Mapping[str, Any], tokens: Sequence[str]
) -> tuple[int, list[str], list[Span]] | None:
    """Each number must be a date of birth, its year, or begin one of the person's own numbers."""
    cost, said, spans = 0, [], []
    dob = body.get("dob") or ""
    birth_fits = dob in asked.births
    written = [b for b in asked.births if not any(_is_run(b, n) for n in asked.numbers)]
    if written and not birth_fits:
        return None
    if birth_fits:
        said.append("date of birth")
        spans.append(Span("dob", 0, len(dob)))
    for number in asked.numbers:
        if birth_fits and _is_run(dob, number):
            continue
        found = _token_that_begins(number, tokens)
        if number == asked.year and dob[:4] == number:
            said.append("year of birth")
            spans.append(Span("dob", 0, 4))
        elif found is not None:
            words, whole = found
            said.append(words)
            cost += EXACT if whole else PREFIX
        else:
            return None
    return cost, list(dict.fromkeys(said)), spans


def _is_run(born: str, number: str) -> bool:
    """Whether these digits, run together, are this date."""
    year, month, day = born[:4], born[5:7], born[8:]
    return number in (f"{month}{day}{year}", f"{month}{day}{year[2:]}", f"{year}{month}{day}")


def _token_that_begins(number: str, tokens: Sequence[str]) -> tuple[str, bool] | None:
    plain = number.lstrip("0") or number
    best = None
    for token in tokens:
        words, _, value = token.partition(":")
        if value in (number, plain):
            return words, True
        if words == "phone" and len(number) == 7 and value.endswith(number):
            return words, True
        if words not in ("SSN", "last four of SSN", "last four of phone") and (
            value.startswith(number) or value.startswith(plain)
        ):
            best = best or (words, False)
    return best


_FIELDS = ("last", "first", "middle", "preferred_name", "previous_last")


def _name_words(body: Mapping[str, Any]) -> list[tuple[str, str, int, int]]:
    """Folded word, field, and where it stands there; a joined form stands for the whole field."""
    found: list[tuple[str, str, int, int]] = []
    for field in _FIELDS:
        text = body.get(field)
        if text:
            found.extend(_placed(field, text))
    for alias in body.get("aliases") or ():
        found.extend((word, "alias", 0, 0) for word in fold(alias).split())
    return found


@lru_cache(maxsize=2_048)
def _placed(field: str, text: str) -> tuple[tuple[str, str, int, int], ...]:
    found = [
        (folded, field, piece.start(), piece.end())
        for piece in re.finditer(r"[^\s\-–]+", text)
        if (folded := fold(piece[0]).replace(" ", ""))
    ]
    if len(found) > 1:
        found.append(("".join(word for word, *_ in found), field, 0, len(text)))
    return tuple(found)


def _fit_names(
    terms: Sequence[str], body: Mapping[str, Any]
) -> tuple[int, list[str], list[Span]] | None:
    """Every word must fit some part of the name; of three or more, one may be left over."""
    words = _name_words(body)
    cost, said, spans, missed = 0, [], [], 0
    skip = False
    for i, term in enumerate(terms):
        if skip:
            skip = False
            continue
        how, span = _best(term, words)
        if i + 1 < len(terms):
            joined, joined_span = _best(term + terms[i + 1], words)
            if joined <= PREFIX and joined <= how:
                how, span, skip = joined, joined_span, True
        cost += how
        missed += how == MISSED
        if how in _SAID:
            said.append(_SAID[how])
        if span is not None:
            spans.append(span)
    allowed = 1 if len(terms) > 2 else 0
    return None if missed > allowed else (cost, said, spans)


def _best(term: str, words: Sequence[tuple[str, str, int, int]]) -> tuple[int, Span | None]:
    best, where = MISSED, None
    for word, field, start, end in words:
        how = _how(term, word)
        if how < best:
            stop = min(end, start + len(term)) if how == PREFIX else end
            best, where = how, Span(field, start, stop) if field != "alias" else None
            if how == EXACT:
                break
    return best, where


@lru_cache(maxsize=2_048)
def _how(term: str, word: str) -> int:
    if term == word:
        return EXACT
    if word.startswith(term):
        return PREFIX
    if same_given_name(term, word):
        return SHORT_FORM
    if len(term) > 1 and OSA.distance(term, word, score_cutoff=1) == 1:
        return ONE_EDIT
    if len(term) > 3 and OSA.distance(term, word[: len(term)], score_cutoff=1) == 1:
        return ONE_EDIT + 1
    return MISSED


def hit_of(body: Mapping[str, Any], last_visit: str | None, found: Fit) -> Hit:
    """What the palette shows; a protected address shows no town."""
    return Hit(
        id=body["id"],
        last=body.get("last"),
        first=body.get("first"),
        middle=body.get("middle"),
        preferred=body.get("preferred_name"),
        dob=body.get("dob"),
        sex=body.get("sex"),
        mrn=body.get("mrn"),
        town=None if body.get("confidential_address") else body.get("city"),
        last_visit=last_visit,
        why=found.why,
        spans=found.spans,
        deceased=bool(body.get("deceased")),
        suffix=body.get("suffix"),
    )
