"""The commands of Arrivals; their target is the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.commands import command

if TYPE_CHECKING:
    from ui.arrivals.page import ArrivalsPage


@command(
    "arrivals.check_in",
    "Check in",
    keys=["Return"],
    context="arrivals",
    menu="Arrivals",
    permission="open_visit",
)
def check_in(page: ArrivalsPage) -> None:
    """Starts or resumes the check-in."""
    page.check_in()


@command(
    "arrivals.arrived",
    "Mark as arrived",
    keys=["Space"],
    context="arrivals",
    menu="Arrivals",
    permission="open_visit",
)
def arrived(page: ArrivalsPage) -> None:
    """The person is here."""
    page.mark_arrived()


@command(
    "arrivals.emergency",
    "Asks for emergency care",
    keys=["Ctrl+E"],
    context="arrivals",
    menu="Arrivals",
    permission="correct_class",
)
def emergency(page: ArrivalsPage) -> None:
    """The emergency lock starts at once; nothing of money is shown any more."""
    page.asks_for_emergency_care()


@command("arrivals.refresh", "Read again", keys=["F5"], context="arrivals", menu="Arrivals")
def refresh(page: ArrivalsPage) -> None:
    """Reads the day again."""
    page.refresh()


@command("arrivals.filter", "Next filter", keys=["Ctrl+Right"], context="arrivals", menu="Arrivals")
def next_filter(page: ArrivalsPage) -> None:
    """All, here, needs attention, mine."""
    page.next_filter()
