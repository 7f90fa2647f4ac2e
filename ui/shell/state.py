"""What the frame shows: where this desk is, who sits there, how the connection is."""

from __future__ import annotations

from dataclasses import dataclass

from ui.words import say


@dataclass(frozen=True, slots=True)
class Connection:
    """How this desk stands to the shared database. ``since`` is a wall-clock time in words."""

    state: str = "up_to_date"
    """up_to_date, offline, catching_up, conflicts, alone (no shared database set up), refused
    (it answers, but does not accept this desk) or call_it (in step, but IT must look)."""
    since: str = ""
    waiting: int = 0
    done: int = 0
    total: int = 0
    conflicts: int = 0
    trouble: str = ""
    """One sentence for IT."""


@dataclass(frozen=True, slots=True)
class ShellState:
    """Everything in the frame that is not a page."""

    facility: str = ""
    desk: str = ""
    user: str = ""
    connection: Connection = Connection()


def connection_words(state: Connection) -> tuple[str, str, str]:
    """The chip of a connection: words, icon, level. Never colour alone."""
    if state.state == "conflicts":
        one = say("1 conflict") if state.conflicts == 1 else ""
        return one or say("{n} conflicts", n=state.conflicts), "git-merge", "stop"
    if state.state == "offline":
        words = say("Working offline since {since}", since=state.since)
        if state.waiting:
            words += " · " + say("{n} waiting", n=state.waiting)
        return words, "cloud-off", "warn"
    if state.state == "catching_up":
        if state.done < state.total:
            words = say("Catching up {done}/{total}", done=state.done, total=state.total)
        else:
            words = say("Sending · {n} waiting", n=state.waiting)
        return words, "refresh-cw", "accent"
    if state.state == "refused":
        words = say("Not accepted by the shared database")
        if state.waiting:
            words += " · " + say("{n} waiting", n=state.waiting)
        return words, "octagon-alert", "stop"
    if state.state == "call_it":
        return say("In step · call IT"), "phone", "warn"
    if state.state == "alone":
        return say("This desk only"), "monitor", "accent"
    return say("Up to date"), "circle-check", "ok"


def connection_lines(state: Connection) -> tuple[str, ...]:
    """What still works and what waits, as sentences, for the panel behind the chip."""
    if state.state == "offline":
        lines = [
            say("Check-in, scanning, cash, receipts and printing work as always."),
            say("Card payments need the terminal's own line; it says so when it has none."),
            say("What you do is kept here, encrypted, and sent when the connection is back."),
            say("Other desks do not see your changes yet, nor you theirs."),
            say("Payers are asked again later; a check-in need not wait for them."),
        ]
        if state.waiting:
            lines.insert(2, say("{n} changes wait to be sent.", n=state.waiting))
        return tuple(lines)
    if state.state == "catching_up":
        return (
            say("The connection is back. Changes are being sent and fetched."),
            say("You can go on working."),
        )
    if state.state == "conflicts":
        return (
            say("Two desks changed the same facts of a person. Nothing was merged silently."),
            say("Each conflict waits in Work, with what was before, yours and theirs."),
        )
    if state.state == "refused":
        return _refused_lines(state)
    if state.state == "call_it":
        return (
            say("All changes are sent and fetched; you can go on working."),
            say("Something does not fit. Tell IT this sentence:"),
            say(state.trouble),
        )
    if state.state == "alone":
        return (say("This desk keeps its own store; no shared database is set up."),)
    return (say("All changes are sent, and all changes of other desks are here."),)


def _refused_lines(state: Connection) -> tuple[str, ...]:
    lines = [
        say("The shared database answers, but does not accept this desk."),
        say("You can go on working: what you do is kept here, encrypted."),
    ]
    if state.waiting:
        lines.append(say("{n} changes wait to be sent.", n=state.waiting))
    if state.trouble:
        lines += [say("Tell IT this sentence:"), say(state.trouble)]
    return tuple(lines)
