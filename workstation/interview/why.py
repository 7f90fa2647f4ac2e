"""Why something is asked, as the person at the desk reads it: of a question, and of a page.

While the emergency lock holds no word of money stands on any screen (42 CFR 489.24(d)(4)): a reason
that speaks of paying is not shown then. The question itself stands, where it may be asked.
"""

from __future__ import annotations

import re

from workstation.interview.fields import Field, Page
from workstation.interview.situation import Situation

_OF_MONEY = re.compile(
    r"\b(pays?|paid|paying|payments?|bill\w*|claims?|copays?|costs?|estimates?|prices?|owe\w*|collect\w*|"
    r"compensation|receipts?|liab\w+|no-fault)\b",
    re.IGNORECASE,
)


def speaks_of_money(words: str) -> bool:
    """Whether English words are about paying."""
    return _OF_MONEY.search(words) is not None


def why_of(asked: Field | Page, situation: Situation) -> tuple[str, str]:
    """Why it is asked, and the rule behind it; both empty where it may not be said now."""
    told = f"{asked.why} {asked.source}"
    if situation.locked and speaks_of_money(told):
        return "", ""
    return asked.why, asked.source
