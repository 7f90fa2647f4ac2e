"""Reads the PDF417 payload of US and Canadian licences, AAMVA versions 1 to 11, very tolerantly.

The standard is the AAMVA card design standard (2000 to 2025). Real cards break it in known ways:
wrong directory offsets, dates the Canadian way round in Wyoming, two given names in one element,
separators lost in a keyboard wedge. What cannot be read for certain stays None with a finding.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from workstation.capture.aamva_split import Elements, split, text_of
from workstation.capture.aamva_tables import CANADA, EMPTY_WORDS, ISSUERS
from workstation.capture.licence_model import Finding, Licence
from workstation.kernel.errors import NotUnderstood

_SUFFIX = re.compile(r"(?:JR|SR|[IVX]{1,4}|[1-9](?:ST|ND|RD|TH))\.?", re.IGNORECASE)
_SEX = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X", "0": "U", "U": "U"}
_TELLING = ("DBB", "DCS", "DAC", "DAA", "DCT", "DAQ", "DBA", "DAG", "DAL", "DAK", "DAB")
_MOST_BYTES = 20_000


def parse(payload: bytes, today: date | None = None) -> Licence:
    """The licence in a barcode's bytes. ``today`` bounds plausible dates (default: now, UTC).

    Raises NotUnderstood where the bytes are no licence at all.
    """
    elements = split(text_of(payload[:_MOST_BYTES]))
    values = {k: v for k, v in ((k, _clean(v)) for k, v in elements.values.items()) if v}
    told = sum(key in values for key in _TELLING)
    if told < (1 if elements.issuer else 3):
        raise NotUnderstood(
            "not_a_licence",
            "This is not the barcode of a driver's licence or identification card.",
            "Scan the wide barcode on the back of the card, or type the details.",
        )
    return _Reading(elements, values, today or datetime.now(UTC).date()).licence()


class _Reading:
    """One payload on its way to a Licence; gathers findings as it goes."""

    def __init__(self, elements: Elements, values: dict[str, str], today: date) -> None:
        self._elements = elements
        self._values = values
        self._today = today
        self._findings: list[Finding] = []
        self._state = values.get("DAJ", values.get("DAO", ""))[:2].upper() or None
        self._jurisdiction = ISSUERS.get(elements.issuer or "") or self._state

    def licence(self) -> Licence:
        last, first, middle, suffix = self._names()
        if self._elements.repaired:
            self._find(
                "separators_lost",
                "The scanner lost the separators of this code; compare each field with the card.",
            )
        street = self._first("DAG", "DAL")
        city = self._first("DAI", "DAN")
        return Licence(
            version=self._elements.version,
            jurisdiction=self._jurisdiction,
            last_name=last,
            first_name=first,
            middle_name=middle,
            suffix=suffix,
            birth_date=self._birth_date(),
            sex=_SEX.get(self._values.get("DBC", "")[:1].upper()),
            street=street,
            street2=self._street2(city),
            city=city,
            state=self._state,
            zip=self._zip(),
            country=self._country(),
            number=self._first("DAQ", "DBJ"),
            issue_date=self._date("DBD", "issue date"),
            expiration_date=self._date("DBA", "expiration date"),
            truncated=self._truncated(),
            findings=tuple(self._findings),
        )

    def _find(self, code: str, say: str) -> None:
        self._findings.append(Finding(code, say))

    def _first(self, *keys: str) -> str | None:
        return next((self._values[key] for key in keys if key in self._values), None)

    def _names(self) -> tuple[str | None, str | None, str | None, str | None]:
        last = self._first("DCS", "DAB")
        first, middle = self._values.get("DAC"), self._values.get("DAD")
        suffix = self._first("DCU", "DAE")
        if first is None and (given := self._values.get("DCT")):
            first, middle = _halve(given, middle)
        elif first and not middle and self._jurisdiction == "WY":
            first, middle = _halve(first, None)
        if (last is None or first is None) and (full := self._values.get("DAA")):
            parts, unsure = _full_name(full)
            if unsure:
                self._find(
                    "name_order",
                    "This card writes the name in one piece; check which part is the last name.",
                )
            last, first, middle = (
                a or b for a, b in zip((last, first, middle), parts[:3], strict=True)
            )
            suffix = suffix or parts[3]
        return self._last_and_suffix(last, first, middle, suffix)

    def _last_and_suffix(
        self, last: str | None, first: str | None, middle: str | None, suffix: str | None
    ) -> tuple[str | None, str | None, str | None, str | None]:
        if last and suffix is None and "," in last:
            head, tail = (part.strip() for part in last.rsplit(",", 1))
            if _SUFFIX.fullmatch(tail):
                last, suffix = head, tail
        if last is None:
            self._find("no_last_name", "The barcode holds no last name.")
        return last, first, middle, suffix.rstrip(".") if suffix else None

    def _birth_date(self) -> date | None:
        born = self._date("DBB", "date of birth")
        if born and not date(self._today.year - 130, 1, 1) <= born <= self._today:
            self._find(
                "birth_date_unlikely", "The date of birth on this card cannot be right; ask for it."
            )
            return None
        if born and born == self._date("DBD", ""):
            self._find(
                "birth_date_is_issue_date", "The date of birth equals the issue date; ask for it."
            )
        return born

    def _date(self, key: str, words: str) -> date | None:
        raw = self._values.get(key)
        if raw is None:
            return None
        found = _day(raw)
        if found is None and words and raw.strip("0"):
            self._find("date_not_read", f"The {words} in the barcode cannot be read.")
        return found

    def _street2(self, city: str | None) -> str | None:
        line = self._first("DAH", "DAM")
        if (
            line
            and city
            and self._state
            and re.match(rf"{re.escape(city)},?\s+{self._state}\b", line)
        ):
            return None  # Wyoming repeats city, state and ZIP here
        return line

    def _zip(self) -> str | None:
        raw = re.sub(r"[^0-9A-Z]", "", (self._first("DAK", "DAP") or "").upper())
        if re.fullmatch(r"[A-Z][0-9][A-Z][0-9][A-Z][0-9](?:0*)", raw):
            return f"{raw[:3]} {raw[3:6]}"
        if not re.fullmatch(r"[0-9]{5,11}", raw):
            return raw or None
        extra = raw[5:9]
        return (
            f"{raw[:5]}-{extra}" if len(extra) == 4 and extra not in ("0000", "9999") else raw[:5]
        )

    def _country(self) -> str | None:
        said = self._values.get("DCG", "").upper()
        if said[:3] in ("USA", "CAN", "MEX"):
            return said[:3]
        if self._jurisdiction is None:
            return said or None
        return "CAN" if self._jurisdiction in CANADA else "USA"

    def _truncated(self) -> dict[str, bool | None]:
        flags = {"T": True, "N": False}
        cut = {
            name: flags.get(self._values.get(key, "")[:1].upper())
            for name, key in (("last_name", "DDE"), ("first_name", "DDF"), ("middle_name", "DDG"))
        }
        if any(cut.values()):
            self._find(
                "name_truncated", "A name is cut short on this card; keep the longer name on file."
            )
        return cut


def _clean(value: str) -> str:
    # Issuers pad with spaces and commas; some pad names with dots or asterisks.
    text = re.sub(r"\s+", " ", value).strip(' ,;*"')
    return "" if text.upper() in EMPTY_WORDS else text


def _halve(given: str, middle: str | None) -> tuple[str, str | None]:
    """``FIRST,MIDDLE`` or ``FIRST MIDDLE`` as versions 2 and 3 write both in one element."""
    first, _, rest = given.replace(",", " ").strip().partition(" ")
    return first, middle or (rest.strip() or None)


def _full_name(full: str) -> tuple[tuple[str | None, str | None, str | None, str | None], bool]:
    """Last, first, middle, suffix of a version 1 whole name; True where the order is a guess."""
    marked = re.split(r"\s*[,@$]\s*", full)
    if len(marked) == 1:
        words = full.split()
        suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
        if len(words) < 2:
            return (full, None, None, suffix), True
        return (words[-1], words[0], " ".join(words[1:-1]) or None, suffix), True
    last, given = marked[0], [part for part in marked[1:] if part]
    suffix = given.pop() if len(given) > 1 and _SUFFIX.fullmatch(given[-1]) else None
    if len(given) == 1:
        first, middle = _halve(given[0], None)
    else:
        first, middle = (given[0] if given else ""), " ".join(given[1:]) or None
    return (last or None, first or None, middle, suffix), False


def _day(raw: str) -> date | None:
    """MMDDCCYY (US from version 2) or CCYYMMDD (version 1, Canada, Wyoming): never both possible.

    A first half of 19xx or 20xx is no month, so at most one reading gives a year 1900 to 2100.
    """
    digits = re.sub(r"[-/. ]", "", raw)
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    for year, month, day in (
        (digits[4:], digits[:2], digits[2:4]),
        (digits[:4], digits[4:6], digits[6:]),
    ):
        if 1900 <= int(year) <= 2100:
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                continue
    return None
