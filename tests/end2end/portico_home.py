"""A workstation of its own for tests of the real program: ``Home(folder).do(...)``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PORTICO = Path(sys.executable).with_name("portico")

_MADE: dict[Path, tuple[bytes, int]] = {}
"""The files of a workstation that was made, and their modes."""


class Home:
    """One home folder with its key, and the program run on it."""

    def __init__(self, folder: Path) -> None:
        self._base = folder
        self.folder = folder / "home"
        self.key = folder / "key"
        self._lines = folder / "commands.jsonl"
        self.environment = dict(
            os.environ,
            PORTICO_HOME=str(self.folder),
            PORTICO_KEY_FILE=str(self.key),
            PORTICO_WORKSTATION="desk-A",
        )
        self.environment.pop("PORTICO_SHARED_DSN", None)

    def run(self, *words: str | Path, **how: Any) -> subprocess.CompletedProcess[str]:
        """Runs ``portico`` to its end."""
        return subprocess.run(
            [PORTICO, *words], env=self.environment, capture_output=True, text=True, **how
        )

    def start_python(self, script: str, *words: str | Path) -> subprocess.Popen[str]:
        """Starts a program of Python in this home; what it prints can be read as it comes."""
        return subprocess.Popen(
            [sys.executable, "-c", script, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def init(self) -> Home:
        """Makes the workstation: a copy of one that ``portico init`` made before."""
        if not _MADE:
            assert self.run("init", "--facility", "Mercy General").returncode == 0
            made = (self.key, *(file for file in self.folder.rglob("*") if file.is_file()))
            _MADE.update(
                {f.relative_to(self._base): (f.read_bytes(), f.stat().st_mode) for f in made}
            )
            return self
        for name, (content, mode) in _MADE.items():
            file = self._base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(mode)
        return self

    def start_do(self, commands: Iterable[Mapping[str, Any]], **how: Any) -> subprocess.Popen[str]:
        """Starts ``portico do`` on a file of these commands."""
        self._lines = self._lines.with_name(f"{len(list(self._lines.parent.iterdir()))}.jsonl")
        self._lines.write_text("".join(json.dumps(each) + "\n" for each in commands), "utf-8")
        return subprocess.Popen(
            [PORTICO, "do", self._lines],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **how,
        )

    def do(self, *commands: Mapping[str, Any], **how: Any) -> tuple[int, list[dict[str, Any]], str]:
        """Exit code, answers and words of ``portico do``."""
        with self.start_do(commands, **how) as child:
            out, words = child.communicate(timeout=60)
            return child.returncode, [json.loads(line) for line in out.splitlines()], words

    def export(self, what: str) -> list[dict[str, Any]]:
        """``portico export``."""
        return [json.loads(line) for line in self.run("export", what).stdout.splitlines()]


def a_person(key: str, last: str = "Quenby", **fields: Any) -> dict[str, Any]:
    """A registration that no duplicate check holds up."""
    person = {"last": last, "first": "Ilse", "dob": "1984-02-29", "sex": "F", **fields}
    decision = {"reason": "another person"}
    return {"key": key, "command": "register_patient", "person": person, "decision": decision}


def a_payment(key: str, person_id: str) -> dict[str, Any]:
    """A cash payment of 25 dollars."""
    lines = [{"kind": "copay", "amount": 2500}]
    return {
        "key": key,
        "command": "record_payment",
        "person_id": person_id,
        "visit_id": None,
        "tender": "cash",
        "lines": lines,
    }
