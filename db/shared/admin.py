"""What an administrator does: create or upgrade the shared database, enrol a desk."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, event, insert, select, text, update
from sqlalchemy.exc import OperationalError

import db.declared  # noqa: F401  # every table must be known before rights are given
from db.engine import connect_shared, shared_engine
from db.schema import bring_up_to_date
from db.server_proof import demand_proof, unproven
from db.shared import roles
from db.shared.durability import doubts
from db.shared.tables import enrolment, facility_feed
from workstation.access.desk import RECEIPT_ALPHABET
from workstation.facility.model import facility_id
from workstation.facility.time_zone import machine_zone, zone_of
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import OutsideSilent, PorticoError

_DESK_CONNECTIONS = 12


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A desk's own login. ``dsn`` holds its password and is shown this once."""

    dsn: str
    login: str
    facility: str
    receipt_code: str


def prepare_shared(admin_dsn: str, *, restored: bool = False) -> dict[str, Any]:
    """Creates or upgrades schema, roles, rights and policies. Safe to repeat.

    With ``restored`` every facility's feed epoch rises: call it once after the server was restored
    from a backup, so that desks offer again what the backup does not have. ``warnings`` of the
    answer says what of the server would let a confirmed command be lost.
    """
    admin = _admin(admin_dsn)
    try:
        with admin.begin() as connection:
            roles.make_roles(connection)
        owner = _as_owner(admin_dsn)
        try:
            bring_up_to_date(owner)
            with owner.begin() as connection:
                roles.secure_tables(connection)
                if restored:
                    connection.execute(
                        update(facility_feed).values(epoch=facility_feed.c.epoch + 1)
                    )
                facilities = connection.execute(select(facility_feed.c.name)).scalars().all()
        finally:
            owner.dispose()
    finally:
        admin.dispose()
    with connect_shared(admin_dsn) as plain:
        warnings = doubts(plain)
    return {"ready": True, "facilities": sorted(facilities), "warnings": warnings}


def enrol_desk(
    admin_dsn: str,
    desk: str,
    facility: str,
    *,
    new_machine: bool = False,
    time_zone: str | None = None,
    auditor: bool | None = None,
) -> Enrolled:
    """Gives a desk a login of its own, or an enrolled desk a new password.

    What it showed the gateway before counts no more. The first store that connects with the login
    claims the desk; ``new_machine`` frees the claim after a workstation was replaced. ``time_zone``
    (IANA) is the facility's, which all its desks take over; without it a new facility gets this
    machine's, and a known one keeps its own. ``auditor`` lets the desk read the audit trails of all
    desks of its facility, or no longer; None changes nothing.

    Raises Refused ``server_unproven``: what the administrator's DSN says of TLS is handed on.
    """
    demand_proof(admin_dsn)
    password = secrets.token_urlsafe(24)
    with _enrolling(admin_dsn, desk, facility, time_zone) as place:
        _set_login(place.connection, place.login, password)
        if auditor is not None:
            roles.let_audit(place.connection, place.login, auditor)
        code = place.enrol(proof=None, new_machine=new_machine)
    dsn = _dsn_for(admin_dsn, place.database, place.login, password)
    return Enrolled(dsn, place.login, place.facility, code)


def enrol_behind_gateway(
    admin_dsn: str,
    desk: str,
    facility: str,
    prove: Callable[[str], str],
    *,
    new_machine: bool = False,
    time_zone: str | None = None,
) -> str:
    """Enrols a desk that the HTTPS gateway speaks for; answers the name of its enrolment.

    ``prove`` gets that name and answers the desk's proof (``db/gateway/proofs.py``), which ends the
    one of before. Such a desk has no login: one that it had is closed.
    """
    with _enrolling(admin_dsn, desk, facility, time_zone) as place:
        roles.close_login(place.connection, place.login)
        place.enrol(proof=prove(place.login), new_machine=new_machine)
    return place.login


