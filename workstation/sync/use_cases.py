"""What a person does about replication: settle a conflict between two desks."""

from __future__ import annotations

from typing import Literal

from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Command, Fields, Revise
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.sync.model import CONFLICT, Row

Take = Literal["mine", "theirs"]


class SettleConflict:
    """Settles a conflict: ``theirs`` is what stands, ``mine`` what waits."""

    def __init__(self, store: StoreGateway, clock: Clock, actor: str, facility: str) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._facility = facility

    def settle(
        self, conflict_id: str, take: Take, *, reason: str | None = None, key: str | None = None
    ) -> tuple[Fields, frozenset[Kind]]:
        """Records the choice and answers ``{"revision"}`` of the thing that was in conflict.

        With ``mine``, what waits is written over what stands now, as a change of its own. Raises
        Refused ``conflict_unknown`` or ``conflict_settled``.
        """
        with self._store.unit_of_work() as work:
            if key is not None and (before := work.answered(key)) is not None:
                return before, frozenset()
            conflict = _open_conflict(work, conflict_id)
            changes: list[Change] = [self._settled(conflict, take)]
            standing = work.get(conflict["kind"], conflict["entity_id"])
            revision = standing["rev"] if standing else 0
            if take == "mine" and standing is not None:
                wanted = {n: v for n, v in conflict["waits"].items() if standing.get(n) != v}
                if wanted:
                    changes.append(_over(conflict, standing, wanted))
                    revision += 1
            answer: Fields = {"revision": revision}
            work.record(
                Command(
                    id=new_id(),
                    type="resolve_conflict",
                    actor=self._actor,
                    at=self._clock(),
                    facility=self._facility,
                    changes=tuple(changes),
                    reason=reason,
                    subject=conflict["person_id"],
                    key=key,
                    answer=answer,
                )
            )
            work.commit()
        return answer, frozenset({Kind.CONFLICT, Kind.PERSON, Kind.COVERAGE, Kind.VISIT})

    def _settled(self, conflict: Row, take: Take) -> Revise:
        return Revise(
            CONFLICT.name,
            conflict["id"],
            base={"state": "open"},
            set={
                "state": "resolved",
                "take": take,
                "resolved_by": self._actor,
                "resolved_at": iso(self._clock()),
            },
            base_rev=conflict["rev"],
        )


def _open_conflict(store: Store, conflict_id: str) -> Row:
    conflict = store.get(CONFLICT.name, conflict_id)
    if conflict is None:
        raise Refused(
            "conflict_unknown",
            "This workstation knows no such conflict.",
            "Synchronise, then look at the list of conflicts again.",
        )
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
