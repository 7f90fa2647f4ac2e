"""Damaged 271s: whatever happens to a file, it is read or refused in words."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.eligibility.reading import read_benefits
from workstation.kernel.errors import NotUnderstood

TEXT = (Path(__file__).parents[2] / "data" / "x12" / "large_ppo.271").read_text("utf-8")
LINES = TEXT.splitlines(keepends=True)
_PIECES = st.sampled_from(["", "*", "~", "^", ":", "9", "-", "A", "HL*9*1*23*0~", "EB*", "\n"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(106, len(TEXT) - 1), _PIECES), min_size=1, max_size=12))
def test_characters_changed(changes: list[tuple[int, str]]) -> None:
    text = TEXT
    for at, piece in changes:
        text = text[:at] + piece + text[at + 1 :]
    _read(text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_segments_lost_doubled_and_moved(data: st.DataObject) -> None:
    lines = LINES[1:]
    for _ in range(data.draw(st.integers(1, 8))):
        at, to = data.draw(st.tuples(*[st.integers(0, len(lines) - 1)] * 2))
        what = data.draw(st.sampled_from(["lose", "double", "move"]))
        if what == "double":
            lines.insert(to, lines[at])
        else:
            line = lines.pop(at)
            if what == "move":
                lines.insert(to, line)
    _read(LINES[0] + "".join(lines))


def _read(text: str) -> None:
    try:
        file = read_benefits(text)
    except NotUnderstood:
        return
    for answer in json.loads(json.dumps(file.as_json()))["answers"]:
        indexes = {row["index"] for row in answer["rows"]}
        for sides in answer["summary"].values():
            for side in sides.values():
                assert {*side["rows"], *side["subscriber_rows"]} <= indexes
        assert answer["status"] in ("active", "inactive", "partial", "not_answered")
