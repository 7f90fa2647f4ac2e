"""A read file as JSON: interchanges, groups, transactions, loops, segments, findings; lossless."""

from __future__ import annotations

from typing import Any

from workstation.x12.model import Group, Interchange, Transaction, X12File


def file_as_json(file: X12File) -> dict[str, Any]:
    """Everything the file held; every segment stands in exactly one place, in file order."""
    return {
        "interchanges": [_interchange(value) for value in file.interchanges],
        "findings": [finding.as_json() for finding in file.findings],
    }


def _interchange(value: Interchange) -> dict[str, Any]:
    marks = value.delimiters
    return {
        "sender": value.header(6),
        "receiver": value.header(8),
        "date": value.header(9),
        "control": value.header(13),
        "usage": value.header(15),
        "delimiters": {
            "element": marks.element,
            "repetition": marks.repetition,
            "component": marks.component,
            "segment": marks.segment,
        },
        "groups": [_group(group) for group in value.groups],
        "segments": [
            {"number": segment.number, "tag": segment.tag, "elements": segment.elements[1:]}
            for segment in value.segments
        ],
        "findings": [finding.as_json() for finding in value.findings],
    }


def _group(group: Group) -> dict[str, Any]:
    header = group.header
    return {
        "code": header.get(1) if header else None,
        "control": header.get(6) if header else None,
        "version": header.get(8) if header else None,
        "transactions": [_transaction(value) for value in group.transactions],
    }


def _transaction(value: Transaction) -> dict[str, Any]:
    return {
        "set": value.kind,
        "version": value.version,
        "control": value.control,
        "loops": value.root.as_json(),
        "findings": [finding.as_json() for finding in value.findings],
    }
