"""The port of replication: what a desk asks of the shared database, by whatever way it is reached.

Two adapters keep it: ``db/sync/postgres_transport.py`` speaks to PostgreSQL itself, for a small
site; the HTTPS gateway's client is for large ones, where no desk may hold a database connection.
One suite of tests runs over both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.kernel.errors import OutsideSilent, Refused
from workstation.kernel.phrases import paragraph
from workstation.sync.model import Entity, FeedHead, FeedRow

BATCH = 100
"""Commands per push and feed entries per pull."""

PAGE = 250
"""Rows of a fill that are fetched, and written in one local transaction: the desk's own use cases
wait so long at most."""

STANDING = 1000
"""Of this desk's commands, how many are asked for at once."""

ANCHORS = 5
"""Of the audit chain's heads that the server remembers, how many are compared at each greeting."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this desk says it is."""

    ws_id: str
    facility: str
    receipt_code: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One command of the outbox, as it is sent."""

    seq: int
    command_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the server says first: its feed, the receipt code that this desk may print, its time,
    and the facility's time zone, where it knows one."""

    head: FeedHead
    receipt_code: str
    time_zone: str | None
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """One command of this desk that the server has; ``outcome`` is None until it is applied."""

    seq: int
    command_id: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the server knows of this desk's commands, after the feed stood at ``head``.

    Every command up to number ``applied`` was applied, also where the server no longer keeps it.
    """

    head: FeedHead
    applied: int
    commands: tuple[Known, ...]


Place = tuple[str, str]
"""How far a fill is: kind and id of the last row."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the facility's rows as they stand, in an order of the server's own.

    ``next`` is where the next page goes on, None after the last. Pages are not of one moment: what
    changes meanwhile is told by the feed, from the head on that was read before the first page.
    """

    rows: tuple[Entity, ...]
    next: Place | None


class Ears(Protocol):
    """Hears hints that the feed has grown. A comfort: without them the poll finds out."""

    def fileno(self) -> int:
        """What becomes readable when something may have been heard."""

    def heard(self) -> bool:
        """Whether this desk's feed was named since the last call; never blocks.

        Raises OutsideSilent where the line is gone.
        """

    def close(self) -> None:
        """Stops listening."""


class Transport(Protocol):
    """The shared database as this desk sees it.

    Every method raises OutsideSilent where the server does not answer, and Refused where it does
    not accept the desk or the desk's numbers.
    """

    def greet(self) -> Greeting:
        """Claims or proves this desk's enrolment; answers where the feed stands."""

    def push(self, batch: Sequence[Outgoing], anchor: tuple[int, str]) -> None:
        """Makes a batch durable in the inbox. Sending it again does nothing.

        Raises Refused ``store_copied`` where the server has other commands under these numbers.
        """

    def pull(self, after: int) -> tuple[FeedHead, tuple[FeedRow, ...]]:
        """The next entries of the facility's feed, at most :data:`BATCH`."""

    def standing(self, after: int) -> Standing:
        """This desk's commands after a number, in order, at most :data:`STANDING`."""

    def size(self) -> int:
        """How many rows a whole fill brings."""

    def page(self, after: Place | None) -> Page:
        """The next rows of a fill, at most :data:`PAGE`."""

    def anchors(self) -> list[tuple[int, str]]:
        """Length and head of this desk's audit chain as it last told the server, newest first."""

    def listen(self) -> Ears:
        """Opens ears of its own; the caller closes them."""

    def abort(self) -> None:
        """Ends what is under way in another thread, which then finds the server silent."""

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""


class DocumentTransport(Protocol):
    """The lane of documents' bytes (``workstation/documents/lane``). Raises like
    :class:`Transport`; safe to use from several threads."""

    def parts_there(self, digest: str) -> frozenset[int]:
        """Numbers of the parts that the shared database has."""

    def send_part(self, digest: str, size: int, number: int, part: bytes) -> None:
        """Makes one part durable; ``size`` is that of the whole. Sending it again does nothing.

        Raises Refused where the shared database does not know of such a document yet.
        """

    def parts(self, digest: str, first: int, at_most: int) -> tuple[int | None, dict[int, bytes]]:
        """Size of the whole (None where nothing is there) and parts from number ``first`` on."""

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""


def store_copied() -> Refused:
    """For a store whose numbers another one has used: a cloned disk image, or an old backup."""
    return Refused(
        "store_copied",
        "The shared database has other entries under this workstation's numbers: this "
        "store was copied, or restored from a backup. Nothing was overwritten.",
        "Keep this store as it is and call IT: it must be enrolled as a new workstation.",
    )


def desk_not_accepted(what: str) -> Refused:
    """For a desk that the shared database does not know or accept; ``what`` is one sentence."""
    return Refused(
        "desk_not_accepted",
        paragraph(what, "Everything is kept on this workstation."),
        "Ask IT to enrol this desk: portico shared enrol DESK --facility NAME.",
    )


def server_silent(code: str = "shared_database_silent") -> OutsideSilent:
    """For a shared database, or its gateway, that does not answer."""
    return OutsideSilent(
        code,
        "The shared database did not answer. Everything is kept on this workstation.",
        "Go on working; Portico sends it as soon as the database answers.",
        retryable=True,
    )
