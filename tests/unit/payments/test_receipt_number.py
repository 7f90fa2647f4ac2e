"""Receipt numbers: form, check character, misread characters caught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood
from workstation.payments.receipt_number import (
    check_character,
    read_receipt_number,
    receipt_number,
)

codes = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=2, max_size=3)
counts = st.integers(1, 9_999_999)


def test_the_check_character_is_that_of_the_standard() -> None:
    # The worked example of ISO/IEC 7064:2003 for MOD 37,36 is "A12425GABC1234002" -> "M".
    assert check_character("A12425GABC1234002") == "M"


@settings(max_examples=60)
@given(codes, counts)
def test_a_number_reads_back(code: str, n: int) -> None:
    assert read_receipt_number(receipt_number(code, n).lower() + " ") == (code, n)


@settings(max_examples=80)
@given(codes, counts, st.data())
def test_one_wrong_digit_is_noticed(code: str, n: int, data: st.DataObject) -> None:
    text = receipt_number(code, n)
    place = data.draw(st.sampled_from([i for i, c in enumerate(text) if c.isdigit()]))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    with pytest.raises(NotUnderstood) as caught:
        read_receipt_number(text[:place] + other + text[place + 1 :])
    assert caught.value.code == "receipt_no_not_understood"


@pytest.mark.parametrize("code", ["K", "KLMN", "IO", "k7", "K-"])
def test_a_code_that_could_be_misread_is_no_code(code: str) -> None:
    with pytest.raises(ValueError, match="receipt code"):
        receipt_number(code, 1)
