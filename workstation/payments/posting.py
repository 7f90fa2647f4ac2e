"""Turns money that moved into the one command that records it: payment, entry, receipt number.

Called only inside a unit of work, so that result, ledger entry, receipt number and outbox row are
one transaction (there is no "approved but not posted").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workstation.access.author import Author
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, UnitOfWork
from workstation.payments.attempt_model import Attempt
from workstation.payments.card_facts import CardFacts
from workstation.payments.ledger import (
    Account,
    Entry,
    EntryKind,
    Line,
    payment_entry,
    refund_confirmed_entry,
    reversal,
)
from workstation.payments.model import Payment, PaymentLine, Tender, lines_from_json
from workstation.payments.receipt_number import receipt_number
from workstation.payments.rules import business_day, split_lines


@dataclass(frozen=True, slots=True)
class Posting:
    """Records for one desk."""

    desk: Desk
    clock: Clock

    def day(self, moment: datetime) -> str:
        """The business day of a moment."""
        return business_day(moment, self.desk.facility.zone)

    def next_receipt(self, work: UnitOfWork) -> str:
        """Takes the next receipt number; given back if the transaction is."""
        return receipt_number(self.desk.receipt_code, work.next_number("receipt"))

    def stamp(self, payment: Payment, work: UnitOfWork) -> Payment:
        """The payment with its receipt number, desk, moment and business day."""
        now = self.clock()
        return replace(
            payment,
            receipt_no=self.next_receipt(work),
            workstation=self.desk.name,
            taken_at=iso(now),
            day=self.day(now),
        )

    def record(
        self,
        work: UnitOfWork,
        type_: str,
        payments: tuple[tuple[Payment, Entry], ...],
        *,
        key: str | None = None,
        answer: Mapping[str, Any] | None = None,
        reason: str | None = None,
        more: tuple[Change, ...] = (),
    ) -> None:
        """One command for all payments of a sale, or for a refund, with their ledger entries."""
        command_id = new_id()
        changes: list[Change] = []
        for payment, entry in payments:
            changes.append(Insert("payment", payment.id, payment.fields()))
            changes += self.entry_changes(
                entry,
                command_id,
                person_id=payment.person_id,
                payment_id=payment.id,
                attempt_id=payment.attempt_id,
                receipt_no=payment.receipt_no,
            )
        first = payments[0][0]
        self.command(
            work,
            type_,
            (*changes, *more),
            actor=first.actor,
            subject=first.person_id,
            key=key,
            answer=answer,
            reason=reason,
            command_id=command_id,
        )

    def command(
        self,
        work: UnitOfWork,
        type_: str,
        changes: tuple[Change, ...],
        *,
        actor: str,
        subject: str,
        key: str | None = None,
        answer: Mapping[str, Any] | None = None,
        reason: str | None = None,
        command_id: str | None = None,
    ) -> None:
        """Records a command of this desk."""
        author = Author(actor, self.desk, self.clock)
        work.record(
            author.command(
                type_, subject, changes, reason=reason, key=key, answer=answer, id=command_id
            )
        )

    def entry_changes(
        self,
        entry: Entry,
        command_id: str,
        *,
        person_id: str,
        payment_id: str,
        attempt_id: str | None = None,
        receipt_no: str | None = None,
    ) -> list[Change]:
        """A ledger entry and its lines as facts."""
        now = self.clock()
        changes: list[Change] = [
            Insert(
                "ledger_entry",
                entry.id,
                {
                    "person_id": person_id,
                    "payment_id": payment_id,
                    "attempt_id": attempt_id,
                    "receipt_no": receipt_no,
                    "kind": entry.kind.value,
                    "day": self.day(now),
                    "posted_at": iso(now),
                    "command_id": command_id,
                    "reverses": entry.reverses,
                    "workstation": self.desk.name,
                },
            )
        ]
        for n, line in enumerate(entry.lines, 1):
            fields = {
                "entry_id": entry.id,
                "n": n,
                "account": line.account.value,
                "party": line.party,
                "visit_id": line.visit,
                "cents": line.cents,
            }
            changes.append(Insert("ledger_line", new_id(), fields))
        return changes

    def approved(
        self,
        work: UnitOfWork,
        attempt: Attempt,
        cents: int,
        facts: CardFacts,
        more: tuple[Change, ...] = (),
    ) -> None:
        """Posts what a processor took or gave back for an attempt; ``more`` rides along."""
        sale = json.loads(attempt.sale)
        lines = lines_from_json(sale["lines"])
        if cents < attempt.asked_cents:
            lines = split_lines(lines, [cents, attempt.asked_cents - cents])[0]
        sign = 1 if attempt.is_charge else -1
        payment = self.stamp(_from_attempt(attempt, sale, lines, sign * cents, facts), work)
        if attempt.is_charge:
            entry = payment_entry(
                new_id(),
                lines,
                payment.tender,
                person=payment.person_id,
                drawer=payment.drawer,
                processor=attempt.driver,
            )
        else:
            entry = refund_confirmed_entry(
                new_id(), cents, person=payment.person_id, processor=attempt.driver
            )
        self.record(
            work,
            "record_payment" if attempt.is_charge else "refund_payment",
            ((payment, entry),),
            reason=payment.reason,
            more=more,
        )

    def refund_failed(self, work: UnitOfWork, attempt: Attempt) -> None:
        """A refund that was asked for will not happen: the entry of the asking is mirrored."""
        sale = json.loads(attempt.sale)
        asked = entry_of(work, sale["asked_entry"])
        command_id = new_id()
        changes = self.entry_changes(
            reversal(new_id(), asked),
            command_id,
            person_id=sale["person_id"],
            payment_id=sale["refunds"],
            attempt_id=attempt.id,
        )
        self.command(
            work,
            "refund_not_made",
            tuple(changes),
            actor=attempt.actor,
            subject=sale["person_id"],
            command_id=command_id,
        )


def entry_of(store: Store, entry_id: str) -> Entry:
    """A ledger entry read back from its rows."""
    row = store.get("ledger_entry", entry_id)
    if row is None:
        raise LookupError("the ledger has no such entry")
    found = store.find("ledger_line", entry_id=entry_id)
    lines = tuple(
        Line(Account(line["account"]), line["cents"], line["party"], line["visit_id"])
        for line in sorted(found, key=lambda line: int(line["n"]))
    )
    return Entry(entry_id, EntryKind(row["kind"]), lines, row["reverses"])


def _from_attempt(
    attempt: Attempt,
    sale: Mapping[str, Any],
    lines: tuple[PaymentLine, ...],
    amount: int,
    facts: CardFacts,
) -> Payment:
    known = facts.as_json()
    if attempt.ext_payment_id and attempt.is_charge:
        known.setdefault("processor_payment", attempt.ext_payment_id)
    return Payment(
        id=attempt.payment_id,
        person_id=sale["person_id"],
        visit_id=sale["visit_id"],
        lines=lines,
        tender=Tender(attempt.tender),
        amount=amount,
        receipt_no="",
        actor=attempt.actor,
        drawer=attempt.drawer_session or "",
        workstation="",
        taken_at="",
        day="",
        refunds=sale.get("refunds"),
        split_id=sale.get("split_id"),
        attempt_id=attempt.id,
        card=known or None,
        reason=sale.get("reason"),
        payer_name=sale.get("payer_name"),
    )
