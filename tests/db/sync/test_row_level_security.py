"""Every table, every verb, every login: what is another facility's is neither read nor written.

Each table holds one row of Mercy and one of Luke. Whoever may do what is written down below; all of
it is tried on a real PostgreSQL, and what is not written down must be refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Json
from sqlalchemy import Table

from db.shared.admin import prepare_shared
from db.shared.roles import APPLIER, AUDITOR, DESK, GATEWAY, OWNER, PROOF, READER
from db.tables import KINDS, TABLES, shared_metadata
from workstation.facility.model import facility_id

MERCY, LUKE = facility_id("Mercy"), facility_id("Luke")
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
OF_NO_FACILITY = frozenset({"applier_lease"})
"""Which applier leads is told by one row; nobody but an applier may touch it, tried apart."""

ALL: dict[str, Table] = {
    name: table
    for name, table in {**TABLES, **shared_metadata.tables}.items()
    if name not in OF_NO_FACILITY
}
KINDS_OF = frozenset(TABLES)
FACTS = frozenset(name for name, kind in KINDS.items() if kind.append_only)
AUDIT = frozenset({"audit_anchor", "audit_entry", "audit_chain", "audit_hold"})

OWN_FACILITY = KINDS_OF | {"facility_feed", "feed", "audit_chain", "document_part"}
OWN_STATION = frozenset({"inbox", "audit_anchor", "audit_entry", "enrolment", "progress"})

MAY: dict[str, dict[str, frozenset[str]]] = {
    "desk of Mercy": {
        "SELECT": OWN_FACILITY | OWN_STATION,
        "INSERT": frozenset({"inbox", "audit_anchor", "audit_entry", "document_part"}),
    },
    "second desk of Mercy": {
        "SELECT": OWN_FACILITY | OWN_STATION,
        "INSERT": frozenset({"inbox", "audit_anchor", "audit_entry", "document_part"}),
    },
    "auditor of Mercy": {
        "SELECT": OWN_FACILITY | OWN_STATION,
        "INSERT": frozenset({"inbox", "audit_anchor", "audit_entry", "document_part"}),
    },
    "reader of Mercy": {"SELECT": OWN_FACILITY - {"document_part"} | {"enrolment"}},
    "gateway for Mercy": {
        "SELECT": OWN_FACILITY | OWN_STATION,
        "INSERT": frozenset({"inbox", "audit_anchor", "audit_entry", "document_part"}),
    },
    "gateway for nobody": {},
    "desk without enrolment": {},
    "applier": {
        "SELECT": KINDS_OF
        | {
            "facility_feed",
            "enrolment",
            "inbox",
            "progress",
            "feed",
            "audit_anchor",
            "audit_chain",
        },
        "INSERT": KINDS_OF | {"progress", "feed", "audit_chain"},
        "UPDATE": KINDS_OF - FACTS | {"progress", "inbox", "facility_feed"},
    },
}
"""By login the tables of each verb. A desk's UPDATE of its enrolment, the claim, is tried apart."""

UPDATED = {"inbox": "outcome", "facility_feed": "n", "enrolment": "ws_id", "audit_anchor": "head"}
"""Where only some columns may be written, one of them; else the facility itself is tried."""


def value(column: Any, place: str, station: str) -> Any:
    kind = str(column.type)
    if column.name == "facility":
        return place
    if column.name in ("ws_id", "id", "login", "cmd_id", "digest"):
        return {"ws_id": station, "login": f"login-{station}"}.get(column.name, f"id-{place[:20]}")
    if column.name == "receipt_code":
        return station[:3]
    if kind.startswith("JSON"):
        return Json({"of": place})
    if kind == "BYTEA" or "BLOB" in kind:
        return b"x"
    if "INT" in kind:
        return 0 if column.name == "part" else 1
    if kind == "BOOLEAN":
        return False
    if kind.startswith("DATETIME"):
        return datetime(2026, 12, 1, tzinfo=UTC)
    return f"SECRET {place}"[: getattr(column.type, "length", None)]


def row(table: Table, place: str, station: str) -> dict[str, Any]:
    """What must be given: a desk may not fill the rest."""
    return {
        column.name: value(column, place, station)
        for column in table.columns
        if column.server_default is None and (not column.nullable or column.name == "ws_id")
    }


