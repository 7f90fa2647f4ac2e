"""The receipt, right after the money: change due, preview, Print by Enter, or none."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.controls import Button, KeyCap, Overlay, Pane, Segments, Text, scrolling
from ui.controls.overlay import stacked
from ui.controls.paper import PaperPage, page_image
from ui.hands import give
from ui.jobs import Jobs, expected
from ui.payments.dialog import ENTER, EnterOnce
from ui.payments.mail_page import MailPage
from ui.payments.tender_pane import StateNote
from ui.style import SPACE
from ui.words import say
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.kernel.money import dollars
from workstation.papers.printing import Printing
from workstation.papers.receipt_mail import ReceiptMail
from workstation.papers.receipts import Receipts
from workstation.payments.use_cases import Payments

_PREVIEW_WIDTH = 566


@dataclass(frozen=True, slots=True)
class ReceiptCase:
    """What is handed out: one receipt for each payment of the sale."""

    payment_ids: tuple[str, ...]
    receipts: Receipts
    payments: Payments
    printing: Printing
    mail: ReceiptMail
    change: int = 0
    """Cents to hand back now; 0 for none, or later."""
    refund: bool = False
    """It is about money given back: what is handed over is the refund, not change."""


class ReceiptOverlay(Overlay):
    """One per window; :meth:`begin` opens it for what was just paid, or for a reprint."""

    of_money = True

    done = Signal()
    """Closed: printed, e-mailed, or without paper."""
    printed = Signal(str)
    """In words, for the bottom line."""
    changed = Signal(object)
    """What was written: kinds for whoever shows them."""

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        super().__init__(window, width=620, height=640, top=64)
        self.setObjectName("receipt_overlay")
        self._jobs = jobs
        self._case: ReceiptCase | None = None
        self._busy = False
        self._language = ""
        self.languages = Segments(
            [("en", "English", ""), ("es", "Español", "")], name=say("Language of the receipt")
        )
        self.languages.chosen.connect(self._speak)
        self.closed.connect(self.done)
        self._change_words = Text(say("Change due"), weight="medium", tone="muted")
        self.change = Text("", role="figure", weight="bold", tone="ok")
        self._change = Pane("", ("bottom",))
        given = QHBoxLayout(self._change)
        given.setContentsMargins(20, 6, 20, 8)
        given.addWidget(self._change_words)
        given.addStretch(1)
        given.addWidget(self.change)
        self._note = StateNote()
        self._sheet = QWidget()
        self._pages = QVBoxLayout(self._sheet)
        self._pages.setContentsMargins(20, SPACE.m, SPACE.m, SPACE.m)
        self._pages.setSpacing(SPACE.m)
        self._title = Text("", role="page", weight="bold")
        self._build()

    def _build(self) -> None:
        head = Pane("", ("bottom",))
        head.setFixedHeight(56)
        top = QHBoxLayout(head)
        top.setContentsMargins(20, 0, 20, 0)
        top.setSpacing(SPACE.m)
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self.languages)
        top.addWidget(KeyCap("Esc"))
        foot = Pane("", ("top",))
        foot.setFixedHeight(68)
        self.none = Button(say("No receipt"), big=True)
        self.print = Button(
            say("Print receipt"), kind="primary", big=True, icon_after="corner-down-left"
        )
        self.email = Button(say("&E-mail…"), icon="mail", big=True)
        self.mail = MailPage()
        once = EnterOnce(self)
        for button in (self.none, self.email, self.print, self.mail.send):
            button.installEventFilter(once)
        self.none.clicked.connect(self.close_)
        self.email.clicked.connect(self.ask_address)
        self.print.clicked.connect(self.print_now)
        self.mail.backWanted.connect(self._back)
        self.mail.sendWanted.connect(self._send)
        self.mail.refused.connect(self._refuse)
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(20, 0, 20, 0)
        bottom.setSpacing(SPACE.s)
        bottom.addWidget(self.none)
        bottom.addWidget(self.email)
        bottom.addStretch(1)
        bottom.addWidget(self.print)
        self._foot = foot
        noted = QWidget()
        inside = QVBoxLayout(noted)
        inside.setContentsMargins(20, SPACE.m, 20, 0)
        inside.addWidget(self._note)
        self._noted = noted
        box = stacked(self)
        box.addWidget(head)
        box.addWidget(self._change)
        box.addWidget(noted)
        self._body = QStackedWidget()
        self._body.addWidget(scrolling(self._sheet))
        self._body.addWidget(self.mail)
        box.addWidget(self._body, 1)
        box.addWidget(foot)

    def begin(self, case: ReceiptCase) -> None:
        """Opens; the preview comes when it is drawn, Print does not wait for it."""
        self._case = case
        self._busy = False
        many = len(case.payment_ids) > 1
        words = say("{n} receipts", n=len(case.payment_ids)) if many else say("Receipt")
        self._title.setText(words)
        self.print.set_words(say("Print receipts") if many else say("Print receipt"))
        self.print.setEnabled(True)
        words = say("Give back in cash") if case.refund else say("Change due")
        self._change_words.setText(words)
        self._change.setVisible(case.change > 0)
        self.change.setText(dollars(case.change))
        self._noted.hide()
        self._turn(0)
        self._clear()
        self._language = ""
        self.languages.choose("")
        self.open()
        self._draw(case)

    def _draw(self, case: ReceiptCase) -> None:
        self._jobs.read(
            _previews,
            case,
            self._language,
            owner=self,
            done=self._previewed,
            failed=self._not_shown,
            replaces="preview",
        )

    @Slot(str)
    def _speak(self, language: str) -> None:
        """The patient wishes the other language: on the screen and on the paper."""
        self._language = language
        if self._case is not None:
            self._draw(self._case)

    def first(self) -> QWidget | None:
        """Enter prints."""
        return self.print

    def _clear(self) -> None:
        while self._pages.count():
            item = self._pages.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()

    @Slot(object)
    def _previewed(self, drawn: tuple[str, tuple[QImage, ...]]) -> None:
        language, images = drawn
        self.languages.choose(language)
        self._clear()
        for image in images:
            page = PaperPage(say("Preview of the receipt"), _PREVIEW_WIDTH)
            page.show_image(image)
            self._pages.addWidget(page)
        self._pages.addStretch(1)

    @Slot(object)
    def _not_shown(self, error: Exception) -> None:
        self._tell(expected(error))

    @Slot()
    def print_now(self) -> None:
        """Counts and spools every receipt once, whatever is pressed."""
        case = self._case
        if case is None or self._busy:
            return
        self._busy = True
        self.print.setEnabled(False)
        self._jobs.call(
            _print,
            case,
            self._language,
            owner=self,
            done=self._was_printed,
            failed=self._failed,
            title=say("Printing the receipt"),
        )

    @Slot(object)
    def _was_printed(self, numbers: tuple[str, ...]) -> None:
        self._busy = False
        self.printed.emit(say("Receipt {no} printed", no=", ".join(numbers)))
        self.close_()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.print.setEnabled(True)
        told = expected(error)
        give(self.none)
        self._tell(told)

    # By e-mail

    @Slot()
    def ask_address(self) -> None:
        """To the page with the address and the question of consent."""
        case = self._case
        if case is None or self._busy:
            return
        self._jobs.read(
            case.mail.address_of, case.payment_ids[0], owner=self, done=self._asked, replaces="mail"
        )

    @Slot(object)
    def _asked(self, known: tuple[str, str | None]) -> None:
        self.mail.show_address(*known)
        self._turn(1)
        give(self.mail.send if known[0] else self.mail.address)

    def _turn(self, page: int) -> None:
        self._body.setCurrentIndex(page)
        self._foot.setVisible(page == 0)

    @Slot()
    def _back(self) -> None:
        self._turn(0)
        give(self.print)

    def may_close(self) -> bool:
        """Escape leads back to the receipt first."""
        if self._body.currentIndex() == 1:
            self._back()
            return False
        return True

    @Slot(str, bool)
    def _send(self, address: str, agreed: bool) -> None:
        case = self._case
        if case is None or self._busy:
            return
        self._busy = True
        self._jobs.write(
            lambda: case.mail.send(
                case.payment_ids, address, agreed=agreed, language=self._language or None
            ),
            owner=self,
            done=self._was_sent,
            failed=self._not_sent,
        )

    @Slot(object)
    def _was_sent(self, result: tuple[tuple[str, ...], frozenset[Kind]]) -> None:
        self._busy = False
        numbers, kinds = result
        self.changed.emit(kinds)
        self.printed.emit(say("Receipt {no} goes by e-mail", no=", ".join(numbers)))
        self.close_()

    @Slot(str)
    def _refuse(self, address: str) -> None:
        case = self._case
        if case is None or self._busy:
            return
        if not address:
            self._back()
            return
        self._busy = True
        self._jobs.write(
            case.mail.refuse,
            case.payment_ids[0],
            address,
            owner=self,
            done=self._was_refused,
            failed=self._not_sent,
        )

    @Slot(object)
    def _was_refused(self, kinds: frozenset[Kind]) -> None:
        self._busy = False
        self.changed.emit(kinds)
        self._back()

    @Slot(object)
    def _not_sent(self, error: Exception) -> None:
        self._busy = False
        self.mail.tell(expected(error))
        give(self.mail.address)

    def _tell(self, error: PorticoError) -> None:
        self._note.tell("warn", "printer", say(error.say), say(error.do))
        self._noted.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self.print_now()
            return
        super().keyPressEvent(event)


def _print(case: ReceiptCase, language: str) -> tuple[str, ...]:
    """Off the writer's thread: a print system that hangs must hold nothing up."""
    for payment_id in case.payment_ids:
        case.receipts.print_copy(
            payment_id, case.payments, case.printing, language=language or None
        )
    return tuple(case.receipts.number(payment_id) for payment_id in case.payment_ids)


def _previews(case: ReceiptCase, language: str) -> tuple[str, tuple[QImage, ...]]:
    """The language shown, the patient's own until another is chosen, and a picture of each."""
    shown = language or case.receipts.language(case.payment_ids[0])
    pdfs = (case.receipts.pdf(one, language=shown) for one in case.payment_ids)
    return shown, tuple(page_image(pdf) for pdf in pdfs)
