"""Receipt numbers ``WS-NNNNNN-C``: workstation code, gapless counter, ISO 7064 mod 37,36 check.

The check character catches every single wrong character and nearly every swap of neighbours
(ISO/IEC 7064:2003, hybrid system MOD 37,36; letters O and I may therefore appear as check).
"""

from __future__ import annotations

import re

from workstation.kernel.errors import NotUnderstood

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE = re.compile(r"^[0-9A-HJKMNP-TV-Z]{2,3}$")
_NUMBER = re.compile(r"^(?P<code>[0-9A-HJKMNP-TV-Z]{2,3})-(?P<n>\d{6,})-(?P<check>[0-9A-Z])$")


def check_character(text: str) -> str:
    """The ISO 7064 mod 37,36 check character of ``text`` (digits and A-Z)."""
    product = 36
    for character in text:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def receipt_number(code: str, n: int) -> str:
    """The ``n``-th receipt (from 1) of the workstation with this server-issued code."""
    if not _CODE.match(code):
        raise ValueError("a receipt code is 2-3 characters of base32 without I, L, O, U")
    if n < 1:
        raise ValueError("receipts are counted from 1")
    digits = f"{n:06d}"
    return f"{code}-{digits}-{check_character(code + digits)}"


def read_receipt_number(text: str) -> tuple[str, int]:
    """Code and counter of a typed or scanned receipt number.

    Raises NotUnderstood ``receipt_no_not_understood`` where the form or the check character is off.
    """
    match = _NUMBER.match(text.strip().upper())
    if match is None or check_character(match["code"] + match["n"]) != match["check"]:
        raise NotUnderstood(
            "receipt_no_not_understood",
            "This is not a receipt number of ours, or one character of it was misread.",
            "Compare it with the paper; it looks like K7-000042-3.",
            field="receipt_no",
        )
    return match["code"], int(match["n"])
