"""The attempt machine against a bank that can charge each remote object once: every path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.payments.attempt_model import (
    FINAL,
    LIVE,
    NO_FACTS,
    Accepted,
    Approved,
    Armed,
    Attempt,
    AttemptKind,
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
from workstation.payments.attempts import step


def an_attempt(kind: AttemptKind = AttemptKind.CHARGE, **changes: object) -> Attempt:
    new = Attempt("a1", "p1", kind, "card", 2500, "tmr", "stripe", "u", "t0", "boot")
    return replace(new, **changes)  # type: ignore[arg-type]


# -- the search -----------------------------------------------------------------------------------

Machine = Callable[[Attempt, Event], Step]


@dataclass(frozen=True)
class Remote:
    """One PaymentIntent at the bank: it can succeed once, and a fence ends it for good."""

    status: str = "open"  # open, succeeded, canceled
    on_reader: bool = False


@dataclass(frozen=True)
class World:
    """The desk's attempt, all remote objects, a command still under way, what was posted."""

    attempt: Attempt
    remotes: tuple[Remote, ...] = ()
    mine: int | None = None
    under_way: int | None = None
    pending: Do | None = None
    posted: int = 0
    tries: int = 1


def _learn(world: World, machine: Machine, event: Event) -> World:
    attempt, actions = machine(world.attempt, event)
    todo = [a for a in actions if isinstance(a, Do)]
    posts = sum(isinstance(a, Post) for a in actions)
    blank = replace(attempt, state_seq=0, reason=None)
    return replace(
        world,
        attempt=blank,
        pending=todo[0] if todo else None,
        posted=min(world.posted + posts, 3),
    )


def _with_remote(world: World, n: int, remote: Remote) -> World:
    remotes = (*world.remotes[:n], remote, *world.remotes[n + 1 :])
    return replace(world, remotes=remotes)


def _truth(world: World) -> Event:
    if world.mine is None:
        return NotFound()
    status = world.remotes[world.mine].status
    return {"open": InProgress(), "succeeded": Approved(2500), "canceled": Cancelled()}[status]


def _calls(world: World, machine: Machine) -> Iterator[World]:
    """The pending action is carried out; its answer arrives, or is lost before or after acting."""
    action, idle = world.pending, replace(world, pending=None)
    if action is None:
        return
    if action is Do.PROCEED:
        yield _learn(idle, machine, Send())
        return
    yield _learn(idle, machine, Lost())
    if action is Do.CREATE:
        made = world if world.mine is not None else _created(idle)
        yield _learn(replace(made, pending=None), machine, Lost())
        yield _learn(replace(made, pending=None), machine, Armed("pi"))
        yield _learn(idle, machine, NotActed("api"))
    elif action is Do.COMMAND:
        assert world.mine is not None
        yield _learn(idle, machine, NotActed("busy"))
        yield _learn(replace(idle, under_way=world.mine), machine, Lost())
        yield _learn(_delivered(idle, world.mine), machine, Accepted())
    elif action is Do.CANCEL:
        fenced = _fenced(idle)
        yield _learn(fenced, machine, _truth(fenced))
        yield _learn(fenced, machine, Lost())
    else:
        yield _learn(idle, machine, _truth(idle))
        if action is Do.POLL and _truth(idle) == InProgress():  # refused, then fenced
            yield _learn(_fenced(idle), machine, Declined("do_not_honor"))


def _created(world: World) -> World:
    return replace(world, remotes=(*world.remotes, Remote()), mine=len(world.remotes))


def _delivered(world: World, n: int) -> World:
    if world.remotes[n].status != "open":
        return world
    return _with_remote(world, n, replace(world.remotes[n], on_reader=True))


def _fenced(world: World) -> World:
    if world.mine is None or world.remotes[world.mine].status != "open":
        return world
    return _with_remote(world, world.mine, Remote("canceled"))


