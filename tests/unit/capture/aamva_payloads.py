"""Invented licence payloads of every version, and the ways in which scanners mangle them."""

from __future__ import annotations

import random
import re
from datetime import date

ISSUER = {"TX": "636015", "CT": "636006", "WY": "636060", "NY": "636001", "LA": "636007",
          "OR": "636029", "ON": "636012", "CA": "636014", "FL": "636010"}  # fmt: skip

PERSON = {
    "last": "EXAMPLE", "first": "MARISOL", "middle": "JUNE", "suffix": "JR",
    "born": date(1984, 2, 29), "issued": date(2024, 3, 1), "expires": date(2032, 2, 29),
    "sex": "2", "street": "100 SPECIMEN RD", "city": "DADE CITY", "state": "TX",
    "zip": "787010000", "number": "12345678",
}  # fmt: skip


def payload(version: int, state: str = "TX", **changes: object) -> str:
    """One card as that version's standard writes it."""
    p = {**PERSON, "state": state, **changes}
    canada = state == "ON"
    year_first = version == 1 or canada or (state == "WY" and version == 4)
    day = (lambda d: d.strftime("%Y%m%d")) if year_first else (lambda d: d.strftime("%m%d%Y"))
    rows = [f"DAQ{p['number']}"]
    if version == 1:
        rows += [f"DAA{p['last']},{p['first']},{p['middle']},{p['suffix']}"]
    elif version < 4:
        rows += [f"DCS{p['last']}", f"DCT{p['first']} {p['middle']}", f"DCU{p['suffix']}"]
    else:
        rows += [f"DCS{p['last']}", "DDEN", f"DAC{p['first']}", "DDFN", f"DAD{p['middle']}",
                 "DDGT", f"DCU{p['suffix']}", "DCAC", "DCBNONE", "DCDNONE"]  # fmt: skip
    sex = {"1": "M", "2": "F"}[str(p["sex"])] if version == 1 else p["sex"]
    rows += [f"DBD{day(p['issued'])}", f"DBB{day(p['born'])}", f"DBA{day(p['expires'])}",
             f"DBC{sex}", "DAU064 in", "DAYBRO", f"DAG{p['street']}", f"DAI{p['city']}",
             f"DAJ{p['state']}", f"DAK{p['zip']}  "]  # fmt: skip
    if version > 1:
        rows += ["DCF99EXAMPLE0001", f"DCG{'CAN' if canada else 'USA'}", "DAW150"]
    if version >= 8:
        rows += ["DDAF", "DDB01012020", "DDK1"]
    if version >= 11:
        rows += ["DDM0", "DDN0"]
    entries = "02" if version == 1 else "0002"
    head = f"@\n\x1e\rANSI {ISSUER[state]}{version:02d}{entries}DL00410278ZX03190008DL"
    return head + "\n".join(rows) + "\r" + "ZXZXA1\nZXB\r"


# Ordinary words, some of which hold element ids (DAC, DAI, DAD, DAR, DCA).
_LAST = ("SMITH", "GARCIA", "ONEIL", "DACOSTA", "DAIGLE", "ADAMS", "DE-LA-CRUZ", "LI", "HADDAD",
         "KOWALCZYK", "WASHINGTON", "DAVIDSON")  # fmt: skip
_FIRST = ("JO", "MARIA", "DAISY", "DARREN", "MANDA", "WILLIAM", "DAVID", "LUZ", "DAN", "ALYSSA")
_STREET = ("100 MAIN ST", "1 DADE AVE APT 4", "PO BOX 9", "7 RUE DAUPHINE", "12 N DAKOTA BLVD")
_CITY = ("AUSTIN", "DADE CITY", "DAYTON", "DALLAS", "ST PAUL", "SAN DIEGO")
FIELDS = ("last_name", "first_name", "middle_name", "suffix", "birth_date", "sex", "street", "city",
          "state", "zip", "number", "issue_date", "expiration_date")  # fmt: skip


def by_lot(seed: int) -> tuple[str, dict[str, object]]:
    """A payload of any version and issuer, and the fields that a reading of it must have."""
    rng = random.Random(seed)
    version, state = rng.randrange(1, 12), rng.choice(sorted(ISSUER))
    zips = ("T5K2J1", "T5K 2J1") if state == "ON" else rng.choice(
        (("787010000", "78701"), ("787011234", "78701-1234"), ("78701", "78701")))  # fmt: skip
    told: dict[str, object] = {
        "last": rng.choice(_LAST), "first": rng.choice(_FIRST), "middle": rng.choice(_FIRST),
        "suffix": rng.choice(("", "JR", "III")), "sex": rng.choice("12"), "zip": zips[0],
        "born": date(rng.randrange(1920, 2015), rng.randrange(1, 13), rng.randrange(1, 29)),
        "street": rng.choice(_STREET), "city": rng.choice(_CITY),
        "number": rng.choice(("D1234567", "12345678", "S123-456-789-012", "X0000001")),
    }  # fmt: skip
    names = ("last", "first", "middle", "suffix", "born", "sex", "street", "city")
    want = dict(zip(FIELDS, (told[name] or None for name in names), strict=False))
    want |= {"birth_date": str(told["born"]), "sex": {"1": "M", "2": "F"}[str(told["sex"])]}
    want |= {"state": state, "zip": zips[1], "number": told["number"]}
    want |= {"issue_date": "2024-03-01", "expiration_date": "2032-02-29"}
    return payload(version, state, **told), want


def glued(text: str) -> str:
    """What is left when a keyboard wedge drops every control character."""
    return re.sub(r"[\r\n\x1e]", "", text)


def mangled(text: str, seed: int) -> bytes:
    """Random damage: bytes dropped, doubled, replaced, cut off, junk in front."""
    rng = random.Random(seed)
    data = bytearray(text.encode())
    for _ in range(rng.randrange(12)):
        at = rng.randrange(len(data))
        act = rng.randrange(4)
        if act == 0:
            del data[at]
        elif act == 1:
            data.insert(at, rng.randrange(256))
        elif act == 2:
            data[at] = rng.randrange(256)
        else:
            del data[at : at + rng.randrange(30)]
    return bytes(rng.randrange(256) for _ in range(rng.randrange(4))) + bytes(data)
