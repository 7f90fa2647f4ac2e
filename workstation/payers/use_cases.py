"""Adding, revising, ending and ordering a person's coverages: a new policy never overwrites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock
from workstation.kernel.commands import Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import phrase
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.payers.directory import PayerDirectory, payer_directory
from workstation.payers.model import COVERAGE, KEYS, Coverage
from workstation.payers.validation import WHOLE, check_dates, checked, findings
from workstation.people.use_cases import known_person

CHANGED = frozenset({Kind.COVERAGE})


class Coverages:
    """Use cases of coverages, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        directory: PayerDirectory | None = None,
    ) -> None:
        self._store = store
        self._session = session
        self._author = Author(session.user_id, desk, clock)
        self._directory = directory or payer_directory()

    def add_coverage(
        self, person_id: str, coverage: Mapping[str, Any], *, key: str | None = None
    ) -> str:
        """Adds a coverage in the shape of contracts.md; returns its id, the same for the same key.

        Without an ``order`` it is placed behind those in force. Raises Refused where something
        needed is missing or the person is not known, NotUnderstood for what cannot be read.
        """
        self._session.require(Permission.REVISE)
        row = checked(coverage, self._directory)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return str(before["coverage_id"])
            known_person(work, person_id)
            if row.get("order") is None:
                row["order"] = 1 + max(
                    (one.order or 0 for one in standing(work, person_id)), default=0
                )
            coverage_id = new_id()
            insert = Insert(COVERAGE.name, coverage_id, {"person_id": person_id, **row})
            answer = {"ok": True, "coverage_id": coverage_id}
            work.record(
                self._author.command("add_coverage", person_id, (insert,), key=key, answer=answer)
            )
            work.commit()
        return coverage_id

    def add(self, person_id: str, coverage: Mapping[str, Any], *, key: str | None = None) -> str:
        """What the interview calls :meth:`add_coverage`."""
        return self.add_coverage(person_id, coverage, key=key)

    def findings(self, coverage: Mapping[str, Any]) -> tuple[str, ...]:
        """What may stand for now but wants a look: an unknown payer, an odd member id."""
        return findings(coverage, self._directory)

    def revise(
        self,
        coverage_id: str,
        base: Mapping[str, Any],
        changes: Mapping[str, Any],
        *,
        key: str | None = None,
    ) -> frozenset[Kind]:
        """Changes fields whose old values the actor saw in ``base``.

        Raises Refused ``stale`` where one of them is no longer true on this desk.
        """
        self._session.require(Permission.REVISE)
        unknown = sorted(set(changes) - KEYS)
        if unknown or not changes:
            raise NotUnderstood(
                "field_unknown",
                phrase(
                    "A coverage has no such field: {fields}.",
                    fields=", ".join(unknown) or phrase("none was given"),
                ),
                "Use the field names of a coverage.",
            )
        with self._store.unit_of_work() as work:
            row = known_coverage(work, coverage_id)
            # An end or a payer's answer may be written beside what is still incomplete.
            whole = checked({**row, **changes}, self._directory, whole=bool(set(changes) & WHOLE))
            # What the directory adds to the payer is not part of this edit.
            wanted = {name: whole[name] for name in changes}
            seen = {name: base.get(name, row.get(name)) for name in changes}
            change = Revise(COVERAGE.name, coverage_id, seen, wanted, row["rev"])
            work.record(
                self._author.command("revise_coverage", row["person_id"], (change,), key=key)
            )
            work.commit()
        return CHANGED

    def end(self, coverage_id: str, last_day: str) -> frozenset[Kind]:
        """Ends a coverage with its last day (ISO); it stays on file for visits until then."""
        self._session.require(Permission.REVISE)
        with self._store.unit_of_work() as work:
            row = known_coverage(work, coverage_id)
        check_dates({**row, "to": last_day})
        return self.revise(coverage_id, {"to": row.get("to")}, {"to": last_day})

    def reorder(self, person_id: str, coverage_ids: Sequence[str], reason: str) -> frozenset[Kind]:
        """Sets the paying order, first payer first, with the reason why. All in one command."""
        self._session.require(Permission.REVISE)
        if not reason.strip():
            raise NotUnderstood(
                "reason_missing",
                "Changing the order of payers needs a reason.",
                "Say why in a few words.",
                field="reason",
            )
        with self._store.unit_of_work() as work:
            rows = [known_coverage(work, coverage_id) for coverage_id in coverage_ids]
            if any(row["person_id"] != person_id for row in rows):
                raise _not_here()
            changes = tuple(
                Revise(
                    COVERAGE.name,
                    row["id"],
                    {"order": row["order"]},
                    {"order": place},
                    row["rev"],
                )
                for place, row in enumerate(rows, start=1)
                if row["order"] != place
            )
            if changes:
                command = self._author.command(
                    "reorder_coverages", person_id, changes, reason=reason
                )
                work.record(command)
                work.commit()
        return CHANGED


def standing(store: Store, person_id: str) -> tuple[Coverage, ...]:
    """The coverages on file that were not entered by mistake, in paying order."""
    rows = [Coverage.from_row(row) for row in store.find(COVERAGE.name, person_id=person_id)]
    kept = [one for one in rows if not one.retired]
    return tuple(sorted(kept, key=lambda one: (one.order or 99, one.id)))


def known_coverage(store: Store, coverage_id: str) -> dict[str, Any]:
    """The coverage's row. Raises Refused ``not_found``."""
    row = store.get(COVERAGE.name, coverage_id)
    if row is None:
        raise _not_here()
    return row


def _not_here() -> Refused:
    return Refused(
        "not_found",
        "This coverage is not on this workstation.",
        "Open the patient's coverages again.",
    )
