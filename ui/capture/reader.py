"""The reading process as the window sees it: asked off the UI thread, answers by queued signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ui import hands
from ui.jobs import Jobs
from workstation.capture.worker import CaptureJob, CaptureWorker
from workstation.capture.worker_process import OpenedFile

Corners = Sequence[tuple[float, float]]


class Reader(QObject):
    """One per window. The process is started by the first need of it and ended by :meth:`close`."""

    done = Signal(int, object)
    """(number, CardReading or Licence)"""
    failed = Signal(int, object)
    """(number, PorticoError)"""
    _came = Signal(int, object, object)

    def __init__(self, jobs: Jobs, make: Callable[[], CaptureWorker] = CaptureWorker) -> None:
        super().__init__()
        self._jobs, self._make = jobs, make
        self._worker: CaptureWorker | None = None
        self._number = 0
        self._asked: dict[int, CaptureJob | None] = {}
        self._wishes: dict[int, hands.Asked] = {}
        self._came.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    @property
    def worker(self) -> CaptureWorker:
        """The worker, made when first asked for; making it starts no process."""
        if self._worker is None:
            self._worker = self._make()
        return self._worker

    def warm_up(self) -> None:
        """Loads the networks behind the window, so that the first card does not wait for them."""
        self._jobs.call(self.worker.warm_up)

    def read_card(
        self,
        front: bytes,
        back: bytes | None,
        corners: tuple[Corners | None, Corners | None] = (None, None),
    ) -> int:
        """Starts reading; ``done`` or ``failed`` tell the number returned here."""
        return self._start(lambda told: self.worker.read_card(front, back, told, corners))

    def read_licence(self, data: bytes) -> int:
        """Starts reading the barcode of a licence."""
        return self._start(lambda told: self.worker.read_licence(data, told))

    def open_file(self, data: bytes) -> OpenedFile:
        """The pages of a file, opened by the process: waits for it, never on the UI thread."""
        opened: OpenedFile = self.worker.open_file(data).result()
        return opened

    def cancel(self, number: int) -> None:
        """Nothing more is told of this reading; the process is freed behind the window."""
        job = self._asked.pop(number, None)
        self._wishes.pop(number, None)
        if job is not None:
            self._jobs.call(self.worker.cancel, job.job)

    def close(self) -> None:
        """Ends the process."""
        self._asked.clear()
        self._wishes.clear()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _start(self, ask: Callable[[Callable[[Future[Any]], None]], CaptureJob]) -> int:
        self._number += 1
        number = self._number

        def told(future: Future[Any]) -> None:
            try:
                self._came.emit(number, future.result(), None)
            except CancelledError:
                return
            except Exception as error:  # noqa: BLE001 - forwarded whole to the window
                self._came.emit(number, None, error)

        self._asked[number] = None
        self._wishes[number] = hands.asked()

        def begin() -> tuple[int, CaptureJob]:
            return number, ask(told)

        self._jobs.call(begin, owner=self, done=self._begun)
        return number

    @Slot(object)
    def _begun(self, begun: tuple[int, CaptureJob]) -> None:
        number, job = begun
        if number in self._asked:
            self._asked[number] = job
        elif not job.done():
            self._jobs.call(self.worker.cancel, job.job)  # given up before it had begun

    @Slot(int, object, object)
    def _arrive(self, number: int, result: object, error: Exception | None) -> None:
        if number not in self._asked:
            return
        del self._asked[number]
        with hands.answering(self._wishes.pop(number)):
            if error is None:
                self.done.emit(number, result)
            else:
                self.failed.emit(number, error)
