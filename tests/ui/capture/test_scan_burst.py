"""Keys of a scanner and keys of a person, told apart without a window."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.capture.burst import Burst, Ended, Verdict, What, luhn

LICENCE = "@\n\x1e\nANSI 636015090002DL00410278ZT03190008DLDCSFIXTURE\nDACLINNEA\n"


def typed(text: str, gap: float = 0.005) -> tuple[Burst, list[Verdict]]:
    burst = Burst()
    return burst, [burst.key(char, at * gap) for at, char in enumerate(text)]


def test_a_scan_is_held_whole() -> None:
    burst, verdicts = typed(LICENCE)
    assert set(verdicts) == {Verdict.HOLD}
    assert burst.take() == Ended(What.CODE, LICENCE)
    assert not burst.held


def test_a_person_who_types_an_address_is_let_through() -> None:
    burst, verdicts = typed("@example.com", gap=0.09)
    assert verdicts[:2] == [Verdict.HOLD, Verdict.GAVE_UP]
    assert burst.take() == Ended(What.TYPING, "@")


def test_a_pause_of_the_scanner_at_a_line_end_breaks_nothing() -> None:
    burst = Burst()
    now = 0.0
    for char in LICENCE:
        now += 0.09 if char == "D" and burst.held and now > 0.2 else 0.005
        assert burst.key(char, now) is Verdict.HOLD
    assert burst.take().what is What.CODE


@pytest.mark.parametrize(
    "text",
    [
        "%B4111111111111111^FIXTURE/LINNEA^2912101000000000?",
        ";4111111111111111=29121010000000000?",
    ],
)
def test_nothing_of_a_payment_card_comes_out(text: str) -> None:
    burst, _ = typed(text)
    assert burst.take() == Ended(What.PAYMENT)
    assert not burst.held


def test_the_stripe_of_a_licence_is_no_payment_card() -> None:
    burst, _ = typed(";636015123456789=291219850303?")
    assert burst.take().what is What.STRIPE


def test_luhn_knows_a_wrong_digit() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")


@settings(max_examples=60)
@given(st.text("abc@%;123 ", min_size=1, max_size=20))
def test_slow_typing_is_never_lost(text: str) -> None:
    burst = Burst()
    out = ""
    for at, char in enumerate(text):
        verdict = burst.key(char, at * 0.2)
        if verdict is Verdict.GAVE_UP:
            out += burst.take().text
            verdict = burst.key(char, at * 0.2)
        if verdict is Verdict.TYPED:
            out += char
    assert out + burst.take().text == text
