"""Audit trails as they are examined: this desk's store, and the shared database's where allowed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, select, text
from sqlalchemy.engine import RowMapping

from db.engine import shared_engine
from db.local import audit
from db.people import employment, person, person_index, person_name
from db.shared.roles import AUDITOR
from db.shared.tables import audit_entry, enrolment
from db.store import SqlStore
from db.sync.postgres_transport import shared_faults
from db.visits import visit
from workstation.access.desk import read_desk
from workstation.facility.model import Desk
from workstation.kernel.clock import iso
from workstation.kernel.errors import OutsideSilent, Refused
from workstation.oversight.gateways import Asked
from workstation.oversight.model import Chart, Look, Source, look_of
from workstation.oversight.rules import name_words
from workstation.sync.gateway_address import is_gateway

_AT_ONCE = 500


class SqlTrails:
    """``workstation.oversight.gateways.Trails`` over the store and, where this desk is enrolled as
    an auditor's, the shared database. ``dsn`` is looked up when it is needed."""

    def __init__(self, store: SqlStore, dsn: Callable[[], str | None]) -> None:
        self._store = store
        self._dsn = dsn

    def looks(self, asked: Asked) -> tuple[list[Look], Source]:
        """See :class:`workstation.oversight.gateways.Trails`."""
        mine = self._mine(asked)
        dsn = self._dsn()
        if dsn is None:
            return mine, Source.ALONE
        if is_gateway(dsn):  # which acts as desks; an auditor's desk reads the database itself
            return mine, Source.NOT_ALLOWED
        try:
            theirs = _theirs(dsn, asked)
        except (OutsideSilent, Refused):
            return mine, Source.OFFLINE
        if theirs is None:
            return mine, Source.NOT_ALLOWED
        # What this desk wrote a moment ago has not gone there yet.
        together = {(look.ws_id, look.n): look for look in (*theirs, *mine)}
        newest = sorted(together.values(), key=lambda look: (look.at, look.n), reverse=True)
        return newest[: asked.at_most], Source.ALL_DESKS

    def charts(self, ids: Iterable[str]) -> dict[str, Chart]:
        """See :class:`workstation.oversight.gateways.Trails`."""
        found: dict[str, Chart] = {}
        with self._store.reading() as connection:
            desk = read_desk(self._store.read())
            for some in _pieces(ids):
                rows = connection.execute(select(person).where(person.c.id.in_(some))).mappings()
                employers = _employers(connection, some)
                for row in rows:
                    found[row["id"]] = _chart(row, employers[row["id"]], desk)
        return found

    def charts_named(self, names: Iterable[tuple[str, str]]) -> dict[str, Chart]:
        """See :class:`workstation.oversight.gateways.Trails`."""
        pairs = [f"{last} {first}" for first, last in names]
        ids: list[str] = []
        with self._store.reading() as connection:
            for some in _pieces(pairs):
                named = select(person_index.c.id).join(
                    person_name, person_name.c.n == person_index.c.n
                )
                ids += connection.execute(named.where(person_name.c.pair.in_(some))).scalars()
        return self.charts(ids)

    def visit_days(self, ids: Iterable[str]) -> dict[str, frozenset[date]]:
        """See :class:`workstation.oversight.gateways.Trails`."""
        days: dict[str, set[date]] = defaultdict(set)
        with self._store.reading() as connection:
            for some in _pieces(ids):
                query = select(visit.c.person_id, visit.c.service_date)
                for id, day in connection.execute(query.where(visit.c.person_id.in_(some))):
                    days[id].add(date.fromisoformat(day))
        return {id: frozenset(found) for id, found in days.items()}

    def _mine(self, asked: Asked) -> list[Look]:
        """From the newest entry back, until one is too old."""
        desk = read_desk(self._store.read())
        query: Select[Any] = select(audit.c.n, audit.c.body).order_by(audit.c.n.desc())
        for field, wanted in (
            ("$.subject", asked.person_id),
            ("$.by[1]", asked.login),
        ):
            if wanted is not None:
                query = query.where(func.json_extract(audit.c.body, field) == wanted)
        if asked.whats:
            what = func.json_extract(audit.c.body, "$.what")
            query = query.where(what.in_(sorted(asked.whats)))
        with self._store.reading() as connection, connection.execute(query) as found:
            looks = (look_of(desk.workstation_id, n, json.loads(body)) for n, body in found)
            return list(islice(_until(looks, asked), asked.at_most))


def _until(looks: Iterable[Look], asked: Asked) -> Iterator[Look]:
    for look in looks:
        if look.at < asked.since:
            return
        yield look


def _theirs(dsn: str, asked: Asked) -> list[Look] | None:
    """All desks' entries; None where this desk may not read them."""
    with _shared(dsn) as connection:
        allowed = text("SELECT pg_has_role(current_user, :auditor, 'member')")
        if not connection.execute(allowed, {"auditor": AUDITOR}).scalar():
            return None
        here = connection.execute(
            select(enrolment.c.facility).where(enrolment.c.login == text("current_user"))
        ).scalar()
        query = (
            select(audit_entry.c.ws_id, audit_entry.c.n, audit_entry.c.body)
            .where(audit_entry.c.facility == here, audit_entry.c.at >= iso(asked.since))
            .order_by(audit_entry.c.at.desc())
            .limit(asked.at_most)
        )
        for column, wanted in (
            (audit_entry.c.subject, asked.person_id),
            (audit_entry.c.login, asked.login),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if asked.whats:
            query = query.where(audit_entry.c.what.in_(sorted(asked.whats)))
        return [look_of(ws, n, json.loads(body)) for ws, n, body in connection.execute(query)]


@contextmanager
def _shared(dsn: str) -> Iterator[Connection]:
    engine = shared_engine(dsn)
    try:
        with shared_faults(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _pieces(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(sorted(set(ids)))
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _employers(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(employment.c.person_id, employment.c.employer)
    for id, employer in connection.execute(query.where(employment.c.person_id.in_(ids))):
        found[id].append(employer or "")
    return found


def _chart(row: RowMapping, employers: Iterable[str], desk: Desk) -> Chart:
    lasts = [row["last"], row["previous_last"]]
    ours = name_words(desk.facility.name)
    first = name_words(row["first"] or "")
    return Chart(
        id=row["id"],
        first=first[0] if first else "",
        last=row["last"] or "",
        lasts=frozenset(word for last in lasts for word in name_words(last or "")),
        name=", ".join(part for part in (row["last"], row["first"]) if part),
        mrn=row["mrn"] or row["provisional_mrn"] or "",
        homes=frozenset(_homes(row)),
        protected=bool(row["vip"] or row["privacy_flag"]),
        employee=any(name_words(employer) == ours for employer in employers),
    )


def _homes(row: RowMapping) -> Iterator[str]:
    street = " ".join(re.findall(r"\w+", (row["street"] or "").casefold()))
    if street and row["zip"]:
        yield f"{street} {row['zip'][:5]}"
    for phone in row["phones"] or ():
        digits = re.sub(r"\D", "", phone)[-10:]
        if len(digits) == 10:
            yield digits
