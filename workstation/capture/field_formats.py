"""What each field of a card must look like, and the repairs that its format alone settles."""

from __future__ import annotations

import re
from datetime import date

from workstation.capture.label_words import NOT_NAMES

_TO_DIGIT = str.maketrans("OQDILSBZG", "000115826")
_TO_LETTER = str.maketrans("01582", "OISBZ")
# CMS, "Understanding the MBI": C numeric 1-9, N numeric, A letter, X either; no S L O I B Z.
_MBI_SHAPE = "CAXNAXNAANN"
_MBI_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_PHONE = re.compile(r"[\s(]*(?:1[\s\-.]+)?\(?[2-9][0-9]{2}[)\-.\s]+[2-9][0-9]{2}[\-.\s][0-9]{4}\b")
_MONTHS = {
    name: index + 1
    for index, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_DATE = re.compile(
    r"(?<![0-9])(?:(?P<m>[0-9]{1,2})[/\-.](?P<d>[0-9]{1,2})[/\-.](?P<y>[0-9]{4}|[0-9]{2})"
    r"|(?P<Y>[0-9]{4})-(?P<M>[0-9]{2})-(?P<D>[0-9]{2})"
    r"|(?P<mm>[0-9]{2})[/\-](?P<yy>[0-9]{4}))(?![0-9])"
)
_OF_CARE = re.compile(
    r"(?i)\b(?:clinic|family|health|medical|center|group|associates|care|physicians|pediatrics|"
    r"practice|md|do|np)\b"
)
_WORD_DATE = re.compile(
    r"(?:(?P<d1>[0-9]{1,2})[ \-])?(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"[ .\-]*(?:(?P<d2>[0-9]{1,2})[, ]+)?(?P<y>[0-9]{4})",
    re.IGNORECASE,
)


def mbi(text: str) -> str | None:
    """A Medicare beneficiary identifier, 11 characters without dashes, or None.

    Each position takes only a digit or only a letter (never S, L, O, I, B, Z), which settles O/0,
    I/1, S/5, B/8 and Z/2; the identifier has no check digit.
    """
    raw = re.sub(r"[\s\-.]", "", text.upper())
    if len(raw) != len(_MBI_SHAPE):
        return None
    out = []
    for char, kind in zip(raw, _MBI_SHAPE, strict=True):
        fixed = _mbi_char(char, kind)
        if fixed is None:
            return None
        out.append(fixed)
    return "".join(out)


def _mbi_char(char: str, kind: str) -> str | None:
    if kind == "A":
        return char if char in _MBI_LETTERS else None
    digit = char.translate(_TO_DIGIT) if char in "OILSBZ" or kind in "CN" else char
    if kind == "X":
        return digit if digit.isdigit() or digit in _MBI_LETTERS else None
    good = digit.isdigit() and digit.isascii() and not (kind == "C" and digit == "0")
    return digit if good else None


def member_id(text: str) -> tuple[str, str | None] | None:
    """Identifier without spaces and dashes, and a person code that stood apart; None if neither.

    6 to 20 characters with at least four digits; a leading bare 80840 is the issuer, not the id.
    """
    if _PHONE.match(text) or a_date(text) is not None:
        return None
    words = text.strip(" .:#*,;").upper().split()
    while words and words[0] in ("80840", "(80840)"):
        words.pop(0)
    kept: list[str] = []
    for word in words:
        clean = word.strip(".,:;()*'")
        if not re.fullmatch(r"[A-Z0-9\-/]+", clean):
            break
        if kept and clean.isalpha() and len(clean) > 3:
            break
        kept.append(clean)
    joined = "-".join(kept)
    code = None
    suffix = re.fullmatch(r"(.{7,}?)[\-/](0[0-9])", joined)
    if suffix and len(re.sub(r"[^A-Z0-9]", "", suffix[1])) >= 7 and not mbi(joined):
        joined, code = suffix[1], suffix[2]
    value = re.sub(r"[^A-Z0-9]", "", joined)
    if not 6 <= len(value) <= 20 or sum(c.isdigit() for c in value) < 4:
        return None
    return value, code


def group_number(text: str) -> str | None:
    """2 to 20 letters, digits and dashes with at least two digits."""
    words = text.strip(" .:#*,;").upper().split()
    if not words:
        return None
    value = words[0].strip(".,:;()#")
    if len(words) > 1 and re.fullmatch(r"[0-9]{2,6}", words[1]) and len(value) <= 4:
        value += words[1]
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-]{1,19}", value) or sum(map(str.isdigit, value)) < 2:
        return None
    return None if _PHONE.match(text) or a_date(value) is not None else value


