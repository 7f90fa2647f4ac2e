"""EB loops into rows: one per service type and place of service, children bound to their EB."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from workstation.eligibility.codes import AUTHORIZATIONS, KINDS, NETWORKS, PERIODS
from workstation.eligibility.elements import basis_points, cents, date_ranges, quantity
from workstation.eligibility.model import DateRange, Entity, Row
from workstation.x12.model import Delimiters, Finding, Loop, Segment

_BLANKS = ("",) * 13
"""Payers leave out the empty elements at the end of an EB; thirteen are read here."""


_Procedure = tuple[str | None, str | None, tuple[str, ...]]
_NO_PROCEDURE: _Procedure = (None, None, ())


class _Bound(NamedTuple):
    """What stands under one EB and belongs to it alone: the last fields of a row."""

    messages: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    dates: tuple[DateRange, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    deliveries: tuple[tuple[str, ...], ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()


_NOTHING_BOUND = _Bound()
_ANYWHERE: tuple[str | None, ...] = (None,)


def read_rows(loops: Iterable[Loop], marks: Delimiters, findings: list[Finding]) -> list[Row]:
    """The rows of one person's 2110 loops; their EBs are counted from 1."""
    reader = _RowReader(marks, findings)
    for number, loop in enumerate([loop for loop in loops if loop.segments[0].tag == "EB"], 1):
        reader.take(number, loop)
    return reader.rows


class _RowReader:
    """Makes rows of EBs, one after another."""

    def __init__(self, marks: Delimiters, findings: list[Finding]) -> None:
        self._repetition = marks.repetition
        self._component = marks.component
        self._findings = findings
        self.rows: list[Row] = []

    def take(self, number: int, loop: Loop) -> None:
        """One 2110 loop: its EB and all that is bound to it."""
        eb = loop.segments[0]
        elements = list(map(str.strip, eb.elements))
        elements += _BLANKS
        (
            _, code, level, types, insurance_type, plan, period, dollars, percent,
            unit, count, authorization, network, procedure,
        ) = elements[:14]  # fmt: skip
        served = NETWORKS.get(network) or self._unknown_network(network, eb)
        amount, rate = self._figures(dollars, percent, eb) if dollars or percent else (None, None)
        done = self._procedure(procedure) if procedure else _NO_PROCEDURE
        bound, places = _NOTHING_BOUND, _ANYWHERE
        if len(loop.segments) > 1 or loop.loops:
            bound, places = _read_bound(loop, self._findings)
        stated = (
            number, eb.number, loop.name, code, KINDS.get(code, "other"), served,
            amount, rate, AUTHORIZATIONS.get(authorization, "unknown"), level or None,
            PERIODS.get(period, "other") if period else None, period or None,
            quantity(count) if count else None, unit or None, insurance_type or None, plan or None,
        )  # fmt: skip
        fact = stated + done + bound
        make = Row._make
        for service_type in self._service_types(types, eb):
            for place in places:
                subject = service_type, place
                self.rows.append(make(subject + fact))

    def _unknown_network(self, network: str, eb: Segment) -> str:
        self._find("network_code", f"EB12 holds {network!r}, no known code.", eb)
        return "unknown"

    def _figures(self, dollars: str, percent: str, eb: Segment) -> tuple[int | None, int | None]:
        """EB07 in cents and EB08 in basis points."""
        rate, whole = basis_points(percent) if percent else (None, False)
        if whole:
            self._find("rate_above_one", "EB08 above 1 was read as a percent.", eb)
        amount = cents(dollars) if dollars else None
        if (dollars and amount is None) or (percent and rate is None):
            self._find("figure_not_read", "An amount or percent in EB is not a number.", eb)
        return amount, rate

    def _procedure(self, text: str) -> _Procedure:
        """EB13: what was done, in which code list, with which modifiers."""
        parts = [part.strip() for part in text.split(self._component)]
        if len(parts) == 1:
            return parts[0], None, ()
        return parts[1] or None, parts[0] or None, tuple(filter(None, parts[2:6]))

    def _service_types(self, text: str, eb: Segment) -> list[str | None]:
        mark = self._repetition
        if mark not in text:
            if len(text) <= 3:
                return [text or None]
            mark = "^" if "^" in text else self._component
            if mark in text:
                self._find("odd_repetition", f"EB03 repeats with {mark!r}, not as declared.", eb)
        return [code for part in text.split(mark) if (code := part.strip())] or [None]

    def _find(self, code: str, say: str, segment: Segment) -> None:
        self._findings.append(Finding(code, say, segment.number))


def _read_bound(loop: Loop, findings: list[Finding]) -> tuple[_Bound, tuple[str | None, ...]]:
    """What is bound to an EB, and the places of service that it is said for."""
    messages: list[str] = []
    entities: list[Entity] = []
    dates: list[Segment] = []
    conditions: list[tuple[str, str]] = []
    deliveries: list[tuple[str, ...]] = []
    references: list[tuple[str, str, str]] = []
    places: list[str | None] = []
    for segment in loop.segments:
        tag = segment.tag
        if tag == "MSG":
            messages.append(segment.get(1))
        elif tag == "DTP":
            dates.append(segment)
        elif tag == "HSD":
            deliveries.append(tuple(segment.elements[1:]))
        elif tag == "REF":
            references.append(_reference(segment))
    for inner in loop.loops:
        first = inner.segments[0]
        if first.tag == "NM1":
            entities.append(read_entity(inner))
            references += [_reference(each) for each in inner.segments if each.tag == "REF"]
        elif first.get(1) == "ZZ":
            places.append(first.get(2) or None)
        else:
            conditions.append((first.get(1), first.get(2)))
            messages.append(first.get(4))
    bound = _Bound(
        tuple(filter(None, messages)),
        tuple(entities),
        date_ranges(dates, findings) if dates else (),
        tuple([pair for pair in conditions if pair[1]]) if conditions else (),
        tuple(deliveries),
        tuple(references),
    )
    return bound, tuple(places) or _ANYWHERE


def _reference(segment: Segment) -> tuple[str, str, str]:
    return segment.get(1), segment.get(2), segment.get(3)


def read_entity(loop: Loop) -> Entity:
    """The name, id and contacts of an NM1 loop; an id without its qualifier is taken as it is."""
    name = loop.segments[0]
    parts = (name.get(4), name.get(5), name.get(3), name.get(7))
    words = " ".join(part for part in parts if part) if name.get(2) != "2" else name.get(3)
    contacts: list[tuple[str, str]] = []
    for segment in loop.segments:
        if segment.tag == "PER":
            contacts += [
                (segment.get(place), segment.get(place + 1))
                for place in (3, 5, 7)
                if segment.get(place + 1)
            ]
    return Entity(
        name.get(1), words or None, name.get(9) or None, name.get(8) or None, tuple(contacts)
    )
