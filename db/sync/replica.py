"""This desk's half of replication: outbox, base and shown rows, cursor, each step one transaction.

Three trees: ``sync_base`` is what the server has, the outbox is what waits, and a shown row is its
base with the waiting changes over it. The base is never overwritten by this desk's own edits.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects import sqlite

import db.declared  # noqa: F401  # rows of every kind come by
from db import audit, rows, schema
from db.documents import document_lane
from db.local import outbox
from db.store import SqlStore
from db.sync.shown_rows import insert_shown
from db.sync.spells import last_number, note_spell
from db.sync.tables import conflict, sync_base, sync_state
from db.tables import KINDS, LOCAL_TABLES, TABLES
from workstation.kernel.changed import Kind
from workstation.kernel.clock import from_iso, iso
from workstation.kernel.commands import Change, Command
from workstation.kernel.phrases import kept, said_again
from workstation.kernel.wire import command_from_json
from workstation.sync.applying import reapplied
from workstation.sync.kernel import State
from workstation.sync.model import Entity, FeedHead, FeedRow, Outcome, Row
from workstation.sync.status import SyncStatus
from workstation.sync.transport import (
    BATCH,
    Identity,
    Outgoing,
    Page,
    Place,
    Standing,
    store_copied,
)

Key = tuple[str, str]

UNSENT = "pending"
SENT = "sent"
_WAITING = (UNSENT, SENT)
_ROW = "this"


class Replica:
    """Reads and writes the replication state of one :class:`db.store.SqlStore`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def identity(self) -> Identity:
        """Who this desk is to the server. Raises PorticoError ``not_initialised``."""
        with self._store.reading() as connection:
            facility = self._store.facility(connection)
            found = connection.execute(select(LOCAL_TABLES["desk"])).mappings().one()
            return Identity(found["workstation_id"], facility, found["receipt_code"])

    def adopt(self, code: str, time_zone: str | None) -> bool:
        """Takes over what the server says of this desk; whether anything was new.

        It prints this receipt code from now on, for ours was another desk's before, and keeps the
        time of the facility from its next start.
        """
        desk = LOCAL_TABLES["desk"]
        with self._store.reading() as connection:
            found = connection.execute(select(desk.c.receipt_code, desk.c.hospital)).one()
        hospital = found.hospital | ({"time_zone": time_zone} if time_zone else {})
        if (code, hospital) == (found.receipt_code, found.hospital):
            return False
        with self._store.writing() as connection:
            connection.execute(update(desk).values(receipt_code=code, hospital=hospital))
        return True

    def state(self) -> State:
        """The kernel's state as it was last kept: offline, with its cursor and epoch."""
        with self._store.reading() as connection:
            found = connection.execute(select(sync_state)).first()
        if found is None:
            return State()
        since = from_iso(found.since) if found.since and not found.connected else None
        return State(
            cursor=found.cursor,
            epoch=found.epoch,
            top=found.top,
            since=since,
            filling=bool(found.filling),
        )

    def status(self, *, configured: bool = True) -> SyncStatus:
        """Where this desk stands, from the store alone: the same in every process."""
        with self._store.reading() as connection:
            found = connection.execute(select(sync_state)).first()
            waiting = _count(connection, outbox, outbox.c.state.in_(_WAITING))
            conflicts = _count(connection, conflict, conflict.c.state == "open")
            refused = _count(connection, outbox, outbox.c.state == Outcome.REFUSED.value)
            documents = _count(connection, document_lane, ~document_lane.c.sent)
        counted = SyncStatus(
            configured=configured,
            waiting=waiting,
            conflicts=conflicts,
            refused=refused,
            documents=documents,
        )
        if found is None:
            return counted
        return dataclasses.replace(
            counted,
            connected=bool(found.connected) and configured,
            since=from_iso(found.since) if found.since else None,
            cursor=found.cursor,
            top=found.top,
            filled=found.filled if found.filling else 0,
            to_fill=found.to_fill if found.filling else 0,
            trouble=said_again(json.loads(found.trouble)) if found.trouble else None,
        )

    def note_link(self, connected: bool, since: datetime | None, trouble: str | None) -> None:
        """Notes whether the server answers, for every process that shows it.

        ``since`` is kept only where the answer is another one than before.
        """
        with self._store.writing() as connection:
            before = connection.execute(select(sync_state)).first()
            text = iso(since) if since else None
            news: dict[str, Any] = {}
            if before is not None and bool(before.connected) == connected and before.since:
                text = before.since
            elif connected and before is not None and before.since and since is not None:
                note_spell(connection, from_iso(before.since), since, before.alone_after or 0)
            elif not connected:
                news = {"alone_after": last_number(connection)}
            words = json.dumps(kept(trouble)) if trouble else None
            _note(connection, connected=connected, since=text, trouble=words, **news)

    def counts(self) -> tuple[int, int]:
        """How many commands are unsent, and how many have no outcome yet (the unsent included)."""
        with self._store.reading() as connection:
            unsent = _count(connection, outbox, outbox.c.state == UNSENT)
            return unsent, _count(connection, outbox, outbox.c.state.in_(_WAITING))

    def outgoing(self) -> tuple[list[Outgoing], tuple[int, str]]:
        """The oldest unsent commands, at most one batch, and the head of the audit chain."""
        with self._store.reading() as connection:
            found = connection.execute(
                select(outbox).where(outbox.c.state == UNSENT).order_by(outbox.c.seq).limit(BATCH)
            )
            batch = [Outgoing(each.seq, each.command_id, each.body) for each in found]
            return batch, audit.head(connection)

    def mark_sent(self, batch: Iterable[Outgoing]) -> None:
        """Notes that the server has these commands."""
        with self._store.writing() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.seq.in_([each.seq for each in batch]), outbox.c.state == UNSENT)
                .values(state=SENT)
            )

    def keep(self, head: FeedHead, entries: Iterable[FeedRow]) -> tuple[int, frozenset[Kind]]:
        """Takes feed entries into base and shown rows, with the cursor, in one transaction.

        Another process may have been faster: entries up to the stored cursor are skipped, and what
        does not follow it without a hole is left for the next pull, and so is all of another epoch
        than the stored one. Answers the new cursor.

        Raises Refused ``store_copied``, with nothing kept, where the feed has a command of this
        desk that is not in its outbox: a second store sends under this desk's name.
        """
        me = self.identity()
        with self._store.writing() as connection:
            epoch, cursor = _place(connection)
            touched: set[Key] = set()
            for entry in entries:
                if entry.n != cursor + 1 or epoch not in (None, head.epoch):
                    continue
                cursor = entry.n
                _take_base(connection, entry.verdict.rows)
                touched |= {(each.kind, each.id) for each in entry.verdict.rows}
                if entry.ws_id == me.ws_id:
                    touched |= _settle(connection, entry)
            self._show(connection, me.facility, touched)
            if epoch in (None, head.epoch):
                _note(connection, epoch=head.epoch, cursor=cursor, top=max(head.top, cursor))
        return cursor, changed_kinds(touched)

    def show_what_is_known_now(self) -> frozenset[Kind]:
        """Shows rows of kinds that an older version of Portico only kept in the base: once after
        each upgrade, in pieces; one that was interrupted begins again."""
        with self._store.reading() as connection:
            shown_by = connection.execute(select(sync_state.c.shown_by)).first()
        if shown_by is None or shown_by[0] == schema.HEAD:
            return frozenset()
        me = self.identity()
        kept: set[Key] = set()
        for kind, table in sorted(TABLES.items()):
            with self._store.reading() as connection:
                here = select(table.c.id).where(table.c.id == sync_base.c.id)
                found = connection.execute(
                    select(sync_base.c.id).where(sync_base.c.kind == kind, ~here.exists())
                )
                ids = [str(id) for (id,) in found]
            for some in _batched(ids, _AT_ONCE):
                touched = {(kind, id) for id in some}
                kept |= touched
                with self._store.writing() as connection:
                    self._show(connection, me.facility, touched)
        with self._store.writing() as connection:
            _note(connection, shown_by=schema.HEAD)
        return changed_kinds(kept)

    def kept_after(self) -> int:
        """The number before that of the oldest command which this desk still keeps."""
        with self._store.reading() as connection:
            first = connection.execute(select(func.min(outbox.c.seq))).scalar()
        return first - 1 if first else 0

    def begin(self, standing: Standing, rows_in_all: int) -> frozenset[Kind]:
        """Takes a new place in the feed, and notes that the base has to be filled, in one
        transaction.

        Commands that the server does not have, also such as it had acknowledged before it was
        restored, wait again and will be offered again. Raises Refused ``store_copied``, with
        nothing changed, where the server has another command under a number of this desk.
        """
        me = self.identity()
        with self._store.writing() as connection:
            touched = _reconcile_outbox(connection, standing)
            # The server may have come back from a backup: the lane asks it again what it has.
            connection.execute(update(document_lane).values(sent=False))
            _note(
                connection,
                epoch=standing.head.epoch,
                cursor=standing.head.top,
                top=standing.head.top,
                generation=_generation(connection) + 1,
                filling=True,
                fill_kind=None,
                fill_id=None,
                filled=0,
                to_fill=rows_in_all,
            )
            self._show(connection, me.facility, touched)
        return changed_kinds(touched)

    def place(self) -> Place | None:
        """Where the fill under way goes on; None at its beginning."""
        with self._store.reading() as connection:
            found = connection.execute(select(sync_state.c.fill_kind, sync_state.c.fill_id)).one()
            return (found.fill_kind, found.fill_id) if found.fill_kind else None

    def fill(self, page: Page, place: Place | None) -> tuple[bool, frozenset[Kind]]:
        """Takes the page after ``place`` into base and shown rows, in one transaction; answers
        whether there are more. After the last one, what the fill has not seen goes.

        Nothing is taken where another process was faster.
        """
        me = self.identity()
        with self._store.writing() as connection:
            stands = connection.execute(select(sync_state)).one()
            where = (stands.fill_kind, stands.fill_id) if stands.fill_kind else None
            if not stands.filling or where != place:
                return bool(stands.filling), frozenset()
            _take_base(connection, page.rows)
            touched = {(each.kind, each.id) for each in page.rows}
            if page.next is None:
                touched |= _forget_older(connection, stands.generation)
            self._show(connection, me.facility, touched)
            kind, id = page.next or (None, None)
            filled = stands.filled + len(page.rows)
            left = page.next is not None
            _note(connection, filling=left, fill_kind=kind, fill_id=id, filled=filled)
        return left, changed_kinds(touched)

    def audit_trouble(self, anchors: Iterable[tuple[int, str]]) -> str | None:
        """What to say where the audit chain lacks an entry whose hash the server remembers: a cut
        tail, which the chain alone cannot show."""
        with self._store.reading() as connection:
            trimmed = audit.base(connection).entries
            for entries, head in anchors:
                if entries >= trimmed and audit.hash_at(connection, entries) != head:
                    return _AUDIT_CUT
        return None

    def _show(self, connection: Connection, facility: str, touched: set[Key]) -> None:
        """Makes the shown rows anew: base, with the waiting changes over it."""
        waiting = _waiting_changes(connection)
        by_kind: dict[str, list[str]] = {}
        for kind, id in sorted(touched):
            if kind in TABLES:  # else of a newer version: in the base until this desk is upgraded
                by_kind.setdefault(kind, []).append(id)
        for kind, ids in by_kind.items():
            for some in _batched(ids, _AT_ONCE):
                self._show_some(connection, facility, kind, some, waiting)

    def _show_some(
        self,
        connection: Connection,
        facility: str,
        kind: str,
        ids: Sequence[str],
        waiting: Mapping[Key, list[Change]],
    ) -> None:
        bases = _bases(connection, kind, ids)
        shown = {row["id"]: row for row in rows.fetch_many(connection, facility, kind, list(ids))}
        fresh: list[Entity] = []
        changed: list[Entity] = []
        for id in ids:
            row = reapplied(KINDS[kind], bases.get(id), waiting.get((kind, id), []))
            if row is None:
                rows.erase(connection, facility, kind, id)
            elif not _same(shown.get(id), row):  # mostly this desk's own, shown all along
                (changed if id in shown else fresh).append(Entity(kind, id, row["rev"], row))
        if fresh:
            insert_shown(connection, facility, kind, fresh, bases)
        if changed:
            rows.update_many(connection, facility, TABLES[kind], changed)
        news = [each.id for each in (*fresh, *changed)]
        for row in rows.fetch_many(connection, facility, kind, news):
            self._store.project(connection, kind, row)


