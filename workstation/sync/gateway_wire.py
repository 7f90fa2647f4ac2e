"""What a desk and the HTTPS gateway say to each other: limits, and values as JSON.

``POST /v1/QUESTION`` with one :class:`Message`; the answer is another one, or an error of the shape
of contracts.md. Nothing of a request stands in its address, which others log. Only what both sides
know is here; the service is ``db/gateway``, the client ``db/sync/gateway_transport.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workstation.kernel.errors import NotUnderstood, OutsideSilent
from workstation.sync.feed_wire import verdict_from_json, verdict_to_json
from workstation.sync.model import Entity, FeedHead, FeedRow
from workstation.sync.transport import BATCH, Greeting, Known, Outgoing, Page, Standing

VERSION = "v1"
"""Of the paths: a gateway serves older ones for as long as desks use them."""

PUSH_BYTES = 4 * 1024**2
"""A desk puts several commands into one request up to this size of them."""

LARGEST_BODY = 16 * 1024**2
"""A request is refused above this size, packed or unpacked."""

PACKED_FROM = 1024
"""Bytes from which on a body is worth packing."""

HEARTBEAT_SECONDS = 15.0
"""At least so often the gateway says something to who listens for hints."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent in one direction: a JSON value in one line, and bytes of a document after it."""

    told: Any
    raw: bytes = b""

    def to_bytes(self) -> bytes:
        """As the body of a request or an answer."""
        line = json.dumps(self.told, separators=(",", ":"), ensure_ascii=False).encode()
        return line + b"\n" + self.raw if self.raw else line

    @classmethod
    def from_bytes(cls, body: bytes) -> Message:
        """Reads what :meth:`to_bytes` wrote; raises ValueError."""
        line, _, raw = body.partition(b"\n")
        return cls(json.loads(line), raw)


def greeting_to_json(greeting: Greeting) -> dict[str, Any]:
    """What the gateway answers to a desk's first question."""
    return {
        "head": head_to_json(greeting.head),
        "receipt_code": greeting.receipt_code,
        "time_zone": greeting.time_zone,
        "server_time": greeting.server_time.isoformat(),
    }


def greeting_from_json(told: Mapping[str, Any]) -> Greeting:
    """Reads what :func:`greeting_to_json` wrote."""
    return Greeting(
        head_from_json(told["head"]),
        str(told["receipt_code"]),
        told["time_zone"],
        datetime.fromisoformat(told["server_time"]).astimezone(UTC),
    )


def push_to_json(batch: Sequence[Outgoing], anchor: tuple[int, str]) -> dict[str, Any]:
    """A batch of the outbox and the head of the audit chain."""
    return {"batch": [[one.seq, one.command_id, one.body] for one in batch], "anchor": [*anchor]}


def push_from_json(told: Mapping[str, Any]) -> tuple[list[Outgoing], tuple[int, str]]:
    """Reads what :func:`push_to_json` wrote, from a stranger: raises NotUnderstood."""
    batch = [
        Outgoing(number(seq), text(command_id, 36), text(body))
        for seq, command_id, body in rows_of(told, "batch", 3, BATCH)
    ]
    [anchor] = rows_of({"anchor": [told.get("anchor")]}, "anchor", 2, 1)
    return batch, (number(anchor[0]), text(anchor[1], 64))


def head_to_json(head: FeedHead) -> list[int]:
    """Where the feed stands, in three numbers."""
    return [head.epoch, head.top, head.floor]


def head_from_json(told: Sequence[int]) -> FeedHead:
    """Reads what :func:`head_to_json` wrote."""
    epoch, top, floor = told
    return FeedHead(int(epoch), int(top), int(floor))


def pulled_to_json(head: FeedHead, entries: Sequence[FeedRow]) -> dict[str, Any]:
    """Entries of the feed, and where it stands."""
    return {
        "head": head_to_json(head),
        "entries": [
            [
                *(each.n, each.command_id, each.ws_id, each.ws_seq),
                *(each.verdict.outcome, verdict_to_json(each.verdict)),
            ]
            for each in entries
        ],
    }


