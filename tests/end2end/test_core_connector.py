"""The CORE connector against the simulator over real sockets: both envelopes, every fault."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import date

import pytest
from asked_payer import FAULTS, ask, stays_silent

from simulator.payers.server import PayerServer
from workstation.eligibility.connector import (
    EnvelopeError,
    NoReply,
    NotAReply,
)
from workstation.eligibility.gateways.core import CoreConnector, CoreSettings
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import OutsideSilent, Refused
from workstation.x12.inquiry import Insured


@pytest.fixture(scope="module")
def payers() -> Iterator[PayerServer]:
    server = PayerServer(slow_seconds=0.2)
    yield server
    server.close()


@pytest.fixture(params=["soap", "mime"])
def connector(request: pytest.FixtureRequest, payers: PayerServer) -> Iterator[CoreConnector]:
    made = a_connector(payers.url, request.param)
    yield made
    made.close()


def a_connector(url: str, envelope: str = "soap", limit: float = 20.0) -> CoreConnector:
    settings = CoreSettings(url, "DESK", "SIM", "user", envelope, limit)
    return CoreConnector(settings, lambda: "p&<>word", utc_now)


def test_an_active_plan_comes_back_with_figures(connector: CoreConnector) -> None:
    (answer,) = ask(connector, "LSB000000001").answers
    assert answer.status == "active"
    assert answer.summary["98"][0].stated.copay is not None
    assert answer.summary["98"][0].limits.deductible_individual.amounts.remaining is not None
    assert answer.patient.last == "NUNEZ-O'BRIEN"
    assert answer.carve_outs[0].name == "HILLTOP PHARMACY BENEFITS"


@pytest.mark.parametrize("payer", [f"990{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 11)])
def test_every_payer_of_the_directory_answers(connector: CoreConnector, payer: str) -> None:
    (answer,) = ask(connector, "ANYBODY12", payer).answers
    assert answer.status == "active"
    assert [finding.code for finding in answer.findings if "count" in finding.code] == []


def test_a_dependent_gets_the_dependents_loop(connector: CoreConnector) -> None:
    child = Insured("Núñez", "Leo", date(2018, 5, 6))
    (answer,) = ask(connector, "LSB000000002", dependent=child).answers
    assert answer.is_dependent
    assert answer.patient.first == "LEO"
    assert answer.subscriber.first == "ANA"


def test_a_slow_payer_is_waited_for(connector: CoreConnector) -> None:
    assert ask(connector, "SLOW1").answers[0].status == "active"


def test_ended_coverage_is_inactive_and_no_limit_is_not_owed(connector: CoreConnector) -> None:
    assert ask(connector, "TERM1").answers[0].status == "inactive"
    family = ask(connector, "NOLIM1").answers[0].summary["30"][0]
    assert family.limits.deductible_family.amounts.remaining is None
    assert family.limits.deductible_family.no_limit


def test_only_our_interchange_of_two_is_used(connector: CoreConnector) -> None:
    file = ask(connector, "TWO1")
    assert [answer.status for answer in file.answers] == ["active"]


@pytest.mark.parametrize(
    ("member", "loop"),
    [
        ("AAA72", "2100C"),
        ("AAA73", "2100C"),
        ("AAA75", "2100C"),
        ("AAA71E", "2110C"),
        ("AAA42", "2100A"),
        ("AAA80", "2000A"),
        ("AAA51", "2100B"),
    ],
)
def test_rejections_arrive_at_their_level(connector: CoreConnector, member: str, loop: str) -> None:
    file = ask(connector, member)
    told = [*file.rejections, *(r for answer in file.answers for r in answer.rejections)]
    assert [(value.loop, value.code) for value in told] == [(loop, member[3:5])]
    assert all(answer.status == "not_answered" for answer in file.answers)


@pytest.mark.parametrize(
    ("member", "error", "code"),
    [
        *FAULTS,
        ("HTML1", NotAReply, "html_page"),
        ("ERR1", EnvelopeError, "core_error"),
        ("FAULT1", EnvelopeError, "core_error"),
    ],
)
def test_every_fault_is_silence_with_words(
    connector: CoreConnector, member: str, error: type[OutsideSilent], code: str
) -> None:
    stays_silent(connector, member, error, code)


def test_a_mute_payer_ends_at_the_hard_limit(payers: PayerServer) -> None:
    connector = a_connector(payers.url, limit=0.3)
    with pytest.raises(NoReply) as caught:
        ask(connector, "MUTE1")
    connector.close()
    assert caught.value.code == "payer_timeout"


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 900000\r\n\r\n", b"x"),
    ],
    ids=["nothing", "head", "body"],
)
def test_a_reply_that_trickles_ends_at_the_hard_limit(first: bytes, drop: bytes) -> None:
    with Trickle(first, drop) as payer:
        connector = a_connector(f"http://127.0.0.1:{payer.port}/core", limit=0.4)
        with pytest.raises(NoReply) as caught:
            ask(connector, "LSB1")
        connector.close()
    assert caught.value.code == "payer_timeout"


class Trickle:
    """A payer that takes the question and then sends one byte now and then, for ever."""

    def __init__(self, first: bytes, drop: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._end = threading.Event()
        self._said = first, drop
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Trickle:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        first, drop = self._said
        with connection, contextlib.suppress(OSError):
            connection.sendall(first)
            while not self._end.wait(0.02):
                connection.sendall(drop)


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    connector = a_connector(f"http://127.0.0.1:{port}/core")
    with pytest.raises(NoReply) as caught:
        ask(connector, "LSB1")
    connector.close()
    assert caught.value.code == "clearinghouse_unreachable"


def test_an_address_without_encryption_is_refused() -> None:
    with pytest.raises(Refused):
        a_connector("http://clearinghouse.example/core")
