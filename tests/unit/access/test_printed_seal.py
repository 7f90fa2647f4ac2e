"""A head on paper: compared by eye, typed back, and a slip in typing is not a changed trail."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.access.audit import Anchor, link
from workstation.access.desk import RECEIPT_ALPHABET
from workstation.access.printed_seal import printed, read_printed
from workstation.kernel.errors import NotUnderstood

heads = st.binary(min_size=32, max_size=32).map(bytes.hex)
counts = st.integers(1, 10**9)


@given(counts, heads)
def test_what_was_printed_is_read_back(entries: int, head: str) -> None:
    text = printed(Anchor(entries, head))
    for typed in (text, text.lower(), f"  {text.replace('-', ' ')} ", text.replace("0", "O")):
        if typed.split("-")[0].isdigit() or " " in typed:
            seal = read_printed(typed)
            assert seal.entries == entries
            assert seal.fits(head)


@given(counts, heads, heads)
def test_another_head_does_not_fit(entries: int, head: str, other: str) -> None:
    seal = read_printed(printed(Anchor(entries, head)))
    assert seal.fits(other) == (int(other, 16) >> 156 == int(head, 16) >> 156)
    assert not seal.fits(None)
    assert not seal.fits(link(head, "x"))


def test_one_wrong_sign_is_told_as_mistyped() -> None:
    """All places, all signs: two check signs let one in about a thousand pass, here none."""
    text = printed(Anchor(1284, link("0" * 64, "an entry")))
    passed = []
    for at, sign in enumerate(text):
        for other in RECEIPT_ALPHABET if sign != "-" else "":
            if other == sign or (at < 4 and not other.isdigit()):
                continue
            typed = text[:at] + other + text[at + 1 :]
            with contextlib.suppress(NotUnderstood):
                passed.append(read_printed(typed))
    assert len(passed) <= 2, passed


@pytest.mark.parametrize(
    "typed", ["", "1284", "1284-", "x-9F4K", "1284-9F4K-2M7Q", "🙂", "-5-A" * 9]
)
def test_what_is_no_seal_is_said_kindly(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="seal_mistyped"):
        read_printed(typed)
