"""Numbers that name a person: SSN, Medicare number, MRN, phone, e-mail; and placeholders."""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_DIGIT = re.compile(r"\D")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension|#)\s*\d{1,6}$", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^0-9a-z]")
_SSN_PLACEHOLDERS = frozenset(("123456789", "987654321", "078051120", "219099999", "457555462"))
_ITIN_GROUPS = frozenset((*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)))
_MBI = re.compile(
    r"^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]"
    r"[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}$"
)
_CONFUSED = str.maketrans("SLOIBZ", "510182")
_EMAIL = re.compile(r"^[^@\s\"(),:;<>\[\\\]]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$")
_NO_EMAIL = frozenset(
    [
        "none",
        "no",
        "na",
        "noemail",
        "nomail",
        "decline",
        "declined",
        "refused",
        "unknown",
        "test",
        "noreply",
        "donotreply",
        "patient",
        "notprovided",
        "x",
        "xx",
        "xxx",
    ]
)
EMAIL_TYPOS = {
    "gmail.con": "gmail.com", "gmial.com": "gmail.com", "gmai.com": "gmail.com",
    "gmal.com": "gmail.com", "gnail.com": "gmail.com", "gmail.co": "gmail.com",
    "yahoo.con": "yahoo.com", "yaho.com": "yahoo.com", "hotmail.con": "hotmail.com",
    "hotmal.com": "hotmail.com", "outlook.con": "outlook.com", "iclould.com": "icloud.com",
    "icloud.con": "icloud.com", "aol.con": "aol.com",
}  # fmt: skip


@lru_cache(maxsize=4_096)
def comparable_ssn(text: str | None) -> str | None:
    """Nine digits of an SSN or ITIN that could be one person's, or None (absent, placeholder)."""
    digits = _NOT_DIGIT.sub("", text or "")
    if len(digits) != 9 or digits in _SSN_PLACEHOLDERS or len(set(digits)) == 1:
        return None
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if area in ("000", "666") or group == "00" or serial == "0000":
        return None
    if area[0] == "9" and int(group) not in _ITIN_GROUPS:
        return None
    return None if digits == "999999999" else digits


def comparable_ssn4(text: str | None) -> str | None:
    """The last four of a usable SSN, or of one of which only four digits are known."""
    whole = comparable_ssn(text)
    if whole is not None:
        return whole[5:]
    digits = _NOT_DIGIT.sub("", text or "")
    return digits if len(digits) == 4 and digits not in ("0000", "9999", "1111") else None


@lru_cache(maxsize=4_096)
def comparable_mbi(text: str | None) -> str | None:
    """An MBI with S L O I B Z, which CMS never uses, read as the digits they resemble.

    Both sides of a comparison pass through here; what is not shaped like an MBI is None.
    """
    word = _NOT_WORD.sub("", (text or "").lower()).upper()
    if len(word) != 11 or len(set(word)) < 4:
        return None
    return word.translate(_CONFUSED) if mbi_repaired(word) else None


def mbi_repaired(word: str) -> str | None:
    """The MBI that eleven typed characters must mean, or None (CMS format, 11 positions)."""
    plain = word.translate(_CONFUSED)
    return plain if _MBI.match(plain) else None


def comparable_mrn(text: str | None) -> str | None:
    """Letters and digits in lower case, leading zeros dropped."""
    word = _NOT_WORD.sub("", (text or "").lower()).lstrip("0")
    return word or None


@lru_cache(maxsize=4_096)
def comparable_phone(text: str | None) -> str | None:
    """Ten digits of a US number (others with their country code), or None for placeholders."""
    digits = _NOT_DIGIT.sub("", _EXTENSION.sub("", text or ""))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if not 7 < len(digits) <= 15 or len(set(digits)) <= 2:
        return None
    if len(digits) == 10 and (digits[0] in "01" or digits[3:] in ("5555555", "0000000", "1234567")):
        return None
    return None if digits in ("1234567890", "9876543210", "0123456789") else digits


@lru_cache(maxsize=4_096)
def comparable_email(text: str | None) -> str | None:
    """The address in lower case, or None where it is none or says only that there is none."""
    word = (text or "").strip().lower()
    if not _EMAIL.match(word):
        return None
    name, _, host = word.partition("@")
    plain = _NOT_WORD.sub("", name)
    if plain in _NO_EMAIL or host in ("none.com", "noemail.com", "na.com", "test.com"):
        return None
    return f"{name}@{EMAIL_TYPOS.get(host, host)}"
