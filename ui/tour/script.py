"""The story in its order. A chapter that does not come about is told, and the next one begins."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import partial

from ui.tour import script_day, script_money, script_returning, script_together
from ui.tour.hospital import SharedHospital
from ui.tour.report import Report
from ui.tour.robot import NotSeen
from ui.tour.stage import Stage

LOGIN, PASSWORD = "rdiaz", "portico demo day"


def play(first: Stage, second: Stage, hospital: SharedHospital, report: Report) -> None:
    """All chapters, in the order of a morning."""
    first.window.show()
    first.start.begin()
    chapters: tuple[tuple[str, Callable[[], None]], ...] = (
        ("sign-in", partial(script_day.sign_in, first, LOGIN, PASSWORD)),
        ("arrivals", partial(script_day.arrivals, first)),
        ("find", partial(script_day.find, first)),
        ("returning", partial(script_returning.whole, first, hospital, report)),
        ("new-patient", partial(script_day.new_patient, first)),
        ("first-coverage", partial(script_day.first_coverage, first)),
        ("duplicate-warning", partial(script_day.duplicate_warning, first)),
        ("medicare-questions", partial(script_money.medicare_questions, first)),
        ("pay-cash", partial(script_money.pay_cash, first)),
        ("pay-check", partial(script_money.pay_check, first)),
        ("locked", partial(script_together.locked, first, PASSWORD)),
        ("emergency", partial(script_together.emergency, first)),
        ("second-desk", partial(script_together.second_desk, first, second, "slee", PASSWORD)),
        ("offline", partial(script_together.offline, first, hospital)),
        ("conflict", partial(script_together.conflict, first, second, hospital)),
        ("privacy", partial(script_together.privacy, second)),
    )
    for name, chapter in chapters:
        _play(name, chapter, (first, second), report)
    first.robot.quiet()
    report.figures["local"] = hospital.local()
    report.figures["postgresql"] = hospital.postgresql()


def _play(
    name: str, chapter: Callable[[], None], stages: tuple[Stage, ...], report: Report
) -> None:
    try:
        chapter()
    except (NotSeen, AttributeError, RuntimeError, LookupError, TypeError) as error:
        report.missed[name] = str(error)
        traceback.print_exc(file=sys.stderr)
        for number, stage in enumerate(stages, 1):
            if stage.window.isVisible():
                stage.robot.shot(report.out / f"missed-{name}-{number}.png")
                stage.back_to_arrivals()
