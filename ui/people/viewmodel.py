"""What the find palette shows and does, without Qt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ui.words import say
from workstation.people.gateways import Hit, SearchAnswer
from workstation.people.search import ask

_WORD = re.compile(r"[^\W\d_][\w'’.-]*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Carried:
    """What was typed, as the start of a new chart. ``born`` is ISO."""

    last: str = ""
    first: str = ""
    born: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class FindState:
    """Everything in the palette."""

    typed: str = ""
    answered: str | None = None
    """The text that the hits answer; None before the first answer."""
    hits: tuple[Hit, ...] = ()
    at: int = 0
    """The row chosen; ``len(hits)`` is *New patient…*."""
    total: int = 0
    ms: float = 0.0
    failed: str = ""

    @property
    def awake(self) -> bool:
        """Whether *New patient…* may be pressed: a search for what stands there was answered."""
        return bool(self.typed.strip()) and self.answered == self.typed

    @property
    def chosen(self) -> Hit | None:
        """The person chosen, or None on *New patient…*."""
        return self.hits[self.at] if self.at < len(self.hits) else None


class FindViewModel:
    """Holds the state. Answers to older keystrokes are dropped by comparing what was typed."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self.state = FindState()
        self._listeners: list[Callable[[FindState], None]] = []

    def listen(self, listener: Callable[[FindState], None]) -> None:
        """Calls ``listener`` with each new state."""
        self._listeners.append(listener)

    def _become(self, state: FindState) -> None:
        self.state = state
        for listener in self._listeners:
            listener(state)

    def open(self) -> None:
        """An empty palette."""
        self._become(FindState(total=self.state.total))

    def type(self, text: str) -> bool:
        """What stands in the line now; True where it should be searched for."""
        if not text.strip():
            self._become(FindState(typed=text, total=self.state.total))
            return False
        self._become(replace(self.state, typed=text, failed=""))
        return True

    def answer(self, text: str, found: SearchAnswer) -> None:
        """Hits for ``text``; dropped where the line says something else by now."""
        if text != self.state.typed:
            return
        self._become(FindState(text, text, found.hits, 0, found.total_people, found.ms))

    def fail(self, text: str) -> None:
        """The search for ``text`` could not be made; typing goes on."""
        if text == self.state.typed:
            words = say("The search could not be made. Type on, or press F5.")
            self._become(replace(self.state, hits=(), at=0, failed=words, answered=None))

    def move(self, by: int) -> None:
        """Chooses another row; stops at both ends."""
        last = len(self.state.hits) - (0 if self.state.awake else 1)
        to = max(0, min(last, self.state.at + by))
        self._become(replace(self.state, at=to))

    def choose(self, row: int) -> None:
        """Chooses a row by its number."""
        self._become(replace(self.state, at=max(0, min(len(self.state.hits), row))))

    def carried(self) -> Carried:
        """What was typed, taken apart for a new chart: last name first, as desks type it."""
        typed = self.state.typed
        asked = ask(typed, self._today())
        words = [_named(word) for word in _WORD.findall(_without_dates(typed))]
        if "," in typed:
            before, _, after = typed.partition(",")
            last = " ".join(_named(w) for w in _WORD.findall(_without_dates(before)))
            first = " ".join(_named(w) for w in _WORD.findall(_without_dates(after)))
        else:
            last, first = " ".join(words[:1]), " ".join(words[1:])
        phone = next((n for n in asked.numbers if len(n) == 10 and n.isdecimal()), None)
        return Carried(last, first, asked.births[0] if asked.births else None, phone)


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = re.compile(
    rf"\b\d{{1,2}}[-/. ]*(?:{_MONTHS})\b|\b(?:{_MONTHS})[-. ]+\d{{1,2}}(?![/\d])", re.IGNORECASE
)


def _without_dates(text: str) -> str:
    return _MONTH.sub(" ", text)


def _named(word: str) -> str:
    """``okafor-diaz`` as ``Okafor-Diaz``; a word with capitals of its own stays as typed."""
    return word if word != word.lower() else "-".join(p.capitalize() for p in word.split("-"))


def name_parts(hit: Hit) -> list[tuple[str, bool]]:
    """The name as it is shown, in pieces: (letters, matched)."""
    pieces = _pieces((hit.last or "?").upper(), "last", hit)
    for field, text in (("first", hit.first), ("middle", hit.middle)):
        if text:
            pieces.append((", " if field == "first" else " ", False))
            pieces += _pieces(text, field, hit)
    if hit.suffix:
        pieces.append((f" {hit.suffix}", False))
    if hit.preferred:
        pieces += [(" “", False), *_pieces(hit.preferred, "preferred", hit), ("”", False)]
    return [piece for piece in pieces if piece[0]]


def _pieces(text: str, field: str, hit: Hit) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for span in sorted((s for s in hit.spans if s.field == field), key=lambda s: s.start):
        if span.start < at:
            continue
        pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
    return [*pieces, (text[at:], False)]


def born_words(hit: Hit, today: date) -> str:
    """``03 Mar 1985 · 41 F``."""
    if not hit.dob:
        return hit.sex or ""
    born = date.fromisoformat(hit.dob)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{born:%d %b %Y} · {years} {hit.sex or ''}".strip()


def why_words(hit: Hit) -> str:
    """Why this person is shown, word by word: ``name, one letter different; phone``."""
    return "; ".join(
        ", ".join(say(word) for word in part.split(", ")) for part in hit.why.split("; ")
    )


def place_words(hit: Hit, today: date) -> str:
    """Town and last visit; a protected address says so and shows none."""
    town = hit.town or say("address hidden")
    last = say("never seen")
    if hit.last_visit:
        seen = date.fromisoformat(hit.last_visit[:10])
        last = say("last here {day}", day=f"{seen:%d %b %Y}")
        if seen == today:
            last = say("visit today")  # expected, here or done: Arrivals says which
    if hit.deceased:
        last = say("deceased")
    return f"{town} · {last}"


def new_words(state: FindState, carried: Carried) -> str:
    """What stands behind *New patient…*."""
    if not state.awake:
        return say("Search first: name, birth date, phone or member ID.")
    parts = [", ".join(p for p in (carried.last, carried.first) if p)]
    if carried.born:
        parts.append(say("born {day}", day=f"{date.fromisoformat(carried.born):%d %b %Y}"))
    words = ", ".join(part for part in parts if part)
    if not state.hits:
        tail = say("Nobody of that kind is known here.")
    elif len(state.hits) == 1:
        tail = say("One match stands above.")
    else:
        tail = say("{n} possible matches stand above.", n=len(state.hits))
    return f"{words}. {tail}" if words else tail
