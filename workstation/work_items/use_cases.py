"""Settling what waited for a person."""

from __future__ import annotations

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.unit_of_work import StoreGateway

CHANGED = frozenset({Kind.WORK_ITEM})


class WorkItems:
    """Use cases of work items, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)

    def may_settle(self, kind: str) -> bool:
        """Whether this person's role settles items of a kind; what is about money a supervisor."""
        return self._session.may(_permission(kind))

    def settle(self, item_id: str, note: str) -> frozenset[Kind]:
        """Marks an item as settled, with what was done about it.

        Raises Refused ``work_item_unknown`` or ``work_item_settled``; NotUnderstood
        ``note_missing``; NotPermitted.
        """
        if not note.strip():
            raise NotUnderstood(
                "note_missing",
                "Nobody can see what was done about this.",
                "Say in a few words what was done.",
                field="note",
            )
        with self._store.unit_of_work() as work:
            item = work.get("work_item", item_id)
            if item is None:
                raise Refused(
                    "work_item_unknown",
                    "This is not on this workstation any more.",
                    "Look at the list again.",
                )
            self._session.require(_permission(item["kind"]))
            if item["state"] != "open":
                raise Refused(
                    "work_item_settled",
                    "Somebody settled this already.",
                    "Look at the list again.",
                )
            done = {
                "state": "settled",
                "owner": self._session.user_id,
                "settled_at": iso(self._clock()),
                "note": note.strip(),
            }
            base = {name: item.get(name) for name in done}
            work.record(
                self._author.command(
                    "settle_work_item",
                    item["person_id"],
                    (Revise("work_item", item_id, base, done, item["rev"]),),
                )
            )
            work.commit()
        return CHANGED


def _permission(kind: str) -> Permission:
    return Permission.REFUND if kind.startswith("payment_") else Permission.REVISE
