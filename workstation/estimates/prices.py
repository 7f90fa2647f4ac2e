"""The hospital's price list and its contracts, with the dates in which they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from workstation.estimates.case import Contract


@dataclass(frozen=True, slots=True)
class PricedService:
    """One service of the price list. ``charge`` is in cents."""

    code: str
    labels: Mapping[str, str]
    charge: int
    service_types: tuple[str, ...]
    """Service type codes in which a payer may speak of it, the nearest first."""
    setting: str

    def label(self, language: str = "en") -> str:
        """Its name for a patient."""
        return self.labels.get(language) or self.labels.get("en") or self.code


@dataclass(frozen=True, slots=True)
class PriceList:
    """Services and contracts of one edition."""

    edition: str
    effective_from: str
    effective_to: str | None
    services: Mapping[str, PricedService]
    contracts: Mapping[tuple[str, str | None], Contract]
    discount_bp: int
    prompt_pay_bp: int

    def holds_on(self, day: date) -> bool:
        """Whether the edition is in force on a day of service."""
        return self.effective_from <= day.isoformat() <= (self.effective_to or "9999")

    def contract(self, payer_id: str | None, code: str) -> Contract | None:
        """What was agreed with a payer for a service, else for all of its services."""
        if payer_id is None:
            return None
        return self.contracts.get((payer_id, code)) or self.contracts.get((payer_id, None))


def demo_prices() -> PriceList:
    """The invented hospital's price list."""
    return read_prices(resources.files("resources").joinpath("rules/demo_prices.json"))


def read_prices(source: Traversable) -> PriceList:
    """Reads a price list in the form of ``resources/rules/demo_prices.json``."""
    data: dict[str, Any] = json.loads(source.read_text("utf-8"))
    services = {
        row["code"]: PricedService(
            row["code"], row["label"], row["charge"], tuple(row["service_types"]), row["setting"]
        )
        for row in data["services"]
    }
    contracts = {
        (row["payer_id"], row.get("code")): Contract(
            row["method"], row.get("amount"), row.get("bp"), bool(row.get("lesser_of"))
        )
        for row in data["contracts"]
    }
    self_pay = data.get("selfpay") or {}
    return PriceList(
        edition=data["edition"],
        effective_from=data["effective_from"],
        effective_to=data.get("effective_to"),
        services=services,
        contracts=contracts,
        discount_bp=self_pay.get("discount_bp", 0),
        prompt_pay_bp=self_pay.get("prompt_pay_bp", 0),
    )
