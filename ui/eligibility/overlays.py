"""Opened over the page: the payer's own rows in words, and the estimate to read aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, IconButton, Overlay, Segments, Text, column, row, scrolling
from ui.controls.overlay import stacked
from ui.controls.paper import PaperOverlay
from ui.eligibility.words import figure_words, row_facts
from ui.style import SPACE
from ui.words import say
from workstation.estimates.answer import Estimate
from workstation.estimates.spoken import read_to_patient
from workstation.kernel.phrases import language_of

_Rows = Sequence[tuple[int, list[Mapping[str, Any]]]]
_MOST = 60
"""Rows laid out at once; an answer can have hundreds, and the service at hand comes first."""


class SourceOverlay(Overlay):
    """A figure, how it was worked out, and the payer's rows that it stands on."""

    of_money = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=640, height=560)
        self._title = Text("", role="section", weight="semibold", wrap=True)
        close = IconButton("x", say("Close"), key="Esc")
        close.clicked.connect(self.close_)
        head = row(self._title, close, gap=SPACE.s, margins=(SPACE.l, SPACE.m, SPACE.m, SPACE.s))
        self._inside = QWidget()
        self._box = QVBoxLayout(self._inside)
        self._box.setContentsMargins(SPACE.l, 0, SPACE.l, SPACE.l)
        self._box.setSpacing(SPACE.s)
        self._area = scrolling(self._inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(say("What the payer said"))
        box = stacked(self)
        box.addWidget(head)
        box.addWidget(self._area, 1)

    def first(self) -> QWidget | None:
        return self._area

    def show_source(self, title: str, steps: Sequence[str], rows: _Rows) -> None:
        """Opens it with a figure's arithmetic (may be empty) and rows (may be none)."""
        self._title.setText(title)
        while self._box.count():
            item = self._box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.deleteLater()
        for step in steps:
            self._box.addWidget(Text(step, wrap=True))
        if steps and rows:
            self._box.addSpacing(SPACE.s)
        if rows:
            words = say("The payer's own rows")
            self._box.addWidget(Text(words, role="small", weight="semibold", tone="muted"))
        elif not steps:
            self._box.addWidget(Text(say("The payer's answer has no row for this."), wrap=True))
        for number, group in rows[:_MOST]:
            self._box.addWidget(_one_row(number, group))
        if len(rows) > _MOST:
            words = say("{n} more rows are in the answer.", n=len(rows) - _MOST)
            self._box.addWidget(Text(words, tone="muted", wrap=True))
        self._box.addStretch(1)
        self.open()


def _one_row(number: int, group: list[Mapping[str, Any]]) -> QWidget:
    head = row(
        Text(figure_words(group[0]), weight="semibold"),
        None,
        Text(
            say("row {n} · EB {code}", n=number, code=group[0]["code"]), role="small", tone="muted"
        ),
    )
    lines: list[QWidget] = [head]
    for label, words in row_facts(group):
        caption = Text(label, role="small", tone="muted")
        caption.setFixedWidth(110)
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        box.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(Text(words, role="small", wrap=True), 1)
        lines.append(line)
    return column(*lines, gap=3, margins=(0, SPACE.s, 0, SPACE.s))


class ReadOverlay(Overlay):
    """The estimate in plain sentences, large enough to read from while looking up."""

    of_money = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=620)
        self._estimate: Estimate | None = None
        self._languages = Segments(
            [("en", "English", ""), ("es", "Español", "")], name=say("Language to read in")
        )
        self._languages.chosen.connect(self._show)
        self._words = Text("", role="section", wrap=True)
        done = Button(say("It was read"), kind="primary")
        done.clicked.connect(self.close_)
        title = Text(say("Read it to the patient"), role="section", weight="semibold")
        column(
            row(title, None, self._languages),
            self._words,
            row(None, done),
            gap=SPACE.l,
            margins=(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l),
            into=self.panel,
        )

    def read(self, estimate: Estimate, language: str) -> None:
        """Opens it in the patient's language where we have it."""
        self._estimate = estimate
        known = language_of(language)
        self._languages.choose(known)
        self._show(known)
        self.open()

    @Slot(str)
    def _show(self, language: str) -> None:
        if self._estimate is not None:
            self._words.setText("\n\n".join(read_to_patient(self._estimate, language)))
            self.resettle()


class EstimateOverlay(PaperOverlay):
    """The estimate as it will be printed, in the patient's language."""

    of_money = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, say("Estimate"))
