"""The first payer's cost sharing, line by line, with its accumulators (matching.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workstation.estimates.case import Payer, Service
from workstation.estimates.pricing import agreed_price, percent, price_of
from workstation.kernel.money import dollars, share
from workstation.kernel.phrases import phrase

_COST_SHARE_FREE = frozenset({"medicaid_qmb"})
_NO_BALANCE_BILL = frozenset({"medicare_a", "medicare_b", "medicaid_qmb"})
"""A hospital that takes part accepts the program's price as payment in full."""


@dataclass(frozen=True, slots=True)
class LineShare:
    """What the patient owes of one line before any later payer; cents, with words."""

    id: str
    price: int
    """The agreed price of the covered part."""
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    noncovered: int = 0
    balance_bill: int = 0
    steps: tuple[str, ...] = ()
    priced: bool = True
    """False for a stay, whose price the case does not tell."""

    @property
    def cost_share(self) -> int:
        """Deductible, copay and coinsurance: what counts toward the out-of-pocket limit."""
        return self.deductible + self.copay + self.coinsurance

    @property
    def patient(self) -> int:
        """All that the line leaves to the patient before any later payer."""
        return self.cost_share + self.noncovered + self.balance_bill


@dataclass(slots=True)
class Accumulators:
    """What is left of deductible and out-of-pocket limits; None where there is no such limit."""

    ded_ind: int | None
    ded_fam: int | None
    oop_ind: int | None
    oop_fam: int | None
    groups: set[str] = field(default_factory=set)
    """Copay groups that have had their one copay."""

    def deductible(self, rest: int) -> int:
        """The deductible on ``rest``: no more than the person's and the family's remainder."""
        limits = [limit for limit in (self.ded_ind, self.ded_fam) if limit is not None]
        return min(rest, *limits) if limits else 0

    def out_of_pocket(self) -> int | None:
        """What the patient can still be asked this year, None without a limit."""
        limits = [limit for limit in (self.oop_ind, self.oop_fam) if limit is not None]
        return min(limits) if limits else None

    def use(self, deductible: int, total: int) -> None:
        """Counts a line against every limit."""
        self.ded_ind = _less(self.ded_ind, deductible)
        self.ded_fam = _less(self.ded_fam, deductible)
        self.oop_ind = _less(self.oop_ind, total)
        self.oop_fam = _less(self.oop_fam, total)


def _less(left: int | None, used: int) -> int | None:
    return None if left is None else max(0, left - used)


def first_payer_lines(
    payer: Payer, services: tuple[Service, ...], *, no_balance_bill: bool = False
) -> tuple[LineShare, ...]:
    """Every line in the order of the claim. All remaining amounts of ``payer`` must be known."""
    left = Accumulators(
        _known(payer.ded_ind_rem),
        _known(payer.ded_fam_rem),
        _known(payer.oop_ind_rem),
        _known(payer.oop_fam_rem),
    )
    lines = []
    for index, service in enumerate(services):
        line = _line(payer, service, f"services[{index}]", left)
        lines.append(replace(line, balance_bill=0) if no_balance_bill else line)
    return tuple(lines)


