"""Runs the reading of cards and licences in a process of its own; knows no Qt.

One worker reads one picture at a time, in the order asked. A job can be cancelled; a crashed or
hung worker is replaced and the jobs that wait are asked again of the new one.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from workstation.capture.card_model import CardReading
from workstation.capture.licence_model import Licence
from workstation.capture.worker_process import serve
from workstation.kernel.errors import NotUnderstood, PorticoError
from workstation.kernel.ids import new_id

_Shares = Sequence[tuple[float, float]]
_PATIENCE_S = 60.0
_GRACE_S = 3.0  # for a job that nobody wants, once another waits
_LOOK_S = 0.1
_OPENING_S = 20.0  # for what opens or decodes a picture without reading its text


@dataclass(slots=True)
class _Job:
    id: str
    what: str
    arguments: tuple[Any, ...]
    future: Future[Any]
    given_up: float = 0.0
    """When nobody wanted it any more, on the monotonic clock; 0 while somebody does."""


class CaptureJob(Future[Any]):
    """A reading under way: a ``Future`` with the ``job`` id that ``cancel`` of the worker takes."""

    job: str = ""


class CaptureWorker:
    """The reading process as the rest of the program sees it. Every method returns at once.

    Futures end with the reading, with NotUnderstood (the picture), or with PorticoError
    ``capture_crashed`` or ``capture_too_slow`` (the process; the next job gets a new one).
    Callbacks run on the worker's own thread: a window passes them on by queued signal.
    """

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._wake = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._running: _Job | None = None
        self._process: Any = None
        self._pipe: Connection | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def start(self) -> None:
        """Starts the thread that feeds the process; the process starts with the first job."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="capture-worker", daemon=True)
            self._thread.start()

    def warm_up(self) -> CaptureJob:
        """Loads the networks, so that the first card does not wait for them."""
        return self._ask("warm_up", ())

    def read_card(
        self,
        front: bytes,
        back: bytes | None = None,
        on_done: Callable[[Future[CardReading]], None] | None = None,
        corners: tuple[_Shares | None, _Shares | None] = (None, None),
    ) -> CaptureJob:
        """Reads a card; the future's result is a CardReading."""
        return self._ask("card", (front, back, corners), on_done)

    def read_licence(
        self, data: bytes, on_done: Callable[[Future[Licence]], None] | None = None
    ) -> CaptureJob:
        """Reads the barcode of a licence in a picture; the future's result is a Licence."""
        return self._ask("licence", (data,), on_done)

    def open_file(self, data: bytes, most: int = 2, longest: int = 2400) -> CaptureJob:
        """Opens a picture or PDF away from this process; the future's result is an OpenedFile.

        For what the window's own decoders do not open, or should not: libraries that read hostile
        files crash there without harm.
        """
        return self._ask("pages", (data, most, longest))

    def cancel(self, job: str) -> bool:
        """Drops a job that waits or runs; False when it is done or unknown.

        Its future ends at once. The process reads to the end and forgets it, so that the networks
        stay loaded for the next card; one that still reads when others have waited for
        three seconds is replaced.
        """
        with self._wake:
            for waiting in self._waiting:
                if waiting.id == job:
                    self._waiting.remove(waiting)
                    waiting.future.cancel()
                    return True
            if self._running is not None and self._running.id == job:
                self._running.given_up = time.monotonic()
                self._running.future.cancel()
                return True
        return False

    def close(self) -> None:
        """Ends the process and the thread; jobs not done are cancelled."""
        with self._wake:
            self._closing = True
            while self._waiting:
                self._waiting.popleft().future.cancel()
            if self._running is not None:
                self._running.future.cancel()
            self._kill()
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def process_id(self) -> int | None:
        """Of the reading process, while it lives."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def _ask(
        self,
        what: str,
        arguments: tuple[Any, ...],
        on_done: Callable[[Future[Any]], None] | None = None,
    ) -> CaptureJob:
        future = CaptureJob()
        future.job = new_id()
        if on_done is not None:
            future.add_done_callback(on_done)
        self.start()
        with self._wake:
            self._waiting.append(_Job(future.job, what, arguments, future))
            self._wake.notify_all()
        return future

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._closing:
                    self._wake.wait()
                if self._closing:
                    return
                job = self._waiting.popleft()
                self._running = job
                pipe = self._ready_pipe()
            answer = self._exchange(pipe, job)
            with self._wake:
                self._running = None
            _finish(job.future, answer)

    def _ready_pipe(self) -> Connection:
        if self._pipe is not None and self._process.is_alive():
            return self._pipe
        self._kill()
        # A fresh interpreter: nothing of the window, its threads or its secrets is inherited.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="portico-capture")
        self._process.daemon = True
        self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    def _exchange(self, pipe: Connection, job: _Job) -> tuple[str, Any]:
        """The answer to one job, or why there is none."""
        try:
            pipe.send((job.id, job.what, job.arguments))
            if not self._came(pipe, job):
                self._kill()
                return "slow", None
            _, state, value = pipe.recv()
            return state, value
        except (EOFError, OSError):
            self._kill()
            return "crashed", None

    def _came(self, pipe: Connection, job: _Job) -> bool:
        """Waits for the answer to a job as long as it may take, and as long as anybody wants it."""
        reads_text = job.what in ("card", "warm_up")
        patience = self._patience_s if reads_text else min(_OPENING_S, self._patience_s)
        until = time.monotonic() + patience
        while not pipe.poll(_LOOK_S):
            now = time.monotonic()
            held_up = job.given_up and self._waiting and now - job.given_up > _GRACE_S
            if now > until or held_up:
                return False
        return True

    def _kill(self) -> None:
        process, self._process, self._pipe = self._process, None, None
        if process is not None:
            process.kill()
            process.join(timeout=5)


def _crashed() -> PorticoError:
    return PorticoError(
        "capture_crashed",
        "Reading this picture stopped half-way. Nothing that you typed is lost.",
        "Try the picture once more, or type the details.",
        retryable=True,
    )


def _too_slow() -> PorticoError:
    return PorticoError(
        "capture_too_slow",
        "Reading this picture took too long and was stopped.",
        "Try a smaller picture, or type the details.",
        retryable=True,
    )


def _finish(future: Future[Any], answer: tuple[str, Any]) -> None:
    state, value = answer
    if future.cancelled():
        return
    try:
        if state == "ok":
            future.set_result(value)
        elif state == "error":
            future.set_exception(NotUnderstood(*value))
        else:
            future.set_exception(_crashed() if state == "crashed" else _too_slow())
    except InvalidStateError:
        return  # cancelled in this moment
