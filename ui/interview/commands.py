"""The keys of the check-in; their target is the page."""

from __future__ import annotations

from ui.commands import command
from ui.interview.check_in_page import CheckInPage

_HERE = "check_in"


@command("check_in.continue", "Continue", keys=["Return"], context=_HERE, menu="Visit")
def go_on(page: CheckInPage) -> None:
    """To the next step, or to what is still open."""
    page.go_on()


@command("check_in.back", "Back", keys=["Alt+Left"], context=_HERE, menu="Visit")
def back(page: CheckInPage) -> None:
    """To the step before, as it was."""
    page.go_back()


@command("check_in.leave", "Save and leave", keys=["Esc"], context=_HERE, menu="Visit")
def leave(page: CheckInPage) -> None:
    """Everything typed is kept; the visit waits in your list."""
    page.leave()


@command(
    "check_in.accept", "Take the suggestion", keys=["Ctrl+Return"], context=_HERE, menu="Visit"
)
def accept(page: CheckInPage) -> None:
    """What the scan or the payer says goes into the field."""
    page.accept_suggestion()


@command(
    "check_in.alternative",
    "Show the next alternative",
    keys=["Ctrl+Space"],
    context=_HERE,
    menu="Visit",
)
def alternative(page: CheckInPage) -> None:
    """Another reading of the scan."""
    page.next_alternative()


@command("check_in.edit", "Edit the field", keys=["F2"], context=_HERE, menu="Visit")
def edit(page: CheckInPage) -> None:
    """All of the field is selected."""
    page.edit_field()
