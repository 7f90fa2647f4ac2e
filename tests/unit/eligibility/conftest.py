"""Invented 271s, written anew: the loops around, and the lines that a test is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.reading import read_benefits

ISA = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*HOSPITAL       *261120*1201*^*00501"
    "*000000001*0*P*:"
)
SUBSCRIBER = ("HL*3*2*22*0", "TRN*2*T1*9EXAMPLE", "NM1*IL*1*SAMPLE*ANA****MI*X1")


def a_271(*benefits: str, person: Sequence[str] = SUBSCRIBER, source: Sequence[str] = ()) -> str:
    """A whole interchange with right counts; answered on 2026-11-20."""
    body = [
        "ST*271*0001*005010X279A1",
        "BHT*0022*11*T1*20261120*1201",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*99999",
        *source,
        "HL*2*1*21*1",
        "NM1*1P*2*EXAMPLE HOSPITAL*****XX*1234567893",
        *person,
        *benefits,
    ]
    body.append(f"SE*{len(body) + 1}*0001")
    head = [ISA, "GS*HB*PAYER*HOSPITAL*20261120*1201*1*X*005010X279A1"]
    return "".join(f"{line}~\n" for line in [*head, *body, "GE*1*1", "IEA*1*000000001"])


@pytest.fixture
def write() -> Callable[..., str]:
    return a_271


@pytest.fixture
def read() -> Callable[..., BenefitFile]:
    def reading(*benefits: str, **parts: Sequence[str]) -> BenefitFile:
        return read_benefits(a_271(*benefits, **parts))

    return reading


@pytest.fixture
def answer(read: Callable[..., BenefitFile]) -> Callable[..., Answer]:
    def reading(*benefits: str, **parts: Sequence[str]) -> Answer:
        (only,) = read(*benefits, **parts).answers
        return only

    return reading
