"""What people type into the palette, by kind: each person of a sample gives some queries.

A query may name the person that it must find. ``keys`` makes every keystroke of one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date

from invented_people import mistyped

from workstation.people.model import Person
from workstation.people.names import fold

Query = tuple[str, str | None]
"""What is typed, and the id of the person that it must find (None where many may fit)."""
Queries = list[Query]

COMMON_LAST = ("Smith", "Johnson", "Garcia", "Rodriguez", "De La Cruz")
COMMON_FIRST = ("Maria", "James", "Robert", "Elizabeth", "William", "Jose")


def keys(text: str) -> Queries:
    """The text as it grows under the fingers."""
    return [(text[: i + 1], None) for i in range(len(text))]


def _last(p: Person) -> str:
    return p.last or ""


def _first(p: Person) -> str:
    return p.first or ""


def _slip(word: str, r: random.Random) -> str:
    return mistyped(fold(word).replace(" ", ""), r)


def _born(p: Person) -> date:
    return date.fromisoformat(p.dob or "1900-01-01")


def _dates(p: Person) -> list[str]:
    """One birthday as people write it."""
    day = _born(p)
    return [
        day.isoformat(),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m/%d/%y}",
        f"{day:%m%d%Y}",
        f"{day:%Y%m%d}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
    ]


def _phones(p: Person) -> list[str]:
    digits = p.phones[0]
    area, middle, last = digits[:3], digits[3:6], digits[6:]
    return [
        digits,
        f"({area}) {middle}-{last}",
        f"{area}-{middle}-{last}",
        f"+1 {area} {middle} {last}",
    ]


def _ssn4(p: Person) -> str:
    return p.ssn[-4:] if p.ssn else "6789"


def _ssn(p: Person) -> str:
    number = p.ssn or "123456789"
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def member_id(p: Person) -> str:
    """The member id that the benchmark gives this person."""
    return f"XQW{int(p.id) * 7919 % 10**9:09d}"


def kinds() -> Iterator[tuple[str, Callable[[Person, random.Random], Queries]]]:
    """Every kind of query: its words, and what one person gives."""
    yield from _names()
    yield from _common()
    yield from _slips()
    yield from _births()
    yield from _numbers()
    yield from _mixes()
    yield from _odd()


Kinds = Iterator[tuple[str, Callable[[Person, random.Random], Queries]]]


def _names() -> Kinds:
    yield "LAST FIRST, keys", lambda p, _: keys(f"{_last(p)} {_first(p)}")
    yield "FIRST LAST, keys", lambda p, _: keys(f"{_first(p)} {_last(p)}")
    yield "LAST, FIRST", lambda p, _: [(f"{_last(p)}, {_first(p)}", p.id)]
    yield "FIRST LAST", lambda p, _: [(f"{_first(p)} {_last(p)}", p.id)]
    yield "one letter", lambda p, _: [(_last(p)[0], None), (_first(p)[0].lower(), None)]
    yield "two letters", lambda p, _: [(_last(p)[:2], None), (_first(p)[:2], None)]
    yield "one letter each", lambda p, _: [(f"{_last(p)[0]} {_first(p)[0]}", None)]
    yield "two letters each", lambda p, _: [(f"{_last(p)[:2]} {_first(p)[:2]}", None)]
    yield "LAST F", lambda p, _: [(f"{_last(p)} {_first(p)[0]}", None)]
    yield (
        "FIRST MIDDLE LAST, keys",
        lambda p, _: keys(f"{_first(p)} {p.middle or 'Ann'} {_last(p)}"),
    )
    yield "LAST and a wrong FIRST", lambda p, r: [(f"{_last(p)} {r.choice(COMMON_FIRST)}x", None)]


def _common() -> Kinds:
    yield "very common last name, keys", lambda _, r: keys(r.choice(COMMON_LAST))
    yield (
        "very common pair, keys",
        lambda _, r: keys(f"{r.choice(COMMON_FIRST)} {r.choice(COMMON_LAST)}"),
    )
    yield "common LAST, own FIRST", lambda p, r: [(f"{r.choice(COMMON_LAST)} {_first(p)}", None)]
    yield "common FIRST, a letter", lambda p, r: [(f"{r.choice(COMMON_FIRST)} {_last(p)[0]}", None)]


def _slips() -> Kinds:
    yield "slip in LAST, then FIRST", lambda p, r: [(f"{_slip(_last(p), r)} {_first(p)}", p.id)]
    yield "FIRST, then slip in LAST", lambda p, r: [(f"{_first(p)} {_slip(_last(p), r)}", p.id)]
    yield (
        "slip in each, LAST FIRST",
        lambda p, r: [(f"{_slip(_last(p), r)} {_slip(_first(p), r)}", p.id)],
    )
    yield (
        "slip in each, FIRST LAST",
        lambda p, r: [(f"{_slip(_first(p), r)} {_slip(_last(p), r)}", p.id)],
    )
    yield (
        "slip in each, keys",
        lambda p, r: keys(f"{_slip(_last(p), r)} {_slip(_first(p), r)}"),
    )
    yield (
        "slip in each of three",
        lambda p, r: [
            (f"{_slip(_first(p), r)} {_slip(p.middle or 'ann', r)} {_slip(_last(p), r)}", None)
        ],
    )


def _births() -> Kinds:
    yield "date of birth, any form", lambda p, _: [(text, None) for text in _dates(p)]
    yield "date of birth, keys", lambda p, r: keys(r.choice(_dates(p)))
    yield "year of birth", lambda p, _: [(f"{_born(p).year}", None)]
    yield "LAST and year", lambda p, _: [(f"{_last(p)} {_born(p).year}", None)]


def _numbers() -> Kinds:
    yield "MRN, keys", lambda p, _: keys(p.mrn or "")
    yield "MRN", lambda p, _: [(p.mrn or "", p.id)]
    yield "phone, any form", lambda p, _: [(text, p.id) for text in _phones(p)]
    yield "phone, keys", lambda p, r: keys(r.choice(_phones(p)))
    yield "last four of phone, keys", lambda p, _: keys(p.phones[0][-4:])
    yield "last four of SSN", lambda p, _: [(_ssn4(p), None)]
    yield "SSN, keys", lambda p, _: keys(_ssn(p))
    yield "member id, keys", lambda p, _: keys(member_id(p))
    yield "member id", lambda p, _: [(member_id(p).lower(), p.id)]


def _mixes() -> Kinds:
    yield "last four of phone, LA", lambda p, _: [(f"{p.phones[0][-4:]} {_last(p)[:2]}", p.id)]
    yield (
        "last four of phone, LAST F, keys",
        (lambda p, _: keys(f"{p.phones[0][-4:]} {_last(p)} {_first(p)[0]}")),
    )
    yield "LAST, last four of phone, keys", lambda p, _: keys(f"{_last(p)} {p.phones[0][-4:]}")
    yield (
        "LAST, last four of SSN",
        lambda p, _: [(f"{_last(p)} {_ssn4(p)}", p.id if p.ssn and p.ssn != "999999999" else None)],
    )
    yield "last four of SSN, L", lambda p, _: [(f"{_ssn4(p)} {_last(p)[0]}", None)]
    yield "date of birth, LAS", lambda p, r: [(f"{r.choice(_dates(p))} {_last(p)[:3]}", p.id)]
    yield "date of birth, LAST, keys", lambda p, r: keys(f"{r.choice(_dates(p))} {_last(p)}")
    yield (
        "LAST FIRST, date of birth, keys",
        (lambda p, r: keys(f"{_last(p)} {_first(p)} {r.choice(_dates(p))}")),
    )
    yield "slip in LAST, date of birth", lambda p, r: [(f"{_slip(_last(p), r)} {p.dob}", p.id)]
    yield "LAST, a wrong date", lambda p, _: [(f"{_last(p)} {_first(p)} 03/03/2003", None)]


def _odd() -> Kinds:
    yield (
        "quotes, stars, per cent",
        lambda p, r: [
            (text.format(_last(p)), None) for text in ('"{}"', "'{}'", "{}*", "%{}%", "{}_", "({})")
        ],
    )
    yield (
        "AND, OR, NOT, NEAR",
        lambda p, r: [
            (f"{_last(p)} {r.choice(('AND', 'OR', 'NOT', 'NEAR'))} {_first(p)}", p.id),
            (f"NEAR {_first(p)[:3]}", None),
        ],
    )
    yield "pictures", lambda p, _: [(f"{_last(p)} 😀", None), ("😀", None), ("👩‍👧 a", None)]
    yield "two hundred letters", lambda p, _: [((_last(p) + " ") * 30, None), (_last(p) * 40, None)]
