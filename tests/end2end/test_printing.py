"""A receipt through a real print system: a private cupsd whose PDF printer writes a file."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from workstation.facility.model import Desk, Facility
from workstation.facility.settings import Settings
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import PorticoError
from workstation.outside import build_outside
from workstation.papers.printing import CupsPrinting
from workstation.papers.receipt import Receipt, receipt_pdf
from workstation.payments.model import LineKind, Payment, PaymentLine, Tender

INSTALL = "install cups, cups-client and printer-driver-cups-pdf, and run as root"
NUMBER = f"K7-{secrets.randbelow(10**9):09d}-3"
"""The print system names its file after the title, in a folder that all tests share."""

PRINTED = Path.home() / "PDF"
DESK = Desk("ws-1", "desk-A", Facility("fac-1", "Pine Valley"), "K7", "drawer-1")


def a_receipt_pdf() -> bytes:
    payment = Payment(
        "p", "person", "v", (PaymentLine(LineKind.COPAY, 2500, "v"),), Tender.CHECK, 2500, NUMBER,
        "u", "d", "desk-A", "2026-11-23T17:00:00.000000Z", "2026-11-23",
    )  # fmt: skip
    hospital = Facility("f", "Pine Valley Hospital")
    return receipt_pdf(Receipt(hospital, "María Núñez", "MRN0004711", payment, (), "Rosa")).pdf


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    event = threading.Event()
    while not happened():
        assert time.monotonic() < end, "the print system did not get there in time"
        event.wait(0.05)


class PrivateCups:
    """A cupsd of the test's own: own folders, own port, own queue, gone afterwards."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.queue = f"portico_{secrets.token_hex(3)}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {"CUPS_SERVER": f"127.0.0.1:{self.port}"}

    def start(self) -> None:
        for name in (
            "etc/ppd",
            "spool/tmp",
            "cache",
            "state/certs",
            "log",
        ):
            (self.root / name).mkdir(parents=True)
        (self.root / "cups-files.conf").write_text(
            f"ServerRoot {self.root}/etc\nRequestRoot {self.root}/spool\n"
            f"TempDir {self.root}/spool/tmp\nCacheDir {self.root}/cache\n"
            f"StateDir {self.root}/state\n"
            f"AccessLog {self.root}/log/access\nErrorLog {self.root}/log/error\n"
            f"PageLog {self.root}/log/page\nUser lp\nGroup lp\nSystemGroup root\n"
        )
        (self.root / "cupsd.conf").write_text(
            f"Listen 127.0.0.1:{self.port}\nListen {self.root}/cups.sock\n"
            "PreserveJobFiles No\nPreserveJobHistory No\nBrowsing Off\nDefaultAuthType None\n"
            "<Location />\nOrder allow,deny\nAllow localhost\n</Location>\n"
            "<Location /admin>\nOrder allow,deny\nAllow localhost\n</Location>\n"
            "<Policy default>\n<Limit All>\nOrder allow,deny\nAllow localhost\n</Limit>\n"
            "</Policy>\n"
        )
        command = ["cupsd", "-f", "-c", str(self.root / "cupsd.conf")]
        command += ["-s", str(self.root / "cups-files.conf")]
        self.process = subprocess.Popen(command)
        wait_until(self._answers)
        ppd = next(Path("/usr/share/ppd/cups-pdf").glob("*noopt*"))
        lpadmin = ["lpadmin", "-p", self.queue, "-v", "cups-pdf:/", "-E", "-P", str(ppd)]
        subprocess.run(lpadmin, env={**os.environ, **self.environment}, check=True, timeout=30)

    def _answers(self) -> bool:
        assert self.process.poll() is None, "cupsd ended at once"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if hasattr(self, "process"):
            self.process.terminate()
            self.process.wait(timeout=20)


@pytest.fixture
def cups() -> Iterator[PrivateCups]:
    if shutil.which("cupsd") is None or os.geteuid() != 0:
        pytest.fail(f"no print system to test with: {INSTALL}", pytrace=False)
    root = Path(tempfile.mkdtemp(prefix="portico-cups-"))
    root.chmod(0o755)  # the print system's filters run as another user
    running = PrivateCups(root)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(root)


