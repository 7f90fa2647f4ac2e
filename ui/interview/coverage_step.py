"""Coverage without a scan: every coverage's questions, adding, taking out, and who pays first."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ui.controls import Button
from ui.interview.form_step import FormStep
from ui.words import say
from workstation.interview import lists
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import PageId, Said
from workstation.interview.pages_coverage import MOST
from workstation.interview.paths import get
from workstation.interview.rules import usual_holder
from workstation.payers.directory import PayerDirectory, payer_directory

_AT = "coverages.items."


class CoverageStep(FormStep):
    """The coverage page; whoever reads cards derives from it and adds evidence."""

    def __init__(self, directory: PayerDirectory | None = None) -> None:
        sections = CHECK_IN.pages[PageId.COVERAGE].sections
        self._directory = directory or payer_directory()
        names = tuple(sorted({payer.name for payer in self._directory.payers}))

        def offered(key: str) -> tuple[str, ...]:
            return names if key.endswith(".payer_name") else ()

        super().__init__(lambda draft, context: sections(draft, context.situation), offered)
        self._add_button = Button(say("Add a co&verage"), icon="plus")
        self._add_button.clicked.connect(self.add_coverage)

    def stand_below(self, widget: QWidget) -> None:
        """A line under the questions, such as what the payer said last."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def footer_actions(self) -> tuple[QWidget, ...]:
        return (self._add_button,)

    @Slot(str, object)
    def _answered(self, key: str, answer: object) -> None:
        """A payer that the directory knows brings its id and kind; another name takes them away.

        With the first payer of a coverage comes who nearly always holds it, in sight to be changed.
        """
        answers: dict[str, object] = {key: answer}
        if key.endswith(".payer_name"):
            at = key.removesuffix("payer_name")
            payer = self._directory.find(None, str(answer))
            before = get(self._draft, f"{at}payer_id")
            if payer is not None:
                answers[f"{at}payer_id"] = payer.payer_id or ""
                answers[f"{at}payer_kind"] = str(payer.kind)
            elif before:
                answers[f"{at}payer_id"] = ""
            if self._context is not None and not get(self._draft, f"{at}relation"):
                kind = str(payer.kind) if payer is not None else ""
                usual = usual_holder(self._draft, self._context.situation, kind)
                answers |= {f"{at}relation": usual} if usual else {}
        self.edited.emit(answers)

    @Slot()
    def add_coverage(self) -> None:
        """One more coverage, behind the others."""
        items = self._draft.coverages.items
        if len(items) < MOST:
            more = lists.one_more(self._draft, "coverages.items")
            self.edited.emit({"coverages.insured": Said.YES, "coverages.items": more})
            self.focus_on(f"{_AT}{len(lists.standing(more)) - 1}.payer_name")
