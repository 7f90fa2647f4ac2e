"""Bad input on the command line: a plain sentence, the right exit code, no traceback."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from portico_home import Home

from workstation.cli.entry import main

GOOD_PERSON = '{"id": "1", "last": "Ames", "first": "Ann", "dob": "1985-03-03"}\n'
FILES = {
    "empty": b"",
    "noise": bytes(range(256)) * 20,
    "web-page": b"<!DOCTYPE html><html>busy</html>",
    "deep": b"[" * 100_000,
    "a-number": b"5",
    "utf-16": '{"last": "Ames"}'.encode("utf-16"),
    "half-a-pair": b'{"id": "1", "last": "\\ud800", "first": "Ann", "dob": "1985-03-03"}\n',
    "emoji": '{"\U0001f600": "\U0001f600"}'.encode(),
    "wrong-types": b'{"payers": {}, "visit_date": 5, "a": [], "b": 5, "last": [], "dob": {}}',
    "huge-number": b'{"payers": [{"kind": "commercial", "ded_ind_rem": ' + b"9" * 5000 + b"}]}",
}
COMMANDS = {
    "estimate": ("estimate", "FILE"),
    "msp": ("msp", "FILE"),
    "pairs": ("pairs", "FILE"),
    "x12": ("x12", "read", "FILE"),
    "benefits": ("benefits", "FILE"),
    "licence": ("licence", "--payload", "FILE"),
    "match": ("match", "FILE", "--against", "GOOD"),
    "population": ("match", "GOOD", "--against", "FILE"),
    "search": ("search", "--batch", "FILE", "--against", "GOOD"),
}


@pytest.fixture(autouse=True)
def own_mask() -> Iterator[None]:
    """The program makes its files private; this process gets its own mask back."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    """Exit code, output and words of ``portico``; whatever it raises but an exit is a fault."""
    monkeypatch.setattr(sys, "argv", ["portico", *words])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, said.out, said.err


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_understood_is_told(
    command: str,
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, good = tmp_path / file, tmp_path / "good"
    bad.write_bytes(FILES[file])
    good.write_text(GOOD_PERSON)
    names = {"FILE": str(bad), "GOOD": str(good)}
    words = [names.get(word, word) for word in COMMANDS[command]]
    code, out, err = answer(monkeypatch, capsys, *words)
    assert code in (0, 3)
    answers = [json.loads(line) for line in out.splitlines()]
    if code == 3:
        assert err.strip() or any("error" in each for each in answers)
        assert len(err) < 600
    if command in ("estimate", "msp"):
        assert code == 3


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("what", ["nothing", "folder"])
def test_a_file_that_is_not_there_is_told(
    command: str,
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = tmp_path / "good"
    good.write_text(GOOD_PERSON)
    gone = tmp_path if what == "folder" else tmp_path / "gone"
    words = [{"FILE": str(gone), "GOOD": str(good)}.get(w, w) for w in COMMANDS[command]]
    code, out, err = answer(monkeypatch, capsys, *words)
    assert code in (2, 3)
    assert err.strip() or '"error"' in out


def test_no_word_of_a_dsn_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTICO_ADMIN_DSN", "hospital:s3cret@server")
    for words in (("shared", "init"), ("shared", "enrol", "d", "--facility", "F")):
        code, out, err = answer(monkeypatch, capsys, *words)
        assert (code, out) == (3, "")
        assert "postgresql://user:password@host/database" in err
        assert "s3cret" not in err


def test_a_tour_that_cannot_write_says_so_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = answer(monkeypatch, capsys, "tour", str(tmp_path / "file" / "pictures"))
    assert code == 3
    assert "where you may write" in err


CHECKS = [
    "key store", "store", "disk", "time zone", "window", "card reader", "opencv", "zbar", "camera",
    "scanner", "printers", "e-mail", "shared database", "clearinghouse", "card terminal",
]  # fmt: skip


def test_the_doctor_says_what_is_so(tmp_path: Path) -> None:
    home = Home(tmp_path).init()
    home.environment |= {
        "PORTICO_SHARED_DSN": "postgresql://x:y@127.0.0.1:1/z",
        "PORTICO_CORE_URL": "http://127.0.0.1:1/",
    }
    done = home.run("doctor")
    told = json.loads(done.stdout)
    states = {check["name"]: check["state"] for check in told["checks"]}
    assert list(states) == CHECKS
    assert (done.returncode, told["ok"]) == (0, True), done.stderr
    assert {states[name] for name in ("store", "disk", "window", "card reader")} == {"works"}
    for silent in ("shared database", "clearinghouse"):
        assert states[silent] == "off"
        assert "does not answer" in done.stderr.split(f"{silent}: ")[1].splitlines()[0]
    assert states["card terminal"] == "off"
    once = home.run("sync", "once")
    assert (once.returncode, json.loads(once.stdout)["connected"]) == (4, False)
    assert "what waits here is sent later" in once.stderr
    home.key.write_text("0" * 64)
    done = home.run("doctor")
    assert done.returncode == 5
    assert "missing  store: The key does not open" in done.stderr
