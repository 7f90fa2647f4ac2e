"""Raw X12 in JSON against the simulator over real sockets: a key, a token, every fault."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from asked_payer import FAULTS, ask, stays_silent

from simulator.payers.server import PayerServer
from workstation.eligibility.connector import (
    EnvelopeError,
    NoReply,
    NotAReply,
)
from workstation.eligibility.gateways.raw_x12 import RawX12Connector, RawX12Settings
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import OutsideSilent, Refused


@pytest.fixture
def payers() -> Iterator[PayerServer]:
    server = PayerServer(slow_seconds=0.2)
    yield server
    server.close()


@pytest.fixture(params=["key", "token"])
def connector(request: pytest.FixtureRequest, payers: PayerServer) -> Iterator[RawX12Connector]:
    made = a_connector(payers, token=request.param == "token")
    yield made
    made.close()


def a_connector(
    payers: PayerServer, *, token: bool, limit: float = 20.0, key: str = "demo"
) -> RawX12Connector:
    settings = RawX12Settings(payers.raw_url, payers.token_url if token else None, "desk", limit)
    return RawX12Connector(settings, lambda: key, utc_now)


def test_an_active_plan_comes_back_with_figures(connector: RawX12Connector) -> None:
    (answer,) = ask(connector, "LSB000000001").answers
    assert answer.status == "active"
    assert answer.summary["98"][0].stated.copay is not None


def test_a_slow_payer_is_waited_for(connector: RawX12Connector) -> None:
    assert ask(connector, "SLOW1").answers[0].status == "active"


@pytest.mark.parametrize(
    ("member", "error", "code"),
    [
        *FAULTS,
        ("HTML1", NotAReply, "reply_not_json"),
        ("ERR1", EnvelopeError, "clearinghouse_refused"),
    ],
)
def test_every_fault_is_silence_with_words(
    connector: RawX12Connector, member: str, error: type[OutsideSilent], code: str
) -> None:
    stays_silent(connector, member, error, code)


def test_a_mute_payer_ends_at_the_hard_limit(payers: PayerServer) -> None:
    connector = a_connector(payers, token=False, limit=0.3)
    with pytest.raises(NoReply) as caught:
        ask(connector, "MUTE1")
    connector.close()
    assert caught.value.code == "payer_timeout"


@pytest.mark.parametrize("token", [True, False])
def test_a_wrong_key_is_a_matter_for_it(payers: PayerServer, token: bool) -> None:
    connector = a_connector(payers, token=token, key="old")
    with pytest.raises(EnvelopeError) as caught:
        ask(connector, "LSB1")
    connector.close()
    assert caught.value.code == "key_refused"
    assert not caught.value.retryable
    assert payers.questions == []


def test_one_token_serves_many_questions_at_once(payers: PayerServer) -> None:
    connector = a_connector(payers, token=True)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: ask(connector, f"LSB{n}"), range(8)))
    connector.close()
    assert {file.answers[0].status for file in found} == {"active"}
    assert payers.tokens.count == 1


def test_a_token_is_renewed_before_it_ends(payers: PayerServer) -> None:
    now = [datetime(2026, 11, 23, 14, 0, tzinfo=UTC)]
    payers.tokens.seconds = 300
    settings = RawX12Settings(payers.raw_url, payers.token_url, "desk")
    connector = RawX12Connector(settings, lambda: "demo", lambda: now[0])
    ask(connector, "LSB1")
    now[0] += timedelta(seconds=239)
    ask(connector, "LSB1")
    assert payers.tokens.count == 1
    now[0] += timedelta(seconds=2)
    ask(connector, "LSB1")
    connector.close()
    assert payers.tokens.count == 2


def test_a_token_that_ended_early_is_asked_for_once_more(payers: PayerServer) -> None:
    connector = a_connector(payers, token=True)
    assert ask(connector, "EXPIRE1").answers[0].status == "active"
    connector.close()
    assert payers.tokens.count == 2


def test_an_address_without_encryption_is_refused() -> None:
    for url, token in (("http://a.example/x12", None), ("https://a.example", "http://b.example")):
        with pytest.raises(Refused):
            RawX12Connector(RawX12Settings(url, token), lambda: "demo", utc_now)