def _moves(world: World, machine: Machine) -> Iterator[World]:
    yield from _calls(world, machine)
    for n, remote in enumerate(world.remotes):
        if remote.on_reader and remote.status == "open":  # the patient taps, however late
            yield _with_remote(world, n, Remote("succeeded"))
    if world.under_way is not None:  # a command whose answer was lost arrives after all
        yield replace(_delivered(world, world.under_way), under_way=None)
    attempt = world.attempt
    if attempt.state is State.ARMED and world.pending is None:
        yield replace(world, pending=Do.PROCEED)
    if attempt.state in (State.UNKNOWN, State.WAITING, State.CANCELLING) and world.pending is None:
        yield replace(world, pending=Do.QUERY)
    for event in (Restart(), Deadline(), UserCancel(), GiveUp()):
        yield _learn(world, machine, event)
    if attempt.state in FINAL - {State.APPROVED} and world.tries < 3:
        fresh = World(an_attempt(), world.remotes, posted=world.posted, tries=world.tries + 1)
        yield _learn(replace(fresh, under_way=world.under_way), machine, Begin())


def _explore(machine: Machine) -> set[World]:
    start = _learn(World(an_attempt()), machine, Begin())
    seen, todo = {start}, [start]
    while todo:
        for world in _moves(todo.pop(), machine):
            if world not in seen:
                seen.add(world)
                todo.append(world)
    return seen


def _charged(world: World) -> int:
    return sum(remote.status == "succeeded" for remote in world.remotes)


def test_no_path_charges_twice_or_loses_a_charge() -> None:
    seen = _explore(step)
    assert len(seen) > 500
    assert {world.attempt.state for world in seen} >= FINAL | {State.UNKNOWN, State.MANUAL}
    for world in seen:
        assert _charged(world) <= 1, world
        assert world.posted <= _charged(world), world
        if world.attempt.state in FINAL:
            assert world.posted == _charged(world), world


def _timeout_means_no(attempt: Attempt, event: Event) -> Step:
    """The mistake of payments.md 1.6: what was not answered in time counts as not charged."""
    if attempt.state in (State.SENT, State.WAITING) and isinstance(event, Lost | Deadline):
        return replace(attempt, state=State.DECLINED), ()
    return step(attempt, event)


def _cancel_means_no(attempt: Attempt, event: Event) -> Step:
    """The cashier's cancel counts, without asking whether the card was faster."""
    if attempt.state is State.WAITING and isinstance(event, UserCancel):
        return replace(attempt, state=State.CANCELLED), ()
    return step(attempt, event)


@pytest.mark.parametrize("mutant", [_timeout_means_no, _cancel_means_no])
def test_the_search_catches_the_known_mistakes(mutant: Machine) -> None:
    assert any(_charged(world) > 1 for world in _explore(mutant))


# -- single rules ---------------------------------------------------------------------------------


def walked(*events: Event, start: Attempt | None = None) -> Step:
    attempt, actions = start or an_attempt(), ()
    for event in events:
        attempt, actions = step(attempt, event)  # type: ignore[assignment]
    return attempt, actions


WAITING = (Begin(), Armed("pi_1"), Send(), Accepted())


def test_the_straight_way() -> None:
    attempt, actions = walked(*WAITING, Approved(2500))
    assert attempt.state is State.APPROVED
    assert attempt.got_cents == 2500
    assert actions == (Post(2500, NO_FACTS),)


def test_a_partial_approval_is_posted_at_once_and_then_kept_or_released() -> None:
    partial, actions = walked(*WAITING, Approved(1000))
    assert partial.state is State.PARTIAL
    assert actions == (Post(1000, NO_FACTS),)
    assert step(partial, Keep())[0].state is State.APPROVED
    released, actions = step(partial, Release())
    assert released.state is State.APPROVED
    assert actions == (Do.VOID,)


@pytest.mark.parametrize("answer", [Approved(2501), Approved(0), Approved(2500, "CAD")])
def test_an_answer_that_differs_goes_to_a_person_and_is_not_posted(answer: Approved) -> None:
    attempt, actions = walked(*WAITING, answer)
    assert attempt.state is State.MANUAL
    assert actions == (Raise("answer_differs"),)
    assert step(attempt, answer) == (attempt, ())


def test_the_answer_of_another_attempt_is_ignored() -> None:
    attempt, _ = walked(*WAITING)
    assert step(attempt, Approved(2500, ext_payment_id="pi_2")) == (attempt, ())


def test_a_doubled_answer_posts_nothing_more() -> None:
    attempt, _ = walked(*WAITING, Approved(2500))
    assert step(attempt, Approved(2500)) == (attempt, ())


