"""How every command answers: JSON on standard output, words on standard error, exit codes."""

from __future__ import annotations

import json
import sys
from typing import Any

from workstation.kernel.errors import OutsideSilent, PorticoError

NOT_UNDERSTOOD = 3
OUTSIDE_SILENT = 4
SOMETHING_WRONG = 5


def emit(value: Any) -> None:
    """One JSON value on one line of standard output, flushed: a line that is seen is durable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def tell(words: str) -> None:
    """Progress or a message, on standard error."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def emit_failure(name: str, value: str, error: PorticoError) -> None:
    """The line of one bad input among several: ``name`` is ``file`` or ``key``."""
    emit({name: value, "error": error.as_json()})


def exit_code(error: PorticoError) -> int:
    """4 where the outside did not answer, else 3."""
    return OUTSIDE_SILENT if isinstance(error, OutsideSilent) else NOT_UNDERSTOOD
