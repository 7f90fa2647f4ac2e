"""Whether it is known who pays first, so that money may be spoken of."""

from __future__ import annotations

from workstation.interview.model import Draft
from workstation.interview.msp_facts import msp_facts
from workstation.interview.rules import medicare_questions_due, money_may_be_asked
from workstation.interview.situation import Situation
from workstation.kernel.errors import NotUnderstood
from workstation.payers.msp import MspDecision, decide

ORDER_OPEN = "Who pays first is not decided yet. See the Medicare questions, or take nothing today."


def decided_order(draft: Draft, situation: Situation) -> MspDecision | None:
    """What the Medicare answers decide so far; None while an answer is only half typed."""
    try:
        return decide(msp_facts(draft, situation))
    except NotUnderstood:
        return None


def may_take_money(draft: Draft, situation: Situation) -> tuple[bool, str]:
    """Whether a payment may be taken now, and if not, why.

    Not while locked, not before the notices, and not before the order of payers is known.
    """
    allowed, why = money_may_be_asked(draft, situation)
    if not allowed:
        return False, why
    if medicare_questions_due(draft, situation)[0]:
        decision = decided_order(draft, situation)
        if decision is None or decision.order is None:
            return False, ORDER_OPEN
    return True, ""
