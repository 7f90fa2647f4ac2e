"""Hints that feeds have grown: one look at them all, told to every desk that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

from workstation.kernel.errors import PorticoError
from workstation.sync.gateway_wire import HEARTBEAT_SECONDS

LOOK_SECONDS = 0.25
"""Between looks: what happens within one is one hint."""

Heads = Callable[[Collection[str]], Awaitable[Mapping[str, tuple[int, int]]]]


class Hints:
    """One task looks where the feeds of all listening desks stand; no desk costs a connection."""

    def __init__(self, heads: Heads, look_seconds: float = LOOK_SECONDS) -> None:
        self._heads = heads
        self._look = look_seconds
        self._known: dict[str, tuple[int, int]] = {}
        self._listening: dict[str, set[asyncio.Event]] = {}
        self._ended = False
        self.answered = False
        """Whether the shared database answered at the last look."""

    async def run(self) -> None:
        """Looks until :meth:`end`."""
        while not self._ended:
            await self._look_once()
            await asyncio.sleep(self._look)

    async def heard(self, facility: str) -> AsyncIterator[bool]:
        """True for each hint of the facility, False for a sign of life; ends with the gateway.

        The first hint comes at once.
        """
        with self._ear(facility) as event:
            while not self._ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await event.wait()
                if not self._ended:
                    yield event.is_set()
                event.clear()

    def end(self) -> None:
        """Lets every listener go."""
        self._ended = True
        self._ring(self._listening)

    @contextmanager
    def _ear(self, facility: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        event.set()  # something may have come since this desk last read
        self._listening.setdefault(facility, set()).add(event)
        try:
            yield event
        finally:
            left = self._listening[facility]
            left.discard(event)
            if not left:
                del self._listening[facility]
                self._known.pop(facility, None)

    async def _look_once(self) -> None:
        try:
            now = await self._heads(list(self._listening))
        except PorticoError:
            self.answered = False
            return
        self.answered = True
        grown = [place for place, head in now.items() if self._known.get(place) != head]
        self._known.update(now)
        self._ring(grown)

    def _ring(self, facilities: Collection[str]) -> None:
        for place in facilities:
            for event in self._listening.get(place, ()):
                event.set()
