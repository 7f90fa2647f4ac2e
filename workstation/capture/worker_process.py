"""The process that does the reading: requests in and answers out over a pipe, no arguments.

It holds the half gigabyte of networks, so that the window's process stays small and a crash of a
native library costs one picture, not the registrar's work.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from workstation.kernel.errors import PorticoError


def serve(pipe: Connection) -> None:
    """Answers ``(job, what, arguments)`` with ``(job, "ok" | "error", value)`` until the pipe ends.

    ``error`` values are ``(code, say, do)``; anything unexpected becomes ``capture_broke`` without
    the exception's own text, which might hold what was on the card.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower_priority()
    engine = _Engine()
    while True:
        try:
            job, what, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[str, str, Any] = (job, "ok", engine.do(what, arguments))
        except PorticoError as error:
            answer = (job, "error", (error.code, error.say, error.do))
        except Exception:  # noqa: BLE001  (the pipe must always answer)
            answer = (job, "error", ("capture_broke", "This picture could not be read.",
                                     "Take the picture again, or type the details."))  # fmt: skip
        try:
            pipe.send(answer)
        except (OSError, BrokenPipeError):
            return


class _Engine:
    """Loads the card reader at the first need of it: a licence needs no networks."""

    def __init__(self) -> None:
        self._reader: Any = None

    def do(self, what: str, arguments: tuple[Any, ...]) -> Any:
        actions: dict[str, Callable[..., Any]] = {
            "warm_up": self._warm_up,
            "card": self._card,
            "licence": self._licence,
        }
        return actions[what](*arguments)

    def _warm_up(self) -> None:
        if self._reader is None:
            from workstation.capture.read_card import CardReader

            self._reader = CardReader()
            self._reader.warm_up()

    def _card(self, front: bytes, back: bytes | None, corners: Any) -> Any:
        self._warm_up()
        return self._reader.read(front, back, corners)

    @staticmethod
    def _licence(data: bytes) -> Any:
        from workstation.capture.read_licence import read_licence

        return read_licence(data)


def _lower_priority() -> None:
    """Reading may take the cores, never the window's turn on them."""
    if hasattr(os, "nice"):
        os.nice(5)
