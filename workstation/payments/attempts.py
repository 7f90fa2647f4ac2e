"""The state machine of one attempt to take, give back or void money: no clock, no network, no disk.

``step(attempt, event)`` answers the next attempt and the actions that follow from it. Whoever
runs it writes the new state *before* carrying out the actions (compare-and-set on ``state_seq``),
so that after a crash the state on disk always says at least as much as was sent.

The fence is the processor: an attempt is over only by the processor's own word, never by our
timeout. What the machine adds to the table of payments.md section 1: an ``armed`` attempt can be
given up (``cancelling``), a charge found ``arming`` or ``armed`` after a restart is given up
rather than finished behind the patient's back, and an answer whose amount or currency is not
what was asked goes straight to ``manual``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

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


# -- transitions ----------------------------------------------------------------------------------


def _to(attempt: Attempt, state: State, *actions: Action, **changes: Any) -> Step:
    moved = replace(attempt, state=state, state_seq=attempt.state_seq + 1, **changes)
    return moved, actions


def _begin(a: Attempt, _: Event) -> Step:
    return _to(a, State.ARMING, Do.CREATE)


def _drop(a: Attempt, event: Event) -> Step:
    code = event.code if isinstance(event, NotActed) else "nothing_sent"
    return _to(a, State.DROPPED, reason=code)


def _armed(a: Attempt, event: Event) -> Step:
    assert isinstance(event, Armed)  # noqa: S101 - the table pairs them
    known = {"ext_payment_id": event.ext_payment_id, "ext_request_id": event.ext_request_id}
    if a.give_up:
        return _to(a, State.CANCELLING, Do.CANCEL, **known)
    return _to(a, State.ARMED, Do.PROCEED, **known)


def _again(action: Do) -> Callable[[Attempt, Event], Step]:
    return lambda a, _: (a, (action,))


def _abandon_arming(a: Attempt, event: Event) -> Step:
    if a.is_charge:
        return _to(a, State.ARMING, Do.CREATE, give_up=True)
    return a, (Do.CREATE,)


def _cancel_arming(a: Attempt, event: Event) -> Step:
    """A remote object that no terminal was told of cannot charge: leaving it is safe."""
    return _drop(a, event) if a.is_charge else (a, (Do.CREATE,))


def _arming_too_long(a: Attempt, _: Event) -> Step:
    if a.is_charge:
        return _to(a, State.DROPPED, reason="never_armed")
    return _to(a, State.MANUAL, Raise("never_answered"), reason="never_answered")


def _abandon_armed(a: Attempt, event: Event) -> Step:
    if a.is_charge:
        return _to(a, State.CANCELLING, Do.CANCEL, give_up=True)
    return a, (Do.PROCEED,)


def _send(a: Attempt, _: Event) -> Step:
    return _to(a, State.SENT, Do.COMMAND, reason=None)


def _accepted(a: Attempt, _: Event) -> Step:
    return _to(a, State.WAITING, Do.POLL)


def _not_acted(a: Attempt, event: Event) -> Step:
    assert isinstance(event, NotActed)  # noqa: S101 - the table pairs them
    return _to(a, State.ARMED, reason=event.code)


def _cancel_wanted(a: Attempt, _: Event) -> Step:
    if not a.is_charge:
        return a, ()
    return _to(a, State.CANCELLING, Do.CANCEL, give_up=True)


def _unknown(a: Attempt, event: Event) -> Step:
    reason = event.code if isinstance(event, Lost) else type(event).__name__.lower()
    give_up = a.give_up or isinstance(event, Deadline)
    return _to(a, State.UNKNOWN, Do.QUERY, reason=reason, give_up=give_up)


def _still_unknown(a: Attempt, event: Event) -> Step:
    """The authority has not decided. Where nobody waits any more, end it at the processor."""
    return a, (Do.CANCEL if a.give_up and a.is_charge else Do.QUERY,)


def _unknown_deadline(a: Attempt, _: Event) -> Step:
    if a.give_up:
        return a, (Do.QUERY,)
    return _to(a, State.UNKNOWN, Do.QUERY, give_up=True)


def _manual(a: Attempt, _: Event) -> Step:
    return _to(a, State.MANUAL, Raise("payment_unknown"))


def _approved(a: Attempt, event: Event) -> Step:
    assert isinstance(event, Approved)  # noqa: S101 - the table pairs them
    if None not in (event.ext_payment_id, a.ext_payment_id):
        if event.ext_payment_id != a.ext_payment_id:
            return a, ()
    elif event.ext_payment_id is not None:
        a = replace(a, ext_payment_id=event.ext_payment_id)
    if event.currency.upper() != a.currency or not 0 < event.cents <= a.asked_cents:
        if a.state is State.MANUAL:
            return a, ()
        return _to(a, State.MANUAL, Raise("answer_differs"), reason="answer_differs")
    actions: list[Action] = [Post(event.cents, event.facts)]
    if a.refund_if_found:
        actions.append(Raise("refund_if_found"))
    state = State.APPROVED if event.cents == a.asked_cents else State.PARTIAL
    return _to(a, state, *actions, got_cents=event.cents, reason=None)


def _declined(a: Attempt, event: Event) -> Step:
    assert isinstance(event, Declined)  # noqa: S101 - the table pairs them
    return _to(a, State.DECLINED, reason=event.code)


def _cancelled(a: Attempt, event: Event) -> Step:
    assert isinstance(event, Cancelled)  # noqa: S101 - the table pairs them
    return _to(a, State.CANCELLED, reason=event.code)


def _evidence(a: Attempt, event: Event) -> Step:
    assert isinstance(event, Evidence)  # noqa: S101 - the table pairs them
    if not event.approved:
        return _to(a, State.DECLINED, reason=event.reference)
    if not 0 < event.cents <= a.asked_cents:
        return a, ()
    post = Post(event.cents, NO_FACTS)
    return _to(a, State.APPROVED, post, got_cents=event.cents, reason=event.reference)


def _keep(a: Attempt, _: Event) -> Step:
    return _to(a, State.APPROVED)


def _release(a: Attempt, _: Event) -> Step:
    return _to(a, State.APPROVED, Do.VOID, reason="released")


_ANSWERS: dict[type, Callable[[Attempt, Event], Step]] = {
    Approved: _approved,
    Declined: _declined,
    Cancelled: _cancelled,
}

TABLE: dict[State, dict[type, Callable[[Attempt, Event], Step]]] = {
    State.NEW: {Begin: _begin, UserCancel: _drop, Restart: _drop},
    State.ARMING: {
        Armed: _armed,
        Lost: _again(Do.CREATE),
        NotActed: _drop,
        UserCancel: _cancel_arming,
        Restart: _abandon_arming,
        GiveUp: _arming_too_long,
    },
    State.ARMED: {Send: _send, UserCancel: _abandon_armed, Restart: _abandon_armed},
    State.SENT: _ANSWERS
    | {
        Accepted: _accepted,
        NotActed: _not_acted,
        Lost: _unknown,
        UserCancel: _cancel_wanted,
        Restart: _unknown,
    },
    State.WAITING: _ANSWERS
    | {
        InProgress: _again(Do.POLL),
        NotFound: _unknown,
        UserCancel: _cancel_wanted,
        Deadline: _unknown,
        Lost: _unknown,
        Restart: _unknown,
    },
    State.CANCELLING: _ANSWERS
    | {
        InProgress: _again(Do.CANCEL),
        NotFound: _unknown,
        Deadline: _unknown,
        Lost: _unknown,
        Restart: _unknown,
    },
    State.UNKNOWN: _ANSWERS
    | {
        InProgress: _still_unknown,
        NotFound: _still_unknown,
        Lost: _again(Do.QUERY),
        Restart: _again(Do.QUERY),
        UserCancel: _unknown_deadline,
        Deadline: _unknown_deadline,
        GiveUp: _manual,
    },
    State.MANUAL: _ANSWERS | {Evidence: _evidence},
    State.PARTIAL: {Keep: _keep, Release: _release},
}
"""What each event means in each state; an event that is not listed there means nothing."""


def step(attempt: Attempt, event: Event) -> Step:
    """The next state and what to do. A late or doubled event changes nothing."""
    handler = TABLE.get(attempt.state, {}).get(type(event))
    return (attempt, ()) if handler is None else handler(attempt, event)
