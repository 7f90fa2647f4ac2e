"""The role matrix cell by cell, and how sign-in is held back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workstation.access.model import GRANTS, Permission, Role, Session
from workstation.access.rules import FREE_FAILURES, held_until
from workstation.kernel.errors import NotPermitted

NOW = datetime(2026, 11, 23, tzinfo=UTC)

SUPERVISOR_ONLY = {Permission.REFUND, Permission.MERGE, Permission.RESOLVE_CONFLICT}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_what_is_not_granted_is_denied(role: Role, permission: Permission) -> None:
    session = Session("u", "login", "Name", role)
    if permission in GRANTS[role]:
        session.require(permission)
    else:
        with pytest.raises(NotPermitted):
            session.require(permission)


def test_every_role_has_a_row() -> None:
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("permission", sorted(SUPERVISOR_ONLY))
def test_a_registrar_may_not_do_a_supervisors_work(permission: Permission) -> None:
    assert permission not in GRANTS[Role.REGISTRAR]
    assert permission in GRANTS[Role.SUPERVISOR]


def test_the_kiosk_and_it_see_no_money() -> None:
    for role in (Role.KIOSK, Role.IT):
        assert Permission.TAKE_PAYMENT not in GRANTS[role]
        assert Permission.OPEN_CHART not in GRANTS[role]


def test_five_wrong_passwords_cost_a_minute_doubling_to_fifteen() -> None:
    assert held_until(FREE_FAILURES - 1, NOW) is None
    holds = [held_until(FREE_FAILURES + n, NOW) for n in range(6)]
    minutes = [(until - NOW) / timedelta(minutes=1) for until in holds if until]
    assert minutes == [1, 2, 4, 8, 15, 15]