def revoke_desk(admin_dsn: str, desk: str, facility: str) -> bool:
    """Ends a desk's login and proof at once; False where it is not enrolled.

    What it sent stays, and so do its number and receipt code, for when it is enrolled again.
    """
    admin = _admin(admin_dsn)
    try:
        with admin.begin() as connection:
            database = str(connection.execute(text("SELECT current_database()")).scalar())
            login = _login_name(database, facility_id(facility), desk)
            roles.close_login(connection, login)
            connection.execute(text(f"SET LOCAL ROLE {roles.OWNER}"))
            ended = update(enrolment).where(enrolment.c.login == login).values(proof=None)
            return connection.execute(ended).rowcount == 1
    finally:
        admin.dispose()


def close_facility(admin_dsn: str, facility: str) -> None:
    """Ends every desk's login and proof, as after the facility has moved to another server."""
    with as_owner(admin_dsn) as connection:
        here = enrolment.c.facility == facility_id(facility)
        with connection.begin():
            desks = connection.execute(select(enrolment.c.name).where(here)).scalars().all()
    for desk in desks:
        revoke_desk(admin_dsn, desk, facility)


def prepare_gateway(admin_dsn: str) -> str:
    """The DSN of a login for gateways, with a new password; the one of before ends.

    The login is this database's own, in the group that may act as any desk which proves itself.
    """
    demand_proof(admin_dsn)
    admin = _admin(admin_dsn)
    password = secrets.token_urlsafe(24)
    try:
        with admin.begin() as connection:
            database = str(connection.execute(text("SELECT current_database()")).scalar())
            login = f"gateway_{hashlib.sha256(database.encode()).hexdigest()[:12]}"
            _set_login(connection, login, password, group=roles.GATEWAY, connections=-1)
            # Of the role, not of the session: a pooler of transactions keeps no sessions.
            for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"ALTER ROLE {roles.quoted(login)} SET {setting} = '30s'"))
    finally:
        admin.dispose()
    return _dsn_for(admin_dsn, database, login, password)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a desk is being enrolled, in one transaction."""

    connection: Connection
    database: str
    facility: str
    name: str
    desk: str
    login: str
    time_zone: str | None

    def enrol(self, *, proof: str | None, new_machine: bool) -> str:
        """Acts as the owner from here on; answers the receipt code."""
        self.connection.execute(text(f"SET LOCAL ROLE {roles.OWNER}"))
        zone, change = self.time_zone or machine_zone(), self.time_zone is not None
        _know_facility(self.connection, self.facility, self.name, zone, change=change)
        code = _enrol(
            self.connection, self.login, self.facility, self.desk, new_machine=new_machine
        )
        mine = enrolment.c.login == self.login
        self.connection.execute(update(enrolment).where(mine).values(proof=proof))
        return code


@contextmanager
def _enrolling(admin_dsn: str, desk: str, facility: str, time_zone: str | None) -> Iterator[_Place]:
    if time_zone is not None:
        zone_of(time_zone)
    admin = _admin(admin_dsn)
    place = facility_id(facility)
    try:
        with admin.begin() as connection:
            database = str(connection.execute(text("SELECT current_database()")).scalar())
            login = _login_name(database, place, desk)
            yield _Place(connection, database, place, facility, desk, login, time_zone)
    finally:
        admin.dispose()


def _admin(dsn: str) -> Engine:
    engine = shared_engine(dsn)
    try:
        engine.connect().close()
    except OperationalError as fault:
        engine.dispose()
        raise unproven(str(fault.orig)) or OutsideSilent(
            "shared_database_silent",
            "The shared database did not answer. Nothing was changed.",
            "Check that PORTICO_ADMIN_DSN is right and the server runs, then try again.",
            retryable=True,
        ) from None
    return engine


def _as_owner(dsn: str) -> Engine:
    engine = shared_engine(dsn)

    @event.listens_for(engine, "connect")
    def _become_owner(connection: Any, _record: Any) -> None:
        connection.execute(f"SET ROLE {roles.OWNER}")
        connection.commit()

    return engine


@contextmanager
def as_owner(admin_dsn: str) -> Iterator[Connection]:
    """A connection that acts as the owner of the tables. Raises OutsideSilent."""
    _admin(admin_dsn).dispose()
    owner = _as_owner(admin_dsn)
    try:
        with owner.connect() as connection:
            yield connection
    finally:
        owner.dispose()


def _login_name(database: str, facility: str, desk: str) -> str:
    digest = hashlib.sha256(f"{database}\n{facility}\n{desk.casefold()}".encode()).hexdigest()
    readable = "".join(sign for sign in desk.lower() if sign.isascii() and sign.isalnum())[:16]
    return f"desk_{readable}_{digest[:12]}"


def _set_login(
    connection: Connection,
    login: str,
    password: str,
    *,
    group: str = roles.DESK,
    connections: int = _DESK_CONNECTIONS,
) -> None:
    found = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :login"), {"login": login}
    ).first()
    verb = "ALTER" if found else "CREATE"
    connection.exec_driver_sql(
        f"{verb} ROLE {roles.quoted(login)} LOGIN NOCREATEDB NOCREATEROLE "
        f"CONNECTION LIMIT {connections} PASSWORD '{_verifier(connection, login, password)}'"
    )
    connection.execute(text(f"GRANT {group} TO {roles.quoted(login)}"))


def _verifier(connection: Connection, login: str, password: str) -> str:
    """The SCRAM verifier of a password: the password itself never reaches the server or its log."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the shared engine is not psycopg's")
    made = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode("ascii")


