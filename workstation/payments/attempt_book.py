"""Attempts on disk: each move is written with all that follows from it in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from workstation.kernel.clock import iso
from workstation.kernel.commands import Change
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.payments.attempt_model import (
    AT_TERMINAL,
    FINAL,
    LIVE,
    Action,
    Attempt,
    AttemptKind,
    Do,
    Event,
    Post,
    Raise,
    State,
)
from workstation.payments.attempts import step
from workstation.payments.model import ATTEMPT_TABLE, CALL_TABLE
from workstation.payments.posting import Posting
from workstation.visits.rules import locked_visit_of
from workstation.work_items.model import opened

CARD_TIME = timedelta(seconds=120)
"""How long a patient has to tap, insert or swipe."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An attempt as it now stands on disk and what its runner has to do next."""

    attempt: Attempt
    actions: tuple[Do, ...]


Also = Callable[[UnitOfWork, Attempt], None]
"""Writes beside a move, with the attempt as it now stands."""


class AttemptBook:
    """The only writer of attempt rows."""

    def __init__(self, store: StoreGateway, posting: Posting) -> None:
        self._store = store
        self._posting = posting

    def load(self, attempt_id: str) -> Attempt:
        """The attempt as last committed. Raises Refused ``not_found``."""
        return _loaded(self._store.read(), attempt_id)

    def live(self) -> list[Attempt]:
        """Every attempt that is not over, oldest first."""
        found = [
            attempt_from_row(row)
            for state in sorted(LIVE)
            for row in self._store.read().find(ATTEMPT_TABLE, state=state.value)
        ]
        return sorted(found, key=lambda attempt: attempt.id)

    def patient_locked(self, attempt: Attempt) -> bool:
        """Whether whoever would pay waits for the screening exam (42 CFR 489.24(d)(4))."""
        person_id = json.loads(attempt.sale)["person_id"]
        return locked_visit_of(self._store.read(), person_id) is not None

    def open(self, work: UnitOfWork, attempt: Attempt) -> None:
        """Writes a new attempt.

        Raises Refused ``attempt_still_open`` while another attempt of the payment is not over or
        was approved, and ``terminal_in_use`` while another one has the terminal.
        """
        for row in work.find(ATTEMPT_TABLE, payment_id=attempt.payment_id):
            if State(row["state"]) in LIVE or row["state"] == State.APPROVED:
                raise Refused(
                    "attempt_still_open",
                    "This payment is already being taken, or was taken.",
                    "Look at its state; do not take the card again.",
                )
        if attempt.is_charge:
            _terminal_free(work, attempt.terminal_id)
        work.put_local(ATTEMPT_TABLE, attempt.id, row_of(attempt))

    def apply(
        self, attempt_id: str, event: Event, *, call: str | None = None, also: Also | None = None
    ) -> Moved:
        """Moves the attempt by an event, and posts or raises what follows, all or nothing.

        ``call`` names the outside call whose answer the event is, for the log of calls; ``also``
        writes into the same transaction what the caller wants beside the move.
        """
        with self._store.unit_of_work() as work:
            current = _loaded(work, attempt_id)
            moved, actions = step(current, event)
            if call is not None:
                self._log(work, attempt_id, call, event)
            if moved is not current:
                moved = self._timed(current, moved)
                expect = {"state_seq": current.state_seq}
                if not work.swap_local(ATTEMPT_TABLE, attempt_id, expect, row_of(moved)):
                    return Moved(self.load(attempt_id), ())
                self._follow(work, moved, actions)
                if also is not None:
                    also(work, moved)
            work.commit()
        return Moved(moved, tuple(a for a in actions if isinstance(a, Do)))

    def adopt(self, attempt_id: str, boot_id: str) -> None:
        """Marks the attempt as driven by this run of the program."""
        with self._store.unit_of_work() as work:
            work.swap_local(ATTEMPT_TABLE, attempt_id, {}, {"boot_id": boot_id})
            work.commit()

    def mark_refund_if_found(self, attempt: Attempt, actor: str) -> bool:
        """A supervisor takes another tender meanwhile: once found, this one is given back.

        False where the processor was quicker and the attempt stands no longer as it was read.
        """
        with self._store.unit_of_work() as work:
            as_read = {"state_seq": attempt.state_seq}
            now = {"refund_if_found": True, "state_seq": attempt.state_seq + 1}
            marked = work.swap_local(ATTEMPT_TABLE, attempt.id, as_read, now)
            if marked:
                person = json.loads(attempt.sale)["person_id"]
                work.audit(actor, "other_tender_meanwhile", person, {"attempt": attempt.id})
            work.commit()
        return marked

    def _timed(self, before: Attempt, after: Attempt) -> Attempt:
        now = self._posting.clock()
        if after.state is State.SENT:
            after = replace(after, deadline_at=iso(now + CARD_TIME))
        if after.state is State.UNKNOWN and before.unknown_since is None:
            after = replace(after, unknown_since=iso(now))
        return after

    def _follow(self, work: UnitOfWork, attempt: Attempt, actions: tuple[Action, ...]) -> None:
        raised = tuple(self._item(attempt, a.reason) for a in actions if isinstance(a, Raise))
        posts = [a for a in actions if isinstance(a, Post)]
        for post in posts:
            if post.facts.flagged:
                raised = (*raised, self._item(attempt, "card_number_dropped"))
            self._posting.approved(work, attempt, post.cents, post.facts, raised)
        if raised and not posts:
            self._posting.command(
                work,
                "payment_needs_a_person",
                raised,
                actor=attempt.actor,
                subject=json.loads(attempt.sale)["person_id"],
            )
        over = attempt.state in FINAL and attempt.state is not State.APPROVED
        if over and not attempt.is_charge:
            self._posting.refund_failed(work, attempt)

    def _item(self, attempt: Attempt, reason: str) -> Change:
        sale = json.loads(attempt.sale)
        return opened(
            "payment_" + reason.removeprefix("payment_"),
            about_id=attempt.id,
            at=iso(self._posting.clock()),
            person_id=sale["person_id"],
            visit_id=sale["visit_id"],
            detail={"asked": attempt.asked_cents, "driver": attempt.driver},
        )

    def _log(self, work: UnitOfWork, attempt_id: str, call: str, event: Event) -> None:
        n = len(work.find(CALL_TABLE, attempt_id=attempt_id)) + 1
        fields = {
            "attempt_id": attempt_id,
            "n": n,
            "at": iso(self._posting.clock()),
            "what": call,
            "outcome": type(event).__name__,
            "code": getattr(event, "code", None),
        }
        work.put_local(CALL_TABLE, new_id(), fields)


