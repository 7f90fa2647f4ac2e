"""A copay that a person chose at the desk: kept in the note of the estimate that was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CHOSEN = "copay chosen:"


def chosen_note(chosen: Mapping[str, int] | None) -> str | None:
    """The note that lets a later look at the visit find the choice again; cents by service."""
    if not chosen:
        return None
    return "\n".join((_CHOSEN, *(f"{code}={cents}" for code, cents in sorted(chosen.items()))))


def chosen_in(estimate: Mapping[str, Any] | None) -> Mapping[str, int]:
    """The choice that went into a kept estimate; empty where nothing was chosen."""
    head, *pairs = str((estimate or {}).get("note") or "").split("\n")
    if head != _CHOSEN:
        return {}
    return {code: int(cents) for code, _, cents in (pair.rpartition("=") for pair in pairs)}