def _know_facility(
    connection: Connection, place: str, name: str, zone: str, *, change: bool
) -> None:
    here = facility_feed.c.facility == place
    if connection.execute(select(facility_feed.c.facility).where(here)).first() is not None:
        if change:
            connection.execute(update(facility_feed).where(here).values(time_zone=zone))
    else:
        # A fresh epoch is random: a server that was thrown away and made anew is another one.
        connection.execute(
            insert(facility_feed).values(
                facility=place,
                name=name,
                epoch=secrets.randbelow(2**30) + 1,
                n=0,
                floor=0,
                time_zone=zone,
            )
        )


def _enrol(connection: Connection, login: str, place: str, desk: str, *, new_machine: bool) -> str:
    mine = enrolment.c.login == login
    found = connection.execute(select(enrolment.c.receipt_code).where(mine)).scalar()
    if found is not None:
        if new_machine:
            connection.execute(update(enrolment).where(mine).values(ws_id=None))
        return str(found)
    taken = set(
        connection.execute(
            select(enrolment.c.receipt_code).where(enrolment.c.facility == place)
        ).scalars()
    )
    code = _free_code(login, taken)
    connection.execute(
        insert(enrolment).values(
            login=login,
            facility=place,
            name=desk,
            ws_id=None,
            receipt_code=code,
            enrolled_at=utc_now(),
        )
    )
    return code


def _free_code(login: str, taken: set[str]) -> str:
    """Three signs that no other desk of the facility prints on its receipts."""
    start = int(hashlib.sha256(login.encode()).hexdigest(), 16)
    size = len(RECEIPT_ALPHABET)
    for step in range(size**3):
        value = (start + step) % size**3
        code = "".join(RECEIPT_ALPHABET[value // size**place % size] for place in range(3))
        if code not in taken:
            return code
    raise PorticoError(
        "no_receipt_code_left",
        "Every receipt code of this facility is in use.",
        "Remove desks that are no longer used.",
    )


_ATTRS = "target_session_attrs"


def _dsn_for(admin_dsn: str, database: str, login: str, password: str) -> str:
    known = {str(name): str(value) for name, value in conninfo_to_dict(admin_dsn).items()}
    host, port = known.get("host", ""), known.get("port", "")
    settings: dict[str, str] = {
        name: known[name]
        for name in ("hostaddr", "sslmode", "sslrootcert", "channel_binding", _ATTRS)
        if name in known
    }
    if host.startswith("/") or "," in host or ":" in host:
        settings["host"], host = host, ""
    if port and not host:
        settings["port"], port = port, ""
    address = f"{host}:{port}" if port else host
    dsn = f"postgresql://{quote(login, safe='')}:{quote(password, safe='')}@{address}/"
    dsn += quote(database, safe="")
    return f"{dsn}?{urlencode(settings)}" if settings else dsn