def insertion(table: Table, values: dict[str, Any]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )


class Login:
    """One login, its facility and its station."""

    def __init__(self, connection: psycopg.Connection[Any], place: str, station: str) -> None:
        self.connection, self.place, self.station = connection, place, station

    def tries(self, statement: Any, values: Any = None) -> list[Any] | int | str:
        """Rows, a count, or what it was refused with; nothing of it stays."""
        with self.connection.transaction(force_rollback=True):
            try:
                with self.connection.transaction():
                    cursor = self.connection.execute(statement, values)
                    return cursor.fetchall() if cursor.description else cursor.rowcount
            except psycopg.Error as error:
                return f"{type(error).__name__}: {error} {error.diag.message_detail}"


Logins = dict[str, Login]


@pytest.fixture(scope="module")
def logins(pg_server: Any) -> Iterator[Logins]:
    """A shared database with both facilities' rows in every table, and one login of each kind."""
    name = f"portico_rls_{secrets.token_hex(4)}"
    with psycopg.connect(pg_server.dsn(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE portico_template".encode())
    prepare_shared(pg_server.dsn(name))  # a copy has no rights of the database's own
    made: Logins = {}
    mark = name[-8:]
    groups: dict[str, tuple[str, str]] = {
        "desk of Mercy": (DESK, MERCY),
        "second desk of Mercy": (DESK, MERCY),
        "auditor of Mercy": (f"{DESK}, {AUDITOR}", MERCY),
        "reader of Mercy": (READER, MERCY),
        "desk of Luke": (DESK, LUKE),
        "gateway for Mercy": (GATEWAY, MERCY),
        "gateway for nobody": (GATEWAY, ""),
        "desk without enrolment": (DESK, ""),
    }
    with psycopg.connect(pg_server.dsn(name), autocommit=True) as admin:
        for n, (who, (group, place)) in enumerate(groups.items()):
            login = f"rls{n}_{mark}"
            admin.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'x'".encode())
            admin.execute(f"GRANT {group} TO {login}".encode())
            station = f"{n}ws-{who.replace(' ', '-')}"[:36]
            if place:
                admin.execute(
                    "INSERT INTO enrolment (login, facility, name, ws_id, receipt_code, proof,"
                    " enrolled_at) VALUES (%s, %s, %s, %s, %s, %s, now())",
                    (login, place, f"SECRET {who}", station, f"{n}AA", f"proof of {who}"),
                )
            dsn = psycopg.conninfo.make_conninfo(pg_server.dsn(name), user=login, password="x")
            made[who] = Login(psycopg.connect(dsn, autocommit=True), place, station)
        gateway = made["gateway for Mercy"].connection
        gateway.execute("SELECT set_config(%s, 'proof of gateway for Mercy', false)", (PROOF,))
        for place, who in ((MERCY, "desk of Mercy"), (LUKE, "desk of Luke")):
            for table in ALL.values():
                if table.name != "enrolment":
                    values = row(table, place, made[who].station)
                    admin.execute(insertion(table, values), values)
        admin.execute("ANALYZE")
    applier = psycopg.connect(pg_server.dsn(name), autocommit=True)
    applier.execute(f"SET ROLE {APPLIER}".encode())
    made["applier"] = Login(applier, "", "")
    yield made
    for login in made.values():
        login.connection.close()
    with psycopg.connect(pg_server.dsn(), autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        for n in range(len(groups)):
            server.execute(f"DROP ROLE rls{n}_{mark}".encode())


def attempt(login: Login, verb: str, table: Table, place: str) -> list[Any] | int | str:
    """One verb on the rows of one facility."""
    name = sql.Identifier(table.name)
    if verb == "SELECT":
        asked = sql.SQL("SELECT facility FROM {} WHERE facility = %s").format(name)
        return login.tries(asked, (place,))
    if verb == "INSERT":
        station = login.station or "0ws"
        values = row(table, place, station) | fresh(table, place)
        return login.tries(insertion(table, values), values)
    if verb == "UPDATE":
        column = UPDATED.get(table.name, "extra" if "extra" in table.c else "facility")
        column = "applied" if table.name == "progress" else column
        change = sql.SQL("UPDATE {} SET {} = {} WHERE facility = %s")
        field = sql.Identifier(column)
        return login.tries(change.format(name, field, field), (place,))
    if verb == "DELETE":
        return login.tries(sql.SQL("DELETE FROM {} WHERE facility = %s").format(name), (place,))
    return login.tries(sql.SQL("TRUNCATE {}").format(name))


def fresh(table: Table, place: str) -> dict[str, Any]:
    """Another key than the row that is there; a document's part belongs to a document."""
    if table.name == "document_part":
        return {"part": 1}
    key = {
        "id": "another",
        "n": 99,
        "ws_seq": 99,
        "entries": 99,
        "cmd_id": "another",
        "login": "another",
        "name": "another",
        "receipt_code": "ZZZ",
        "placed_at": datetime(2027, 1, 1, tzinfo=UTC),
    }
    found = {name: new for name, new in key.items() if name in table.c}
    return found | ({"ws_id": "another"} if table.name in ("progress", "enrolment") else {})


@pytest.mark.parametrize("who", [who for who in MAY if who != "applier"])
def test_nobody_but_an_applier_may_lead(logins: Logins, who: str) -> None:
    """A login that could take the lease would stop the applying of every facility."""
    for statement in (
        "SELECT holder FROM applier_lease",
        "UPDATE applier_lease SET until = 'infinity'",
        "DELETE FROM applier_lease",
        "INSERT INTO applier_lease (id, until) VALUES ('another', 'infinity')",
        "LOCK TABLE applier_lease",
        "SELECT 1 FROM applier_lease FOR UPDATE",
    ):
        assert denied(logins[who].tries(sql.SQL(statement), ())), statement


def denied(outcome: Any) -> bool:
    return isinstance(outcome, str) and outcome.startswith("InsufficientPrivilege")


def test_every_table_is_in_the_matrix() -> None:
    assert all("facility" in table.c for table in ALL.values())
    assert len(ALL) > 30
    assert {"payment", "ledger_entry", "ledger_line"} <= FACTS


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_granted_works_and_all_else_is_refused(logins: Logins, who: str, verb: str) -> None:
    login, granted = logins[who], MAY[who].get(verb, frozenset())
    wrong: dict[str, Any] = {}
    for name, table in ALL.items():
        mine = attempt(login, verb, table, login.place or MERCY)
        theirs = attempt(login, verb, table, LUKE)
        if who == "applier":
            fits = all(not denied(o) and not isinstance(o, str) for o in (mine, theirs))
            if name not in granted:
                fits = denied(mine) and denied(theirs)
        elif name in granted and verb == "SELECT":
            seen = mine if isinstance(mine, list) else []
            fits = all(place == login.place for (place,) in seen) and theirs == []
            # The rows of a station are seen by that station, and the trail by who audits.
            first = who == "desk of Mercy"
            trail = name == "audit_entry" and who == "auditor of Mercy"
            fits &= bool(seen) == (name not in OWN_STATION - {"enrolment"} or first or trail)
        elif name in granted:
            fits = mine == 1 and denied(theirs)
        elif who == "gateway for nobody" and (verb, name) == ("SELECT", "facility_feed"):
            fits = (mine, theirs) == ([(MERCY,)], [(LUKE,)])  # where feeds stand, to tell desks
        elif verb == "SELECT" and not login.place:
            fits = all(o == [] or denied(o) for o in (mine, theirs))
        elif verb in ("INSERT", "TRUNCATE") or name != "enrolment" or verb == "DELETE":
            fits = denied(mine) and denied(theirs)
        else:  # the claim: one's own row, while nobody has it
            fits = all(o == 0 or denied(o) for o in (mine, theirs))
        if not fits:
            wrong[name] = (mine, theirs)
    assert not wrong


def test_a_station_is_not_written_for_by_another(logins: Logins) -> None:
    second, first = logins["second desk of Mercy"], logins["desk of Mercy"]
    for name in ("inbox", "audit_anchor", "audit_entry"):
        values = row(ALL[name], MERCY, first.station) | fresh(ALL[name], MERCY)
        assert denied(second.tries(insertion(ALL[name], values), values)), name


ESCAPES = (
    f"SET ROLE {OWNER}",
    f"SET ROLE {APPLIER}",
    f"SET ROLE {AUDITOR}",
    "SET SESSION AUTHORIZATION postgres",
    f"SELECT set_config('role', '{OWNER}', false)",
    f"SELECT set_config('role', '{APPLIER}', true)",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "SET session_replication_role = replica",
    f"GRANT {OWNER} TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY by_facility ON person",
    "CREATE POLICY mine ON person USING (true)",
    "CREATE TABLE mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "CREATE FUNCTION leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE VIEW mine AS SELECT * FROM person",
    "CREATE RULE mine AS ON INSERT TO inbox DO ALSO NOTHING",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "DO LANGUAGE plpgsql $$ BEGIN CREATE TEMP TABLE t (x int); END $$",
    "LOCK TABLE person IN ACCESS EXCLUSIVE MODE",
    "COPY person TO PROGRAM 'cat'",
    "COPY person TO '/tmp/x'",
    "COPY inbox (body) TO STDOUT",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_largeobject",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
    "REINDEX TABLE person",
    "DROP TABLE person",
)


@pytest.mark.parametrize(
    "who", ["desk of Mercy", "reader of Mercy", "gateway for Mercy", "desk without enrolment"]
)
def test_no_way_out_of_its_own_rights(logins: Logins, who: str) -> None:
    connection = logins[who].connection
    for statement in ESCAPES:
        with pytest.raises(InsufficientPrivilege):
            carry_out(connection, statement)


def carry_out(connection: psycopg.Connection[Any], statement: str) -> None:
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        if statement.endswith("TO STDOUT"):
            with cursor.copy(statement.encode()) as copy:
                copy.read()
        else:
            cursor.execute(statement.encode())


def test_acting_as_the_group_shows_nothing(logins: Logins) -> None:
    """A member may act as its group; nobody is enrolled under that name."""
    login = logins["desk of Mercy"]
    for group in (DESK, READER):
        with login.connection.transaction(force_rollback=True):
            login.connection.execute(f"SET LOCAL ROLE {group}".encode())
            assert login.connection.execute("SELECT facility FROM person").fetchall() == []


def test_a_desks_own_login_gains_nothing_by_a_proof(logins: Logins) -> None:
    connection = logins["desk of Mercy"].connection
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config(%s, 'proof of desk of Luke', true)", (PROOF,))
        assert connection.execute("SELECT DISTINCT facility FROM person").fetchall() == [(MERCY,)]


def test_a_gateway_that_changes_its_proof_changes_sides_wholly(logins: Logins) -> None:
    connection = logins["gateway for Mercy"].connection
    with connection.transaction(force_rollback=True):
        for proof, seen in (("proof of desk of Luke", [(LUKE,)]), ("guessed", []), ("", [])):
            connection.execute("SELECT set_config(%s, %s, true)", (PROOF, proof))
            assert connection.execute("SELECT facility FROM person").fetchall() == seen


@pytest.mark.parametrize(
    "switch", ["SET LOCAL row_security = off", "SELECT set_config('row_security', 'off', true)"]
)
def test_switching_row_security_off_refuses_instead_of_leaking(logins: Logins, switch: str) -> None:
    for who in ("desk of Mercy", "reader of Mercy", "desk without enrolment"):
        connection = logins[who].connection
        with connection.transaction(force_rollback=True):
            connection.execute(switch.encode())
            with pytest.raises(InsufficientPrivilege, match="row-level security"):
                connection.execute("SELECT facility FROM person")


LEAKY = (
    "SELECT 1 FROM person WHERE 1 / (CASE WHEN facility = '{luke}' THEN 0 ELSE 1 END) = 1",
    "SELECT 1 FROM person WHERE facility::int = 1",
    "SELECT 1 FROM person WHERE id::uuid IS NOT NULL AND facility = '{luke}'",
    "SELECT 1 FROM feed WHERE (body->>'of')::int = 1 AND facility = '{luke}'",
    "SELECT 1 FROM enrolment WHERE name::int = 1 AND facility = '{luke}'",
    "SELECT 1 FROM audit_entry WHERE body::int = 1 AND facility = '{luke}'",
    "INSERT INTO audit_anchor (facility, ws_id, entries, head)"
    " VALUES ('{luke}', '{station}', 1, '')",
    "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body)"
    " VALUES ('{luke}', '{station}', 1, 'id-x', '') ON CONFLICT DO NOTHING",
    "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body)"
    " VALUES ('{mercy}', '{mine}', 1, 'other', '')",
    "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body)"
    " VALUES ('{mercy}', '{mine}', 2, 'id-{cmd}', '')",
    "INSERT INTO audit_entry (facility, ws_id, n, at, what, body, hash)"
    " VALUES ('{mercy}', '{mine}', 1, '', '', '', '')",
    "INSERT INTO document_part (facility, digest, part, size, content)"
    " VALUES ('{luke}', 'id-{luke20}', 1, 1, 'x')",
    "UPDATE enrolment SET ws_id = '{station}' WHERE login = current_user",
)


def test_no_error_tells_a_value_of_another_facility(logins: Logins) -> None:
    """Filters run after the policies, so they cannot fail over rows that are not seen; what fails
    over one's own key says nothing of the row that is there."""
    login, luke = logins["desk of Mercy"], logins["desk of Luke"]
    words = {
        "luke": LUKE,
        "luke20": LUKE[:20],
        "mercy": MERCY,
        "mine": login.station,
        "station": luke.station,
        "cmd": MERCY[:20],
    }
    for statement in LEAKY:
        said = str(login.tries(statement.format(**words).encode()))
        assert "division by zero" not in said, statement
        assert f"SECRET {LUKE}" not in said, statement
        assert "SECRET desk of Luke" not in said, statement
        told = said.replace(f"'{LUKE}'", "")
        assert LUKE not in told.split("DETAIL")[-1] or denied(said), statement


def test_statistics_and_activity_tell_nothing(logins: Logins) -> None:
    """The planner's statistics hold values of every facility; who is under row-level security sees
    none of them, nor the statements of other logins."""
    login = logins["desk of Mercy"]
    ours = tuple(ALL)
    shown = login.tries("SELECT tablename FROM pg_stats WHERE tablename = ANY(%s)", (list(ours),))
    assert shown == []
    others = login.tries(
        "SELECT DISTINCT query FROM pg_stat_activity WHERE usename <> current_user"
        " AND usename LIKE 'rls%%'",
        (),
    )
    assert others == [("<insufficient privilege>",)]


def test_keys_of_one_facility_never_meet_those_of_another() -> None:
    """A unique key without the facility would tell, by a refusal, what another facility has."""
    across = {
        (name, tuple(sorted(column.name for column in key.columns)))
        for name, table in ALL.items()
        for key in (*table.constraints, *(i for i in table.indexes if i.unique))
        if type(key).__name__ in ("UniqueConstraint", "PrimaryKeyConstraint", "Index")
        and "facility" not in key.columns
    }
    by_administrator = {("enrolment", ("login",)), ("enrolment", ("proof",))}
    assert across == by_administrator, "no desk writes these"


def test_group_roles_log_in_never_and_desks_are_no_more_than_desks(
    logins: Logins, admin_dsn: str
) -> None:
    with psycopg.connect(admin_dsn) as connection:
        groups = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'portico%' AND (rolcanlogin OR"
            " rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        ).fetchall()
        assert groups == []
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert owners == [(OWNER,)]
        members = connection.execute(
            "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid"
            " JOIN pg_roles m ON m.oid = a.member WHERE r.rolname IN (%s, %s)"
            " AND NOT m.rolsuper",
            (OWNER, APPLIER),
        ).fetchall()
        assert members == [], "only the administrator may act as owner or applier"


def test_money_and_audit_are_insert_only_for_everybody_who_works(logins: Logins) -> None:
    for who, login in logins.items():
        for name in FACTS | AUDIT:
            for verb in ("UPDATE", "DELETE", "TRUNCATE"):
                assert denied(attempt(login, verb, ALL[name], MERCY)), (who, verb, name)
