"""Licence payloads: every version, every known quirk, and never a wrong date of birth."""

from __future__ import annotations

import contextlib
import re
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from aamva_payloads import FIELDS, ISSUER, PERSON, by_lot, glued, mangled, payload

from workstation.capture.aamva import parse
from workstation.kernel.errors import NotUnderstood

TODAY = date(2026, 11, 23)


def read(text: str | bytes) -> dict[str, object]:
    data = text if isinstance(text, bytes) else text.encode()
    return parse(data, TODAY).as_json()


@pytest.mark.parametrize("version", range(1, 12))
@pytest.mark.parametrize("state", sorted(ISSUER))
def test_every_version_and_state(version: int, state: str) -> None:
    zip_code = "T5K2J1" if state == "ON" else "787010000"
    got = read(payload(version, state, zip=zip_code))
    assert got["version"] == version
    assert got["jurisdiction"] == got["state"] == state
    names = (got["last_name"], got["first_name"], got["middle_name"], got["suffix"])
    assert names == ("EXAMPLE", "MARISOL", "JUNE", "JR")
    assert got["birth_date"] == "1984-02-29"
    assert (got["issue_date"], got["expiration_date"]) == ("2024-03-01", "2032-02-29")
    assert got["sex"] == "F"
    assert (got["street"], got["city"]) == ("100 SPECIMEN RD", "DADE CITY")
    assert got["zip"] == ("T5K 2J1" if state == "ON" else "78701")
    assert got["country"] == ("CAN" if state == "ON" else "USA")
    assert got["number"] == "12345678"
    if version >= 4:
        assert got["truncated"] == {"last_name": False, "first_name": False, "middle_name": True}


@pytest.mark.parametrize("version", range(1, 12))
def test_lost_separators_give_the_same_fields(version: int) -> None:
    whole = read(payload(version))
    alone = read(glued(payload(version)))
    for key in ("last_name", "first_name", "birth_date", "number", "zip", "city", "sex"):
        assert alone[key] == whole[key], key
    assert "separators_lost" in [f["code"] for f in alone["findings"]]


@pytest.mark.parametrize("last", ["DACOSTA", "DAVIDSON", "DAIGLE", "DAGOSTINO", "ADAMS"])
@pytest.mark.parametrize("first", ["DAISY", "DAHLIA", "DARREN", "MANDA"])
def test_names_that_hold_identifiers_survive_lost_separators(last: str, first: str) -> None:
    got = read(glued(payload(9, last=last, first=first)))
    assert (got["last_name"], got["first_name"]) == (last, first)
    assert got["birth_date"] == "1984-02-29"


@pytest.mark.parametrize(
    "turn",
    [
        lambda s: s.replace("\n", "|"),
        lambda s: s.replace("\n", "<LF>").replace("\x1e", "<RS>").replace("\r", "<CR>"),
        lambda s: s.replace("\n", "\r\n"),
        lambda s: "\n  " + s,
        lambda s: "\ufeff" + s,
        lambda s: s.replace("ANSI ", "AAMVA"),
        lambda s: s.replace("DL00410278ZX03190008DL", "DL99990000ZX00010002"),
        lambda s: s.replace("@\n\x1e\r", ""),
        lambda s: s.replace("\n", "\n\x90"),
        lambda s: s.replace("\n", "  ,\n"),
    ],
)
def test_quirks_of_scanners(turn: object) -> None:
    got = read(turn(payload(8)))  # type: ignore[operator]
    assert (got["last_name"], got["first_name"]) == ("EXAMPLE", "MARISOL")
    assert got["birth_date"] == "1984-02-29"
    assert got["number"] == "12345678"


def test_connecticut_glues_the_first_element_to_the_directory() -> None:
    got = read(
        "@\n\x1e\rAAMVA6360060101DL00290179DAACTEXAMPLE,ADULT,A\nDBB19610101\nDAQ990000001\n"
    )
    assert (got["last_name"], got["first_name"], got["middle_name"]) == ("CTEXAMPLE", "ADULT", "A")


