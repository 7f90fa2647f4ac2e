"""A whole file into interchanges, groups and transactions with their loops; odd things are told."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.x12.loops import build_loops
from workstation.x12.model import (
    Finding,
    Group,
    Interchange,
    Segment,
    Transaction,
    X12File,
)
from workstation.x12.tokenizer import decode, tokenize

_KIND_BY_GROUP = {"HS": "270", "HB": "271", "HR": "276", "HN": "277", "HI": "278", "HP": "835"}


def read_x12(data: bytes | str) -> X12File:
    """Reads any X12 file as far as it goes.

    Raises NotUnderstood only where it is not X12 (``not_x12``) or where it stops inside its first
    segment (``isa_cut_off``). Everything else that is wrong becomes a finding.
    """
    text = data if isinstance(data, str) else decode(data)
    interchanges, findings = tokenize(text)
    for interchange in interchanges:
        _read_groups(interchange)
    if len(interchanges) > 1:
        findings.append(
            Finding("several_interchanges", f"The file holds {len(interchanges)} interchanges.")
        )
    return X12File(interchanges, findings)


def _read_groups(interchange: Interchange) -> None:
    reader = _Reader(interchange)
    segments = interchange.segments
    reader.take(segments[:-1] if interchange.cut_off else segments)
    reader.finish()


class _Reader:
    """Sorts the segments of one interchange into groups and transactions."""

    def __init__(self, interchange: Interchange) -> None:
        self._interchange = interchange
        self._group: Group | None = None
        self._body: list[Segment] | None = None
        self._sets_in_group = 0
        self._has_end = False

    def take(self, segments: Iterable[Segment]) -> None:
        """All segments, whatever they are."""
        envelope = {
            "ST": self._start_transaction,
            "SE": self._end_transaction,
            "GS": self._start_group,
            "GE": self._end_group,
            "IEA": self._end_interchange,
        }
        for segment in segments:
            handle = envelope.get(segment.tag)
            if handle is not None:
                handle(segment)
            elif self._body is not None:
                self._body.append(segment)
            elif segment.tag not in ("ISA", "TA1"):
                self._stray(segment)

    def _start_transaction(self, segment: Segment) -> None:
        self._close_transaction()
        self._body = [segment]

    def _start_group(self, segment: Segment) -> None:
        self._close_transaction()
        self._group = Group(segment)
        self._interchange.groups.append(self._group)
        self._sets_in_group = 0

    def finish(self) -> None:
        """The end of the interchange's text."""
        self._close_transaction()
        first = self._interchange.segments[0] if self._interchange.segments else None
        if first is not None and first.tag == "ISA" and not self._has_end:
            self._find("no_iea", "The interchange has no end (IEA).", None)

    def _stray(self, segment: Segment) -> None:
        """A segment outside ST and SE: where the ST was lost, BHT still tells the set."""
        if segment.tag in ("BHT", "HL", "BPR"):
            self._find("no_st", "A transaction begins without its ST segment.", segment)
            self._body = [segment]
        else:
            self._find(
                "outside_transaction", f"{segment.tag} stands outside any transaction.", segment
            )

    def _end_transaction(self, segment: Segment) -> None:
        body = self._body
        if body is None:
            self._find("se_without_st", "SE stands without an ST.", segment)
            return
        body.append(segment)
        if segment.get(1) != str(len(body)) and segment.get(1).lstrip("0") != str(len(body)):
            self._find(
                "se_count",
                f"SE counts {segment.get(1) or 'nothing'}, there are {len(body)} segments.",
                segment,
            )
        if body[0].tag == "ST" and segment.get(2) != body[0].get(2):
            self._find("se_control", "ST and SE have different control numbers.", segment)
        self._add_transaction(body)

    def _close_transaction(self) -> None:
        if self._body is not None:
            self._find("no_se", "A transaction has no end (SE).", self._body[-1])
            self._add_transaction(self._body)

    def _add_transaction(self, body: list[Segment]) -> None:
        self._body = None
        if self._group is None:
            self._group = Group(None)
            self._interchange.groups.append(self._group)
        header = self._group.header
        start = body[0]
        kind = start.get(1) if start.tag == "ST" else ""
        if not kind and header is not None:
            kind = _KIND_BY_GROUP.get(header.get(1), "")
        version = start.get(3) if start.tag == "ST" else ""
        if not version and header is not None:
            version = header.get(8)
        findings: list[Finding] = []
        root = build_loops(kind, body, findings)
        self._group.transactions.append(
            Transaction(kind, version, start.get(2), body, root, findings)
        )
        self._sets_in_group += 1

    def _end_group(self, segment: Segment) -> None:
        self._close_transaction()
        header = self._group.header if self._group else None
        if segment.get(1).lstrip("0") != str(self._sets_in_group):
            self._find(
                "ge_count",
                f"GE counts {segment.get(1) or 'nothing'}, there are {self._sets_in_group} sets.",
                segment,
            )
        if header is not None and header.get(6) != segment.get(2):
            self._find("ge_control", "GS and GE have different control numbers.", segment)

    def _end_interchange(self, segment: Segment) -> None:
        self._close_transaction()
        self._has_end = True
        sent = self._interchange.header(13)
        if sent and sent != segment.get(2):
            self._find("iea_control", "ISA and IEA have different control numbers.", segment)

    def _find(self, code: str, say: str, segment: Segment | None) -> None:
        self._interchange.findings.append(
            Finding(code, say, segment.number if segment is not None else None)
        )
