"""Reads a 270 with its own eyes: just who asks about whom, for which day and services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Person:
    """A person of the question."""

    last: str = ""
    first: str = ""
    middle: str = ""
    member_id: str = ""
    dob: str = ""
    sex: str = ""
    group: str = ""


@dataclass
class Question:
    """One 270. ``errors`` holds what a strict payer would refuse it for."""

    payer_name: str = ""
    payer_id: str = ""
    provider_name: str = ""
    npi: str = ""
    subscriber: Person = field(default_factory=Person)
    dependent: Person | None = None
    trace: str = ""
    trace_origin: str = ""
    reference: str = ""
    service_date: date = field(default_factory=lambda: date(2026, 1, 1))
    service_types: list[str] = field(default_factory=list)
    sender: str = ""
    receiver: str = ""
    control: str = ""
    errors: list[str] = field(default_factory=list)


def read_question(text: str) -> Question:
    """The question; where it is no proper 270, ``errors`` says why."""
    question = Question()
    if not text.startswith("ISA") or len(text) < 107:
        question.errors.append("no ISA")
        return question
    element, terminator = text[3], text[105]
    segments = [part.strip().split(element) for part in text.split(terminator) if part.strip()]
    _check_envelope(segments, question)
    level = ""
    for parts in segments:
        parts += [""] * (12 - len(parts))
        tag = parts[0]
        if tag == "HL":
            level = parts[3]
            if level == "23":
                question.dependent = Person()
        elif tag == "NM1":
            _name(parts, question)
        elif tag == "DMG":
            person = question.dependent if level == "23" else question.subscriber
            if person is not None:
                person.dob, person.sex = parts[2], parts[3]
        else:
            _fact(tag, parts, question)
    return question


def _fact(tag: str, parts: list[str], question: Question) -> None:
    if tag == "ISA":
        question.sender, question.receiver, question.control = parts[6], parts[8], parts[13]
    elif tag == "BHT":
        question.reference = parts[3]
    elif tag == "TRN":
        question.trace, question.trace_origin = parts[2], parts[3]
    elif tag == "DTP" and parts[1] == "291":
        day = parts[3]
        question.service_date = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    elif tag == "REF" and parts[1] == "6P":
        question.subscriber.group = parts[2]
    elif tag == "EQ":
        question.service_types.append(parts[1])


def _name(parts: list[str], question: Question) -> None:
    if parts[1] == "PR":
        question.payer_name, question.payer_id = parts[3], parts[9]
    elif parts[1] == "1P":
        question.provider_name, question.npi = parts[3], parts[9]
    elif parts[1] in ("IL", "03"):
        person = question.subscriber if parts[1] == "IL" else question.dependent
        if person is not None:
            person.last, person.first, person.middle = parts[3], parts[4], parts[5]
            person.member_id = parts[9]


def _check_envelope(segments: list[list[str]], question: Question) -> None:
    widths = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
    if tuple(map(len, segments[0][1:])) != widths:
        question.errors.append("ISA widths")
    tags = [parts[0] for parts in segments]
    for wanted in ("GS", "ST", "BHT", "SE", "GE", "IEA"):
        if wanted not in tags:
            question.errors.append(f"no {wanted}")
    if question.errors:
        return
    start, end = tags.index("ST"), tags.index("SE")
    if segments[end][1] != str(end - start + 1):
        question.errors.append("SE count")
    if segments[end][2] != segments[start][2]:
        question.errors.append("SE control")
    if segments[tags.index("IEA")][2] != segments[0][13]:
        question.errors.append("IEA control")
    if segments[start][3:4] != ["005010X279A1"]:
        question.errors.append("version")
