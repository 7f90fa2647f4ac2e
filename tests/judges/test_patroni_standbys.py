"""A new desk fills its store from a standby of a real cluster, unless that is behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desks_at_work import BusyDesk
from patroni_cluster import PatroniCluster
from sqlalchemy import text

from db.gateway.service import ApplierService
from db.shared.admin import enrol_desk, prepare_shared
from db.sync.postgres_transport import DeskDatabase


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each page of a fill, whether it was read at a standby."""
    found: list[bool] = []
    page = DeskDatabase._page

    def noted(self: DeskDatabase, connection: Any, after: Any) -> Any:
        found.append(bool(connection.execute(text("SELECT pg_is_in_recovery()")).scalar()))
        return page(self, connection, after)

    monkeypatch.setattr(DeskDatabase, "_page", noted)
    return found


@pytest.fixture
def cluster() -> Iterator[PatroniCluster]:
    """With the shared database and an applier."""
    with PatroniCluster() as running:
        prepare_shared(running.dsn())
        service = ApplierService(running.dsn(), poll_seconds=0.05)
        service.start()
        yield running
        service.stop()


def test_a_fill_is_read_at_a_standby_that_is_not_behind(
    cluster: PatroniCluster, asked: list[bool], tmp_path: Any
) -> None:
    def desk(name: str) -> BusyDesk:
        dsn = enrol_desk(cluster.dsn(), name, "Mercy").dsn
        return BusyDesk(tmp_path, name, "Mercy", dsn, seed=len(name))

    first = desk("first")
    for _ in range(20):
        first.work()
    cluster.wait(first.quiet, "quiet")
    asked.clear()

    second = desk("second")
    cluster.wait(lambda: second.quiet() and second.digest() == first.digest(), "the same")
    assert asked
    assert all(asked), "the standby was there and in step"

    _lag(cluster, behind=True)
    for _ in range(5):
        first.work()
    cluster.wait(first.quiet, "quiet")
    asked.clear()
    third = desk("third")
    cluster.wait(lambda: third.quiet() and third.digest() == first.digest(), "the same")
    assert asked
    assert not any(asked), "a standby that is behind was read"
    _lag(cluster, behind=False)
    for each in (first, second, third):
        each.stop()


def _lag(cluster: PatroniCluster, *, behind: bool) -> None:
    primary = cluster.primary()
    for node in cluster.nodes.values():
        if node is not primary:
            cluster.lag(node, behind=behind)
