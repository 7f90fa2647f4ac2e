"""Carrying the payments of a visit to another person: compensating facts, nothing is rewritten.

The payment that was taken stays as it is. A second fact takes back what is left of it (it names
the first, so nothing of it can be refunded twice), a third gives the same to the right person;
their ledger entries meet in the same drawer or processor and sum to zero there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from workstation.kernel.commands import Change, Insert
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, UnitOfWork
from workstation.payments.attempt_model import LIVE
from workstation.payments.ledger import Account, Entry, EntryKind, payment_entry, reversal
from workstation.payments.model import (
    ATTEMPT_TABLE,
    Payment,
    PaymentLine,
    payment_from_row,
)
from workstation.payments.posting import Posting, entry_of
from workstation.payments.refundable import refunded_lines
from workstation.payments.rules import refund_lines

_OF_DESK = frozenset(
    {
        EntryKind.PAYMENT,
        EntryKind.REFUND,
        EntryKind.REFUND_ASKED,
        EntryKind.REFUND_CONFIRMED,
        EntryKind.REVERSAL,
    }
)
"""Entries that a desk made; what billing did with the money afterwards is billing's to move."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment of a visit with what is left of it after refunds. Cents."""

    payment: Payment
    lines: tuple[PaymentLine, ...]
    entry: Entry
    """The ledger entry of the payment itself."""

    @property
    def amount(self) -> int:
        """Cents that are left."""
        return sum(line.amount for line in self.lines)

    @property
    def whole(self) -> bool:
        """Whether nothing of it was given back."""
        return self.amount == self.payment.amount


def standing_payments(store: Store, visit_id: str) -> tuple[Standing, ...]:
    """What stands paid at a visit, oldest first; payments that were given back whole left out."""
    found = []
    for row in store.find("payment", visit_id=visit_id):
        payment = payment_from_row(row)
        if payment.refunds is not None:
            continue
        gone = refunded_lines(store, payment)
        left = payment.amount - sum(line.amount for part in gone for line in part)
        if left > 0:
            lines = tuple(reversed(refund_lines(payment, gone, left)))
            found.append(Standing(payment, lines, _own_entry(store, payment)))
    return tuple(found)


def forbid_moving_money(store: Store, visit_id: str) -> None:
    """Raises Refused where a payment is under way, or billing has worked with the money since.

    Codes ``payment_under_way`` and ``money_moved_on``.
    """
    for state in LIVE:
        for row in store.find(ATTEMPT_TABLE, state=state.value):
            if json.loads(row["sale"]).get("visit_id") == visit_id:
                raise Refused(
                    "payment_under_way",
                    "A card payment of this visit is not over yet.",
                    "Finish or cancel it, then move the visit.",
                )
    for line in store.find("ledger_line", visit_id=visit_id):
        entry = store.get("ledger_entry", line["entry_id"])
        if entry is None or not _desk_made(store, entry, visit_id):
            raise Refused(
                "money_moved_on",
                "Money of this visit was worked on after it was taken: nothing was moved.",
                "Ask billing to move the account; they see every step of it.",
            )


def _desk_made(store: Store, entry: Mapping[str, object], visit_id: str) -> bool:
    payment = store.get("payment", str(entry["payment_id"]))
    own = payment is not None and payment["visit_id"] == visit_id
    return own and EntryKind(str(entry["kind"])) in _OF_DESK


def carried_changes(
    work: UnitOfWork,
    posting: Posting,
    visit_id: str,
    *,
    to_person: str,
    to_visit: str,
    actor: str,
    reason: str,
    command_id: str,
) -> tuple[list[Change], dict[str, str]]:
    """The facts that carry every payment of a visit, and old payment id to new.

    A line that paid for another visit of the wrong person becomes unapplied credit of the right
    one. Part of the caller's command: call :func:`forbid_moving_money` first.
    """
    changes: list[Change] = []
    became: dict[str, str] = {}
    splits: dict[str, str] = {}
    for standing in standing_payments(work, visit_id):
        old = standing.payment
        split = splits.setdefault(old.split_id, new_id()) if old.split_id else None
        back, back_entry = _taken_back(standing, actor, reason)
        given, given_entry = _given(standing, to_person, visit_id, to_visit)
        given = replace(given, split_id=split, actor=actor, reason=reason)
        became[old.id] = given.id
        for payment, entry in ((back, back_entry), (given, given_entry)):
            stamped = posting.stamp(payment, work)
            changes.append(Insert("payment", stamped.id, stamped.fields()))
            changes += posting.entry_changes(
                entry,
                command_id,
                person_id=stamped.person_id,
                payment_id=stamped.id,
                receipt_no=stamped.receipt_no,
            )
    return changes, became


def _taken_back(standing: Standing, actor: str, reason: str) -> tuple[Payment, Entry]:
    old = standing.payment
    fact = replace(
        old,
        id=new_id(),
        lines=standing.lines,
        amount=-standing.amount,
        actor=actor,
        refunds=old.id,
        split_id=None,
        attempt_id=None,
        tendered=None,
        rounding=-old.rounding if standing.whole else 0,
        reason=reason,
    )
    if standing.whole:
        return fact, reversal(new_id(), standing.entry)
    taken = payment_entry(
        new_id(),
        standing.lines,
        old.tender,
        person=old.person_id,
        drawer=old.drawer,
        processor=_processor(standing.entry),
    )
    mirrored = tuple(replace(line, cents=-line.cents) for line in taken.lines)
    return fact, Entry(taken.id, EntryKind.REFUND, mirrored)


def _given(
    standing: Standing, to_person: str, visit_id: str, to_visit: str
) -> tuple[Payment, Entry]:
    old = standing.payment
    lines = tuple(
        replace(line, visit_id=to_visit if line.visit_id == visit_id else None)
        for line in standing.lines
    )
    given = replace(
        old,
        id=new_id(),
        person_id=to_person,
        visit_id=to_visit,
        lines=lines,
        amount=standing.amount,
        attempt_id=None,
        tendered=None,
        rounding=old.rounding if standing.whole else 0,
    )
    entry = payment_entry(
        new_id(),
        lines,
        old.tender,
        person=to_person,
        drawer=old.drawer,
        processor=_processor(standing.entry),
        rounding=given.rounding,
    )
    return given, entry


def _processor(entry: Entry) -> str | None:
    """With whom the money of a card payment lies."""
    parties = (line.party for line in entry.lines if line.account is Account.CARD_CLEARING)
    return next(parties, None)


def _own_entry(store: Store, payment: Payment) -> Entry:
    entries = store.find("ledger_entry", payment_id=payment.id)
    own = next(row for row in entries if row["kind"] == EntryKind.PAYMENT)
    return entry_of(store, own["id"])
