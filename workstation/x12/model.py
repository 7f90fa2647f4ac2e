"""The values of a tokenized X12 file: delimiters, segments, findings, loops, transactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators that an ISA segment declares; ``^`` repeats where the ISA declares nothing."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    segment: str = "~"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in a file that was read all the same: stable code, plain words, and where.

    ``segment`` is the 1-based number of the segment in the file, None where it is the whole file.
    """

    code: str
    say: str
    segment: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return {"code": self.code, "say": self.say, "segment": self.segment}


class Segment:
    """One segment: ``elements[0]`` is its tag, ``number`` its 1-based place in the file."""

    __slots__ = ("elements", "number", "tag")

    def __init__(self, elements: list[str], number: int) -> None:
        tag = elements[0]
        if not tag.isalnum():
            tag = elements[0] = tag.strip("\ufeff \t\0")
        self.elements = elements
        self.tag = tag
        self.number = number

    def __repr__(self) -> str:
        # Tags only: the elements may hold a patient's data.
        return f"Segment({self.tag} #{self.number})"

    def get(self, place: int) -> str:
        """Element ``place`` (1-based, as in the guides), trimmed; empty where it is absent."""
        elements = self.elements
        return elements[place].strip() if place < len(elements) else ""


class Loop:
    """A named loop: its own segments, and the loops below it, both in file order."""

    __slots__ = ("loops", "name", "segments")

    def __init__(self, name: str, first: Segment | None = None) -> None:
        self.name = name
        self.segments: list[Segment] = [] if first is None else [first]
        self.loops: list[Loop] = []

    def as_json(self) -> dict[str, Any]:
        """The loop with everything below it."""
        return {
            "loop": self.name,
            "segments": [segment.elements for segment in self.segments],
            "loops": [loop.as_json() for loop in self.loops],
        }


@dataclass(slots=True)
class Transaction:
    """One ST to SE, with its loops. ``segments`` holds all of them, ST and SE included."""

    kind: str
    """The transaction set: ``270``, ``271``, ``835`` …"""
    version: str
    """The implementation guide, such as ``005010X279A1``; empty where nothing says it."""
    control: str
    segments: list[Segment]
    root: Loop
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """One GS to GE. ``header`` is None where the file has no GS."""

    header: Segment | None
    transactions: list[Transaction] = field(default_factory=list)


@dataclass(slots=True)
class Interchange:
    """One ISA to IEA. ``text`` is exactly what was received, line breaks and all."""

    delimiters: Delimiters
    text: str
    segments: list[Segment]
    cut_off: bool = False
    """The text stops inside the last segment: half an amount must never be taken for one."""
    groups: list[Group] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def header(self, place: int) -> str:
        """Element ``place`` of the ISA segment, or empty where the file has none."""
        first = self.segments[0]
        return first.get(place) if first.tag == "ISA" else ""


@dataclass(slots=True)
class X12File:
    """Everything that one file held."""

    interchanges: list[Interchange]
    findings: list[Finding]

    @property
    def transactions(self) -> list[Transaction]:
        """All transactions of all interchanges, in file order."""
        return [
            transaction
            for interchange in self.interchanges
            for group in interchange.groups
            for transaction in group.transactions
        ]
