"""Documents between two real stores and a real PostgreSQL: sent, fetched, resumed, judged."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, update
from two_desks import both_ways, on_server, rounds

from db.documents import document_arriving, document_content, document_lane
from db.sync.lane import KEPT_FOR, DocumentLane
from db.sync.lane_runner import LaneRunner
from db.sync.replica import Replica
from workstation.access.desk import service_session
from workstation.documents.lane import LARGEST, PART_BYTES
from workstation.documents.model import Document
from workstation.documents.use_cases import Documents
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.errors import OutsideSilent, Refused

CARD = secrets.token_bytes(3 * PART_BYTES + 77)
"""Four parts."""


class Lanes:
    """A lane and the use cases of documents for each desk."""

    def __init__(self) -> None:
        self._made: list[DocumentLane] = []

    def of(self, desk: Any) -> DocumentLane:
        lane = DocumentLane(desk.store, desk.dsn)
        self._made.append(lane)
        return lane

    def documents(self, desk: Any, lane: DocumentLane | None = None) -> Documents:
        session = service_session(desk.store.read())
        return Documents(desk.store, utc_now, session, desk.desk, lane or self.of(desk))

    def close(self) -> None:
        for lane in self._made:
            lane.close()


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    made.close()


@pytest.fixture
def kept(desks: tuple[Any, Any, str], lanes: Lanes) -> tuple[Any, Any, Document]:
    """Desk A has the picture of a card; desk B knows that there is one."""
    a, b, person_id = desks
    card = lanes.documents(a).keep(CARD, "card_front", "image/jpeg", person_id=person_id)
    rounds(a, b)
    return a, b, card


def fact(desk: Any) -> str:
    [row] = desk.store.read().find("document")
    return str(row["id"])


def stops_after(parts: int) -> Callable[[], bool]:
    """A line that breaks after so many parts."""
    asked = iter([False] * parts)
    return lambda: next(asked, True)


def parts_at(desk: Any) -> int:
    with desk.store.reading() as connection:
        return len(connection.execute(select(document_arriving.c.part)).all())


@both_ways
def test_another_desk_shows_what_this_one_made(
    kept: tuple[Any, Any, Document], lanes: Lanes
) -> None:
    a, b, card = kept
    assert Replica(a.store).status().documents == 1
    assert lanes.of(a).send() == 1
    assert Replica(a.store).status().documents == 0
    opened = lanes.documents(b).open(fact(b))
    assert (opened.content, opened.document.digest) == (CARD, card.digest)
    seen = [entry for entry in b.store.audit_entries() if entry["what"] == "document_opened"]
    assert [entry["detail"] for entry in seen] == [{"document": fact(b), "kind": "card_front"}]
    # From now on it is there without the shared database.
    gone = DocumentLane(b.store, "host=127.0.0.1 port=1 user=nobody")
    assert lanes.documents(b, gone).open(fact(b)).content == CARD
    assert Replica(b.store).status().documents == 0


def test_before_it_was_sent_the_other_desk_is_told_where_it_is(
    kept: tuple[Any, Any, Document], lanes: Lanes
) -> None:
    _, b, _ = kept
    with pytest.raises(Refused, match="document_not_there"):
        lanes.documents(b).open(fact(b))
    assert "document_opened" in {entry["what"] for entry in b.store.audit_entries()}


def test_bytes_go_after_their_command_and_never_before(
    desks: tuple[Any, Any, str], lanes: Lanes, admin_dsn: str
) -> None:
    a, _, person_id = desks
    lanes.documents(a).keep(CARD, "card_front", "image/jpeg", person_id=person_id)
    assert lanes.of(a).send() == 0
    assert on_server(admin_dsn, "SELECT count(*) FROM document_part") == [(0,)]
    rounds(a)
    assert lanes.of(a).send() == 1


@both_ways
def test_a_broken_line_goes_on_where_it_broke(
    kept: tuple[Any, Any, Document], lanes: Lanes, admin_dsn: str
) -> None:
    a, b, card = kept
    parts = "SELECT part, xmin::text FROM document_part ORDER BY part"
    assert lanes.of(a).send(stops_after(2)) == 0
    first = on_server(admin_dsn, parts)
    assert [part for part, _ in first] == [0, 1]
    with pytest.raises(Refused, match="document_not_there"):
        lanes.of(b).fetch(card.digest)
    assert parts_at(b) == 2
    assert lanes.of(a).send() == 1
    assert on_server(admin_dsn, parts)[:2] == first
    with psycopg.connect(admin_dsn) as connection:  # what B has it does not ask for again
        connection.execute("UPDATE document_part SET content = 'x' WHERE part = 0")
    assert lanes.of(b).fetch(card.digest) == CARD
    assert parts_at(b) == 0


def test_what_arrives_damaged_is_not_shown_and_not_kept(
    kept: tuple[Any, Any, Document], lanes: Lanes, admin_dsn: str
) -> None:
    a, b, card = kept
    lanes.of(a).send()
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("UPDATE document_part SET content = set_byte(content, 9, 0)")
    with pytest.raises(Refused, match="document_damaged"):
        lanes.of(b).fetch(card.digest)
    assert parts_at(b) == 0
    assert b.store.read().get("document_content", card.digest) is None
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("DELETE FROM document_part")
    with a.store.writing() as connection:
        connection.execute(update(document_lane).values(sent=False))
    lanes.of(a).send()
    assert lanes.of(b).fetch(card.digest) == CARD


def test_a_desk_may_add_to_what_its_facility_knows_and_nothing_else(
    kept: tuple[Any, Any, Document], lanes: Lanes, make_enrolled: Any
) -> None:
    a, _, card = kept
    lanes.of(a).send(stops_after(1))
    other = make_enrolled("desk-X", "Saint Elsewhere")
    rounds(other)
    add = (
        "INSERT INTO document_part (facility, digest, part, size, content)"
        " SELECT facility, %s, %s, 9, %s FROM enrolment"
    )
    forbidden = (
        (a.dsn, add, ("f" * 64, 0, b"x")),  # nobody told of such a document
        (other.dsn, add, (card.digest, 1, b"x")),  # another facility's
        (a.dsn, "UPDATE document_part SET content = 'x'", ()),
        (a.dsn, "DELETE FROM document_part", ()),
    )
    for dsn, statement, values in forbidden:
        with (
            psycopg.connect(dsn) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement, values)
    for part, content in ((128, b"x"), (1, b"x" * (PART_BYTES + 1)), (1, b"")):
        with psycopg.connect(a.dsn) as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(add, (card.digest, part, content))
    with psycopg.connect(other.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM document_part").fetchone() == (0,)
    with psycopg.connect(a.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM document_part").fetchone() == (1,)


def test_one_document_that_is_not_taken_does_not_hold_up_the_others(
    kept: tuple[Any, Any, Document], lanes: Lanes, admin_dsn: str
) -> None:
    a, _, card = kept
    second = lanes.documents(a).keep(b"signed", "signature", "image/png")
    rounds(a)
    with psycopg.connect(admin_dsn) as connection:  # as after a restore: the command is to come
        connection.execute("DELETE FROM document WHERE digest = %s", (card.digest,))
    assert lanes.of(a).send() == 1
    assert on_server(admin_dsn, "SELECT digest FROM document_part") == [(second.digest,)]
    assert Replica(a.store).status().documents == 1


def test_after_a_restore_the_bytes_are_offered_again(
    kept: tuple[Any, Any, Document], lanes: Lanes, admin_dsn: str
) -> None:
    a, b, card = kept
    lanes.of(a).send()
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("DELETE FROM document_part WHERE part > 0")
        connection.execute("UPDATE facility_feed SET epoch = epoch + 1")
    assert lanes.of(a).send() == 0
    rounds(a, b)
    assert lanes.of(a).send() == 1
    assert lanes.of(b).fetch(card.digest) == CARD


def test_long_unused_bytes_make_room_and_come_back_when_opened(
    kept: tuple[Any, Any, Document], lanes: Lanes
) -> None:
    a, _, card = kept
    lane = lanes.of(a)

    def used(ago: timedelta) -> None:
        with a.store.writing() as connection:
            connection.execute(update(document_lane).values(used_at=iso(utc_now() - ago)))

    used(KEPT_FOR * 2)
    assert lane.tidy(0) == 0, "what only this desk has stays, whatever the room"
    lane.send()
    used(KEPT_FOR / 2)
    assert lane.tidy(0) == 0, "what was used of late stays"
    used(KEPT_FOR * 2)
    assert lane.tidy(len(CARD)) == 0, "there is room"
    assert lane.tidy(len(CARD) - 1) == 1
    with a.store.reading() as connection:
        assert connection.execute(select(document_content.c.id)).all() == []
    assert lanes.documents(a, lane).open(fact(a)).content == CARD
    assert lane.tidy(0) == 0, "opening it has used it"
    assert card.digest


def test_opening_keeps_a_document_in_use(kept: tuple[Any, Any, Document], lanes: Lanes) -> None:
    a, _, _ = kept
    lane = lanes.of(a)
    lane.send()
    with a.store.writing() as connection:
        connection.execute(update(document_lane).values(used_at=iso(utc_now() - KEPT_FOR * 2)))
    lanes.documents(a, lane).open(fact(a))
    assert lane.tidy(0) == 0


@both_ways
def test_without_the_network_it_says_so_and_loses_nothing(
    kept: tuple[Any, Any, Document], lanes: Lanes, pg_server: Any
) -> None:
    if not hasattr(pg_server, "stop"):
        pytest.fail("this test needs a PostgreSQL of its own: unset PORTICO_TEST_DSN")
    a, b, card = kept
    lane, other = lanes.of(a), lanes.of(b)
    lane.send(stops_after(2))
    pg_server.stop(crash=True)
    try:
        with pytest.raises(OutsideSilent):
            lane.send()
        with pytest.raises(OutsideSilent):
            other.fetch(card.digest)
    finally:
        pg_server.start()
    assert lane.send() == 1
    assert other.fetch(card.digest) == CARD


@pytest.mark.parametrize("content", [b"", b"x" * (LARGEST + 1)])
def test_what_is_too_large_for_the_lane_is_refused_at_once(
    desks: tuple[Any, Any, str], lanes: Lanes, content: bytes
) -> None:
    a, _, _ = desks
    with pytest.raises(Refused, match="document_too_large"):
        lanes.documents(a).keep(content, "card_front", "image/jpeg")
    assert a.store.read().find("document") == []


def test_behind_a_window_it_goes_by_itself(kept: tuple[Any, Any, Document], lanes: Lanes) -> None:
    a, _, _ = kept
    runner = LaneRunner("documents", lanes.of(a), lambda: lanes.of(a).tidy(LARGEST))
    runner.start()
    try:
        pause = threading.Event()
        for _ in range(400):
            if Replica(a.store).status().documents == 0:
                break
            pause.wait(0.05)
        assert Replica(a.store).status().documents == 0
    finally:
        runner.stop()
