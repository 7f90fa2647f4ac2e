"""The throw-away PostgreSQL starts from wherever the checkout lies and whatever the umask is."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from db import postgres_server
from db.postgres_server import PostgresServer


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)  # as the command line sets it
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_programs_are_in_reach_of_the_user_that_runs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_server, "_open_to_all", lambda folder: False)  # as under /root
    with PostgresServer() as server, psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
