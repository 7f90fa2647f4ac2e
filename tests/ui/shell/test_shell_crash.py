"""Bugs end in one place, and the report holds nothing of a patient."""

import sys

import pytest
from PySide6.QtCore import qInstallMessageHandler

from ui.changes import ChangesBus
from ui.crash import CrashPath, report_of
from ui.crash_notice import CrashNotice
from ui.shell.window import MainWindow


def fail_with(words):
    name = words  # a local that must not be told
    raise ValueError(f"no such patient: {name}")


@pytest.fixture
def error():
    try:
        fail_with("OKAFOR-DIAZ 0048213")
    except ValueError as caught:
        return caught


def test_report_names_place_and_type_only(error):
    text = report_of(error).text()
    assert "ValueError" in text
    assert "fail_with" in text
    assert "OKAFOR" not in text
    assert "0048213" not in text


def test_crash_is_written_first_then_told(error, tmp_path, qtbot, desk, jobs):
    path = CrashPath(tmp_path)
    path.listen()
    window = MainWindow(jobs, ChangesBus())
    desk.show(window)
    notice = CrashNotice(window)
    window.adopt(notice)
    path.crashed.connect(notice.tell)
    path.take(type(error), error, error.__traceback__)
    assert "ValueError" in (tmp_path / "crash.txt").read_text()
    qtbot.waitUntil(notice.isVisible)
    desk.shot("crash")
    assert desk.names(notice)
    desk.press("Escape")
    assert not notice.isVisible()
    qInstallMessageHandler(None)
    path._file.close()
    assert sys.excepthook is not path.take
