"""The estimate in plain sentences to read to a patient, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from workstation.estimates.answer import Estimate
from workstation.kernel.money import dollars

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "total": "We estimate that your part today is {total}.",
        "nothing": "We estimate that you owe nothing for this visit.",
        "range": "We estimate that your part is between {low} and {high}. Your plan did not "
        "tell us everything.",
        "least": "We estimate that your part is at least {low}. The rest is not known yet.",
        "deductible": "{amount} of it goes toward your deductible.",
        "copay": "{amount} is your copay.",
        "coinsurance": "{amount} is your share of the rest of the price.",
        "noncovered": "{amount} is for what no plan pays for.",
        "balance_bill": "{amount} is billed beyond your plan's price, because we are outside its "
        "network.",
        "later": "Your other coverage takes over {amount}.",
        "only": "This is only an estimate; your bill may differ.",
        "help": "If paying is hard, we can look for help with you. You may ask at any time.",
    },
    "es": {
        "total": "Calculamos que su parte hoy es de {total}.",
        "nothing": "Calculamos que no debe nada por esta visita.",
        "range": "Calculamos que su parte está entre {low} y {high}. Su plan no nos informó todo.",
        "least": "Calculamos que su parte es de al menos {low}. El resto todavía no se sabe.",
        "deductible": "{amount} se aplica a su deducible.",
        "copay": "{amount} es su copago.",
        "coinsurance": "{amount} es su parte del resto del precio.",
        "noncovered": "{amount} es por lo que ningún plan paga.",
        "balance_bill": "{amount} se cobra por encima del precio de su plan, porque estamos fuera "
        "de su red.",
        "later": "Su otra cobertura se hace cargo de {amount}.",
        "only": "Es solo un cálculo; su factura puede ser distinta.",
        "help": "Si le resulta difícil pagar, podemos buscar ayuda con usted. Puede preguntar en "
        "cualquier momento.",
    },
}
_PARTS = ("copay", "deductible", "coinsurance", "noncovered", "balance_bill")


def read_to_patient(estimate: Estimate, language: str = "en") -> tuple[str, ...]:
    """Sentences in the order in which to say them; other languages than es are read in English."""
    words = _WORDS.get(language[:2].lower(), _WORDS["en"])
    sentences = [_headline(estimate, words)]
    if estimate.patient_total:
        for part in _PARTS:
            amount = getattr(estimate, part)
            if amount:
                sentences.append(words[part].format(amount=dollars(amount)))
        if estimate.secondary_pays:
            sentences.append(words["later"].format(amount=dollars(estimate.secondary_pays)))
    sentences.append(words["only"])
    if estimate.patient_total != 0:
        sentences.append(words["help"])
    return tuple(sentences)


def _headline(estimate: Estimate, words: Mapping[str, str]) -> str:
    if estimate.patient_total == 0:
        return words["nothing"]
    if estimate.patient_total is not None:
        return words["total"].format(total=dollars(estimate.patient_total))
    if estimate.high is None:
        return words["least"].format(low=dollars(estimate.low))
    return words["range"].format(low=dollars(estimate.low), high=dollars(estimate.high))
