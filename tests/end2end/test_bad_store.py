"""Bad days of a store, with real processes: each gets a clear sentence, and nothing is lost."""

from __future__ import annotations

import json
import os
import resource
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from portico_home import PORTICO, Home, a_payment, a_person


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).init()


def words_of(done: subprocess.CompletedProcess[str]) -> str:
    """The words of a refusal: one plain line, no traceback, nothing on standard output."""
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def sql(home: Home, *statements: str) -> list[Any]:
    """Statements on the store itself, with its key."""
    connection = sqlcipher.connect(str(home.folder / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{home.key.read_text()}'\"")
    rows: list[Any] = []
    for statement in statements:
        rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


def test_a_folder_without_a_store(tmp_path: Path) -> None:
    assert "portico init" in words_of(Home(tmp_path).run("export", "people"))


def test_a_wrong_key(home: Home) -> None:
    assert home.do(a_person("p"))[0] == 0
    right = home.key.read_text()
    home.key.write_text(secrets.token_hex(32))
    for command in (["export", "people"], ["audit", "verify"], ["init", "--facility", "Mercy"]):
        assert "key does not open" in words_of(home.run(*command))
    home.key.write_text("not a key")
    assert "256-bit" in words_of(home.run("export", "people"))
    home.key.unlink()
    assert "recovery copy" in words_of(home.run("export", "people"))
    assert not home.key.exists()
    home.key.write_text(right)
    home.key.chmod(0o600)
    assert [person["last"] for person in home.export("people")] == ["Quenby"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_key_that_others_may_read(home: Home) -> None:
    home.key.chmod(stat.S_IRUSR | stat.S_IRGRP)
    assert "chmod 600" in words_of(home.run("export", "people"))


def test_a_store_of_a_newer_version(home: Home) -> None:
    sql(home, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer Portico" in words_of(home.run("export", "people"))
    assert sql(home, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_store_that_is_made_already(home: Home) -> None:
    assert "store already" in words_of(home.run("init", "--facility", "Mercy General"))


def test_a_full_disk(home: Home) -> None:
    """A limit on file sizes stands for the disk: nothing can grow beyond what there is."""
    assert home.do(a_person("before"))[0] == 0
    largest = max(file.stat().st_size for file in home.folder.glob("store.db*"))
    more = [a_person(f"k{n}", f"Quenby{chr(97 + n)}") for n in range(20)]

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 8192, largest + 8192))

    code, answers, words = home.do(*more, preexec_fn=little_room)
    assert "Traceback" not in words
    refused = [answer for answer in answers if not answer["ok"]]
    assert refused
    assert code in (0, 3)
    assert {answer["error"]["code"] for answer in refused} == {"disk_full"}
    kept = {answer["person_id"] for answer in answers if answer["ok"]}
    assert len(home.export("people")) == 1 + len(kept)
    code, answers, _ = home.do(*more)
    assert code == 0
    assert all(answer["ok"] for answer in answers)
    assert len(home.export("people")) == 21
    assert home.run("audit", "verify").returncode == 0


def test_names_as_people_have_them(home: Home) -> None:
    names = [
        "O'Brien",
        "Zoë \U0001f600",
        "x" * 200,
        "AND",
        "Núñez-Ortiz",
        '"; DROP TABLE person; --',
        "%",
        "李",
    ]
    code, answers, _ = home.do(*(a_person(str(n), name) for n, name in enumerate(names)))
    assert code == 0
    assert all(answer["ok"] or answer["error"]["do"] for answer in answers)
    taken = [name for name, answer in zip(names, answers, strict=True) if answer["ok"]]
    assert {"O'Brien", "x" * 200, "AND", "Núñez-Ortiz"} <= set(taken)
    assert [person["last"] for person in home.export("people")] == taken
    queries = home.folder / "queries"
    queries.write_text("obrien\nAND\nnunez\n", "utf-8")
    found = home.run("search", "--store", "--batch", queries)
    hits = [json.loads(line)["hits"] for line in found.stdout.splitlines()]
    assert [len(each) > 0 for each in hits] == [True, True, True], found.stderr


def test_a_birth_date_in_the_future(home: Home) -> None:
    code, [answer], _ = home.do(a_person("p", dob="2999-01-01"))
    assert (code, answer["ok"]) == (0, False)
    assert answer["error"]["code"] == "dob_in_future"
    assert answer["error"]["do"]
    assert home.export("people") == []


def test_a_repeated_key_answers_the_same_and_does_nothing_twice(home: Home) -> None:
    bad = a_person("bad", dob="2999-01-01")
    _, [first, refused], _ = home.do(a_person("p"), bad)
    pay = a_payment("pay", first["person_id"])
    _, again, _ = home.do(a_person("p", "Other"), {**bad, "person": {"last": "Now good"}}, pay, pay)
    assert again[:2] == [first, refused]
    assert again[2] == again[3]
    assert [person["last"] for person in home.export("people")] == ["Quenby"]
    assert len(home.export("payments")) == 1


def test_lines_that_are_no_commands(home: Home) -> None:
    file = home.folder / "lines"
    file.write_text('nonsense\n{"command": "x"}\n{"key": "a", "command": "fly"}\n[]\n\n', "utf-8")
    done = home.run("do", file)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [answer["ok"] for answer in answers] == [False] * 4
    assert all(answer["error"]["say"] and answer["error"]["do"] for answer in answers)


def test_two_processes_at_once(home: Home) -> None:
    _, [someone], _ = home.do(a_person("p"))
    person = someone["person_id"]
    children = [
        home.start_do([a_payment(f"{who}{n}", person) for n in range(25)]) for who in ("a", "b")
    ]
    numbers = []
    for child in children:
        out, words = child.communicate(timeout=60)
        assert (child.returncode, words) == (0, "")
        numbers += [json.loads(line)["receipt_no"] for line in out.splitlines()]
    assert len(set(numbers)) == 50
    [(outbox,)] = sql(home, "SELECT count(*) FROM outbox WHERE seq = (SELECT count(*) FROM outbox)")
    assert outbox == 1
    [(receipts,)] = sql(home, "SELECT last FROM number WHERE series LIKE 'receipt%'")
    assert receipts == 50
    assert home.run("audit", "verify").returncode == 0


def test_the_same_keys_in_two_processes_at_once(home: Home) -> None:
    _, [someone], _ = home.do(a_person("p"))
    same = [a_payment(f"k{n}", someone["person_id"]) for n in range(15)]
    children = [home.start_do(same) for _ in range(2)]
    outs = [child.communicate(timeout=60) for child in children]
    assert [words for _, words in outs] == ["", ""]
    assert outs[0][0] == outs[1][0]
    assert len(home.export("payments")) == 15


@pytest.mark.parametrize("after", [1, 4, 9])
def test_killed_between_answers(home: Home, after: int) -> None:
    """What was answered is there, nothing is there by half, and all of it can be done again."""
    _, [someone], _ = home.do(a_person("p"))
    commands = [a_payment(f"k{n}", someone["person_id"]) for n in range(40)]
    child = home.start_do(commands)
    assert child.stdout is not None
    assert child.stderr is not None
    seen = [json.loads(child.stdout.readline()) for _ in range(after)]
    child.kill()
    seen += [json.loads(line) for line in child.stdout.read().splitlines() if line.endswith("}")]
    child.wait()
    child.stdout.close()
    child.stderr.close()
    kept = {payment["payment_id"] for payment in home.export("payments")}
    assert {answer["payment_id"] for answer in seen} <= kept
    assert len(kept) <= len(seen) + 1
    assert home.run("audit", "verify").returncode == 0
    _, again, _ = home.do(*commands)
    assert again[: len(seen)] == seen
    assert len(home.export("payments")) == 40


_KILLED_INSIDE = """
import os, signal, sys
from pathlib import Path
from db.store import SqlStore
import db.declared
from workstation.kernel.commands import Command, Insert
from workstation.kernel.clock import utc_now
from sqlalchemy import event
store = SqlStore(Path(sys.argv[1]), Path(sys.argv[2]).read_text())
left = int(sys.argv[3])
def die(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(store.write_engine, "before_cursor_execute", die)
event.listen(store.write_engine, "commit", die)
item = {"kind": "card", "about_id": "x", "opened_at": "2026", "state": "open"}
with store.unit_of_work() as work:
    for n in range(2):
        changes = tuple(Insert("work_item", f"{n}{m}", item) for m in range(2))
        work.record(Command(f"c{n}", "test", "u", utc_now(), "f", changes, key=f"k{n}"))
    work.commit()
"""


def test_killed_between_the_statements_of_a_transaction(home: Home) -> None:
    store = home.folder / "store.db"
    tables = ("work_item", "outbox", "answer")
    for statements in range(0, 24):
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_INSIDE, store, home.key, str(statements)], cwd=_ROOT
        )
        counts = [sql(home, f"SELECT count(*) FROM {table}")[0][0] for table in tables]  # noqa: S608
        if done.returncode == 0:
            assert counts == [4, 2, 2]
            break
        assert counts == [0, 0, 0], statements
    else:
        pytest.fail("the child never lived to its end")
    assert statements > 8
    assert home.run("audit", "verify").returncode == 0


_ROOT = PORTICO.parents[2]
