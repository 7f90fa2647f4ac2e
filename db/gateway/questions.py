"""What desks may ask the gateway: the methods of the ports, each with its JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from db.gateway.desks import Desk
from db.tables import TABLES
from workstation.access.trail import BATCH as TRAIL_BATCH
from workstation.access.trail import Entry
from workstation.documents.lane import PART_BYTES
from workstation.sync.gateway_wire import (
    Message,
    greeting_to_json,
    not_understood,
    number,
    page_to_json,
    parts_to_message,
    pulled_to_json,
    push_from_json,
    rows_of,
    standing_to_json,
    text,
)

Question = Callable[[Desk, Mapping[str, Any], bytes], Message]
"""Asked by a desk with a JSON object and bytes. Raises NotUnderstood where they are no such
question, else like the ports."""

MOST_PARTS = 16
"""Of a document, in one answer: 4 MiB."""


def _greet(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(greeting_to_json(desk.commands.greet()))


def _push(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    desk.commands.push(*push_from_json(asked))
    return Message(None)


def _pull(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(pulled_to_json(*desk.commands.pull(number(asked.get("after")))))


def _standing(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(standing_to_json(desk.commands.standing(number(asked.get("after")))))


def _size(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(desk.commands.size())


def _page(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    after = asked.get("after")
    if after is None:
        return Message(page_to_json(desk.commands.page(None)))
    [[kind, last]] = rows_of({"after": [after]}, "after", 2, 1)
    if kind not in TABLES:
        raise not_understood()
    return Message(page_to_json(desk.commands.page((kind, text(last, 64)))))


def _anchors(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(desk.commands.anchors())


def _trail_last(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(desk.trail.last())


def _trail_send(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    sent = rows_of(asked, "entries", 3, TRAIL_BATCH)
    entries = [Entry(number(n), text(body), text(digest, 64)) for n, body, digest in sent]
    try:
        for each in entries:
            each.columns()
    except (ValueError, LookupError, TypeError, AttributeError):
        raise not_understood() from None
    if entries:
        desk.trail.send(entries)
    return Message(None)


def _trail_hash_at(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(desk.trail.hash_at(number(asked.get("n"))))


def _trail_anchors(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(desk.trail.anchors())


def _trail_seal(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    n = asked.get("n")
    return Message(desk.trail.seal(None if n is None else number(n)))


def _parts_there(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    return Message(sorted(desk.documents.parts_there(text(asked.get("digest"), 64))))


def _send_part(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    if not 0 < len(raw) <= PART_BYTES:
        raise not_understood()
    size, n = number(asked.get("size")), number(asked.get("number"))
    desk.documents.send_part(text(asked.get("digest"), 64), size, n, raw)
    return Message(None)


def _parts(desk: Desk, asked: Mapping[str, Any], raw: bytes) -> Message:
    at_most = min(number(asked.get("at_most")), MOST_PARTS)
    digest, first = text(asked.get("digest"), 64), number(asked.get("first"))
    return parts_to_message(*desk.documents.parts(digest, first, at_most))


QUESTIONS: Mapping[str, Question] = {
    "greet": _greet,
    "push": _push,
    "pull": _pull,
    "standing": _standing,
    "size": _size,
    "page": _page,
    "anchors": _anchors,
    "trail/last": _trail_last,
    "trail/send": _trail_send,
    "trail/hash-at": _trail_hash_at,
    "trail/anchors": _trail_anchors,
    "trail/seal": _trail_seal,
    "documents/there": _parts_there,
    "documents/send": _send_part,
    "documents/parts": _parts,
}
"""By their path below the version."""
