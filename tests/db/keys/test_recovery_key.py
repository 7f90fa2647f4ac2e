"""The recovery key as it is printed, typed back, and used."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.keys.recovery import (
    PrivateHalf,
    PublicHalf,
    form_for_the_safe,
    form_for_workstations,
)
from workstation.kernel.errors import NotUnderstood, PorticoError, Refused

KEY = PrivateHalf(bytes(range(32)))
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(st.binary(min_size=32, max_size=32))
def test_either_half_is_read_back(raw: bytes) -> None:
    assert PrivateHalf.read(PrivateHalf(raw).written()) == PrivateHalf(raw)
    assert PublicHalf.read(PublicHalf(raw).written()) == PublicHalf(raw)


def test_it_is_read_as_people_write_it() -> None:
    written = KEY.written()
    for typed in (
        written.lower(),
        written.replace(" ", "-").replace("\n", "\r\n"),
        written.replace("0", "O").replace("1", "l"),
        written.replace(" ", ""),
        form_for_the_safe(KEY),
    ):
        assert PrivateHalf.read(typed) == KEY
    assert PublicHalf.read(form_for_workstations(KEY.public)) == KEY.public


def test_every_slip_of_the_pen_is_told_with_its_group() -> None:
    written = KEY.written()
    groups = written.split()
    for place, sign in enumerate(written):
        if sign not in SIGNS:
            continue
        other = SIGNS[(SIGNS.index(sign) + 7) % 32]
        slipped = written[:place] + other + written[place + 1 :]
        at = next(n for n, (a, b) in enumerate(zip(groups, slipped.split(), strict=True)) if a != b)
        with pytest.raises(NotUnderstood) as told:
            PrivateHalf.read(slipped)
        assert f"Group {at + 1} " in str(told.value.say)


def test_two_signs_that_changed_places_are_told() -> None:
    written = KEY.written()
    for place in range(len(written) - 1):
        a, b = written[place : place + 2]
        if a != b and a.strip() and b.strip():
            with pytest.raises(NotUnderstood):
                PrivateHalf.read(written[:place] + b + a + written[place + 2 :])


@pytest.mark.parametrize("typed", ["", "# no key", KEY.written()[:-6], KEY.written() + " 00000"])
def test_a_key_of_another_length(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="recovery_key_unreadable"):
        PrivateHalf.read(typed)


def test_the_halves_are_not_mistaken_for_one_another() -> None:
    with pytest.raises(NotUnderstood, match="recovery_key_public"):
        PrivateHalf.read(KEY.public.written())
    with pytest.raises(NotUnderstood, match="recovery_key_private"):
        PublicHalf.read(KEY.written())


def test_what_is_sealed_opens_with_this_key_for_this_purpose_alone() -> None:
    sealed = KEY.public.seal(b"the key", "a")
    assert KEY.open(sealed, "a") == b"the key"
    assert KEY.public.seal(b"the key", "a") != sealed
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for key, content, purpose in (
        (PrivateHalf.make(), sealed, "a"),
        (KEY, sealed, "b"),
        (KEY, damaged, "a"),
        (KEY, b"", "a"),
    ):
        with pytest.raises(Refused, match="recovery_key_wrong"):
            key.open(content, purpose)


def test_the_private_half_shows_in_no_text_of_the_program() -> None:
    assert KEY.raw.hex() not in repr(KEY)
    assert not re.search(KEY.written().split()[3], repr(KEY))
    with pytest.raises(PorticoError) as told:
        KEY.open(b"x", "a")
    assert KEY.raw.hex() not in f"{told.value.say}{told.value.do}{told.value!r}"
