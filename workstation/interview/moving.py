"""Moving a visit that was checked in under the wrong person, with all that belongs to it.

It stands here because a visit takes with it what later capabilities made of it: coverages,
documents, payments, papers, and the half-done interview; ``visits`` may know none of these.

Nothing is rewritten. The visit goes on as a new row of the right person and the old one points to
it (``moved_to``); facts are copied, with their own time and author; coverages that were entered
by mistake are retired; payments are carried by compensating entries. Moving back undoes it in the
same way. What the interview changed in the wrong person's chart is not known to be wrong, so a
person looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.payments.moving import carried_changes, forbid_moving_money, standing_payments
from workstation.payments.posting import Posting
from workstation.people.use_cases import survivor_of
from workstation.visits.model import VisitState, is_locked

CHANGED = frozenset(
    {
        Kind.VISIT,
        Kind.COVERAGE,
        Kind.PAYMENT,
        Kind.PAPER,
        Kind.DOCUMENT,
        Kind.DRAFT,
        Kind.WORK_ITEM,
    }
)

_FACTS = ("signature", "document", "msp_answers", "advance_directive", "screening_exam")
"""What the right person said, signed, showed or was found to have, filed under the wrong name."""

_GUARANTOR = ("guarantor_kind", "guarantor_person_id", "guarantor")
_ENDED = frozenset({VisitState.EXPECTED, VisitState.LEFT, VisitState.CANCELLED})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What would be carried. ``paid`` in cents; None while nothing of money may be shown."""

    visit: Row
    person: Row
    coverages: tuple[Row, ...]
    """Entered since this visit's check-in began."""
    papers: int
    documents: int
    paid: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """The visit as it goes on, and which payment became which."""

    visit_id: str
    person_id: str
    payments: Mapping[str, str]
    changed: frozenset[Kind] = CHANGED


class MoveVisit:
    """Moves visits, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)
        self._posting = Posting(desk, clock)

    def plan(self, visit_id: str) -> MovePlan:
        """What moving would carry. Raises Refused as :meth:`move` does."""
        self._session.require(Permission.MOVE_VISIT)
        store = self._store.read()
        visit = _movable(store, visit_id)
        forbid_moving_money(store, visit_id)
        person_id = visit["person_id"]
        paid = sum(standing.amount for standing in standing_payments(store, visit_id))
        return MovePlan(
            visit,
            store.get("person", person_id) or {},
            coverages_of_visit(store, visit),
            len(_of_visit(store, "signature", visit)),
            len(_of_visit(store, "document", visit)),
            None if is_locked(visit) else paid,
        )

    def move(
        self,
        visit_id: str,
        to_person: str,
        reason: str,
        *,
        coverage_ids: Sequence[str] | None = None,
        key: str | None = None,
    ) -> Moved:
        """Moves a visit to the right person in one command, and answers how it goes on.

        ``coverage_ids``: which coverages go with it, by default those entered since the check-in
        began. A supervisor is not asked for; a reason is. Raises Refused ``not_found``,
        ``visit_moved``, ``same_person``, ``payment_under_way``, ``money_moved_on``; NotUnderstood
        ``reason_missing``.
        """
        self._session.require(Permission.MOVE_VISIT)
        reason = _checked(reason)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return Moved(before["visit_id"], before["person_id"], before["payments"])
            visit = _movable(work, visit_id)
            right = _right_person(work, visit, to_person)
            forbid_moving_money(work, visit_id)
            moved = self._record(work, visit, right, reason, coverage_ids, key)
            for draft in work.find("draft", visit_id=visit_id):
                work.drop_local("draft", draft["id"])
            work.commit()
        return moved

    def _record(
        self,
        work: UnitOfWork,
        visit: Row,
        right: str,
        reason: str,
        coverage_ids: Sequence[str] | None,
        key: str | None,
    ) -> Moved:
        command_id, to_visit = new_id(), new_id()
        covers = [
            row
            for row in _coverages(work, visit["person_id"])
            if row["id"] in set(coverage_ids if coverage_ids is not None else _ids(work, visit))
        ]
        became = {row["id"]: new_id() for row in covers}
        changes = _coverage_changes(work, covers, became, right)
        money, paid = carried_changes(
            work,
            self._posting,
            visit["id"],
            to_person=right,
            to_visit=to_visit,
            actor=self._session.user_id,
            reason=reason,
            command_id=command_id,
        )
        became |= paid
        changes += self._visit_changes(visit, right, to_visit, became)
        changes += _fact_changes(work, visit, right, to_visit, became)
        changes += money
        changes += self._settled_items(work, visit)
        answer = {"visit_id": to_visit, "person_id": right, "payments": paid}
        work.record(
            self._author.command(
                "move_visit",
                visit["person_id"],
                tuple(changes),
                reason=reason,
                key=key,
                answer=answer,
                id=command_id,
            )
        )
        # The command names the wrong person; the right one's trail must show it too.
        work.audit(self._session.user_id, "visit_moved_in", right, {"visit": to_visit})
        return Moved(to_visit, right, paid)

    def _visit_changes(
        self, visit: Row, right: str, to_visit: str, became: Mapping[str, str]
    ) -> list[Change]:
        kept = {name: value for name, value in visit.items() if name not in ("id", "rev")}
        order = visit.get("payer_order")
        fields = {
            **kept,
            **dict.fromkeys(_GUARANTOR),
            "person_id": right,
            "payer_order": [became[c] for c in order or () if c in became] or None,
            "moved_to": None,
        }
        if visit["state"] not in _ENDED:  # the right chart is still to be gone through
            fields |= {"state": VisitState.ARRIVED.value, "owner": None, "finished_at": None}
        out = {"moved_to": to_visit, "state": VisitState.CANCELLED.value}
        base = {name: visit.get(name) for name in out}
        return [
            Insert("visit", to_visit, fields),
            Revise("visit", visit["id"], base, out, visit["rev"]),
            self._event(visit["id"], visit["person_id"], "moved_out"),
            self._event(to_visit, right, "moved_in"),
        ]

    def _event(self, visit_id: str, person_id: str, what: str) -> Change:
        fields = {
            "visit_id": visit_id,
            "person_id": person_id,
            "what": what,
            "at": iso(self._clock()),
            "actor": self._session.user_id,
        }
        return Insert("visit_event", new_id(), fields)

    def _settled_items(self, work: UnitOfWork, visit: Row) -> list[Change]:
        """A payer's refusal spoke of the wrong person: it is asked again for the right one."""
        done = {
            "state": "settled",
            "settled_at": iso(self._clock()),
            "note": "The visit was moved to another person.",
        }
        return [
            Revise(
                "work_item",
                item["id"],
                {name: item.get(name) for name in done},
                done,
                item["rev"],
            )
            for item in work.find("work_item", kind="eligibility_rejected", state="open")
            if item["visit_id"] == visit["id"]
        ]


