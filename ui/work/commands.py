"""The commands of Work; their target is the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.commands import command

if TYPE_CHECKING:
    from ui.work.page import WorkPage


@command("work.open", "Open", keys=["Return"], context="work", menu="Work")
def open_row(page: WorkPage) -> None:
    """A conflict side by side, a check-in where it was left, the visit of a work item."""
    page.open_chosen()


@command("work.settle", "Settle…", keys=["Ctrl+Return"], context="work", menu="Work")
def settle(page: WorkPage) -> None:
    """The item is done: say what was done about it."""
    page.settle_chosen()


@command("work.give_up", "Give it up", keys=["Delete"], context="work", menu="Work")
def give_up(page: WorkPage) -> None:
    """A check-in that will not be finished goes from the list; Ctrl+Z puts it back."""
    page.give_up_chosen()


@command("work.refresh", "Read again", keys=["F5"], context="work", menu="Work")
def refresh(page: WorkPage) -> None:
    """Reads the list again."""
    page.refresh()
