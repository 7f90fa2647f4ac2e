"""What a step of the check-in is to the page around it: the interface for steps of other hands.

    class PayStep(StepPage):
        heading = "Pay"

        def load(self, draft: Draft, context: StepContext) -> None:
            ...                                  # show the draft; must not emit ``edited``

        @Slot()
        def _taken(self) -> None:
            self.edited.emit({"money.settled": "paid", "money.payment_id": self._payment_id})
            self.continueWanted.emit()

Answers are keyed by their path in the draft (``workstation.interview.paths``). The rules of the
flow decide what is missing; a step only adds what it alone can know (``problems``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.interview.fields import Problem
from workstation.interview.model import Draft, PageId
from workstation.interview.situation import Situation


@dataclass(frozen=True, slots=True)
class StepContext:
    """What stands around the draft while a step is shown."""

    page: PageId
    situation: Situation

    @property
    def locked(self) -> bool:
        """Emergency: nothing of money may be shown (42 CFR 489.24(d)(4))."""
        return self.situation.locked


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the field under the cursor. Every part may be missing."""

    title: str = ""
    crop: QPixmap | None = None
    """Where the value stands on the scan."""
    confidence: str = ""
    """Such as ``Read 71 % sure``."""
    picture: QPixmap | None = None
    """The whole card or licence."""
    last_visit: str = ""
    payer: str = ""
    """The payer's own words."""
    why: str = ""
    """Why this is asked, where no field of the flow says it."""
    suggestion: str = ""
    """Ctrl+Enter puts this into the field."""
    suggestion_words: str = ""
    """The suggestion as people read it, where that is not how it is kept."""
    alternatives: tuple[str, ...] = ()
    """Ctrl+Space offers these."""


class StepPage(QWidget):
    """One step. Subclasses show a draft and tell what was answered; they hold no rules."""

    heading = ""
    """Shown above the step; empty takes the title of the flow's page."""

    subheading = ""
    """Small words beside the heading, such as the plan and when its payer answered."""

    headingChanged = Signal()
    """``subheading`` is another."""

    edited = Signal(object)
    """A mapping of draft keys to answers, given just now by the person."""
    entered = Signal(str)
    """The key of the question that has the focus; the evidence panel follows."""
    evidenceChanged = Signal()
    """``evidence`` would now answer differently for the question that has the focus."""
    continueWanted = Signal()
    """The step knows that it is done, as after a payment."""
    pastEnd = Signal()
    """The last question was left forwards: the focus goes to Continue."""
    goWanted = Signal(str)
    """Another page of the flow is asked for, by the value of its PageId."""
    questionWanted = Signal(str, str)
    """(page, key): a question of another page is to be mended."""

    def load(self, draft: Draft, context: StepContext) -> None:
        """Shows the draft. Called again after every change; keeps focus and half-typed text."""
        raise NotImplementedError

    def prepare(self, draft: Draft, context: StepContext) -> None:
        """Makes ahead, unseen, what ``load`` will need as things stand; tells and asks nothing."""

    def collect(self) -> Mapping[str, object]:
        """Answers that still stand in an editor and were not told yet, by draft key."""
        return {}

    def problems(self) -> tuple[Problem, ...]:
        """What keeps this step from being done that the flow's rules cannot see."""
        return ()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Puts each problem under its question; called when Continue was asked."""

    def focus_on(self, key: str | None) -> bool:
        """Puts the focus on a question, or on the first to answer; False where there is none."""
        return False

    def take_escape(self) -> bool:
        """Whether Esc was for something open on the step; else the check-in is left."""
        return False

    def take_enter(self) -> bool:
        """True where the step itself used Enter, as for signing one paper of several."""
        return False

    def evidence(self, key: str) -> Evidence | None:
        """What is known about a question, or with an empty key about the step; None: only why."""
        return None

    def side_panel(self) -> QWidget | None:
        """What stands at the right while this step is shown; None leaves the evidence there."""
        return None

    def header_actions(self) -> tuple[QWidget, ...]:
        """Buttons for the right of the heading, such as ``Scan card F8``."""
        return ()

    def footer_actions(self) -> tuple[QWidget, ...]:
        """Buttons for the bottom bar, beside *Save and leave*."""
        return ()


StepFactory = Callable[[], StepPage]
"""Makes the step of a page; registered by PageId at the composition root."""


def show_actions(layout: QHBoxLayout, widgets: tuple[QWidget, ...]) -> None:
    """Other buttons in a row; those taken out belong to their step and live on."""
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
    for widget in widgets:
        layout.addWidget(widget)
        widget.show()