def coverages_of_visit(store: Store, visit: Row) -> tuple[Row, ...]:
    """Coverages of the visit's person that were entered after its check-in had begun.

    A check-in that never began counts from the making of the visit itself.
    """
    began = [
        event["id"]
        for event in store.find("visit_event", visit_id=visit["id"])
        if event["what"] == VisitState.IN_PROGRESS
    ]
    # Ids made at a desk are UUIDv7 and sort by the time of their making; what came with other ids
    # (a conversion, the demo) was there before.
    since = min(began, default=visit["id"])
    found = _coverages(store, visit["person_id"])
    return tuple(row for row in found if _is_timed(row["id"]) and row["id"] > since)


def _is_timed(id: str) -> bool:
    """Whether an id is a UUIDv7 (RFC 9562 section 5.7)."""
    return len(id) == 36 and id[14] == "7"


def _ids(store: Store, visit: Row) -> tuple[str, ...]:
    return tuple(row["id"] for row in coverages_of_visit(store, visit))


def _coverages(store: Store, person_id: str) -> list[Row]:
    return [row for row in store.find("coverage", person_id=person_id) if not row.get("retired")]


def _of_visit(store: Store, kind: str, visit: Row) -> list[Row]:
    found = store.find(kind, person_id=visit["person_id"])
    return [row for row in found if row.get("visit_id") == visit["id"]]


def _coverage_changes(
    work: UnitOfWork, covers: Sequence[Row], became: Mapping[str, str], right: str
) -> list[Change]:
    """Each is retired where it was entered by mistake, and stands behind those known already."""
    orders = [row.get("order") or 0 for row in _coverages(work, right)]
    behind = max(orders, default=0)
    changes: list[Change] = []
    for n, row in enumerate(sorted(covers, key=lambda row: row.get("order") or 99), 1):
        fields = {name: value for name, value in row.items() if name not in ("id", "rev")}
        # What the payer said, it said of another person: it is asked again.
        fields |= dict.fromkeys(("status", "verified_at", "verified"))
        fields |= {"person_id": right, "order": behind + n, "retired": False}
        changes.append(Insert("coverage", became[row["id"]], fields))
        out = {"retired": True}
        base = {"retired": row.get("retired")}
        changes.append(Revise("coverage", row["id"], base, out, row["rev"]))
    return changes


def _fact_changes(
    work: UnitOfWork, visit: Row, right: str, to_visit: str, became: dict[str, str]
) -> list[Change]:
    changes: list[Change] = []
    for kind in _FACTS:
        for row in _of_visit(work, kind, visit):
            fields = {name: value for name, value in row.items() if name not in ("id", "rev")}
            fields |= {"person_id": right, "visit_id": to_visit}
            if fields.get("about_id") in became:
                fields["about_id"] = became[fields["about_id"]]
            became[row["id"]] = new_id()
            changes.append(Insert(kind, became[row["id"]], fields))
    return changes


def _movable(store: Store, visit_id: str) -> Row:
    visit = store.get("visit", visit_id)
    if visit is None:
        raise Refused(
            "not_found", "This visit is not on this workstation.", "Look at Arrivals again."
        )
    if visit.get("moved_to"):
        raise Refused(
            "visit_moved",
            "This visit was moved to another person already.",
            "Open it there; it can be moved back from there.",
        )
    return visit


def _right_person(store: Store, visit: Row, to_person: str) -> str:
    right = survivor_of(store, to_person)
    if store.get("person", right) is None:
        raise Refused(
            "not_found",
            "This patient is not on this workstation.",
            "Search for the patient again.",
        )
    if right == survivor_of(store, visit["person_id"]):
        raise Refused(
            "same_person",
            "This visit is this person's already.",
            "Choose the person who really came.",
        )
    return right


def _checked(reason: str) -> str:
    if not reason.strip():
        raise NotUnderstood(
            "reason_missing",
            "Moving a visit needs a reason.",
            "Say in a few words how the mix-up came about.",
            field="reason",
        )
    return reason.strip()
