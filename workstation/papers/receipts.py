"""Receipts of payments in the store: made again at any time, counted when they are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.facility.model import Desk
from workstation.kernel.errors import Refused
from workstation.kernel.phrases import language_of
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.printing import Printing, ready_queue
from workstation.papers.receipt import receipt_of, receipt_pdf
from workstation.visits.rules import forbid_money_while_locked

if TYPE_CHECKING:
    from workstation.payments.use_cases import Payments


class Receipts:
    """Makes receipt papers from payment rows."""

    def __init__(self, store: StoreGateway, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    def pdf(
        self, payment_id: str, copy: int | None = None, *, language: str | None = None
    ) -> bytes:
        """The receipt in the patient's language, or as they wish now (``en``, ``es``); without
        ``copy`` as the next one would print.

        From copy 2 on it says DUPLICATE. Raises Refused ``not_found``, and ``emtala_locked``
        while nothing of money may be on any paper.
        """
        reader = self._store.read()
        row = reader.get("payment", payment_id)
        if row is None:
            raise Refused("not_found", "This payment is not on this desk.", "Look it up again.")
        forbid_money_while_locked(reader, row["person_id"], row["visit_id"])
        person = reader.get("person", row["person_id"]) or {}
        language = language or language_of(person.get("language"))
        number = copy if copy is not None else self.printed(payment_id) + 1
        cashier = (reader.get("local_user", row["actor"]) or {}).get("name") or ""
        receipt = receipt_of(reader, payment_id, self._desk.facility, cashier, copy=number)
        return receipt_pdf(receipt, language=language).pdf

    def language(self, payment_id: str) -> str:
        """The patient's language as receipts have it, ``en`` or ``es``."""
        reader = self._store.read()
        row = reader.get("payment", payment_id) or {}
        person = reader.get("person", row.get("person_id") or "") or {}
        return language_of(person.get("language"))

    def number(self, payment_id: str) -> str:
        """The receipt number, which is also the neutral title of its print job."""
        row = self._store.read().get("payment", payment_id)
        if row is None:
            raise Refused("not_found", "This payment is not on this desk.", "Look it up again.")
        return str(row["receipt_no"])

    def printed(self, payment_id: str) -> int:
        """How many copies were handed out so far."""
        return len(self._store.read().find("receipt_print", payment_id=payment_id))

    def print_copy(
        self,
        payment_id: str,
        payments: Payments,
        printing: Printing,
        *,
        language: str | None = None,
    ) -> int:
        """Counts the copy, then spools it; answers the number of the copy.

        A printer that is not there or takes nothing is told before anything is counted, so that
        the first paper in the patient's hand is the original. Raises as ``Printing.hand_over``.
        """
        ready_queue(printing)
        number = self.number(payment_id)
        copy = payments.receipt_handed_out(payment_id, "print")
        printing.hand_over(self.pdf(payment_id, copy, language=language), number)
        return copy
