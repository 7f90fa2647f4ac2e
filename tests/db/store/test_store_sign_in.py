"""Accounts in a real store: right and wrong passwords, holds, and what the audit keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from db.store import SqlStore
from workstation.access.desk import make_desk, read_desk, service_session
from workstation.access.model import Permission, Role, Session
from workstation.access.use_cases import Accounts, ChartAudit, SignIn
from workstation.facility.model import Facility
from workstation.kernel.errors import NotPermitted, NotUnderstood, Refused

PASSWORD = "a sentence is easy"


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
        make_desk(store, "desk", Facility("f1", "Mercy"))
        self.accounts = Accounts(store, service_session(store.read()))
        self.access = SignIn(store, lambda: self.now)

    def refused(self, login: str, password: str) -> str:
        with pytest.raises(Refused) as refusal:
            self.access.sign_in(login, password)
        assert password not in refusal.value.say + refusal.value.do
        return refusal.value.code

    def trail(self) -> list[str]:
        return [entry["what"] for entry in self.store.audit_entries()]


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    made = Desk(store_at("desk"))
    made.accounts.create("Ilse", "Ilse Quenby", Role.REGISTRAR, PASSWORD)
    return made


def test_a_name_in_any_case_and_the_right_password(desk: Desk) -> None:
    session = desk.access.sign_in("  ILSE ", PASSWORD)
    assert (session.login, session.name, session.role) == ("ilse", "Ilse Quenby", Role.REGISTRAR)
    assert desk.trail()[-1] == "signed_in"


def test_wrong_and_unknown_sound_the_same(desk: Desk) -> None:
    assert desk.refused("ilse", "not this one") == "sign_in_wrong"
    assert desk.refused("nobody", "not this one") == "sign_in_wrong"
    assert desk.trail()[-2:] == ["sign_in_refused", "sign_in_refused"]


def test_five_tries_hold_the_name_for_longer_and_longer(desk: Desk) -> None:
    for _ in range(5):
        assert desk.refused("ilse", "not this one") == "sign_in_wrong"
    assert desk.refused("ilse", PASSWORD) == "sign_in_held"
    desk.now += timedelta(seconds=61)
    assert desk.refused("ilse", "not this one") == "sign_in_wrong"
    desk.now += timedelta(seconds=61)
    assert desk.refused("ilse", PASSWORD) == "sign_in_held"
    desk.now += timedelta(seconds=60)
    assert desk.access.sign_in("ilse", PASSWORD).login == "ilse"
    for _ in range(4):
        assert desk.refused("ilse", "not this one") == "sign_in_wrong"
    assert desk.access.sign_in("ilse", PASSWORD).login == "ilse"


def test_a_password_is_kept_as_argon2id_alone(desk: Desk) -> None:
    [row] = desk.store.read().find("local_user", login="ilse")
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(row)


def test_short_passwords_and_taken_names_are_refused(desk: Desk) -> None:
    with pytest.raises(NotUnderstood, match="password_short"):
        desk.accounts.create("other", "Other", Role.REGISTRAR, "short")
    with pytest.raises(Refused, match="login_taken"):
        desk.accounts.create("ILSE", "Other", Role.REGISTRAR, PASSWORD)


def test_a_registrar_makes_no_accounts(desk: Desk) -> None:
    session = desk.access.sign_in("ilse", PASSWORD)
    with pytest.raises(NotPermitted):
        Accounts(desk.store, session).create("other", "Other", Role.IT, PASSWORD)
    assert desk.store.read().find("local_user", login="other") == []


def test_the_service_user_does_everything_and_signs_in_never(desk: Desk) -> None:
    session = service_session(desk.store.read())
    assert all(session.may(permission) for permission in Permission)
    assert desk.refused(session.login, "anything at all") == "sign_in_wrong"


def test_a_chart_opened_and_a_search_are_in_the_audit_without_words(desk: Desk) -> None:
    session = Session("u1", "ilse", "Ilse", Role.REGISTRAR)
    charts = ChartAudit(desk.store, session)
    charts.opened("person-1")
    charts.searched("0" * 64, 3)
    opened, searched = desk.store.audit_entries()[-2:]
    assert (opened["what"], opened["subject"]) == ("chart_opened", "person-1")
    assert (searched["subject"], searched["detail"]) == (None, {"query": "0" * 64, "results": 3})


def test_a_store_is_made_into_a_desk_once(desk: Desk) -> None:
    before = read_desk(desk.store.read())
    with pytest.raises(Refused, match="already_made"):
        make_desk(desk.store, "another", Facility("f2", "Elsewhere"))
    assert read_desk(desk.store.read()) == before