def _known(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _line(payer: Payer, service: Service, path: str, left: Accumulators) -> LineShare:
    if payer.kind == "selfpay":
        times = service.units if service.units_covered is not None else 1
        price = price_of(service, payer, path)
        cents = price.cents(times)
        return LineShare(service.id, 0, noncovered=cents, steps=(*price.words, _times(times)))
    if not service.covered:
        return _not_covered(payer, service, path)
    times, over = _units(service)
    price = price_of(service, payer, path)
    line = LineShare(service.id, price.cents(times), steps=(*price.words, _times(times)))
    if payer.kind not in _COST_SHARE_FREE:
        line = _shared(payer, service, line, service.units - over, left)
    line = _over_limit(payer, service, path, line, over)
    return _balance_billed(payer, service, line, times)


def _times(units: int) -> str:
    return "" if units == 1 else phrase("For {n} units.", n=units)


def _units(service: Service) -> tuple[int, int]:
    """How often the price counts, and how many units lie over the plan's limit."""
    if service.units_covered is None:
        return 1, 0
    covered = min(service.units, service.units_covered)
    return covered, service.units - covered


def _not_covered(payer: Payer, service: Service, path: str) -> LineShare:
    times = service.units if service.units_covered is not None else 1
    price = agreed_price(service, payer, path)
    words = "The plan does not cover this: the price is yours, outside deductible and limits."
    return LineShare(
        service.id, 0, noncovered=price.cents(times), steps=(*price.words, _times(times), words)
    )


def _over_limit(payer: Payer, service: Service, path: str, line: LineShare, over: int) -> LineShare:
    if not over:
        return line
    cents = agreed_price(service, payer, path).cents(over)
    words = phrase(
        "{n} over the plan's limit of {limit}: {amount} is yours.",
        n=over,
        limit=service.units_covered,
        amount=dollars(cents),
    )
    return replace(line, noncovered=cents, steps=(*line.steps, words))


def _balance_billed(payer: Payer, service: Service, line: LineShare, times: int) -> LineShare:
    if payer.network == "in" or service.charge is None or payer.kind in _NO_BALANCE_BILL:
        return line
    if payer.network == "out_nsa":
        words = "Protected by the No Surprises Act: in-network sharing, nothing beyond the price."
        return replace(line, steps=(*line.steps, words))
    charge = service.charge * times
    beyond = max(0, charge - line.price)
    words = phrase(
        "Out of network: charge {charge} less price {price} leaves {amount}, outside every limit.",
        charge=dollars(charge),
        price=dollars(line.price),
        amount=dollars(beyond),
    )
    return replace(line, balance_bill=beyond, steps=(*line.steps, words))


def _shared(
    payer: Payer, service: Service, line: LineShare, units: int, left: Accumulators
) -> LineShare:
    """Copay, deductible and coinsurance in the plan's order, cut at the out-of-pocket limit."""
    amount = line.price
    # A line that costs nothing, such as a bundled one, does not use up its group's copay.
    copay = min(_copay(service, units, left), amount) if amount else 0
    if payer.copay_order == "copay_first":
        deductible = left.deductible(amount - copay) if service.ded_applies else 0
    else:
        deductible = left.deductible(amount) if service.ded_applies else 0
        copay = min(copay, amount - deductible)
    rest = amount - copay - deductible
    coinsurance = share(rest, service.coins_bp or 0)
    if service.opps_cap is not None:
        coinsurance = min(coinsurance, service.opps_cap)
    steps = list(_words(payer, service, (copay, deductible, coinsurance, rest)))
    limit = left.out_of_pocket()
    total = deductible + copay + coinsurance
    if limit is not None and total > limit:
        excess = total - limit
        coinsurance, excess = max(0, coinsurance - excess), max(0, excess - coinsurance)
        copay, excess = max(0, copay - excess), max(0, excess - copay)
        deductible = max(0, deductible - excess)
        words = "Only {amount} is left to the out-of-pocket limit: no more is owed."
        steps.append(phrase(words, amount=dollars(limit)))
    left.use(deductible, deductible + copay + coinsurance)
    return replace(
        line,
        deductible=deductible,
        copay=copay,
        coinsurance=coinsurance,
        steps=(*line.steps, *steps),
    )


def _copay(service: Service, units: int, left: Accumulators) -> int:
    """The copay of this line, counted once for a copay group."""
    if not service.copay or service.copay_group in left.groups:
        return 0
    if service.copay_group is not None:
        left.groups.add(service.copay_group)
    if service.copay_unit == "visit":
        return service.copay if units else 0
    if service.copay_max_units is not None:
        units = min(units, service.copay_max_units)
    return service.copay * units


def _words(payer: Payer, service: Service, parts: tuple[int, int, int, int]) -> Iterator[str]:
    copay, deductible, coinsurance, rest = parts
    said = []
    if copay:
        said.append(phrase("Copay {amount}.", amount=dollars(copay)))
    elif service.copay and service.copay_group:
        said.append("The copay of this visit stands on another line.")
    if deductible:
        said.append(phrase("{amount} goes to the deductible.", amount=dollars(deductible)))
    elif not service.ded_applies:
        said.append("The deductible does not apply.")
    yield from said if payer.copay_order == "copay_first" else reversed(said)
    if service.coins_bp and rest:
        capped = service.opps_cap is not None and coinsurance == service.opps_cap
        words = "{rate} of the {rest} left is {amount}."
        if capped:
            words = "{rate} of the {rest} left is {amount}, the most for one procedure."
        yield phrase(
            words,
            rate=percent(service.coins_bp),
            rest=dollars(rest),
            amount=dollars(coinsurance),
        )
