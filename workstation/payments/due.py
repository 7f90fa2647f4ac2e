"""What may be asked at one visit's desk: gates first, then today's share, then what was paid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.estimates.answer import Estimate
from workstation.estimates.gates import Gate
from workstation.estimates.prices import PriceList
from workstation.estimates.visit_money import VisitMoney, visit_money
from workstation.kernel.unit_of_work import Store
from workstation.payments.attempt_book import attempt_from_row
from workstation.payments.attempt_model import AT_TERMINAL, LIVE, Attempt
from workstation.payments.history import (
    PastPayment,
    collected_for_visit,
    nothing_collected,
    payments_of_visit,
)
from workstation.payments.model import ATTEMPT_TABLE, LineKind

MOST_EARLIER = 3
"""Earlier visits that are offered; an older balance is billing's to ask for."""

_PARTS = (
    (LineKind.COPAY, "copay"),
    (LineKind.DEDUCTIBLE, "deductible"),
    (LineKind.COINSURANCE, "coinsurance"),
    (LineKind.NONCOVERED, "noncovered"),
    (LineKind.OTHER, "balance_bill"),
)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing that can be paid for. ``amount`` None: nobody here knows it, it is typed."""

    key: str
    kind: LineKind
    visit_id: str
    service_date: str
    service: str
    amount: int | None = None
    today: bool = True


@dataclass(frozen=True, slots=True)
class VisitDue:
    """Money at one visit. Where a gate forbids, everything but the gates is empty."""

    person_id: str
    visit_id: str
    service_date: str
    money: VisitMoney
    lines: tuple[DueLine, ...] = ()
    paid: int = 0
    """Cents that stand paid toward this visit, refunds taken off."""
    payments: tuple[PastPayment, ...] = ()
    nothing: str | None = None
    live: Attempt | None = None
    """A card payment of this visit that is not over, as after a crash."""
    verifying: tuple[Attempt, ...] = ()
    """Card payments in doubt beside which a supervisor let another tender be taken."""

    @property
    def forbidden(self) -> Gate | None:
        """The gate because of which nothing may be asked."""
        return next((gate for gate in self.money.gates if gate.forbids), None)

    @property
    def estimate(self) -> Estimate | None:
        """The estimate; its total may be told only where :attr:`known`."""
        return self.money.estimate

    @property
    def known(self) -> bool:
        """Whether today's share is known as an amount."""
        return self.money.known

    @property
    def self_pay(self) -> bool:
        """Whether the patient pays the whole price, without a plan."""
        built = self.money.built
        return bool(built and built.case and built.case.payers[0].kind == "selfpay")

    @property
    def suggested(self) -> int:
        """What is left of today's share, in cents; 0 where nothing is due or it is not known."""
        return sum(line.amount or 0 for line in self.lines if line.today)


def visit_due(
    store: Store,
    visit: Mapping[str, Any],
    prices: PriceList,
    *,
    chosen_copays: Mapping[str, int] | None = None,
) -> VisitDue:
    """Gathers what the desk may ask for a visit row, and what it has already taken."""
    money = visit_money(store, visit, prices, chosen_copays=chosen_copays)
    due = VisitDue(visit["person_id"], visit["id"], visit["service_date"], money)
    if any(gate.code == "emergency" for gate in money.gates):
        return due
    paid = max(0, collected_for_visit(store, visit["id"]))
    open_ones = open_charges(store, visit["id"])
    lines: tuple[DueLine, ...] = ()
    if due.forbidden is None:
        lines = (*_today(visit, due, paid), *_earlier(store, visit))
    return VisitDue(
        visit["person_id"],
        visit["id"],
        visit["service_date"],
        money,
        lines,
        paid,
        payments_of_visit(store, visit["id"]),
        nothing_collected(store, visit["id"]),
        next((one for one in open_ones if not one.refund_if_found), None),
        tuple(one for one in open_ones if one.refund_if_found),
    )


def share_of_today(found: Estimate, *, self_pay: bool) -> tuple[tuple[LineKind, int], ...]:
    """The total by what it pays for, in the order in which a part payment counts.

    What later payers take over is taken off from the last part upwards.
    """
    left = found.patient_total or 0
    if self_pay:
        return ((LineKind.SELF_PAY, left),) if left else ()
    parts = []
    for kind, name in _PARTS:
        used = min(getattr(found, name) or 0, left)
        if used:
            parts.append((kind, used))
            left -= used
    if left:
        parts.append((LineKind.OTHER, left))
    return tuple(parts)


def _today(visit: Mapping[str, Any], due: VisitDue, paid: int) -> tuple[DueLine, ...]:
    day, service = visit["service_date"], visit.get("reason") or visit.get("service") or ""
    if not due.known or due.estimate is None:
        return (DueLine("deposit", LineKind.DEPOSIT, visit["id"], day, service),)
    lines, left = [], paid
    for kind, amount in share_of_today(due.estimate, self_pay=due.self_pay):
        used = min(left, amount)
        left -= used
        if amount > used:
            lines.append(DueLine(kind.value, kind, visit["id"], day, service, amount - used))
    return tuple(lines)


def _earlier(store: Store, visit: Mapping[str, Any]) -> tuple[DueLine, ...]:
    """Earlier visits: what is still open there stands on billing's letter, not here."""
    rows = [
        row
        for row in store.find("visit", person_id=visit["person_id"])
        if row["id"] != visit["id"]
        and row["service_date"] < visit["service_date"]
        and row["state"] == "done"
    ]
    rows.sort(key=lambda row: row["service_date"], reverse=True)
    return tuple(
        DueLine(
            f"balance:{row['id']}",
            LineKind.BALANCE,
            row["id"],
            row["service_date"],
            "" if row.get("sensitive") else row.get("reason") or row.get("service") or "",
            today=False,
        )
        for row in rows[:MOST_EARLIER]
    )


def open_charges(store: Store, visit_id: str) -> list[Attempt]:
    """Card payments of a visit that are not over, those at the terminal before those in doubt."""
    found = []
    for state in sorted(LIVE):
        for row in store.find(ATTEMPT_TABLE, state=state.value):
            attempt = attempt_from_row(row)
            if attempt.is_charge and json.loads(attempt.sale).get("visit_id") == visit_id:
                found.append(attempt)
    return sorted(found, key=lambda one: one.state not in AT_TERMINAL)
