"""Jobs, commands and the watchdog: what the pages stand on."""

import json
import sys
import threading
import time

import pytest
import shiboken6
from PySide6.QtCore import QObject, Slot

from ui.commands import ALWAYS, DuplicateKey, Registry, command
from ui.watchdog import Stall, StallLog, Watchdog
from workstation.kernel.log import write_to


class Receiver(QObject):
    def __init__(self):
        super().__init__()
        self.got, self.errors, self.threads, self.told = [], [], [], []

    @Slot(object)
    def done(self, result):
        self.got.append(result)
        self.threads.append(threading.current_thread())

    @Slot(int, str)
    def progress(self, percent, words):
        self.told.append((percent, words))

    @Slot(object)
    def failed(self, error):
        self.errors.append(error)


def test_result_comes_home_on_the_ui_thread(jobs):
    home = Receiver()
    jobs.read(lambda a, b: a + b, 1, 2, owner=home, done=home.done)
    assert jobs.drain()
    assert home.got == [3]
    assert home.threads == [threading.main_thread()]


def test_error_is_forwarded_whole(jobs):
    home = Receiver()

    def wrong():
        raise LookupError("gone")

    jobs.write(wrong, owner=home, failed=home.failed)
    assert jobs.drain()
    assert isinstance(home.errors[0], LookupError)


def test_job_dies_with_its_owner(jobs, qtbot):
    home, keeper = Receiver(), Receiver()
    gate = threading.Event()
    job = jobs.read(gate.wait, 5, owner=home, done=keeper.done)
    home.deleteLater()
    qtbot.waitUntil(lambda: job.over)
    gate.set()
    assert jobs.drain()
    assert keeper.got == []
    assert job.token.cancelled


def test_a_job_that_returned_does_not_hear_of_its_owner_any_more(jobs):
    home = Receiver()
    job = jobs.read(lambda: 1, owner=home, done=home.done)
    assert jobs.drain()
    shiboken6.delete(home)
    assert not job.token.cancelled


def test_newer_job_makes_the_older_result_void(jobs):
    home = Receiver()
    gate = threading.Event()
    jobs.read(lambda: gate.wait(5) and "old", owner=home, done=home.done, replaces="x")
    jobs.read(lambda: "new", owner=home, done=home.done, replaces="x")
    gate.set()
    assert jobs.drain()
    assert home.got == ["new"]


def test_writes_keep_their_order(jobs):
    home = Receiver()
    for number in range(50):
        jobs.write(lambda n=number: n, owner=home, done=home.done)
    assert jobs.drain()
    assert home.got == list(range(50))


def test_token_reports_and_stops(jobs, qtbot):
    home = Receiver()

    def work(token):
        token.report(40, "reading")
        while not token.cancelled:
            threading.Event().wait(0.001)
        return "never shown"

    job = jobs.call(work, owner=home, done=home.done, progress=home.progress, reports=True)
    qtbot.waitUntil(lambda: bool(home.told))
    job.cancel()
    assert jobs.drain()
    assert home.told == [(40, "reading")]
    assert home.got == []
    assert jobs.idle


def test_reference_counts_of_shared_objects_stay(jobs):
    """PySide6 6.12.0 on Python 3.11 loses one reference to True per emit: the guard of the pin."""
    home = Receiver()
    job = jobs.read(lambda: None, owner=home)
    assert jobs.drain()
    before = sys.getrefcount(True)
    for _ in range(1000):
        job.done.emit(True)
    assert abs(sys.getrefcount(True) - before) < 100


def test_one_key_for_two_commands_fails_at_import():
    registry = Registry()
    command("a", "A", keys=["Ctrl+J"], context="x", registry=registry)(print)
    command("b", "B", keys=["Ctrl+J"], context="y", registry=registry)(print)
    with pytest.raises(DuplicateKey):
        command("c", "C", keys=["Ctrl+J"], context="x", registry=registry)(print)
    with pytest.raises(DuplicateKey):
        command("d", "D", keys=["Ctrl+J"], context=ALWAYS, registry=registry)(print)
    with pytest.raises(DuplicateKey):
        command("a", "A again", registry=registry)(print)


def test_watchdog_says_where_the_thread_was(qtbot):
    dog = Watchdog()
    dog.start(stacks=True)
    qtbot.wait(40)
    until = time.perf_counter() + 0.3
    while time.perf_counter() < until:
        pass
    qtbot.wait(30)
    dog.stop()
    assert dog.stalls[0].ms >= 50
    assert any("says_where" in place for place in dog.stalls[0].places)


def test_watchdog_says_what_a_busy_turn_did(qtbot):
    dog = Watchdog()
    dog.start(stacks=True)
    qtbot.wait(40)

    def add_up():
        until = time.thread_time() + 0.2
        while time.thread_time() < until:
            pass

    dog.name("adding up")
    add_up()
    qtbot.wait(30)
    dog.name("nothing")
    qtbot.wait(30)
    dog.stop()
    turn = dog.turns[0]
    assert turn.label == "adding up"
    assert "add_up" in turn.places[-1]


def test_watchdog_sees_a_busy_turn_and_skips_what_is_excluded(qtbot):
    dog = Watchdog()
    dog.start()

    def burn(seconds):
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass

    qtbot.wait(40)
    quiet = dog.busy_max_ms
    with dog.excluded():
        burn(0.2)
    qtbot.wait(30)
    assert dog.busy_max_ms < 150
    burn(0.2)
    qtbot.wait(30)
    assert dog.busy_max_ms >= 190 > quiet
    dog.stop()
    assert dog.turns[0].ms == round(dog.busy_max_ms)
    assert set(dog.as_json()) == {"ui_busy_max_ms", "ui_late_p99_ms"}


def test_a_stall_of_the_window_is_in_the_log_with_places_alone(qtbot, tmp_path):
    write_to(tmp_path)
    dog = Watchdog()
    dog.start(tell=StallLog())
    qtbot.wait(40)
    patient = "OKAFOR-DIAZ"
    until = time.perf_counter() + 0.3
    while time.perf_counter() < until:
        assert patient
    file = tmp_path / "portico.log"
    qtbot.waitUntil(lambda: "ui_late" in file.read_text())
    dog.stop()
    write_to(None)
    line = json.loads(file.read_text().splitlines()[0])
    assert (line["event"], line["level"]) == ("ui_late", "warning")
    assert line["ms"] >= 50
    assert line["count"] == 1
    assert any("stall_of_the_window" in place for place in line["frames"])
    assert patient not in file.read_text()


def test_many_stalls_are_one_line_that_tells_the_worst(tmp_path):
    write_to(tmp_path)
    now = [0.0]
    log = StallLog(lambda: now[0])
    for ms in (60, 300, 70):
        log(Stall(ms, ("page:1 show",)))
    now[0] = 11.0
    log(Stall(80, ("page:1 show",)))
    write_to(None)
    lines = [json.loads(line) for line in (tmp_path / "portico.log").read_text().splitlines()]
    assert [(line["ms"], line["count"]) for line in lines] == [(60, 1), (300, 3)]


def test_lateness_is_counted_without_growing_and_never_too_low():
    dog = Watchdog()
    for _ in range(99):
        dog._late[3] += 1
    assert dog.late_p99_ms == 0.3
    dog._late[850] += 1
    assert dog.late_p99_ms == 85.0
    dog._late[3] += 900
    assert dog.late_p99_ms == 0.3
