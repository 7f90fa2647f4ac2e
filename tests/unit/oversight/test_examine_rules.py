"""What stands out among looks at charts, and what does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from workstation.oversight.model import REVIEWED, SEARCHED, Chart, Finding, Look, Rule
from workstation.oversight.rules import MANY, SEARCHES, examine, name_words

NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)  # noon in Chicago
ZONE = ZoneInfo("America/Chicago")

_n = iter(range(1, 100_000))


def look(
    person: str | None = "p",
    *,
    name: str = "Rosa Díaz",
    what: str = "chart_opened",
    at: datetime = NOON,
    login: str = "",
    ws: str = "ws1",
) -> Look:
    return Look(ws, next(_n), "Desk 1", at, login or name, name, "registrar", what, person)


def chart(id: str = "p", first: str = "ann", last: str = "ames", **more: object) -> Chart:
    return Chart(id, first, last.title(), frozenset(name_words(last)), **more)  # type: ignore[arg-type]


def found(
    looks: list[Look], *charts: Chart, visits: frozenset[tuple[str, date]] = frozenset()
) -> list[tuple[Rule, str, str | None, int]]:
    def cared_for(person: str, day: date) -> bool:
        return (person, day) in visits

    answer = examine(looks, {one.id: one for one in charts}, cared_for, ZONE)
    return [(one.rule, one.who, one.person_id, len(one.looks)) for one in answer]


def test_a_day_of_ordinary_work_has_nothing_that_stands_out() -> None:
    assert found([look("p"), look("q"), look(None, what=SEARCHED)], chart(), chart("q")) == []


def test_the_same_surname_whatever_its_accents_and_hyphens() -> None:
    for last in ("Diaz", "DÍAZ", "Ruiz-Díaz", "Diaz Ruiz"):
        assert found([look(), look()], chart(last=last)) == [
            (Rule.SAME_NAME, "Rosa Díaz", "p", 2)
        ], last
    assert found([look()], chart(last="Diazgranados")) == []
    assert found([look(name="Diaz")], chart(last="Diaz")) == [], "no surname of a single name"


def test_a_surname_of_before_counts() -> None:
    known = Chart("p", "ann", "Ames", frozenset({"ames", "diaz"}))
    assert found([look()], known) == [(Rule.SAME_NAME, "Rosa Díaz", "p", 1)]


def test_ones_own_chart_is_told_as_such_and_not_as_a_namesake() -> None:
    assert found([look()], chart(first="rosa", last="diaz")) == [(Rule.OWN, "Rosa Díaz", "p", 1)]


def test_the_household_is_told_by_the_home_in_ones_own_chart() -> None:
    home = frozenset({"1 elm st 78701"})
    own = chart("own", "rosa", "diaz", homes=home)
    child = chart("kid", "leo", "smith", homes=home | {"5125550100"})
    other = chart("far", "eve", "smith", homes=frozenset({"2 oak st 78701"}))
    looks = [look("kid"), look("far"), look("kid", name="Sam Lee")]
    assert found(looks, own, child, other) == [(Rule.HOUSEHOLD, "Rosa Díaz", "kid", 1)]


def test_protected_and_employees_charts_each_time() -> None:
    known = chart(protected=True, employee=True)
    later = NOON + timedelta(minutes=1)
    assert found([look(), look(name="Sam Lee", at=later)], known) == [
        (Rule.PROTECTED, "Sam Lee", "p", 1),
        (Rule.PROTECTED, "Rosa Díaz", "p", 1),
        (Rule.EMPLOYEE, "Sam Lee", "p", 1),
        (Rule.EMPLOYEE, "Rosa Díaz", "p", 1),
    ]


def test_by_night_only_without_a_visit_and_by_the_facilitys_clock() -> None:
    night = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # half past midnight in Chicago
    assert found([look(at=night)], chart()) == [(Rule.AFTER_HOURS, "Rosa Díaz", "p", 1)]
    assert found([look(at=night)], chart(), visits=frozenset({("p", date(2026, 11, 24))})) == []
    assert found([look(at=night + timedelta(hours=5, minutes=30))], chart()) == []
    assert found([look(at=night - timedelta(hours=2, minutes=31))], chart()) == []


def test_far_more_charts_than_usual() -> None:
    def day(name: str, count: int) -> list[Look]:
        return [look(f"p{n}", name=name) for n in range(count)]

    assert found([*day("A", MANY), *day("B", 10), *day("C", 10)]) == []
    assert found([*day("A", MANY + 1), *day("B", 10), *day("C", 10)]) == [
        (Rule.VOLUME, "A", None, MANY + 1)
    ]
    busy = [*day("A", 100), *day("B", 90), *day("C", 95)]
    assert found(busy) == [], "a busy hall: all open that many"
    assert found([look("p") for _ in range(MANY * 2)], chart()) == [], "one chart is one"


def test_searching_without_opening() -> None:
    def searches(count: int, opened: int) -> list[Look]:
        made = []
        for n in range(count):
            at = NOON + timedelta(minutes=20 * n)
            made.append(look(None, what=SEARCHED, at=at))
            if n < opened:
                made.append(look(f"p{n}", at=at + timedelta(minutes=2)))
        return made

    assert found(searches(SEARCHES, 0)) == [(Rule.SEARCH_ONLY, "Rosa Díaz", None, SEARCHES)]
    assert found(searches(SEARCHES - 1, 0)) == []
    assert found(searches(SEARCHES * 3, SEARCHES * 2)) == [], "one in three finds nobody: work"
    elsewhere = [look("p", ws="ws2", at=NOON + timedelta(minutes=20 * n)) for n in range(SEARCHES)]
    assert found([*searches(SEARCHES, 0), *elsewhere])[0][0] is Rule.SEARCH_ONLY


def test_examining_is_no_finding_itself() -> None:
    assert found([look(what=REVIEWED)], chart(last="Diaz", protected=True)) == []


def test_the_most_telling_comes_first_then_the_newest() -> None:
    looks = [
        look("a", at=NOON),
        look("b", at=NOON + timedelta(hours=1)),
        look("own", at=NOON - timedelta(hours=1)),
    ]
    charts = (chart("a", last="diaz"), chart("b", last="diaz"), chart("own", "rosa", "diaz"))
    answer: list[Finding] = list(
        examine(looks, {one.id: one for one in charts}, lambda p, d: True, ZONE)
    )
    assert [one.person_id for one in answer] == ["own", "b", "a"]