def changed_kinds(touched: Iterable[Key]) -> frozenset[Kind]:
    """What screens should look at again. Kinds that no screen names count as their owner's."""
    known = {kind.value: kind for kind in Kind}
    found = {known.get(kind, _SHOWN_AS.get(kind, Kind.SYNC)) for kind, _ in touched}
    return frozenset(found)


_AUDIT_CUT = (
    "The audit trail of this workstation is not the one that the shared database remembers. "
    "Call IT; work may go on."
)

_SHOWN_AS: Mapping[str, Kind] = {
    "related_person": Kind.PERSON,
    "employment": Kind.PERSON,
    "person_merge": Kind.PERSON,
    "downtime": Kind.WORK_ITEM,
    "visit_event": Kind.VISIT,
    "screening_exam": Kind.VISIT,
    "signature": Kind.PAPER,
    "email_consent": Kind.PAPER,
    "eligibility_check": Kind.ELIGIBILITY,
    "payer_contact": Kind.ELIGIBILITY,
    "ledger_entry": Kind.PAYMENT,
    "ledger_line": Kind.PAYMENT,
    "receipt_print": Kind.PAYMENT,
    "nothing_collected": Kind.PAYMENT,
}


_NEW_BASE = sqlite.insert(sync_base)
_PUT_BASE = _NEW_BASE.on_conflict_do_update(
    index_elements=["kind", "id"],
    set_={name: _NEW_BASE.excluded[name] for name in ("rev", "row", "generation")},
    # Feed and fill each tell of a row when they come to it: the newer one stands.
    where=(sync_base.c.generation < _NEW_BASE.excluded.generation)
    | (sync_base.c.rev <= _NEW_BASE.excluded.rev),
)

