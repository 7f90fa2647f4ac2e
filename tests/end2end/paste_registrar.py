"""A registrar who pastes a picture into the real program and leaves: for ``test_paste_exit``.

``PICTURE HOW``: ``elsewhere`` = another program of the same display has the picture on its
clipboard already, ``file`` = the file is copied and pasted as the tour does it. Ends with the
program's own exit code; with 9 and words on standard error where the picture was not read.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui.desk.start import Start, run
from ui.shell.window import MainWindow
from ui.tour.report import Report
from ui.tour.script import LOGIN, PASSWORD
from ui.tour.script_day import enter
from ui.tour.stage import Stage
from ui.watchdog import Watchdog
from workstation.compose import Workstation
from workstation.demo.live import open_demo

_failed: list[str] = []


def paste_and_leave(picture: Path, how: str) -> None:
    """From the sign-in to a card that was read from the clipboard; then the window is closed."""
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    start = next(child for child in window.children() if isinstance(child, Start))
    stage = Stage(start, Report(picture.parent), Watchdog())
    robot = stage.robot
    robot.wait(lambda: start.desk_window is not None, "the store", patience=60.0)
    enter(stage, LOGIN, PASSWORD)
    stage.begin_check_in("oka")
    robot.press("F8")
    if how == "file":
        robot.paste_file(picture)
    else:
        robot.press("Ctrl+V")
    overlay = stage.desk.capture.overlay
    robot.wait(lambda: overlay.state.usable, "the card as read", patience=60.0)
    window.close()


def person(picture: Path, how: str) -> None:
    """As above; what went wrong ends the program instead of leaving its window open."""
    try:
        paste_and_leave(picture, how)
    except Exception:  # noqa: BLE001 - told to the test, whatever it was
        _failed.append(traceback.format_exc())
        QApplication.exit(9)


def main(picture: Path, how: str) -> int:
    """The program with its demo, and the person as soon as the store is open."""

    def opener() -> Workstation:
        desk = open_demo()
        QTimer.singleShot(0, QApplication.instance(), lambda: person(picture, how))
        return desk

    code = run(opener, Path(tempfile.mkdtemp(prefix="paste-crash-")))
    sys.stderr.write("".join(_failed))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
