"""The contract's commands against a real PostgreSQL, each desk in a home of its own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from command_line_home import Home

from db.gateway.own_server import OwnSharedDatabase
from db.gateway.service import ApplierService
from workstation.access.audit import Anchor
from workstation.access.printed_seal import printed


def _home(folder: Path, name: str, admin_dsn: str) -> Home:
    home = Home(folder, name, admin_dsn)
    assert home.run("init", "--facility", "Mercy General")[0] == 0
    code, [enrolled] = home.run("shared", "enrol", name, "--facility", "Mercy General")
    assert code == 0
    home.environment["PORTICO_SHARED_DSN"] = enrolled["dsn"]
    return home


def test_the_worked_example_by_command_line(tmp_path: Path, admin_dsn: str) -> None:
    a, b = (_home(tmp_path, name, admin_dsn) for name in ("desk-A", "desk-B"))
    person = {"last": "Ames", "first": "Ann", "dob": "1985-03-03"}
    applier = ApplierService(admin_dsn, poll_seconds=0.02)
    applier.start()
    try:
        known = a.do(key="1", command="register_patient", person=person, decision=None)
        _, [before] = a.run("sync", "status")
        assert (before["outbox"], before["cursor"], before["connected"]) == (1, 0, True)
        after = a.sync()
        assert (after["outbox"], after["cursor"], after["conflicts"]) == (0, 1, 0)
        b.sync()
        revise = {
            "command": "revise_demographics",
            "person_id": known["person_id"],
            "base": {"dob": "1985-03-03"},
        }
        a.do(key="2", **revise, set={"dob": "1985-03-04"})
        b.do(key="3", **revise, set={"dob": "1985-05-03"})
        a.sync()
        assert b.sync()["conflicts"] == 1
        assert a.sync()["conflicts"] == 1
        [conflict] = a.export("conflicts")
        assert b.export("conflicts") == [conflict]
        assert conflict["waits_from"] == "desk-B"
        assert [row["dob"] for row in (*a.export("people"), *b.export("people"))] == [
            "1985-03-04",
            "1985-03-04",
        ]
        settled = {"conflict_id": conflict["conflict_id"], "take": "mine"}
        assert a.do(key="4", command="resolve_conflict", **settled)["revision"] == 3
        a.sync()
        assert b.sync()["conflicts"] == 0
        assert [row["dob"] for row in b.export("people")] == ["1985-05-03"]
        assert a.run("shared", "expire") == (0, [{"expired": 0}])
    finally:
        applier.stop()


def test_a_whole_database_of_its_own_comes_and_goes(tmp_path: Path) -> None:
    with OwnSharedDatabase() as own:
        a = _home(tmp_path, "desk-A", own.admin_dsn)
        a.do(key="1", command="register_patient", person={"last": "Ames"}, decision=None)
        assert a.sync()["outbox"] == 0
        own.cut()
        a.do(key="2", command="register_patient", person={"last": "Byrd"}, decision=None)
        code, [status] = a.run("sync", "once")
        assert (code, status["connected"], status["outbox"]) == (4, False, 1)
        own.mend()
        assert a.sync()["outbox"] == 0


def test_a_desk_without_a_shared_database_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path, "alone", "")
    assert home.run("init", "--facility", "Mercy General")[0] == 0
    code, [status] = home.run("sync", "status")
    assert (code, status["connected"]) == (0, False)
    with pytest.raises(Exception, match="no_shared_database"):
        home.run("sync", "once")


def test_the_audit_trail_by_command_line(tmp_path: Path, admin_dsn: str) -> None:
    """At the desk and at the server: what is whole exits 0, what was tampered with exits 5."""
    home = _home(tmp_path, "desk-A", admin_dsn)
    applier = ApplierService(admin_dsn, poll_seconds=0.02, seal_seconds=0.05)
    applier.start()
    try:
        home.do(key="1", command="register_patient", person={"last": "Ames"}, decision=None)
        home.sync()
    finally:
        applier.stop()
    code, [whole] = home.run("audit", "verify")
    assert (code, whole["ok"], whole["entries"], whole["shared"]) == (0, True, 2, "compared")
    head = home.export("audit")[-1]
    seal = printed(Anchor(2, head["hash"]))
    assert home.run("audit", "verify", "--printed", seal.lower())[0] == 0
    forged = printed(Anchor(2, "0" * 64))
    code, [told] = home.run("audit", "verify", "--printed", forged)
    assert (code, told["ok"], told["first_bad"]) == (5, False, 2)
    code, [server] = home.run("shared", "audit", "verify")
    assert (code, server["ok"], server["facilities"][0]["entries"]) == (0, True, 2)
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("UPDATE audit_entry SET body = body || ' ' WHERE n = 2")
    code, [server] = home.run("shared", "audit", "verify")
    assert (code, server["ok"]) == (5, False)
    assert [desk["first_bad"] for desk in server["facilities"][0]["desks"]] == [2]
    held = ("--facility", "Mercy General", "--reason", "matter 12")
    assert home.run("shared", "audit", "hold", *held)[1][0]["held"] is True
    assert home.run("shared", "audit", "expire")[1][0]["held"] == ["Mercy General"]
    assert home.run("shared", "audit", "release", *held[:2])[1][0]["lifted"] == 1
