"""What each visit of the day is expected to cost the patient, worked out behind the list.

A note of this desk for its own list, made again from the payers' answers at any time: not an
estimate that anybody was told, so it is neither replicated nor kept as a fact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from workstation.estimates.gates import may_ask
from workstation.estimates.prices import PriceList
from workstation.estimates.visit_money import VisitMoney, visit_money
from workstation.facility.model import Facility
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock
from workstation.kernel.errors import PorticoError
from workstation.kernel.unit_of_work import Store, StoreGateway

TABLE = "expected_today"
_NOT_KNOWN: Mapping[str, Any] = MappingProxyType({"cents": None, "why": "not_known"})
_OVER = frozenset({"done", "left", "cancelled"})


class ExpectedToday:
    """Keeps one row a visit; ``catch_up`` does what is missing or has new answers."""

    def __init__(
        self, store: StoreGateway, clock: Clock, facility: Facility, prices: PriceList
    ) -> None:
        self._store = store
        self._clock = clock
        self._facility = facility
        self._prices = prices

    def catch_up(self) -> frozenset[Kind]:
        """Works out every visit of today whose payers have answered since; what changed."""
        reader = self._store.read()
        today = self._facility.day(self._clock()).isoformat()
        fresh: dict[str, dict[str, Any]] = {}
        for visit in reader.find("visit", service_date=today):
            if visit["state"] in _OVER:
                continue
            stands_on = _stands_on(reader, visit)
            known = reader.get(TABLE, visit["id"])
            if known is None or known["stands_on"] != stands_on:
                fresh[visit["id"]] = {**self._expect(reader, visit), "stands_on": stands_on}
        if not fresh:
            return frozenset()
        with self._store.unit_of_work() as work:
            for visit_id, fields in fresh.items():
                work.put_local(TABLE, visit_id, fields)
            work.commit()
        return frozenset({Kind.ESTIMATE})

    def _expect(self, reader: Store, visit: dict[str, Any]) -> Mapping[str, Any]:
        try:
            money = visit_money(reader, visit, self._prices)
        except PorticoError:  # a code without a price: said in words, never guessed
            return _NOT_KNOWN
        return _told(money)


def _told(money: VisitMoney) -> Mapping[str, Any]:
    if not may_ask(money.gates):
        forbidding = {gate.code for gate in money.gates if gate.forbids}
        if forbidding <= {"qmb", "payer_order_open"}:  # behind whomever, a QMB owes nothing
            return _exactly(0) if "qmb" in forbidding else _NOT_KNOWN
        return {"cents": None, "why": "after_visit"}
    if money.known and money.estimate is not None:
        return _exactly(money.estimate.patient_total)
    return _NOT_KNOWN


def _exactly(cents: int | None) -> dict[str, Any]:
    return {"cents": cents, "why": ""}


def _stands_on(reader: Store, visit: dict[str, Any]) -> str:
    """A digest of what the amount depends on: the visit, its coverages, the answers."""
    person_id = visit["person_id"]
    parts = [
        [visit["rev"], visit["lock"]],
        [[row["id"], row["rev"]] for row in reader.find("coverage", person_id=person_id)],
        [
            row["id"]
            for row in reader.find("eligibility_check", person_id=person_id)
            if row["state"] == "answered"
        ],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
