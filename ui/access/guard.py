"""Holds the session: sign-in first, lock by key or idleness, another person may take over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from ui.access.page import AccessPage
from ui.access.viewmodel import SignsIn

if TYPE_CHECKING:
    from ui.jobs import Jobs
    from ui.shell.window import MainWindow
    from workstation.access.model import Session

IDLE_SECONDS = 600.0
"""Ten minutes; a site sets its own (45 CFR 164.312(a)(2)(iii), automatic logoff)."""


class Access(SignsIn, Protocol):
    """Sign-in, and the note in the audit that the desk was locked."""

    def lock(self, session: Session, *, idle: bool) -> None: ...


class DeskGuard(QObject):
    """Covers and uncovers the window. ``begin()`` asks for the first sign-in; with ``first`` it is
    what the first paint shows, and :meth:`watch` has to follow.

    ``sessionBegan(session)``: build the use cases of this person and what they may see, then tell
    :meth:`welcome`; the window stays covered until that. ``sessionEnding(session,
    pages)``: another person took over or signed out; the pages that lay open are handed back,
    journalled already, to be put into their owner's list. ``unlocked()``: the same person again.
    """

    sessionBegan = Signal(object)
    sessionEnding = Signal(object, object)
    unlocked = Signal()

    def __init__(
        self,
        window: MainWindow,
        jobs: Jobs,
        access: Access,
        *,
        facility: str = "",
        idle_seconds: float = IDLE_SECONDS,
        first: bool = False,
    ) -> None:
        super().__init__(window)
        self._window, self._jobs, self._access = window, jobs, access
        self.session: Session | None = None
        self._idle_seconds = idle_seconds
        self.page = AccessPage(jobs, access, facility=facility)
        self.page.signedIn.connect(self._signed_in)
        window.lockWanted.connect(self.lock)
        window.veilWanted.connect(self._veil)
        window.signOutWanted.connect(self.sign_out)
        if not first:
            self.watch()

    def watch(self) -> None:
        """Begins to notice idleness, and makes the veil: after the first paint."""
        from ui.access.idle import IdleWatch
        from ui.access.veil import Veil

        self.veil = Veil(self._window)
        self._window.adopt(self.veil)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        self.idle = IdleWatch(app, self._idle_seconds)
        self.idle.idle.connect(self._idle)

    def begin(self) -> None:
        """Covers the window and asks who sits here."""
        self._window.cover(self.page)
        self.page.ask_sign_in()

    def know_desk(self, facility: str, idle_seconds: float) -> None:
        """What is known only once the store is open; what is being typed stays."""
        self.page.show_facility(facility)
        self.idle.set_seconds(idle_seconds)

    @Slot()
    def lock(self) -> None:
        """Covers everything at once; what is open stays open underneath."""
        self._lock(idle=False)

    @Slot()
    def _idle(self) -> None:
        self._lock(idle=True)

    @Slot()
    def _veil(self) -> None:
        if self.veil.isVisible():
            self.veil.close_()
        elif not self._window.covered:
            self.veil.open()

    def _lock(self, *, idle: bool) -> None:
        session = self.session
        if session is None or self._window.covered:
            return
        self._window.cover(self.page)
        self.page.lock(session)
        self._jobs.write(_note, self._access, session, idle)

    @Slot()
    def sign_out(self) -> None:
        """Ends the session; open work waits in its owner's list."""
        if self.session is not None:
            self._end(self.session)
        self.session = None
        self.begin()

    def _end(self, session: Session) -> None:
        self.sessionEnding.emit(session, self._window.put_away())

    @Slot(object, bool)
    def _signed_in(self, session: Session, same: bool) -> None:
        if same:
            self._window.uncover()
            self.unlocked.emit()
            return
        if self.session is not None:
            self._end(self.session)
        else:
            self._window.put_away()  # the focus of before the sign-in is nothing to come back to
        self.session = session
        self.sessionBegan.emit(session)

    @Slot()
    def welcome(self) -> None:
        """All that the person who signed in may see is there."""
        self._window.uncover()


def _note(access: Access, session: Session, idle: bool) -> None:
    access.lock(session, idle=idle)
