"""One workstation as the command line sees it, in a home of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from workstation.cli.group import portico


class Home:
    """One workstation as the command line sees it."""

    def __init__(self, folder: Path, name: str, admin_dsn: str) -> None:
        self.environment = {
            "PORTICO_HOME": str(folder / name),
            "PORTICO_KEY_FILE": str(folder / f"{name}.key"),
            "PORTICO_WORKSTATION": name,
            "PORTICO_ADMIN_DSN": admin_dsn,
            "PORTICO_SHARED_DSN": None,
        }

    def run(self, *words: str, lines: list[dict[str, Any]] | None = None) -> tuple[int, list[Any]]:
        given = "".join(json.dumps(line) + "\n" for line in lines or [])
        done = CliRunner().invoke(portico, words, input=given, env=self.environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        self.told = done.stderr
        return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]

    def do(self, **command: Any) -> dict[str, Any]:
        code, [answer] = self.run("do", "-", lines=[command])
        assert (code, answer["ok"]) == (0, True)
        return dict(answer)

    def sync(self) -> dict[str, Any]:
        code, [status] = self.run("sync", "once")
        assert code == 0, self.told
        return dict(status)

    def export(self, what: str) -> list[dict[str, Any]]:
        return self.run("export", what)[1]
