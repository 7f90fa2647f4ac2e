"""``portico``: the window at once, or the command that was asked for; errors become exit codes."""

from __future__ import annotations

import io
import os
import sys

from workstation.kernel.errors import PorticoError


def main() -> None:
    """The ``portico`` program."""
    os.umask(0o077)  # whatever it writes is this user's alone
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # whatever the terminal's own encoding is
    try:
        code = _run(sys.argv[1:])
    except PorticoError as error:
        from workstation.cli.answers import exit_code, tell

        tell(f"{error.say} {error.do}".strip())
        code = exit_code(error)
    sys.exit(code)


def _run(words: list[str]) -> int:
    if words in ([], ["--demo"]):
        from workstation.cli.desk import open_workstation

        return open_workstation(demo=bool(words))
    from workstation.cli.group import call

    return call()
