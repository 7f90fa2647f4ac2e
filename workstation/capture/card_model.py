"""What was read from an insurance card: values, how sure, where they stood, what to check."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

# Left, top, right, bottom as shares (0 to 1) of the straightened picture of one side.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One character to compare with the card: its place in the value and what it could be."""

    position: int
    read: str
    could_be: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field stood: side 0 front, 1 back; the box to show beside the field."""

    side: int
    box: Box
    doubts: tuple[Doubt, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "side": self.side,
            "box": [round(v, 4) for v in self.box],
            "doubts": [
                {"position": d.position, "read": d.read, "could_be": d.could_be}
                for d in self.doubts
            ],
        }


@dataclass(frozen=True, slots=True)
class PayerCandidate:
    """A payer that the card may name; ``score`` 0 to 1."""

    name: str
    score: float
    payer_id: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number (E.164) with what the card says it is for, in lower case."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class SideView:
    """How one side was straightened, for showing and for dragging its corners.

    ``corners`` are shares of the page as loaded, clockwise; ``picture`` is the straightened side
    as JPEG; ``advice`` says how to take a better picture.
    """

    corners: tuple[tuple[float, float], ...]
    cropped: bool
    turned: int
    picture: bytes
    advice: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CardReading:
    """An insurance card as read. Absent is None; money in cents; a field in ``review`` is for a
    person to settle, one with a value and not in ``review`` claims to be right."""

    payer_name: str | None = None
    payer_id: str | None = None
    payer_candidates: tuple[PayerCandidate, ...] = ()
    plan_name: str | None = None
    plan_type: str | None = None
    member_id: str | None = None
    member_name: str | None = None
    group_number: str | None = None
    effective_date: date | None = None
    pcp_name: str | None = None
    dependents: tuple[str, ...] = ()
    rx_bin: str | None = None
    rx_pcn: str | None = None
    rx_group: str | None = None
    copays: dict[str, int] = field(default_factory=dict)
    phones: tuple[Phone, ...] = ()
    barcodes: tuple[dict[str, str], ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)
    review: tuple[str, ...] = ()
    not_a_card: bool = False
    contract_pbp: str | None = None
    person_code: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    sides: tuple[SideView, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The card reading of the contracts, with evidence and advice added."""
        return {
            "payer": {
                "name": self.payer_name,
                "payer_id": self.payer_id,
                "candidates": [
                    {"name": c.name, "score": round(c.score, 2), "payer_id": c.payer_id}
                    for c in self.payer_candidates
                ],
            },
            "plan_name": self.plan_name,
            "plan_type": self.plan_type,
            "member_id": self.member_id,
            "member_name": self.member_name,
            "group_number": self.group_number,
            "effective_date": self.effective_date.isoformat() if self.effective_date else None,
            "pcp_name": self.pcp_name,
            "dependents": list(self.dependents),
            "rx_bin": self.rx_bin,
            "rx_pcn": self.rx_pcn,
            "rx_group": self.rx_group,
            "copays": {
                kind: self.copays.get(kind) for kind in ("pcp", "specialist", "urgent_care", "er")
            },
            "phones": [{"label": p.label, "number": p.number} for p in self.phones],
            "barcodes": list(self.barcodes),
            "confidence": {key: round(value, 2) for key, value in self.confidence.items()},
            "review": list(self.review),
            "not_a_card": self.not_a_card,
            "contract_pbp": self.contract_pbp,
            "person_code": self.person_code,
            "evidence": {key: where.as_json() for key, where in self.evidence.items()},
            "advice": [
                {"side": index, **advice}
                for index, side in enumerate(self.sides)
                for advice in side.advice
            ],
        }
