"""Invented people, the same ones every time: names, birth dates, addresses that do not exist."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import resources

_NAMES = json.loads(
    (Path(resources.__file__).parent / "demo" / "names.json").read_text(encoding="utf-8")
)
_STREETS: list[str] = _NAMES["streets"]
_PLACES = (
    ("Austin", "78701"),
    ("Austin", "78704"),
    ("Austin", "78745"),
    ("Round Rock", "78664"),
    ("Pflugerville", "78660"),
    ("Cedar Park", "78613"),
    ("San Marcos", "78666"),
    ("Georgetown", "78626"),
)


def people(count: int, today: date, seed: int = 20261123) -> Iterator[dict[str, Any]]:
    """``count`` invented people as Person JSON; the same seed gives the same people."""
    dice = random.Random(seed)  # noqa: S311  (not secret: invented names)
    pairs = [(last, first, sex) for last in _NAMES["last"] for first, sex in _given()]
    for number, (last, first, sex) in enumerate(dice.sample(pairs, count)):
        city, zip_code = dice.choice(_PLACES)
        yield {
            "last": last.upper(),
            "first": first,
            "middle": dice.choice(["", "", "A", "J", "M", "R"]) or None,
            "dob": _birth(dice, today).isoformat(),
            "sex": sex,
            "ssn": None,
            "mrn": f"{40000 + number:07d}",
            "phones": [f"(512) 555-{dice.randrange(100, 200):04d}"],
            "email": None,
            "street": f"{dice.randrange(100, 9900)} {dice.choice(_NAMES['streets'])} St",
            "city": city,
            "state": "TX",
            "zip": zip_code,
            "race_ethnicity": ["declined"],
            "language": dice.choices(["en", "es", "vi"], [80, 17, 3])[0],
        }


def _given() -> list[tuple[str, str]]:
    return [(name, "F") for name in _NAMES["female"]] + [(name, "M") for name in _NAMES["male"]]


def _birth(dice: random.Random, today: date) -> date:
    years = dice.choices([2, 12, 25, 40, 55, 70, 82], [8, 8, 15, 22, 20, 19, 8])[0]
    return today - timedelta(days=years * 365 + dice.randrange(0, 365 * 6))