_AT_ONCE = 500
"""Rows that are read or written by one statement."""


def _batched(ids: Sequence[str], at_most: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), at_most):
        yield ids[first : first + at_most]


def _count(connection: Connection, table: Table, condition: Any) -> int:
    return int(
        connection.execute(select(func.count()).select_from(table).where(condition)).scalar() or 0
    )


def _note(connection: Connection, **values: Any) -> None:
    done = connection.execute(update(sync_state).where(sync_state.c.id == _ROW).values(**values))
    if done.rowcount == 0:
        first = {"cursor": 0, "top": 0, "connected": False} | values
        connection.execute(insert(sync_state).values(id=_ROW, **first))


def _place(connection: Connection) -> tuple[int | None, int]:
    found = connection.execute(select(sync_state.c.epoch, sync_state.c.cursor)).first()
    return (found.epoch, found.cursor) if found else (None, 0)


def _same(shown: Row | None, row: Row) -> bool:
    """Whether a row is shown already; a field that is absent is shown as None."""
    return shown is not None and all(
        shown.get(name) == row.get(name) for name in shown.keys() | row.keys()
    )


def _take_base(connection: Connection, entities: Iterable[Entity]) -> None:
    common = {"generation": _generation(connection)}
    values = [
        common | {"kind": each.kind, "id": each.id, "rev": each.rev, "row": dict(each.row)}
        for each in entities
    ]
    if values:
        connection.execute(_PUT_BASE, values)


