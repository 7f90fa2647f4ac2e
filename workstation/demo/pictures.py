"""A cast member's card and licence as photographs, the way that a camera or scanner gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2

from workstation.capture.images import Picture
from workstation.capture.photograph import photograph
from workstation.capture.specimens import draw_card, draw_licence_back

_SEED = 14


def card_of(person: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Front and back of the Blue PPO card of a person, photographed on a desk.

    ``person`` has ``last``, ``first``, ``middle``, ``member_id`` and ``group``. The files say
    nothing of whom they show.
    """
    name = f"{person['first']} {person['middle'][:1]} {person['last']}".upper()
    facts = {
        "member_name": name,
        "member_id": person["member_id"],
        "group_number": person["group"],
        "payer_name": "Lone Star Blue PPO",
        "payer_id": "99001",
        "effective_date": "2026-01-01",
    }
    card = draw_card("blue_ppo", _SEED, facts)
    front = _write(folder / "front.png", photograph(card.front, "desk", _SEED))
    return front, _write(folder / "back.png", photograph(card.back, "scan", _SEED))


def licence_of(person: Mapping[str, Any], today: date, folder: Path) -> Path:
    """The back of a licence with its barcode (AAMVA DL/ID 2020)."""
    born = date.fromisoformat(person["dob"])
    fields = (
        ("DCS", person["last"]),
        ("DDE", "N"),
        ("DAC", person["first"].upper()),
        ("DDF", "N"),
        ("DAD", (person.get("middle") or "").upper()),
        ("DDG", "N"),
        ("DBB", f"{born:%m%d%Y}"),
        ("DBC", "2" if person["sex"] == "F" else "1"),
        ("DBD", f"{today - timedelta(days=700):%m%d%Y}"),
        ("DBA", f"{today + timedelta(days=1100):%m%d%Y}"),
        ("DAG", person["street"].upper()),
        ("DAI", person["city"].upper()),
        ("DAJ", person["state"]),
        ("DAK", f"{person['zip']}0000"),
        ("DAQ", "12345678"),
        ("DCG", "USA"),
    )
    body = "DL" + "\n".join(f"{key}{value}" for key, value in fields) + "\r"
    head = "@\n\x1e\rANSI 636015090001"
    payload = f"{head}DL{len(head) + 10:04d}{len(body):04d}{body}"
    image = draw_licence_back(payload)
    return _write(folder / "back-of-licence.png", photograph(image, "flat", _SEED))


def _write(file: Path, picture: Picture) -> Path:
    cv2.imwrite(str(file), picture)
    return file
