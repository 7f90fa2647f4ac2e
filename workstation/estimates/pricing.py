"""The price of a line: agreed amount, contract terms or self-pay discount, rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from workstation.estimates.case import Contract, Payer, Service, not_priced
from workstation.kernel.money import dollars

BP = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """An exact price (of the line, or of one unit where a unit limit is given), with its words."""

    exact: Fraction
    words: tuple[str, ...]

    def cents(self, times: int = 1) -> int:
        """The price of so many, rounded half up once."""
        return half_up(self.exact * times)


def half_up(value: Fraction) -> int:
    """To whole cents, a half cent upwards. The value is zero or more."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def percent(basis_points: int) -> str:
    """``2000`` as ``20%``, ``1250`` as ``12.5%``."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%" if part else f"{whole}%"


def price_of(service: Service, payer: Payer, path: str) -> Price:
    """The agreed price of a covered line. Raises NotUnderstood where none follows."""
    if payer.kind == "selfpay":
        return _self_pay(service, payer, path)
    if service.allowed is not None:
        exact, words = Fraction(service.allowed), f"Agreed price {dollars(service.allowed)}."
    elif service.contract is not None:
        exact, words = _by_contract(service, service.contract, path)
    else:
        raise not_priced(f"{path}.allowed", "a price, or a contract from which it follows")
    return _scaled(service, exact, words)


def agreed_price(service: Service, payer: Payer, path: str) -> Price:
    """The price of what the plan does not cover: its own if one is given, else the agreed one."""
    if service.noncovered_price is not None:
        own = service.noncovered_price
        return Price(Fraction(own), (f"Price without coverage {dollars(own)}.",))
    if service.allowed is None and service.contract is None and service.charge is not None:
        return Price(Fraction(service.charge), (f"Charge {dollars(service.charge)}.",))
    return price_of(service, payer, path)


def _scaled(service: Service, exact: Fraction, words: str) -> Price:
    if service.multiplier_bp == BP:
        return Price(exact, (words,))
    scaled = exact * service.multiplier_bp / BP
    said = f"Times {percent(service.multiplier_bp)} is {dollars(half_up(scaled))}."
    return Price(scaled, (words, said))


def _by_contract(service: Service, contract: Contract, path: str) -> tuple[Fraction, str]:
    amount = contract.amount or 0
    charge = service.charge
    if contract.method == "percent_of_charges":
        if charge is None:
            raise not_priced(f"{path}.charge", "given, since the contract is a percent of it")
        exact = Fraction(charge * (contract.bp or 0), BP)
        words = f"Contract: {percent(contract.bp or 0)} of the charge of {dollars(charge)}"
    elif contract.method == "per_diem":
        # With a unit limit the price is that of one unit, so the days are counted later.
        units = 1 if service.units_covered is not None else service.units
        exact = Fraction(amount * units)
        words = f"Contract: {dollars(amount)} a day for {units} days"
    else:
        exact = Fraction(amount)
        words = f"Contract: {contract.method.replace('_', ' ')} {dollars(amount)}"
    words += f" is {dollars(half_up(exact))}"
    if contract.lesser_of and charge is not None and charge < exact:
        return Fraction(charge), f"{words}; the charge of {dollars(charge)} is less and counts."
    return exact, words + "."


def _self_pay(service: Service, payer: Payer, path: str) -> Price:
    if service.allowed is not None:
        exact, words = Fraction(service.allowed), f"Cash price {dollars(service.allowed)}."
    elif service.charge is not None:
        exact = Fraction(service.charge * (BP - payer.discount_bp), BP)
        words = (
            f"Charge {dollars(service.charge)} less {percent(payer.discount_bp)} "
            f"is {dollars(half_up(exact))}."
        )
    else:
        raise not_priced(f"{path}.charge", "given, since there is no other price for self-pay")
    price = _scaled(service, exact, words)
    if not payer.prompt_pay_bp:
        return price
    paid = price.exact * (BP - payer.prompt_pay_bp) / BP
    said = f"Less {percent(payer.prompt_pay_bp)} for prompt payment is {dollars(half_up(paid))}."
    return Price(paid, (*price.words, said))
