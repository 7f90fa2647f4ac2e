"""The estimate case: what payers, services and stay are known, read strictly from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase, phrase_of

UNKNOWN: Literal["unknown"] = "unknown"
Remaining = int | Literal["unknown"] | None
"""Cents that remain, None where no such limit applies, ``unknown`` where nobody said."""

PAYER_KINDS = (
    "commercial",
    "medicare_a",
    "medicare_b",
    "medicare_advantage",
    "medigap_g",
    "medicaid_qmb",
    "selfpay",
)
MEDICARE = frozenset({"medicare_a", "medicare_b", "medicare_advantage"})
METHODS = ("fee_schedule", "percent_of_charges", "per_diem", "case_rate")


@dataclass(frozen=True, slots=True)
class Payer:
    """One payer in paying order. Amounts in cents, rates in basis points."""

    kind: str
    network: str = "in"
    """``in``, ``out``, or ``out_nsa``: out of network but protected by the No Surprises Act."""
    ded_ind_rem: Remaining = None
    ded_fam_rem: Remaining = None
    oop_ind_rem: Remaining = None
    oop_fam_rem: Remaining = None
    copay_order: str = "copay_first"
    cob: str = "standard"
    sec_allowed: int | None = None
    sec_coins_bp: int | None = None
    discount_bp: int = 0
    prompt_pay_bp: int = 0


@dataclass(frozen=True, slots=True)
class Contract:
    """How the allowed amount follows from what was agreed with the payer."""

    method: str
    amount: int | None = None
    bp: int | None = None
    lesser_of: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One line. ``allowed`` and ``charge`` are of the whole line, of one unit with
    ``units_covered``."""

    id: str
    allowed: int | None = None
    charge: int | None = None
    covered: bool = True
    ded_applies: bool = True
    copay: int | None = None
    copay_group: str | None = None
    copay_unit: str = "visit"
    copay_max_units: int | None = None
    units: int = 1
    units_covered: int | None = None
    coins_bp: int | None = None
    noncovered_price: int | None = None
    opps_cap: int | None = None
    contract: Contract | None = None
    multiplier_bp: int = 10_000


@dataclass(frozen=True, slots=True)
class Inpatient:
    """Days of one Part A benefit period, counted from its first day; both ends included."""

    setting: str
    first_day: int
    last_day: int
    deductible_paid: bool | None = None
    """None where nobody said: it then counts as not paid, and the answer says so."""
    ltr_days_left: int | None = None


