"""Least privilege: who may do what in the shared database, down to rows of their own facility.

``portico_owner`` owns the tables and logs in never; ``portico_applier`` writes projections and
feed, but may only insert into money and ledger, and chains the heads of audit trails without being
able to write in a trail; ``portico_read`` reads one facility; ``portico_desk`` adds the inbox and
the desk's own trail. Every desk has a login of its own that is a member of the latter; where the
privacy officer sits it is also one of ``portico_auditor``, who reads the trails of all desks.
``portico_gateway`` may do what a desk may, as the desk whose proof of enrolment it sets for the
transaction (``set_config('portico.proof', …, true)``, which a pooler of transactions keeps apart);
without a proof it sees where feeds stand, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.shared import tables as shared
from db.tables import KINDS, TABLES, shared_metadata

OWNER = "portico_owner"
APPLIER = "portico_applier"
READER = "portico_read"
DESK = "portico_desk"
AUDITOR = "portico_auditor"
GATEWAY = "portico_gateway"

PROOF = "portico.proof"
"""The setting that tells for which desk the gateway acts; policies of no other role read it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How desks come to the tables: who reads, who sends, and whose row of ``enrolment`` it is."""

    suffix: str
    reader: str
    sender: str
    mine: str

    @property
    def facility(self) -> str:
        return f"facility = {self._of_mine('facility')}"

    @property
    def station(self) -> str:
        return f"{self.facility} AND ws_id = {self._of_mine('ws_id')}"

    def _of_mine(self, column: str) -> str:
        return f"(SELECT e.{column} FROM enrolment e WHERE e.{self.mine})"  # noqa: S608


_WAYS = (
    _Way("", READER, DESK, "login = current_user"),
    _Way("_by_gateway", GATEWAY, GATEWAY, f"proof = current_setting('{PROOF}', true)"),
)

_GRANTED = (APPLIER, READER, DESK, AUDITOR, GATEWAY)

_SENT_OF_ENTRY = "facility, ws_id, n, at, login, what, subject, body, hash"

_KEPT_BY_OWNER = ("audit_anchor", "audit_entry", "audit_chain", "audit_hold", "feed", "inbox")
"""What is verified and expires by command."""


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def make_roles(connection: Connection) -> None:
    """Creates the group roles that are missing, and lets the administrator act as them."""
    for role in (OWNER, *_GRANTED):
        found = connection.execute(
            text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
        ).first()
        if found is None:
            connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
    connection.execute(text(f"GRANT {OWNER}, {APPLIER} TO CURRENT_USER"))
    connection.execute(text(f"GRANT {READER} TO {DESK}"))
    database = quoted(str(connection.execute(text("SELECT current_database()")).scalar()))
    connection.execute(text(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
    connection.execute(
        text(f"GRANT CONNECT ON DATABASE {database} TO {OWNER}, {APPLIER}, {READER}, {GATEWAY}")
    )
    connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APPLIER}, {READER}, {GATEWAY}"))
    connection.execute(text(f"GRANT CREATE, USAGE ON SCHEMA public TO {OWNER}"))


def let_audit(connection: Connection, login: str, may: bool) -> None:
    """Whether a desk's login may read the audit trails of all desks of its facility."""
    verb, to = ("GRANT", "TO") if may else ("REVOKE", "FROM")
    connection.execute(text(f"{verb} {AUDITOR} {to} {quoted(login)}"))


def close_login(connection: Connection, login: str) -> None:
    """Lets nobody in by that login any more, and ends who is in; where there is one."""
    found = text("SELECT 1 FROM pg_roles WHERE rolname = :login")
    if connection.execute(found, {"login": login}).first() is not None:
        connection.execute(text(f"ALTER ROLE {quoted(login)} NOLOGIN PASSWORD NULL"))
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login"
        connection.execute(text(ended), {"login": login})


def secure_tables(connection: Connection) -> None:
    """Sets grants and policies of every table anew. Runs as the owner; safe to repeat."""
    for name in (*TABLES, *shared_metadata.tables):
        connection.execute(text(f"ALTER TABLE {quoted(name)} ENABLE ROW LEVEL SECURITY"))
        connection.execute(text(f"ALTER TABLE {quoted(name)} FORCE ROW LEVEL SECURITY"))
        connection.execute(text(f"REVOKE ALL ON {quoted(name)} FROM PUBLIC, {', '.join(_GRANTED)}"))
    for statement in (*_grants(), *_policies()):
        connection.execute(text(statement))


