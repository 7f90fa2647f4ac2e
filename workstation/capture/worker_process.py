"""The process that does the reading: requests in and answers out over a pipe, no arguments.

It holds the half gigabyte of networks, so that the window's process stays small and a crash of a
native library costs one picture, not the registrar's work.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from workstation.kernel.errors import PorticoError

_MOST_MEMORY = 4_000_000_000  # bytes of addresses; the networks and both sides take one and a half


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The first pages of a file as JPEG, how many it has, whether they are an animation's."""

    pages: tuple[bytes, ...]
    total: int
    moving: bool


def serve(pipe: Connection) -> None:
    """Answers ``(job, what, arguments)`` with ``(job, "ok" | "error", value)`` until the pipe ends.

    ``error`` values are ``(code, say, do)``; anything unexpected becomes ``capture_broke`` without
    the exception's own text, which might hold what was on the card.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower_priority()
    _bound_memory()
    heap, engine = _Heap(), _Engine()
    while True:
        heap.give_back()
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
            "pages": self._pages,
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
    def _pages(data: bytes, most: int, longest: int) -> OpenedFile:
        from workstation.capture.images import jpeg_bytes, load

        loaded = load(data)
        pages = tuple(jpeg_bytes(page, longest) for page in loaded.pages[:most])
        return OpenedFile(pages, loaded.total, loaded.moving)

    @staticmethod
    def _licence(data: bytes) -> Any:
        from workstation.capture.read_licence import read_licence

        return read_licence(data)


def _bound_memory() -> None:
    """A file made to unfold into gigabytes ends this process, not the desk."""
    try:
        import resource
    except ImportError:
        return  # Windows: the process's own patience has to do
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


class _Heap:
    """The C library's memory: few arenas, and what a reading left is given back after it.

    With an arena for each thread the process held 670 MB between two cards, so it holds 200.
    Other C libraries than glibc are left alone.
    """

    _ARENA_MAX = -8  # M_ARENA_MAX of malloc.h

    def __init__(self) -> None:
        self._trim: Any = None
        if sys.platform == "linux":
            library = ctypes.CDLL(None)
            if hasattr(library, "malloc_trim"):
                library.mallopt(self._ARENA_MAX, 2)
                self._trim = library.malloc_trim

    def give_back(self) -> None:
        """Between two jobs."""
        if self._trim is not None:
            self._trim(0)


def _lower_priority() -> None:
    """Reading may take the cores, never the window's turn on them."""
    if hasattr(os, "nice"):
        os.nice(5)