def pulled_from_json(told: Mapping[str, Any]) -> tuple[FeedHead, tuple[FeedRow, ...]]:
    """Reads what :func:`pulled_to_json` wrote."""
    entries = tuple(
        FeedRow(n, command_id, ws_id, ws_seq, verdict_from_json(outcome, body))
        for n, command_id, ws_id, ws_seq, outcome, body in told["entries"]
    )
    return head_from_json(told["head"]), entries


def standing_to_json(standing: Standing) -> dict[str, Any]:
    """What became of a desk's commands."""
    return {
        "head": head_to_json(standing.head),
        "applied": standing.applied,
        "commands": [[each.seq, each.command_id, each.outcome] for each in standing.commands],
    }


def standing_from_json(told: Mapping[str, Any]) -> Standing:
    """Reads what :func:`standing_to_json` wrote."""
    commands = tuple(Known(*each) for each in told["commands"])
    return Standing(head_from_json(told["head"]), told["applied"], commands)


def page_to_json(page: Page) -> dict[str, Any]:
    """Rows of a fill, and where it goes on."""
    rows = [[each.kind, each.id, each.rev, dict(each.row)] for each in page.rows]
    return {"rows": rows, "next": page.next}


def page_from_json(told: Mapping[str, Any]) -> Page:
    """Reads what :func:`page_to_json` wrote."""
    rows = tuple(Entity(*each) for each in told["rows"])
    if told["next"] is None:
        return Page(rows, None)
    kind, last = told["next"]
    return Page(rows, (kind, last))


def parts_to_message(size: int | None, parts: Mapping[int, bytes]) -> Message:
    """Size of a whole document and some of its parts, whose bytes follow one another."""
    told = {"size": size, "parts": [[number, len(part)] for number, part in parts.items()]}
    return Message(told, b"".join(parts.values()))


def parts_from_message(message: Message) -> tuple[int | None, dict[int, bytes]]:
    """Reads what :func:`parts_to_message` wrote; raises ValueError where bytes are missing."""
    parts, place = {}, 0
    for number_of, length in message.told["parts"]:
        parts[int(number_of)] = message.raw[place : place + length]
        place += length
    if place != len(message.raw):
        raise ValueError("bytes are missing")
    return message.told["size"], parts


NOTHING_SHOWN = "This desk showed the gateway no certificate or sign-in."
SIGN_IN_REFUSED = "The gateway did not accept this desk's sign-in."
SIGN_IN_ENDED = "The sign-in of this desk at the gateway has expired."
CERTIFICATE_REFUSED = "The gateway did not accept this desk's certificate."
"""What the gateway, or TLS before it, says of who is not accepted."""


def provider_silent() -> OutsideSilent:
    """For an identity provider that gives no token to a desk, or no keys to the gateway."""
    return OutsideSilent(
        "identity_provider_silent",
        "The hospital's sign-in service did not answer. Everything is kept on this workstation.",
        "Go on working; Portico sends it as soon as the service answers.",
        retryable=True,
    )


def not_understood() -> NotUnderstood:
    """For a request that is not of this protocol."""
    return NotUnderstood(
        "request_not_understood",
        "The gateway of the shared database could not read what was sent. Nothing was changed.",
        "Call IT: workstation and gateway may be of different versions.",
    )


def too_large() -> NotUnderstood:
    """For a request above :data:`LARGEST_BODY`."""
    return NotUnderstood(
        "request_too_large",
        "An entry of this workstation is larger than the gateway of the shared database takes.",
        "Call IT. Everything is kept on this workstation.",
    )


def number(told: object) -> int:
    """A count or a place, from a stranger. Raises NotUnderstood."""
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told < 2**63:
        raise not_understood()
    return told


def text(told: object, longest: int = LARGEST_BODY) -> str:
    """A text that PostgreSQL keeps, from a stranger. Raises NotUnderstood."""
    if not isinstance(told, str) or len(told) > longest or "\0" in told:
        raise not_understood()
    try:
        told.encode()
    except UnicodeEncodeError:  # half of a pair
        raise not_understood() from None
    return told


def rows_of(told: Mapping[str, Any], name: str, width: int, most: int) -> list[list[Any]]:
    """A list of lists of one length, from a stranger. Raises NotUnderstood."""
    found = told.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise not_understood()
    if not all(isinstance(each, list) and len(each) == width for each in found):
        raise not_understood()
    return found
