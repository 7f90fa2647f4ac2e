"""Patients' data never cross a network in the clear."""

from __future__ import annotations

import pytest

from db.engine import _never_in_clear

TLS = {"sslmode": "require"}


@pytest.mark.parametrize(
    ("dsn", "more"),
    [
        ("postgresql://u:p@db.example/portico", TLS),
        ("postgresql://u:p@10.1.2.3:5432/portico?sslmode=prefer", TLS),
        ("postgresql://u:p@db.example/portico?sslmode=disable", TLS),
        ("host=localhost,db.example dbname=portico", TLS),
        ("postgresql://u:p@db.example/portico?sslmode=verify-full", {}),
        ("postgresql://u:p@127.0.0.1:5432/portico", {}),
        ("host=/var/run/postgresql dbname=portico", {}),
        ("dbname=portico", {}),
    ],
)
def test_a_line_out_of_this_machine_is_encrypted(
    monkeypatch: pytest.MonkeyPatch, dsn: str, more: dict[str, str]
) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    assert _never_in_clear(dsn) == more


def test_a_host_from_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    assert _never_in_clear("dbname=portico") == TLS
