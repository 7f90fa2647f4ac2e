"""Invented people for benchmarks: weighted names with a long tail, households, twins, namesakes.

Nobody here is real: the head of the name lists is common US names, the tail is made of syllables.
"""

from __future__ import annotations

import csv
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import accumulate

from workstation.people.model import Person


def _words(text: str) -> list[str]:
    return text.split()


_HEAD = _words(
    """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez
    Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White
    Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres
    Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts
    Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales
    Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos
    Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes
    Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez O'Brien Muñoz St. John
    De La Cruz Nuñez
    """
)
_STARTS = _words(
    """
    B C D F G H J K L M N P R S T V W Z Br Ch Cr Dr Fr Gr Kr Sch Sh St Tr Th A E I O
    """
)
_MIDDLES = _words(
    """
    a e i o u ai ea ie oo ar er or an en in on al el il am em
    """
)
_JOINTS = _words(
    """
    b d f g l m n r s t v ck ll nn rr ss tt nd rt st mb ng
    """
)
_ENDS = _words(
    """
    son man er ez ski berg ton ley sen well ham ic a o i ini ard ov ko yan ford us
    """
)
_STREETS = _words(
    """
    Oak Elm Maple Cedar Pine Walnut Main Church Park Lake Hill River Sunset Mesa
    """
)


class InventedPeople:
    """The same people for the same seed and number."""

    def __init__(self, count: int, seed: int = 20261123) -> None:
        self.count = count
        self._random = random.Random(seed)
        tail = max(2_000, min(60_000, count // 15))
        self._last = _Weighted(self._random, [*_HEAD, *self._made(tail)], 0.75)
        given = _given_names()
        self._first = {
            sex: _Weighted(self._random, [*given[i::2], *self._made(tail // 4)], 0.85)
            for i, sex in enumerate("FM")
        }

    def _made(self, count: int) -> list[str]:
        choose = self._random.choice
        found: dict[str, None] = {}
        while len(found) < count:
            word = choose(_STARTS) + choose(_MIDDLES) + choose(_JOINTS) + choose(_MIDDLES)
            found[(word if self._random.random() < 0.3 else word + choose(_ENDS)).title()] = None
        return list(found)

    def __iter__(self) -> Iterator[Person]:
        made = 0
        while made < self.count:
            for someone in self._household(made):
                if made < self.count:
                    yield someone
                    made += 1

    def _household(self, start: int) -> list[Person]:
        r = self._random
        size = r.choices((1, 2, 3, 4, 5), (30, 30, 17, 15, 8))[0]
        last = self.last_name()
        phone, street, zip_code = self.phone(), self.street(), self.zip()
        members: list[Person] = []
        for i in range(size):
            someone = self.person(start + i, last if r.random() < 0.85 else self.last_name())
            someone = replace(someone, street=street, zip=zip_code)
            if r.random() < 0.6:
                someone = replace(someone, phones=(phone,))
            if members and r.random() < 0.02:
                someone = replace(someone, dob=members[-1].dob, last=members[-1].last)
            if members and r.random() < 0.02:
                father = members[0]
                someone = replace(
                    someone, first=father.first, last=father.last, sex=father.sex, suffix="Jr"
                )
            members.append(someone)
        return members

    def person(self, number: int, last: str | None = None) -> Person:
        """One person on their own."""
        r = self._random
        sex = r.choice("FM")
        ssn = f"{r.randint(1, 665):03d}{r.randint(1, 99):02d}{r.randint(1, 9999):04d}"
        placeholder = r.random() < 0.02
        return Person(
            id=str(number),
            last=last or self.last_name(),
            first=self._first[sex].one(),
            middle=self._first[sex].one()[: r.choice((1, 20))] if r.random() < 0.6 else None,
            dob="1900-01-01" if r.random() < 0.003 else self.birthday(),
            sex=sex,
            ssn=("999999999" if placeholder else ssn) if r.random() < 0.75 else None,
            mrn=f"{10_000_000 + number * 7}",
            phones=(self.phone(),),
            street=self.street(),
            city="Springfield",
            state="TX",
            zip=self.zip(),
        )

    def last_name(self) -> str:
        """A family name; one of twelve is a double one."""
        one = self._last.one()
        return f"{one}-{self._last.one()}" if self._random.random() < 0.08 else one

    def first_name(self, sex: str) -> str:
        """A given name."""
        return self._first[sex].one()

    def birthday(self) -> str:
        """An ISO date between 1930 and 2026."""
        return (date(1930, 1, 1) + timedelta(days=self._random.randrange(35_300))).isoformat()

    def phone(self) -> str:
        """Ten digits."""
        return f"{self._random.randint(201, 989)}{self._random.randint(2_000_000, 9_999_999)}"

    def street(self) -> str:
        """House and street."""
        r = self._random
        kind = r.choice(("St", "Ave", "Rd"))
        return f"{r.randint(1, 9999)} {r.choice('NSEW')} {r.choice(_STREETS)} {kind}"

    def zip(self) -> str:
        """One of two hundred codes of the catchment."""
        return f"787{self._random.randrange(100):02d}" if self._random.random() < 0.8 else "73301"


class _Weighted:
    """Names by rank, their weight falling as a power of it."""

    def __init__(self, source: random.Random, names: list[str], power: float) -> None:
        self._random = source
        self._names = names
        self._sums = list(accumulate(1 / (rank + 3) ** power for rank in range(len(names))))

    def one(self) -> str:
        place = bisect(self._sums, self._random.random() * self._sums[-1])
        return self._names[min(place, len(self._names) - 1)]


def _given_names() -> list[str]:
    names = []
    for file in ("nicknames.csv", "nicknames_spanish.csv"):
        text = (files("resources") / "rules" / file).read_text(encoding="utf-8")
        names += [row[0] for row in csv.reader(text.splitlines()) if row and row[0][0] != "#"]
    return list(dict.fromkeys(names))


def mistyped(word: str, r: random.Random) -> str:
    """The word with one letter inserted, left out, replaced, or two changed over."""
    if len(word) < 2:
        return word + "e"
    at = r.randrange(len(word) - 1)
    letter = r.choice("abcdefghijklmnopqrstuvwxyz")
    return r.choice(
        (
            word[:at] + letter + word[at:],
            word[: at + 1] + word[at + 2 :],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
