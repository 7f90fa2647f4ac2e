"""Diagnosis codes as an order or referral names them: ICD-10-CM, by their form alone."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
_BETWEEN = re.compile(r"[,;\s]+")


def diagnosis_codes(text: str) -> tuple[str, ...] | None:
    """The codes of a text, each with its point; None where one of them has not the form of a code.

    Whether a code exists and may be billed is for coding, with the edition of the day of service.
    """
    found = []
    for word in _BETWEEN.split(text.strip().upper()):
        if not word:
            continue
        if not _CODE.fullmatch(word):
            return None
        bare = word.replace(".", "")
        found.append(f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare)
    return tuple(dict.fromkeys(found))
