"""The benefit model of contracts.md: what a payer said about one person, absent where it did not.

Money is cents, rates are basis points, dates are ``datetime.date``. Zero is a statement of the
payer; None means that the payer said nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from workstation.eligibility.codes import message_tags
from workstation.eligibility.sides import Side
from workstation.kernel.entities import EntityKind
from workstation.x12.model import Finding

ELIGIBILITY_CHECK = EntityKind("eligibility_check", append_only=True)
"""A question to a payer and what came back: a fact, never revised. ``connector`` is the way it
was asked: a clearinghouse, ``phone`` or ``portal``; ``said`` keeps ``say`` for any language."""

PAYER_CONTACT = EntityKind("payer_contact", append_only=True)
"""A call to a payer, or a look into its portal: who said what, under which reference number."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@dataclass(frozen=True, slots=True)
class DateRange:
    """A dated statement. ``exact`` is False for a lone as-of date, which bounds nothing."""

    qualifier: str
    begin: date | None
    end: date | None
    codes: tuple[str, ...]
    bounds: bool = True

    def covers(self, day: date) -> bool:
        """Whether the day lies inside; an open end covers everything on its side."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day <= self.end)

    def as_json(self) -> dict[str, Any]:
        """``{"qualifier", "from", "to", "codes"}``."""
        return {
            "qualifier": self.qualifier,
            "from": _iso(self.begin),
            "to": _iso(self.end),
            "codes": list(self.codes),
        }


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom a 2120 loop names: a payer, a vendor, a primary care clinician, a facility."""

    qualifier: str
    name: str | None
    id: str | None
    id_qualifier: str | None
    contacts: tuple[tuple[str, str], ...] = ()
    """Pairs of kind (``TE`` telephone, ``UR`` web, ``EM`` e-mail …) and number."""

    def as_json(self) -> dict[str, Any]:
        """The entity as a JSON object."""
        return {
            "qualifier": self.qualifier,
            "name": self.name,
            "id": self.id,
            "id_qualifier": self.id_qualifier,
            "contacts": [{"kind": kind, "number": number} for kind, number in self.contacts],
        }


