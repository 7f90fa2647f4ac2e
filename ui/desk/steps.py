"""Which widget serves which page of the check-in, beside those that the flow draws by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ui.payments.commands  # noqa: F401 - declares F10
from ui.desk.check_in import CheckInDesk, Steps
from ui.eligibility.benefits_step import BenefitsStep
from ui.eligibility.payer_word import PayerWord
from ui.interview.coverage_step import CoverageStep
from ui.interview.step_page import StepFactory, StepPage
from ui.payments.due_reader import DueReader, RailAmount
from ui.payments.pay_step import PayStep
from workstation.interview.model import PageId

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow


def steps_of(desk: DeskWindow) -> Steps:
    """The steps of every check-in at this desk."""

    def steps(check_in: CheckInDesk) -> Mapping[PageId, StepFactory]:
        reader = DueReader(desk)
        RailAmount(reader, check_in)
        scanned = desk.capture.steps(check_in)

        def coverage() -> StepPage:
            step = scanned[PageId.COVERAGE]()
            if isinstance(step, CoverageStep):
                PayerWord(desk, check_in, step)
            return step

        return {
            **scanned,
            PageId.COVERAGE: coverage,
            PageId.BENEFITS: lambda: BenefitsStep(desk, check_in),
            PageId.PAY: lambda: PayStep(desk, check_in, reader),
        }

    return steps
