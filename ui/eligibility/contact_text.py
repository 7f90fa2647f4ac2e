"""A call to a payer as it is typed, read into what is kept. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.eligibility.contacts import Contact, Way
from workstation.eligibility.heard import Heard
from workstation.interview.typed import read_date
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.money import parse_dollars

NOT_A_RATE = "Type a rate such as 20, from 0 to 100."
NOT_A_DAY = "This is not a day. Type it such as 11/30/2026."


@dataclass(frozen=True, slots=True)
class ContactText:
    """What stands in the form. ``coverage`` is ``active``, ``inactive`` or empty: not asked."""

    how: str = "phone"
    with_whom: str = ""
    reference: str = ""
    told: str = ""
    promise: str = ""
    follow_up: str = ""
    coverage: str = ""
    copay: str = ""
    coinsurance: str = ""
    deductible_left: str = ""
    limit_left: str = ""
    authorization: str = "unknown"


def read_contact(text: ContactText, today: date) -> tuple[Contact | None, dict[str, str]]:
    """The contact, or what is to be mended, in words by field."""
    problems: dict[str, str] = {}
    follow_up = _day(text.follow_up, today, problems)
    heard = None
    if text.coverage == "active":
        heard = Heard(
            True,
            _cents("copay", text.copay, problems),
            _rate(text.coinsurance, problems),
            _cents("deductible_left", text.deductible_left, problems),
            _cents("limit_left", text.limit_left, problems),
            text.authorization,
        )
    elif text.coverage == "inactive":
        heard = Heard(False)
    if problems:
        return None, problems
    told = (text.told, text.with_whom, text.reference, text.promise)
    return Contact(Way(text.how), *told, follow_up, heard), {}


def _cents(field: str, typed: str, problems: dict[str, str]) -> int | None:
    if not typed.strip():
        return None
    try:
        return parse_dollars(typed)
    except NotUnderstood as error:
        problems[field] = error.do
        return None


def _rate(typed: str, problems: dict[str, str]) -> int | None:
    """Basis points of a rate typed as ``20``, ``20%`` or ``12.5``."""
    plain = typed.replace("%", "").strip()
    if not plain:
        return None
    try:
        rate = round(float(plain) * 100)
    except ValueError:
        rate = -1
    if not 0 <= rate <= 10_000:
        problems["coinsurance"] = NOT_A_RATE
        return None
    return rate


def _day(typed: str, today: date, problems: dict[str, str]) -> date | None:
    if not typed.strip():
        return None
    found = read_date(typed, today, past=False)
    if found is None:
        problems["follow_up"] = NOT_A_DAY
    return found