@dataclass(frozen=True, slots=True)
class EstimateCase:
    """All that an estimate is made of; ``unused`` names the keys that nobody knows."""

    service_date: date
    payers: tuple[Payer, ...]
    services: tuple[Service, ...]
    inpatient: Inpatient | None = None
    unused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The case of contracts.md, complete: reading it again gives the same case."""
        found = asdict(self)
        del found["unused"]
        found["service_date"] = self.service_date.isoformat()
        found["payers"] = list(found["payers"])
        found["services"] = list(found["services"])
        return found


_AMOUNTS = ("ded_ind_rem", "ded_fam_rem", "oop_ind_rem", "oop_fam_rem")


def read_case(data: object, today: date) -> EstimateCase:
    """Reads the JSON of contracts.md. Raises NotUnderstood naming the path at fault."""
    unused: list[str] = []
    top = _Object(data, "", unused)
    case = EstimateCase(
        service_date=top.day("service_date") or today,
        payers=tuple(_payer(_Object(v, p, unused)) for p, v in top.items("payers")),
        services=tuple(_service(_Object(v, p, unused)) for p, v in top.items("services")),
        inpatient=_inpatient(top.part("inpatient")),
    )
    top.done()
    if not case.payers:
        raise _fault("payers", "a list with at least one payer")
    if not case.services and case.inpatient is None:
        raise _fault("services", "a list with at least one service")
    return EstimateCase(
        case.service_date, case.payers, case.services, case.inpatient, tuple(unused)
    )


def _payer(found: _Object) -> Payer:
    amounts = {key: found.remaining(key) for key in _AMOUNTS}
    payer = Payer(
        kind=found.word("kind", PAYER_KINDS, None),
        network=found.word("network", ("in", "out", "out_nsa"), "in"),
        copay_order=found.word("copay_order", ("copay_first", "deductible_first"), "copay_first"),
        cob=found.word("cob", ("standard", "nondup"), "standard"),
        sec_allowed=found.number("sec_allowed"),
        sec_coins_bp=found.number("sec_coins_bp", most=10_000),
        discount_bp=found.number("discount_bp", most=10_000) or 0,
        prompt_pay_bp=found.number("prompt_pay_bp", most=10_000) or 0,
        **amounts,
    )
    found.done()
    return payer


def _service(found: _Object) -> Service:
    multiplier = found.number("multiplier_bp")
    units = found.number("units")
    service = Service(
        id=found.text("id") or found.path,
        allowed=found.number("allowed"),
        charge=found.number("charge"),
        covered=found.flag("covered", True),
        ded_applies=found.flag("ded_applies", True),
        copay=found.number("copay"),
        copay_group=found.text("copay_group"),
        copay_unit=found.word("copay_unit", ("visit", "day", "unit"), "visit"),
        copay_max_units=found.number("copay_max_units"),
        units=1 if units is None else units,
        units_covered=found.number("units_covered"),
        coins_bp=found.number("coins_bp", most=10_000),
        noncovered_price=found.number("noncovered_price"),
        opps_cap=found.number("opps_cap"),
        contract=_contract(found.part("contract")),
        multiplier_bp=10_000 if multiplier is None else multiplier,
    )
    found.done()
    return service


def _contract(found: _Object | None) -> Contract | None:
    if found is None:
        return None
    contract = Contract(
        method=found.word("method", METHODS, None),
        amount=found.number("amount"),
        bp=found.number("bp"),
        lesser_of=found.flag("lesser_of", False),
    )
    found.done()
    missing = "bp" if contract.method == "percent_of_charges" else "amount"
    if getattr(contract, missing) is None:
        raise _fault(
            f"{found.path}.{missing}",
            phrase("given for the method {method}", method=contract.method),
        )
    return contract


def _inpatient(found: _Object | None) -> Inpatient | None:
    if found is None:
        return None
    first, last = found.number("first_day"), found.number("last_day")
    if not first:
        raise _fault(f"{found.path}.first_day", "a day of the benefit period, 1 or more")
    if last is None or last < first:
        raise _fault(f"{found.path}.last_day", "a day that is not before first_day")
    stay = Inpatient(
        setting=found.word("setting", ("hospital", "snf"), "hospital"),
        first_day=first,
        last_day=last,
        deductible_paid=found.answer("deductible_paid"),
        ltr_days_left=found.number("ltr_days_left"),
    )
    found.done()
    return stay


class _Object:
    """One JSON object with its path, which remembers the keys that were asked for."""

    def __init__(self, found: object, path: str, unused: list[str]) -> None:
        if not isinstance(found, dict):
            raise _fault(path or "The case", "an object")
        self.path = path
        self._found: Mapping[str, Any] = found
        self._unused = unused
        self._asked: set[str] = set()

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _get(self, key: str) -> Any:
        self._asked.add(key)
        return self._found.get(key)

    def number(self, key: str, most: int | None = None) -> int | None:
        """A whole number of zero or more, or None."""
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _fault(self._at(key), "a whole number of zero or more")
        if most is not None and value > most:
            raise _fault(self._at(key), phrase("at most {most}", most=most))
        return value

    def remaining(self, key: str) -> Remaining:
        """A whole number, None, or the word ``unknown``."""
        if self._found.get(key) == UNKNOWN:
            self._asked.add(key)
            return UNKNOWN
        return self.number(key)

    def answer(self, key: str) -> bool | None:
        """Yes, no, or None where it is not known."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise _fault(self._at(key), "true or false")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.answer(key)
        return default if value is None else value

    def word(self, key: str, words: tuple[str, ...], default: str | None) -> str:
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in words:
            raise _fault(self._at(key), phrase("one of {words}", words=", ".join(words)))
        return value

    def text(self, key: str) -> str | None:
        value = self._get(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise _fault(self._at(key), "a text")

    def day(self, key: str) -> date | None:
        value = self._get(key)
        try:
            return None if value is None else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise _fault(self._at(key), "a date such as 2026-11-23") from None

    def part(self, key: str) -> _Object | None:
        value = self._get(key)
        return None if value is None else _Object(value, self._at(key), self._unused)

    def items(self, key: str) -> list[tuple[str, object]]:
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _fault(self._at(key), "a list")
        return [(f"{self._at(key)}[{index}]", item) for index, item in enumerate(value)]

    def done(self) -> None:
        """Notes the keys that nobody asked for."""
        self._unused.extend(self._at(str(key)) for key in self._found if key not in self._asked)


def _fault(path: str, wanted: str) -> NotUnderstood:
    return NotUnderstood(
        "estimate_not_understood",
        phrase(
            "{path} cannot be used: it should be {wanted}.", path=path, wanted=phrase_of(wanted)
        ),
        "Correct it and estimate again.",
        field=path,
    )


def not_priced(path: str, wanted: str) -> NotUnderstood:
    """A case that is well formed but from which no price follows; names the path."""
    return _fault(path, wanted)
