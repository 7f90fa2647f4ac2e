"""Text into segments, losslessly; each ISA declares the delimiters; only non-X12 is refused."""

from __future__ import annotations

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase
from workstation.x12.model import Delimiters, Finding, Interchange, Segment

_ISA_ELEMENTS = 16
_HEAD = 1_000
_FIRST_TAGS = ("ISA", "GS", "ST")


def decode(data: bytes) -> str:
    """The bytes of a file as text: UTF-8 (with or without mark), UTF-16 with mark, else Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def tokenize(text: str) -> tuple[list[Interchange], list[Finding]]:
    """Every interchange of a text, in order, and what was odd about the text around them.

    Raises NotUnderstood where the text is no X12 at all: empty, a web page, or anything else
    without an ISA, GS or ST segment.
    """
    findings: list[Finding] = []
    start = _find_start(text, findings)
    interchanges: list[Interchange] = []
    number = 1
    while start is not None:
        interchange, start = _read_interchange(text, start, number)
        number += len(interchange.segments)
        interchanges.append(interchange)
    return interchanges, findings


def render(interchange: Interchange) -> str:
    """The segments written with the interchange's own delimiters, without line breaks."""
    marks = interchange.delimiters
    return "".join(
        marks.element.join(segment.elements) + marks.segment for segment in interchange.segments
    )


def _find_start(text: str, findings: list[Finding]) -> int | None:
    body = text.lstrip("\ufeff \t\r\n\0")
    start = len(text) - len(body)
    if not body:
        raise _not_x12("The file is empty.")
    for tag in _FIRST_TAGS:
        if body.startswith(tag) and _is_separator(body[len(tag) : len(tag) + 1]):
            return start
    if body[0] == "<":
        lower = body[:_HEAD].lower()
        what = "a web (HTML) page" if "<html" in lower or "<!doctype html" in lower else "XML"
        raise _not_x12(
            phrase("The file begins with {what}, not with an X12 ISA segment.", what=phrase(what))
        )
    if body[0] in "{[":
        raise _not_x12("The file begins with JSON, not with an X12 ISA segment.")
    at = _find_isa(text, start)
    if at is None:
        raise _not_x12("The file has no X12 ISA segment at its beginning, nor anywhere after it.")
    findings.append(
        Finding("text_before_isa", f"{at} characters before the first ISA were skipped.")
    )
    return at


def _not_x12(say: str) -> NotUnderstood:
    return NotUnderstood(
        "not_x12", say, "Check that this is the payer's reply and not a message about it."
    )


def _is_separator(mark: str) -> bool:
    return len(mark) == 1 and not mark.isalnum() and mark not in " \r\n"


def _find_isa(text: str, start: int) -> int | None:
    at = text.find("ISA", start)
    while at >= 0:
        mark = text[at + 3 : at + 4]
        if _is_separator(mark) and text[at : at + _HEAD].count(mark) >= _ISA_ELEMENTS:
            return at
        at = text.find("ISA", at + 3)
    return None


def _read_interchange(text: str, start: int, number: int) -> tuple[Interchange, int | None]:
    findings: list[Finding] = []
    if text.startswith("ISA", start):
        marks = _declared(text, start, number, findings)
    else:
        marks = _guessed(text, start)
        findings.append(
            Finding("no_isa", "There is no ISA segment; the separators were guessed.", number)
        )
    end = _next_isa(text, start, marks)
    stop = len(text) if end is None else end
    raw = text[start:stop]
    segments = _split(raw, marks, number)
    tail = raw.rpartition(marks.segment)[2]
    cut_off = bool(tail.strip()) and segments[-1].tag not in ("SE", "GE", "IEA")
    if cut_off:
        findings.append(
            Finding(
                "cut_off",
                f"The text stops inside its last segment ({segments[-1].tag}), "
                "which is kept but not used.",
                segments[-1].number,
            )
        )
    return Interchange(marks, raw, segments, cut_off, findings=findings), end


def _split(raw: str, marks: Delimiters, number: int) -> list[Segment]:
    """The segments of an interchange, numbered from ``number`` on."""
    # Line breaks stand between segments, or were put in by a system with narrow lines.
    for mark in {"\r", "\n"} - {marks.segment}:
        raw = raw.replace(mark, "")
    chunks = [chunk for chunk in raw.split(marks.segment) if chunk and not chunk.isspace()]
    return [
        Segment(chunk.split(marks.element), place) for place, chunk in enumerate(chunks, number)
    ]


def _next_isa(text: str, start: int, marks: Delimiters) -> int | None:
    """Where the next interchange begins: an ISA right after a terminator or an IEA segment."""
    at = text.find("ISA", start + 3)
    while at >= 0:
        before = text[start:at].rstrip(" \t\r\n")
        begins = before.endswith(marks.segment) or marks.segment in "\r\n"
        begins = begins or before.rpartition(marks.segment)[2].strip().startswith("IEA")
        if begins and text[at - 1] in (marks.segment, "\r", "\n", " ") and _isa_at(text, at):
            return at
        at = text.find("ISA", at + 3)
    return None


def _isa_at(text: str, at: int) -> bool:
    mark = text[at + 3 : at + 4]
    return _is_separator(mark) and text[at : at + _HEAD].count(mark) >= _ISA_ELEMENTS


def _declared(text: str, start: int, number: int, findings: list[Finding]) -> Delimiters:
    element = text[start + 3 : start + 4]
    head = text[start : start + _HEAD]
    parts = head.split(element, _ISA_ELEMENTS)
    rest = parts[-1].lstrip("\r\n") if len(parts) > _ISA_ELEMENTS else ""
    if len(rest) < 2:
        raise NotUnderstood(
            "isa_cut_off",
            phrase(
                "The first segment (ISA) is cut off after {n} characters, so the separators "
                "cannot be known.",
                n=len(head),
            ),
            "Ask for the file again.",
        )
    component = rest[0]
    segment = rest[1]
    if component.isalnum():
        findings.append(
            Finding("odd_component_separator", f"ISA16 is {component!r}; ':' was used.", number)
        )
        component = ":"
    if sum(map(len, parts[1:16])) != 85 or "\n" in parts[-2]:
        findings.append(
            Finding("isa_widths", "The ISA elements do not have their fixed widths.", number)
        )
    repetition = parts[11].strip("\r\n")
    if not _is_separator(repetition):
        if parts[12].strip() >= "00402":
            findings.append(
                Finding(
                    "no_repetition_separator",
                    "ISA11 holds no repetition separator, as in version 4010; '^' was used.",
                    number,
                )
            )
        repetition = "^"
    return Delimiters(element, repetition, component, segment)


def _guessed(text: str, start: int) -> Delimiters:
    """Separators of a text that begins with GS or ST: the terminator stands before a known tag."""
    tag = "GS" if text.startswith("GS", start) else "ST"
    element = text[start + len(tag)]
    for follower in ("ST", "BHT", "BPR", "BGN", "AK1"):
        at = text.find(follower + element, start + 2)
        if at > 0:
            before = text[start:at].rstrip("\r\n")
            if before and not before[-1].isalnum() and before[-1] not in (" ", element):
                return Delimiters(element=element, segment=before[-1])
            if len(before) < at - start:
                return Delimiters(element=element, segment="\n")
    return Delimiters(element=element)
