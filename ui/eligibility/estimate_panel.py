"""The estimate beside the benefits: a bill read downwards, each line opens to its arithmetic."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import style
from ui.controls import Button, Mark, Note, Text, row
from ui.controls.buttons import Pressable
from ui.controls.flow import Flow
from ui.eligibility.bill import Bill, BillLine
from ui.style import SPACE, paint
from ui.words import say

_GATE_LOOK = {True: ("stop", "ban"), False: ("warn", "triangle-alert")}


class BillRow(Pressable):
    """One line of the bill; pressed, it opens."""

    def __init__(self, line: BillLine) -> None:
        super().__init__()
        self.line = line
        name = f"{line.words}: {line.amount}. {line.note}".strip()
        self.setAccessibleName(name)
        self.setToolTip(say("See how this was worked out"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._strong = style.font("body", "semibold" if line.total else "regular")
        self._amount = style.font("body", "bold" if line.total else "regular")

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width() or 288))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        return 10 + self._words_box(width) + (self._note_box(width) if self.line.note else 0) + 10

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A scroll area asks for heights before it gives widths: the row then takes what it needs.
        self.setFixedHeight(self.heightForWidth(self.width()))
        super().resizeEvent(event)

    def _words_box(self, width: int) -> int:
        return _tall(QFontMetrics(self._strong), self.line.words, self._room(width))

    def _note_box(self, width: int) -> int:
        return 2 + _tall(QFontMetrics(style.font("small")), self.line.note, width)

    def _room(self, width: int) -> int:
        return width - QFontMetrics(self._amount).horizontalAdvance(self.line.amount) - 12

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "hover", radius=4)
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        tall = self._words_box(self.width())
        painter.setFont(self._strong)
        painter.setPen(style.colour("text"))
        painter.drawText(QRectF(0, 10, self._room(self.width()), tall), wrap, self.line.words)
        painter.setFont(self._amount)
        painter.setPen(style.colour("text" if self.line.known else "muted"))
        one = QFontMetrics(self._amount).height()
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, 10, self.width(), one), right, self.line.amount)
        if self.line.note:
            painter.setFont(style.font("small"))
            painter.setPen(style.colour("muted"))
            area = QRectF(0, 12 + tall, self.width(), self._note_box(self.width()))
            painter.drawText(area, wrap, self.line.note)
        paint.hairline(painter, self.rect(), "bottom")
        painter.end()


def _tall(metrics: QFontMetrics, words: str, width: int) -> int:
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
    return metrics.boundingRect(0, 0, max(40, width), 4000, flags, words).height()


class EstimatePanel(QWidget):
    """Shows a :class:`Bill`."""

    lineWanted = Signal(object)
    """(BillLine)"""
    readWanted = Signal()
    printWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("Estimate"))
        self._shown: Bill | None = None
        self.title = Text(say("Estimate"), role="section", weight="semibold")
        self.service = Text("", role="small", tone="muted", wrap=True)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self.read = Button(say("&Read it to the patient"), icon="volume-2")
        self.read.clicked.connect(self.readWanted)
        self.print = Button(say("Print"), icon="printer", name=say("Print the estimate"))
        self.print.clicked.connect(self.printWanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE.l, SPACE.l, SPACE.l, SPACE.l)
        box.setSpacing(SPACE.s)
        box.addWidget(self.title)
        box.addWidget(self.service)
        box.addLayout(self._body)
        box.addStretch(1)
        self._actions = QWidget()
        flow = Flow(self._actions, SPACE.s)
        flow.addWidget(self.read)
        flow.addWidget(self.print)
        box.addWidget(self._actions)
        self.show_bill(Bill())

    def show_bill(self, bill: Bill) -> None:
        """Another bill; nothing moves where it says the same."""
        if bill == self._shown:
            return
        self._shown = bill
        while self._body.count():
            item = self._body.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.service.setText(say("{service} · today", service=bill.service) if bill.service else "")
        self.service.setVisible(bool(bill.service))
        for words, forbids in bill.gates:
            level, icon = _GATE_LOOK[forbids]
            self._body.addWidget(Note(words, level=level, icon=icon))
            self._body.addSpacing(SPACE.s)
        if not bill.forbidden:
            for line in bill.lines:
                made = BillRow(line)
                made.clicked.connect(self._open)
                self._body.addWidget(made)
            self._say(bill)
        self._actions.setVisible(bill.estimate is not None and not bill.forbidden)

    def _say(self, bill: Bill) -> None:
        if bill.unsure:
            self._body.addSpacing(SPACE.m)
            words = Text(bill.unsure, role="small", tone="muted", wrap=True)
            icon = Mark("arrow-right-left", "muted")
            self._body.addWidget(_beside(icon, words))
        for remark in bill.remarks:
            self._body.addSpacing(SPACE.s)
            self._body.addWidget(Text(remark, role="small", tone="muted", wrap=True))

    @Slot()
    def _open(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, BillRow):
            self.lineWanted.emit(pressed.line)


def _beside(icon: QWidget, words: QWidget) -> QWidget:
    home = row(gap=SPACE.s)
    layout = home.layout()
    if layout is not None:
        layout.addWidget(icon)
        layout.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words)
    return home
