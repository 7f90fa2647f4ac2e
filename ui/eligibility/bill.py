"""The estimate as a bill that is read downwards. Plain Python; each line can be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.eligibility.seen import Seen
from ui.eligibility.words import not_stated, rate_words
from ui.words import say
from workstation.estimates.answer import Estimate
from workstation.estimates.case import EstimateCase
from workstation.estimates.unsure import why_unsure
from workstation.kernel.money import dollars


@dataclass(frozen=True, slots=True)
class BillLine:
    """Words, an amount in words (absent where nobody knows), a note; arithmetic and rows."""

    key: str
    words: str
    amount: str
    note: str = ""
    steps: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    total: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Bill:
    """The estimate panel. ``gates`` are said first; with ``forbidden`` nothing else is."""

    service: str = ""
    gates: tuple[tuple[str, bool], ...] = ()
    """Words, and whether they forbid asking."""
    lines: tuple[BillLine, ...] = ()
    unsure: str = ""
    remarks: tuple[str, ...] = ()
    estimate: Estimate | None = None
    """What may be read to the patient."""

    @property
    def forbidden(self) -> bool:
        """Nothing may be asked."""
        return any(forbids for _, forbids in self.gates)


_PARTS = ("deductible", "coinsurance", "copay", "noncovered", "balance_bill")
_NAMES = {
    "deductible": "Deductible",
    "copay": "Copay",
    "coinsurance": "Coinsurance",
    "noncovered": "Not covered",
    "balance_bill": "Beyond the plan's price",
}


def bill_of(seen: Seen) -> Bill:
    """The panel for what was read; an empty one while an emergency visit is locked."""
    money = seen.money
    if seen.locked or money is None:
        return Bill()
    gates = tuple((say(gate.say), gate.forbids) for gate in money.gates)
    service = f"{seen.service} ({seen.visit['service_code']})" if seen.visit["service_code"] else ""
    if not seen.visit["service_code"]:
        return Bill(gates=gates, remarks=(say("No service is chosen yet."),))
    built, found = money.built, money.estimate
    if built is None:
        return Bill(service, gates)
    remarks = tuple(dict.fromkeys(say(words) for words in built.missing))
    if built.case is None or found is None:
        return Bill(service, gates, remarks=remarks)
    asked = bool(built.questions)
    # Where something is missing, as the answer or an active plan, no part is worth a figure.
    silent = bool(built.missing) or any(row.answer is None for row in seen.coverages[:1])
    lines = _lines(seen, built.case, found, built.sources, asked=asked, silent=silent)
    unsure = "" if silent else say(why_unsure(built.case, found))
    if asked:
        remarks += (say("Choose which copay applies; then the total is known."),)
    told = found if money.may_be_told else None
    return Bill(service, gates, lines, unsure, remarks, told)


def _lines(
    seen: Seen,
    case: EstimateCase,
    found: Estimate,
    sources: Mapping[str, tuple[int, ...]],
    *,
    asked: bool,
    silent: bool,
) -> tuple[BillLine, ...]:
    unsettled = asked or silent
    steps = tuple(say(step) for line in found.lines for step in line.steps)
    rows = tuple(dict.fromkeys(row for one in sources.values() for row in one))
    lines = [_price(seen, case, found)]
    if not seen.coverages or case.payers[0].kind == "selfpay":
        return (*lines, _total(seen, found, steps, rows, unsettled=unsettled))
    notes = _notes(seen, case, found)
    for part in () if silent else _PARTS:
        amount: int | None = getattr(found, part)
        if part in ("noncovered", "balance_bill") and not amount:
            continue
        if part == "coinsurance" and _copay_alone(case) and not asked:
            continue
        known = amount is not None and not unsettled
        shown = dollars(amount) if known and amount is not None else say("not known")
        if known and not amount and part in _absent(case):
            known, shown = False, not_stated()  # what no payer told is never a zero
        note = notes.get(part, "")
        lines.append(BillLine(part, say(_NAMES[part]), shown, note, steps, rows, known=known))
    if not unsettled:
        pays = [line.plan_pays for line in found.lines]
        if all(value is not None for value in pays):
            total = sum(value or 0 for value in pays)
            words = say("The plan pays")
            lines.insert(1, BillLine("plan", words, dollars(-total), "", steps, rows))
        if found.has_later_payer and found.secondary_pays is not None:
            later = tuple(say(one["arithmetic"]) for one in found.later)
            words = say("Your other coverage pays")
            lines.append(BillLine("later", words, dollars(-found.secondary_pays), "", later))
    return (*lines, _total(seen, found, steps, rows, unsettled=unsettled))


def _copay_alone(case: EstimateCase) -> bool:
    """Whether a copay covers the visit, so that a coinsurance is not missed by anybody."""
    first = case.services[0]
    return bool(first.copay) and first.coins_bp is None and not first.ded_applies


def _absent(case: EstimateCase) -> frozenset[str]:
    """Parts about which the payer said nothing for any service."""
    told = {
        "copay": any(service.copay is not None for service in case.services),
        "coinsurance": any(service.coins_bp is not None for service in case.services),
    }
    return frozenset(part for part, said in told.items() if not said)


def _price(seen: Seen, case: EstimateCase, found: Estimate) -> BillLine:
    prices = [line.price for line in found.lines]
    known = all(value is not None for value in prices)
    amount = dollars(sum(value or 0 for value in prices)) if known else say("not known")
    steps = tuple(say(line.steps[0]) for line in found.lines if line.steps)
    charge = sum(service.charge or 0 for service in case.services)
    if case.payers and case.payers[0].kind == "selfpay":
        note = say("listed at {charge}", charge=dollars(charge))
        return BillLine("price", say("Self-pay price"), amount, note, steps, known=known)
    name = seen.coverages[0].coverage.payer_name or say("the plan") if seen.coverages else ""
    note = say("by contract; listed at {charge}", charge=dollars(charge))
    words = say("Price agreed with {payer}", payer=name)
    return BillLine("price", words, amount, note, steps, known=known)


def _notes(seen: Seen, case: EstimateCase, found: Estimate) -> dict[str, str]:
    """One short reason under each part."""
    answer = seen.coverages[0].answer
    if answer is None:
        return {}
    service = case.services[0]
    notes: dict[str, str] = {}
    left = case.payers[0].ded_ind_rem
    if _copay_alone(case):
        notes["deductible"] = say("a copay alone covers this visit")
    elif not service.ded_applies:
        notes["deductible"] = say("it does not apply to this service")
    elif left is None:
        notes["deductible"] = say("the plan has none")
    elif isinstance(left, int):
        notes["deductible"] = say("{amount} is left of it", amount=dollars(left))
    else:
        notes["deductible"] = say("the payer did not say what is left")
    if service.coins_bp is None:
        notes["coinsurance"] = say("the payer names none")
    else:
        price = sum(line.price or 0 for line in found.lines)
        if found.deductible is not None and found.copay is not None:
            rest = max(0, price - found.deductible - found.copay)
            notes["coinsurance"] = say(
                "{rate} of the {rest} left after the deductible",
                rate=rate_words(service.coins_bp),
                rest=dollars(rest),
            )
        else:
            notes["coinsurance"] = say(
                "{rate} after the deductible", rate=rate_words(service.coins_bp)
            )
    if service.copay is None:
        notes["copay"] = say("the payer names none")
    elif seen.chosen:
        notes["copay"] = say("{amount}, chosen at the desk", amount=dollars(service.copay))
    else:
        notes["copay"] = say("the payer says {amount}", amount=dollars(service.copay))
    return notes


def _total(
    seen: Seen,
    found: Estimate,
    steps: tuple[str, ...],
    rows: tuple[int, ...],
    *,
    unsettled: bool,
) -> BillLine:
    known = found.patient_total is not None and not unsettled
    amount = dollars(found.patient_total or 0) if known else say("not known yet")
    payer = seen.coverages[0].coverage.payer_name if seen.coverages else ""
    note = say("before other bills reach {payer}", payer=payer) if payer and known else ""
    return BillLine("total", say("You would owe"), amount, note, steps, rows, True, known)


def rows_by_index(
    answer: Mapping[str, Any] | None, indexes: tuple[int, ...]
) -> tuple[tuple[int, list[Mapping[str, Any]]], ...]:
    """The payer's rows by their number in the answer, in its order."""
    wanted = set(indexes)
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in (answer or {}).get("rows", ()):
        if not indexes or row["index"] in wanted:
            found.setdefault(row["index"], []).append(row)
    return tuple(sorted(found.items()))
