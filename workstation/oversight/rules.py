"""What stands out among looks at charts. Each rule is a reason to ask, not a verdict.

The reasons are those that privacy officers are trained to look for (family, neighbours, colleagues,
people in the news), and what no work explains: by night, in bulk, searched for and not opened.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from statistics import median

from workstation.oversight.model import OPENED, REVIEWED, SEARCHED, Chart, Finding, Look, Rule

FIRST_HOUR, LAST_HOUR = 6, 22
"""Outside of these, facility time, a look needs a visit around that day."""

MANY = 60
"""Charts a day that a busy registrar opens anyway; above it, three times the usual stands out."""
TIMES_THE_USUAL = 3

SEARCHES = 8
FOLLOWED_WITHIN = timedelta(minutes=15)
"""A search was for a chart where one is opened at the same desk in this time."""

_ORDER = tuple(Rule)


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents and signs: what two spellings have in common."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(re.findall(r"[^\W\d_]+", letters))


def examine(
    looks: Sequence[Look],
    charts: Mapping[str, Chart],
    cared_for: Callable[[str, date], bool],
    zone: tzinfo,
) -> tuple[Finding, ...]:
    """What stands out, the most telling rule first, then the newest.

    ``charts`` may hold more than was looked at: staff's own, whose home tells their household.
    ``cared_for`` says whether a person had a visit on a day or the day before or after it.
    """
    seen = sorted(
        (look for look in looks if look.what != REVIEWED), key=lambda look: (look.at, look.n)
    )
    found: dict[tuple[Rule, str, str | None], list[Look]] = defaultdict(list)
    homes = _homes_of_staff(seen, charts)
    for look in seen:
        chart = charts.get(look.person_id or "")
        if chart is None:
            continue
        for rule in _of_the_chart(look, chart, homes):
            found[rule, look.login, chart.id].append(look)
        if _at_night(look, zone) and not cared_for(chart.id, look.at.astimezone(zone).date()):
            found[Rule.AFTER_HOURS, look.login, chart.id].append(look)
    findings = [
        Finding(rule, login, rows[-1].who, person, tuple(rows))
        for (rule, login, person), rows in found.items()
    ]
    findings += _volume(seen, zone)
    findings += _searches(seen, zone)
    findings.sort(key=lambda one: one.last.at, reverse=True)
    return tuple(sorted(findings, key=lambda one: _ORDER.index(one.rule)))


def _homes_of_staff(
    looks: Iterable[Look], charts: Mapping[str, Chart]
) -> dict[str, frozenset[str]]:
    """By login the homes in charts that bear the person's own name."""
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chart in charts.values():
        for last in chart.lasts:
            by_name[chart.first, last] |= chart.homes
    names = {look.login: name_words(look.name) for look in looks}
    return {
        login: frozenset(by_name.get((words[0], words[-1]), ()))
        for login, words in names.items()
        if len(words) > 1
    }


def _of_the_chart(look: Look, chart: Chart, homes: Mapping[str, frozenset[str]]) -> Iterator[Rule]:
    words = name_words(look.name)
    same = len(words) > 1 and words[-1] in chart.lasts
    if same and words[0] == chart.first:
        yield Rule.OWN
    elif chart.homes & homes.get(look.login, frozenset()):
        yield Rule.HOUSEHOLD
    elif same:
        yield Rule.SAME_NAME
    if chart.protected:
        yield Rule.PROTECTED
    if chart.employee:
        yield Rule.EMPLOYEE


def _at_night(look: Look, zone: tzinfo) -> bool:
    return not FIRST_HOUR <= look.at.astimezone(zone).hour < LAST_HOUR


def _by_day(looks: Iterable[Look], zone: tzinfo) -> dict[tuple[str, date], list[Look]]:
    days: dict[tuple[str, date], list[Look]] = defaultdict(list)
    for look in looks:
        days[look.login, look.at.astimezone(zone).date()].append(look)
    return days


def _volume(looks: Iterable[Look], zone: tzinfo) -> Iterator[Finding]:
    """Days on which somebody opened far more charts than is usual here."""
    days = _by_day((look for look in looks if look.what in OPENED), zone)
    counts = {key: len({look.person_id for look in rows}) for key, rows in days.items()}
    usual = median(counts.values()) if counts else 0
    for (login, day), rows in days.items():
        if counts[login, day] > max(MANY, TIMES_THE_USUAL * usual):
            yield Finding(Rule.VOLUME, login, rows[-1].who, None, tuple(rows))


def _searches(looks: Iterable[Look], zone: tzinfo) -> Iterator[Finding]:
    """Days on which somebody mostly searched and opened nothing: looking people up by the list."""
    for (login, _), rows in _by_day(looks, zone).items():
        searches = [look for look in rows if look.what == SEARCHED]
        vain = [
            look
            for look in searches
            if not any(
                other.person_id
                and other.ws_id == look.ws_id
                and look.at <= other.at <= look.at + FOLLOWED_WITHIN
                for other in rows
            )
        ]
        if len(vain) >= SEARCHES and 2 * len(vain) >= len(searches):
            yield Finding(Rule.SEARCH_ONLY, login, vain[-1].who, None, tuple(vain))
