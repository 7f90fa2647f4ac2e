"""Whatever is done to a trail is found: by the chain, or by a head that was noted elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.access.audit import (
    BEFORE_THE_FIRST,
    BEGINNING,
    Anchor,
    AuditCheck,
    first_difference,
    first_unanchored,
    link,
    walk,
)

Row = tuple[int, str, str]


def chain(bodies: list[str], base: Anchor = BEGINNING) -> list[Row]:
    rows, before = [], base.head
    for n, body in enumerate(bodies, base.entries + 1):
        before = link(before, body)
        rows.append((n, body, before))
    return rows


def renumbered(rows: list[Row]) -> list[Row]:
    return [(n, body, digest) for n, (_, body, digest) in enumerate(rows, 1)]


def rehashed(rows: list[Row]) -> list[Row]:
    return chain([body for _, body, _ in rows])


def change_text(rows: list[Row], at: int, rng: Random) -> list[Row]:
    n, body, digest = rows[at]
    return [*rows[:at], (n, body + rng.choice("x 0"), digest), *rows[at + 1 :]]


def change_hash(rows: list[Row], at: int, rng: Random) -> list[Row]:
    n, body, digest = rows[at]
    other = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    return [*rows[:at], (n, body, other), *rows[at + 1 :]]


def remove(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return [*rows[:at], *rows[at + 1 :]]


def remove_and_renumber(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return renumbered(remove(rows, at, rng))


def insert(rows: list[Row], at: int, rng: Random) -> list[Row]:
    before = rows[at - 1][2] if at else BEFORE_THE_FIRST
    return renumbered([*rows[:at], (0, "forged", link(before, "forged")), *rows[at:]])


def swap(rows: list[Row], at: int, rng: Random) -> list[Row]:
    other = (at + 1) % len(rows)
    moved = list(rows)
    moved[at], moved[other] = (rows[at][0], *rows[other][1:]), (rows[other][0], *rows[at][1:])
    return moved


# These know how the chain is made, and make what follows anew.
def change_and_rehash(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return rehashed(change_text(rows, at, rng))


def remove_and_rehash(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return rehashed(remove(rows, at, rng))


def insert_and_rehash(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return rehashed(insert(rows, at, rng))


def swap_and_rehash(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return rehashed(swap(rows, at, rng))


def cut_tail(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return rows[:at]


def replace_all(rows: list[Row], at: int, rng: Random) -> list[Row]:
    return chain([f"another {n}" for n in range(len(rows) + rng.choice((-1, 0, 5)))])


CLUMSY = (change_text, change_hash, remove, remove_and_renumber, insert, swap)
SKILLED = (
    change_and_rehash,
    remove_and_rehash,
    insert_and_rehash,
    swap_and_rehash,
    cut_tail,
    replace_all,
)
Tamper = Callable[[list[Row], int, Random], list[Row]]

trails = st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=2, max_size=12)


def judged(rows: list[Row], anchors: list[Anchor]) -> tuple[AuditCheck, int | None]:
    """What ``audit verify`` makes of it: the walk, and the first entry that may be another one."""
    check = walk(rows)
    stored = {n: digest for n, _, digest in rows}
    other = first_unanchored(check, anchors, lambda n: stored.get(n, BEFORE_THE_FIRST))
    found = [n for n in (check.first_bad, other) if n is not None]
    return check, min(found, default=None)


@given(trails, st.data())
def test_an_honest_trail_is_believed(bodies: list[str], data: st.DataObject) -> None:
    rows = chain(bodies)
    noted = data.draw(st.lists(st.sampled_from(rows)))
    check, bad = judged(rows, [Anchor(n, digest) for n, _, digest in noted])
    assert (check.ok, check.entries, bad) == (True, len(rows), None)


@pytest.mark.parametrize("tamper", CLUMSY, ids=lambda one: one.__name__)
@given(bodies=trails, data=st.data())
def test_the_chain_alone_shows_a_clumsy_hand(
    tamper: Tamper, bodies: list[str], data: st.DataObject
) -> None:
    rows = chain([f"{n} {body}" for n, body in enumerate(bodies)])
    last = len(rows) - (2 if tamper in (remove, remove_and_renumber, insert) else 1)
    at = data.draw(st.integers(0, last))
    changed = tamper(rows, at, Random(data.draw(st.integers(0, 9))))
    check = walk(changed)
    assert not check.ok
    if tamper is insert:  # the forged entry itself continues the chain; the next one does not
        assert check.first_bad == at + 2
    elif tamper is swap:
        assert check.first_bad == min(at, (at + 1) % len(rows)) + 1
    else:
        assert check.first_bad == at + 1


@pytest.mark.parametrize("tamper", SKILLED, ids=lambda one: one.__name__)
@given(bodies=trails, data=st.data())
def test_a_noted_head_shows_a_skilled_one(
    tamper: Tamper, bodies: list[str], data: st.DataObject
) -> None:
    rows = chain([f"{n} {body}" for n, body in enumerate(bodies)])
    at = data.draw(st.integers(0, len(rows) - 2))
    n, _, head = rows[data.draw(st.integers(at + 1, len(rows) - 1))]
    earlier = [Anchor(m, digest) for m, _, digest in rows[:at]]
    changed = tamper(rows, at, Random(data.draw(st.integers(0, 9))))
    assert walk(changed).ok, "by itself it is whole"
    _, bad = judged(changed, [*earlier, Anchor(n, head)])
    assert bad is not None
    if tamper is remove_and_rehash:  # where the head's own number is missing, a cut tail looks so
        assert bad in (at + 1, len(changed) + 1)
    elif tamper is not replace_all:
        assert bad == at + 1, "all before it was noted, so it is found to the entry"


@given(trails, st.data())
def test_a_copy_elsewhere_shows_which_entry_it_was(bodies: list[str], data: st.DataObject) -> None:
    rows = chain([f"{n} {body}" for n, body in enumerate(bodies)])
    at = data.draw(st.integers(0, len(rows) - 1))
    mine = {n: digest for n, _, digest in change_and_rehash(rows, at, Random(0))}
    theirs = {n: digest for n, _, digest in rows}
    assert first_difference(1, len(rows), mine.get, theirs.get) == at + 1


@given(trails, st.data())
def test_a_trimmed_trail_verifies_from_where_it_begins(
    bodies: list[str], data: st.DataObject
) -> None:
    rows = chain(bodies)
    at = data.draw(st.integers(1, len(rows)))
    base = Anchor(at, rows[at - 1][2])
    check = walk(rows[at:], base)
    assert (check.ok, check.start, check.entries) == (True, at + 1, len(rows))
    if at < len(rows):
        assert walk(rows[at:], Anchor(at, BEFORE_THE_FIRST)).first_bad == at + 1
