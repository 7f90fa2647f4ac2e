"""The estimate in plain sentences to read to a patient, in English and Spanish."""

from __future__ import annotations

from collections.abc import Iterator

from workstation.estimates.answer import Estimate
from workstation.kernel.money import dollars
from workstation.kernel.phrases import language_of, phrase, translated

_PARTS = {
    "copay": "{amount} is your copay.",
    "deductible": "{amount} of it goes toward your deductible.",
    "coinsurance": "{amount} is your share of the rest of the price.",
    "noncovered": "{amount} is for what no plan pays for.",
    "balance_bill": "{amount} is billed beyond your plan's price, because we are outside its "
    "network.",
}


def read_to_patient(estimate: Estimate, language: str = "en") -> tuple[str, ...]:
    """Sentences in the order in which to say them; other languages than es are read in English."""
    return tuple(translated(one, language_of(language)) for one in _sentences(estimate))


def _sentences(estimate: Estimate) -> Iterator[str]:
    yield _headline(estimate)
    if estimate.patient_total:
        for part, words in _PARTS.items():
            amount = getattr(estimate, part)
            if amount:
                yield phrase(words, amount=dollars(amount))
        if estimate.secondary_pays:
            words = "Your other coverage takes over {amount}."
            yield phrase(words, amount=dollars(estimate.secondary_pays))
    yield "This is only an estimate; your bill may differ."
    if estimate.patient_total != 0:
        yield "If paying is hard, we can look for help with you. You may ask at any time."


def _headline(estimate: Estimate) -> str:
    if estimate.patient_total == 0:
        return "We estimate that you owe nothing for this visit."
    low = dollars(estimate.low)
    if estimate.patient_total is not None:
        words = "We estimate that your part today is {total}."
        return phrase(words, total=dollars(estimate.patient_total))
    if estimate.high is None:
        words = "We estimate that your part is at least {low}. The rest is not known yet."
        return phrase(words, low=low)
    return phrase(
        "We estimate that your part is between {low} and {high}. Your plan did not tell us "
        "everything.",
        low=low,
        high=dollars(estimate.high),
    )
