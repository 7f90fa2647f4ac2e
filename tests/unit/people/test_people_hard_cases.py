"""Every hard case of matching that is known, each as two records and what may be said of them."""

from __future__ import annotations

from typing import Any

import pytest

from workstation.people.matcher import compare_people, match_person
from workstation.people.model import Person

BASE: dict[str, Any] = {
    "last": "Smith", "first": "Robert", "dob": "1985-03-07", "sex": "M",
    "phones": ["5125550142"], "street": "12 Oak Street", "zip": "78701",
}  # fmt: skip
CHILD = {**BASE, "first": "Jayden", "dob": "2020-05-06", "mother_mrn": "777"}
BABY = {"last": "Smith", "first": "Baby Boy", "dob": "2026-11-20", "sex": "M", "mother_mrn": "900"}
MOVED = {"phones": ["7375550166"], "street": "900 Elm Ave", "zip": "73301"}

SAME, POSSIBLE, NEW = {"same"}, {"possible"}, {"new"}
KNOWN, NOT_SAME = {"same", "possible"}, {"possible", "new"}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], set[str]]] = {
    "the same in every field": (BASE, {}, {}, SAME),
    "case and accents": (BASE, {"last": "MUÑOZ"}, {"last": "Munoz"}, SAME),
    "apostrophe": (BASE, {"last": "O'Brien"}, {"last": "OBRIEN"}, SAME),
    "curly apostrophe": (BASE, {"last": "D’Angelo"}, {"last": "Dangelo"}, SAME),
    "saint": (BASE, {"last": "St. John"}, {"last": "Saint John"}, SAME),
    "al-hassan": (BASE, {"last": "Al-Hassan"}, {"last": "Alhassan"}, SAME),
    "hyphen or blank": (BASE, {"last": "Garcia-Lopez"}, {"last": "Garcia Lopez"}, SAME),
    "first of two surnames": (BASE, {"last": "Garcia-Lopez"}, {"last": "Garcia"}, KNOWN),
    "second of two surnames": (BASE, {"last": "Garcia-Lopez"}, {"last": "López"}, KNOWN),
    "particles": (BASE, {"last": "De La Cruz"}, {"last": "Delacruz"}, SAME),
    "twins one letter apart": (CHILD, {}, {"first": "Jaden"}, NOT_SAME),
    "twins one letter apart, marked": (
        CHILD, {"birth_order": 1, "multiple_birth": True},
        {"first": "Jaden", "birth_order": 2, "multiple_birth": True}, NOT_SAME),
    "twins of different sex": (CHILD, {}, {"first": "Jayla", "sex": "F"}, NEW),
    "twins with unlike names": (CHILD, {}, {"first": "Marcus"}, NEW),
    "twins with one initial": (CHILD, {}, {"first": "Jordan"}, NEW),
    "siblings": (CHILD, {}, {"first": "Olivia", "sex": "F", "dob": "2018-01-02"}, NEW),
    "eric and erica": (CHILD, {"first": "Eric"}, {"first": "Erica", "sex": "F"}, NEW),
    "cousins of one name": (CHILD, {}, {**MOVED, "dob": "2019-09-30", "mother_mrn": "1"}, NEW),
    "cousins in one house": (CHILD, {}, {"first": "Dylan", "mother_mrn": "31"}, NEW),
    "father and son": (BASE, {"suffix": "Sr"}, {"suffix": "Jr", "dob": "2010-08-09"}, NEW),
    "father and son without suffix": (BASE, {}, {"dob": "2010-08-09"}, NEW),
    "jr and sr of one birth date": (BASE, {"suffix": "Jr"}, {"suffix": "Sr"}, NOT_SAME),
    "III missing on one side": (BASE, {"suffix": "III"}, {}, KNOWN),
    "suffix typed into the last name": (BASE, {"last": "SMITH JR"}, {"suffix": "Jr."}, SAME),
    "suffixes typed into the last name": (BASE, {"last": "SMITH JR"}, {"suffix": "Sr"}, NOT_SAME),
    "bob": (BASE, {}, {"first": "Bob"}, SAME),
    "peggy": (BASE, {"first": "Peggy", "sex": "F"}, {"first": "Margaret", "sex": "F"}, SAME),
    "jack": (BASE, {"first": "Jack"}, {"first": "John"}, SAME),
    "nacho": (BASE, {"first": "Nacho"}, {"first": "Ignacio"}, SAME),
    "lupe": (BASE, {"first": "Lupe"}, {"first": "Guadalupe"}, SAME),
    "pepe": (BASE, {"first": "Pepe"}, {"first": "José"}, SAME),
    "chuy": (BASE, {"first": "Chuy"}, {"first": "Jesús"}, SAME),
    "memo": (BASE, {"first": "Memo"}, {"first": "Guillermo"}, SAME),
    "sasha": (BASE, {"first": "Sasha"}, {"first": "Alexander"}, SAME),
    "trey": (BASE, {"first": "Trey"}, {"suffix": "III"}, KNOWN),
    "john is not nathan": (CHILD, {"first": "John"}, {"first": "Nathan"}, NEW),
    "day and month changed over": (BASE, {}, {"dob": "1985-07-03"}, KNOWN),
    "one digit of the birth date": (BASE, {}, {"dob": "1986-03-07"}, KNOWN),
    "married": (
        BASE, {"first": "Maria", "sex": "F"},
        {"first": "Maria", "sex": "F", "last": "Keller"}, KNOWN),
    "married, maiden name kept": (
        BASE, {"first": "Maria", "sex": "F"},
        {"first": "Maria", "sex": "F", "last": "Keller", "previous_last": "Smith"}, SAME),
    "divorced back to the maiden name": (
        BASE, {"first": "Maria", "sex": "F", "last": "Keller", "aliases": ["Ortiz, Maria"]},
        {"first": "Maria", "sex": "F", "last": "Ortiz"}, SAME),
    "SSN with two digits changed over": (
        BASE, {"ssn": "321-54-9876"}, {"ssn": "321-45-9876"}, KNOWN),
    "placeholder SSN on both": (
        BASE, {"ssn": "999-99-9999"},
        {"ssn": "999-99-9999", "first": "Alan", "last": "Park", "dob": "1961-02-02", **MOVED}, NEW),
    "repeated SSN on both": (
        BASE, {"ssn": "111-11-1111"},
        {"ssn": "111111111", "first": "Alan", "last": "Park", "dob": "1961-02-02", **MOVED}, NEW),
    "counted SSN on both": (
        BASE, {"ssn": "123-45-6789"},
        {"ssn": "123456789", "first": "Alan", "last": "Park", "dob": "1961-02-02", **MOVED}, NEW),
    "same SSN, another person": (
        BASE, {"ssn": "321-54-9876"},
        {"ssn": "321549876", "first": "Alan", "last": "Park", "dob": "1961-02-02", **MOVED}, NEW),
    "same SSN, brother": (
        BASE, {"ssn": "321-54-9876"}, {"ssn": "321549876", "first": "Alan", "dob": "1990-01-01"},
        NEW),
    "same SSN, twin": (
        BASE, {"ssn": "321-54-9876"}, {"ssn": "321549876", "first": "Alan"}, NOT_SAME),
    "placeholder birth date on both": (
        BASE, {"dob": "1900-01-01", **MOVED}, {"dob": "1900-01-01"}, NEW),
    "same name and birth date, other SSN": (
        BASE, {"ssn": "321-54-9876"}, {"ssn": "455-31-2210", **MOVED}, NOT_SAME),
    "same name and birth date, all else differs": (BASE, {}, MOVED, NOT_SAME),
    "moved, with the same SSN": (BASE, {"ssn": "321549876"}, {"ssn": "321549876", **MOVED}, SAME),
    "first and last changed over": (BASE, {}, {"last": "Robert", "first": "Smith"}, KNOWN),
    "initial only": (BASE, {}, {"first": "R."}, KNOWN),
    "goes by the middle name": (
        BASE, {"first": "James", "middle": "Robert"}, {"first": "Robert"}, KNOWN),
    "twins with two given names": (
        CHILD, {"first": "Maria", "middle": "Elena", "sex": "F"},
        {"first": "Maria", "middle": "Isabel", "sex": "F"}, NOT_SAME),
    "newborn gets a name": (BABY, {}, {"first": "Liam"}, KNOWN),
    "newborn of another mother": (BABY, {}, {"first": "Liam", "mother_mrn": "901"}, NEW),
    "baby A and baby B": (BABY, {"first": "Baby Boy A"}, {"first": "Baby Boy B"}, NOT_SAME),
    "BB and BG": (BABY, {"first": "BB"}, {"first": "BG", "sex": "F"}, NEW),
    "girl A named": (
        BABY, {"first": "Girl A", "sex": "F"},
        {"first": "Emma", "sex": "F", "birth_order": "1", "multiple_birth": "Y"}, KNOWN),
    "girl B is not the first": (
        BABY, {"first": "Girl B", "sex": "F"},
        {"first": "Emma", "sex": "F", "birth_order": "1", "multiple_birth": "Y"}, NOT_SAME),
    "newborn under the mother's name": (
        BABY, {"first": "BabyBoy Maria"}, {"first": "Liam"}, KNOWN),
    "twins of one initial": (CHILD, {"first": "J"}, {"first": "J."}, NOT_SAME),
    "family name first": (
        BASE, {"last": "Nguyen", "first": "Thi Anh"},
        {"last": "Anh", "first": "Nguyen", "middle": "Thi"}, KNOWN),
    "husband and wife": (BASE, {}, {"first": "Ana", "sex": "F", "dob": "1988-02-01"}, NEW),
    "mother and newborn": (
        BABY, {}, {"first": "Ana", "dob": "1996-02-01", "mother_mrn": None}, NEW),
    "unknown unknown": (
        BASE, {"last": "Unknown", "first": "Unknown"}, {"last": "Unknown", "first": "Unknown"},
        NEW),
    "same MRN, another person": (
        BASE, {"mrn": "12"}, {"mrn": "12", "first": "Alan", "last": "Park", "dob": "1961-02-02"},
        NEW),
    "john doe": (BASE, {"first": "John", "last": "Doe"}, {"first": "John", "last": "Doe"}, NEW),
    "trauma": (
        BASE, {"last": "TRAUMA-Kilo", "first": "Unknown"},
        {"last": "TRAUMA-Kilo", "first": "Unknown"}, NEW),
    "test": (BASE, {"last": "TEST", "first": "Patient"}, {"last": "TEST", "first": "Patient"}, NEW),
    "gender marker changed": (BASE, {"first": "Alex"}, {"first": "Alex", "sex": "F"}, KNOWN),
    "gender marker and name changed, former name kept": (
        BASE, {"ssn": "321549876"},
        {"ssn": "321549876", "first": "Rosa", "sex": "F", "aliases": ["Smith, Robert"]}, KNOWN),
    "mbi reissued": (BASE, {"mbi": "1EG4TE5MK73"}, {"mbi": "2FH5UF6NM84"}, SAME),
    "mbi with letters for digits": (
        BASE, {"mbi": "1EG4-TE5-MK73", **MOVED}, {"mbi": "LEG4TE5MK73"}, SAME),
    "one name only": (
        BASE, {"last": "Suharto", "first": None}, {"last": "Suharto", "first": "FNU"}, KNOWN),
    "one name in both fields": (
        BASE, {"last": "Suharto", "first": "Suharto"}, {"last": "Suharto", "first": None}, KNOWN),
    "birth date missing": (BASE, {}, {"dob": None}, POSSIBLE),
    "birth date missing, same SSN": (
        BASE, {"ssn": "321549876"}, {"ssn": "321549876", "dob": None}, SAME),
    "birth date missing, same SSN, suffix on one side": (
        BASE, {"ssn": "321549876", "suffix": "Jr"}, {"ssn": "321549876", "dob": None}, POSSIBLE),
    "deceased": (BASE, {"deceased": True}, {}, POSSIBLE),
    "vip": (BASE, {"vip": True}, {}, SAME),
    "protected address": (BASE, {"confidential_address": True}, {}, SAME),
    "moved, middle name agrees": (
        BASE, {"middle": "Quincy", **MOVED}, {"middle": "Q"}, SAME),
    "only name and birth date on one side": (
        BASE, {}, {"phones": [], "street": None, "zip": None}, SAME),
    "letters changed over": (BASE, {"first": "Michael"}, {"first": "Micheal"}, SAME),
    "sounds alike": (BASE, {"first": "Stephan"}, {"first": "Stefen"}, KNOWN),
    "don is a name": (BASE, {"first": "Don"}, {"first": "Donald"}, SAME),
    "don is not sam": (CHILD, {"first": "Don"}, {"first": "Sam"}, NEW),
    "all empty": ({}, {}, {}, NEW),
    "phone with country code": (BASE, MOVED, {"phones": ["+1 (737) 555-0166"]}, SAME),
    "two hundred letters": (BASE, {"last": "A" * 200}, {"last": "A" * 200}, SAME),
    "mojibake": (BASE, {"last": "MuÃ±oz"}, {"last": "Muñoz"}, SAME),
    "phone with an extension": (
        BASE, MOVED, {"phones": ["737-555-0166 x12"], "street": None, "zip": None}, SAME),
    "newborn written down after midnight": (
        BABY, {}, {"first": "Liam", "dob": "2026-11-21"}, POSSIBLE),
    "baby boy and baby girl, sex not given": (
        BABY, {"sex": None}, {"sex": None, "first": "Baby Girl"}, NEW),
    "unknown male": (
        BASE, {"last": "Unknown", "first": "Male 3"}, {"last": "Unknown", "first": "Male 3"}, NEW),
    "xx trauma": (
        BASE, {"last": "XXTRAUMA", "first": "Tango"}, {"last": "XXTRAUMA", "first": "Tango"}, NEW),
    "a name that is none": (BASE, {"first": "Robret"}, {"first": "Robert", "middle": "J"}, SAME),
    "a vowel mistyped": (BASE, {"first": "Benjemin"}, {"first": "Benjamin"}, SAME),
    "twins with two real names": (CHILD, {"first": "Brandon"}, {"first": "Brendan"}, NOT_SAME),
    "marked twins, one misspelt": (
        CHILD, {"multiple_birth": True}, {"first": "Jaydxn", "multiple_birth": True}, NOT_SAME),
    "twins that rhyme": (CHILD, {"first": "Jason"}, {"first": "Tason"}, NOT_SAME),
    "unusual name, moved": (BASE, {"last": "Ostrowiczak", **MOVED}, {"last": "Ostrowiczak"}, SAME),
    "unusual name, moved, born on January 1": (
        BASE, {"last": "Ostrowiczak", "dob": "1985-01-01", **MOVED},
        {"last": "Ostrowiczak", "dob": "1985-01-01"}, POSSIBLE),
    "date one digit off in another house": (BASE, {}, {**MOVED, "dob": "1985-03-08"}, POSSIBLE),
    "date one digit off, thirty years": (BASE, {}, {"dob": "1955-03-07"}, NOT_SAME),
    "date one digit off, suffix on one side": (
        BASE, {"suffix": "Jr"}, {"dob": "1986-03-07"}, POSSIBLE),
    "name cut short": (BASE, {"first": "Carl"}, {"first": "Carlton"}, KNOWN),
    "goes by the middle name, other initial": (
        CHILD, {"first": "Josef", "middle": "B"}, {"first": "Cyril", "middle": "Josef"}, NOT_SAME),
    "slip of the name, no birth date": (BASE, {}, {"first": "Robrt", "dob": None}, POSSIBLE),
    "old short form": (BASE, {"first": "Herman"}, {"first": "Dutch"}, KNOWN),
    "another name, last four of SSN": (
        BASE, {"ssn": "321549876"}, {"first": "Tycho", "ssn": "9876"}, POSSIBLE),
    "misspelt name and wrong sex": (BASE, {"first": "Benjemin", "sex": "F"},
        {"first": "Benjamin"}, POSSIBLE),
    "boy and girl with like names": (CHILD, {"first": "Eric"}, {"first": "Erica", "sex": "F"}, NEW),
    "direction of the street misspelt": (
        BASE, {"street": "9627 East River Drive", "phones": []},
        {"street": "9627 Eiast River Dr", "phones": []}, SAME),
    "unusual name, no birth date, moved": (
        BASE, {"last": "Ostrowiczak", "dob": None, **MOVED}, {"last": "Ostrowiczak"}, POSSIBLE),
    "usual name, no birth date, moved": (BASE, {"dob": None, **MOVED}, {}, NEW),
    "unusual name, other month of birth, one phone": (
        BASE, {"last": "Ostrowiczak", "street": None},
        {"last": "Ostrowiczak", "street": None, "dob": "1985-04-28"}, POSSIBLE),
    "emoji only": (BASE, {"first": "😀"}, {"first": "🎈", "last": "😀", **MOVED}, NEW),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_hard_case(name: str) -> None:
    common, left, right, expected = CASES[name]
    a = Person.from_json({"id": "a", **common, **left})
    b = Person.from_json({"id": "b", **common, **right})
    verdict = compare_people(a, b)
    assert verdict.outcome in expected, verdict
    turned = compare_people(b, a)
    assert (turned.outcome, turned.score) == (verdict.outcome, verdict.score)


def test_misuse_of_a_number_is_said() -> None:
    common, left, right, _ = CASES["same SSN, another person"]
    verdict = compare_people(
        Person.from_json({**common, **left}), Person.from_json({**common, **right})
    )
    assert any("keying error or misuse" in reason for reason in verdict.reasons)


def test_two_charts_that_fit_are_for_a_person_to_tell_apart() -> None:
    charts = [Person.from_json({**BASE, "id": id}) for id in ("1", "2")]
    answer = match_person(Person.from_json(BASE), charts)
    assert answer.outcome == "possible"
    assert [c.id for c in answer.candidates] == ["1", "2"]


def test_the_better_chart_comes_first() -> None:
    right = Person.from_json({**BASE, "id": "right", "ssn": "321549876"})
    other = Person.from_json({**BASE, "id": "other", **MOVED})
    answer = match_person(Person.from_json({**BASE, "ssn": "321549876"}), [other, right])
    assert answer.outcome == "same"
    assert answer.candidates[0].id == "right"


def test_at_most_fifty_candidates() -> None:
    charts = [Person.from_json({**BASE, "id": str(i)}) for i in range(80)]
    assert len(match_person(Person.from_json(BASE), charts).candidates) == 50
