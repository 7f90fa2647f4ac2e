"""How usual names are: what tells a slip from a brother, and a mover from a namesake."""

import pytest

from workstation.people.name_shares import is_given_name, one_is_a_slip, usual_pair
from workstation.people.names import given_name, last_name


@pytest.mark.parametrize("name", ["robert", "jayden", "jaden", "guadalupe", "jose", "aaliyah"])
def test_given_names_are_known(name: str) -> None:
    assert is_given_name(name)


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("robert", "robetr", True), ("michale", "michael", False), ("jayden", "jaden", False),
        ("brandon", "brendan", False), ("xqzk", "xqzl", False),
    ],
)  # fmt: skip
def test_a_slip_is_where_one_of_two_is_no_name(one: str, other: str, slip: bool) -> None:
    assert one_is_a_slip(one, other) is slip
    assert one_is_a_slip(other, one) is slip


@pytest.mark.parametrize(
    ("first", "last", "usual"),
    [
        ("Robert", "Smith", True), ("María", "García", True), ("Robert", "Ostrowiczak", False),
        ("Thelonious", "Smith", False), ("María", "García López", False),
        ("Qwrt", "Zzyzx", False),
    ],
)  # fmt: skip
def test_usual_pairs_may_be_two_people(first: str, last: str, usual: bool) -> None:
    assert usual_pair(given_name(first), last_name(last)) is usual
