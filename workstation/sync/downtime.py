"""What a downtime left behind: a desk was cut off, went on alone, and is back.

Each spell without the shared database that lasted, and in which something was done, becomes one
replicated ``downtime`` when its commands have their outcomes. A supervisor looks at what came in,
what conflicts and who may have been registered twice, and signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from workstation.kernel.commands import Command, Insert
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.sync.model import Outcome

WORTH_A_REPORT = timedelta(minutes=5)
"""A shorter spell is no downtime: the line blinked, and nobody worked from paper."""


def _first_signature(stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two supervisors signed at two desks: the first signature stands."""
    return stands if stands["state"] == "signed" else wanted


DOWNTIME = EntityKind(
    "downtime",
    groups=(
        FieldGroup(
            "signature",
            ("state", "signed_by", "signer", "signed_at", "note", "signed"),
            _first_signature,
        ),
    ),
    owner=None,
)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time without the shared database, as this desk noted it (UTC)."""

    id: str
    began: datetime
    ended: datetime


class OwnWork(Protocol):
    """What this desk did while it was alone; implemented over the outbox."""

    def over(self) -> tuple[Spell, ...]:
        """Spells that have ended and whose commands all have their outcome, the oldest first."""

    def commands(self, spell: Spell) -> list[tuple[Command, str]]:
        """The commands made in the spell with what became of each, in order."""

    def forget(self, spell: Spell) -> None:
        """The spell has its report, or needs none."""


def work_of(commands: Iterable[tuple[Command, str]]) -> dict[str, Any]:
    """What was done, by ids: the facts of a report that no later change can alter.

    ``{"commands", "people", "visits", "payments": [{"id", "tender", "cents"}], "conflicts":
    [command ids], "refused": [{"command", "person_id"}]}``; cents are negative for a refund.
    """
    done: dict[str, Any] = {
        "commands": 0,
        "people": [],
        "visits": [],
        "payments": [],
        "conflicts": [],
        "refused": [],
    }
    for command, outcome in commands:
        done["commands"] += 1
        if outcome == Outcome.REFUSED:
            done["refused"].append({"command": command.type, "person_id": command.subject})
            continue
        if outcome == Outcome.CONFLICT:
            done["conflicts"].append(command.id)
        for change in command.changes:
            if isinstance(change, Insert):
                _count(done, change)
    return done


def _count(done: dict[str, Any], change: Insert) -> None:
    if change.kind == "person":
        done["people"].append(change.id)
    elif change.kind == "visit":
        done["visits"].append(change.id)
    elif change.kind == "payment":
        fields = change.fields
        paid = {"id": change.id, "tender": fields.get("tender"), "cents": fields.get("amount", 0)}
        done["payments"].append(paid)
