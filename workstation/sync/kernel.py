"""The kernel of replication, without input or output: events in, actions out, nothing else.

One driver performs the actions against PostgreSQL and the encrypted store, another against a
simulated world with faults; both run this code. At most one action is outstanding. Every action
has a ticket, and an answer with another ticket is ignored, so late and doubled answers do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.signals import (
    Action,
    Answer,
    Begin,
    Begun,
    Changed,
    Event,
    Fill,
    Filled,
    Greet,
    Greeted,
    Hangup,
    Hinted,
    Keep,
    Kept,
    Lost,
    Pull,
    Pulled,
    Push,
    Pushed,
    Woke,
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how patiently. ``poll`` is the truth, hints only make it faster."""

    poll: timedelta = timedelta(seconds=15)
    soon: timedelta = timedelta(milliseconds=500)
    """Between polls while commands of this desk wait for their outcome."""
    patience: timedelta = timedelta(seconds=60)
    """An action that is outstanding longer counts as lost."""
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=60)


class Link(StrEnum):
    """Whether the shared database answers."""

    OFFLINE = "offline"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class State:
    """All that the kernel knows; ``epoch`` and ``cursor`` come from the store at start."""

    cursor: int = 0
    epoch: int | None = None
    """The feed epoch that the cursor belongs to; None before the first contact."""
    top: int = 0
    link: Link = Link.OFFLINE
    since: datetime | None = None
    trouble: str | None = None
    ticket: int = 0
    deadline: datetime | None = None
    """Set while an action is outstanding."""
    send: bool = True
    fetch: bool = False
    begin: bool = False
    """The cursor does not belong to the feed: a fill has to begin."""
    filling: bool = False
    """A fill is under way; at start the store tells."""
    filled_last: bool = False
    pushed_last: bool = False
    unsettled: int = 0
    attempts: int = 0
    next_try: datetime | None = None
    next_poll: datetime | None = None

    @property
    def idle(self) -> bool:
        """Online with nothing outstanding and nothing to do before the next poll."""
        return (
            self.link is Link.ONLINE
            and self.deadline is None
            and not (self.send or self.fetch or self.begin or self.filling)
        )


def step(state: State, event: Event, pace: Pace) -> tuple[State, tuple[Action, ...]]:
    """The next state and what to do. Total: every event is understood in every state."""
    match event:
        case Woke(now) | Changed(now) | Hinted(now):
            state = replace(
                state,
                send=state.send or isinstance(event, Changed),
                fetch=state.fetch or isinstance(event, Hinted),
            )
            if state.deadline is not None and _has_come(state.deadline, now, pace.patience):
                return _lost(state, now, None, pace), (Hangup(),)
        case Lost(ticket, now, trouble):
            if ticket != state.ticket or state.deadline is None:
                return state, ()
            return _lost(state, now, trouble, pace), (Hangup(),)
        case Greeted() | Pushed() | Pulled() | Kept() | Begun() | Filled():
            if event.ticket != state.ticket or state.deadline is None:
                return state, ()
            return _proceed(replace(state, deadline=None), event, pace)
    return _next(state, now, pace)


def due(state: State) -> datetime | None:
    """When :class:`Woke` should come next; None means at once."""
    if state.deadline is not None:
        return state.deadline
    return state.next_try if state.link is Link.OFFLINE else state.next_poll


def _proceed(state: State, answer: Answer, pace: Pace) -> tuple[State, tuple[Action, ...]]:
    if isinstance(answer, Pulled):
        state, wanted = _pulled(state, answer, pace)
        if wanted:
            keep = Keep(state.ticket + 1, answer.head, wanted)
            return _start(state, answer.now, pace, keep)
    else:
        state = _answered(state, answer, pace)
    return _next(state, answer.now, pace)


