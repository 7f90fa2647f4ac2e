"""The window of capture with the real reader behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from capture_desk import DeskLike, Window

from ui.jobs import Jobs
from workstation.capture.worker import CaptureWorker


@pytest.fixture(scope="module")
def worker() -> Iterator[CaptureWorker]:
    made = CaptureWorker(patience_s=120.0)
    yield made
    made.close()


@pytest.fixture
def window(desk: DeskLike, jobs: Jobs, worker: CaptureWorker) -> Iterator[Window]:
    made = Window(jobs, worker)
    desk.show(made.main)
    yield made
    made.close()
