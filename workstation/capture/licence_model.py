"""What the barcode of a driver's licence or identification card says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about a reading: a stable code and a plain sentence."""

    code: str
    say: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "say": self.say}


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence. Absent is None, never a guess; dates are calendar dates of the issuer.

    ``version`` is the AAMVA version number of the header (1 to 11, None without a header);
    ``truncated`` says for each name whether the card cut it short (True, False, None = not said).
    """

    version: int | None = None
    jurisdiction: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    number: str | None = None
    issue_date: date | None = None
    expiration_date: date | None = None
    truncated: dict[str, bool | None] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The licence reading of the contracts, keys in their order."""

        def day(value: date | None) -> str | None:
            return value.isoformat() if value else None

        return {
            "version": self.version,
            "jurisdiction": self.jurisdiction,
            "last_name": self.last_name,
            "first_name": self.first_name,
            "middle_name": self.middle_name,
            "suffix": self.suffix,
            "birth_date": day(self.birth_date),
            "sex": self.sex,
            "street": self.street,
            "street2": self.street2,
            "city": self.city,
            "state": self.state,
            "zip": self.zip,
            "country": self.country,
            "number": self.number,
            "issue_date": day(self.issue_date),
            "expiration_date": day(self.expiration_date),
            "truncated": dict(self.truncated),
            "findings": [finding.as_json() for finding in self.findings],
        }
