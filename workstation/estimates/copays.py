"""Which of several copays applies to a visit: by its setting, else asked with the choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.kernel.phrases import phrase

_WORDS: dict[str, tuple[str, ...]] = {
    "primary_care": ("primary", "pcp", "family", "general practice"),
    "specialist": ("specialist", "specialty"),
    "urgent_care": ("urgent",),
    "emergency": ("emergency",),
    "hospital_outpatient": ("outpatient hospital", "hospital outpatient", "facility"),
}
_PLACES: dict[str, tuple[str, ...]] = {
    "urgent_care": ("20",),
    "emergency": ("23",),
    "hospital_outpatient": ("22", "19"),
    "inpatient": ("21",),
}
_OFFICE = "11"


@dataclass(frozen=True, slots=True)
class CopayChoice:
    """One copay that the payer named: cents, when it applies in the payer's words, source row."""

    amount: int
    when: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Copay:
    """The copay of one service, or the choices between which a person must decide.

    With ``ask`` the ``amount`` is the largest of the choices and only a stand-in.
    """

    amount: int | None
    rows: tuple[int, ...] = ()
    ask: tuple[CopayChoice, ...] = ()
    words: str = ""


def copay_of(
    part: Mapping[str, Any], setting: str, *, provider_based: bool, chosen: int | None
) -> Copay:
    """Reads one service type's side of a benefit summary (``summary["98"]["in"]``).

    A clinic that is billed as a hospital department has the copay of place of service 22 or 19.
    """
    stated = part.get("copay")
    if stated is not None:
        return Copay(stated, tuple(part.get("rows") or ()))
    choices = _choices(part)
    if not choices:
        return Copay(None)
    picked = [choice for choice in choices if choice.amount == chosen]
    if picked:
        return Copay(chosen, (picked[0].row,), words="Chosen at the desk.")
    fitting = _fitting(choices, setting, provider_based)
    amounts = {choice.amount for choice in fitting}
    if len(amounts) == 1:
        when = ", ".join(fitting[0].when)
        words = phrase("The payer names several copays; this one is for {when}.", when=when)
        return Copay(amounts.pop(), tuple(choice.row for choice in fitting), words=words)
    largest = max(choices, key=lambda choice: choice.amount)
    words = "The payer names several copays: ask which applies. The largest stands in."
    return Copay(largest.amount, (largest.row,), choices, words)


def _choices(part: Mapping[str, Any]) -> tuple[CopayChoice, ...]:
    for conflict in part.get("conflicts") or ():
        if conflict.get("measure") == "copay":
            return tuple(
                CopayChoice(value["amount"], tuple(value.get("when") or ()), value["row"])
                for value in conflict["values"]
                if value.get("amount") is not None
            )
    return ()


def _fitting(
    choices: tuple[CopayChoice, ...], setting: str, provider_based: bool
) -> list[CopayChoice]:
    """The choices whose words or place fit the visit; words tell more than places."""
    named = [choice for choice in choices if _says(choice, setting)]
    places = _places(setting, provider_based)
    placed = [choice for choice in choices if set(choice.when) & set(places)]
    both = [choice for choice in named if choice in placed]
    return both or named or placed


def _says(choice: CopayChoice, setting: str) -> bool:
    said = " ".join(choice.when).casefold()
    return any(word in said for word in _WORDS.get(setting, ()))


def _places(setting: str, provider_based: bool) -> tuple[str, ...]:
    if setting in _PLACES:
        return _PLACES[setting]
    return _PLACES["hospital_outpatient"] if provider_based else (_OFFICE,)
