"""What an attempt is, what can happen to it, and what is to be done: the words of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workstation.payments.card_facts import CardFacts


class State(StrEnum):
    """Where an attempt stands; the four final ones never change again."""

    NEW = "new"
    ARMING = "arming"
    ARMED = "armed"
    SENT = "sent"
    WAITING = "waiting"
    CANCELLING = "cancelling"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    MANUAL = "manual"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


FINAL = frozenset({State.APPROVED, State.DECLINED, State.CANCELLED, State.DROPPED})
"""States after which a new attempt for the same payment is legal (where nothing was approved)."""

LIVE = frozenset(State) - FINAL
"""At most one attempt of a payment is in one of these."""

AT_TERMINAL = frozenset({State.ARMED, State.SENT, State.WAITING, State.CANCELLING})
"""At most one attempt of a terminal is in one of these."""


class AttemptKind(StrEnum):
    """Which way the money goes. A void is a refund of the whole before settlement."""

    CHARGE = "charge"
    REFUND = "refund"
    VOID = "void"


NO_FACTS = CardFacts()
"""Nothing is known of the card."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One tender, one amount, one key. ``id`` is the idempotency key at the processor.

    ``asked_cents`` and ``got_cents`` are cents; ``sale`` is the JSON text of what is to be posted
    once approved; moments are ISO texts. ``give_up``: nobody waits for this charge any more.
    """

    id: str
    payment_id: str
    kind: AttemptKind
    tender: str
    asked_cents: int
    terminal_id: str
    driver: str
    actor: str
    created_at: str
    boot_id: str
    parent_id: str | None = None
    got_cents: int = 0
    currency: str = "USD"
    ext_request_id: str | None = None
    ext_payment_id: str | None = None
    state: State = State.NEW
    state_seq: int = 0
    params_hash: str | None = None
    deadline_at: str | None = None
    drawer_session: str | None = None
    reason: str | None = None
    give_up: bool = False
    refund_if_found: bool = False
    unknown_since: str | None = None
    sale: str = "{}"

    @property
    def is_charge(self) -> bool:
        """True where money would come in."""
        return self.kind is AttemptKind.CHARGE


# -- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """The row is on disk; start."""


@dataclass(frozen=True, slots=True)
class Armed:
    """The remote object exists; nothing can be charged by it yet."""

    ext_payment_id: str
    ext_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Command the terminal now."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The terminal took the command."""


@dataclass(frozen=True, slots=True)
class NotActed:
    """A refusal known not to have acted: busy, offline, a validation error."""

    code: str


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer, or one that proves nothing."""

    code: str = "no_answer"


@dataclass(frozen=True, slots=True)
class Approved:
    """The processor took, or gave back, ``cents``."""

    cents: int
    currency: str = "USD"
    facts: CardFacts = NO_FACTS
    ext_payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """Definitely not charged, and cannot be any more."""

    code: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The remote object is dead: it can never charge."""

    code: str = "cancelled"


@dataclass(frozen=True, slots=True)
class InProgress:
    """The authority says: not decided yet."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The authority has never heard of it. Proves nothing by itself."""


@dataclass(frozen=True, slots=True)
class UserCancel:
    """The cashier or the patient gives up."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time for the patient to tap is over."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The program, or the machine, started anew and found this attempt."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The site's limit for not knowing (or the key's lifetime) is over, or the day closes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A supervisor, or a settlement line, says what happened; ``reference`` where it stands."""

    approved: bool
    cents: int
    reference: str


@dataclass(frozen=True, slots=True)
class Keep:
    """A partial approval is kept; the rest goes to another tender."""


@dataclass(frozen=True, slots=True)
class Release:
    """A partial approval is given back by a void attempt."""


Event = (
    Begin
    | Armed
    | Send
    | Accepted
    | NotActed
    | Lost
    | Approved
    | Declined
    | Cancelled
    | InProgress
    | NotFound
    | UserCancel
    | Deadline
    | Restart
    | GiveUp
    | Evidence
    | Keep
    | Release
)


# -- actions --------------------------------------------------------------------------------------


class Do(StrEnum):
    """What to do once the new state is on disk."""

    CREATE = "create"
    PROCEED = "proceed"
    COMMAND = "command"
    POLL = "poll"
    CANCEL = "cancel"
    QUERY = "query"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Post:
    """Write result, ledger entry, receipt number and outbox row in the state's own transaction."""

    cents: int
    facts: CardFacts


@dataclass(frozen=True, slots=True)
class Raise:
    """Open a work item for a supervisor, in the state's own transaction."""

    reason: str


Action = Do | Post | Raise
Step = tuple[Attempt, tuple[Action, ...]]
