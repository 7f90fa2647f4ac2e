"""Tells an insurance card from everything else that lands under a desk camera."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workstation.capture.anchors import marks_in
from workstation.capture.ocr import Line
from workstation.capture.payer_names import known_payers

_SUBJECT = re.compile(
    r"(?i)health\s*(?:plan|insurance|care|net|partners|benefit)|medicare|medicaid|medi-cal|tricare|"
    r"insurance|blue\s*(?:cross|shield)|copay|deductible|rx\s*(?:bin|pcn|grp|group)|\bppo\b|\bhmo\b|"
    r"\bepo\b|\bhdhp\b|subscriber|enrollee|in-?network|prior auth|precert|prescription|"
    r"pharmacy|"
    r"(?:dental|vision|eye ?care)\s*(?:plan|ppo|care|insurance|benefits)|"
    r"benefits|coinsurance|primary care|urgent care|uniformed services|\bdod\b"
)
_OTHER = re.compile(
    r"(?i)driver'?s?\s*licen[sc]e|identification card|learner|passport|social security|"
    r"library|gift card|debit|credit|visa\b|mastercard|boarding|invoice|receipt|statement of|"
    r"explanation of benefits|this is not a bill|amount due|total due|subtotal|balance due|"
    r"vaccination record|appointment|gym\b|fitness|rewards? (?:card|member)|loyalty|dear\s|"
    r"sincerely|"
    r"fishing|voter|registration card|vehicle|menu|business hours|real estate|employee badge|"
    r"student|university"
)
# Words that end the matter: an insurer's letters speak of members and groups as well.
_NEVER = re.compile(
    r"(?i)explanation of benefits|this is not a bill|amount due|total due|balance due|"
    r"driver'?s?\s*licen[sc]e|\binvoice\b|statement of account|boarding pass|passport"
)
_LICENCE = re.compile(
    r"(?i)driver'?s?\s*licen[sc]e|operator'?s?\s*licen[sc]e|\b4[ab]\s*(?:iss|exp)|\bDL\s*[A-Z]?[0-9]{6,}"
)
_TELLING = {"rx_bin": 2.0, "rx_pcn": 2.0, "rx_group": 2.0, "rx_all": 3.0, "rx_two": 3.0,
            "payer_id": 1.5, "member_id": 1.5, "group": 1.0, "issuer": 1.5, "pcp": 1.0,
            "effective": 0.5, "dependents": 0.5, "member_name": 0.5, "plan": 0.5}  # fmt: skip


def looks_like_a_licence(front: Sequence[Line]) -> bool:
    """Whether a front is that of a driver's licence or state identification card."""
    return any(_LICENCE.search(line.text) for line in front)


def looks_like_a_card(front: Sequence[Line], back: Sequence[Line]) -> bool:
    """Whether labels and words of health insurance prevail. Gift cards and letters: no."""
    if any(_NEVER.search(line.text) for line in front):
        return False
    lines = [*front, *back]
    keys = {mark.key for line in lines for mark in marks_in(line)}
    subject = {m.group().lower() for line in lines for m in _SUBJECT.finditer(line.text)}
    other = {m.group().lower() for line in lines for m in _OTHER.finditer(line.text)}
    words = re.sub(r"[^a-z0-9 ]", "", " ".join(line.text.lower() for line in lines)).replace(
        " ", ""
    )
    known = any(len(n) >= 5 and n in words for payer in known_payers() for n in payer.names)
    score = sum(_TELLING.get(key, 0.0) for key in keys)
    score += 1.0 * min(len(subject), 5) + (2.5 if known else 0.0)
    score -= 2.5 * len(other)
    if not subject and not known:
        return False
    return score >= 4.0
