"""What the payment dialog shows as one state, and what it asks of the till. No window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from ui.payments.sale import SaleText, chosen_total, read_sale
from workstation.payments.attempt_model import State
from workstation.payments.card_payments import CardStatus
from workstation.payments.due import VisitDue
from workstation.payments.model import PaymentLine
from workstation.payments.use_cases import TenderPart

_IN_DOUBT = frozenset({State.UNKNOWN, State.CANCELLING, State.MANUAL})


class Phase(StrEnum):
    """Where the dialog stands."""

    READY = "ready"
    POSTING = "posting"
    CARD = "card"
    PARTIAL = "partial"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Told:
    """A message: level (stop warn info ok), what happened, what to do."""

    level: str
    words: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class PayState:
    """Everything the dialog shows. ``asked`` counts the times the focus moves to ``focus``."""

    due: VisitDue
    text: SaleText
    can_card: bool
    may_override: bool = False
    """Whether this person may take another tender beside a card payment in doubt."""
    phase: Phase = Phase.READY
    card: CardStatus | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    told: Told | None = None
    asking_leave: bool = False
    asking_other: bool = False
    """Whether to take another tender beside a card payment in doubt is being asked."""
    choosing_reason: bool = False
    rest_only: bool = False
    """Part of the sale is taken already; only what is left of it can be."""
    taken: int = 0
    payment_ids: tuple[str, ...] = ()
    change: int = 0
    reason: str = ""
    focus: str = ""
    asked: int = 0

    @property
    def amount(self) -> int | None:
        """What the one big figure says, None while it cannot be read."""
        sale = read_sale(replace(self.text, tender="card"))
        return sale.total or None

    @property
    def chosen(self) -> int:
        """What is ticked."""
        return chosen_total(self.text)

    @property
    def may_edit(self) -> bool:
        """Whether amounts and tenders may change now."""
        return self.phase is Phase.READY

    @property
    def in_doubt(self) -> bool:
        """Whether the terminal's answer is not known."""
        return self.card is not None and self.card.state in _IN_DOUBT

    @property
    def may_take_other(self) -> bool:
        """Whether another tender may be taken although the terminal's answer is not known."""
        unknown = self.card is not None and self.card.state in (State.UNKNOWN, State.MANUAL)
        return self.may_override and unknown and self.phase is Phase.CARD


class Till(Protocol):
    """Does what was decided, somewhere else; the outcome comes back by the view model's methods."""

    def take(
        self,
        parts: tuple[TenderPart, ...],
        lines: tuple[PaymentLine, ...],
        split: str | None,
        key: str,
    ) -> None:
        """Then ``was_taken`` or ``refused``."""

    def start_card(
        self,
        part: TenderPart,
        lines: tuple[PaymentLine, ...],
        split: str | None,
        key: str,
        payment_id: str | None,
    ) -> None:
        """Then ``card_started`` or ``refused``."""

    def watch(self, attempt_id: str) -> None:
        """From now on ``card_is`` is told until the attempt is over."""

    def cancel(self, attempt_id: str) -> None: ...

    def keep(self, attempt_id: str) -> None: ...

    def release(self, attempt_id: str) -> None: ...

    def other_tender(self, attempt_id: str) -> None:
        """Then ``other_allowed`` or ``refused``."""

    def nothing(self, reason: str) -> None:
        """Then ``nothing_recorded`` or ``refused``."""
