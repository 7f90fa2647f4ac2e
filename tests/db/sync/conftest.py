"""An applier at work, and two desks that know one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from two_desks import person, register, rounds

from db.gateway.service import ApplierService


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
