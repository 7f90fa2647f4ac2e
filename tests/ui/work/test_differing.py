"""What differs between two sides of a conflict is found to the letter."""

from hypothesis import given
from hypothesis import strategies as st

from ui.work.differing import differing, marked


def test_one_digit_of_a_member_id_stands_out() -> None:
    assert differing("XQZ123456780", "XQZ123456789") == (("XQZ12345678", False), ("0", True))


def test_only_what_parts_of_two_dates_is_marked() -> None:
    assert differing("03 May 1985", "04 Mar 1985") == (
        ("0", False),
        ("3", True),
        (" Ma", False),
        ("y", True),
        (" 1985", False),
    )


def test_different_words_are_marked_whole() -> None:
    assert differing("Blue Cross", "Aetna") == (("Blue Cross", True),)


def test_what_was_typed_is_never_markup() -> None:
    assert marked("<i>Ann</i>", "<i>Anne</i>") == "&lt;i&gt;Ann&lt;/i&gt;"
    assert marked("<b>", "x") == "<b><u>&lt;b&gt;</u></b>"


@given(st.text(), st.text())
def test_nothing_is_lost_and_equal_sides_have_no_mark(one: str, other: str) -> None:
    pieces = differing(one, other)
    assert "".join(words for words, _ in pieces) == one
    if one == other:
        assert not any(differs for _, differs in pieces)
