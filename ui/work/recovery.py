"""The recovery report after a downtime: what came in, what is left to settle, the signature."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, IconText, Line, Note, Overlay, Pane, Text
from ui.controls.layout import scrolling
from ui.words import say
from ui.work import words
from workstation.kernel.errors import PorticoError
from workstation.kernel.money import dollars
from workstation.payments.model import TENDER_WORDS, Tender
from workstation.sync.recovery import MaybeTwice, Named, RecoveryReport


class RecoveryOverlay(Overlay):
    """``show_report(report)``; answered by ``signed(downtime id, note)``."""

    signed = Signal(str, str)

    of_money = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=880, height=640, top=48)
        self._report: RecoveryReport | None = None
        self._title = Text("", role="page", weight="bold")
        self._lead = Text("", tone="muted", wrap=True)
        self._inside = Pane("surface")
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(6)
        self._shown: list[QWidget] = []
        self.note = Line(hint=say("such as: seen with the night registrar"))
        self._field = Field(say("Note under the signature, if any"), self.note)
        self.note.textChanged.connect(self._typed)
        self.go = Button(say("Sign the report"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._sign)
        self.close_button = Button(say("Not yet"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        box.addWidget(self._title)
        box.addWidget(self._lead)
        box.addWidget(scrolling(self._inside), 1)
        box.addWidget(self._field)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.note

    def show_report(self, report: RecoveryReport) -> None:
        """Shows what the downtime left behind, as it stands now."""
        self._report = report
        self._title.setText(
            say(
                "Downtime of {desk}, {time}",
                desk=report.desk,
                time=words.spell_words(report.began_at, report.ended_at),
            )
        )
        self._lead.setText(
            say("Nothing is left to settle. Sign, and it is closed.")
            if report.settled
            else say("Settle what is below, or sign that you have seen it.")
        )
        self._fill(report)
        self.note.clear()
        self._field.tell()
        self.open()

    def _fill(self, report: RecoveryReport) -> None:
        for old in self._shown:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = []
        while self._lines.count():
            self._lines.takeAt(0)
        self._put(_numbers(report))
        self._section(
            say("Money taken: {amount}", amount=dollars(report.cents)),
            [
                IconText("banknote", f"{say(TENDER_WORDS[Tender(tender)])} {dollars(cents)}")
                for tender, cents in report.by_tender.items()
            ],
        )
        if report.open_conflicts:
            many = report.open_conflicts
            self._put(
                _note(say("1 conflict waits in Work"))
                if many == 1
                else _note(say("{n} conflicts wait in Work", n=many))
            )
        self._section(
            say("Possibly registered twice"),
            [IconText("split", _pair(each), icon_tone="warn") for each in report.maybe_twice],
        )
        self._section(
            say("Refused by the shared database: enter it again"),
            [
                IconText("circle-x", _refused(command, person), icon_tone="stop")
                for command, person in report.refused
            ],
        )
        self._section(
            say("Registered in the downtime"),
            [IconText("user-plus", _named(each)) for each in report.registered],
        )
        self._lines.addStretch(1)

    def _section(self, title: str, rows: list[IconText]) -> None:
        if not rows:
            return
        self._lines.addSpacing(6)
        self._put(Text(title, weight="semibold"))
        for row in rows:
            self._put(row)

    def _put(self, widget: QWidget) -> None:
        self._shown.append(widget)
        self._lines.addWidget(widget)
        widget.show()

    @Slot()
    def _sign(self) -> None:
        if self._report is not None:
            self.signed.emit(self._report.id, self.note.text().strip())

    def refused(self, error: PorticoError) -> None:
        """Somebody signed it meanwhile."""
        self._field.tell("stop", f"{say(error.say)} {say(error.do)}")
        self.resettle()

    @Slot()
    def _typed(self) -> None:
        self._field.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._sign()
        else:
            super().keyPressEvent(event)


def _numbers(report: RecoveryReport) -> QWidget:
    """The counts, large, side by side."""
    pane = Pane("window")
    grid = QGridLayout(pane)
    grid.setContentsMargins(12, 8, 12, 8)
    told = (
        (len(report.registered), say("registered")),
        (report.visits, say("visits")),
        (report.payments, say("payments")),
        (report.open_conflicts + report.settled_conflicts, say("conflicts")),
        (len(report.maybe_twice), say("possible duplicates")),
        (len(report.refused), say("refused")),
    )
    for column, (many, what) in enumerate(told):
        grid.addWidget(Text(str(many), role="section", weight="bold"), 0, column)
        grid.addWidget(Text(what, role="small", tone="muted"), 1, column)
    return pane


def _note(sentence: str) -> Note:
    return Note(sentence, icon="git-merge")


def _named(person: Named) -> str:
    mrn = f"MRN {person.mrn}" if person.mrn else ""
    return " · ".join(part for part in (person.name, words.day_words(person.dob), mrn) if part)


def _pair(pair: MaybeTwice) -> str:
    return say("{one} may be {other}", one=_named(pair.registered), other=_named(pair.other))


def _refused(command: str, person: Named | None) -> str:
    what = words.command_words(command)
    return f"{what} · {_named(person)}" if person else what
