"""Codes of an order as people type them; what has not the form of a code is asked again."""

from __future__ import annotations

import pytest

from workstation.visits.diagnoses import diagnosis_codes


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", ()),
        ("m5450", ("M54.50",)),
        ("Z00.00, M54.50;z00.00", ("Z00.00", "M54.50")),
        ("U07.1 I10", ("U07.1", "I10")),
        ("S72.001A", ("S72.001A",)),
        ("back pain", None),
        ("M54.50, 12", None),
        ("M5", None),
    ],
)
def test_codes_are_read_by_their_form(typed: str, codes: tuple[str, ...] | None) -> None:
    assert diagnosis_codes(typed) == codes
