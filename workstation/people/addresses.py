"""Addresses in the basic form of USPS Publication 28, good enough to compare; no delivery check.

What has no house number (PO Box, rural route, General Delivery, overseas military, "homeless") is
kept as it is, in one spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workstation.people.names import fold

_STREET = {
    "aly": "alley ally allee",
    "ave": "avenue av aven avenu avn avnue avenida",
    "blvd": "boulevard boul boulv",
    "br": "branch",
    "byp": "bypass",
    "cir": "circle circ crcl",
    "cv": "cove",
    "ct": "court crt",
    "xing": "crossing crssng",
    "dr": "drive driv drv",
    "expy": "expressway exp expr express",
    "ext": "extension extn",
    "fwy": "freeway frwy",
    "hwy": "highway hiway hway",
    "hl": "hill",
    "hls": "hills",
    "jct": "junction",
    "lk": "lake",
    "lndg": "landing",
    "ln": "lane",
    "loop": "loops",
    "mnr": "manor",
    "mdws": "meadows",
    "ovlk": "overlook",
    "pkwy": "parkway parkwy pky",
    "pl": "place",
    "plz": "plaza",
    "pt": "point",
    "rdg": "ridge",
    "rd": "road",
    "rte": "route",
    "sq": "square sqr",
    "st": "street str strt",
    "ter": "terrace terr",
    "trce": "trace",
    "trl": "trail trls",
    "tpke": "turnpike trnpk",
    "vly": "valley",
    "vw": "view",
    "vlg": "village",
    "xrd": "crossroad",
}
_DIRECTIONS = {
    "n": "north norte",
    "s": "south sur",
    "e": "east este",
    "w": "west oeste",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
}
_UNITS = {
    "apt": "apartment apartamento apto",
    "bldg": "building edificio",
    "fl": "floor",
    "ste": "suite",
    "unit": "",
    "rm": "room",
    "spc": "space",
    "lot": "",
    "trlr": "trailer",
    "ph": "penthouse",
    "dept": "department",
}
_ORDINALS = {
    word: number
    for number, words in (
        ("1st", "first"),
        ("2nd", "second"),
        ("3rd", "third"),
        ("4th", "fourth"),
        ("5th", "fifth"),
        ("6th", "sixth"),
        ("7th", "seventh"),
        ("8th", "eighth"),
        ("9th", "ninth"),
        ("10th", "tenth"),
    )
    for word in words.split()
}


def _spellings(*tables: dict[str, str]) -> dict[str, str]:
    return {word: short for t in tables for short, words in t.items() for word in words.split()}


_SHORT = _spellings(_STREET, _DIRECTIONS, _UNITS) | _ORDINALS
_UNIT_WORDS = frozenset(_UNITS) | {"#"}
_BOX = re.compile(r"^(?:p ?o |post office |apartado )?box (\w+)|^apartado (\w+)")
_RURAL = re.compile(r"^(?:rr|rural route|rural rte|rfd|rd|r r) (\w+) box (\w+)")
_HIGHWAY_CONTRACT = re.compile(
    r"^(?:hc|highway contract|star route)(?: rte| route)? (\w+) box (\w+)"
)
_MILITARY = re.compile(r"^(psc|cmr|unit|ship)s? (\w+)(?: box (\w+))?")
_NOWHERE = frozenset(
    ("homeless", "unhoused", "no fixed address", "no address", "unknown", "none", "transient",
     "undomiciled", "na", "n a", "same", "unk", "general delivery")
)  # fmt: skip


@lru_cache(maxsize=4_096)
def usual_street(text: str | None) -> str:
    """``123 North Main Street, Apartment 4B`` as ``123 n main st apt 4b``; empty where absent."""
    folded = fold((text or "").replace("#", " apt ").replace("1/2", " half "))
    special = None if folded[:1].isdigit() else _special(folded)
    if special is not None:
        return special
    words = [_SHORT.get(w, w) for w in folded.split()]
    if words[:1] == ["urb"] or words[:1] == ["urbanizacion"]:
        words[0] = "urb"
    kept = [w for i, w in enumerate(words) if not (w == "apt" and words[i + 1 : i + 2] and
                                                   words[i + 1] in _UNIT_WORDS)]  # fmt: skip
    return " ".join(kept)


def _special(folded: str) -> str | None:
    plain = folded.replace("p o box", "po box")
    box = _BOX.match(plain)
    if box is not None:
        return f"po box {box[1] or box[2]}"
    for form, word in ((_RURAL, "rr"), (_HIGHWAY_CONTRACT, "hc")):
        found = form.match(plain)
        if found is not None:
            return f"{word} {found[1]} box {found[2]}"
    military = _MILITARY.match(plain)
    if military is not None and military[1] != "unit":
        return " box ".join(filter(None, (f"{military[1]} {military[2]}", military[3])))
    return plain if plain in _NOWHERE else None


def is_nowhere(text: str | None) -> bool:
    """Words for having no address (homeless, General Delivery, unknown): stored, never compared."""
    return usual_street(text) in _NOWHERE or not usual_street(text)


@lru_cache(maxsize=4_096)
def house_and_street(text: str | None) -> tuple[str, str] | None:
    """What two writings of one address share: house (or box) number and street, no unit."""
    usual = usual_street(text)
    if not usual or usual in _NOWHERE:
        return None
    words = usual.split()
    if words[0] in ("po", "rr", "hc", "psc", "cmr", "ship"):
        return words[-1], " ".join(words[:-1])
    if words[0] == "urb":
        words = words[1:]
    start = next((i for i, w in enumerate(words) if w[0].isdigit()), None)
    if start is None or start + 1 >= len(words):
        return None
    rest: list[str] = []
    for word in words[start + 1 :]:
        if word in _UNIT_WORDS:
            break
        if word != "half":
            rest.append(word)
    names = [w for w in rest if w not in _DIRECTIONS and w not in _STREET]
    return (words[start], " ".join(names or rest)) if rest else None


@lru_cache(maxsize=4_096)
def comparable_zip(text: str | None) -> str | None:
    """Five digits, or None for absent and placeholder codes."""
    digits = re.sub(r"\D", "", text or "")
    if len(digits) == 4:
        digits = "0" + digits
    return digits[:5] if len(digits) in (5, 9) and digits[:5] not in ("00000", "99999") else None
