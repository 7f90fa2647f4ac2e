"""The key of the benefits page; its target is the check-in page around it."""

from __future__ import annotations

from ui.commands import command
from ui.interview.check_in_page import CheckInPage


def _step(page: CheckInPage) -> object:
    return page.step(page.model.state.page)


def _may_ask(page: CheckInPage) -> bool:
    """While the emergency lock holds no payer is asked (42 CFR 489.24(d)(4))."""
    return not page.model.state.situation.locked


@command(
    "check_in.ask_payer",
    "Ask the payer again",
    keys=["F5"],
    context="check_in",
    menu="Visit",
    when=_may_ask,
)
def ask_again(page: CheckInPage) -> None:
    """Asks the payer whose benefits are shown, where the page shows benefits."""
    ask = getattr(_step(page), "ask_again", None)
    if ask is not None:
        ask()