class Row(NamedTuple):
    """One fact: one EB for one of its service types and one of its places of service.

    A named tuple: a 271 has a hundred of them, and frozen dataclasses take six times as long. The
    circumstances that a figure holds under follow from ``level`` on.
    """

    service_type: str | None
    place_of_service: str | None
    number: int
    """``index``: 1-based number of the EB in its loop (the subscriber's or the dependent's)."""
    segment: int
    """1-based number of the segment in the file."""
    loop: str
    code: str
    kind: str
    network: str
    amount: int | None
    rate_bp: int | None
    authorization: str
    level: str | None
    period: str | None
    period_code: str | None
    quantity: int | float | None
    quantity_qualifier: str | None
    insurance_type: str | None
    plan: str | None
    procedure: str | None
    procedure_qualifier: str | None
    modifiers: tuple[str, ...]
    messages: tuple[str, ...]
    entities: tuple[Entity, ...]
    dates: tuple[DateRange, ...]
    conditions: tuple[tuple[str, str], ...]
    """III segments that are no place of service: pairs of qualifier and code."""
    deliveries: tuple[tuple[str, ...], ...]
    """HSD segments, element by element."""
    references: tuple[tuple[str, str, str], ...]
    """REF segments: qualifier, value, description."""

    @property
    def entity(self) -> Entity | None:
        """The first entity named under the row."""
        return self.entities[0] if self.entities else None

    def as_json(self) -> dict[str, Any]:
        """The row of contracts.md, with more keys beside."""
        entity = self.entity
        return {
            "index": self.number,
            "code": self.code,
            "kind": self.kind,
            "service_type": self.service_type,
            "level": self.level,
            "network": self.network,
            "period": self.period,
            "amount": self.amount,
            "rate_bp": self.rate_bp,
            "quantity": self.quantity,
            "insurance_type": self.insurance_type,
            "authorization": self.authorization,
            "place_of_service": self.place_of_service,
            "procedure": self.procedure,
            "messages": list(self.messages),
            "tags": message_tags(self.messages),
            "entity": entity.as_json() if entity is not None else None,
            "dates": [value.as_json() for value in self.dates],
            "plan": self.plan,
            "period_code": self.period_code,
            "quantity_qualifier": self.quantity_qualifier,
            "procedure_qualifier": self.procedure_qualifier,
            "modifiers": list(self.modifiers),
            "entities": [value.as_json() for value in self.entities],
            "conditions": [{"qualifier": a, "code": b} for a, b in self.conditions],
            "deliveries": [list(value) for value in self.deliveries],
            "references": [
                {"qualifier": a, "value": b, "description": c or None}
                for a, b, c in self.references
            ],
            "loop": self.loop,
            "segment": self.segment,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A subscriber or patient as the payer names them."""

    last: str | None = None
    first: str | None = None
    middle: str | None = None
    suffix: str | None = None
    member_id: str | None = None
    dob: date | None = None
    sex: str | None = None
    relation: str | None = None
    """INS02: 18 self, 01 spouse, 19 child …"""
    group_number: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    corrected: bool = False
    """INS03/04 001/25: the payer changed an identifying element."""

    def as_json(self) -> dict[str, Any]:
        """The person of contracts.md, with more keys beside."""
        return {
            "last": self.last,
            "first": self.first,
            "middle": self.middle,
            "suffix": self.suffix,
            "member_id": self.member_id,
            "dob": _iso(self.dob),
            "sex": self.sex,
            "relation": self.relation,
            "group_number": self.group_number,
            "street": self.street,
            "street2": self.street2,
            "city": self.city,
            "state": self.state,
            "zip": self.zip,
            "corrected": self.corrected,
        }


@dataclass(frozen=True, slots=True)
class Party:
    """A payer, plan, vendor or clinician that the answer points to, and the row that does so."""

    name: str | None
    id: str | None
    insurance_type: str | None
    row: int | None
    role: str = ""
    id_qualifier: str | None = None
    service_types: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    messages: tuple[str, ...] = ()
    dates: tuple[DateRange, ...] = ()
    member_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """``{"name", "id", "insurance_type", "row"}`` with more keys beside."""
        return {
            "name": self.name,
            "id": self.id,
            "insurance_type": self.insurance_type,
            "row": self.row,
            "role": self.role or None,
            "id_qualifier": self.id_qualifier,
            "service_types": list(self.service_types),
            "contacts": [{"kind": kind, "number": number} for kind, number in self.contacts],
            "messages": list(self.messages),
            "dates": [value.as_json() for value in self.dates],
            "member_id": self.member_id,
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """An AAA segment: whose data is at fault, why, and the one thing to do about it."""

    loop: str
    code: str
    follow_up: str
    fix: str
    field: str | None
    """Key of the registration field to open, where one is at fault."""
    retryable: bool
    """The payer's own trouble: asking the same again later is the remedy."""
    valid: str

    def as_json(self) -> dict[str, Any]:
        """``{"loop", "code", "follow_up", "fix", "field", "retryable", "valid"}``."""
        return {
            "loop": self.loop,
            "code": self.code,
            "follow_up": self.follow_up,
            "fix": self.fix,
            "field": self.field,
            "retryable": self.retryable,
            "valid": self.valid,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What one 271 says about one person."""

    status: str
    status_detail: str
    plan_name: str | None
    payer: Party
    subscriber: Member
    patient: Member
    dates: tuple[DateRange, ...]
    rows: tuple[Row, ...]
    summary: dict[str, tuple[Side, Side]]
    """Service type to its in-network and out-of-network sides."""
    other_payers: tuple[Party, ...] = ()
    primary_care: Party | None = None
    carve_outs: tuple[Party, ...] = ()
    managed_care: Party | None = None
    rejections: tuple[Rejection, ...] = ()
    findings: tuple[Finding, ...] = ()
    service_date: date | None = None
    traces: tuple[str, ...] = ()
    flags: tuple[str, ...] = field(default=())
    """``qmb``, ``spend_down``, ``hospice``, ``deceased``, ``medicare_secondary``, ``corrected``."""

    is_dependent: bool = False
    """The benefits stand in a dependent's loop."""

    def as_json(self) -> dict[str, Any]:
        """The benefit model of contracts.md, key order fixed."""
        primary, managed = self.primary_care, self.managed_care
        return {
            "status": self.status,
            "status_detail": self.status_detail,
            "plan_name": self.plan_name,
            "payer": self.payer.as_json(),
            "subscriber": self.subscriber.as_json(),
            "patient": self.patient.as_json(),
            "dates": [value.as_json() for value in self.dates],
            "rows": [row.as_json() for row in self.rows],
            "summary": {
                code: {"in": sides[0].as_json(), "out": sides[1].as_json()}
                for code, sides in self.summary.items()
            },
            "other_payers": [value.as_json() for value in self.other_payers],
            "primary_care": primary.as_json() if primary is not None else None,
            "carve_outs": [value.as_json() for value in self.carve_outs],
            "managed_care": managed.as_json() if managed is not None else None,
            "rejections": [value.as_json() for value in self.rejections],
            "findings": [finding.as_json() for finding in self.findings],
            "service_date": _iso(self.service_date),
            "traces": list(self.traces),
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class BenefitFile:
    """All answers of one 271 file, and the rejections that concern no person."""

    answers: tuple[Answer, ...]
    rejections: tuple[Rejection, ...]
    findings: tuple[Finding, ...]
    traces: tuple[str, ...] = ()
    """Every TRN02 and BHT03 of the file: what binds it to the question."""

    def as_json(self) -> dict[str, Any]:
        """``{"answers", "rejections", "findings"}``."""
        return {
            "answers": [answer.as_json() for answer in self.answers],
            "rejections": [value.as_json() for value in self.rejections],
            "findings": [finding.as_json() for finding in self.findings],
        }
