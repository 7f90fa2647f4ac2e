"""The recovery report after a downtime, and the supervisor's signature under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Insert, Revise
from workstation.kernel.errors import Refused
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.people.model import Person
from workstation.people.use_cases import survivor_of
from workstation.sync.downtime import DOWNTIME, WORTH_A_REPORT, OwnWork, work_of
from workstation.sync.model import CONFLICT, Row

CHANGED = frozenset({Kind.WORK_ITEM})

Alike = Callable[[Person], Sequence[Mapping[str, Any]]]
"""Charts that may be this person's, ``{"id", "score", ...}``, best first."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the report; ``mrn`` is the provisional one until the real one is given."""

    id: str
    name: str
    dob: str
    mrn: str


@dataclass(frozen=True, slots=True)
class MaybeTwice:
    """Somebody registered in the downtime, and a chart that may be the same person's."""

    registered: Named
    other: Named


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What a downtime left behind, as it stands now. Moments are ISO 8601 in UTC, money cents."""

    id: str
    desk: str
    began_at: str
    ended_at: str
    commands: int
    registered: tuple[Named, ...]
    visits: int
    payments: int
    by_tender: Mapping[str, int]
    """Cents taken by tender, refunds subtracted."""
    open_conflicts: int
    settled_conflicts: int
    refused: tuple[tuple[str, Named | None], ...]
    """Type of the command and its person: nothing of it stands."""
    maybe_twice: tuple[MaybeTwice, ...]
    signed_by: str | None
    signed_at: str | None
    note: str | None

    @property
    def cents(self) -> int:
        """What was taken in all, in cents."""
        return sum(self.by_tender.values())

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do but to sign."""
        return not (self.open_conflicts or self.refused or self.maybe_twice)

    def as_json(self) -> dict[str, Any]:
        """The shape of ``portico downtime report``."""
        return {**asdict(self), "cents": self.cents}


