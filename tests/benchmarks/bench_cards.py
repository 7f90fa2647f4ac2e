"""What the reader gets right on cards whose words and typefaces it was not made for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import cv2
from card_deck import KEY_FIELDS, KINDS, DeckCard, deal
from figures import Table
from rapidocr import RapidOCR

from workstation.capture.images import Picture
from workstation.capture.photograph import SEVERITIES, photograph
from workstation.capture.read_card import CardReader

HELD_OUT = 1
GOALS = {"flat": 97, "scan": 97, "desk": 96, "hard": 85, "fax": 75}
ROUNDS = 2
"""Cards of each kind at each severity."""


def test_what_is_read_right(table: Table) -> None:
    """Card fields read right, percent"""
    reader, engine = CardReader(), RapidOCR(params={"Global.log_level": "critical"})
    reader.warm_up()
    believed: Counter[tuple[int, bool]] = Counter()
    wrong_ids = seen = 0
    for severity in SEVERITIES:
        right: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for seed in range(ROUNDS * len(KINDS)):
            card = deal(seed, HELD_OUT)
            sides = [
                photograph(side, severity, seed + n)
                for n, side in enumerate((card.front, card.back))
            ]
            told = reader.read(*map(_png, sides)).as_json()
            text = _plain("".join(str(line) for side in sides for line in engine(side).txts or ()))
            got = _got(told)
            for name, sure, fine in _judged(card, got, told["confidence"]):
                group = name if name in ("copays", "plan_type") else "key"
                asked[group] += 1
                right[group] += fine
                believed[int(min(sure, 0.99) * 10), fine] += 1
            for name in KEY_FIELDS:
                asked["text"] += 1
                right["text"] += _plain(card.truth[name]) in text
            seen += 1
            wrong_ids += _wrong_unflagged(card, got, told["review"])
        share = {group: 100 * right[group] / asked[group] for group in asked}
        goal = f"goal {GOALS[severity]}; baseline: the value is somewhere in rapidocr's own text"
        table.line(f"{severity}: key fields", share["key"], share["text"], remark=goal)
        table.line(f"{severity}: copays with their kind", share["copays"], remark="goal 90")
        table.line(f"{severity}: plan type", share["plan_type"], remark="goal 95")
    table.line(
        "member id wrong and not flagged", 100 * wrong_ids / seen, remark=f"goal 0.5; {seen} cards"
    )
    for tenth in range(10):
        fine, poor = believed[tenth, True], believed[tenth, False]
        if fine + poor:
            words = f"right where {tenth * 10}-{tenth * 10 + 9} % sure"
            table.line(words, 100 * fine / (fine + poor), remark=f"{fine + poor} fields")


def _judged(
    card: DeckCard, got: Mapping[str, Any], sure: Mapping[str, float]
) -> list[tuple[str, float, bool]]:
    """Each field with how sure the reader was, and whether it is right."""
    rows = [
        (name, sure.get(name.removesuffix("_name") if name == "payer_name" else name, 0.0),
         _plain(got.get(name)) == _plain(card.truth[name]))
        for name in (*KEY_FIELDS, "plan_type")
    ]  # fmt: skip
    for kind, cents in card.truth["copays"].items():
        rows.append(("copays", sure.get(f"copays.{kind}", 0.0), got["copays"].get(kind) == cents))
    return rows


def _got(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "payer_name": told["payer"]["name"], "payer_id": told["payer"]["payer_id"]}


def _wrong_unflagged(card: DeckCard, got: Mapping[str, Any], review: list[str]) -> bool:
    read = _plain(got["member_id"])
    return bool(read) and read != _plain(card.truth["member_id"]) and "member_id" not in review


def _plain(text: str | None) -> str:
    return re.sub(r"[^A-Z0-9]", "", (text or "").upper())


def _png(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])
