"""Whether it is known who pays first, so that money may be spoken of."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.interview.model import Draft, PageId
from workstation.interview.msp_facts import msp_facts
from workstation.interview.rules import (
    MONEY_NOTICES,
    medicare_questions_due,
    money_may_be_asked,
    paper_settled,
    papers_due,
)
from workstation.interview.situation import Situation
from workstation.kernel.errors import NotUnderstood
from workstation.papers.model import FormId
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


_NOTICES = {
    FormId.SURPRISE_BILLING_NOTICE: "Notice about surprise bills",
    FormId.FINANCIAL_ASSISTANCE_SUMMARY: "Summary of help with paying",
}


@dataclass(frozen=True, slots=True)
class BeforeMoney:
    """One thing that must stand before money is spoken of, and the page where it is settled."""

    words: str
    settled: bool
    page: PageId


def before_money(draft: Draft, situation: Situation) -> tuple[BeforeMoney, ...]:
    """The notices due at this visit, and the order of payers where Medicare is one of them."""
    if situation.locked:
        return ()
    found = [
        BeforeMoney(_NOTICES[paper.form.id], paper_settled(draft, paper), PageId.PAPERS)
        for paper in papers_due(draft, situation)
        if paper.form.id in MONEY_NOTICES
    ]
    if medicare_questions_due(draft, situation)[0]:
        decision = decided_order(draft, situation)
        decided = decision is not None and decision.order is not None
        found.append(BeforeMoney("Who pays first", decided, PageId.MEDICARE))
    return tuple(found)
