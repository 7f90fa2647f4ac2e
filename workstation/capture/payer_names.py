"""The names that payers have on cards, and how much a text of a card is like one of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz

# A site's own directory repeats Medicare, and names payers that give no cards.
_NOT_ON_CARDS = frozenset({"medicare", "workers_compensation", "auto"})
_LEADS = frozenset({"by", "from", "to", "at", "with", "through", "for", "call", "visit", "mail"})
"""Words after which a payer may be named."""
# Words that say what a plan is, never whose: a heading of these alone names no payer.
_KIND_WORDS = frozenset(
    """health healthcare care insurance plan plans medicare medicaid advantage supplement medical
    dental vision prescription drug pharmacy rx managed star choice plus select open access gold
    silver bronze platinum premier basic standard ppo hmo epo pos hdhp hsa hmo-pos dhmo d-snp snp
    network group a b c d e f g k l m n of and the program assistance chip family basic""".split()  # noqa: SIM905
)
_LONG = 12  # letters from which a name is telling even within a longer text


@dataclass(frozen=True, slots=True)
class KnownPayer:
    """One payer of the table: ``names`` are the name and aliases, compacted for comparing,
    ``sites`` the part of a web address before its ending; an ``ordinary`` name is also a word of
    the language and counts only where it stands alone."""

    name: str
    payer_id: str | None
    kind: str | None
    names: tuple[str, ...]
    sites: tuple[str, ...] = ()
    ordinary: bool = False


@cache
def known_payers() -> tuple[KnownPayer, ...]:
    """Well-known payers, and the site's own directory."""
    rules = resources.files("resources") / "rules"
    rows: list[dict[str, Any]] = json.loads((rules / "payer_names.json").read_text("utf-8"))[
        "payers"
    ]
    own: list[dict[str, Any]] = json.loads((rules / "payers.json").read_text("utf-8"))["payers"]
    rows += [row for row in own if row["kind"] not in _NOT_ON_CARDS]
    return tuple(
        KnownPayer(
            row["name"],
            row.get("payer_id"),
            row.get("kind"),
            tuple(dict.fromkeys(compact(n) for n in [row["name"], *row.get("aliases", [])])),
            tuple(row.get("sites", ())),
            bool(row.get("ordinary")),
        )
        for row in rows
    )


@cache
def payers_by_site() -> dict[str, KnownPayer]:
    """Payers by their web addresses."""
    return {site: payer for payer in known_payers() for site in payer.sites}


def compact(text: str) -> str:
    """Letters and digits only, without the words that cards put in or leave out."""
    text = re.sub(r"\bof\b|\band\b|\bthe\b|\binc\b|\bllc\b", " ", text.lower())
    return re.sub(r"[^a-z0-9]", "", text)


@cache
def is_only_kind(text: str) -> bool:
    """Whether a text says what a plan is and not whose: ``Vision Plan``, ``Medicaid``."""
    words = re.sub(r"[^a-z\- ]", " ", text.lower()).split()
    return all(word in _KIND_WORDS for word in words)


def likeness(text: str, payer: KnownPayer) -> float:
    """0 to 1: whether a text is, holds (as whole words) or resembles one of a payer's names."""
    flat, ends = _flat_and_ends(text)
    if flat in payer.names:
        best = 1.0
    elif is_only_kind(text):
        return 0.0  # "STAR Medicaid" is not nearly "State Medicaid"
    else:
        best = max(_one_likeness(flat, ends, name, payer) for name in payer.names)
    return best + 0.002 * min(max(map(len, payer.names)), 20) if best else 0.0


@cache
def _flat_and_ends(text: str) -> tuple[str, dict[int, str]]:
    """The compacted text, and where in it which word ends; at 0 none does."""
    at, ends = 0, {0: ""}
    for word in text.split():
        at += len(compact(word))
        ends.setdefault(at, word.lower().strip(".,:;()"))
    return compact(text), ends


def _one_likeness(flat: str, ends: dict[int, str], name: str, payer: KnownPayer) -> float:
    share = len(name) / max(len(flat), 1)
    at = flat.find(name) if len(name) >= 5 else -1
    if at >= 0:
        return 0.0 if payer.ordinary else _as_part(flat, ends, at, name, payer.kind)
    if len(name) >= 6 and 0.62 < share < 1.6:
        ratio = fuzz.ratio(flat, name, score_cutoff=88) / 100
        return ratio if ratio >= 0.88 else 0.0
    return 0.0


def _as_part(flat: str, ends: dict[int, str], at: int, name: str, kind: str | None) -> float:
    """How telling a name within a longer text is.

    Another word before it makes another name: Bluestem Health Partners is not HealthPartners.
    """
    end, share = at + len(name), len(name) / len(flat)
    if at not in ends or (end not in ends and len(name) < _LONG):
        return 0.0
    if kind in ("medicare", "medicaid") and (share < 0.55 or flat[-2:] in ("id", "no")):
        return 0.0  # these words stand on many other payers' cards
    if at > 0 and share < 0.8 and ends[at] not in _LEADS:
        return 0.0
    return (0.72 if len(name) >= 8 else 0.6) + 0.25 * share