class Recovery:
    """Reports of downtimes, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        work: OwnWork,
        alike: Alike,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._author = Author(session.user_id, desk, clock)
        self._work = work
        self._alike = alike

    def open_reports(self) -> frozenset[Kind]:
        """Makes a report of each downtime that is over. Safe to repeat after a crash at any line.

        A spell in which nothing was done, or a short one, needs none. Raises NotPermitted.
        """
        self._session.require(Permission.RESOLVE_CONFLICT)
        changed: frozenset[Kind] = frozenset()
        for spell in self._work.over():
            done = work_of(self._work.commands(spell))
            long_enough = spell.ended - spell.began >= WORTH_A_REPORT
            if long_enough and done["commands"]:
                changed |= self._open(spell.id, iso(spell.began), iso(spell.ended), done)
            self._work.forget(spell)
        return changed

    def all(self) -> list[Row]:
        """Every downtime that this desk knows of, the oldest first. Raises NotPermitted."""
        self._session.require(Permission.RESOLVE_CONFLICT)
        return sorted(self._store.read().find(DOWNTIME.name), key=lambda row: row["began_at"])

    def report(self, downtime_id: str) -> RecoveryReport:
        """The report as it stands now. Raises Refused ``downtime_unknown``, NotPermitted."""
        self._session.require(Permission.RESOLVE_CONFLICT)
        store = self._store.read()
        return self._report(store, _downtime(store, downtime_id))

    def sign(self, downtime_id: str, note: str = "") -> frozenset[Kind]:
        """Signs a report with what stood under it at this moment.

        It may be signed with something left to settle: who signs has seen it. Raises Refused
        ``downtime_unknown`` or ``downtime_signed``, NotPermitted.
        """
        self._session.require(Permission.RESOLVE_CONFLICT)
        report = self.report(downtime_id)
        with self._store.unit_of_work() as work:
            row = _downtime(work, downtime_id)
            if row["state"] == "signed":
                raise Refused(
                    "downtime_signed",
                    "Somebody signed this report already; that signature stands.",
                    "Look at the list again.",
                )
            done = {
                "state": "signed",
                "signed_by": self._session.user_id,
                "signer": self._session.name,
                "signed_at": iso(self._clock()),
                "note": note.strip() or None,
                "signed": _counts(report),
            }
            base = {name: row.get(name) for name in done}
            change = Revise(DOWNTIME.name, downtime_id, base, done, row["rev"])
            work.record(self._author.command("sign_recovery_report", None, (change,)))
            work.commit()
        return CHANGED

    def _open(self, id: str, began: str, ended: str, done: dict[str, Any]) -> frozenset[Kind]:
        with self._store.unit_of_work() as work:
            if work.get(DOWNTIME.name, id) is not None:
                return frozenset()  # it was killed between report and forgetting
            fields = {
                "desk": self._desk.name,
                "began_at": began,
                "ended_at": ended,
                "work": done,
                "state": "open",
            }
            change = Insert(DOWNTIME.name, id, fields)
            work.record(self._author.command("report_downtime", None, (change,)))
            work.commit()
        return CHANGED

    def _report(self, store: Store, row: Row) -> RecoveryReport:
        work = row["work"]
        by_tender: dict[str, int] = {}
        for paid in work["payments"]:
            by_tender[paid["tender"]] = by_tender.get(paid["tender"], 0) + paid["cents"]
        conflicts = [
            conflict["state"]
            for id in work["conflicts"]
            for conflict in store.find(CONFLICT.name, command_id=id)
        ]
        registered = [named for id in work["people"] if (named := _named(store, id))]
        refused = tuple(
            (each["command"], _named(store, each["person_id"])) for each in work["refused"]
        )
        return RecoveryReport(
            id=row["id"],
            desk=row["desk"],
            began_at=row["began_at"],
            ended_at=row["ended_at"],
            commands=work["commands"],
            registered=tuple(registered),
            visits=len(work["visits"]),
            payments=len(work["payments"]),
            by_tender=by_tender,
            open_conflicts=conflicts.count("open"),
            settled_conflicts=len(conflicts) - conflicts.count("open"),
            refused=refused,
            maybe_twice=tuple(self._twice(store, registered)),
            signed_by=row["signer"],
            signed_at=row["signed_at"],
            note=row["note"],
        )

    def _twice(self, store: Store, registered: Sequence[Named]) -> list[MaybeTwice]:
        """Pairs that no merge has made one yet; a pair of two of the downtime stands once."""
        found: dict[frozenset[str], MaybeTwice] = {}
        for mine in registered:
            row = store.get("person", mine.id)
            if row is None or survivor_of(store, mine.id) != mine.id:
                continue
            for candidate in self._alike(Person.from_json(row)):
                id = survivor_of(store, str(candidate["id"]))
                other = _named(store, id)
                if id != mine.id and other is not None:
                    found.setdefault(frozenset((id, mine.id)), MaybeTwice(mine, other))
        return list(found.values())


def _counts(report: RecoveryReport) -> dict[str, Any]:
    """What stood when it was signed, without a name."""
    return {
        "registered": len(report.registered),
        "visits": report.visits,
        "payments": report.payments,
        "cents": report.cents,
        "open_conflicts": report.open_conflicts,
        "refused": len(report.refused),
        "maybe_twice": len(report.maybe_twice),
    }


def _downtime(store: Store, id: str) -> Row:
    row = store.get(DOWNTIME.name, id)
    if row is None:
        raise Refused(
            "downtime_unknown",
            "This workstation knows no such report.",
            "Synchronise, then look at the list again.",
        )
    return row


def _named(store: Store, person_id: str | None) -> Named | None:
    row = store.get("person", person_id) if person_id else None
    if row is None:
        return None
    name = ", ".join(part for part in ((row["last"] or "").upper(), row["first"]) if part)
    return Named(row["id"], name, row["dob"] or "", row["mrn"] or row["provisional_mrn"] or "")
