"""Waystar's gateway against the simulator over real sockets: X12 where it is X12, pages refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode

import pytest
from asked_payer import FAULTS, ask, stays_silent

from simulator.payers.server import PayerServer
from workstation.eligibility.connector import (
    EnvelopeError,
    NoReply,
    NotAReply,
)
from workstation.eligibility.gateways.waystar import WaystarConnector, WaystarSettings
from workstation.kernel.errors import OutsideSilent


@pytest.fixture
def payers() -> Iterator[PayerServer]:
    server = PayerServer(slow_seconds=0.2)
    yield server
    server.close()


@contextmanager
def connected(
    payers: PayerServer, *, key: str = "demo", limit: float = 20.0
) -> Iterator[WaystarConnector]:
    settings = WaystarSettings(payers.waystar_url, "desk", "4711", limit)
    connector = WaystarConnector(settings, lambda: key)
    yield connector
    connector.close()


@pytest.fixture
def connector(payers: PayerServer) -> Iterator[WaystarConnector]:
    with connected(payers) as made:
        yield made


def test_an_active_plan_comes_back_with_figures(connector: WaystarConnector) -> None:
    (answer,) = ask(connector, "LSB000000001").answers
    assert answer.status == "active"
    assert answer.summary["98"][0].stated.copay is not None
    assert answer.patient.last == "NUNEZ-O'BRIEN"


@pytest.mark.parametrize(
    ("member", "error", "code"),
    [*FAULTS, ("HTML1", NotAReply, "html_page"), ("ERR1", NotAReply, "http_400")],
)
def test_every_fault_is_silence_with_words(
    connector: WaystarConnector, member: str, error: type[OutsideSilent], code: str
) -> None:
    stays_silent(connector, member, error, code)


def test_a_refused_password_comes_as_a_page_of_status_200(payers: PayerServer) -> None:
    with connected(payers, key="old") as connector, pytest.raises(EnvelopeError) as caught:
        ask(connector, "LSB1")
    assert caught.value.code == "key_refused"
    assert payers.questions == []


def test_a_mute_payer_ends_at_the_hard_limit(payers: PayerServer) -> None:
    with connected(payers, limit=0.3) as connector, pytest.raises(NoReply) as caught:
        ask(connector, "MUTE1")
    assert caught.value.code == "payer_timeout"


def test_a_form_keeps_every_delimiter_of_a_270() -> None:
    text = "ISA*00*  ^:>~&=+%\r\n"
    assert parse_qs(urlencode({"Data": text}), strict_parsing=True)["Data"] == [text]
