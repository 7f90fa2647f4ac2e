"""``portico tour OUT``: opens the windows, plays the script, and writes what was seen."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ui.app import prepare
from ui.changes import ChangesBus
from ui.desk.start import Start
from ui.jobs import Jobs
from ui.shell.window import MainWindow
from ui.style import Scheme
from ui.tour.hospital import ClosingDesk, SharedHospital
from ui.tour.report import Report
from ui.tour.script import play
from ui.tour.stage import Stage
from ui.watchdog import Watchdog
from workstation.kernel.errors import PorticoError

_WIDE, _HIGH = 1366, 768


def run_tour(out: Path, hospital: SharedHospital, scheme: Scheme = Scheme.LIGHT) -> None:
    """Drives two desks of ``hospital`` through the whole story; pictures and tour.json in ``out``.

    It is dressed in ``scheme`` and speaks the language in force: all of it can be looked at.

    Raises PorticoError ``tour_incomplete`` where a scene could not be seen; the rest is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    app = prepare(sys.argv[:1], scheme)
    watchdog = Watchdog()
    watchdog.start(stacks=True)
    report = Report(out)
    stages = [_stage(desk, report, watchdog) for desk in hospital.desks]
    began = time.monotonic()
    try:
        play(stages[0], stages[1], hospital, report)
    finally:
        watchdog.stop()
        for stage in reversed(stages):
            _leave(stage, app)
    report.figures |= watchdog.as_json()
    report.figures["seconds"] = round(time.monotonic() - began, 1)
    report.write()
    _tell(report, watchdog)


def _stage(desk: ClosingDesk, report: Report, watchdog: Watchdog) -> Stage:
    window = MainWindow(Jobs(), ChangesBus())
    window.resize(_WIDE, _HIGH)
    return Stage(Start(window, lambda: desk), report, watchdog)


def _leave(stage: Stage, app: QApplication) -> None:
    """The window goes as by its close button; the desk is closed with it."""
    stage.robot.close()
    stage.window.close()
    app.processEvents()


def _tell(report: Report, watchdog: Watchdog) -> None:
    """The worst turns of the UI thread, places only, and what was missed."""
    for stall in watchdog.stalls[:5]:
        sys.stderr.write(f"UI thread late by {stall.ms} ms at {' > '.join(stall.places[-6:])}\n")
    for turn in watchdog.turns[:8]:
        inside = " > ".join(turn.places[-5:])
        sys.stderr.write(f"UI thread busy for {turn.ms} ms, scene {turn.label}, in {inside}\n")
    for scene, why in report.missed.items():
        sys.stderr.write(f"scene {scene}: {why}\n")
    if report.missed:
        raise PorticoError(
            "tour_incomplete",
            f"The tour could not see: {', '.join(report.missed)}.",
            "What it did see is written; the lines above say what did not come.",
        )
