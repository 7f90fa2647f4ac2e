"""A coverage as the desk knows it, and what two desks may never settle about it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from workstation.kernel.entities import EntityKind, FieldGroup, Twins


class PayerKind(StrEnum):
    """What a payer is, as far as it changes what is asked and what may be owed (field.md 4.12)."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDIGAP = "medigap"
    MEDICAID = "medicaid"
    TRICARE = "tricare"
    VA = "va"
    WORKERS_COMP = "workers_comp"
    AUTO = "auto"
    EMPLOYER_PAID = "employer_paid"
    SELF_PAY = "self_pay"


RELATIONS = ("self", "spouse", "child", "other")
"""What the patient is to whoever holds the plan."""


def same_coverage(stands: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows of one person are one policy: payer, id or claim, plan, and time agree.

    Medical and dental plans of one payer may share a member id, and a new year's policy keeps it:
    other plans and other times are other coverages.
    """
    if stands.get("retired") or other.get("retired"):
        return False
    if _key(stands) != _key(other) or not any(_key(other)[1:]):
        return False
    plans = {_plain(row.get("plan_name")) for row in (stands, other)} - {""}
    overlap = all(
        (one.get("from") or "") <= (two.get("to") or "9999")
        for one, two in ((stands, other), (other, stands))
    )
    return len(plans) < 2 and overlap


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    payer = row.get("payer_id") or row.get("payer_name")
    return _plain(payer), _plain(row.get("member_id")), _plain(row.get("claim_number"))


def _plain(text: object) -> str:
    """Letters and figures alone, as ids and names are compared."""
    return "".join(char for char in str(text or "").casefold() if char.isalnum())


COVERAGE = EntityKind(
    "coverage",
    groups=(
        FieldGroup(
            "coverage",
            (
                "person_id",
                "payer_id",
                "payer_name",
                "payer_kind",
                "plan_name",
                "plan_type",
                "member_id",
                "group_number",
                "relation",
                "subscriber",
                "order",
                "from",
                "to",
                "claim_number",
                "injury_date",
                "do_not_bill",
                "retired",
            ),
        ),
        FieldGroup("pharmacy", ("rx_bin", "rx_pcn", "rx_group")),
        FieldGroup("verified", ("status", "verified_at", "verified")),
        FieldGroup("card", ("card_front", "card_back")),
    ),
    twins=Twins(
        same_coverage,
        told=(
            "plan_name",
            "plan_type",
            "group_number",
            "relation",
            "subscriber",
            "from",
            "to",
            "injury_date",
        ),
        put_away={"retired": True},
    ),
)
"""Two desks that disagree about who pays wait for a person: nothing here is merged silently."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One coverage of a person. Dates are ISO text; ``order`` 1 pays first.

    ``from`` and ``to`` of the row are ``starts`` and ``ends`` here. ``subscriber`` is a Person of
    contracts.md with ``employer``, None where the patient holds the plan. ``verified`` holds the
    facts that the payer confirmed, ``do_not_bill`` the patient's wish (45 CFR 164.522(a)(1)(vi)).
    """

    id: str
    person_id: str
    payer_id: str | None = None
    payer_name: str | None = None
    payer_kind: str | None = None
    plan_name: str | None = None
    plan_type: str | None = None
    member_id: str | None = None
    group_number: str | None = None
    relation: str | None = None
    subscriber: Mapping[str, Any] | None = None
    order: int | None = None
    starts: str | None = None
    ends: str | None = None
    claim_number: str | None = None
    injury_date: str | None = None
    rx_bin: str | None = None
    rx_pcn: str | None = None
    rx_group: str | None = None
    pcp_name: str | None = None
    adjuster: str | None = None
    status: str | None = None
    """``active``, ``inactive``, ``partial`` or ``not_answered`` at the last answer."""
    verified_at: str | None = None
    verified: Mapping[str, Any] | None = None
    do_not_bill: bool | None = None
    retired: bool | None = None
    """Entered by mistake: kept, shown to nobody."""
    card_front: str | None = None
    card_back: str | None = None
    rev: int = 1

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Coverage:
        """A stored row as a value."""
        known = {name: row[key] for name, key in _COLUMNS.items() if key in row}
        return cls(**known)

    def in_force(self, day: str) -> bool:
        """Whether its dates hold on an ISO day; an open end holds."""
        return (self.starts or "") <= day <= (self.ends or "9999")


_RENAMED = {"starts": "from", "ends": "to"}
_COLUMNS = {field.name: _RENAMED.get(field.name, field.name) for field in fields(Coverage)}
KEYS = frozenset(_COLUMNS.values()) - {"id", "person_id", "rev"}
"""Every field of a coverage row that a use case may set."""
