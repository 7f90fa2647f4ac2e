"""What the payers after the first one take over: coordination of benefits, Medigap G, QMB."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.estimates.case import MEDICARE, EstimateCase, Payer
from workstation.estimates.cost_share import Accumulators, LineShare
from workstation.estimates.medicare_amounts import medicare_amounts
from workstation.estimates.part_a import stay_share
from workstation.kernel.money import dollars, share
from workstation.kernel.phrases import phrase


@dataclass(frozen=True, slots=True)
class LaterPayment:
    """What one later payer takes over of the first payer's cost sharing, with words."""

    kind: str
    pays: int
    words: str
    known: bool = True
    """False where its benefits are not known: the total is then before this payer."""


def later_payments(
    case: EstimateCase, before: tuple[Payer, ...], lines: tuple[LineShare, ...]
) -> tuple[LaterPayment, ...]:
    """The payments of all payers behind ``before``, each on what its predecessors left."""
    owed = sum(line.cost_share for line in lines)
    price = sum(line.price for line in lines)
    paid = max(0, price - owed)
    kinds = {payer.kind for payer in before}
    part_b = sum(line.deductible for line in lines if line.id != "inpatient")
    if "medicare_b" not in kinds:
        part_b = 0
    found = []
    for payer in case.payers[len(before) :]:
        if payer.kind == "medicaid_qmb":
            payment = _qmb(kinds, owed)
        elif payer.kind == "medigap_g":
            payment = _medigap(kinds, owed, min(owed, part_b))
        else:
            payment = _coordinated(case, payer, price, owed, paid)
            if payer.kind == "medicare_b":
                part_b = _part_b_deductible(case, payer)
        found.append(payment)
        owed -= payment.pays
        paid += payment.pays
        kinds.add(payer.kind)
    return tuple(found)


def _qmb(kinds: set[str], owed: int) -> LaterPayment:
    if not kinds & MEDICARE:
        words = "Medicaid is behind a payer that is not Medicare: the total is before Medicaid."
        return LaterPayment("medicaid_qmb", 0, words, known=False)
    words = "Qualified Medicare Beneficiary: no Medicare cost sharing may be asked."
    return LaterPayment("medicaid_qmb", owed, words)


def _medigap(kinds: set[str], owed: int, part_b: int) -> LaterPayment:
    if not kinds & {"medicare_a", "medicare_b"}:
        words = "Medigap pays only behind Original Medicare: the total is before it."
        return LaterPayment("medigap_g", 0, words, known=False)
    said = "Medigap Plan G pays all but the Part B deductible of {amount}."
    words = phrase(said, amount=dollars(part_b))
    return LaterPayment("medigap_g", owed - part_b, words)


def _coordinated(
    case: EstimateCase, payer: Payer, price: int, owed: int, paid: int
) -> LaterPayment:
    normal = _normal_benefit(case, payer, price)
    if normal is None:
        words = "The benefits of the next plan are not known: the total is before it."
        return LaterPayment(payer.kind, 0, words, known=False)
    if payer.cob == "nondup":
        pays = min(owed, max(0, normal - paid))
        words = phrase(
            "Alone it would pay {normal}; {paid} is paid already, so it adds {amount}.",
            normal=dollars(normal),
            paid=dollars(paid),
            amount=dollars(pays),
        )
    else:
        pays = min(normal, owed)
        words = phrase(
            "Alone it would pay {normal}; of the {owed} left it pays {amount}.",
            normal=dollars(normal),
            owed=dollars(owed),
            amount=dollars(pays),
        )
    return LaterPayment(payer.kind, pays, words)


def _normal_benefit(case: EstimateCase, payer: Payer, price: int) -> int | None:
    """What the payer would pay were it alone; None where that does not follow."""
    allowed = payer.sec_allowed if payer.sec_allowed is not None else price
    if payer.kind == "selfpay":
        return 0
    if payer.kind == "medicare_a":
        if case.inpatient is None:
            return None
        stay = stay_share(case.inpatient, medicare_amounts(case.service_date))
        return max(0, allowed - stay.line.cost_share)
    rate = payer.sec_coins_bp
    if rate is None and payer.kind == "medicare_b":
        rate = medicare_amounts(case.service_date).part_b_coinsurance_bp
    if rate is None:
        return None
    left = Accumulators(
        _known(payer.ded_ind_rem),
        _known(payer.ded_fam_rem),
        _known(payer.oop_ind_rem),
        _known(payer.oop_fam_rem),
    )
    deductible = left.deductible(allowed)
    mine = deductible + share(allowed - deductible, rate)
    limit = left.out_of_pocket()
    return allowed - (mine if limit is None else min(mine, limit))


def _part_b_deductible(case: EstimateCase, payer: Payer) -> int:
    known = _known(payer.ded_ind_rem)
    return medicare_amounts(case.service_date).part_b_deductible if known is None else known


def _known(value: object) -> int | None:
    return value if isinstance(value, int) else None
