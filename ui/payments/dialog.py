"""The payment dialog: what is owed at the left, how it is paid at the right, Enter takes it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ui.changes import ChangesBus
from ui.controls import Button, KeyCap, Overlay, Pane, Text
from ui.controls.overlay import stacked
from ui.hands import give
from ui.jobs import Jobs
from ui.payments.owed_pane import OwedPane
from ui.payments.pay_state import PayState, Phase
from ui.payments.reasons_page import LeavePage, OtherTenderPage, ReasonsPage
from ui.payments.tender_pane import TenderPane
from ui.payments.till import DeskTill
from ui.payments.viewmodel import PayViewModel
from ui.payments.words import Who, day_words, who_words
from ui.style import SPACE
from ui.words import say
from workstation.access.model import Permission
from workstation.at_the_desk import UseCases
from workstation.kernel.clock import Clock
from workstation.kernel.money import dollars
from workstation.payments.due import VisitDue

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the dialog ended. ``payment_ids`` are empty where nothing was taken."""

    payment_ids: tuple[str, ...] = ()
    amount: int = 0
    change: int = 0
    reason: str = ""


class EnterOnce(QObject):
    """An Enter that is held down means one press, whatever has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return (
            event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and isinstance(event, QKeyEvent)
            and event.isAutoRepeat()
            and event.key() in ENTER
        )


class PaymentDialog(Overlay):
    """One per window; :meth:`begin` opens it for a visit."""

    settled = Signal(object)
    """An :class:`Outcome`: money was taken, or it was said why not."""
    leftInDoubt = Signal()
    """Left with the words, while the terminal's answer is unknown."""

    def __init__(self, window: QWidget, jobs: Jobs, bus: ChangesBus, clock: Clock) -> None:
        super().__init__(window, width=920, height=620, top=74)
        self.setObjectName("payment_dialog")
        self._jobs, self._bus, self._clock = jobs, bus, clock
        self.model: PayViewModel | None = None
        self._till: DeskTill | None = None
        self._asked = 0
        self._over = window
        self._pending = False
        self._build()
        self._wire()

    # Building

    def _build(self) -> None:
        self._who = Text("", tone="muted", rich=True)
        head = Pane("", ("bottom",))
        top = QHBoxLayout(head)
        top.setContentsMargins(20, 0, 20, 0)
        top.setSpacing(SPACE.m)
        top.addWidget(Text(say("Payment"), role="page", weight="bold"))
        top.addWidget(self._who, 1)
        top.addWidget(KeyCap("Esc"))
        head.setFixedHeight(63)
        self.owed = OwedPane()
        self.tender = TenderPane()
        left = Pane("", ("right",))
        left.setFixedWidth(404)
        side = QHBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.owed)
        main = QWidget()
        across = QHBoxLayout(main)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left)
        across.addWidget(self.tender, 1)
        self.reasons = ReasonsPage()
        self.leaving = LeavePage()
        self.overriding = OtherTenderPage()
        self._main = main
        self._body = QStackedWidget()
        for page in (main, self.reasons, self.leaving, self.overriding):
            self._body.addWidget(page)
        box = stacked(self)
        box.addWidget(head)
        box.addWidget(self._body, 1)
        box.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = Pane("", ("top",))
        foot.setFixedHeight(73)
        self.nothing = Button(say("Nothing today…"), big=True)
        self.cancel = Button(say("Cancel the card payment"), big=True)
        self.other = Button(say("Another tender…"), big=True)
        self.release = Button(say("Give it back"), big=True)
        self.back = Button(say("Back to payment"), big=True)
        self._receipt = Text(say("Receipt follows"), role="small", tone="muted")
        self.take = Button(say("Take"), kind="primary", big=True, icon_after="corner-down-left")
        box = QHBoxLayout(foot)
        box.setContentsMargins(20, 0, 20, 0)
        box.setSpacing(10)
        for part in (self.nothing, self.cancel, self.other, self.release, self.back):
            box.addWidget(part)
        box.addStretch(1)
        box.addWidget(self._receipt)
        box.addWidget(self.take)
        return foot

    def _wire(self) -> None:
        self._once = EnterOnce(self)
        for button in self.findChildren(Button):
            button.installEventFilter(self._once)
        self.owed.ticked.connect(self._ticked)
        self.owed.typed.connect(self._line_typed)
        self.tender.chosen.connect(self._chosen)
        self.tender.amountTyped.connect(self._amount_typed)
        self.tender.tenderedTyped.connect(self._tendered_typed)
        self.tender.referenceTyped.connect(self._reference_typed)
        self.tender.split.changed.connect(self._part_changed)
        self.tender.split.added.connect(self._part_added)
        self.reasons.chosen.connect(self._reason)
        self.leaving.stayWanted.connect(self._stay)
        self.leaving.cancelWanted.connect(self._cancel)
        self.leaving.leaveWanted.connect(self._leave)
        self.overriding.stayWanted.connect(self._stay)
        self.overriding.otherWanted.connect(self._take_other)
        self.take.clicked.connect(self._take)
        self.other.clicked.connect(self._ask_other)
        self.nothing.clicked.connect(self._ask_reason)
        self.cancel.clicked.connect(self._cancel)
        self.release.clicked.connect(self._release)
        self.back.clicked.connect(self.may_close)
        for tender, keys in self.tender.keys.items():
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setProperty("tender", tender)
            shortcut.activated.connect(self._shortcut)
            part = self.tender.tenders.part(tender)
            part.setToolTip(f"{part.text()} ({keys.toString()})")

    # Opening

    def begin(
        self,
        who: Who,
        due: VisitDue,
        use: UseCases,
        *,
        resume: str | None = None,
        nothing: bool = False,
    ) -> None:
        """Opens for a visit: a fresh sale with keys of its own; ``resume`` takes up an attempt."""
        if self._till is not None:
            self._till.rest()
            self._till.deleteLater()
        self._pending = False
        till = DeskTill(self._jobs, self._bus, use, due.person_id, due.visit_id)
        model = PayViewModel(
            due,
            till,
            can_card=use.cards is not None,
            may_override=use.session.may(Permission.REFUND),
            resume=resume,
        )
        till.model = model
        till.looked.connect(self._looked)
        self._till, self.model, self._asked = till, model, 0
        visit = say("visit {day}", day=day_words(due.service_date))
        self._who.setText(who_words(who, visit))
        self.setAccessibleName(f"{say('Payment')}, {who.name}, {who.born}, MRN {who.mrn}")
        self.owed.begin(who.language)
        self._who.setToolTip(who.name)
        model.listen(self._show)
        if nothing:
            model.ask_reason()
        self._show(model.state)
        self.open()
        model.begin()

    def first(self) -> QWidget | None:
        """Cash is counted first; else the figure, ready to be typed over."""
        if self.model is None or self.model.state.choosing_reason:
            return next(iter(self.reasons.buttons.values()))
        if self.model.state.phase is Phase.CARD:
            return self.tender.note
        if self.model.state.text.tender == "cash" and self.model.state.text.amount:
            return self.tender.tendered
        self.tender.select_amount()
        return self.tender.amount

    # Showing

    def _show(self, state: PayState) -> None:
        if self.model is None:
            return
        seconds = self.model.elapsed(self._clock())
        self.owed.show_state(state)
        self.tender.show_state(state, seconds)
        self.leaving.show_state(state, seconds)
        page = self._main
        if state.asking_leave:
            page = self.leaving
        elif state.asking_other:
            page = self.overriding
        elif state.choosing_reason and state.phase is not Phase.DONE:
            page = self.reasons
        changed = self._body.currentWidget() is not page
        self._body.setCurrentWidget(page)
        self._show_foot(state, page is self._main)
        if changed and self.isVisible():
            self._enter(page)
        if state.asked != self._asked:
            self._asked = state.asked
            self._focus(state.focus)
        if state.phase is Phase.DONE:
            self._finish()

    def _enter(self, page: QWidget) -> None:
        safe: dict[QWidget, QWidget] = {
            self.leaving: self.leaving.stay,
            self.overriding: self.overriding.stay,
        }
        target = safe.get(page) or self.first()
        if target is not None:
            give(target)

    def _focus(self, name: str) -> None:
        if self.owed.focus_on(name) or self._body.currentWidget() is not self._main:
            return
        editor = self.tender.editor(name) or self.tender.amount
        if self.tender.note is self.window().focusWidget():
            self.tender.note.clearFocus()  # the focus rested there: nobody's hands were at it
        give(editor)
        if editor is self.tender.amount:
            self.tender.select_amount()

    def _show_foot(self, state: PayState, main: bool) -> None:
        ready, partial = state.phase is Phase.READY, state.phase is Phase.PARTIAL
        card = state.phase is Phase.CARD
        self.nothing.setVisible(main and ready and not state.rest_only)
        self.cancel.setVisible(main and card)
        self.other.setVisible(main and state.may_take_other)
        self.release.setVisible(main and partial)
        self.back.setVisible(self._body.currentWidget() is self.reasons and ready)
        self.take.setVisible(main and not card)
        self.take.setEnabled(ready or partial)
        self._receipt.setText(say("Waiting for the card") if card else say("Receipt follows"))
        self._receipt.setVisible(main and (ready or (card and not state.in_doubt)))
        if partial and state.card is not None:
            self.take.set_words(say("Keep {amount}", amount=dollars(state.card.got)))
        elif state.amount:
            self.take.set_words(say("Take {amount}", amount=dollars(state.amount)))
        else:
            self.take.set_words(say("Take"))
        waiting = (self.tender.note, self.cancel, self.other)
        if card and main and self.isVisible() and not any(w.hasFocus() for w in waiting):
            give(self.tender.note)

    @Slot()
    def _looked(self) -> None:
        if self.model is not None and self.model.state.phase is Phase.CARD:
            self._show(self.model.state)

    def _finish(self) -> None:
        """Tells the outcome once it can be seen: never over a locked desk."""
        if not self.isVisible():
            self._pending = True
            return
        state = self.model.state if self.model is not None else None
        self._end()
        if state is not None:
            self.settled.emit(Outcome(state.payment_ids, state.taken, state.change, state.reason))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pending and self.model is not None:
            self._pending = False
            self._finish()

    def _end(self) -> None:
        if self._till is not None:
            self._till.rest()
        self.model = None
        self.close_()

    # What a person does

    def may_close(self) -> bool:
        """Escape and a press beside: asked of the state, which may answer with a question."""
        if self.model is None:
            return True
        before = self.model.state
        if before.asking_leave:
            self.model.stay()
            return False
        if not self.model.may_leave():
            return False
        if before.phase is Phase.CARD:
            self._leave()
            return False
        self._end()
        return False

    def withdraw(self) -> None:
        """Nothing of money may be shown any more: a lock began. A card under way is cancelled."""
        if self.model is not None and self.isVisible():
            if self.model.state.phase is Phase.CARD:
                self.model.cancel_card()
            elif self.model.state.phase is Phase.READY:
                self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self.model
        if model is None or event.isAutoRepeat():
            event.accept()
            return
        if event.key() in ENTER:
            event.accept()
            self._take()
        elif model.state.choosing_reason and self.reasons.press_digit(event.key()):
            event.accept()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _take(self) -> None:
        if self.model is None:
            return
        if self.model.state.asking_leave or self.model.state.asking_other:
            self.model.stay()
        elif self.model.state.phase is Phase.PARTIAL:
            self.model.keep_partial()
        else:
            self.model.take()

    @Slot()
    def _shortcut(self) -> None:
        sender = self.sender()
        if self.model is not None and sender is not None:
            self.model.choose(str(sender.property("tender")))

    @Slot(str, bool)
    def _ticked(self, key: str, on: bool) -> None:
        if self.model is not None:
            self.model.tick(key, on)
            if on and self.model.state.text.typed.get(key, "") == "":
                self._focus(key)

    @Slot(str, str)
    def _line_typed(self, key: str, text: str) -> None:
        if self.model is not None:
            self.model.type_line(key, text)

    @Slot(str)
    def _chosen(self, tender: str) -> None:
        if self.model is not None:
            self.model.choose(tender)

    @Slot(str)
    def _amount_typed(self, text: str) -> None:
        if self.model is not None:
            self.model.type_amount(text)

    @Slot(str)
    def _tendered_typed(self, text: str) -> None:
        if self.model is not None:
            self.model.type_tendered(text)

    @Slot(str)
    def _reference_typed(self, text: str) -> None:
        if self.model is not None:
            self.model.type_reference(text)

    @Slot(int, object)
    def _part_changed(self, index: int, changes: dict[str, object]) -> None:
        if self.model is not None:
            self.model.set_part(index, **changes)

    @Slot()
    def _part_added(self) -> None:
        if self.model is not None:
            self.model.add_part()

    @Slot(object)
    def _reason(self, reason: object) -> None:
        if self.model is not None:
            self.model.nothing(reason)  # type: ignore[arg-type]

    @Slot()
    def _ask_reason(self) -> None:
        if self.model is not None:
            self.model.ask_reason()

    @Slot()
    def _stay(self) -> None:
        if self.model is not None:
            self.model.stay()

    @Slot()
    def _cancel(self) -> None:
        if self.model is not None:
            self.model.cancel_card()

    @Slot()
    def _ask_other(self) -> None:
        if self.model is not None:
            self.model.ask_other()

    @Slot()
    def _take_other(self) -> None:
        if self.model is not None:
            self.model.take_other()

    @Slot()
    def _release(self) -> None:
        if self.model is not None:
            self.model.release_partial()

    @Slot()
    def _leave(self) -> None:
        self._end()
        self.leftInDoubt.emit()
