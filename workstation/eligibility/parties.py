"""Whom the rows point to: other payers, primary care, carve-outs, the plan that manages care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workstation.eligibility.codes import MEDICARE_ADVANTAGE_TYPES
from workstation.eligibility.elements import coverage_holds
from workstation.eligibility.model import Entity, Party, Row

_ORDER = {"PR": "payer", "PRP": "primary", "SEP": "secondary", "TTP": "tertiary"}
_POINTING = frozenset({"R", "L", "U", "MC", "T", "X", "Y"})
"""EB01 that names somebody else or raises a flag, whatever else the row says."""
_ORDERED = frozenset({"PRP", "SEP", "TTP"})
_MEDICARE = frozenset({"MA", "MB"})
_MEDICARE_SECONDARY = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})


@dataclass(frozen=True, slots=True)
class Parties:
    """Everything that one answer points to."""

    other_payers: tuple[Party, ...]
    primary_care: Party | None
    carve_outs: tuple[Party, ...]
    managed_care: Party | None
    flags: tuple[str, ...]


def find_parties(rows: Sequence[Row], service_date: date | None) -> Parties:
    """Reads EB*R, EB*L, EB*U, EB*MC and the 2120 loops of the others."""
    others: list[Party] = []
    primary: list[tuple[bool, Party]] = []
    carved: list[Party] = []
    managed: list[Party] = []
    rows = [row for row in rows if row.insurance_type or row.entities or row.code in _POINTING]
    family = {row.insurance_type for row in rows if row.insurance_type}
    for group in _by_segment(rows):
        row = group[0]
        types = tuple(dict.fromkeys(r.service_type for r in group if r.service_type))
        others += _other_payers(row, types)
        if row.code == "L" or (row.code != "R" and _of(row, "P3")):
            found = _party(row, _of(row, "P3") or row.entity, types, "primary_care")
            primary.append((coverage_holds(row.dates, service_date) is not False, found))
        carved += _carve_outs(row, types)
        plan = _managed(row, types, family)
        if plan is not None and coverage_holds(row.dates, service_date) is not False:
            managed.append(plan)
    primary.sort(key=lambda pair: not pair[0])
    return Parties(
        tuple(others),
        primary[0][1] if primary else None,
        tuple(carved),
        managed[0] if managed else None,
        _flags(rows, service_date),
    )


def _by_segment(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one EB together: a party is named once, however many service types it has."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.segment, []).append(row)
    return list(groups.values())


def _of(row: Row, qualifier: str) -> Entity | None:
    return next((entity for entity in row.entities if entity.qualifier == qualifier), None)


def _other_payers(row: Row, types: tuple[str, ...]) -> list[Party]:
    if row.code != "R":
        return [
            _party(row, entity, types, _ORDER[entity.qualifier])
            for entity in row.entities
            if entity.qualifier in _ORDERED
        ]
    named = [entity for entity in row.entities if entity.qualifier in _ORDER]
    insured = _of(row, "IL")
    member = insured.id if insured is not None else None
    if not named:
        rest = [entity for entity in row.entities if entity.qualifier != "IL"]
        return [_party(row, rest[0] if rest else None, types, "", member)]
    return [_party(row, entity, types, _ORDER[entity.qualifier], member) for entity in named]


def _carve_outs(row: Row, types: tuple[str, ...]) -> list[Party]:
    if row.code == "U":
        if not row.entities:
            return [_party(row, None, types, "")]
        return [_party(row, entity, types, entity.qualifier) for entity in row.entities]
    if row.code in ("L", "R"):
        return []
    return [
        _party(row, entity, types, "vendor") for entity in row.entities if entity.qualifier == "VN"
    ]


def _managed(row: Row, types: tuple[str, ...], family: set[str]) -> Party | None:
    """The plan that stands in for Medicare or Medicaid, or coordinates care (EB*MC)."""
    if row.code == "MC":
        return _party(row, row.entity, types, "managed_care")
    kind = row.insurance_type
    if kind not in MEDICARE_ADVANTAGE_TYPES:
        return None
    named = row.code in ("R", "U")
    if family & _MEDICARE and named:
        return _party(row, _plan_entity(row), types, "medicare_advantage")
    if "MC" in family and (named or row.code == "1"):
        return _party(row, _plan_entity(row), types, "medicaid_managed_care")
    return None


def _plan_entity(row: Row) -> Entity | None:
    return next((e for e in row.entities if e.qualifier not in ("P3", "IL")), None)


def _party(
    row: Row,
    entity: Entity | None,
    types: tuple[str, ...],
    role: str,
    member_id: str | None = None,
) -> Party:
    policy = next((value for code, value, _ in row.references if code in ("IG", "1W", "6P")), None)
    return Party(
        name=(entity.name if entity is not None else None) or row.plan,
        id=entity.id if entity is not None else None,
        insurance_type=row.insurance_type,
        row=row.number,
        role=role,
        id_qualifier=entity.id_qualifier if entity is not None else None,
        service_types=types,
        contacts=entity.contacts if entity is not None else (),
        messages=row.messages,
        dates=row.dates,
        member_id=member_id or policy,
    )


def _flags(rows: Sequence[Row], on: date | None) -> tuple[str, ...]:
    flags: list[str] = []
    for row in rows:
        if row.dates and coverage_holds(row.dates, on) is False:
            continue
        if row.insurance_type == "QM" and row.kind in ("active", "deductible", "benefit", "other"):
            flags.append("qmb")
        if row.kind == "spend_down":
            flags.append("spend_down")
        if row.service_type == "45" and row.code == "X":
            flags.append("hospice")
        if row.code == "R" and row.insurance_type in _MEDICARE_SECONDARY:
            flags.append("medicare_secondary")
        if row.code == "T":
            flags.append("card_lost")
    return tuple(dict.fromkeys(flags))