def row_of(attempt: Attempt) -> dict[str, Any]:
    """The row without its id."""
    values = asdict(attempt)
    del values["id"]
    return {k: v.value if isinstance(v, StrEnum) else v for k, v in values.items()}


def attempt_from_row(row: dict[str, Any]) -> Attempt:
    """An attempt from its row."""
    values = {name: row[name] for name in Attempt.__dataclass_fields__}
    values["kind"], values["state"] = AttemptKind(row["kind"]), State(row["state"])
    values["give_up"], values["refund_if_found"] = (
        bool(row["give_up"]),
        bool(row["refund_if_found"]),
    )
    return Attempt(**values)


def _loaded(store: Store, attempt_id: str) -> Attempt:
    row = store.get(ATTEMPT_TABLE, attempt_id)
    if row is None:
        raise Refused(
            "not_found", "This payment is not on this workstation.", "Look at the payments again."
        )
    return attempt_from_row(row)


def _terminal_free(store: Store, terminal_id: str) -> None:
    for state in (State.NEW, State.ARMING, *sorted(AT_TERMINAL)):
        if store.find(ATTEMPT_TABLE, terminal_id=terminal_id, state=state.value):
            raise Refused(
                "terminal_in_use",
                "The card terminal is busy with another payment.",
                "Wait until it is done, cancel it, or use another terminal.",
                retryable=True,
            )
