"""Examining who looked at whom, and accounting for disclosures; the looking itself is audited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.unit_of_work import StoreGateway
from workstation.oversight.gateways import Asked, Trails
from workstation.oversight.model import (
    DISCLOSED,
    LOOKED,
    REVIEWED,
    SIGNED_IN,
    Look,
    Looks,
    Review,
)
from workstation.oversight.rules import examine, name_words

SHOWN = 5_000
"""Entries in one list; a narrower question shows the rest."""

EXAMINED = 200_000
"""Looks that are examined at once: a week of a hospital with 200 desks, and some."""

DISCLOSURES_REACH = timedelta(days=6 * 366)
"""45 CFR 164.528(a)(1): six years before the request."""


class Oversight:
    """For supervisors and the privacy officer. May wait for the network: never on the window's
    thread. What is asked, by whom, is in the trail before the answer is seen."""

    def __init__(
        self, store: StoreGateway, clock: Clock, session: Session, desk: Desk, trails: Trails
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._trails = trails

    def findings(self, days: int) -> Review:
        """What stands out in the last days."""
        self._begin("findings", days)
        since = self._clock() - timedelta(days=days)
        rows, source = self._trails.looks(Asked(since, whats=LOOKED, at_most=EXAMINED))
        seen = {look.person_id for look in rows if look.person_id}
        charts = self._trails.charts(seen)
        names = {(words[0], words[-1]) for look in rows if len(words := name_words(look.name)) > 1}
        around = self._trails.visit_days(charts)

        def cared_for(person_id: str, day: date) -> bool:
            visits = around.get(person_id, frozenset())
            return any(day + timedelta(days=by) in visits for by in (-1, 0, 1))

        known = self._trails.charts_named(names) | charts
        found = examine(rows, known, cared_for, self._desk.facility.zone)
        return Review(found, known, source, len(rows), len(rows) == EXAMINED)

    def of_person(self, person_id: str, days: int) -> Looks:
        """Who opened this chart, and what they did there."""
        self._begin("person", days, person_id)
        return self._looks(days, person_id=person_id)

    def of_staff(self, login: str, days: int) -> Looks:
        """What one person of staff looked at."""
        self._begin("staff", days, who=login)
        return self._looks(days, login=login)

    def staff(self, days: int) -> tuple[tuple[str, str], ...]:
        """Login and name of everybody who signed in in the last days, by name."""
        self._session.require(Permission.EXAMINE_ACCESS)
        since = self._clock() - timedelta(days=days)
        signed_in = Asked(since, whats=frozenset({SIGNED_IN}), at_most=EXAMINED)
        rows, _ = self._trails.looks(signed_in)
        names = {look.login: look.who for look in reversed(rows)}
        return tuple(sorted(names.items(), key=lambda one: (one[1].casefold(), one[0])))

    def disclosures(self, person_id: str) -> Looks:
        """The accounting of disclosures of the last six years (45 CFR 164.528): to whom, what and
        why. Those for treatment, payment and operations, and to the patient, need none."""
        self._begin("disclosures", DISCLOSURES_REACH.days, person_id)
        return self._looks(
            DISCLOSURES_REACH.days, person_id=person_id, whats=frozenset({DISCLOSED})
        )

    def disclose(self, person_id: str, to: str, what: str, purpose: str) -> None:
        """Notes a disclosure: to whom (with address, if known), a brief description of what, and
        the purpose (45 CFR 164.528(b)(2)). Raises NotUnderstood ``disclosure_incomplete``."""
        self._session.require(Permission.EXAMINE_ACCESS)
        given = {"to": to.strip(), "what": what.strip(), "purpose": purpose.strip()}
        empty = next((name for name, words in given.items() if not words), None)
        if empty is not None:
            raise NotUnderstood(
                "disclosure_incomplete",
                "To whom, what and why are all needed: the patient may ask for them.",
                "Fill in what is empty.",
                field=empty,
            )
        self._write(DISCLOSED, person_id, given)

    def exported(self, view: str, rows: int, person_id: str | None = None) -> None:
        """Before a list leaves this desk as a file."""
        self._session.require(Permission.EXAMINE_ACCESS)
        self._write("access_exported", person_id, {"view": view, "rows": rows})

    def _looks(self, days: int, **of: Any) -> Looks:
        asked = Asked(self._clock() - timedelta(days=days), at_most=SHOWN, **of)
        rows, source = self._trails.looks(asked)
        charts = self._trails.charts(_people(rows))
        return Looks(tuple(rows), charts, source, len(rows) == SHOWN)

    def _begin(
        self, view: str, days: int, person_id: str | None = None, *, who: str | None = None
    ) -> None:
        self._session.require(Permission.EXAMINE_ACCESS)
        detail = {"view": view, "days": days} | ({"who": who} if who else {})
        self._write(REVIEWED, person_id, detail)

    def _write(self, what: str, person_id: str | None, detail: dict[str, Any]) -> None:
        with self._store.unit_of_work() as work:
            work.audit(self._session.user_id, what, person_id, detail)
            work.commit()


def _people(rows: Iterable[Look]) -> set[str]:
    return {look.person_id for look in rows if look.person_id}
