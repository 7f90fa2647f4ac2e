"""What an interview leaves behind that no other capability owns: append-only facts."""

from __future__ import annotations

from workstation.kernel.entities import EntityKind

CONFIRMATION = EntityKind("confirmation", append_only=True)
"""A card of *What changed?* was confirmed or edited: the date that staleness counts from."""

MSP_ANSWERS = EntityKind("msp_answers", append_only=True)
"""The Medicare questions as answered at one visit, with who answered; kept 10 years."""

ADVANCE_DIRECTIVE = EntityKind("advance_directive", append_only=True)
"""Whether the person has an advance directive (42 CFR 489.102)."""

SKIPPED_QUESTION = EntityKind("skipped_question", append_only=True)
"""A question left open and the reason that was given."""

MSP_FORM_VERSION = "2020-12-07"
"""The CMS model questions that our wording follows (CR 11945)."""
