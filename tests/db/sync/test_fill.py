"""The fill of a desk's base: in pages, cut off and gone on, while others work, across a restore."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from two_desks import both_ways, person, record, register, revise, rounds

from db.sync import postgres_transport, replica
from db.sync.postgres_transport import DeskDatabase
from db.sync.replica import Replica
from db.sync.rounds import one_round
from db.sync.synchroniser import Synchroniser
from db.sync.ways import transport_to
from db.tables import TABLES
from workstation.kernel.commands import Insert
from workstation.kernel.ids import new_id
from workstation.sync.status import LinkState
from workstation.sync.transport import Page, Place

PEOPLE = 23


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four rows."""
    monkeypatch.setattr(postgres_transport, "PAGE", 4)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[Place | None]:
    """The places that were asked for."""
    asked: list[Place | None] = []
    page = DeskDatabase.page

    def noted(self: DeskDatabase, after: Place | None) -> Page:
        asked.append(after)
        return page(self, after)

    monkeypatch.setattr(DeskDatabase, "page", noted)
    return asked


def test_after_an_upgrade_a_desk_shows_what_it_only_kept(
    desks: tuple[Any, Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind that the older version did not know; away from the server too."""
    a, b, person_id = desks
    record(b, Insert("employment", new_id(), {"person_id": person_id, "employer": "Acme"}))
    older = {name: table for name, table in TABLES.items() if name != "employment"}
    monkeypatch.setattr(replica, "TABLES", older)
    rounds(b, a)
    with a.store.writing() as connection:  # as it was left by the older version
        connection.execute(text("UPDATE sync_state SET shown_by = '0016'"))
    assert a.store.read().find("employment") == []
    monkeypatch.setattr(replica, "TABLES", TABLES)
    assert not one_round(a.store, "host=127.0.0.1 port=1")
    assert [each["employer"] for each in a.store.read().find("employment")] == ["Acme"]
    assert a.store.read().find("employment") == b.store.read().find("employment")


def _filled_in_part(desk: Any, pages: int) -> Replica:
    """Greets, begins and takes so many pages; then the desk dies."""
    left = [pages]

    def go_on() -> bool:
        if Replica(desk.store).status().filled:
            left[0] = pages - Replica(desk.store).status().filled // 4
        return left[0] > 0

    synchroniser = Synchroniser(desk.store, desk.dsn, between=go_on)
    synchroniser.wake()
    synchroniser.close()
    return synchroniser.replica


@pytest.fixture
def crowded(desks: tuple[Any, Any, str]) -> tuple[Any, list[str]]:
    """Desk A, which knows many people, and they are at the server."""
    a, _, first = desks
    people = [first, *(register(a, last=f"Byrd{number}") for number in range(PEOPLE - 1))]
    rounds(a)
    return a, people


@both_ways
@pytest.mark.usefixtures("small_pages")
def test_a_fill_that_was_cut_off_goes_on_where_it_was(
    crowded: tuple[Any, list[str]], make_enrolled: Any, pages: list[Place | None]
) -> None:
    _, people = crowded
    c = make_enrolled("desk-C")
    status = _filled_in_part(c, 2).status()
    assert status.state is LinkState.CATCHING_UP
    assert (status.filled, status.to_fill >= PEOPLE) == (8, True)
    mine = register(c, last="Cole")
    rounds(c)
    assert len(pages) == len(set(pages)), "no page comes twice"
    assert {row["id"] for row in c.store.read().find("person")} == {*people, mine}
    assert Replica(c.store).status().to_fill == 0


@pytest.mark.usefixtures("small_pages")
def test_what_changes_during_a_fill_is_told_by_the_feed(
    crowded: tuple[Any, list[str]], make_enrolled: Any
) -> None:
    a, people = crowded
    c = make_enrolled("desk-C")
    _filled_in_part(c, 3)
    for person_id in people:
        revise(a, person_id, street="2 Oak St")
    late = register(a, last="Cole")
    rounds(a, c)
    shown = c.store.read().find("person")
    assert sorted(shown, key=_by_id) == sorted(a.store.read().find("person"), key=_by_id)
    assert late in {row["id"] for row in shown}


@both_ways
@pytest.mark.usefixtures("small_pages")
def test_a_server_restored_during_a_fill_leaves_nothing_of_what_it_lost(
    crowded: tuple[Any, list[str]], admin_dsn: str, make_enrolled: Any
) -> None:
    """The backup is from before B's people: B offers them again, and what C held of them is old."""
    a, people = crowded
    c = make_enrolled("desk-C")
    _filled_in_part(c, 4)
    lost = people[3]
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("UPDATE facility_feed SET epoch = epoch + 1")
        connection.execute("DELETE FROM person WHERE id = %s", [lost])
        connection.execute(
            "UPDATE person SET rev = 1, street = 'as it was' WHERE id = %s", [people[0]]
        )
    rounds(c)
    assert person(c, people[0])["street"] == "as it was", "revisions may go back across a restore"
    assert c.store.read().get("person", lost) is None
    assert len(c.store.read().find("person")) == PEOPLE - 1
    rounds(a)
    assert a.store.read().get("person", lost) is None, "applied and lost: the server's word"


@pytest.mark.usefixtures("small_pages")
def test_an_older_page_never_covers_what_the_feed_told(
    crowded: tuple[Any, list[str]], make_enrolled: Any
) -> None:
    """Two processes of one desk share the store: one read its page before the other the feed."""
    a, people = crowded
    c = make_enrolled("desk-C")
    replica = _filled_in_part(c, 1)
    place = replica.place()
    link = transport_to(c.dsn, replica.identity())
    page = link.page(place)
    revised = next(each.id for each in page.rows if each.kind == "person")
    revise(a, revised, street="2 Oak St")
    rounds(a)
    head, entries = link.pull(replica.state().cursor)
    link.close()
    replica.keep(head, entries)
    assert replica.fill(page, place)[0] is True
    assert person(c, revised)["street"] == "2 Oak St"
    assert replica.fill(page, place) == (True, frozenset()), "another process was faster"
    assert people


def _by_id(row: dict[str, Any]) -> str:
    return str(row["id"])
