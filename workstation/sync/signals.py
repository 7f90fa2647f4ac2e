"""What the kernel of replication asks for (actions) and is told (events), with tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.sync.model import FeedHead, FeedRow


@dataclass(frozen=True, slots=True)
class Greet:
    """Connect, prove who this desk is, read where the feed stands."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Push:
    """Send the oldest unsent commands, at most one batch, and note them as sent."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Pull:
    """Read the feed after a cursor, at most one batch."""

    ticket: int
    after: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Write these rows and the cursor in one local transaction."""

    ticket: int
    head: FeedHead
    rows: tuple[FeedRow, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """The place in the feed is lost, or there never was one. Ask what became of this desk's
    commands, so that those which the server does not have go out again; take the head of the feed
    as the cursor; and note durably that the base has to be filled anew."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Take the next page of the rows that stand into the base, and note durably how far it is."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Hangup:
    """Close the connection: the next attempt starts afresh."""


Action = Greet | Push | Pull | Keep | Begin | Fill | Hangup


@dataclass(frozen=True, slots=True)
class Woke:
    """Time has passed."""

    now: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """The outbox has something unsent."""

    now: datetime


@dataclass(frozen=True, slots=True)
class Hinted:
    """The server said that the feed may have grown."""

    now: datetime


@dataclass(frozen=True, slots=True)
class Greeted:
    """Connected. ``unsent`` and ``unsettled`` count this desk's commands."""

    ticket: int
    now: datetime
    head: FeedHead
    unsent: int
    unsettled: int
    trouble: str | None = None
    """Something that IT must look at, though the server accepts this desk."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """The batch is durable at the server; ``unsent`` commands are left."""

    ticket: int
    now: datetime
    unsent: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """What the feed had after the cursor."""

    ticket: int
    now: datetime
    head: FeedHead
    rows: tuple[FeedRow, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows and the cursor are durable on this desk."""

    ticket: int
    now: datetime
    cursor: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class Begun:
    """The new cursor is durable on this desk, and so is that a fill is under way."""

    ticket: int
    now: datetime
    head: FeedHead
    unsent: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A page is durable on this desk; ``left`` says whether there are more."""

    ticket: int
    now: datetime
    left: bool
    unsent: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The server did not answer, or (``trouble``) does not accept this desk."""

    ticket: int
    now: datetime
    trouble: str | None = None


Answer = Greeted | Pushed | Pulled | Kept | Begun | Filled
Event = Woke | Changed | Hinted | Answer | Lost
