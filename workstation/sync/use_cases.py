"""What a person does about replication: settle a conflict between two desks."""

from __future__ import annotations

from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Fields, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.sync.model import CONFLICT, Row, conflict_as_json

CHANGED = frozenset({Kind.CONFLICT, Kind.PERSON, Kind.COVERAGE, Kind.VISIT, Kind.WORK_ITEM})

MINE = "mine"
"""Take what waits."""
THEIRS = "theirs"
"""Take what stands."""


class Conflicts:
    """Conflicts between desks, for one signed-in person."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)

    def open(self) -> list[dict[str, Any]]:
        """Every conflict that waits, oldest first, in the shape of ``export conflicts``."""
        self._session.require(Permission.OPEN_CHART)
        rows = self._store.read().find(CONFLICT.name, state="open")
        return [conflict_as_json(row) for row in rows]

    def resolve(
        self, conflict_id: str, take: str, *, reason: str | None = None, key: str | None = None
    ) -> int:
        """Settles a conflict and answers the revision of the thing that was in conflict.

        ``theirs`` leaves what stands; ``mine`` writes what waits over what stands now, as a change
        of its own. Raises Refused ``conflict_unknown`` or ``conflict_settled``, NotUnderstood
        ``take_unknown``.
        """
        self._session.require(Permission.RESOLVE_CONFLICT)
        if take not in (MINE, THEIRS):
            raise NotUnderstood(
                "take_unknown", "A conflict is settled by taking mine or theirs.", "Choose one."
            )
        with self._store.unit_of_work() as work:
            if key is not None and (answer := work.answered(key)) is not None:
                return int(answer["revision"])
            conflict = _open_conflict(work, conflict_id)
            standing = work.get(conflict["kind"], conflict["entity_id"])
            revision = standing["rev"] if standing else 0
            wanted: Fields = {}
            if take == MINE and standing is not None:
                wanted = {n: v for n, v in conflict["waits"].items() if standing.get(n) != v}
            before = {name: standing.get(name) for name in wanted} if standing else {}
            changes: list[Change] = [self._settled(conflict, take, reason, before)]
            if wanted and standing is not None:
                changes.append(_over(conflict, standing, wanted))
                revision += 1
            work.record(
                self._author.command(
                    "resolve_conflict",
                    conflict["person_id"],
                    tuple(changes),
                    reason=reason,
                    key=key,
                    answer={"ok": True, "revision": revision},
                )
            )
            work.commit()
        return revision

    def reopen(self, conflict_id: str) -> frozenset[Kind]:
        """Takes back how a conflict was settled: it is open again, and what was overwritten stands.

        Raises Refused ``conflict_unknown``; ``conflict_open`` where it is not settled;
        ``conflict_moved_on`` where what was taken has been changed since.
        """
        self._session.require(Permission.RESOLVE_CONFLICT)
        with self._store.unit_of_work() as work:
            conflict = _known_conflict(work, conflict_id)
            if conflict["state"] == "open":
                raise Refused(
                    "conflict_open",
                    "This conflict is not settled: there is nothing to take back.",
                    "Look at the list again.",
                )
            opened = {name: None for name in _SETTLING} | {"state": "open"}
            seen = {name: conflict.get(name) for name in opened}
            changes: list[Change] = [
                Revise(CONFLICT.name, conflict_id, seen, opened, conflict["rev"])
            ]
            before: Fields = conflict.get("before") or {}
            standing = work.get(conflict["kind"], conflict["entity_id"])
            if before and standing is not None:
                if any(standing.get(name) != conflict["waits"][name] for name in before):
                    raise Refused(
                        "conflict_moved_on",
                        "What was chosen has been changed again since; nothing was taken back.",
                        "Open the record and correct it as usual.",
                    )
                changes.append(_over(conflict, standing, before))
            work.record(
                self._author.command("reopen_conflict", conflict["person_id"], tuple(changes))
            )
            work.commit()
        return CHANGED

    def _settled(self, conflict: Row, take: str, reason: str | None, before: Fields) -> Revise:
        return Revise(
            CONFLICT.name,
            conflict["id"],
            base={"state": "open", "waits": conflict["waits"]},
            set={
                "state": "resolved",
                "take": take,
                "resolved_by": self._session.user_id,
                "resolved_at": iso(self._clock()),
                "reason": reason,
                "before": before or None,
            },
            base_rev=conflict["rev"],
        )


_SETTLING = ("state", "take", "resolved_by", "resolved_at", "reason", "before")


def _known_conflict(store: Store, conflict_id: str) -> Row:
    conflict = store.get(CONFLICT.name, conflict_id)
    if conflict is None:
        raise Refused(
            "conflict_unknown",
            "This workstation knows no such conflict.",
            "Synchronise, then look at the list of conflicts again.",
        )
    return conflict


def _open_conflict(store: Store, conflict_id: str) -> Row:
    conflict = _known_conflict(store, conflict_id)
    if conflict["state"] != "open":
        raise Refused(
            "conflict_settled",
            "Somebody settled this conflict already; what they chose stands.",
            "Look at the record. If it is not right, correct it as usual.",
        )
    return conflict


def _over(conflict: Row, standing: Row, wanted: Fields) -> Revise:
    return Revise(
        conflict["kind"],
        conflict["entity_id"],
        base={name: standing.get(name) for name in wanted},
        set=dict(wanted),
        base_rev=standing["rev"],
    )
