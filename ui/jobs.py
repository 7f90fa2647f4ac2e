"""Work off the UI thread: three executors, and results that come back by queued signal.

    self.jobs.read(self.reader.of_day, day, owner=self, done=self._show, failed=self._tell)
    self.jobs.write(use_case.check_in, visit_id, owner=self, done=self._arrived)
    self.jobs.call(connector.ask, question, owner=self, title="Asking the payer", reports=True)

``read`` has two threads, ``write`` one (the only writer, in order), ``call`` eight for the outside
world. ``done(result)`` and ``failed(error)`` are bound methods of QObjects and run on the UI
thread, each in a turn of its own (``ui.turns``). A job dies with its ``owner``: the result is
dropped and the token cancelled. With ``replaces="find"`` a newer job of the same owner and key
makes the older one's result void. With ``reports=True`` the function gets a :class:`Token` as last
argument. Work that must survive the process belongs in the persistent job table; these jobs only
start or watch it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, QMetaObject, QObject, Signal, Slot

from ui import hands, turns
from workstation.kernel.errors import PorticoError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]
Progress = Callable[[int, str], object]


def expected(error: Exception) -> PorticoError:
    """What a job failed with, as a message to a person; a bug goes on to the crash report."""
    if not isinstance(error, PorticoError):
        raise error
    return error


_THREADS = {"read": 2, "write": 1, "call": 8}


class Token:
    """Handed to a function that can be stopped or can say how far it is."""

    def __init__(self, report: Callable[[int, str], None]) -> None:
        self._stop = threading.Event()
        self._report = report

    @property
    def cancelled(self) -> bool:
        """True once nobody waits for the result."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Asks the function to stop at its next look."""
        self._stop.set()

    def report(self, percent: int, words: str) -> None:
        """How far the work is, 0 to 100, in a few words; from any thread."""
        if not self.cancelled:
            self._report(percent, words)


class Job(QObject):
    """One piece of work under way. Lives on the UI thread."""

    done = Signal(object)
    failed = Signal(object)
    progress = Signal(int, str)
    ended = Signal(object)
    """Nothing more will be told of it."""
    returned = Signal(object)
    """Its thread is free again."""
    _came = Signal(object, object)

    def __init__(
        self, number: int, title: str, key: tuple[int, str] | None, wish: hands.Asked
    ) -> None:
        super().__init__()
        self.wish = wish
        self.number = number
        self.title = title
        self.key = key
        self.started = time.monotonic()
        self.token = Token(self.progress.emit)
        self.watch: QMetaObject.Connection | None = None
        """What ends it with its owner; let go once it returned, so that it may be collected."""
        self._over = False
        self._came.connect(self._arrive, QtCore.Qt.ConnectionType.QueuedConnection)

    @property
    def over(self) -> bool:
        """True once it was delivered, failed or cancelled."""
        return self._over

    @Slot()
    def cancel(self) -> None:
        """Nobody wants the result any more: neither done nor failed will be told."""
        self.token.cancel()
        if not self._over:
            self._over = True
            self.ended.emit(self)

    def run(self, work: Callable[[], Any]) -> None:
        """On a worker thread: the work, and its outcome sent home."""
        if self.token.cancelled:
            self._came.emit(None, None)
            return
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - forwarded whole: a future would swallow it
            self._came.emit(None, error)
        else:
            self._came.emit(result, None)

    @Slot(object, object)
    def _arrive(self, result: object, error: Exception | None) -> None:
        if self._over:
            self.returned.emit(self)
        else:
            turns.then(self, lambda: self._deliver(result, error))

    def _deliver(self, result: object, error: Exception | None) -> None:
        if not self._over and not self.token.cancelled:
            self._over = True
            with hands.answering(self.wish):
                if error is None:
                    self.done.emit(result)
                else:
                    self.failed.emit(error)
            self.ended.emit(self)
        self.returned.emit(self)


