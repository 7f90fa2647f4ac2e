"""Names, dates of birth, numbers, addresses: what is typed and what it is compared as."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood
from workstation.people.addresses import house_and_street, is_nowhere, usual_street
from workstation.people.birth_dates import age, comparable_dob, parse_birth_date
from workstation.people.identifiers import (
    comparable_email,
    comparable_mbi,
    comparable_mrn,
    comparable_phone,
    comparable_ssn,
    comparable_ssn4,
)
from workstation.people.model import Person, unknown_keys
from workstation.people.names import fold, given_name, is_nobody, last_name, parse_alias
from workstation.people.nicknames import also_called, same_given_name
from workstation.people.normalise import comparable, normalised
from workstation.people.validation import (
    Level,
    check_person,
    display_phone,
    findings,
    phone_is_possible,
    zip_places,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    [
        "3/3/85", "03/03/1985", "03031985", "030385", "1985-03-03", "19850303", "3 Mar 1985",
        "Mar 3, 1985", "march 3rd 85", "3.3.85", "3-3-1985", " 3 / 3 / 85 ", "3mar85",
        "3 marzo 1985", "1985 March 3",
    ],
)  # fmt: skip
def test_birth_date_in_many_forms(typed: str) -> None:
    assert parse_birth_date(typed, TODAY) == date(1985, 3, 3)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3/3/20", date(2020, 3, 3)),
        ("11/23/26", date(2026, 11, 23)),
        ("11/24/26", date(1926, 11, 24)),
        ("25/3/1985", date(1985, 3, 25)),
        ("2/29/84", date(1984, 2, 29)),
        ("2/29/00", date(2000, 2, 29)),
    ],
)
def test_two_digit_year_is_the_latest_that_is_not_ahead(typed: str, expected: date) -> None:
    assert parse_birth_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("11/24/2026", "dob_in_future"),
        ("1/1/1895", "dob_too_old"),
        ("2/30/1985", "dob_not_understood"),
        ("2/29/1985", "dob_not_understood"),
        ("", "dob_not_understood"),
        ("yesterday", "dob_not_understood"),
        ("13/13/1985", "dob_not_understood"),
        ("3/3", "dob_not_understood"),
        ("3/3/985", "dob_not_understood"),
        ("😀", "dob_not_understood"),
    ],
)
def test_no_date_of_birth(typed: str, code: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_birth_date(typed, TODAY)
    assert (caught.value.code, caught.value.field) == (code, "dob")


@settings(deadline=None)
@given(st.dates(TODAY - timedelta(days=365 * 99), TODAY))
def test_every_written_form_reads_back(born: date) -> None:
    for form in ("%m/%d/%Y", "%m%d%Y", "%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%m/%d/%y", "%m%d%y"):
        assert parse_birth_date(born.strftime(form), TODAY) == born


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_sentence(text: str) -> None:
    try:
        found = parse_birth_date(text, TODAY)
    except NotUnderstood as error:
        found, said = None, error.say
    assert found <= TODAY if found is not None else said.endswith(".")


def test_placeholder_dates_are_not_compared() -> None:
    assert comparable_dob("1900-01-01") is None
    assert comparable_dob("01/01/1900") is None
    assert comparable_dob("3/3/1985") == "1985-03-03"
    assert comparable_dob("1985-03-03T00:00:00") == "1985-03-03"


def test_age_of_somebody_born_on_february_29() -> None:
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Muñoz", "munoz"), ("O'Brien", "obrien"), ("O’Brien", "obrien"), ("d`Angelo", "dangelo"),
        ("Łukasz", "lukasz"), ("Straße", "strasse"), ("  Ann   Marie ", "ann marie"), ("😀", ""),
        ("Garcia-Lopez", "garcia lopez"), ("王", "王"), ("ﬁn", "fin"), ("Nguyễn", "nguyen"),
    ],
)  # fmt: skip
def test_fold(typed: str, expected: str) -> None:
    assert fold(typed) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_names_never_fail_and_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert last_name(text).joined.replace(" ", "") == last_name(text).joined
    given_name(text)
    comparable(Person(last=text, first=text, middle=text, street=text, aliases=(text,)))


def test_compound_and_suffixed_last_names() -> None:
    assert last_name("De la Cruz-Ruiz Jr").parts == ("cruz", "ruiz")
    assert last_name("De la Cruz-Ruiz Jr").suffix == "JR"
    assert last_name("Garcia y Lopez").joined == "garcialopez"
    assert last_name("LNU").joined == ""
    assert last_name("V").joined == "v"


@pytest.mark.parametrize(
    ("typed", "order"),
    [("Baby Boy", None), ("BB", None), ("Girl A", 1), ("BABY GIRL B", 2), ("Newborn", None),
     ("Twin 2", 2), ("NB", None)],
)  # fmt: skip
def test_names_given_by_the_ward(typed: str, order: int | None) -> None:
    name = given_name(typed)
    assert name.newborn
    assert name.order == order


@pytest.mark.parametrize("typed", ["Baby Ruth", "Boyd", "Girlie", "Bob", "Malena"])
def test_names_that_only_begin_so(typed: str) -> None:
    assert not given_name(typed).newborn


def test_nobody() -> None:
    assert is_nobody("Doe", "Jane")
    assert is_nobody("TRAUMA-Kilo", "X")
    assert is_nobody("Zztest", "Anna")
    assert not is_nobody("Doerr", "John")
    assert not is_nobody("Doe", "Patricia")
    assert not is_nobody(None, None)


def test_aliases() -> None:
    assert parse_alias("Ortiz, Maria") == ("Ortiz", "Maria")
    assert parse_alias("Maria Ortiz") == ("Ortiz", "Maria")
    assert parse_alias("Ortiz") == ("Ortiz", None)


def test_short_forms_go_both_ways_but_not_across() -> None:
    assert same_given_name("bob", "robert")
    assert same_given_name("bob", "rob")
    assert same_given_name("chuy", "jesus")
    assert not same_given_name("john", "nathan")
    assert not same_given_name("bob", "john")
    assert "bob" in also_called("robert")
    assert all(same_given_name("robert", other) for other in also_called("robert"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("321-54-9876", "321549876"), ("999-99-9999", None), ("111-11-1111", None),
        ("123-45-6789", None), ("078-05-1120", None), ("000-12-3456", None), ("666-12-3456", None),
        ("321-00-9876", None), ("321-54-0000", None), ("912-70-1234", "912701234"),
        ("912-10-1234", None), ("32154987", None), (None, None), ("", None),
    ],
)  # fmt: skip
def test_ssn(typed: str | None, expected: str | None) -> None:
    assert comparable_ssn(typed) == expected


def test_last_four() -> None:
    assert comparable_ssn4("XXX-XX-9876") == "9876"
    assert comparable_ssn4("321-54-9876") == "9876"
    assert comparable_ssn4("999-99-9999") is None


def test_mbi_letters_that_cms_never_uses() -> None:
    assert comparable_mbi("1EG4-TE5-MK73") == "1EG4TE5MK73"
    assert comparable_mbi("IEG4TE5MK73") == "1EG4TE5MK73"
    assert comparable_mbi("1EG4TE5MK7") is None
    assert comparable_mbi("ABCDEFGHJKM") is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("(512) 555-0142", "5125550142"), ("+1 512 555 0142", "5125550142"), ("0000000000", None),
        ("5555555555", None), ("1234567890", None), ("911", None), (None, None),
        ("+52 55 1234 5678", "525512345678"),
    ],
)  # fmt: skip
def test_phone(typed: str | None, expected: str | None) -> None:
    assert comparable_phone(typed) == expected


def test_email_and_mrn() -> None:
    assert comparable_email("Ana@GMAIL.con") == "ana@gmail.com"
    assert comparable_email("none@none.com") is None
    assert comparable_email("ana at home") is None
    assert comparable_mrn("000-123 A") == "123a"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("123 North Main Street, Apartment 4B", "123 N MAIN ST APT 4B"),
        ("P.O. Box 12", "PO BOX 12"),
        ("Post Office Box 12", "P O Box 12"),
        ("Rural Route 2 Box 10", "RR 2 BOX 10"),
        ("HC 1 Box 5", "Highway Contract 1 Box 5"),
        ("12 1/2 Elm Avenue Rear", "12 1/2 ELM AVE REAR"),
        ("PSC 3 Box 4120", "psc 3 box 4120"),
        ("12 Elm St #4", "12 Elm Street Apt 4"),
    ],
)
def test_one_address_in_two_spellings(a: str, b: str) -> None:
    assert usual_street(a) == usual_street(b)
    assert house_and_street(a) == house_and_street(b) is not None


def test_addresses_that_are_none() -> None:
    for words in ("homeless", "General Delivery", "UNKNOWN", "", None):
        assert is_nowhere(words)
        assert house_and_street(words) is None
    assert house_and_street("Urb. Las Gladiolas 150 Calle A") == ("150", "calle a")
    assert house_and_street("100 Main St Apt 2") == house_and_street("100 N Main Street Unit 9")


def test_person_is_read_tolerantly() -> None:
    someone = Person.from_json(
        {
            "id": 7, "last": " Smith ", "zip": 78701, "phones": "5125550142", "sex": "female",
            "multiple_birth": "Y", "birth_order": "B", "deceased": 0, "aliases": [{"last": "Orr"}],
            "nonsense": 1, "first": "", "mrn": 12.0,
        }
    )  # fmt: skip
    assert (someone.id, someone.last, someone.zip, someone.mrn) == ("7", "Smith", "78701", "12")
    assert someone.phones == ("5125550142",)
    assert (someone.sex, someone.multiple_birth, someone.birth_order) == ("F", True, 2)
    assert someone.deceased is False
    assert someone.aliases == ("Orr",)
    assert someone.first is None
    assert unknown_keys({"nonsense": 1, "last": "x"}) == ["nonsense"]


@pytest.mark.parametrize(
    ("value", "flag"),
    [("N", False), ("no", False), (0, False), (False, False), ("", None), ("1", True), (2, True),
     (True, True), ("unknown", None)],
)  # fmt: skip
def test_multiple_birth_in_many_forms(value: object, flag: bool | None) -> None:
    assert Person.from_json({"multiple_birth": value}).multiple_birth is flag


@pytest.mark.parametrize(
    ("value", "order"),
    [("A", 1), ("2", 2), (3, 3), ("1st", 1), (1.0, 1), (True, None), ("x", None), ("0", None)],
)
def test_birth_order_in_many_forms(value: object, order: int | None) -> None:
    assert Person.from_json({"birth_order": value}).birth_order == order


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*Person.__dataclass_fields__, "other"]), json_values))
def test_any_object_becomes_a_person_that_reads_back(data: dict[str, object]) -> None:
    someone = Person.from_json(data)
    assert Person.from_json(someone.as_json()) == someone
    comparable(someone)
    findings(someone, TODAY)


def test_not_an_object() -> None:
    with pytest.raises(NotUnderstood):
        Person.from_json([1])  # type: ignore[arg-type]


def test_normalised_stands_beside_what_was_typed() -> None:
    form = normalised(
        Person(last="O'Brien Jr", dob="3/3/1985", ssn="999-99-9999", zip="78701-1234")
    )
    assert (form["last"], form["suffix"], form["dob"], form["ssn"]) == (
        "obrien", "JR", "1985-03-03", None,
    )  # fmt: skip
    assert form["zip"] == "78701"


def codes(someone: Person, level: Level) -> set[str]:
    return {f.code for f in findings(someone, TODAY) if f.level is level}


def test_what_must_be_fixed() -> None:
    wrong = Person(first="😀", dob="2/30/1985", ssn="12345", mbi="123", last="x" * 201)
    assert codes(wrong, Level.STOP) == {
        "name_without_letters", "dob_not_understood", "ssn_length", "mbi_shape", "too_long",
    }  # fmt: skip
    assert codes(Person(), Level.STOP) == {"name_missing"}
    with pytest.raises(NotUnderstood) as caught:
        check_person(Person(last="Smith", dob="11/24/2026"), TODAY)
    assert caught.value.field == "dob"


def test_what_deserves_a_look() -> None:
    odd = Person(
        last="Sm1th", dob="1900-01-01", ssn="111-11-1111", phones=("5555555555",),
        email="a@gmail.con", zip="78701", state="CA",
    )  # fmt: skip
    assert codes(odd, Level.YIELD) == {
        "name_with_digits", "placeholder", "phone_unlikely", "email_typo", "zip_state",
    }  # fmt: skip
    assert codes(odd, Level.STOP) == set()
    assert "dob_very_old" in codes(Person(last="A", dob="1913-01-01"), Level.YIELD)
    assert codes(Person(last="A", zip="00001", email="none"), Level.YIELD) == {
        "zip_unknown", "email_unlikely",
    }  # fmt: skip
    assert codes(Person(last="A", zip="787"), Level.YIELD) == {"zip_length"}


def test_a_sound_registration_has_no_findings() -> None:
    sound = Person(
        last="Sample", first="Ana", dob="1985-03-03", ssn="321-54-9876", mbi="1EG4-TE5-MK73",
        phones=("(512) 555-0142",), email="ana@example.org", zip="78701", state="TX",
    )  # fmt: skip
    assert findings(sound, TODAY) == ()
    check_person(sound, TODAY)


def test_phones_and_zip_places() -> None:
    assert phone_is_possible("512 555 0142")
    assert not phone_is_possible("911")
    assert display_phone("5125550142") == "(512) 555-0142"
    assert display_phone("what") == "what"
    assert ("AUSTIN", "TX") in {(town.upper(), state) for town, state in zip_places("78701")}
    assert zip_places("00000") == ()