def rx_bin(text: str) -> str | None:
    """Six digits (eight since 2017); letters that look like digits are repaired."""
    plain = re.sub(r"(?<=[0-9])[.·,'](?=[0-9])", "", text.upper())
    match = re.match(r"[\s#:.]*([0-9OQDILSBZG]{8}|[0-9OQDILSBZG]{6})(?![A-Z0-9])", plain)
    if match is None or sum(map(str.isdigit, match[1])) < 3:
        return None
    return match[1].translate(_TO_DIGIT)


def short_code(text: str, longest: int) -> str | None:
    """A processor control number or pharmacy group: letters and digits in one word."""
    words = text.strip(" .:#*,;").upper().split()
    if not words:
        return None
    value = words[0].strip(".,:;()#")
    if not re.fullmatch(rf"[A-Z0-9][A-Z0-9\-]{{0,{longest - 1}}}", value):
        return None
    return None if value.lower() in NOT_NAMES or value in _NO_CODES else value


_NO_CODES = frozenset(
    {"RXGRP", "RXBIN", "RXPCN", "UC", "ER", "ED", "OV", "SPC", "PCP", "SP", "TTY"}
)
"""Labels of pharmacy and copays that stand where a code might."""


def payer_code(text: str) -> str | None:
    """Five letters or digits, digits prevailing, as clearinghouses number payers."""
    match = re.match(r"[\s#:.]*([A-Z0-9]{5,6})(?![A-Z0-9])", text.upper())
    if match is None or sum(map(str.isdigit, match[1])) < 2:
        return None
    return match[1]


def contract_pbp(text: str) -> str | None:
    """CMS contract and plan benefit package of Medicare Advantage or Part D, ``H1234-001``."""
    match = re.search(r"(?<![A-Z0-9])([HRSE][0-9]{4})[\s\-–]{1,3}([0-9]{3})(?![0-9])", text.upper())
    return f"{match[1]}-{match[2]}" if match else None


def a_date(text: str) -> tuple[date, bool] | None:
    """The first date of a text and whether its day was printed; None where there is none."""
    if match := _DATE.search(text):
        if match["yy"]:
            return _day(int(match["yy"]), int(match["mm"]), 1, False)
        if match["Y"]:
            return _day(int(match["Y"]), int(match["M"]), int(match["D"]), True)
        year = int(match["y"])
        return _day(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]), True)
    if match := _WORD_DATE.search(text):
        day = match["d1"] or match["d2"]
        month = _MONTHS[match["mon"].lower()]
        return _day(int(match["y"]), month, int(day or 1), day is not None)
    return None


def _day(year: int, month: int, day: int, exact: bool) -> tuple[date, bool] | None:
    if not 1965 <= year <= 2100:
        return None
    try:
        return date(year, month, day), exact
    except ValueError:
        return None


def run_together(text: str) -> str | None:
    """A name whose spaces the reader lost: one long word in capitals, for a person to part."""
    clean = text.strip(" .,:;*")
    long_word = re.fullmatch(r"[A-Z][A-Z.'\-]{8,30}", clean)
    return clean if long_word and clean.lower() not in NOT_NAMES else None


def doctor_or_clinic(text: str) -> str | None:
    """Who cares for the patient: a person's name, or two to six capitalised words of a clinic."""
    clean = re.split(r"\s*[(\d$]", text.strip(" .,:;*#"))[0].strip(" .,:;-")
    if (name := person_name(clean)) is not None:
        return name
    words = clean.split()
    formed = all(re.fullmatch(r"[A-Z&][A-Za-z&.'’,\-]*|of|and|at|the", word) for word in words)
    if not formed or not 2 <= len(words) <= 6 or not 6 <= len(clean) <= 45:
        return None
    return clean if _OF_CARE.search(clean) else None


def person_name(text: str) -> str | None:
    """Two to five words of letters that are no words of insurance; as printed."""
    clean = re.sub(r"^[\s#:.\-]*(?:[0-9]{1,2}[\s\-.:]+)?", "", text).strip(" .,:;*")
    clean = re.sub(r"\s*[\-(]?\b[0-9]{2}\)?$", "", clean).strip()
    words = clean.replace(",", " ").split()
    if not 2 <= len(words) <= 5 or len(clean) > 40:
        return None
    if not all(re.fullmatch(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.'’\-]*", word) for word in words):
        return None
    if any(word.lower().strip(".") in NOT_NAMES for word in words):
        return None
    if not any(len(word.strip(".")) > 1 for word in words[-1:] + words[:1]):
        return None
    return clean if all(word[0].isupper() for word in words) else None
