"""Patients' data never cross a network in the clear."""

from __future__ import annotations

import psycopg
import pytest

from db.engine import _never_in_clear, _where_writes_go
from db.shared.admin import enrol_desk
from db.sync.postgres_transport import shared_faults
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused

TLS = {"sslmode": "require"}


@pytest.mark.parametrize(
    ("dsn", "more"),
    [
        ("postgresql://u:p@db.example/portico", TLS),
        ("postgresql://u:p@10.1.2.3:5432/portico?sslmode=prefer", TLS),
        ("postgresql://u:p@db.example/portico?sslmode=disable", TLS),
        ("host=localhost,db.example dbname=portico", TLS),
        ("postgresql://u:p@db.example/portico?sslmode=verify-full", {}),
        ("postgresql://u:p@db.example/portico?sslrootcert=/ca.pem", {"sslmode": "verify-full"}),
        ("host=localhost hostaddr=10.1.2.3 dbname=portico", TLS),
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


@pytest.mark.parametrize(
    ("dsn", "more"),
    [
        ("postgresql://u:p@one,two/portico", {"target_session_attrs": "read-write"}),
        ("host=127.0.0.1 port=5001,5002", {"target_session_attrs": "read-write"}),
        ("postgresql://u:p@one,two/portico?target_session_attrs=prefer-standby", {}),
        ("postgresql://u:p@one/portico", {}),
    ],
)
def test_of_several_hosts_the_primary_is_meant(dsn: str, more: dict[str, str]) -> None:
    assert _where_writes_go(dsn) == more


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('FATAL:  password authentication failed for user "d"', "desk_not_accepted"),
        (
            "connection refused\n- host: 'a': FATAL: password authentication failed\n"
            "- host: 'b': session is read-only",
            "shared_database_silent",
        ),
        ("SSL error: certificate verify failed", "server_not_proven"),
        ("FATAL:  connection requires a valid client certificate", "desk_not_proven"),
        ("connection refused", "shared_database_silent"),
    ],
)
def test_what_servers_say_at_the_door_is_understood(said: str, code: str) -> None:
    with pytest.raises(PorticoError) as told, shared_faults():
        raise psycopg.OperationalError(said)
    assert told.value.code == code


def test_a_primary_that_became_a_standby_is_only_silent() -> None:
    with pytest.raises(OutsideSilent), shared_faults():
        raise psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT")


def test_a_desk_is_never_given_a_way_to_a_server_that_need_not_prove_itself() -> None:
    with pytest.raises(Refused) as told:
        enrol_desk("postgresql://u:p@db.example/portico?sslmode=require", "desk", "Mercy")
    assert told.value.code == "server_unproven"
