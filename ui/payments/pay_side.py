"""Beside the pay step: what today's part is made of, what comes before money, what is offered."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import IconText, Link, Text, row, scrolling
from ui.payments.words import day_words, line_words, share_words
from ui.style import SPACE
from ui.words import say
from workstation.interview.payer_order import BeforeMoney
from workstation.kernel.money import dollars
from workstation.payments.due import DueLine, VisitDue


class PaySide(QWidget):
    """``show_due(due, before)``; without a due it is empty, as while the lock holds."""

    goWanted = Signal(str)
    """A page of the flow, where something stands before money."""
    estimateWanted = Signal()
    """The paper of the estimate; without coverage it is a good-faith estimate."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("About this payment"))
        self._shown: tuple[object, ...] = ()
        self._parts: list[QWidget] = []
        self._go_links: list[Link] = []
        self.paper: Link | None = None
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(SPACE.l, SPACE.l, SPACE.l, SPACE.l)
        self._box.setSpacing(SPACE.s)
        self._box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inner))

    def show_due(self, due: VisitDue | None, before: tuple[BeforeMoney, ...]) -> None:
        """Another state; the same one leaves everything as it is."""
        told = (due, before)
        if told == self._shown:
            return
        self._shown = told
        for old in self._parts:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts, self._go_links, self.paper = [], [], None
        if due is None:
            return
        self._show_share(due, may_print=all(one.settled for one in before))
        self._show_before(before)
        self._show_earlier(tuple(line for line in due.lines if not line.today))
        self._caption(say("If paying is hard"))
        words = say(
            "Care never depends on payment. Offer the summary of financial assistance; "
            "“Asked for help with paying” is one of the reasons under Nothing today."
        )
        self._add(Text(words, role="small", tone="muted", wrap=True))

    def _show_share(self, due: VisitDue, *, may_print: bool) -> None:
        """Figures only where they are known; the step says in words why they are not. The paper
        never comes before the notices."""
        lines = share_words(due)
        if not lines:
            return
        self._caption(say("Today's part"))
        for words, cents in lines:
            self._figure(words, cents)
        if due.paid:
            self._figure(say("Paid"), -due.paid)
            self._figure(say("Left today"), due.suggested, weight="semibold")
        if may_print:
            words = say("Good-faith estimate…") if due.self_pay else say("Estimate on paper…")
            self.paper = Link(words)
            self.paper.clicked.connect(self.estimateWanted)
            self._add(row(self.paper, None))

    def _show_before(self, before: tuple[BeforeMoney, ...]) -> None:
        if not before:
            return
        self._caption(say("Comes before money"))
        for one in before:
            icon, tone = ("circle-check", "ok") if one.settled else ("circle", "warn")
            words = IconText(icon, say(one.words), tone="text", icon_tone=tone)
            if one.settled:
                self._add(words)
                continue
            link = Link(say("Go there"))
            link.setAccessibleName(say("Go to: {step}", step=say(one.words)))
            link.setProperty("page", one.page.value)
            link.clicked.connect(self._go)
            self._go_links.append(link)
            self._add(row(words, None, link))

    def _show_earlier(self, lines: tuple[DueLine, ...]) -> None:
        if not lines:
            return
        self._caption(say("Earlier visits"))
        for line in lines:
            service = line.service or line_words(line)[1].partition(" ·")[0]
            self._add(Text(f"{day_words(line.service_date)} · {service}", wrap=True))
        words = say("Offered only: a patient who brings the bill may pay it here too.")
        self._add(Text(words, role="small", tone="muted", wrap=True))

    def _caption(self, words: str) -> None:
        caption = Text(words, role="small", weight="semibold", tone="muted")
        caption.setContentsMargins(0, SPACE.s if self._parts else 0, 0, 0)
        self._add(caption)

    def _figure(self, words: str, cents: int, *, weight: str = "regular") -> None:
        self._add(row(Text(words, weight=weight), None, Text(dollars(cents), weight=weight)))

    def _add(self, widget: QWidget) -> None:
        self._parts.append(widget)
        self._box.insertWidget(self._box.count() - 1, widget)
        widget.show()

    @Slot()
    def _go(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.goWanted.emit(str(sender.property("page")))
