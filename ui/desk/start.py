"""The program's window: the sign-in is painted first, then comes what stands behind it.

Before the first paint only QtWidgets, the style and the sign-in are imported. Then the frame is
built under it, while a worker imports the domain; then the pages are imported, while a worker opens
the store (docs/decisions/0007).
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from ui.access.guard import DeskGuard
from ui.access.late import LateAccess
from ui.app import prepare, settle
from ui.changes import ChangesBus
from ui.crash import CrashPath, CrashReport
from ui.desk.single import SingleWindow
from ui.jobs import Jobs, expected
from ui.shell.window import MainWindow
from ui.style import Scheme
from ui.words import say
from workstation.kernel.errors import PorticoError

if TYPE_CHECKING:
    from ui.crash_notice import CrashNotice
    from ui.desk.window import DeskWindow
    from workstation.at_the_desk import OpenDesk

_HANDS_FIRST_MS = 15
"""What is typed already comes before what is loaded."""

Opener = Callable[[], "OpenDesk"]


class Start(QObject):
    """Opens the desk behind a window that is painted already."""

    ready = Signal(object)
    """(DeskWindow)"""
    refused = Signal(object)
    """(PorticoError): the store could not be opened."""
    painted = Signal()
    """The sign-in is seen and takes typing; now comes the rest."""

    def __init__(self, window: MainWindow, opener: Opener) -> None:
        super().__init__(window)
        self.window, self._opener = window, opener
        self.desk_window: DeskWindow | None = None
        self._open: OpenDesk | None = None
        self._awaits = {"frame", "pages"}
        self._access = LateAccess()
        self._guard = DeskGuard(window, window.jobs, self._access, first=True)
        self._guard.page.painted.connect(self._painted)
        self._guard.page.closeWanted.connect(window.close)
        window.closing.connect(self._close)

    @Slot()
    def begin(self) -> None:
        """Asks who sits here; once that is painted, all the rest comes behind it."""
        self._guard.begin()

    @Slot()
    def _painted(self) -> None:
        QTimer.singleShot(_HANDS_FIRST_MS, self._settle)

    # Each of these is a turn of its own: in between, the sign-in takes typing.

    @Slot()
    def _settle(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        settle(app)
        QTimer.singleShot(0, self._listen)

    @Slot()
    def _listen(self) -> None:
        self.painted.emit()
        QTimer.singleShot(0, self._load)

    @Slot()
    def _load(self) -> None:
        from ui.desk.behind import FRAME, Imports, load_domain

        Imports(FRAME, self).done.connect(self._furnish)
        self.window.jobs.read(load_domain, owner=self, done=self._domain_is_there)

    @Slot()
    def _furnish(self) -> None:
        self.window.furnish()
        self._guard.watch()
        self._awaits.discard("frame")
        self._go_on()

    @Slot(object)
    def _domain_is_there(self, _: object) -> None:
        from ui.desk.behind import PAGES, Imports

        Imports(PAGES, self).done.connect(self._pages_are_there)
        self.window.jobs.read(
            self._opener,
            owner=self,
            title=say("Opening the store"),
            done=self._opened,
            failed=self._failed,
        )

    @Slot()
    def _pages_are_there(self) -> None:
        self._awaits.discard("pages")
        self._go_on()

    @Slot(object)
    def _opened(self, desk: OpenDesk) -> None:
        self._open = desk
        self._go_on()

    def _go_on(self) -> None:
        """Frame, pages and store come in any order; the desk needs them all."""
        desk = self._open
        if desk is None or self._awaits:
            return
        from ui.desk.steps import steps_of
        from ui.desk.window import DeskWindow

        self.desk_window = DeskWindow(self.window, desk, steps_of, self._guard)
        self.desk_window.began.connect(self._begun)
        self.desk_window.begin(failed=self._failed)

    @Slot()
    def _begun(self) -> None:
        assert self._open is not None  # noqa: S101
        self._access.came(self._open.sign_in)
        _collect_again()
        self.ready.emit(self.desk_window)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        _collect_again()
        told = expected(error)
        self._access.failed(told)
        self._guard.page.shut(told)
        self.refused.emit(told)

    @Slot()
    def come_forward(self) -> None:
        """Somebody started Portico again: shows the window that is there."""
        from PySide6.QtCore import Qt

        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    @Slot()
    def _close(self) -> None:
        self._access.failed(_CLOSED)
        if self.desk_window is not None:
            self.desk_window.end()
        self.window.jobs.close()
        if self._open is not None:
            self._open.close()


_CLOSED = PorticoError("closed", "Portico was closed.", "Start it again.")


def _writable(folder: Path) -> Path:
    """The folder, made where it is missing; where it cannot be, one of the system's.

    A data folder that takes no writes is told by who opens the store, in the window.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="portico-crash-"))
    return folder


def run(
    opener: Opener,
    crash_folder: Path,
    home: Path | None = None,
    *,
    scheme: Scheme = Scheme.SYSTEM,
) -> int:
    """Runs the program until its window is closed; the exit code.

    Bugs are written to ``crash_folder`` first and then told; no report holds a patient's data.
    Where another process has the window of ``home`` open, that one is raised instead.
    """
    prepare(sys.argv[:1], scheme, first=True)
    single = SingleWindow(home) if home is not None else None
    if single is not None and not single.take():
        raised = single.call_first()
        sys.stderr.write(say(_OPEN_ALREADY if raised else _OPEN_AND_SILENT) + "\n")
        return 0
    crash = CrashPath(_writable(crash_folder))
    crash.install()
    window = MainWindow(Jobs(), ChangesBus(), bare=True)
    window.resize(_SIZE.boundedTo(window.screen().availableSize()))
    start = Start(window, opener)
    apology = _Apology(window)
    crash.crashed.connect(apology.tell)
    start.painted.connect(crash.listen)
    start.painted.connect(lambda: _heed_the_system(window))
    start.ready.connect(lambda: _watch_over(window))
    start.begin()
    # Fills what the screen leaves: a title and a task bar must not push the buttons off it.
    window.showMaximized()
    if single is None:
        return QApplication.exec()
    single.raiseWanted.connect(start.come_forward)
    start.painted.connect(single.listen)
    code = QApplication.exec()
    single.release()
    return code


def _heed_the_system(window: MainWindow) -> None:
    from ui.desk.leaving import Leaving

    Leaving(window)


def _watch_over(window: MainWindow) -> None:
    """From when somebody may sign in: where the window came late is written to the log."""
    from ui.watchdog import StallLog, Watchdog

    watchdog = Watchdog(window)
    watchdog.start(tell=StallLog())
    window.closing.connect(watchdog.stop)


def _collect_again() -> None:
    """What was imported lives as long as the process: the collector need not look at it again.

    It looks with the interpreter's lock held, on whatever thread comes by: through all that is
    loaded it takes 150 ms, in which no key is answered; through what came since, 10 to 20.
    """
    gc.freeze()
    gc.enable()


class _Apology(QObject):
    """Shows the notice of a bug; it is built when there is one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._notice: CrashNotice | None = None

    @Slot(object)
    def tell(self, report: CrashReport) -> None:
        """Over everything that is open."""
        from ui.crash_notice import CrashNotice

        if self._notice is None:
            self._notice = CrashNotice(self._window)
        self._notice.tell(report)


_SIZE = QSize(1366, 768)
"""What the window takes where it is not maximised."""
_OPEN_ALREADY = "Portico is open at this desk already; its window was brought to the front."
_OPEN_AND_SILENT = "Portico is open at this desk already. Look for its window behind the others."
