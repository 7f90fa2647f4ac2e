"""Recognises a label that was misread beyond spelling: ``Member Naume``, ``Covrrage Elvetive``.

A guess is good enough to offer what stands beside it to a person, never to claim that it is right.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

# The usual words only: the rarer a label, the less a smudge should be taken for it.
_PHRASES = {
    "member_id": (
        "Member ID", "Member ID Number", "Member Number", "Subscriber ID", "Subscriber Number",
        "Identification Number", "ID Number", "Policy Number", "Enrollee ID", "Medicaid ID",
        "Recipient ID", "Cardholder ID", "ID#", "Insured ID", "Contract Number",
        "DoD Benefits Number",
    ),
    "member_name": ("Member Name", "Subscriber Name", "Enrollee Name", "Insured Name",
                    "Cardholder Name", "Recipient Name"),
    "group": ("Group Number", "Group No", "Group ID", "Employer Group", "Account Number"),
    "effective": ("Effective Date", "Coverage Effective Date", "Effective", "Eff Date",
                  "Plan Effective Date", "Coverage Begins"),
    "rx_bin": ("RxBIN", "RxBIN No"),
    "rx_pcn": ("RxPCN", "PCN No"),
    "rx_group": ("RxGroup", "RxGrp", "Rx Group No"),
    "payer_id": ("Payer ID", "Electronic Payer ID", "EDI Payer ID"),
    "pcp": ("Primary Care Physician", "Primary Care Provider", "PCP Name"),
    "dependents": ("Dependents", "Covered Dependents"),
    "group_name": ("Group Name", "Employer"),
}  # fmt: skip
_LIKE = 77.0  # per cent
_LONGEST = 30
_TWINS = str.maketrans("015|!l8d", "oisiiibo")


def _folded(text: str) -> str:
    """Lower case without what is not a letter, look-alikes as one."""
    return re.sub(r"[^a-z#]", "", text.lower().translate(_TWINS))


_FOLDED = tuple((_folded(phrase), key) for key, phrases in _PHRASES.items() for phrase in phrases)


_SECOND_WORDS = ("number", "name", "date")


def smudged_word(text: str) -> int:
    """How much of a text is a misread second word of a label (``Numuber``); 0 where none is."""
    match = re.match(r"\s*([A-Za-z]{4,9})[\s.:#]*(?![a-z])", text)
    if match is None:
        return 0
    like = max(fuzz.ratio(match[1].lower(), word) for word in _SECOND_WORDS)
    return match.end() if _LIKE <= like < 100.0 else 0


def guessed_label(text: str) -> tuple[str, int] | None:
    """The key of a misread label that a line begins with, and where it ends; None where none does.

    The label ends at a colon, else it is the whole line.
    """
    before, colon, _ = text.partition(":")
    label = before if colon else text
    if len(label) > _LONGEST or re.search(r"[0-9]{4}|\$", label):
        return None
    flat = _folded(label)
    if len(flat) < 3:
        return None
    best = max(((fuzz.ratio(flat, phrase), key) for phrase, key in _FOLDED), default=(0.0, ""))
    if best[0] < _LIKE:
        return None
    return best[1], len(before) + len(colon)
