"""What is imported behind the sign-in, and on which thread.

PySide makes the Python class of a Qt type when it is first named, and does so without a lock: two
threads that name the same new one at once end the process (docs/decisions/0007). So whatever
imports PySide6 is imported on the UI thread, one module in each turn of the event loop; a worker
imports only what knows no Qt. It goes first, so that the UI thread never waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal, Slot

FRAME = (
    "ui.controls.buttons",
    "ui.controls.messages",
    "ui.shell.top_bar",
    "ui.shell.rail",
    "ui.shell.bottom_line",
    "ui.shell.frame",
    "ui.shell.commands",
    "ui.access.idle",
    "ui.access.veil",
)
"""The window around the pages."""

DOMAIN = (
    "workstation.at_the_desk",
    "workstation.arrivals.rules",
    "workstation.capture.aamva",
    "workstation.capture.card_model",
    "workstation.capture.sources",
    "workstation.capture.worker",
    "workstation.capture.worker_process",
    "workstation.eligibility.comparing",
    "workstation.eligibility.glance",
    "workstation.estimates.spoken",
    "workstation.interview.payer_questions",
    "workstation.interview.summaries",
    "workstation.interview.why",
    "workstation.oversight.use_cases",
    "workstation.papers.face_sheet",
    "workstation.papers.face_sheet_facts",
    "workstation.papers.receipts",
    "workstation.payments.due",
    "workstation.payments.history",
    "workstation.payments.visit_record",
    "workstation.people.search",
)
"""What the pages need of the rules and the gateways; for a worker."""

PAGES = (
    "ui.controls.table",
    "ui.arrivals.table",
    "ui.arrivals.page",
    "ui.people.find_palette",
    "ui.people.duplicate_warning",
    "ui.interview.viewmodel",
    "ui.forms.section",
    "ui.interview.form_step",
    "ui.interview.changed_step",
    "ui.interview.check_in_page",
    "ui.capture.scan_overlay",
    "ui.capture.desk",
    "ui.visits.acts",
    "ui.desk.work",
    "ui.desk.oversight",
    "ui.desk.desk_papers",
    "ui.eligibility.pending",
    "ui.desk.check_in",
    "ui.eligibility.estimate_printing",
    "ui.payments.viewmodel",
    "ui.payments.dialog",
    "ui.payments.receipt",
    "ui.payments.refund_overlay",
    "ui.payments.finished_overlay",
    "ui.desk.finished",
    "ui.desk.window",
    "ui.eligibility.benefit_rows",
    "ui.eligibility.benefits",
    "ui.eligibility.call_noting",
    "ui.eligibility.bill",
    "ui.eligibility.payer_word",
    "ui.eligibility.benefits_step",
    "ui.payments.pay_step",
    "ui.desk.steps",
)
"""Everything that a person sees after signing in, in pieces of a few milliseconds."""


def load_domain() -> None:
    """Imports what knows no Qt; on a worker thread."""
    for name in DOMAIN:
        import_module(name)


class Imports(QObject):
    """Imports modules on the UI thread, one in each turn of its loop; then tells ``done``."""

    done = Signal()

    def __init__(self, names: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self._left = list(names)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        self._timer.start(0)

    @Slot()
    def _next(self) -> None:
        if self._left:
            import_module(self._left.pop(0))
            return
        self._timer.stop()
        self.done.emit()
