"""Who sees and finds patients is asked in the use case, every time."""

from datetime import date

import pytest

from workstation.access.model import GRANTS, Permission, Role, Session
from workstation.arrivals.use_cases import SeeArrivals
from workstation.kernel.errors import NotPermitted
from workstation.people.gateways import SearchAnswer
from workstation.people.use_cases import FindPeople

FOUND = SearchAnswer((), 7, 0.1)


class Everything:
    """Would answer anybody."""

    def of_day(self, day, departments):
        return ()

    def search(self, query, limit=20):
        return FOUND


def session(role: Role) -> Session:
    return Session("u", "login", "Name", role)


@pytest.mark.parametrize("role", Role)
def test_the_day_is_seen_by_roles_that_see_arrivals(role):
    see = SeeArrivals(Everything(), session(role))
    if Permission.SEE_ARRIVALS in GRANTS[role]:
        assert see.of_day(date(2026, 11, 28), ()) == ()
    else:
        with pytest.raises(NotPermitted):
            see.of_day(date(2026, 11, 28), ())


@pytest.mark.parametrize("role", Role)
def test_people_are_found_by_roles_that_search(role):
    find = FindPeople(Everything(), session(role))
    if Permission.SEARCH in GRANTS[role]:
        assert find.search("okafor") is FOUND
    else:
        with pytest.raises(NotPermitted):
            find.search("okafor")


def test_the_it_account_sees_nobody():
    assert not {Permission.SEARCH, Permission.SEE_ARRIVALS, Permission.OPEN_CHART} & GRANTS[Role.IT]