def _generation(connection: Connection) -> int:
    return connection.execute(select(sync_state.c.generation)).scalar() or 0


def _forget_older(connection: Connection, generation: int) -> set[Key]:
    """Takes out of the base what the server no longer has; answers what that was."""
    older = sync_base.c.generation < generation
    gone = {(kind, id) for kind, id in connection.execute(_BASE_KEYS.where(older))}
    connection.execute(delete(sync_base).where(older))
    return gone


_BASE_KEYS = select(sync_base.c.kind, sync_base.c.id)


def _bases(connection: Connection, kind: str, ids: Sequence[str]) -> dict[str, Row]:
    found = connection.execute(
        select(sync_base.c.id, sync_base.c.rev, sync_base.c.row).where(
            sync_base.c.kind == kind, sync_base.c.id.in_(ids)
        )
    )
    return {each.id: {**each.row, "id": each.id, "rev": each.rev} for each in found}


def _settle(connection: Connection, entry: FeedRow) -> set[Key]:
    """Ends the waiting of one command of this desk; answers what it had touched."""
    mine = (outbox.c.seq == entry.ws_seq) & (outbox.c.command_id == entry.command_id)
    body = connection.execute(select(outbox.c.body).where(mine)).scalar()
    if body is None:
        raise store_copied()
    connection.execute(update(outbox).where(mine).values(state=entry.verdict.outcome.value))
    return _touched_by(command_from_json(body))


def _touched_by(command: Command) -> set[Key]:
    return {(change.kind, change.id) for change in command.changes}


def _waiting_changes(connection: Connection) -> dict[Key, list[Change]]:
    found: dict[Key, list[Change]] = {}
    bodies = connection.execute(
        select(outbox.c.body).where(outbox.c.state.in_(_WAITING)).order_by(outbox.c.seq)
    ).scalars()
    for body in bodies:
        for change in command_from_json(body).changes:
            found.setdefault((change.kind, change.id), []).append(change)
    return found


def _reconcile_outbox(connection: Connection, standing: Standing) -> set[Key]:
    """Gives each command the state that it has at the server; answers what the changed ones touch.

    A command that the server has applied and no longer keeps has the state that it had here; where
    it had none, it was applied.
    """
    known = {each.seq: each for each in standing.commands}
    touched: set[Key] = set()
    for each in connection.execute(select(outbox.c.seq, outbox.c.command_id, outbox.c.state)).all():
        there = known.get(each.seq)
        if there is not None and there.command_id != each.command_id:
            raise store_copied()
        if there is not None:
            state = there.outcome or SENT
        elif each.seq > standing.applied:
            state = UNSENT
        else:
            state = Outcome.APPLIED.value if each.state in _WAITING else each.state
        if state != each.state:
            mine = outbox.c.seq == each.seq
            connection.execute(update(outbox).where(mine).values(state=state))
            body = connection.execute(select(outbox.c.body).where(mine)).scalar_one()
            touched |= _touched_by(command_from_json(body))
    return touched