def _answered(state: State, event: Greeted | Pushed | Kept | Begun | Filled, pace: Pace) -> State:
    match event:
        case Greeted(_, now, head, unsent, unsettled, trouble):
            since = state.since if state.link is Link.ONLINE else now
            state = replace(state, link=Link.ONLINE, since=since, trouble=trouble, attempts=0)
            state = replace(state, send=unsent > 0, fetch=True, unsettled=unsettled)
            return _seen(state, head)
        case Pushed(_, _, unsent, unsettled):
            return replace(
                state,
                send=unsent > 0,
                fetch=True,
                pushed_last=True,
                filled_last=False,
                unsettled=unsettled,
            )
        case Kept(_, now, cursor, unsettled):
            state = replace(state, cursor=cursor, unsettled=unsettled)
            return replace(state, fetch=cursor < state.top, next_poll=_next_poll(state, now, pace))
        case Begun(_, now, head, unsent, unsettled):
            return replace(
                state,
                cursor=head.top,
                top=head.top,
                epoch=head.epoch,
                begin=False,
                filling=True,
                send=unsent > 0,
                fetch=True,
                unsettled=unsettled,
                next_poll=now,
            )
        case Filled(_, _, left, unsent, unsettled):
            return replace(
                state, filling=left, filled_last=True, send=unsent > 0, unsettled=unsettled
            )


def _pulled(state: State, event: Pulled, pace: Pace) -> tuple[State, tuple[FeedRow, ...]]:
    state = _seen(replace(state, fetch=False, pushed_last=False, filled_last=False), event.head)
    if state.begin:
        return state, ()
    wanted: list[FeedRow] = []
    for row in sorted(event.rows, key=lambda each: each.n):
        if row.n == state.cursor + len(wanted) + 1:
            wanted.append(row)
    if not wanted:
        # Nothing new, or a hole: the cursor never steps over a hole, the next poll asks again.
        state = replace(state, next_poll=_next_poll(state, event.now, pace))
    return state, tuple(wanted)


def _seen(state: State, head: FeedHead) -> State:
    """Takes note of where the feed stands. A cursor that cannot belong to it, such as none at all,
    needs a fill; one that is under way for another epoch begins anew."""
    lost_place = state.epoch != head.epoch or not head.floor <= state.cursor <= head.top
    return replace(state, top=head.top, begin=state.begin or lost_place)


def _next(state: State, now: datetime, pace: Pace) -> tuple[State, tuple[Action, ...]]:
    if state.deadline is not None:
        return state, ()
    ticket = state.ticket + 1
    if state.link is Link.OFFLINE:
        if state.next_try is not None and not _has_come(state.next_try, now, pace.longest_retry):
            return state, ()
        return _start(state, now, pace, Greet(ticket))
    if state.begin:
        return _start(state, now, pace, Begin(ticket))
    fetch = state.fetch or state.next_poll is None or _has_come(state.next_poll, now, pace.poll)
    if state.filling and not (state.filled_last and (state.send or fetch)):
        # A fill takes turns with the day's work: a desk is usable from its first page on.
        return _start(state, now, pace, Fill(ticket))
    if state.send and not (fetch and state.pushed_last):
        return _start(state, now, pace, Push(ticket))
    if fetch:
        return _start(state, now, pace, Pull(ticket, state.cursor))
    return state, ()


def _has_come(moment: datetime, now: datetime, longest: timedelta) -> bool:
    """Whether a moment is here. One further off than anything is ever put off was set by a clock
    that has been put back since: waiting for it could take hours."""
    return now >= moment or moment - now > longest


def _start(
    state: State, now: datetime, pace: Pace, action: Greet | Push | Pull | Keep | Begin | Fill
) -> tuple[State, tuple[Action, ...]]:
    return replace(state, ticket=action.ticket, deadline=now + pace.patience), (action,)


def _lost(state: State, now: datetime, trouble: str | None, pace: Pace) -> State:
    wait = min(pace.first_retry * 2 ** min(state.attempts, 10), pace.longest_retry)
    since = now if state.link is Link.ONLINE or state.since is None else state.since
    return replace(
        state,
        link=Link.OFFLINE,
        since=since,
        trouble=trouble,
        deadline=None,
        attempts=state.attempts + 1,
        next_try=now + wait,
        send=True,
        pushed_last=False,
    )


def _next_poll(state: State, now: datetime, pace: Pace) -> datetime:
    return now + (pace.soon if state.unsettled else pace.poll)
