"""Signing in before the store is open: typing is taken at once, and waits."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ui.access.guard import DeskGuard
from ui.access.late import LateAccess
from ui.changes import ChangesBus
from ui.desk.start import _writable
from ui.shell.window import MainWindow
from workstation.access.model import Role, Session
from workstation.kernel.errors import PorticoError

ILSE = Session("u1", "ilse", "Ilse Quenby", Role.REGISTRAR)


class Accounts:
    """Accounts that know one person."""

    def sign_in(self, login: str, password: str) -> Session:
        assert (login, password) == ("ilse", "a sentence is easy")
        return ILSE

    def lock(self, session: Session, *, idle: bool) -> None:
        """Nothing to note."""


@pytest.fixture
def late() -> LateAccess:
    return LateAccess()


@pytest.fixture
def guard(desk, jobs, late) -> DeskGuard:  # type: ignore[no-untyped-def]
    window = MainWindow(jobs, ChangesBus())
    desk.show(window)
    made = DeskGuard(window, jobs, late)
    made.begin()
    desk.until(made.page.login.hasFocus)
    return made


def submit(desk, guard: DeskGuard) -> None:  # type: ignore[no-untyped-def]
    desk.type("ilse")
    desk.press("Return")
    desk.type("a sentence is easy")
    desk.press("Return")
    assert guard.page.viewmodel.state.busy


def test_what_was_typed_early_signs_in_when_the_store_comes(desk, guard, late) -> None:  # type: ignore[no-untyped-def]
    submit(desk, guard)
    assert guard.session is None
    guard.know_desk("Mercy General", 300)
    late.came(Accounts())
    desk.until(lambda: guard.session == ILSE)
    assert guard.page.facility.text() == "Mercy General"


def test_knowing_the_desk_leaves_the_typing_alone(desk, guard) -> None:  # type: ignore[no-untyped-def]
    desk.type("ils")
    guard.know_desk("Mercy General", 300)
    assert guard.page.login.text() == "ils"
    assert QApplication.focusWidget() is guard.page.login


def test_a_store_that_does_not_open_tells_who_waits(desk, guard, late) -> None:  # type: ignore[no-untyped-def]
    submit(desk, guard)
    late.failed(PorticoError("store_key_wrong", "The key does not open it.", "Ask IT."))
    desk.settle()
    assert guard.session is None
    assert "key does not open" in guard.page.password.accessibleDescription()


def test_waiting_is_done_on_the_callers_thread(late: LateAccess) -> None:
    got: list[Session] = []
    waiter = threading.Thread(target=lambda: got.append(late.sign_in("ilse", "a sentence is easy")))
    waiter.start()
    assert got == []
    late.came(Accounts())
    waiter.join(5)
    assert got == [ILSE]


def test_a_store_that_does_not_open_shuts_the_desk(desk, guard, late, qtbot) -> None:  # type: ignore[no-untyped-def]
    """It was a bare frame that said Up to date, over one line at its foot."""
    error = PorticoError("store_key_wrong", "The key does not open it.", "Ask IT.")
    submit(desk, guard)
    late.failed(error)
    guard.page.shut(error)
    desk.settle()
    page = guard.page
    assert page.isVisible()
    for asked in (page.login, page.password, page.other):
        assert not asked.isVisible()
    assert page.viewmodel.state.message == "The key does not open it. Ask IT."
    assert QApplication.focusWidget() is page.go
    desk.shot("shut")
    with qtbot.waitSignal(page.closeWanted):
        desk.press("Return")


def test_crash_reports_find_a_folder_where_the_data_folder_takes_none(tmp_path: Path) -> None:
    """On a read-only disk Portico ended with a traceback and without a window."""
    (tmp_path / "home").write_text("a file, so that nothing can be made in it")
    assert _writable(tmp_path / "logs") == tmp_path / "logs"
    elsewhere = _writable(tmp_path / "home" / "logs")
    assert elsewhere.is_dir()
    elsewhere.rmdir()
