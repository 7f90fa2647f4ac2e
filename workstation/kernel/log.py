"""Structured logs from an allow-list of keys: whatever is not listed is written as redacted.

An event has a name made of code words and values that are ids, codes, counts or durations. Names,
dates of birth, numbers of people and anything typed never get a key here.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

ALLOWED = frozenset(
    {
        "event",
        "timestamp",
        "level",
        "logger",
        "command_id",
        "command",
        "code",
        "connector",
        "count",
        "attempt_id",
        "error_type",
        "frames",
        "job_id",
        "job_kind",
        "ms",
        "outcome",
        "page",
        "port",
        "revision",
        "scene",
        "seq",
        "state",
        "version",
        "workstation_id",
    }
)
"""The keys whose values may be written. Adding one is a decision about privacy: review it."""

REDACTED = "<redacted>"
_files: list[TextIO] = []


def allow_listed(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The structlog processor that redacts every value under a key that is not allowed."""
    return {key: value if key in ALLOWED else REDACTED for key, value in event.items()}


def write_to(place: Path | TextIO | None) -> None:
    """Sends events as JSON lines to ``portico.log`` in a folder, to a stream, or to nowhere.

    The file of before is closed.
    """
    before = list(_files)
    _files.clear()
    factory: Any
    if place is None:
        factory = structlog.ReturnLoggerFactory()
    elif not isinstance(place, Path):
        factory = structlog.WriteLoggerFactory(file=place)
    else:
        place.mkdir(parents=True, exist_ok=True)
        _files.append((place / "portico.log").open("a", encoding="utf-8"))
        factory = structlog.WriteLoggerFactory(file=_files[0])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=factory,
        cache_logger_on_first_use=False,
    )
    for file in before:
        file.close()


def logger() -> Any:
    """The logger: ``logger().info("payer_answered", connector="core", ms=812)``."""
    return structlog.get_logger()


def frames_of(error: BaseException) -> list[str]:
    """Where an error came from as ``module:line``, without messages or locals."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).stem}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames


write_to(None)  # silent until the program says where
