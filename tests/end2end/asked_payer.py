"""A question as the desk asks it, through any connector, and the faults that every one survives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from workstation.eligibility.asking import Asker, envelope_for
from workstation.eligibility.connector import (
    CutOffReply,
    EligibilityConnector,
    NoReply,
    NotAReply,
    WrongReply,
)
from workstation.eligibility.model import BenefitFile
from workstation.eligibility.reading import read_benefits
from workstation.kernel.errors import OutsideSilent
from workstation.x12.inquiry import Inquiry, Insured, Party, build_270

DAY = date(2026, 11, 23)
ASKER = Asker("EXAMPLE HOSPITAL", "1234567893")
FAULTS: list[tuple[str, type[OutsideSilent], str]] = [
    ("DOWN1", NotAReply, "http_503"),
    ("TRUNC1", CutOffReply, "reply_cut_off"),
    ("RESET1", NoReply, "clearinghouse_unreachable"),
    ("WRONG1", WrongReply, "reply_to_another_question"),
    ("ACK1", NotAReply, "reply_not_271"),
]
"""Members of the simulator with what their reply becomes, whatever it came through."""


def ask(
    connector: EligibilityConnector,
    member: str,
    payer: str = "99001",
    dependent: Insured | None = None,
    on: date = DAY,
) -> BenefitFile:
    """Asks about one member; the 271 as it was read."""
    subscriber = Insured("Núñez-O'Brien", "Ana", date(1985, 3, 3), member_id=member, sex="F")
    inquiry = Inquiry(
        Party("Lone Star", payer, "PI"),
        Party("EXAMPLE", "1234567893", "XX"),
        subscriber,
        on,
        dependent,
    )
    envelope = envelope_for(ASKER, datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    raw = connector.ask(build_270(inquiry, envelope), "id-1", envelope.trace)
    file = read_benefits(raw, on)
    assert envelope.trace in file.traces
    return file


def stays_silent(
    connector: EligibilityConnector, member: str, error: type[OutsideSilent], code: str
) -> None:
    """No answer comes, and what is said of it is a sentence with a remedy and without a patient."""
    with pytest.raises(error) as caught:
        ask(connector, member)
    assert caught.value.code == code
    assert caught.value.say.endswith(".")
    assert caught.value.do
    assert member not in str(caught.value) + caught.value.say + caught.value.do
