"""What may not be taken for a visit, whoever asks: the gates of the estimate, in the use case."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.estimates.gates import Gate
from workstation.estimates.visit_money import visit_gates
from workstation.kernel.errors import Refused
from workstation.kernel.unit_of_work import Store
from workstation.payments.model import LineKind, PaymentLine

_COST_SHARE = frozenset(
    {LineKind.COPAY, LineKind.COINSURANCE, LineKind.DEDUCTIBLE, LineKind.DEPOSIT}
)
"""What a Qualified Medicare Beneficiary must not be asked for; what no plan covers may be."""


def forbid_gated(store: Store, lines: Iterable[PaymentLine]) -> None:
    """Raises Refused with the gate's code where a line may not be taken for its visit.

    An earlier balance is billing's to ask for, and no gate of today's visit speaks of it.
    """
    asked: dict[str, set[LineKind]] = {}
    for line in lines:
        if line.visit_id is not None and line.kind is not LineKind.BALANCE:
            asked.setdefault(line.visit_id, set()).add(line.kind)
    for visit_id, kinds in asked.items():
        visit = store.get("visit", visit_id)
        gates = visit_gates(store, visit) if visit is not None else ()
        gate = next((gate for gate in gates if gate.forbids and _bars(gate, kinds)), None)
        if gate is not None:
            raise Refused(gate.code, gate.say, "Take nothing for this visit, and say so.")


def _bars(gate: Gate, kinds: set[LineKind]) -> bool:
    return gate.code != "qmb" or bool(kinds & _COST_SHARE)
