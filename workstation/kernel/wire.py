"""How a command is written down for the outbox, the inbox and the feed: JSON, version first."""

from __future__ import annotations

import json
from typing import Any

from workstation.kernel.clock import from_iso, iso
from workstation.kernel.commands import Change, Command, Insert, Revise


def command_to_json(command: Command) -> str:
    """The command as canonical JSON text."""
    return json.dumps(
        {
            "schema": command.schema,
            "id": command.id,
            "type": command.type,
            "actor": command.actor,
            "at": iso(command.at),
            "facility": command.facility,
            "reason": command.reason,
            "subject": command.subject,
            "changes": [_change_to_json(change) for change in command.changes],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def command_from_json(text: str) -> Command:
    """Reads what :func:`command_to_json` wrote; unknown keys of a newer writer are ignored."""
    value: dict[str, Any] = json.loads(text)
    return Command(
        id=value["id"],
        type=value["type"],
        actor=value["actor"],
        at=from_iso(value["at"]),
        facility=value["facility"],
        changes=tuple(_change_from_json(change) for change in value["changes"]),
        reason=value.get("reason"),
        subject=value.get("subject"),
        schema=value["schema"],
    )


def _change_to_json(change: Change) -> dict[str, Any]:
    if isinstance(change, Insert):
        return {"insert": change.kind, "id": change.id, "fields": dict(change.fields)}
    return {
        "revise": change.kind,
        "id": change.id,
        "base_rev": change.base_rev,
        "base": dict(change.base),
        "set": dict(change.set),
    }


def _change_from_json(value: dict[str, Any]) -> Change:
    if "insert" in value:
        return Insert(value["insert"], value["id"], value["fields"])
    return Revise(value["revise"], value["id"], value["base"], value["set"], value["base_rev"])
