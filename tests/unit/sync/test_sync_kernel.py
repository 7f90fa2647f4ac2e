"""The kernel of replication, one event at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workstation.sync.kernel import Link, Pace, State, due, step
from workstation.sync.model import FeedHead, FeedRow, Outcome, Verdict
from workstation.sync.signals import (
    Action,
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
from workstation.sync.status import LinkState, SyncStatus, words

NOW = datetime(2026, 11, 23, 10, 32, tzinfo=UTC)
PACE = Pace()


def entry(n: int) -> FeedRow:
    return FeedRow(n, f"c{n}", "ws", n, Verdict(Outcome.APPLIED))


def play(state: State, *events: Event) -> tuple[State, tuple[Action, ...]]:
    actions: tuple[Action, ...] = ()
    for event in events:
        state, actions = step(state, event, PACE)
    return state, actions


def online(*, unsent: int = 0, cursor: int = 0, top: int = 0) -> State:
    """Greeted, sent and read: idle until the next poll."""
    state = State(cursor=cursor, epoch=1)
    head = FeedHead(1, top)
    state, _ = play(state, Woke(NOW), Greeted(1, NOW, head, unsent, unsent))
    while not state.idle:
        state, actions = step(state, _answer(state, head), PACE)
        assert len(actions) <= 1
    return state


def _answer(state: State, head: FeedHead) -> Event:
    if state.send:
        return Pushed(state.ticket, NOW, 0, 0)
    return Pulled(state.ticket, NOW, head, ())


def test_it_greets_first_then_sends_then_reads() -> None:
    state, actions = play(State(epoch=1), Woke(NOW))
    assert actions == (Greet(1),)
    state, actions = play(state, Greeted(1, NOW, FeedHead(1, 0), 3, 3))
    assert (state.link, state.since) == (Link.ONLINE, NOW)
    assert actions == (Push(2),)
    state, actions = play(state, Pushed(2, NOW, 1, 3))
    assert actions == (Pull(3, 0),), "reading takes turns with sending"
    state, actions = play(state, Pulled(3, NOW, FeedHead(1, 0), ()))
    assert actions == (Push(4),)


def test_what_is_read_is_kept_before_more_is_read() -> None:
    state, actions = play(online(), Hinted(NOW))
    head = FeedHead(1, 3)
    state, actions = play(state, Pulled(state.ticket, NOW, head, (entry(1), entry(2))))
    assert actions == (Keep(state.ticket, head, (entry(1), entry(2))),)
    assert state.cursor == 0, "not before it is durable"
    state, actions = play(state, Kept(state.ticket, NOW, 2, 0))
    assert actions == (Pull(state.ticket, 2),)


def test_it_stops_before_a_hole() -> None:
    state, _ = play(online(), Hinted(NOW))
    head = FeedHead(1, 3)
    state, actions = play(state, Pulled(state.ticket, NOW, head, (entry(3), entry(1))))
    assert actions == (Keep(state.ticket, head, (entry(1),)),)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(FeedHead(2, 9), id="the server was restored"),
        pytest.param(FeedHead(1, 3), id="the feed is shorter than what was read"),
        pytest.param(FeedHead(1, 99, floor=50), id="the cursor is too old"),
    ],
)
def test_a_lost_place_needs_a_fill(head: FeedHead) -> None:
    state, _ = play(online(cursor=5, top=5), Hinted(NOW))
    state, actions = play(state, Pulled(state.ticket, NOW, head, ()))
    assert actions == (Begin(state.ticket),)
    state, actions = play(state, Begun(state.ticket, NOW, head, 2, 2))
    assert (state.cursor, state.epoch, state.filling) == (head.top, head.epoch, True)
    assert actions == (Fill(state.ticket),)
    state, actions = play(state, Filled(state.ticket, NOW, True, 2, 2))
    assert actions == (Push(state.ticket),), "what the server does not have is offered again"


def test_a_desk_that_has_no_place_yet_takes_one_and_fills() -> None:
    state, _ = play(State(), Woke(NOW))
    state, actions = play(state, Greeted(1, NOW, FeedHead(2, 7), 0, 4))
    assert actions == (Begin(2),)


def test_a_fill_takes_turns_with_sending_and_reading() -> None:
    state = replace(online(cursor=5, top=5), filling=True)
    state, actions = play(state, Changed(NOW))
    took = []
    for _ in range(6):
        took += [type(each).__name__ for each in actions]
        ticket = state.ticket
        match actions:
            case (Fill(),):
                state, actions = play(state, Filled(ticket, NOW, True, 1, 1))
            case (Push(),):
                state, actions = play(state, Pushed(ticket, NOW, 1, 1))
            case _:
                state, actions = play(state, Pulled(ticket, NOW, FeedHead(1, 5), ()))
    assert took == ["Fill", "Push", "Fill", "Pull", "Fill", "Push"]
    assert not state.idle


def test_a_fill_that_was_cut_off_goes_on_and_ends() -> None:
    state, _ = play(State(cursor=5, epoch=1, filling=True), Woke(NOW))
    state, actions = play(state, Greeted(1, NOW, FeedHead(1, 5), 0, 0))
    assert actions == (Fill(state.ticket),)
    state, actions = play(state, Filled(state.ticket, NOW, False, 0, 0))
    assert actions == (Pull(state.ticket, 5),)
    state, actions = play(state, Pulled(state.ticket, NOW, FeedHead(1, 5), ()))
    assert actions == ()
    assert state.idle


def test_a_server_restored_in_the_middle_of_a_fill_begins_it_anew() -> None:
    state, _ = play(replace(online(cursor=5, top=5), filling=True), Hinted(NOW))
    state, _ = play(state, Filled(state.ticket, NOW, True, 0, 0))
    state, actions = play(state, Pulled(state.ticket, NOW, FeedHead(2, 9), ()))
    assert actions == (Begin(state.ticket),)


def test_answers_with_another_ticket_are_ignored() -> None:
    state, _ = play(online(), Hinted(NOW))
    for stale in (
        Pulled(state.ticket - 1, NOW, FeedHead(1, 1), (entry(1),)),
        Kept(state.ticket + 1, NOW, 7, 0),
        Lost(state.ticket - 1, NOW),
    ):
        assert play(state, stale) == (state, ())


def test_it_waits_longer_after_each_loss_up_to_a_minute() -> None:
    state, waits, now = State(), [], NOW
    for _ in range(9):
        state, actions = step(state, Woke(now), PACE)
        assert actions == (Greet(state.ticket),)
        state, actions = step(state, Lost(state.ticket, now), PACE)
        assert actions == (Hangup(),)
        wake = due(state)
        assert wake is not None
        waits.append((wake - now).total_seconds())
        assert step(state, Changed(wake - timedelta(milliseconds=1)), PACE)[1] == ()
        now = wake
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert state.since == NOW, "offline since the first loss"


def test_an_action_without_an_answer_counts_as_lost() -> None:
    state, _ = play(online(), Changed(NOW))
    later = NOW + PACE.patience
    for event in (Woke(later), Changed(later), Hinted(later)):
        after, actions = step(state, event, PACE)
        assert actions == (Hangup(),)
        assert (after.link, after.since) == (Link.OFFLINE, later)


def test_it_polls_without_any_hint() -> None:
    state = online()
    assert due(state) == NOW + PACE.poll
    assert play(state, Woke(NOW + PACE.poll / 2))[1] == ()
    assert play(state, Woke(NOW + PACE.poll))[1] == (Pull(state.ticket + 1, 0),)


def test_it_polls_sooner_while_its_own_commands_wait() -> None:
    state, _ = play(online(), Changed(NOW))
    state, _ = play(state, Pushed(state.ticket, NOW, 0, 1))
    state, _ = play(state, Pulled(state.ticket, NOW, FeedHead(1, 0), ()))
    assert due(state) == NOW + PACE.soon


def test_trouble_is_told_and_tried_again() -> None:
    state, _ = play(State(), Woke(NOW), Lost(1, NOW, "not accepted"))
    assert state.trouble == "not accepted"
    wake = due(state)
    assert wake is not None
    state, _ = play(state, Woke(wake), Greeted(2, wake, FeedHead(1, 0), 0, 0))
    assert state.trouble is None


SINCE = NOW.astimezone().strftime("%H:%M")


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (SyncStatus(connected=True), LinkState.UP_TO_DATE, "Up to date"),
        (
            SyncStatus(since=NOW, waiting=14, conflicts=2),
            LinkState.OFFLINE,
            f"Working offline since {SINCE} · 14 waiting",
        ),
        (SyncStatus(), LinkState.OFFLINE, "Working offline"),
        (
            SyncStatus(connected=True, cursor=120, top=340),
            LinkState.CATCHING_UP,
            "Catching up 120/340",
        ),
        (
            SyncStatus(connected=True, filled=340_000, to_fill=1_000_000),
            LinkState.CATCHING_UP,
            "Filling 340,000 of 1,000,000",
        ),
        (SyncStatus(connected=True, waiting=2), LinkState.CATCHING_UP, "Sending · 2 waiting"),
        (SyncStatus(connected=True, conflicts=3, waiting=1), LinkState.CONFLICTS, "3 conflicts"),
        (SyncStatus(connected=True, conflicts=1), LinkState.CONFLICTS, "1 conflict"),
        (SyncStatus(configured=False), LinkState.ALONE, "This workstation only"),
        (
            SyncStatus(trouble="…"),
            LinkState.REFUSED,
            "Not accepted by the shared database",
        ),
        (SyncStatus(connected=True, trouble="…"), LinkState.CALL_IT, "In step · call IT"),
    ],
)
def test_the_connection_chip_has_words(status: SyncStatus, state: LinkState, said: str) -> None:
    assert status.state is state
    assert words(status) == said


def test_the_status_has_the_keys_of_the_contract() -> None:
    answer = replace(SyncStatus(connected=True, cursor=4, waiting=1), since=NOW).as_json()
    expected = {
        "cursor": 4,
        "outbox": 1,
        "conflicts": 0,
        "connected": True,
        "since": "2026-11-23T10:32:00.000000Z",
    }
    assert expected.items() <= answer.items()


@pytest.mark.parametrize("back", [timedelta(hours=3), timedelta(days=400)])
def test_a_clock_that_is_put_back_holds_nothing_up(back: timedelta) -> None:
    before = NOW - back
    waiting, _ = play(State(), Woke(NOW))
    assert step(waiting, Woke(before), PACE)[1] == (Hangup(),), "an answer is not awaited for hours"
    lost, _ = play(State(), Woke(NOW), Lost(1, NOW))
    assert step(lost, Woke(before), PACE)[1] == (Greet(2),)
    idle = online()
    assert step(idle, Woke(before), PACE)[1] == (Pull(idle.ticket + 1, 0),)
