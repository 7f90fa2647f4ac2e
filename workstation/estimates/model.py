"""An estimate that was shown or printed: a fact, kept as it was given."""

from __future__ import annotations

from workstation.kernel.entities import EntityKind

ESTIMATE = EntityKind("estimate", append_only=True)
"""``input`` is the case and ``answer`` the estimate, both as of contracts.md; never revised."""
