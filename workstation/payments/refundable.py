"""What of a payment was given back already, or is on its way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from workstation.kernel.unit_of_work import Store
from workstation.payments.attempt_model import LIVE, State
from workstation.payments.model import ATTEMPT_TABLE, Payment, PaymentLine, lines_from_json


def refunded_lines(store: Store, payment: Payment) -> list[tuple[PaymentLine, ...]]:
    """Lines of every refund of the payment: those that happened and those still being asked for."""
    found = [lines_from_json(row["lines"]) for row in store.find("payment", refunds=payment.id)]
    for row in _asked_for(store, payment):
        found.append(lines_from_json(json.loads(row["sale"])["lines"]))
    return found


def refund_under_way(store: Store, payment: Payment) -> str | None:
    """The attempt by which the processor is giving money back now, if there is one."""
    return next((str(row["id"]) for row in _asked_for(store, payment)), None)


def _asked_for(store: Store, payment: Payment) -> Iterator[dict[str, Any]]:
    if not payment.tender.needs_terminal:
        return
    posted = {row["attempt_id"] for row in store.find("payment", refunds=payment.id)}
    # A payment carried over from another person has no attempt of its own to be parent.
    for row in store.find(ATTEMPT_TABLE, parent_id=payment.attempt_id):
        own = payment.attempt_id is not None or json.loads(row["sale"]).get("refunds") == payment.id
        if own and State(row["state"]) in LIVE and row["id"] not in posted:
            yield row
