"""The payment dialog as a state and what can be asked of it: plain Python, no window.

Money is taken at most once whatever is pressed: a sale that was sent leaves ``READY`` at once,
and the same sale sent again carries the same key until it is known to have come to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ui.payments.pay_state import PayState, Phase, Till, Told
from ui.payments.sale import PartText, Sale, SaleText, chosen_total, read_sale, takes_rest
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import PorticoError
from workstation.kernel.ids import new_id
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase
from workstation.payments.attempt_model import State
from workstation.payments.card_payments import CardStatus
from workstation.payments.due import DueLine, VisitDue
from workstation.payments.model import NothingReason, PaymentLine, Tender
from workstation.payments.rules import split_lines
from workstation.payments.use_cases import Taken, TenderPart


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to send: a card alone, or everything that goes into the drawer."""

    parts: tuple[TenderPart, ...]
    lines: tuple[PaymentLine, ...]
    split: str | None
    key: str


class PayViewModel:
    """Holds the state; every change is a method, every outcome comes back as one."""

    def __init__(
        self,
        due: VisitDue,
        till: Till,
        *,
        can_card: bool,
        may_override: bool = False,
        resume: str | None = None,
    ) -> None:
        self._till = till
        self._listeners: list[Callable[[PayState], None]] = []
        self._queue: list[_Step] = []
        self._sent: tuple[Sale, list[_Step]] | None = None
        self._attempt = ""
        self._declined: tuple[tuple[PaymentLine, ...], str] | None = None
        ticked = frozenset(line.key for line in due.lines if line.today)
        text = SaleText(due.lines, ticked, {}, "", "card" if can_card else "cash")
        self.state = PayState(due, _follow(text), can_card, may_override)
        if resume is not None:
            self.state = replace(self.state, phase=Phase.CARD)
            self._attempt = resume

    def begin(self) -> None:
        """Where a card payment of before is still open, it is watched again."""
        if self._attempt:
            self._till.watch(self._attempt)

    def listen(self, listener: Callable[[PayState], None]) -> None:
        """Is called with every new state."""
        self._listeners.append(listener)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        for listener in self._listeners:
            listener(self.state)

    def _edit(self, text: SaleText) -> None:
        if self.state.may_edit:
            self._set(text=text, problems={}, told=None)

    # What a person types and ticks

    def tick(self, key: str, on: bool) -> None:
        """A line is to be paid now, or not; the big figure follows."""
        text = self.state.text
        ticked = text.ticked | {key} if on else text.ticked - {key}
        self._edit(_follow(replace(text, ticked=ticked)))

    def type_line(self, key: str, typed: str) -> None:
        """The amount of a line that only the patient's bill tells."""
        text = self.state.text
        ticked = text.ticked | {key} if typed.strip() else text.ticked
        self._edit(_follow(replace(text, ticked=ticked, typed={**text.typed, key: typed})))

    def type_amount(self, typed: str) -> None:
        """The one big figure."""
        self._edit(replace(self.state.text, amount=typed))

    def type_tendered(self, typed: str) -> None:
        """Cash handed over."""
        self._edit(replace(self.state.text, tendered=typed))

    def type_reference(self, typed: str) -> None:
        """The number of a check."""
        self._edit(replace(self.state.text, reference=typed))

    def choose(self, tender: str) -> None:
        """Card, cash, check, HSA or split; without a terminal no card."""
        text = self.state.text
        if not self.state.may_edit or (tender in ("card", "hsa") and not self.state.can_card):
            return
        parts = text.parts
        if tender == "split" and not parts:
            first = Tender.CARD if self.state.can_card else Tender.CHECK
            parts = (PartText(first), PartText(Tender.CASH))
        self._edit(replace(text, tender=tender, parts=parts))
        focus = {"cash": "tendered", "check": "reference", "split": "parts.0"}
        self._ask(focus.get(tender, "amount"))

    def set_part(self, index: int, **changes: object) -> None:
        """A row of a split: ``tender``, ``amount``, ``tendered`` or ``reference``."""
        parts = list(self.state.text.parts)
        parts[index] = replace(parts[index], **changes)  # type: ignore[arg-type]
        self._edit(replace(self.state.text, parts=tuple(parts)))

    def add_part(self) -> None:
        """One more tender, up to four."""
        parts = self.state.text.parts
        if len(parts) < 4:
            self._edit(replace(self.state.text, parts=(*parts, PartText(Tender.CASH))))
            self._ask(f"parts.{len(parts)}")

    def _ask(self, focus: str) -> None:
        self._set(focus=focus, asked=self.state.asked + 1)

    # Taking

    def take(self) -> None:
        """Enter. Nothing happens while anything is under way."""
        if self.state.phase is not Phase.READY or self.state.choosing_reason:
            return
        sale = read_sale(self.state.text)
        if sale.problems:
            self._set(problems=sale.problems)
            self._ask(next(iter(sale.problems)))
            return
        if self._sent is None or self._sent[0] != sale:
            self._sent = (sale, _steps(sale, self._split_id(sale)))
        self._queue = list(self._sent[1])
        self._next()

    def _split_id(self, sale: Sale) -> str | None:
        return new_id() if len(sale.parts) > 1 else None

    def _next(self) -> None:
        if not self._queue:
            self._set(phase=Phase.DONE, told=None)
            return
        step = self._queue[0]
        part = step.parts[0]
        if not part.tender.needs_terminal:
            self._set(phase=Phase.POSTING, card=None, problems={}, told=None)
            self._till.take(step.parts, step.lines, step.split, step.key)
            return
        again = self._declined
        payment_id = again[1] if again is not None and again[0] == step.lines else None
        self._attempt = ""
        self._set(phase=Phase.CARD, card=None, problems={}, told=None)
        self._till.start_card(part, step.lines, step.split, step.key, payment_id)

    def was_taken(self, taken: Taken) -> None:
        """The drawer's part is written."""
        if self.state.phase is not Phase.POSTING:
            return
        step = self._queue.pop(0)
        self._got(sum(part.amount for part in step.parts), taken.payment_ids)
        self._set(change=self.state.change + taken.change)
        self._next()

    def _got(self, cents: int, ids: tuple[str, ...]) -> None:
        self.state = replace(
            self.state,
            taken=self.state.taken + cents,
            payment_ids=(*self.state.payment_ids, *ids),
        )

    def refused(self, error: PorticoError) -> None:
        """Nothing of this step was done; what was typed stays."""
        if self.state.phase in (Phase.POSTING, Phase.CARD) and not self._attempt:
            told = Told("stop", error.say, error.do)
            self._back_to_ready(told)
            if error.field:
                self._ask(error.field)
        else:
            self._set(told=Told("stop", error.say, error.do))

    # The terminal

    def card_started(self, attempt_id: str) -> None:
        """The attempt is on disk; the terminal is being told."""
        if self.state.phase is Phase.CARD and not self._attempt:
            self._attempt = attempt_id
            self._till.watch(attempt_id)

    def card_is(self, status: CardStatus) -> None:
        """How it stands; late news of another attempt means nothing."""
        if status.attempt_id != self._attempt or self.state.phase not in (
            Phase.CARD,
            Phase.PARTIAL,
        ):
            return
        if status.state is State.APPROVED:
            self._approved(status)
        elif status.final:
            self._came_to_nothing(status)
        elif status.state is State.PARTIAL:
            self._set(phase=Phase.PARTIAL, card=status, asking_leave=False)
        elif status != self.state.card:
            self._set(card=status)

    def _approved(self, status: CardStatus) -> None:
        self._attempt = ""
        self._got(status.got, (status.payment_id,))
        self._set(card=status, asking_leave=False, asking_other=False)
        if not self._queue:  # taken up again after a crash: that payment was the whole of it
            self._set(phase=Phase.DONE)
            return
        step = self._queue[0]
        if status.got < status.asked:
            short = split_lines(step.lines, [status.got, status.asked - status.got])[1]
            words = phrase(
                "{got} was taken. {rest} is left.",
                got=dollars(status.got),
                rest=dollars(_sum(short)),
            )
            self._only_rest((*short, *self._lines_after()), Told("info", words))
            return
        self._queue.pop(0)
        self._next()

    def _lines_after(self) -> tuple[PaymentLine, ...]:
        return tuple(line for step in self._queue[1:] for line in step.lines)

    def _came_to_nothing(self, status: CardStatus) -> None:
        step = self._queue[0] if self._queue else None
        self._attempt = ""
        self._declined = (step.lines, status.payment_id) if step is not None else None
        declined = status.state is State.DECLINED
        do = "Try again, or choose another tender." if declined else "You may start again."
        self._back_to_ready(Told("warn" if declined else "info", status.words, do), status)

    def _back_to_ready(self, told: Told, status: CardStatus | None = None) -> None:
        """A sale of which a part is taken goes on with the rest of it only."""
        self._attempt = ""
        if status is not None:
            self._sent = None
        if self.state.payment_ids and self._queue:
            lines = tuple(line for step in self._queue for line in step.lines)
            self._only_rest(lines, told)
            return
        asking = {"asking_leave": False, "asking_other": False}
        self._set(phase=Phase.READY, card=status, told=told, **asking)
        self._ask("amount")

    def _only_rest(self, lines: tuple[PaymentLine, ...], told: Told) -> None:
        self._sent, self._queue, self._attempt = None, [], ""
        day = self.state.due.service_date
        rest = tuple(
            DueLine(f"rest:{n}", line.kind, line.visit_id or "", day, "", line.amount)
            for n, line in enumerate(lines)
        )
        text = SaleText(rest, frozenset(line.key for line in rest), {}, "", "cash")
        self._set(
            text=_follow(text),
            phase=Phase.READY,
            told=told,
            rest_only=True,
            asking_leave=False,
            asking_other=False,
        )
        self._ask("tendered")

    def cancel_card(self) -> None:
        """The cashier or the patient gives up; the card may still have been faster."""
        if self.state.phase is Phase.CARD and self._attempt:
            self._set(asking_leave=False)
            self._till.cancel(self._attempt)

    def ask_other(self) -> None:
        """Another tender beside a card payment in doubt: first the words that it needs."""
        if self.state.may_take_other:
            self._set(asking_other=True, asking_leave=False)

    def take_other(self) -> None:
        """The supervisor has read them. The processor may still be quicker."""
        if self.state.asking_other and self.state.may_take_other:
            self._till.other_tender(self._attempt)

    def other_allowed(self) -> None:
        """It is written that the card is given its money back, should it have been charged."""
        self._declined = None
        do = "Take cash, a check or another card. Give the patient the slip about it."
        words = "The card payment is being verified; if it was taken, it is given back."
        told = Told("warn", words, do)
        self._back_to_ready(told, self.state.card)
        self.choose("cash")
        self._set(told=told)

    def keep_partial(self) -> None:
        """What was approved stays; the rest by another tender."""
        if self.state.phase is Phase.PARTIAL:
            self._till.keep(self._attempt)

    def release_partial(self) -> None:
        """What was approved is given back."""
        if self.state.phase is Phase.PARTIAL:
            attempt, self._attempt = self._attempt, ""
            self._till.release(attempt)

    def released(self) -> None:
        """The giving back was asked for."""
        got = self.state.card.got if self.state.card else 0
        self._sent = self._declined = None
        words = phrase("{amount} is being given back to the card.", amount=dollars(got))
        self._back_to_ready(Told("info", words))

    def elapsed(self, now: datetime) -> int:
        """Seconds since this card payment was started."""
        card = self.state.card
        if card is None or card.since is None:
            return 0
        return max(0, int((now - from_iso(card.since)).total_seconds()))

    # Leaving

    def may_leave(self) -> bool:
        """Esc. False where something must be answered first; then the state asks it."""
        state = self.state
        if state.asking_other:
            self.stay()
            return False
        if state.choosing_reason and state.phase is Phase.READY:
            self._set(choosing_reason=False)
            return False
        if state.phase is Phase.CARD and state.card is not None and state.card.may_leave:
            return True
        if state.phase is Phase.CARD:
            self._set(asking_leave=True)
            return False
        if state.phase is Phase.READY and state.payment_ids:
            self._set(phase=Phase.DONE)
            return False
        return state.phase is Phase.READY

    def stay(self) -> None:
        """The question whether to leave is answered with no."""
        self._set(asking_leave=False, asking_other=False)

    def ask_reason(self) -> None:
        """*Nothing today…*"""
        if self.state.phase is Phase.READY and not self.state.payment_ids:
            self._set(choosing_reason=True, told=None)

    def nothing(self, reason: NothingReason) -> None:
        """Why nothing is taken."""
        if self.state.phase is Phase.READY and self.state.choosing_reason:
            self._set(phase=Phase.POSTING)
            self._till.nothing(reason.value)

    def nothing_recorded(self, reason: str) -> None:
        """It is written."""
        if self.state.phase is Phase.POSTING:
            self._set(phase=Phase.DONE, reason=reason)


def _sum(lines: tuple[PaymentLine, ...]) -> int:
    return sum(line.amount for line in lines)


def _follow(text: SaleText) -> SaleText:
    """The big figure is what is ticked, until a person types another."""
    total = chosen_total(text)
    return replace(text, amount=dollars(total) if total else "")


def _steps(sale: Sale, split: str | None) -> list[_Step]:
    """Cards first, one by one: the drawer is counted only when they are through."""
    cards = [part for part in sale.parts if part.tender.needs_terminal]
    drawer = [part for part in sale.parts if not part.tender.needs_terminal]
    dealt = split_lines(sale.lines, [part.amount for part in (*cards, *drawer)])
    steps = [
        _Step((part,), lines, split, new_id()) for part, lines in zip(cards, dealt, strict=False)
    ]
    if drawer:
        rest = tuple(line for lines in dealt[len(cards) :] for line in lines)
        steps.append(_Step(tuple(drawer), rest, split, new_id()))
    return steps


def offers_amount(due: VisitDue) -> bool:
    """Whether a line stands whose amount only the patient's offer settles."""
    return any(takes_rest(line) for line in due.lines)
