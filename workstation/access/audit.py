"""What the audit trail says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Result of walking the chain: ``first_bad`` is the first entry number that does not fit."""

    ok: bool
    entries: int
    first_bad: int | None

    def as_json(self) -> dict[str, object]:
        """The shape of contracts.md."""
        return {"ok": self.ok, "entries": self.entries, "first_bad": self.first_bad}
