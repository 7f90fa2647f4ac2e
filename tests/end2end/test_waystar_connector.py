"""Waystar's gateway against the simulator over real sockets: X12 where it is X12, pages refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlencode

import pytest

from simulator.payers.server import PayerServer
from workstation.eligibility.asking import Asker, envelope_for
from workstation.eligibility.connector import (
    CutOffReply,
    EnvelopeError,
    NoReply,
    NotAReply,
    WrongReply,
)
from workstation.eligibility.gateways.waystar import WaystarConnector, WaystarSettings
from workstation.eligibility.model import BenefitFile
from workstation.eligibility.reading import read_benefits
from workstation.kernel.errors import OutsideSilent
from workstation.x12.inquiry import Inquiry, Insured, Party, build_270

DAY = date(2026, 11, 23)


@pytest.fixture
def payers() -> Iterator[PayerServer]:
    server = PayerServer(slow_seconds=0.2)
    yield server
    server.close()


def ask(payers: PayerServer, member: str, *, key: str = "demo", limit: float = 20.0) -> BenefitFile:
    settings = WaystarSettings(payers.waystar_url, "desk", "4711", limit)
    connector = WaystarConnector(settings, lambda: key)
    subscriber = Insured("Núñez-O'Brien", "Ana", date(1985, 3, 3), member_id=member, sex="F")
    inquiry = Inquiry(
        Party("Lone Star", "99001", "PI"), Party("EXAMPLE", "1234567893", "XX"), subscriber, DAY
    )
    envelope = envelope_for(
        Asker("EXAMPLE HOSPITAL", "1234567893"), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    )
    try:
        raw = connector.ask(build_270(inquiry, envelope), "id-1", envelope.trace)
    finally:
        connector.close()
    return read_benefits(raw, DAY)


def test_an_active_plan_comes_back_with_figures(payers: PayerServer) -> None:
    (answer,) = ask(payers, "LSB000000001").answers
    assert answer.status == "active"
    assert answer.summary["98"][0].stated.copay is not None
    assert answer.patient.last == "NUNEZ-O'BRIEN"


@pytest.mark.parametrize(
    ("member", "error", "code"),
    [
        ("HTML1", NotAReply, "html_page"),
        ("DOWN1", NotAReply, "http_503"),
        ("ERR1", NotAReply, "http_400"),
        ("TRUNC1", CutOffReply, "reply_cut_off"),
        ("RESET1", NoReply, "clearinghouse_unreachable"),
        ("WRONG1", WrongReply, "reply_to_another_question"),
        ("ACK1", NotAReply, "reply_not_271"),
    ],
)
def test_every_fault_is_silence_with_words(
    payers: PayerServer, member: str, error: type[OutsideSilent], code: str
) -> None:
    with pytest.raises(error) as caught:
        ask(payers, member)
    assert caught.value.code == code
    assert caught.value.do
    assert member not in str(caught.value) + caught.value.say + caught.value.do


def test_a_refused_password_comes_as_a_page_of_status_200(payers: PayerServer) -> None:
    with pytest.raises(EnvelopeError) as caught:
        ask(payers, "LSB1", key="old")
    assert caught.value.code == "key_refused"
    assert payers.questions == []


def test_a_mute_payer_ends_at_the_hard_limit(payers: PayerServer) -> None:
    with pytest.raises(NoReply) as caught:
        ask(payers, "MUTE1", limit=0.3)
    assert caught.value.code == "payer_timeout"


def test_a_form_keeps_every_delimiter_of_a_270() -> None:
    text = "ISA*00*  ^:>~&=+%\r\n"
    assert parse_qs(urlencode({"Data": text}), strict_parsing=True)["Data"] == [text]
