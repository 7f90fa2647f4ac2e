"""A disk that fills while somebody types: a sentence, nothing typed lost, and it is kept later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from desk_window import desk_window, shown_words
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import text

from db.store import SqlStore
from workstation.access.model import Role, Session
from workstation.demo.live import LiveDemo
from workstation.interview.codec import walk_to_json
from workstation.interview.flow import begin
from workstation.interview.journal import DraftJournal
from workstation.interview.model import Draft, Identity
from workstation.kernel.clock import utc_now

LEAF = 3_700
"""Bytes of a draft that leave no room for a second one on its page of 4,096."""


@contextmanager
def no_room(store: SqlStore) -> Iterator[None]:
    """The store may not grow, and the page of the drafts is taken by somebody's half-done one."""
    other = begin(Draft(id="other", owner="somebody", identity=Identity("y")))
    short = LEAF - len(json.dumps(walk_to_json(other)))
    other = begin(Draft(id="other", owner="somebody", identity=Identity("y" * short)))
    DraftJournal(store, utc_now, Session("somebody", "s", "S", Role.REGISTRAR)).save(other)
    _limit(store, "SELECT page_count FROM pragma_page_count")
    yield
    _limit(store, "SELECT 1000000")


def _limit(store: SqlStore, pages: str) -> None:
    with store.writing() as connection:
        most = connection.execute(text(pages)).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {most}"))


def drafts(store: SqlStore) -> list[str]:
    """What is kept of the check-in that is typed."""
    return [str(row["body"]) for row in store.read().find("draft") if row["id"] != "other"]


@pytest.mark.parametrize("name", ["O'Brien-Nuñez", "Zoë \U0001f600", "x" * 200])
def test_what_is_typed_on_a_full_disk_stays_and_is_kept_when_there_is_room(
    desk: Any, name: str
) -> None:
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "rdiaz") as made:
        store = demo.workstation.store
        assert isinstance(store, SqlStore)
        assert made.use is not None
        made._open(made.use.check_ins.open_new, Identity("", "Ada", dob="1990-04-05"))
        desk.settle()
        assert made.check_in is not None
        page = made.check_in.page
        with no_room(store):
            line = QApplication.focusWidget()
            assert isinstance(line, QLineEdit)
            line.insert(name)
            line.textEdited.emit(line.text())
            desk.until(lambda: made.window.strip.messages != ())
            assert "disk" in shown_words(made.window.strip)
            page.leave()
            desk.settle()
            assert made.window.isAncestorOf(page)
            assert line.text() == name
            assert drafts(store) == []
        page.save_now()
        desk.until(lambda: drafts(store) != [])
        assert name in drafts(store)[0]
        desk.until(lambda: made.window.strip.messages == ())
        page.leave()
        desk.settle()
        assert made.check_in is None
