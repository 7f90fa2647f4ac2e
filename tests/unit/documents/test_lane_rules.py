"""A document in parts and whole again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.documents import lane
from workstation.documents.lane import assembled, count_of_parts, digest_of, parts_to_send
from workstation.kernel.errors import Refused


@given(
    content=st.binary(min_size=1, max_size=40),
    size=st.integers(1, 9),
    there=st.sets(st.integers(0, 40)),
)
def test_what_is_not_there_is_sent_and_makes_the_document_whole(
    content: bytes, size: int, there: set[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "PART_BYTES", size)
        every = dict(parts_to_send(content, frozenset()))
        rest = dict(parts_to_send(content, frozenset(there)))
        assert len(every) == count_of_parts(len(content))
    assert all(0 < len(part) <= size for part in every.values())
    assert rest == {n: part for n, part in every.items() if n not in there}
    assert assembled(digest_of(content), [every[n] for n in sorted(every)]) == content


def test_another_byte_is_damage() -> None:
    with pytest.raises(Refused, match="document_damaged"):
        assembled(digest_of(b"card"), [b"ca", b"rt"])