def test_cancel_loses_against_a_faster_card() -> None:
    attempt, actions = walked(*WAITING, UserCancel(), Approved(2500))
    assert attempt.state is State.APPROVED
    assert actions == (Post(2500, NO_FACTS),)


def test_a_busy_terminal_leaves_it_armed() -> None:
    attempt, actions = walked(Begin(), Armed("pi"), Send(), NotActed("terminal_reader_busy"))
    assert (attempt.state, attempt.reason) == (State.ARMED, "terminal_reader_busy")
    assert actions == ()


def test_after_a_restart_a_charge_that_was_not_sent_is_given_up() -> None:
    assert walked(Restart())[0].state is State.DROPPED
    arming, actions = walked(Begin(), Restart())
    assert (arming.state, actions) == (State.ARMING, (Do.CREATE,))
    assert step(arming, Armed("pi"))[0].state is State.CANCELLING
    assert walked(Begin(), Armed("pi"), Restart())[0].state is State.CANCELLING
    assert walked(*WAITING, Restart())[0].state is State.UNKNOWN


def test_a_refund_goes_on_after_a_restart_and_cannot_be_cancelled() -> None:
    refund = an_attempt(AttemptKind.REFUND)
    arming, actions = walked(Begin(), Restart(), start=refund)
    assert (arming.state, actions) == (State.ARMING, (Do.CREATE,))
    armed, _ = step(arming, Armed("re_1"))
    assert armed.state is State.ARMED
    assert step(armed, Restart()) == (armed, (Do.PROCEED,))
    waiting, _ = walked(Begin(), Armed("re_1"), Send(), Accepted(), start=refund)
    assert step(waiting, UserCancel()) == (waiting, ())
    late, actions = walked(Begin(), GiveUp(), start=refund)
    assert (late.state, actions) == (State.MANUAL, (Raise("never_answered"),))


def test_unknown_only_asks_until_the_limit_and_then_a_person_decides() -> None:
    unknown, actions = walked(*WAITING, Lost())
    assert (unknown.state, actions) == (State.UNKNOWN, (Do.QUERY,))
    assert step(unknown, InProgress()) == (unknown, (Do.QUERY,))
    assert step(unknown, NotFound()) == (unknown, (Do.QUERY,))
    ended, actions = step(unknown, Deadline())
    assert step(ended, InProgress())[1] == (Do.CANCEL,)
    manual, actions = step(unknown, GiveUp())
    assert (manual.state, actions) == (State.MANUAL, (Raise("payment_unknown"),))
    found, actions = step(manual, Evidence(True, 2500, "pi_1 in the portal"))
    assert (found.state, actions) == (State.APPROVED, (Post(2500, NO_FACTS),))
    assert step(manual, Evidence(False, 0, "not in the portal"))[0].state is State.DECLINED
    assert step(manual, Evidence(True, 9999, "x")) == (manual, ())


def test_money_found_after_another_tender_was_taken_is_raised() -> None:
    unknown, _ = walked(*WAITING, Lost())
    _, actions = step(replace(unknown, refund_if_found=True), Approved(2500))
    assert actions == (Post(2500, NO_FACTS), Raise("refund_if_found"))


events: st.SearchStrategy[Event] = st.sampled_from(
    [
        Begin(), Armed("pi"), Send(), Accepted(), NotActed("busy"), Lost(), Approved(2500),
        Approved(900), Declined("no"), Cancelled(), InProgress(), NotFound(), UserCancel(),
        Deadline(), Restart(), GiveUp(), Evidence(True, 2500, "x"), Keep(), Release(),
    ]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(events, max_size=25))
def test_whatever_comes_money_is_posted_once_and_final_is_final(story: list[Event]) -> None:
    attempt, posted = an_attempt(), 0
    for event in story:
        before = attempt
        attempt, actions = step(attempt, event)
        posted += sum(isinstance(action, Post) for action in actions)
        assert attempt.state_seq >= before.state_seq
        assert attempt is before or attempt.state_seq == before.state_seq + 1
        if before.state in FINAL:
            assert attempt is before
    assert posted <= 1
    assert (attempt.got_cents > 0) == (posted == 1)
    assert (attempt.state in LIVE) or (attempt.state in FINAL)
