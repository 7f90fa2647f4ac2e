"""Tokenizer and reader: any separators, line breaks, several interchanges, what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood
from workstation.x12.describe import file_as_json
from workstation.x12.reading import read_x12
from workstation.x12.tokenizer import render, tokenize

_ISA = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "SENDER".ljust(15), "ZZ", "RECEIVER".ljust(15)]
_ISA += ["261120", "1201", "^", "00501", "000000001", "0", "T", ":"]
BODY = [
    ["GS", "HB", "S", "R", "20261120", "1201", "1", "X", "005010X279A1"],
    ["ST", "271", "0001", "005010X279A1"],
    ["BHT", "0022", "11", "T1", "20261120", "1201"],
    ["HL", "1", "", "20", "1"],
    ["NM1", "PR", "2", "EXAMPLE"],
    ["SE", "5", "0001"],
    ["GE", "1", "1"],
    ["IEA", "1", "000000001"],
]


def written(element: str = "*", segment: str = "~", repetition: str = "^", gap: str = "") -> str:
    head = [*_ISA]
    head[11] = repetition
    return "".join(element.join(parts) + segment + gap for parts in [head, *BODY])


def finding_codes(text: str) -> set[str]:
    file = read_x12(text)
    inner = [f for i in file.interchanges for f in i.findings]
    inner += [f for t in file.transactions for f in t.findings]
    return {f.code for f in [*file.findings, *inner]}


_MARKS = st.permutations(list("*~^|!#$;+\x1c\x1d\x1e"))


@settings(max_examples=60, deadline=None)
@given(_MARKS, st.sampled_from(["", "\n", "\r\n"]))
def test_any_separators_give_the_same_segments(marks: list[str], gap: str) -> None:
    text = written(marks[0], marks[1], marks[2], gap)
    (interchange,), findings = tokenize(text)
    assert interchange.text == text
    assert [s.elements for s in interchange.segments[1:]] == BODY
    assert findings == []
    assert finding_codes(text) == set()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text("ABC 019.:-", max_size=6), min_size=1, max_size=5),
        min_size=1,
        max_size=12,
    )
)
def test_what_was_written_is_what_is_read(rows: list[list[str]]) -> None:
    segments = [["ZZ1", *row] for row in rows]
    text = "*".join(_ISA) + "~" + "".join("*".join(row) + "~" for row in segments)
    (interchange,), _ = tokenize(text)
    assert [s.elements for s in interchange.segments[1:]] == segments
    assert render(interchange) == text


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_garbage_is_read_or_refused_in_words(text: str) -> None:
    refusal = None
    try:
        read_x12(text)
    except NotUnderstood as error:
        refusal = error
    assert refusal is None or refusal.say.endswith(".")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(written())))
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(length: int) -> None:
    text = written()[:length]
    try:
        file = read_x12(text)
    except NotUnderstood:
        assert length < 106
        return
    assert length >= 106
    whole = [s.elements for i in read_x12(written()).interchanges for s in i.segments]
    told = [s.elements for i in file.interchanges for s in i.segments]
    assert told[:-1] == whole[: len(told) - 1]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(BODY), max_size=14))
def test_segments_in_any_order_are_all_kept_in_the_loops(rows: list[list[str]]) -> None:
    text = "".join("*".join(row) + "~" for row in [_ISA, ["ST", "271", "1"], *rows])
    file = read_x12(text)
    for transaction in file.transactions:
        seen: list[list[str]] = []

        def walk(loop: dict[str, object], seen: list[list[str]] = seen) -> None:
            seen += loop["segments"]  # type: ignore[arg-type]
            for inner in loop["loops"]:  # type: ignore[attr-defined]
                walk(inner)

        walk(transaction.root.as_json())
        assert sorted(seen) == sorted(s.elements for s in transaction.segments)


def test_newline_may_end_segments() -> None:
    assert finding_codes(written(segment="\n")) == set()
    assert finding_codes(written(segment="\r\n"[0], gap="\n")) == set()


def test_lines_wrapped_at_eighty_columns_are_joined() -> None:
    text = written()
    wrapped = "\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    (interchange,) = read_x12(wrapped).interchanges
    assert [s.elements for s in interchange.segments[1:]] == BODY


def test_several_interchanges_with_their_own_separators() -> None:
    file = read_x12(written() + "\n" + written("|", "!", "+"))
    assert [i.delimiters.element for i in file.interchanges] == ["*", "|"]
    assert [s.number for s in file.interchanges[1].segments][:1] == [10]
    assert {f.code for f in file.findings} == {"several_interchanges"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("SE*5*0001~", "SE*9*0001~", "se_count"),
        ("SE*5*0001~", "SE**0001~", "se_count"),
        ("SE*5*0001~", "", "no_se"),
        ("SE*5*0001~", "SE*5*0002~", "se_control"),
        ("GE*1*1~", "GE*2*1~", "ge_count"),
        ("IEA*1*000000001~", "", "no_iea"),
        ("IEA*1*000000001~", "IEA*1*000000002~", "iea_control"),
        ("*^*00501*", "*U*00501*", "no_repetition_separator"),
        ("HL*1**20*1~", "HL*1*7*21*1~", "odd_parent"),
        ("HL*1**20*1~", "HL*1**77*1~", "unknown_level"),
        ("HL*1**20*1~", "", "no_levels"),
        ("ST*271*0001*005010X279A1~", "", "no_st"),
    ],
)
def test_what_is_missing_is_told_and_the_rest_read(old: str, new: str, code: str) -> None:
    text = written().replace(old, new)
    assert code in finding_codes(text)
    assert any(t.kind == "271" for t in read_x12(text).transactions)


def test_version_4010_needs_no_repetition_separator() -> None:
    text = written().replace("*^*00501*", "*U*00401*")
    assert finding_codes(text) == set()


def test_a_file_without_isa_is_guessed() -> None:
    text = "".join("|".join(row) + "\n" for row in BODY)
    assert "no_isa" in finding_codes(text)
    assert read_x12(text).transactions[0].kind == "271"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("<!DOCTYPE html><html>no</html>", "HTML"),
        ("<?xml version='1.0'?><a/>", "XML"),
        ('{"error": 1}', "JSON"),
        ("hello", "no X12"),
        ("ISA*00*      ", "cut off"),
    ],
)
def test_only_what_is_not_x12_is_refused(text: str, words: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read_x12(text)
    assert words in caught.value.say


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "latin-1"])
def test_bytes_in_several_encodings(mark: str) -> None:
    text = written().replace("EXAMPLE", "NÚÑEZ")
    file = read_x12(text.encode(mark))
    assert file.interchanges[0].segments[5].get(3) == "NÚÑEZ"


def test_loops_of_other_transactions() -> None:
    payment = "ST*835*1~BPR*I*1~N1*PR*X~N1*PE*Y~LX*1~CLP*A~NM1*QC~SVC*HC:1~DTM*472~SE*10*1~"
    names = names_of(payment)
    assert names == ["ST", "1000A", "1000B", "2000", "2100", "2110"]
    acknowledged = "ST*999*1~AK1*HS*1~AK2*270*1~IK3*NM1~IK4*9~IK5*R~AK9*R~SE*8*1~"
    assert names_of(acknowledged) == ["ST", "2000", "2100", "2110"]
    status = "ST*277*1~BHT*1~HL*1**20*1~NM1*PR~HL*2*1*21*1~NM1*41~HL*3*2*19*1~NM1*1P~"
    status += "HL*4*3*PT~NM1*QC~TRN*2*1~STC*A1~SVC*HC:1~SE*14*1~"
    assert names_of(status)[-4:] == ["2000D", "2100D", "2200D", "2220D"]


def names_of(text: str) -> list[str]:
    def walk(loop: dict[str, object]) -> list[str]:
        found = [str(loop["loop"])]
        for inner in loop["loops"]:  # type: ignore[attr-defined]
            found += walk(inner)
        return found

    return walk(read_x12(text).transactions[0].root.as_json())


def test_the_file_as_json_holds_every_segment() -> None:
    value = file_as_json(read_x12(written()))
    (interchange,) = value["interchanges"]
    assert [s["tag"] for s in interchange["segments"]] == ["ISA", *(row[0] for row in BODY)]
    assert interchange["groups"][0]["transactions"][0]["set"] == "271"
