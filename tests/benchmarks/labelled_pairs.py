"""Invented pairs of records with the truth beside them: one person twice, or two like people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from invented_people import InventedPeople, mistyped

from workstation.people.model import Person
from workstation.people.names import fold
from workstation.people.nicknames import also_called

Pair = tuple[Person, Person, bool, str]
"""Two records, whether they are one person, and the kind."""

_LIKE = ("twins", "siblings", "father and son", "namesakes", "one birth date")


class LabelledPairs:
    """As many pairs of one person as of two, the same for the same seed."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._random = random.Random(seed)
        self._people = InventedPeople(20_000, seed=seed)

    def __iter__(self) -> Iterator[Pair]:
        for i in range(self._count):
            someone = self._people.person(2 * i)
            if i % 2:
                yield someone, self.again(someone), True, "one person"
            else:
                kind = self._random.choice(_LIKE)
                yield someone, self._other(someone, kind), False, kind

    def again(self, p: Person) -> Person:
        """The same person on another day, with what goes wrong at a desk, often several at once."""
        r = self._random
        p = replace(p, id="again", mrn=None)
        if r.random() < 0.6:
            p = replace(p, ssn=None)
        if r.random() < 0.35:
            p = replace(p, middle=None)
        elif p.middle:
            p = replace(p, middle=p.middle[0])
        for share, slip in (
            (0.10, self._short_form), (0.10, self._first_mistyped), (0.08, self._last_mistyped),
            (0.06, self._wrong_date), (0.3, self._moved), (0.3, self._new_phone),
            (0.05, self._married), (0.02, self._wrong_sex), (0.02, self._changed_over),
            (0.03, self._no_contact),
        ):  # fmt: skip
            if r.random() < share:
                p = slip(p)
        return p

    def _short_form(self, p: Person) -> Person:
        others = also_called(fold(p.first or ""))
        return replace(p, first=self._random.choice(others).title()) if others else p

    def _first_mistyped(self, p: Person) -> Person:
        return replace(p, first=mistyped(p.first or "", self._random))

    def _last_mistyped(self, p: Person) -> Person:
        return replace(p, last=mistyped(p.last or "", self._random))

    def _wrong_date(self, p: Person) -> Person:
        year, month, day = (p.dob or "").split("-")
        if int(day) <= 12 and self._random.random() < 0.5:
            return replace(p, dob=f"{year}-{day}-{month}")
        return replace(p, dob=f"{year}-{month}-{int(day) % 28 + 1:02d}")

    def _moved(self, p: Person) -> Person:
        return replace(p, street=self._people.street(), zip=self._people.zip())

    def _new_phone(self, p: Person) -> Person:
        return replace(p, phones=(self._people.phone(),))

    def _married(self, p: Person) -> Person:
        return replace(p, last=self._people.last_name()) if p.sex == "F" else p

    def _wrong_sex(self, p: Person) -> Person:
        return replace(p, sex="M" if p.sex == "F" else "F")

    def _changed_over(self, p: Person) -> Person:
        return replace(p, first=p.last, last=p.first)

    def _no_contact(self, p: Person) -> Person:
        return replace(p, street=None, zip=None, phones=())

    def _other(self, p: Person, kind: str) -> Person:
        """Somebody else, as like as relatives and namesakes are."""
        r, people = self._random, self._people
        q = replace(people.person(1), id="other", mrn=None)
        home = {"last": p.last, "street": p.street, "zip": p.zip, "phones": p.phones}
        if kind == "twins":
            first = people.first_name(q.sex or "F")
            if q.sex == p.sex and r.random() < 0.2:
                first = (p.first or "")[:2] + first[2:]
            return replace(q, **home, first=first, dob=p.dob)
        if kind == "siblings":
            return replace(q, **home)
        if kind == "father and son":
            return replace(q, **home, first=p.first, sex=p.sex, suffix=r.choice(("Jr", "II", None)))
        if kind == "namesakes":
            return replace(q, first=p.first, last=p.last, sex=p.sex)
        return replace(q, dob=p.dob, last=p.last)
