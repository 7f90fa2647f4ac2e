"""A visit that is over at the desk, to read only: its papers can be made and printed again."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, IconText, KeyCap, Note, Overlay, Pane, Text
from ui.controls.flow import Flow
from ui.controls.overlay import stacked
from ui.payments.dialog import ENTER
from ui.payments.paid_list import PaidList
from ui.payments.words import Who, day_words, nothing_words, who_words
from ui.style import SPACE
from ui.words import say
from workstation.payments.visit_record import VisitRecord


class FinishedOverlay(Overlay):
    """``show_record(record)``; every paper is asked for by a signal."""

    receiptWanted = Signal(str)
    """(payment id)"""
    refundWanted = Signal(object, str)
    """(:class:`Who`, payment id)"""
    faceSheetWanted = Signal(str)
    """(visit id)"""
    estimateWanted = Signal(str)
    """(visit id)"""
    filedWanted = Signal(str, str, str)
    """(person id, name, birth date and MRN): what was signed and scanned."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=760, top=72)
        self.setObjectName("finished_visit")
        self.record: VisitRecord | None = None
        self._who = Text("", tone="muted", rich=True, wrap=True)
        self._title = Text("", role="page", weight="bold")
        self._facts = Text("", tone="muted", wrap=True)
        self._locked = Note(say("Emergency: registration only for now."), level="stop")
        self._caption = Text(say("Payments"), role="small", weight="semibold", tone="muted")
        self.paid = PaidList()
        self._none = IconText("circle", "", tone="muted")
        self.paid.receiptWanted.connect(self.receiptWanted)
        self.paid.refundWanted.connect(self._refund)
        self.close_button = Button(say("Close"), key="Esc", big=True)
        self.sheet = Button(say("Face &sheet"), icon="file-text")
        self.estimate = Button(say("&Estimate"), icon="calculator")
        self.papers = Button(say("&Papers and pictures"), icon="folder")
        self.receipt = Button(
            say("Receipt again"), kind="primary", big=True, icon_after="corner-down-left"
        )
        self.close_button.clicked.connect(self.close_)
        self.sheet.clicked.connect(self._sheet_asked)
        self.estimate.clicked.connect(self._estimate_asked)
        self.papers.clicked.connect(self._papers_asked)
        self.receipt.clicked.connect(self._receipt_again)
        self._build()

    def _build(self) -> None:
        head = Pane("", ("bottom",))
        top = QHBoxLayout(head)
        top.setContentsMargins(20, 12, 20, 12)
        top.setSpacing(SPACE.m)
        top.addWidget(self._title)
        top.addWidget(self._who, 1)
        top.addWidget(KeyCap("Esc"))
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        inside.setSpacing(SPACE.s)
        parts = (self._facts, self._locked, self._caption, self.paid, self._none)
        for part in parts:
            inside.addWidget(part)
        inside.addSpacing(SPACE.s)
        inside.addWidget(Text(say("Papers"), role="small", weight="semibold", tone="muted"))
        papers = QWidget()
        flow = Flow(papers, SPACE.s)
        for button in (self.sheet, self.estimate, self.papers):
            flow.addWidget(button)
        inside.addWidget(papers)
        foot = Pane("", ("top",))
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(20, SPACE.m, 20, SPACE.m)
        bottom.setSpacing(SPACE.s)
        bottom.addWidget(self.close_button)
        bottom.addStretch(1)
        bottom.addWidget(self.receipt)
        box = stacked(self)
        box.addWidget(head)
        box.addWidget(body)
        box.addWidget(foot)

    def show_record(self, record: VisitRecord) -> None:
        """Opens it, or shows what changed since."""
        self.record = record
        self._title.setText(say("Visit of {day}", day=day_words(record.service_date)))
        self._who.setText(who_words(self.who))
        self.setAccessibleName(f"{self._title.text()}, {self.who.name}, MRN {self.who.mrn}")
        number = say("Visit {number}", number=record.visit_number)
        facts = (number, record.department, record.reason)
        self._facts.setText(" · ".join(fact for fact in facts if fact))
        self._locked.setVisible(record.locked)
        for part in (self._caption, self.paid, self._none, self.estimate):
            part.setVisible(not record.locked)
        self.paid.show_payments(record.payments, record.verifying)
        self.paid.setVisible(bool(record.payments or record.verifying))
        nothing = nothing_words(record.nothing or "") or say("Nothing was taken at this visit.")
        self._none.show_words("circle", nothing, "muted")
        self._none.setVisible(not record.payments and not record.locked)
        self.receipt.setVisible(bool(record.payments))
        if self.isHidden():
            self.open()
        self.resettle()

    @property
    def who(self) -> Who:
        """The patient with both identifiers."""
        record = self.record
        assert record is not None  # noqa: S101 - asked only of what is shown
        name = ", ".join(part for part in (record.last.upper(), record.given) if part)
        born = f"{date.fromisoformat(record.born):%d %b %Y}" if record.born else ""
        return Who(name, born, record.mrn or say("not given yet"), record.language)

    def first(self) -> QWidget | None:
        """Enter makes the newest receipt again; where nothing was paid, the face sheet."""
        return self.receipt if self.record is not None and self.record.payments else self.sheet

    @Slot()
    def _receipt_again(self) -> None:
        if self.record is not None and self.record.payments:
            newest = self.record.payments[-1]
            last = newest.refunds[-1] if newest.refunds else newest.payment
            self.receiptWanted.emit(last.id)

    @Slot(str)
    def _refund(self, payment_id: str) -> None:
        self.refundWanted.emit(self.who, payment_id)

    @Slot()
    def _sheet_asked(self) -> None:
        if self.record is not None:
            self.faceSheetWanted.emit(self.record.visit_id)

    @Slot()
    def _papers_asked(self) -> None:
        if self.record is not None:
            facts = f"{self.who.born} · MRN {self.who.mrn}"
            self.filedWanted.emit(self.record.person_id, self.who.name, facts)

    @Slot()
    def _estimate_asked(self) -> None:
        if self.record is not None:
            self.estimateWanted.emit(self.record.visit_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self.first()
        if event.key() in ENTER and isinstance(target, Button):
            event.accept()
            if not event.isAutoRepeat():
                target.click()
            return
        super().keyPressEvent(event)
