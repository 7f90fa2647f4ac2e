"""Signing in, unlocking, taking over a desk, and the audit of what was opened."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from workstation.access.model import Permission, Role, Session
from workstation.access.rules import SHORTEST_PASSWORD, held_until
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import phrase
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork

_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes, 4 lanes


class SignIn:
    """Checks logins and passwords against the accounts of this workstation."""

    def __init__(self, store: StoreGateway, clock: Clock, zone: tzinfo = UTC) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    def sign_in(self, login: str, password: str) -> Session:
        """The session of this login. Raises Refused ``sign_in_wrong`` or ``sign_in_held``."""
        known = self._find(self._store.read(), login)
        self._refuse_held(known)
        # Hashing takes a good part of a second: no other writer may have to wait for it.
        right = _matches(known, password)
        old = known["password_hash"] if known is not None else ""
        new = _HASHER.hash(password) if right and _HASHER.check_needs_rehash(old) else old
        with self._store.unit_of_work() as work:
            user = self._find(work, login)
            self._refuse_held(user)
            same = user is not None and user["active"] and user["password_hash"] == old
            if user is None or not (right and same):
                self._count_failure(work, user)
                raise Refused(
                    "sign_in_wrong",
                    "This name and password do not go together.",
                    "Type both again. After five tries the desk waits a minute.",
                    field="password",
                )
            values = {"failures": 0, "locked_until": None, "password_hash": new}
            work.swap_local("local_user", user["id"], {}, values)
            work.audit(user["id"], "signed_in", user["id"])
            work.commit()
        return Session(user["id"], user["login"], user["name"], Role(user["role"]))

    def lock(self, session: Session, *, idle: bool) -> None:
        """Records that the desk was locked, by key or by idleness."""
        with self._store.unit_of_work() as work:
            work.audit(session.user_id, "locked_idle" if idle else "locked", session.user_id)
            work.commit()

    def _refuse_held(self, user: dict[str, Any] | None) -> None:
        until = user["locked_until"] if user is not None else None
        if until and from_iso(until) > self._clock():
            raise self._held(until)

    def _held(self, until: str) -> Refused:
        return Refused(
            "sign_in_held",
            "There were too many wrong passwords for this name.",
            phrase(
                "Try again after {time}, or ask a supervisor to sign in.",
                time=f"{from_iso(until).astimezone(self._zone):%H:%M}",
            ),
            field="password",
        )

    def _find(self, work: Store, login: str) -> dict[str, Any] | None:
        found = work.find("local_user", login=login.strip().casefold())
        return found[0] if found else None

    def _count_failure(self, work: UnitOfWork, user: dict[str, Any] | None) -> None:
        if user is not None:
            failures = user["failures"] + 1
            held = held_until(failures, self._clock())
            work.swap_local(
                "local_user",
                user["id"],
                {},
                {"failures": failures, "locked_until": None if held is None else iso(held)},
            )
        work.audit(user["id"] if user else "unknown", "sign_in_refused", None)
        work.commit()


class Accounts:
    """Makes accounts; only IT and the automation user may."""

    def __init__(self, store: StoreGateway, session: Session) -> None:
        self._store = store
        self._session = session

    def create(self, login: str, name: str, role: Role, password: str) -> str:
        """The id of the new account. Raises Refused ``login_taken``, ``password_short``."""
        self._session.require(Permission.MANAGE_USERS)
        if len(password) < SHORTEST_PASSWORD:
            raise NotUnderstood(
                "password_short",
                phrase("The password has fewer than {n} characters.", n=SHORTEST_PASSWORD),
                "Use a longer one; a sentence is easy to remember.",
                field="password",
            )
        with self._store.unit_of_work() as work:
            if work.find("local_user", login=login.strip().casefold()):
                raise Refused(
                    "login_taken", "There is an account of this name.", "Choose another name."
                )
            user_id = put_account(work, login, name, role, hash_password(password))
            work.audit(self._session.user_id, "account_created", user_id)
            work.commit()
        return user_id


class ChartAudit:
    """Writes the opening of a chart before it is shown, and a search once it has settled."""

    def __init__(self, store: StoreGateway, session: Session) -> None:
        self._store = store
        self._session = session

    def opened(self, person_id: str, purpose: str = "registration") -> None:
        """Must return before anything of the chart is shown (design section 3)."""
        self._session.require(Permission.OPEN_CHART)
        self._write("chart_opened", person_id, {"purpose": purpose})

    def searched(self, query_hash: str, results: int) -> None:
        """A settled search: a hash of the normalised query and the number of results, no text."""
        self._session.require(Permission.SEARCH)
        self._write("searched", None, {"query": query_hash, "results": results})

    def printed(self, subject: str, what: str) -> None:
        """Something about ``subject`` was printed or exported."""
        self._session.require(Permission.OPEN_CHART)
        self._write("printed", subject, {"paper": what})

    def _write(self, what: str, subject: str | None, detail: dict[str, Any]) -> None:
        with self._store.unit_of_work() as work:
            work.audit(self._session.user_id, what, subject, detail)
            work.commit()


def hash_password(password: str) -> str:
    """The argon2id hash of a password, about 0.2 s of work on purpose."""
    return _HASHER.hash(password)


def put_account(work: UnitOfWork, login: str, name: str, role: Role, password_hash: str) -> str:
    """Writes an account row; the callers check who may."""
    user_id = new_id()
    work.put_local(
        "local_user",
        user_id,
        {
            "login": login.strip().casefold(),
            "name": name,
            "role": role.value,
            "password_hash": password_hash,
            "failures": 0,
            "locked_until": None,
            "active": 1,
        },
    )
    return user_id


def _matches(user: dict[str, Any] | None, password: str) -> bool:
    if user is None:
        _HASHER.hash(password)  # an unknown login costs the same time as a known one
        return False
    try:
        return _HASHER.verify(user["password_hash"], password)
    except VerifyMismatchError:
        return False
