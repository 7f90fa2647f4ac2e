"""The reading process as the program uses it: readings, crash, cancel, and nothing left behind."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from workstation.capture.card_model import CardReading
from workstation.capture.licence_model import Licence
from workstation.capture.specimens import draw_card, draw_licence_back, draw_licence_front
from workstation.capture.worker import CaptureWorker
from workstation.kernel.errors import NotUnderstood, PorticoError

PAYLOAD = (
    "@\n\x1e\rANSI 636015090002DL00410278ZT03190008DLDAQ12345678\nDCSSAMPLE\nDACANA\nDADMARIE\n"
    "DBD02292024\nDBB03031985\nDBA02292032\nDBC2\nDAG100 EXAMPLE ST\nDAIAUSTIN\nDAJTX\n"
    "DAK787010000  \nDCGUSA\n\r"
)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


@pytest.fixture(scope="module")
def worker() -> Iterator[CaptureWorker]:
    running = CaptureWorker()
    running.warm_up().result(timeout=120)
    yield running
    running.close()
    assert running.process_id() is None


def test_a_card_is_read_in_another_process(worker: CaptureWorker) -> None:
    card = draw_card("blue_ppo", 4)
    heard: list[str] = []
    done = threading.Event()

    def on_done(future: Any) -> None:
        heard.append(threading.current_thread().name)
        done.set()

    reading = worker.read_card(png(card.front), png(card.back), on_done).result(timeout=120)
    assert isinstance(reading, CardReading)
    assert reading.member_id == card.truth["member_id"]
    assert reading.group_number == card.truth["group_number"]
    assert reading.copays == card.truth["copays"]
    assert reading.payer_id == card.truth["payer_id"]
    assert worker.process_id() not in (None, os.getpid())
    assert done.wait(10)
    assert heard == ["capture-worker"]
    for field, where in reading.evidence.items():
        left, top, right, bottom = where.box
        assert 0 <= left < right <= 1, field
        assert 0 <= top < bottom <= 1, field
    assert reading.sides[0].picture.startswith(b"\xff\xd8")


def test_a_card_upside_down_and_on_its_side(worker: CaptureWorker) -> None:
    card = draw_card("hmo_pcp", 6)
    jobs = [worker.read_card(png(card.front.rotate(turn, expand=True))) for turn in (180, 90)]
    for job in jobs:
        reading = job.result(timeout=120)
        assert reading.member_id == card.truth["member_id"]
        assert reading.rx_bin == card.truth["rx_bin"]


def test_a_licence_is_read(worker: CaptureWorker) -> None:
    got = worker.read_licence(png(draw_licence_back(PAYLOAD))).result(timeout=60)
    assert isinstance(got, Licence)
    assert (got.last_name, got.zip) == ("SAMPLE", "78701")


def test_what_is_no_card(worker: CaptureWorker) -> None:
    licence = draw_licence_front("ANA", "SAMPLE", date(1985, 3, 3), "12345678")
    for page in (Image.new("RGB", (900, 600), "white"), licence):
        told = worker.read_card(png(page)).result(timeout=60).as_json()
        assert told["not_a_card"]
        assert told["member_id"] is told["member_name"] is told["payer"]["name"] is None
    with pytest.raises(NotUnderstood) as caught:
        worker.read_card(b"hello").result(timeout=60)
    assert caught.value.code == "not_a_picture"


def test_a_killed_process_fails_one_job_and_is_replaced(worker: CaptureWorker) -> None:
    card = draw_card("ppo", 8)
    before = worker.process_id()
    assert before is not None
    job = worker.read_card(png(card.front), png(card.back))
    after = worker.read_licence(png(draw_licence_back(PAYLOAD)))
    os.kill(before, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    with pytest.raises(PorticoError) as caught:
        job.result(timeout=60)
    assert caught.value.code == "capture_crashed"
    assert caught.value.retryable
    assert after.result(timeout=60).first_name == "ANA"
    assert worker.process_id() not in (None, before)


def test_cancelling_a_waiting_and_a_running_job(worker: CaptureWorker) -> None:
    card = draw_card("dense", 3)
    running = worker.read_card(png(card.front), png(card.back))
    waiting = worker.read_card(png(card.front))
    assert worker.cancel(waiting.job)
    assert worker.cancel(running.job)
    assert not worker.cancel("no such job")
    for job in (running, waiting):
        with pytest.raises(CancelledError):
            job.result(timeout=30)
    assert worker.read_licence(png(draw_licence_back(PAYLOAD))).result(timeout=60).sex == "F"


def test_a_hung_process_is_stopped() -> None:
    hasty = CaptureWorker(patience_s=0.05)
    try:
        with pytest.raises(PorticoError) as caught:
            hasty.warm_up().result(timeout=60)
        assert caught.value.code == "capture_too_slow"
    finally:
        hasty.close()


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_memory_and_arguments(worker: CaptureWorker) -> None:
    worker.warm_up().result(timeout=120)
    card = draw_card("dense", 1)
    worker.read_card(png(card.front), png(card.back)).result(timeout=120)
    pid = worker.process_id()
    status = Path(f"/proc/{pid}/status").read_text()
    resident = int(next(row for row in status.splitlines() if row.startswith("VmRSS")).split()[1])
    assert resident < 800_000
    arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    assert str(card.truth["member_id"]).encode() not in arguments
