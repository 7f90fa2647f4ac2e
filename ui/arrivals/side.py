"""The side panel: who is chosen, what the payer says, what is left to do, and the one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.arrivals.cells import COVERAGE_LOOK, LEVEL_TONE, Cells, day_words, mark_words
from ui.controls import Avatar, Button, IconText, Mark, Note, Text, scrolling
from ui.words import say
from workstation.arrivals.model import ArrivalRow, Level, Status
from workstation.arrivals.rules import FINISHED

TODO_ICONS = {
    "card": "scan-line",
    "forms": "file-pen-line",
    "copay": "banknote",
    "id": "id-card",
    "identity": "user-check",
    "guardian_id": "id-card",
    "medicare_questions": "list-checks",
    "msp": "list-checks",
    "abn": "file-text",
    "re_ask": "refresh-cw",
    "coverage": "shield-alert",
    "authorization": "octagon-alert",
    "referral": "file-check",
    "pcp_referral": "file-check",
    "estimate": "calculator",
    "screening": "hand-coins",
    "claim_number": "tag",
}
_LEVEL_ICONS = {Level.NOTE: "circle", Level.YIELD: "triangle-alert", Level.STOP: "octagon-alert"}


class ArrivalSide(QWidget):
    """Follows the chosen row."""

    checkInWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._avatar = Avatar(52)
        self._name = Text("", role="section", weight="semibold", wrap=True)
        self._facts = Text("", role="small", tone="muted", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._built: list[QWidget] = []
        self._cells: Cells | None = None
        self.go = Button(say("Check in"), kind="primary", icon_after="corner-down-left", big=True)
        self.go.clicked.connect(self.checkInWanted)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(14, 16, 14, 8)
        body.setSpacing(12)
        body.addLayout(head)
        body.addWidget(self._facts)
        body.addLayout(self._lines)
        body.addStretch(1)
        foot = QWidget()
        under = QVBoxLayout(foot)
        under.setContentsMargins(14, 8, 14, 16)
        under.addWidget(self.go)
        self._inner = inner
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scrolling(inner), 1)
        outer.addWidget(foot)
        self.setAccessibleName(say("Who is chosen"))

    def show_cells(self, cells: Cells | None, *, of_another: bool = False) -> None:
        """The row chosen, or nobody; ``of_another``: somebody else has it in progress."""
        if cells is not None and cells == self._cells:
            return
        self._cells = cells
        for old in self._built:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._built = []
        self._inner.setVisible(cells is not None)
        self.go.setVisible(cells is not None)
        if cells is None:
            return
        row = cells.row
        self._avatar.show_initials((row.first[:1] + row.last[:1]).upper())
        given = " ".join(part for part in (row.first, row.middle) if part)
        words = f"{row.last}, {given}"
        self._name.setText(f"{words} “{row.preferred}”" if row.preferred else words)
        self._facts.setText("\n".join(_facts(cells)))
        if of_another:
            self._add(IconText("pencil", say("{name} checks in", name=row.owner), tone="accent"))
        for alert in row.alerts:
            self._add(Note(say(alert), icon="shield-alert"))
        self._coverage(cells)
        self._todo(row)
        self.go.set_words(_go_words(row, of_another))

    def _coverage(self, cells: Cells) -> None:
        if cells.row.emergency_locked:
            self._add(
                Note(say("Emergency: registration only for now."), level="stop", icon="siren")
            )
            return
        self._caption(say("Coverage"))
        if cells.plan:
            self._add(Text(cells.plan, weight="semibold", wrap=True))
        icon, tone = COVERAGE_LOOK[cells.row.coverage]
        if cells.coverage:
            self._add(IconText(icon, cells.coverage, tone=tone))
        for line in cells.row.coverage_lines:
            self._add(Text(say(line), role="small", tone="muted", wrap=True))
        if cells.today:
            words = say("Expected today: {amount}", amount=cells.today)
            self._add(Text(words, role="small", weight="medium", wrap=True))

    def _todo(self, row: ArrivalRow) -> None:
        if row.emergency_locked and not row.todo:
            return
        self._caption(say("Left to do"))
        for mark in row.todo:
            icon = TODO_ICONS.get(mark.code, _LEVEL_ICONS[mark.level])
            words = mark_words(mark.detail or mark.label)
            self._add(_marked(icon, LEVEL_TONE[mark.level], words))
        if not row.todo:
            self._add(IconText("check", say("Nothing"), tone="ok"))

    def _caption(self, words: str) -> None:
        caption = Text(words, role="small", weight="semibold", tone="muted")
        caption.setContentsMargins(0, 6, 0, 0)
        self._add(caption)

    def _add(self, widget: QWidget, above: int = 0) -> None:
        if above:
            gap = QWidget()
            gap.setFixedHeight(above)
            self._add(gap)
        self._built.append(widget)
        self._lines.addWidget(widget)
        widget.show()


def _marked(icon: str, tone: str, words: str) -> QWidget:
    """An icon before words that may need two lines."""
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 1, 0, 1)
    box.setSpacing(6)
    box.addWidget(Mark(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    box.addWidget(Text(words, wrap=True), 1)
    return line


def _go_words(row: ArrivalRow, of_another: bool) -> str:
    if row.status in FINISHED:
        return say("Look at the visit")
    if of_another:
        return say("Take over")
    return say("Resume check-in") if row.status is Status.IN_PROGRESS else say("Check in")


def _facts(cells: Cells) -> list[str]:
    row = cells.row
    first = [cells.born.rpartition("· ")[2] + (f" {row.sex}" if row.sex else "")]
    if row.born is not None:
        first.append(day_words(row.born))
    if row.mrn:
        first.append(f"MRN {row.mrn}")
    lines = [" · ".join(part for part in first if part.strip())]
    if row.language:
        booked = say("interpreter booked") if row.interpreter else ""
        lines.append(", ".join(part for part in (say(row.language), booked) if part))
    if row.department:
        lines.append(row.department)
    if row.visit_number:
        visit = say("Visit {number}", number=row.visit_number)
        lines.append(f"{visit} · " + say("Account {number}", number=row.account_number))
    return lines
