"""EB loops into rows: one per service type and place of service, children bound to their EB."""

from __future__ import annotations

from typing import Any

from workstation.eligibility.codes import AUTHORIZATIONS, KINDS, NETWORKS, PERIODS
from workstation.eligibility.elements import basis_points, cents, date_ranges, quantity
from workstation.eligibility.model import Entity, Row
from workstation.x12.model import Delimiters, Finding, Loop, Segment

_PLACES_OF_FIELDS = {name: place for place, name in enumerate(Row._fields)}
_SERVICE_TYPE = _PLACES_OF_FIELDS["service_type"]
_PLACE = _PLACES_OF_FIELDS["place_of_service"]
_MESSAGES = _PLACES_OF_FIELDS["messages"]
_ENTITIES = _PLACES_OF_FIELDS["entities"]
_DATES = _PLACES_OF_FIELDS["dates"]
_CONDITIONS = _PLACES_OF_FIELDS["conditions"]
_DELIVERIES = _PLACES_OF_FIELDS["deliveries"]
_REFERENCES = _PLACES_OF_FIELDS["references"]
_NO_CHILDREN: tuple[tuple[()], ...] = ((),) * (len(_PLACES_OF_FIELDS) - _MESSAGES)


class RowReader:
    """Reads the 2110 loops of one person, counting EBs from 1."""

    def __init__(self, marks: Delimiters, findings: list[Finding]) -> None:
        self._repetition = marks.repetition
        self._component = marks.component
        self._findings = findings
        self._number = 0
        self.rows: list[Row] = []

    def take(self, loop: Loop) -> None:
        """One 2110 loop: its EB and all that is bound to it."""
        first = loop.segments[0]
        if first.tag != "EB":
            return
        self._number += 1
        values = self._plain(first, loop.name)
        places: list[str | None] = [None]
        if len(loop.segments) > 1:
            self._add_children(values, loop.segments)
        if loop.loops:
            places = self._add_inner(values, loop.loops) or places
        make = Row._make
        for service_type in self._service_types(first):
            values[_SERVICE_TYPE] = service_type
            for place in places:
                values[_PLACE] = place
                self.rows.append(make(values))

    def _plain(self, eb: Segment, loop: str) -> list[Any]:
        """The values of a row in the order of its fields, children still empty."""
        elements = list(map(str.strip, eb.elements))
        elements += [""] * (14 - len(elements))
        code, period = elements[1], elements[6]
        network = NETWORKS.get(elements[12])
        if network is None:
            network = "unknown"
            self._find("network_code", f"EB12 holds {elements[12]!r}, no known code.", eb)
        rate, whole = basis_points(elements[8]) if elements[8] else (None, False)
        if whole:
            self._find("rate_above_one", "EB08 above 1 was read as a percent.", eb)
        amount = cents(elements[7]) if elements[7] else None
        if (elements[7] and amount is None) or (elements[8] and rate is None):
            self._find("figure_not_read", "An amount or percent in EB is not a number.", eb)
        count = quantity(elements[10]) if elements[10] else None
        procedure, kind, modifiers = self._procedure(elements[13])
        return [
            self._number,
            eb.number,
            loop,
            code,
            KINDS.get(code, "other"),
            None,
            elements[2] or None,
            network,
            (PERIODS.get(period, "other") if period else None),
            period or None,
            amount,
            rate,
            count,
            elements[9] or None,
            elements[4] or None,
            elements[5] or None,
            AUTHORIZATIONS.get(elements[11], "unknown"),
            None,
            procedure,
            kind,
            modifiers,
            *_NO_CHILDREN,
        ]

    def _procedure(self, text: str) -> tuple[str | None, str | None, tuple[str, ...]]:
        if not text:
            return None, None, ()
        parts = [part.strip() for part in text.split(self._component)]
        if len(parts) == 1:
            return parts[0], None, ()
        return parts[1] or None, parts[0] or None, tuple(part for part in parts[2:6] if part)

    def _service_types(self, eb: Segment) -> list[str | None]:
        text = eb.get(3)
        if not text:
            return [None]
        mark = self._repetition
        if mark not in text:
            if len(text) <= 3:
                return [text]
            mark = "^" if "^" in text else self._component
            if mark in text:
                self._find("odd_repetition", f"EB03 repeats with {mark!r}, not as declared.", eb)
        return [code for part in text.split(mark) if (code := part.strip())] or [None]

    def _add_children(self, values: list[Any], segments: list[Segment]) -> None:
        messages: list[str] = []
        deliveries: list[tuple[str, ...]] = []
        references: list[tuple[str, str, str]] = []
        dates: list[Segment] = []
        for segment in segments[1:]:
            tag = segment.tag
            if tag == "MSG":
                if text := segment.get(1):
                    messages.append(text)
            elif tag == "DTP":
                dates.append(segment)
            elif tag == "HSD":
                deliveries.append(tuple(segment.elements[1:]))
            elif tag == "REF":
                references.append((segment.get(1), segment.get(2), segment.get(3)))
        values[_MESSAGES] = tuple(messages)
        values[_DATES] = date_ranges(dates, self._findings) if dates else ()
        values[_DELIVERIES] = tuple(deliveries)
        values[_REFERENCES] = tuple(references)

    def _add_inner(self, values: list[Any], loops: list[Loop]) -> list[str | None]:
        places: list[str | None] = []
        conditions: list[tuple[str, str]] = []
        messages = list(values[_MESSAGES])
        entities: list[Entity] = []
        references = list(values[_REFERENCES])
        for loop in loops:
            first = loop.segments[0]
            if first.tag == "NM1":
                entities.append(read_entity(loop))
                for segment in loop.segments:
                    if segment.tag == "REF":
                        references.append((segment.get(1), segment.get(2), segment.get(3)))
            elif first.get(1) == "ZZ":
                places.append(first.get(2) or None)
            else:
                if first.get(2):
                    conditions.append((first.get(1), first.get(2)))
                if first.get(4):
                    messages.append(first.get(4))
        values[_CONDITIONS] = tuple(conditions)
        values[_MESSAGES] = tuple(messages)
        values[_ENTITIES] = tuple(entities)
        values[_REFERENCES] = tuple(references)
        return places

    def _find(self, code: str, say: str, segment: Segment) -> None:
        self._findings.append(Finding(code, say, segment.number))


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
