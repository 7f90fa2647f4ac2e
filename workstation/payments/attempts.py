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
from dataclasses import replace
from typing import Any

from workstation.payments.attempt_model import (
    NO_FACTS,
    Accepted,
    Action,
    Approved,
    Armed,
    Attempt,
    Begin,
    Cancelled,
    Deadline,
    Declined,
    Do,
    Event,
    Evidence,
    GiveUp,
    InProgress,
    Keep,
    Lost,
    NotActed,
    NotFound,
    Post,
    Raise,
    Release,
    Restart,
    Send,
    State,
    Step,
    UserCancel,
)


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
    actions: list[Action] = [Post(event.cents, NO_FACTS)]
    if a.refund_if_found:
        actions.append(Raise("refund_if_found"))
    return _to(a, State.APPROVED, *actions, got_cents=event.cents, reason=event.reference)


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