@pytest.mark.parametrize(
    ("full", "names"),
    [
        ("EXAMPLE,ANA MARIE", ("EXAMPLE", "ANA", "MARIE")),
        ("EXAMPLE, ANA MARIE", ("EXAMPLE", "ANA", "MARIE")),
        ("EXAMPLE@ANA@MARIE", ("EXAMPLE", "ANA", "MARIE")),
        ("ANA MARIE EXAMPLE", ("EXAMPLE", "ANA", "MARIE")),
    ],
)
def test_whole_names_of_version_1(full: str, names: tuple[str, ...]) -> None:
    got = read(f"@ANSI 6360070102DL00390203ZL02420016DLDAQ0055\nDAA{full}\nDBB19740707\n")
    assert (got["last_name"], got["first_name"], got["middle_name"]) == names
    guessed = "," not in full and "@" not in full
    assert ("name_order" in [f["code"] for f in got["findings"]]) == guessed


def test_wyoming_two_given_names_and_repeated_city() -> None:
    text = payload(4, "WY", first="ANA E", middle="").replace("DAW150", "DAHDADE CITY, WY  78701")
    got = read(text)
    assert (got["first_name"], got["middle_name"], got["street2"]) == ("ANA", "E", None)


@pytest.mark.parametrize(
    ("raw", "born"),
    [
        ("02291984", "1984-02-29"),
        ("19840229", "1984-02-29"),
        ("02/29/1984", "1984-02-29"),
        ("02301984", None),
        ("00000000", None),
        ("022984", None),
        ("01011850", None),
        ("12312026", None),
    ],
)
def test_date_of_birth_is_right_or_absent(raw: str, born: str | None) -> None:
    assert read(payload(8).replace("DBB02291984", f"DBB{raw}"))["birth_date"] == born


@pytest.mark.parametrize(
    "noise", [b"", b"hello", b"\x00" * 50, b"@\n\x1e\rANSI 636015", b"%PDF-1.7"]
)
def test_noise_is_not_understood(noise: bytes) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse(noise)
    assert caught.value.do


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_answer_or_are_not_understood(data: bytes) -> None:
    with contextlib.suppress(NotUnderstood):
        parse(b"@\n\x1e\rANSI 636015080002DL" + data)


@given(version=st.integers(1, 11), seed=st.integers(0, 10**6), drop=st.booleans())
@settings(max_examples=150)
def test_damage_never_raises(version: int, seed: int, drop: bool) -> None:
    text = payload(version)
    with contextlib.suppress(NotUnderstood):
        parse(mangled(glued(text) if drop else text, seed))


@given(
    last=st.text("ABCDEILNORSTUVZ", min_size=2, max_size=20),
    first=st.text("ABCDEILNORSTUVZ", min_size=2, max_size=15),
    born=st.dates(date(1910, 1, 1), TODAY),
    version=st.integers(4, 11),
)
@settings(max_examples=120)
def test_lost_separators_never_give_a_wrong_birth_date(
    last: str, first: str, born: date, version: int
) -> None:
    got = parse(glued(payload(version, last=last, first=first, born=born)).encode(), TODAY)
    assert got.birth_date in (born, None)


TURNS = {
    "as printed": lambda text: text,
    "spaces for separators": lambda text: re.sub(r"[\r\n\x1e]+", " ", text),
    "tabs": lambda text: text.replace("\n", "\t"),
    "pipes": lambda text: text.replace("\n", "|"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "shift the wrong way": str.swapcase,
    "no header": lambda text: text.partition("DL00410278ZX03190008DL")[2],
}


@pytest.mark.parametrize("how", TURNS)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=60)
def test_every_field_survives_what_wedges_do_to_separators(how: str, seed: int) -> None:
    text, want = by_lot(seed)
    got = read(TURNS[how](text))
    assert {name: got[name] for name in FIELDS} == want


def test_fields_without_any_separator() -> None:
    right = wrong_births = 0
    for seed in range(400):
        text, want = by_lot(seed)
        got = read(glued(text))
        right += sum(got[name] == want[name] for name in FIELDS)
        wrong_births += got["birth_date"] not in (want["birth_date"], None)
    assert wrong_births == 0
    assert right >= 0.99 * 400 * len(FIELDS)


def test_the_discriminator_is_not_kept() -> None:
    assert "99EXAMPLE0001" not in str(read(payload(8)))
    assert PERSON["last"] in str(read(payload(8)))
