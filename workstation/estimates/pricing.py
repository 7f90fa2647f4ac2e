"""The price of a line: agreed amount, contract terms or self-pay discount, rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from workstation.estimates.case import Contract, Payer, Service, not_priced
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase

BP = 10_000
_FIXED = {"fee_schedule": "the fee schedule", "case_rate": "the case rate"}


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
        exact, words = (
            Fraction(service.allowed),
            phrase("Agreed price {amount}.", amount=dollars(service.allowed)),
        )
    elif service.contract is not None:
        exact, words = _by_contract(service, service.contract, path)
    else:
        raise not_priced(f"{path}.allowed", "a price, or a contract from which it follows")
    return _scaled(service, exact, words)


def agreed_price(service: Service, payer: Payer, path: str) -> Price:
    """The price of what the plan does not cover: its own if one is given, else the agreed one."""
    if service.noncovered_price is not None:
        own = service.noncovered_price
        return Price(
            Fraction(own), (phrase("Price without coverage {amount}.", amount=dollars(own)),)
        )
    if service.allowed is None and service.contract is None and service.charge is not None:
        return Price(
            Fraction(service.charge), (phrase("Charge {amount}.", amount=dollars(service.charge)),)
        )
    return price_of(service, payer, path)


def _scaled(service: Service, exact: Fraction, words: str) -> Price:
    if service.multiplier_bp == BP:
        return Price(exact, (words,))
    scaled = exact * service.multiplier_bp / BP
    said = phrase(
        "Times {rate} is {amount}.",
        rate=percent(service.multiplier_bp),
        amount=dollars(half_up(scaled)),
    )
    return Price(scaled, (words, said))


def _by_contract(service: Service, contract: Contract, path: str) -> tuple[Fraction, str]:
    amount = contract.amount or 0
    charge = service.charge
    if contract.method == "percent_of_charges":
        if charge is None:
            raise not_priced(f"{path}.charge", "given, since the contract is a percent of it")
        exact = Fraction(charge * (contract.bp or 0), BP)
        terms = phrase(
            "{rate} of the charge of {charge}",
            rate=percent(contract.bp or 0),
            charge=dollars(charge),
        )
    elif contract.method == "per_diem":
        # With a unit limit the price is that of one unit, so the days are counted later.
        units = 1 if service.units_covered is not None else service.units
        exact = Fraction(amount * units)
        terms = phrase("{amount} a day for {n} days", amount=dollars(amount), n=units)
        if units == 1:
            terms = phrase("{amount} for one day", amount=dollars(amount))
    else:
        exact = Fraction(amount)
        terms = phrase(_FIXED[contract.method])
    agreed = dollars(half_up(exact))
    if contract.lesser_of and charge is not None and charge < exact:
        return Fraction(charge), phrase(
            "Contract: {terms} is {amount}; the charge of {charge} is less and counts.",
            terms=terms,
            amount=agreed,
            charge=dollars(charge),
        )
    return exact, phrase("Contract: {terms} is {amount}.", terms=terms, amount=agreed)


def _self_pay(service: Service, payer: Payer, path: str) -> Price:
    if service.allowed is not None:
        exact, words = (
            Fraction(service.allowed),
            phrase("Cash price {amount}.", amount=dollars(service.allowed)),
        )
    elif service.charge is not None:
        exact = Fraction(service.charge * (BP - payer.discount_bp), BP)
        words = phrase(
            "Charge {charge} less {rate} is {amount}.",
            charge=dollars(service.charge),
            rate=percent(payer.discount_bp),
            amount=dollars(half_up(exact)),
        )
    else:
        raise not_priced(f"{path}.charge", "given, since there is no other price for self-pay")
    price = _scaled(service, exact, words)
    if not payer.prompt_pay_bp:
        return price
    paid = price.exact * (BP - payer.prompt_pay_bp) / BP
    said = phrase(
        "Less {rate} for prompt payment is {amount}.",
        rate=percent(payer.prompt_pay_bp),
        amount=dollars(half_up(paid)),
    )
    return Price(paid, (*price.words, said))
