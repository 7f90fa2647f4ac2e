"""The ports of replication by way of the HTTPS gateway: no desk holds a database connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress

from db.sync.gateway_line import GatewayLine
from workstation.access.audit import Anchor
from workstation.access.trail import Entry
from workstation.kernel.errors import PorticoError
from workstation.sync.gateway_address import GatewayAddress
from workstation.sync.gateway_wire import (
    HEARTBEAT_SECONDS,
    PUSH_BYTES,
    Message,
    greeting_from_json,
    page_from_json,
    parts_from_message,
    pulled_from_json,
    push_to_json,
    standing_from_json,
)
from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.transport import (
    Greeting,
    Identity,
    Outgoing,
    Page,
    Place,
    Standing,
    server_silent,
)


class GatewayTransport:
    """See :class:`workstation.sync.transport.Transport`."""

    def __init__(self, address: GatewayAddress, identity: Identity) -> None:
        self._address = address
        self._line = GatewayLine(address)
        self._me = {"facility": identity.facility, "ws_id": identity.ws_id}
        self._code = identity.receipt_code

    def greet(self) -> Greeting:
        """See :class:`workstation.sync.transport.Transport`."""
        asked = self._me | {"receipt_code": self._code}
        return self._line.ask("greet", asked, lambda answer: greeting_from_json(answer.told))

    def push(self, batch: Sequence[Outgoing], anchor: tuple[int, str]) -> None:
        """See :class:`workstation.sync.transport.Transport`."""
        for some in _in_requests(batch):
            self._line.ask("push", self._me | push_to_json(some, anchor), _nothing)

    def pull(self, after: int) -> tuple[FeedHead, tuple[FeedRow, ...]]:
        """See :class:`workstation.sync.transport.Transport`."""
        asked = self._me | {"after": after}
        return self._line.ask("pull", asked, lambda answer: pulled_from_json(answer.told))

    def standing(self, after: int) -> Standing:
        """See :class:`workstation.sync.transport.Transport`."""
        asked = self._me | {"after": after}
        return self._line.ask("standing", asked, lambda answer: standing_from_json(answer.told))

    def size(self) -> int:
        """See :class:`workstation.sync.transport.Transport`."""
        return self._line.ask("size", self._me, lambda answer: int(answer.told))

    def page(self, after: Place | None) -> Page:
        """See :class:`workstation.sync.transport.Transport`."""
        asked = self._me | {"after": after}
        return self._line.ask("page", asked, lambda answer: page_from_json(answer.told))

    def anchors(self) -> list[tuple[int, str]]:
        """See :class:`workstation.sync.transport.Transport`."""
        return [*self._line.ask("anchors", self._me, _anchors)]

    def listen(self) -> GatewayEars:
        """See :class:`workstation.sync.transport.Transport`."""
        return GatewayEars(GatewayLine(self._address), self._me)

    def abort(self) -> None:
        """See :class:`workstation.sync.transport.Transport`."""
        self._line.abort()

    def close(self) -> None:
        """See :class:`workstation.sync.transport.Transport`."""
        self._line.close()


def _nothing(answer: Message) -> None:
    """For what is only done."""


def _anchors(answer: Message) -> list[Anchor]:
    return [Anchor(entries, head) for entries, head in answer.told]


def _in_requests(batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """In order, as many together as one request holds; an empty batch still brings its anchor."""
    some: list[Outgoing] = []
    size = 0
    for each in batch:
        if some and size + len(each.body) > PUSH_BYTES:
            yield some
            some, size = [], 0
        some.append(each)
        size += len(each.body)
    yield some


class GatewayEars:
    """See :class:`workstation.sync.transport.Ears`: a thread of its own hears the stream."""

    def __init__(self, line: GatewayLine, me: dict[str, str]) -> None:
        self._line = line
        self._me = me
        self._gone = False
        self._bell, self._clapper = socket.socketpair()
        self._bell.setblocking(False)
        self._clapper.setblocking(False)
        self._thread = threading.Thread(target=self._hear, name="portico-hints", daemon=True)
        self._thread.start()

    def fileno(self) -> int:
        """See :class:`workstation.sync.transport.Ears`."""
        return self._bell.fileno()

    def heard(self) -> bool:
        """See :class:`workstation.sync.transport.Ears`."""
        rung = b""
        with suppress(BlockingIOError):
            rung = self._bell.recv(4096)
        if self._gone:
            raise server_silent()
        return bool(rung)

    def close(self) -> None:
        """Stops listening."""
        self._gone = True
        while self._thread.is_alive():
            self._line.abort()  # again for a socket that was not open yet
            self._thread.join(0.05)
        self._line.close()
        self._bell.close()
        self._clapper.close()

    def _hear(self) -> None:
        try:
            with self._line.stream("hints", self._me, 3 * HEARTBEAT_SECONDS) as lines:
                for line in lines:
                    if self._gone:
                        return
                    if line.startswith("data:"):
                        self._ring()
        except PorticoError:
            pass  # told by heard()
        finally:
            self._gone = True
            self._ring()

    def _ring(self) -> None:
        with suppress(OSError):
            self._clapper.send(b"!")


class GatewayDocuments:
    """See :class:`workstation.sync.transport.DocumentTransport`."""

    def __init__(self, address: GatewayAddress, facility: str) -> None:
        self._line = GatewayLine(address)
        self._me = {"facility": facility}

    def parts_there(self, digest: str) -> frozenset[int]:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        asked = self._me | {"digest": digest}
        return self._line.ask("documents/there", asked, lambda answer: frozenset(answer.told))

    def send_part(self, digest: str, size: int, number: int, part: bytes) -> None:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        asked = self._me | {"digest": digest, "size": size, "number": number}
        self._line.ask("documents/send", asked, _nothing, part)

    def parts(self, digest: str, first: int, at_most: int) -> tuple[int | None, dict[int, bytes]]:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        asked = self._me | {"digest": digest, "first": first, "at_most": at_most}
        return self._line.ask("documents/parts", asked, parts_from_message)

    def close(self) -> None:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        self._line.close()


class GatewayTrail:
    """See :class:`workstation.access.trail.TrailTransport`."""

    def __init__(self, address: GatewayAddress, identity: Identity) -> None:
        self._line = GatewayLine(address)
        self._me = {"facility": identity.facility, "ws_id": identity.ws_id}

    def last(self) -> Anchor:
        """See :class:`workstation.access.trail.TrailTransport`."""
        return self._line.ask("trail/last", self._me, lambda answer: Anchor(*answer.told))

    def send(self, entries: Sequence[Entry]) -> None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        sent = [[each.n, each.body, each.hash] for each in entries]
        self._line.ask("trail/send", self._me | {"entries": sent}, _nothing)

    def hash_at(self, n: int) -> str | None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        return self._line.ask("trail/hash-at", self._me | {"n": n}, _text)

    def anchors(self) -> list[Anchor]:
        """See :class:`workstation.access.trail.TrailTransport`."""
        return self._line.ask("trail/anchors", self._me, _anchors)

    def seal(self, n: int | None = None) -> Anchor | None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        return self._line.ask("trail/seal", self._me | {"n": n}, _anchor)

    def close(self) -> None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        self._line.close()


def _text(answer: Message) -> str | None:
    return None if answer.told is None else str(answer.told)


def _anchor(answer: Message) -> Anchor | None:
    return None if answer.told is None else Anchor(*answer.told)
