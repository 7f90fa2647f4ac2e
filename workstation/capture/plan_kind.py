"""What kind of plan a card belongs to, and what the plan calls itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workstation.capture.anchors import Layout
from workstation.capture.ocr import Line

_NETWORKS = re.compile(r"(?<![A-Za-z])(PPO|HMO|EPO|POS)(?![A-Za-z])")
_HIGH = re.compile(r"(?i)\bHDHP\b|high[\s\-]*deductible|\bHSA\b|health savings")
_ADVANTAGE = re.compile(
    r"(?i)medicare\s*(?:advantage|complete|health plan|hmo|ppo)|\bMA-?PD\b|"
    r"\b(?:HMO[\s\-]*)?D-?SNP\b"
)
_MEDICARE = re.compile(
    r"(?i)medicare\s*health\s*insurance|hospital\s*\(part\s*a\)|medical\s*\(part\s*b\)"
)
_MEDICAID = re.compile(
    r"(?i)\bmedicaid\b|medi-cal\b|medical assistance|\bCHIP\b|badgercare|masshealth|soonercare|"
    r"tenncare"
)
_TRICARE = re.compile(r"(?i)\btricare\b|uniformed services|\bdod\b|department of defense|\bDBN\b")
_RX_ONLY = re.compile(
    r"(?i)prescription\s*(?:drug|benefit|card|plan|program|savings)?|pharmacy (?:benefit|card)|"
    r"\bdrug (?:card|plan)|\brx (?:card|only|plan)|express scripts|optum ?rx|caremark"
)

_HEADING = 40
_TEETH_OR_EYES = re.compile(r"(?i)\b(?:dental|vision)\s+(?:ppo|hmo|dhmo|epo|plan|insurance|care)\b")


def plan_type(
    front: Sequence[Line], back: Sequence[Line], facts: dict[str, bool]
) -> tuple[str | None, bool]:
    """The plan type of the contracts and whether the card says it plainly.

    ``facts``: ``mbi``, ``contract_pbp``, ``rx``, ``group``, ``copays``, and the payer's ``kind_…``.
    """
    words = "\n".join(line.text for line in front)
    all_words = words + "\n" + "\n".join(line.text for line in back)
    if _is_not_medical(words, facts):
        return None, True
    found = _government(words, all_words, facts)
    if found is not None:
        return found, True
    if _rx_only(words, facts):
        return "RX_ONLY", True
    if _HIGH.search(words):
        return "HDHP", True
    networks = set(_NETWORKS.findall(words)) or set(_NETWORKS.findall(all_words))
    if len(networks) == 1:
        return networks.pop(), True
    named = [n for line in front if len(line.text) < 40 for n in _NETWORKS.findall(line.text)]
    return (named[0], False) if named else (None, True)


def _is_not_medical(words: str, facts: dict[str, bool]) -> bool:
    """A dental or vision card: its PPO is no medical plan."""
    named = facts.get("kind_dental") or facts.get("kind_vision") or _TEETH_OR_EYES.search(words)
    medical = facts.get("rx") or facts.get("copays") or re.search(r"(?i)\bmedical\b", words)
    return bool(named) and not medical


def _government(words: str, all_words: str, facts: dict[str, bool]) -> str | None:
    if facts.get("contract_pbp") or _ADVANTAGE.search(words):
        return "MEDICARE_ADVANTAGE"
    if _TRICARE.search(words):
        return "TRICARE"
    if _MEDICARE.search(words) or (facts.get("mbi") and re.search(r"(?i)medicare", words)):
        return "MEDICARE"
    if _MEDICAID.search(words) or (facts.get("kind_medicaid") and not _NETWORKS.search(words)):
        return "MEDICAID"  # its payers sell plans of the marketplace too, which print their type
    if re.search(r"(?i)medicare", _headings(words)) and _NETWORKS.search(words):
        return "MEDICARE_ADVANTAGE"
    return "TRICARE" if _TRICARE.search(all_words) and facts.get("kind_tricare") else None


def _headings(words: str) -> str:
    """The short lines: what a sentence says of Medicare is about somebody else's plan."""
    return "\n".join(line for line in words.splitlines() if len(line) <= _HEADING)


def _rx_only(words: str, facts: dict[str, bool]) -> bool:
    if not facts.get("rx") or facts.get("copays") or _NETWORKS.search(words):
        return False
    return bool(_RX_ONLY.search(words)) and not re.search(r"(?i)\bmedical\b|office|\bpcp\b", words)


def plan_name(layout: Layout, payer: str | None) -> tuple[str, Line, float] | None:
    """The plan's own name with its line and how sure: labelled, else a heading with its type."""
    seen: set[int] = set()
    for pair in layout.pairings("plan"):
        if id(pair.mark) in seen:
            continue  # only the nearest text belongs to a label so common in prose
        seen.add(id(pair.mark))
        text = pair.text.strip(" :.-")
        if _is_name(text) and not _NETWORKS.fullmatch(text):
            return text, pair.line, 0.9 * pair.trust
    for line in layout.lines:
        text = line.text.strip(" :.-")
        typed = _NETWORKS.search(text) or _HIGH.search(text) or _ADVANTAGE.search(text)
        if not typed or layout.is_label(line) or not 2 <= len(text.split()) <= 7 or "$" in text:
            continue
        if payer is None or text.lower() != payer.lower():
            return text, line, 0.8
    return None


def _is_name(text: str) -> bool:
    if not 2 <= len(text) <= 45 or not text[0].isupper() or len(text.split()) > 6:
        return False
    return not re.search(r"\$|\b(?i:id)\b|[0-9]{6}|(?i:visit|copay|member|coverage)", text)
