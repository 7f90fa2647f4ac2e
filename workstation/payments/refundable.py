"""What of a payment was given back already, or is on its way back."""

from __future__ import annotations

import json

from workstation.kernel.unit_of_work import Store
from workstation.payments.attempt_model import LIVE, State
from workstation.payments.model import ATTEMPT_TABLE, Payment, PaymentLine, lines_from_json


def refunded_lines(store: Store, payment: Payment) -> list[tuple[PaymentLine, ...]]:
    """Lines of every refund of the payment: those that happened and those still being asked for."""
    found = [lines_from_json(row["lines"]) for row in store.find("payment", refunds=payment.id)]
    posted = {row["attempt_id"] for row in store.find("payment", refunds=payment.id)}
    if payment.tender.needs_terminal:
        # A payment carried over from another person has no attempt of its own to be parent.
        for row in store.find(ATTEMPT_TABLE, parent_id=payment.attempt_id):
            sale = json.loads(row["sale"])
            own = payment.attempt_id is not None or sale.get("refunds") == payment.id
            if own and State(row["state"]) in LIVE and row["id"] not in posted:
                found.append(lines_from_json(sale["lines"]))
    return found
