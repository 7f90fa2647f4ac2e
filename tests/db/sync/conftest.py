"""An applier at work, and two desks that know one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from running_gateway import Certificates, RunningGateway
from two_desks import person, register, rounds

from db.gateway.service import ApplierService
from db.shared.admin import enrol_desk


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Of every gateway of this session."""
    return Certificates(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def gateway(admin_dsn: str, certificates: Certificates) -> Iterator[RunningGateway]:
    """A gateway to the shared database of this test."""
    with RunningGateway(admin_dsn, certificates) as running:
        yield running


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    """``direct``, and ``gateway`` in a test that is marked ``both_ways``."""
    return str(getattr(request, "param", "direct"))


@pytest.fixture
def enrol(way: str, admin_dsn: str, request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """Enrols a desk to go that way."""
    if way == "gateway":
        running: RunningGateway = request.getfixturevalue("gateway")
        return running.enrol
    return lambda name, facility: enrol_desk(admin_dsn, name, facility).dsn


@pytest.fixture
def applier(admin_dsn: str) -> Iterator[ApplierService]:
    """The applier, at work."""
    service = ApplierService(admin_dsn, poll_seconds=0.02, retry_seconds=0.1)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def desks(make_enrolled: Any, applier: ApplierService) -> tuple[Any, Any, str]:
    """Desks A and B, and a person that both know."""
    a, b = make_enrolled("desk-A"), make_enrolled("desk-B")
    person_id = register(a)
    rounds(a, b)
    assert person(b, person_id)["dob"] == "1985-03-03"
    return a, b, person_id
