"""Writes 271s: an envelope of its own, the loops of the question echoed, and given EB segments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from simulator.payers.question import Person, Question

Lines = list[str]


def write_271(
    question: Question,
    benefits: Iterable[str],
    *,
    person_lines: Iterable[str] = (),
    rejection: tuple[str, str] | None = None,
    trace: str | None = None,
    control: int = 1,
) -> str:
    """The whole interchange. ``rejection`` is a loop (2000A, 2100A … 2110C) and an AAA line."""
    trace = question.trace if trace is None else trace
    reference = question.reference if trace == question.trace else trace
    loop, aaa = rejection or ("", "")
    at = datetime.now(UTC)
    body = [f"BHT*0022*11*{reference}*{at:%Y%m%d}*{at:%H%M}", "HL*1**20*1"]
    body += [aaa] if loop == "2000A" else []
    body.append(f"NM1*PR*2*{question.payer_name or 'PAYER'}*****PI*{question.payer_id}")
    body += [aaa] if loop == "2100A" else []
    if loop not in ("2000A", "2100A"):
        body += ["HL*2*1*21*1", f"NM1*1P*2*{question.provider_name}*****XX*{question.npi}"]
        body += [aaa] if loop == "2100B" else []
    if loop not in ("2000A", "2100A", "2100B"):
        body += _people(question, list(benefits), list(person_lines), loop, aaa, trace)
    count = len(body) + 2
    head = [
        "ISA*00*          *00*          *ZZ*"
        f"{question.receiver[:15]:<15}*ZZ*{question.sender[:15]:<15}"
        f"*{at:%y%m%d}*{at:%H%M}*^*00501*{control:09d}*0*T*:",
        f"GS*HB*SIM*DESK*{at:%Y%m%d}*{at:%H%M}*{control}*X*005010X279A1",
        "ST*271*0001*005010X279A1",
    ]
    tail = [f"SE*{count}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "".join(line + "~" for line in (*head, *body, *tail))


def _people(
    question: Question, benefits: Lines, lines: Lines, loop: str, aaa: str, trace: str
) -> Lines:
    dependent = question.dependent
    trn = f"TRN*2*{trace}*{question.trace_origin or '9SIMULATOR'}"
    told = ["EB*V", aaa] if loop.startswith("2110") else benefits
    body = [f"HL*3*2*22*{0 if dependent is None else 1}"]
    if dependent is None or loop == "2100C":
        body += [trn, _name("IL", question.subscriber)]
        if loop == "2100C":
            return [*body, aaa]
        return [*body, *lines, *_birth(question.subscriber), *told]
    body += [_name("IL", question.subscriber), "HL*4*3*23*0", trn, _name("03", dependent)]
    if loop == "2100D":
        return [*body, aaa]
    return [*body, *lines, *_birth(dependent), *told]


def _name(entity: str, person: Person) -> str:
    line = f"NM1*{entity}*1*{person.last}*{person.first}*{person.middle}"
    return f"{line}***MI*{person.member_id}" if person.member_id else line.rstrip("*")


def _birth(person: Person) -> Lines:
    if not person.dob:
        return []
    return [f"DMG*D8*{person.dob}*{person.sex}".rstrip("*")]
