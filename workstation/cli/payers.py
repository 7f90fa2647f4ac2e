"""``portico msp``: the payer order from Medicare facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from workstation.cli.answers import emit
from workstation.kernel.errors import NotUnderstood
from workstation.payers.msp import decide


def read_json(name: str) -> Any:
    """The JSON value in a file, or on standard input for ``-``. Raises NotUnderstood."""
    called = "What stands on standard input" if name == "-" else Path(name).name
    try:
        with click.open_file(name, encoding="utf-8-sig") as source:
            text = source.read()
    except (OSError, UnicodeDecodeError):
        raise NotUnderstood(
            "file_not_understood", f"{called} cannot be opened as text.", "Check the file."
        ) from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        place = f" at line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise NotUnderstood(
            "json_not_understood",
            f"{called} is not JSON{place}.",
            "Give one JSON object.",
        ) from None


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
def msp(file: str) -> None:
    """The order of payers around Medicare, from a FILE of facts (or -)."""
    emit(decide(read_json(file)).as_json())