def _whole(path: Path) -> bool:
    """The print system writes the file bit by bit: its end is the end of a PDF."""
    return path.read_bytes().rstrip().endswith(b"%%EOF")


def ink(pdf: bytes) -> np.ndarray:
    """The first page as a small grey picture, 0 white to 1 black."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    picture = document[0].render(scale=0.5, grayscale=True).to_numpy()
    document.close()
    return 1 - picture.reshape(picture.shape[0], picture.shape[1]).astype(float) / 255


def test_a_receipt_comes_out_of_the_printer_as_it_was_drawn(cups: PrivateCups) -> None:
    printing = CupsPrinting(cups.environment)
    (queue,) = printing.queues()
    assert queue.name == cups.queue
    assert queue.accepting
    pdf = a_receipt_pdf()
    job = printing.hand_over(pdf, NUMBER)
    assert job.startswith(cups.queue)
    wait_until(lambda: any(_whole(path) for path in PRINTED.glob(f"{NUMBER}*.pdf")))
    (out,) = PRINTED.glob(f"{NUMBER}*.pdf")
    ours, theirs = ink(pdf), ink(out.read_bytes())
    out.unlink()
    height, width = min(ours.shape[0], theirs.shape[0]), min(ours.shape[1], theirs.shape[1])
    ours, theirs = ours[:height, :width], theirs[:height, :width]
    assert ours.sum() > 500
    overlap = np.minimum(ours, theirs).sum() / ours.sum()
    assert overlap > 0.8, f"the printed page differs: {overlap:.2f}"


def test_a_printer_that_takes_nothing_and_one_that_is_not_there(cups: PrivateCups) -> None:
    printing = CupsPrinting(cups.environment)
    with pytest.raises(PorticoError) as caught:
        printing.hand_over(a_receipt_pdf(), NUMBER, "nowhere")
    assert caught.value.code == "no_printer"
    reject = ["cupsreject", cups.queue]
    subprocess.run(reject, env={**os.environ, **cups.environment}, check=True, timeout=30)
    with pytest.raises(PorticoError) as caught:
        printing.hand_over(a_receipt_pdf(), NUMBER)
    assert caught.value.code == "printer_not_accepting"


def test_papers_go_to_the_desks_own_printer_or_nowhere(cups: PrivateCups) -> None:
    """The system's default is another one, as in a hall with a printer at every desk."""
    admin = {**os.environ, **cups.environment}
    ppd = next(Path("/usr/share/ppd/cups-pdf").glob("*noopt*"))
    hall = ["lpadmin", "-p", "a_hall", "-v", "cups-pdf:/", "-E", "-P", str(ppd)]
    subprocess.run(hall, env=admin, check=True, timeout=30)
    subprocess.run(["lpadmin", "-d", "a_hall"], env=admin, check=True, timeout=30)
    desk = Settings(Path("/nowhere"), "desk", printer=cups.queue)
    outside = build_outside(desk, DESK, utc_now, lambda name: None)
    printing = outside.printing
    assert isinstance(printing, CupsPrinting)
    printing._environment |= cups.environment
    assert [queue.name for queue in printing.queues()] == [cups.queue, "a_hall"]
    number = f"K7-{secrets.randbelow(10**9):09d}-4"
    assert printing.hand_over(a_receipt_pdf(), number).startswith(f"{cups.queue}-")
    wait_until(lambda: any(_whole(path) for path in PRINTED.glob(f"{number}*.pdf")))
    for path in PRINTED.glob(f"{number}*.pdf"):
        path.unlink()
    subprocess.run(["lpadmin", "-x", cups.queue], env=admin, check=True, timeout=30)
    with pytest.raises(PorticoError) as caught:
        printing.hand_over(a_receipt_pdf(), number)
    assert caught.value.code == "no_printer"
    printing.use(None)
    assert printing.queues()[0].name == "a_hall"
    for close in outside.closers:
        close()


def test_no_print_system_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(PorticoError) as caught:
        CupsPrinting({"PATH": str(tmp_path)}).hand_over(b"%PDF", NUMBER)
    assert caught.value.code == "print_system_missing"
    assert "Nothing is lost" in caught.value.say


def test_a_title_never_carries_a_name() -> None:
    with pytest.raises(ValueError, match="never a name"):
        CupsPrinting().hand_over(b"%PDF", "Receipt of Maria")