class Jobs(QObject):
    """The three executors, and what is under way on them."""

    changed = Signal()
    unhandled = Signal(object)
    """An error of a job that was given no ``failed``."""
    written = Signal()
    """The store took a write."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._open: dict[int, Job] = {}
        self._futures: dict[int, Future[None]] = {}
        self._running: set[Job] = set()
        self._count = 0
        self._closed = False

    def read(self, fn: Callable[..., Any], *args: Any, **how: Any) -> Job:
        """A look at the store. Keywords: owner done failed progress title replaces reports."""
        return self._start("read", fn, args, **how)

    def write(self, fn: Callable[..., Any], *args: Any, **how: Any) -> Job:
        """A use case. Keywords as in :meth:`read`. Writes run one after another, in order."""
        return self._start("write", fn, args, **how)

    def call(self, fn: Callable[..., Any], *args: Any, **how: Any) -> Job:
        """Something outside (payer, terminal, printer). Keywords as in :meth:`read`."""
        return self._start("call", fn, args, **how)

    @property
    def under_way(self) -> tuple[Job, ...]:
        """Jobs whose outcome is still awaited, oldest first."""
        return tuple(self._open.values())

    @property
    def idle(self) -> bool:
        """True when nothing is awaited and all that came is shown.

        Tests: ``qtbot.waitUntil(lambda: jobs.idle)``.
        """
        return not self._open and not turns.waiting()

    def drain(self, seconds: float = 10.0) -> bool:
        """Waits for all that is under way and delivers it, follow-up jobs included.

        For shutdown and tests: blocks the UI thread. False where time ran out.
        """
        from concurrent.futures import wait

        until = time.monotonic() + seconds
        while self._running:
            running = sorted(self._running, key=_number)
            left = until - time.monotonic()
            if left <= 0 or wait([self._futures[j.number] for j in running], left).not_done:
                return False
            for job in running:
                QCoreApplication.sendPostedEvents(job, QtCore.QEvent.Type.MetaCall.value)
            turns.finish()
        turns.finish()
        return True

    def close(self, seconds: float = 5.0) -> bool:
        """Ends for good: writes are finished, the rest is told to stop. False if time ran out."""
        from concurrent.futures import wait

        self._closed = True
        for job in self.under_way:
            job.token.cancel()
        for name in ("read", "call"):
            self._pool(name).shutdown(wait=False, cancel_futures=True)
        ended = not wait(list(self._futures.values()), seconds).not_done
        self._pool("write").shutdown(wait=ended)
        return ended

    def _pool(self, name: str) -> ThreadPoolExecutor:
        """Made at the first job: the first paint does not wait for the import."""
        pool = self._pools.get(name)
        if pool is None:
            from concurrent.futures import ThreadPoolExecutor

            pool = self._pools[name] = ThreadPoolExecutor(_THREADS[name], name)
        return pool

    def _start(
        self,
        pool: str,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        *,
        owner: QObject | None = None,
        done: Done | None = None,
        failed: Failed | None = None,
        progress: Progress | None = None,
        title: str = "",
        replaces: str = "",
        reports: bool = False,
    ) -> Job:
        key = (id(owner), replaces) if replaces else None
        wish = hands.asked()
        if key is not None:
            for older in self.under_way:
                if older.key == key:
                    older.cancel()
                    wish = older.wish if wish is hands.BEHIND else wish
        self._count += 1
        job = Job(self._count, title, key, wish)
        if self._closed:  # a last change is told while the window goes: nobody needs the answer
            job.cancel()
            return job
        self._open[job.number] = job
        self._running.add(job)
        if done is not None:
            job.done.connect(done)
        if pool == "write":
            job.done.connect(self.written)
        if progress is not None:
            job.progress.connect(progress)
        job.failed.connect(failed if failed is not None else self.unhandled)
        job.ended.connect(self._ended)
        job.returned.connect(self._returned)
        if owner is not None:
            job.watch = owner.destroyed.connect(job.cancel)
        given = (*args, job.token) if reports else args
        self._futures[job.number] = self._pool(pool).submit(job.run, lambda: fn(*given))
        self.changed.emit()
        return job

    @Slot(object)
    def _ended(self, job: Job) -> None:
        if self._open.pop(job.number, None) is not None:
            self.changed.emit()
        future = self._futures.get(job.number)
        if future is not None and future.cancel():
            self._returned(job)

    @Slot(object)
    def _returned(self, job: Job) -> None:
        self._futures.pop(job.number, None)
        self._running.discard(job)
        if job.watch is not None:
            QObject.disconnect(job.watch)
            job.watch = None


def _number(job: Job) -> int:
    return job.number