def _grants() -> Iterator[str]:
    for name, kind in KINDS.items():
        rights = "SELECT, INSERT" if kind.append_only else "SELECT, INSERT, UPDATE"
        yield f"GRANT {rights} ON {quoted(name)} TO {APPLIER}"
    yield f"GRANT SELECT, UPDATE (n) ON facility_feed TO {APPLIER}"
    yield f"GRANT SELECT ON enrolment TO {APPLIER}"
    yield f"GRANT SELECT, UPDATE (outcome) ON inbox TO {APPLIER}"
    yield f"GRANT SELECT, INSERT, UPDATE ON progress TO {APPLIER}"
    yield f"GRANT SELECT, INSERT ON feed TO {APPLIER}"
    yield f"GRANT SELECT ON audit_anchor TO {APPLIER}"
    yield f"GRANT SELECT, INSERT ON audit_chain TO {APPLIER}"
    yield f"GRANT SELECT, UPDATE ON applier_lease TO {APPLIER}"
    yield f"GRANT SELECT ON audit_entry TO {AUDITOR}"
    for way in _WAYS:
        for name in KINDS:
            yield f"GRANT SELECT ON {quoted(name)} TO {way.reader}"
        yield f"GRANT SELECT ON facility_feed, enrolment, feed, audit_chain TO {way.reader}"
        yield f"GRANT UPDATE (ws_id, receipt_code) ON enrolment TO {way.sender}"
        yield f"GRANT INSERT (facility, ws_id, ws_seq, cmd_id, body) ON inbox TO {way.sender}"
        yield f"GRANT SELECT (facility, ws_id, ws_seq, cmd_id, outcome) ON inbox TO {way.sender}"
        yield f"GRANT INSERT (facility, ws_id, entries, head) ON audit_anchor TO {way.sender}"
        yield f"GRANT INSERT ({_SENT_OF_ENTRY}) ON audit_entry TO {way.sender}"
        yield f"GRANT SELECT ON progress, audit_anchor, audit_entry TO {way.sender}"
        yield f"GRANT SELECT, INSERT ON document_part TO {way.sender}"


def _policies() -> Iterator[str]:
    for name in (*TABLES, *shared_metadata.tables):
        yield from _policy("by_applier", name, "ALL", APPLIER, "true", "true")
    for name in ("enrolment", "facility_feed", *_KEPT_BY_OWNER):
        yield from _policy("by_owner", name, "ALL", OWNER, "true", "true")
    for way in _WAYS:
        yield from _policies_of(way)
    yield from _policy("examine", "audit_entry", "SELECT", AUDITOR, _WAYS[0].facility)
    # Where feeds stand is read once for all desks that listen, and for none of them.
    nobody = f"coalesce(current_setting('{PROOF}', true), '') = ''"
    yield from _policy("heads_by_gateway", "facility_feed", "SELECT", GATEWAY, nobody)


def _policies_of(way: _Way) -> Iterator[str]:
    mine, here, station = way.mine, way.facility, way.station
    reads, sends, own = f"by_facility{way.suffix}", f"send{way.suffix}", f"own_rows{way.suffix}"
    for name in (*TABLES, "facility_feed", "feed", "audit_chain"):
        yield from _policy(reads, name, "SELECT", way.reader, here)
    claim = f"{mine} AND ws_id IS NULL"
    yield from _policy(f"own_row{way.suffix}", "enrolment", "SELECT", way.reader, mine)
    yield from _policy(f"claim{way.suffix}", "enrolment", "UPDATE", way.sender, claim, mine)
    for table in (shared.inbox, shared.audit_anchor, shared.audit_entry):
        yield from _policy(sends, table.name, "INSERT", way.sender, None, station)
        yield from _policy(own, table.name, "SELECT", way.sender, station)
    yield from _policy(own, "progress", "SELECT", way.sender, station)
    known = (
        "EXISTS (SELECT 1 FROM document d"
        " WHERE d.digest = document_part.digest AND d.facility = document_part.facility)"
    )
    yield from _policy(sends, "document_part", "INSERT", way.sender, None, f"{here} AND {known}")
    yield from _policy(reads, "document_part", "SELECT", way.sender, here)


def _policy(
    name: str, table: str, verb: str, role: str, using: str | None, check: str | None = None
) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {quoted(table)}"
    clauses = f" USING ({using})" if using else ""
    clauses += f" WITH CHECK ({check})" if check else ""
    yield f"CREATE POLICY {name} ON {quoted(table)} FOR {verb} TO {role}{clauses}"
