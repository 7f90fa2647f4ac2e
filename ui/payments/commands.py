"""The keys of money in the check-in; their target is the check-in page."""

from __future__ import annotations

from ui.commands import command
from ui.interview.check_in_page import CheckInPage
from ui.interview.viewmodel import WentTo
from ui.payments.pay_step import PayStep
from workstation.interview.model import PageId


def _may_open(page: CheckInPage) -> bool:
    """While the emergency lock holds this key does not exist (42 CFR 489.24(d)(4))."""
    return not page.model.state.situation.locked


@command(
    "pay.open", "Take a payment", keys=["F10"], context="check_in", menu="Visit", when=_may_open
)
def open_payment(page: CheckInPage) -> None:
    """Goes to Pay, and opens the payment dialog there."""
    if page.model.state.page is not PageId.PAY:
        page.step(page.model.state.page).collect()
        page.model.dispatch(WentTo(PageId.PAY))
    step = page.step(PageId.PAY)
    if page.model.state.page is PageId.PAY and isinstance(step, PayStep):
        step.open_payment()
