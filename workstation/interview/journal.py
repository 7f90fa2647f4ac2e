"""Drafts as a journal in the store: at most 300 ms behind typing, on this desk only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.access.model import Permission, Role, Session
from workstation.interview.codec import walk_from_json, walk_to_json
from workstation.interview.flow import Walk
from workstation.interview.model import PageId
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.errors import NotPermitted, Refused
from workstation.kernel.unit_of_work import StoreGateway

SAVE_AFTER_MS = 150
"""How long the first unsaved key waits. With the write itself it stays below 300 ms."""


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A check-in in progress, as lists show it: whose, of whom, where it stands, since when."""

    id: str
    owner: str
    person_id: str | None
    visit_id: str | None
    page: PageId
    saved_at: datetime
    last: str = ""
    first: str = ""
    dob: str = ""
    """As they were typed: a new person has no chart yet, but a name."""


class DraftJournal:
    """Keeps, lists and gives back the half-done check-ins of this desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session) -> None:
        self._store = store
        self._clock = clock
        self._session = session

    def save(self, walk: Walk) -> None:
        """Writes the whole way down; what was saved before is replaced in one transaction."""
        draft = walk.draft
        with self._store.unit_of_work() as work:
            work.put_local(
                "draft",
                draft.id,
                {
                    "owner": draft.owner or self._session.user_id,
                    "visit_id": draft.visit_id or None,
                    "person_id": draft.person_id or None,
                    "saved_at": iso(self._clock()),
                    "body": walk_to_json(walk),
                },
            )
            work.commit()

    def in_progress(self, *, mine: bool | None = None) -> tuple[DraftHead, ...]:
        """Check-ins in progress at this desk, newest first: mine, others' or (None) all."""
        heads = [_head(row) for row in self._store.read().find("draft")]
        chosen = [h for h in heads if mine is None or (h.owner == self._session.user_id) is mine]
        return tuple(sorted(chosen, key=lambda head: head.saved_at, reverse=True))

    def for_visit(self, visit_id: str) -> DraftHead | None:
        """The check-in in progress of a visit, whoever has it."""
        return next((head for head in self.in_progress() if head.visit_id == visit_id), None)

    def resume(self, draft_id: str) -> Walk:
        """The check-in exactly as it was left.

        Raises Refused ``draft_gone``; NotPermitted ``draft_of_another`` for somebody else's, which
        only a supervisor takes over.
        """
        row = self._store.read().get("draft", draft_id)
        if row is None:
            raise Refused(
                "draft_gone",
                "This check-in was finished or given up already.",
                "Open the visit from Arrivals.",
            )
        mine = row["owner"] == self._session.user_id
        if not mine and self._session.role is not Role.SUPERVISOR:
            raise NotPermitted(
                "draft_of_another",
                "Another registrar has this check-in in progress. It is safe in their list.",
                "Let them finish it, or ask a supervisor to take it over.",
            )
        return walk_from_json(row["body"])

    def keep_pictures(self, draft_id: str, scan: int, sides: Sequence[bytes]) -> None:
        """Keeps the sides of a scan, by its number, with the check-in until that is done."""
        self._session.require(Permission.CAPTURE)
        with self._store.unit_of_work() as work:
            for side, content in enumerate(sides):
                fields = {"draft_id": draft_id, "content": content}
                work.put_local("draft_picture", f"{draft_id}:{scan:03d}:{side}", fields)
            work.commit()

    def pictures(self, draft_id: str) -> Mapping[int, tuple[bytes, ...]]:
        """The sides of each scan of a check-in, by its number; empty once it is done."""
        rows = self._store.read().find("draft_picture", draft_id=draft_id)
        found: dict[int, tuple[bytes, ...]] = {}
        for row in sorted(rows, key=lambda row: str(row["id"])):
            scan = int(str(row["id"]).split(":")[1])
            found[scan] = (*found.get(scan, ()), bytes(row["content"]))
        return found

    def drop(self, draft_id: str) -> None:
        """Removes a draft that was finished or given up, with what was scanned for it."""
        with self._store.unit_of_work() as work:
            for row in work.find("draft_picture", draft_id=draft_id):
                work.drop_local("draft_picture", row["id"])
            work.drop_local("draft", draft_id)
            work.commit()


def _head(row: Mapping[str, Any]) -> DraftHead:
    body = row["body"]
    typed = body.get("draft", {}).get("identity", {})
    return DraftHead(
        id=row["id"],
        owner=row["owner"],
        person_id=row["person_id"],
        visit_id=row["visit_id"],
        page=PageId(body.get("page", PageId.IDENTITY)),
        saved_at=from_iso(row["saved_at"]),
        last=typed.get("last", ""),
        first=typed.get("first", ""),
        dob=typed.get("dob", ""),
    )
