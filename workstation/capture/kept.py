"""A reading as JSON values and back, for a check-in that is left half done; pictures go apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from workstation.capture.card_model import (
    CardReading,
    Doubt,
    Evidence,
    PayerCandidate,
    Phone,
    SideView,
)
from workstation.capture.licence_model import Finding, Licence

_DATES = ("effective_date", "birth_date", "issue_date", "expiration_date")


def kept_reading(reading: CardReading | Licence) -> dict[str, Any]:
    """Everything that was read, as JSON values; of the sides all but their pictures."""
    written = asdict(reading)
    for name in _DATES:
        if written.get(name) is not None:
            written[name] = written[name].isoformat()
    for side in written.get("sides", ()):
        del side["picture"]
    return written


def licence_of(written: Mapping[str, Any]) -> Licence:
    """The licence that :func:`kept_reading` wrote."""
    findings = tuple(Finding(**one) for one in written["findings"])
    return Licence(**{**written, **_dates(written), "findings": findings})


def card_of(written: Mapping[str, Any], pictures: Sequence[bytes]) -> CardReading:
    """The card that :func:`kept_reading` wrote, with the pictures of its sides as far as there."""
    sides = []
    for number, side in enumerate(written["sides"]):
        corners = tuple((x, y) for x, y in side["corners"])
        picture = pictures[number] if number < len(pictures) else b""
        advice = tuple(side["advice"])
        sides.append(SideView(**{**side, "corners": corners, "picture": picture, "advice": advice}))
    lists = ("dependents", "barcodes", "review")
    return CardReading(
        **{
            **written,
            **_dates(written),
            **{name: tuple(written[name]) for name in lists},
            "payer_candidates": tuple(PayerCandidate(**c) for c in written["payer_candidates"]),
            "phones": tuple(Phone(**one) for one in written["phones"]),
            "evidence": {name: _evidence(one) for name, one in written["evidence"].items()},
            "sides": tuple(sides),
        }
    )


def _dates(written: Mapping[str, Any]) -> dict[str, date]:
    return {name: date.fromisoformat(written[name]) for name in _DATES if written.get(name)}


def _evidence(written: Mapping[str, Any]) -> Evidence:
    left, top, right, bottom = written["box"]
    doubts = tuple(Doubt(**one) for one in written["doubts"])
    return Evidence(written["side"], (left, top, right, bottom), doubts)
