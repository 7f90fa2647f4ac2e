"""Coverage without a scan: every coverage's questions, adding, taking out, and who pays first."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ui.controls import Button, Card, row
from ui.forms.section import SectionView
from ui.interview.form_step import FormStep
from ui.style import SPACE
from ui.words import say
from workstation.interview.fields import Section
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import CoverageAnswer, PageId, Said
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
        self._add = Button(say("Add a co&verage"), icon="plus")
        self._add.clicked.connect(self.add_coverage)

    def footer_actions(self) -> tuple[QWidget, ...]:
        return (self._add,)

    def frame(self, section: Section, view: SectionView) -> QWidget:
        card = Card(say(section.title))
        card.add(view)
        if section.key.startswith(_AT):
            place = int(section.key.removeprefix(_AT))
            out = Button(
                say("Take out"),
                kind="quiet",
                icon="trash-2",
                name=say("{coverage}: take out", coverage=say(section.title)),
            )
            out.setProperty("place", place)
            out.clicked.connect(self._take_out)
            actions: list[QWidget | None] = [out]
            if place:
                first = Button(
                    say("Pays before"),
                    kind="quiet",
                    icon="arrow-up",
                    name=say("{coverage}: pays before the one above", coverage=say(section.title)),
                )
                first.setProperty("place", place)
                first.clicked.connect(self._earlier)
                actions.append(first)
            card.add(row(*actions, None, gap=SPACE.s))
        return card

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
            # The first is asked already, as an empty one, before it is in the list.
            grown = (*items, CoverageAnswer()) if items else (CoverageAnswer(), CoverageAnswer())
            self.edited.emit({"coverages.insured": Said.YES, "coverages.items": grown})
            self.focus_on(f"{_AT}{len(grown) - 1}.payer_name")

    @Slot()
    def _take_out(self) -> None:
        place = self._place()
        items = self._draft.coverages.items
        if place < len(items):
            kept = items[place]
            # One that is on file is ended, not forgotten; one just typed was never there.
            gone = (replace(kept, dropped=True),) if kept.id else ()
            behind = (*items[place + 1 :], *gone) if gone else items[place + 1 :]
            self.edited.emit({"coverages.items": (*items[:place], *behind)})

    @Slot()
    def _earlier(self) -> None:
        place = self._place()
        items = list(self._draft.coverages.items)
        if 0 < place < len(items):
            items[place - 1], items[place] = items[place], items[place - 1]
            self.edited.emit({"coverages.items": tuple(items)})

    def _place(self) -> int:
        button = self.sender()
        return int(button.property("place")) if button is not None else 0
