"""What people do at the desks of the simulated hospital, each from what their own desk shows."""

from __future__ import annotations

import random
from typing import Any

from simulated_desk import Desk
from simulated_server import RowStore

from workstation.kernel.commands import Change, Insert, Revise

FIELDS = ("last", "dob", "street", "zip", "email")
Changes = tuple[Change, ...]


class SomebodyAtWork:
    """Decides what is done next; remembers every payment, whatever becomes of it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._made = 0
        self._paid: dict[str, int] = {}

    def cents(self, commands: set[str]) -> int:
        """What these commands moved in all, by the notes that were made when it was decided."""
        return sum(cents for id, cents in self._paid.items() if id in commands)

    def decide(self, desk: Desk) -> tuple[str, Changes]:
        """The id of a command and what it changes."""
        self._made += 1
        people = sorted(id for kind, id in desk.disk.shown if kind == "person")
        what = self._chance.random()
        if not people or what < 0.12:
            return self._id, (Insert("person", f"p{self._made}", dict.fromkeys(FIELDS, "0")),)
        if what < 0.3:
            return self._id, self._pays(desk, people[0])
        conflicts = RowStore(desk.disk.shown).find("conflict", state="open")
        if conflicts and what < 0.4:
            return self._id, self._settles(desk, min(conflicts, key=_id_of))
        if what < 0.6:
            return self._id, self._receives(desk, people[0])
        if what < 0.72:
            return self._id, self._insures(desk, people[0])
        if desk.version == 2 and what < 0.8:
            return self._id, self._notes_something_new(desk, people[0])
        return self._id, self._revises(desk, people[-1 if what < 0.9 else 0])

    @property
    def _id(self) -> str:
        return f"c{self._made}"

    def _pays(self, desk: Desk, person: str) -> Changes:
        """A payment; or half of the last one is given back."""
        cents = self._chance.randint(1, 9_999)
        payments = RowStore(desk.disk.shown).find("payment", refunds=None)
        refunds = None
        if payments and self._chance.random() < 0.3:
            latest = max(payments, key=_id_of)
            refunds, cents = latest["id"], -(latest["cents"] // 2)
        self._paid[self._id] = cents
        fields = {"person_id": person, "cents": cents, "refunds": refunds}
        return (Insert("payment", f"m{self._made}", fields),)

    def _settles(self, desk: Desk, conflict: dict[str, Any]) -> Changes:
        take = self._chance.choice(("mine", "theirs"))
        settled = Revise(
            "conflict",
            conflict["id"],
            {"state": "open"},
            {"state": "resolved", "take": take, "resolved_by": desk.name, "resolved_at": self._id},
            conflict["rev"],
        )
        standing = desk.disk.shown.get((conflict["kind"], conflict["entity_id"]))
        if take == "theirs" or standing is None:
            return (settled,)
        wanted = {n: v for n, v in conflict["waits"].items() if standing.get(n) != v}
        if not wanted:
            return (settled,)
        base = {name: standing.get(name) for name in wanted}
        over = Revise(conflict["kind"], conflict["entity_id"], base, wanted, standing["rev"])
        return (settled, over)

    def _receives(self, desk: Desk, person: str) -> Changes:
        """Something is done with the visit of a person, as it stands at this desk."""
        visit = self._only(desk, "visit", person)
        if visit is None:
            fields = {"person_id": person, "state": "expected"} | dict.fromkeys(
                ("arrived_at", "owner", "finished_at", "moved_to", "guarantor")
            )
            return (Insert("visit", f"v{self._made}", fields),)
        moment = f"{self._made:04}"
        done: dict[str, Any] = self._chance.choice(
            (
                {"state": "arrived", "arrived_at": moment},
                {"state": "expected", "arrived_at": None, "owner": None},
                {"state": "in_progress", "owner": desk.name},
                {"state": "in_progress", "owner": desk.name},
                {"state": "done", "finished_at": moment},
                {"state": "left"},
                {"guarantor": f"g{self._chance.randint(1, 3)}"},
                {"guarantor_kind": f"k{self._chance.randint(1, 3)}"},
            )
        )
        return (_edit("visit", visit, done),)

    def _insures(self, desk: Desk, person: str) -> Changes:
        coverage = self._only(desk, "coverage", person)
        if coverage is None:
            fields = {"person_id": person, "payer_id": "1", "member_id": "1", "order": 1}
            return (Insert("coverage", f"i{self._made}", fields),)
        name = self._chance.choice(("payer_id", "member_id", "rx_bin"))
        return (_edit("coverage", coverage, {name: str(self._chance.randint(1, 3))}),)

    def _notes_something_new(self, desk: Desk, person: str) -> Changes:
        """What only the newer version knows: a kind, and a field of a person."""
        if self._chance.random() < 0.5:
            return (Insert("allergy", f"a{self._made}", {"person_id": person, "to": "latex"}),)
        row = desk.disk.shown["person", person]
        return (_edit("person", row, {"pronoun": f"r{self._chance.randint(1, 3)}"}),)

    def _revises(self, desk: Desk, person: str) -> Changes:
        row = desk.disk.shown["person", person]
        names = self._chance.sample(FIELDS, self._chance.randint(1, 2))
        wanted = {name: f"{str(row.get(name))[:6]}{self._chance.randint(1, 3)}" for name in names}
        return (_edit("person", row, wanted),)

    def _only(self, desk: Desk, kind: str, person: str) -> dict[str, Any] | None:
        found = RowStore(desk.disk.shown).find(kind, person_id=person)
        return min(found, key=_id_of, default=None)


def _edit(kind: str, row: dict[str, Any], wanted: dict[str, Any]) -> Revise:
    base = {name: row.get(name) for name in wanted}
    return Revise(kind, row["id"], base, wanted, row["rev"])


def _id_of(row: dict[str, Any]) -> str:
    return str(row["id"])
