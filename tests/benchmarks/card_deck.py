"""Invented insurance cards drawn by a grammar, to measure the reader on cards it was not made for.

A card is a title, a block of identity, a block of pharmacy, copays and small print; each block has
its place, its style, its typeface and its words by lot. ``half`` 0 is what may be looked at while
the reader is mended, ``half`` 1 is held out: other words, other styles, other typefaces.
"""

# ruff: noqa: E501  (a row of words is one row here)
from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

import resources

WIDTH, HEIGHT = 1012, 638
KINDS = (
    "medicare",
    "medicaid",
    "blue",
    "hmo",
    "ppo",
    "advantage",
    "military",
    "rx",
    "dense",
    "hdhp",
)
KEY_FIELDS = (
    *("payer_name", "member_id", "member_name", "group_number"),
    *("rx_bin", "rx_pcn", "rx_group", "payer_id"),
)
_OURS = Path(resources.__file__).parent / "fonts"
_FACES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("Inter-Regular.otf", "Inter-Bold.otf"), ("Inter-Medium.otf", "Inter-SemiBold.otf")),
    (("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"),),
)
_FIRST = (
    ("MARISOL", "JONAS", "ADAEZE", "TOBIAS", "LINNEA", "RAFAEL", "WINONA", "PRIYA", "GUS"),
    ("Beatriz", "Oluwaseun", "Kirsten", "Dmitri", "Xochitl", "Brendan", "Mei", "Thaddeus", "Ivy"),
)
_LAST = (
    ("EXAMPLE", "SAMPLE", "TESTERMAN", "PLACEHOLD", "FIXTURE", "MOCKRIDGE", "TRIALBY"),
    ("Specimen", "O'Sample", "Dummy-Jones", "De La Prueba", "Nobody", "Testwright", "Fakenham"),
)
_PAYERS = (
    ("Northwind Health Plan", "Harborlight Insurance", "Copperfield Health", "Juniper Mutual Health",
     "Aetna", "Cigna", "UnitedHealthcare", "Humana"),
    ("Larkspur Health", "Granite State Health Plan", "Saguaro Benefit Administrators", "Tidewater Health Cooperative",
     "Kaiser Permanente", "Molina Healthcare", "Ambetter", "Oscar"),
)  # fmt: skip
_BLUES = (
    ("BlueCross BlueShield of Texas", "Blue Shield of California", "Anthem Blue Cross"),
    ("Highmark Blue Cross Blue Shield", "Florida Blue", "Blue Cross Blue Shield of Michigan"),
)
_LABELS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "member_name": (("Member Name", "Member", "Subscriber Name", "Name"),
                    ("Subscriber", "Enrollee Name", "Cardholder", "Insured", "Member's Name")),
    "member_id": (("Member ID", "ID Number", "Identification Number", "Subscriber ID"),
                  ("Member #", "ID No.", "ID#", "Member ID Number", "Enrollee ID", "Policy Number")),
    "group_number": (("Group Number", "Group No.", "Group", "Group #"),
                     ("Grp", "GRP#", "Group ID", "Employer Group", "Account/Group")),
    "rx_bin": (("RxBIN", "Rx BIN", "BIN"), ("RXBIN#", "Rx Bin No", "Bin Number", "RxBin:")),
    "rx_pcn": (("RxPCN", "PCN", "Rx PCN"), ("RXPCN", "PCN#", "Rx PCN No", "RxPCN:")),
    "rx_group": (("RxGrp", "RxGroup", "Rx Group"), ("RXGRP", "Rx GRP#", "Rx Group No", "RxGRP:")),
    "payer_id": (("Payer ID", "Payer ID:"), ("Electronic Payer ID", "EDI Payer #", "Payor ID", "Payer ID No.")),
    "effective": (("Effective Date", "Effective", "Eff. Date"), ("Coverage Effective", "Eff Date", "Issued", "Effective as of")),
}  # fmt: skip
_COPAYS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "pcp": (("PCP", "Office Visit", "Primary Care"), ("OV", "Primary Care Visit", "PCP Visit", "Primary")),
    "specialist": (("Specialist", "SPC"), ("Spec", "Specialist Visit", "Specialty")),
    "urgent_care": (("Urgent Care", "UC"), ("Urgent", "Urgent Care Center", "Urg Care")),
    "er": (("ER", "Emergency Room", "Emergency"), ("Emergency Dept", "ED", "Emergency Room Visit", "Hospital ER")),
}  # fmt: skip
_COPAY_STYLES = (("column", "slash", "over", "inline"), ("leader", "before", "slash", "column"))
_ALONG = frozenset({"slash", "inline", "over"})
_TYPES = (("PPO", "HMO", "EPO", "POS"), ("PPO", "HMO", "EPO", "POS"))
_PLANS = (
    ("Choice", "Select", "Gold 1500", "Open Access"),
    ("Silver Saver", "Premier Plus", "Navigate", "BlueCare"),
)
_SMALL = (
    ("This card does not guarantee coverage.", "Preauthorization may be required.", "Deductible $1,500 / $3,000"),
    ("Present this card each time you receive care.", "Ded: $750 Ind / $1,500 Fam", "OOP Max $6,000",
     "Possession of this card is not proof of eligibility.", "Coinsurance 20% in network"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeckCard:
    """One card of the deck with what stands on it. ``copays`` are cents by kind."""

    kind: str
    front: Image.Image
    back: Image.Image
    truth: dict[str, Any]


def deal(seed: int, half: int) -> DeckCard:
    """The card of this number; the same number is the same card."""
    rng = random.Random(seed * 2 + half)
    kind = KINDS[seed % len(KINDS)]
    truth = _truth(rng, kind, half)
    front, back = _Side(rng, half), _Side(rng, half)
    _draw_front(front, truth, kind)
    _draw_back(back, truth, kind)
    return DeckCard(kind, front.image, back.image, truth)


def _truth(rng: random.Random, kind: str, half: int) -> dict[str, Any]:
    def digits(count: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(count))

    def letters(count: int) -> str:
        return "".join(rng.choice("ABCDEFGHJKLMNPQRTUVWXY") for _ in range(count))

    middle = rng.choice(("", f" {rng.choice('ABCDEHJKLMRT')}"))
    government = kind in ("medicare", "medicaid", "military")
    pharmacy = kind not in ("medicare", "military", "medicaid")
    member = {
        "medicare": "".join(rng.choice({"C": "123456789", "A": "ACDEFGHJKMNPQRTUVWXY", "N": "0123456789",
                                        "X": "ACDEFGHJKMNPQRTUVWXY0123456789"}[k]) for k in "CAXNAXNAANN"),
        "blue": letters(3) + digits(9), "military": digits(11), "medicaid": digits(10),
        "hmo": rng.choice(("W", "U", "")) + digits(9),
    }.get(kind, rng.choice((digits(9), digits(11), "H" + digits(8))))  # fmt: skip
    kinds = {"medicare": "MEDICARE", "medicaid": "MEDICAID", "hmo": "HMO", "advantage": "MEDICARE_ADVANTAGE",
             "military": "TRICARE", "rx": "RX_ONLY", "hdhp": "HDHP"}  # fmt: skip
    plan_type = kinds.get(kind, rng.choice(_TYPES[half]))
    payer = {
        "medicare": "Medicare", "military": "TRICARE", "blue": rng.choice(_BLUES[half]),
        "medicaid": rng.choice((("Lone Prairie Medicaid", "Sunshine State Medicaid"), ("Medi-Cal", "Star+Plus Medicaid"))[half]),
    }.get(kind, rng.choice(_PAYERS[half]))  # fmt: skip
    copays = {"pcp": rng.choice((0, 15, 20, 25, 30)), "specialist": rng.choice((35, 40, 50, 65)),
              "urgent_care": rng.choice((50, 60, 75)), "er": rng.choice((100, 150, 250, 350))}  # fmt: skip
    has_copays = kind in ("blue", "hmo", "ppo", "dense", "advantage")
    group = rng.choice(
        (
            digits(6),
            f"{digits(2)}-{digits(5)}",
            "G" + digits(6),
            digits(7),
            f"{digits(5)}{letters(1)}{digits(3)}",
        )
    )
    return {
        "payer_name": payer,
        "payer_id": None if government else rng.choice((digits(5), letters(2) + digits(3), "8" + digits(4))),
        "plan_type": plan_type,
        "plan_name": rng.choice(_PLANS[half]),
        "member_id": member,
        "member_name": f"{rng.choice(_FIRST[half])}{middle} {rng.choice(_LAST[half])}",
        "group_number": None if government else group,
        "rx_bin": rng.choice(("610279", "004336", "003858", "610011", "015581", "610502")) if pharmacy else None,
        "rx_pcn": rng.choice(("9999", "ADV", "A4", "MEDDADV", "CTRXMEDD", "03200000", "IRX", "PDPI")) if pharmacy else None,
        "rx_group": rng.choice(("RX" + digits(4), "UHEALTH", letters(3) + digits(3), "COS", "RXINN01", digits(6))) if pharmacy else None,
        "effective": f"{rng.randrange(1, 13):02d}/01/20{rng.randrange(22, 27)}",
        "copays": {name: 100 * amount for name, amount in copays.items()} if has_copays else {},
        "phone": f"8{rng.choice(('00', '88', '77'))}-555-{rng.randrange(100, 199):04d}",
    }  # fmt: skip


@cache
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_OURS / file), size)


class _Side:
    """One side of a card and the hand that draws it."""

    def __init__(self, rng: random.Random, half: int) -> None:
        self.rng = rng
        self.half = half
        self.plain, self.bold = rng.choice(_FACES[half])
        ground = (
            (255, 255, 255),
            (246, 248, 252),
            (250, 247, 240),
            (226, 238, 250),
            (236, 246, 232),
        )
        self.image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(ground))
        self.pen = ImageDraw.Draw(self.image)
        self.ink = rng.choice(((16, 16, 20), (24, 34, 60), (52, 52, 56)))
        self.accent = rng.choice(
            ((22, 82, 150), (10, 100, 84), (150, 50, 20), (92, 40, 120), (0, 0, 0))
        )
        self.title = self.accent
        self.style = rng.choice((("right", "run", "over"), ("right", "over", "colon"))[half])
        self.bold_values = rng.random() < 0.7
        self.upper = rng.random() < 0.3

    def say(
        self, x: float, y: float, text: str, size: int, *, bold: bool = False, color: Any = None
    ) -> float:
        """Draws a text and tells where it ends."""
        font = _font(self.bold if bold else self.plain, size)
        self.pen.text((x, y), text, font=font, fill=color or self.ink)
        return x + font.getlength(text)

    def label(self, name: str) -> str:
        word = self.rng.choice(_LABELS[name][self.half])
        return word.upper() if self.upper else word

    def pairs(self, x: float, y: float, rows: Sequence[tuple[str, str | None]], size: int) -> float:
        """A block of labels and values in this side's style; the next free row."""
        rows = [(label, value) for label, value in rows if value is not None]
        widest = max((_font(self.plain, size).getlength(label) for label, _ in rows), default=0)
        for label, value in rows:
            assert value is not None
            if self.style == "over":
                self.say(x, y, label, int(size * 0.72))
                self.say(x, y + size * 0.85, value, size, bold=self.bold_values)
                y += size * 2.15
            elif self.style == "right":
                self.say(x, y, label, size)
                self.say(x + widest + 24, y, value, size, bold=self.bold_values)
                y += size * 1.45
            else:
                mark = ":" if self.style == "colon" and not label.endswith(":") else ""
                end = self.say(x, y, label + mark, size)
                self.say(end + size * 0.35, y, value, size, bold=self.bold_values)
                y += size * 1.45
        return y


def _draw_front(side: _Side, t: dict[str, Any], kind: str) -> None:
    rng = side.rng
    shown = t["payer_name"].upper() if rng.random() < 0.25 else t["payer_name"]
    if kind in ("medicare", "military") or rng.random() < 0.25:
        side.pen.rectangle((0, 0, WIDTH, 96), fill=side.accent)
        side.title = (255, 255, 255)
        words = "MEDICARE HEALTH INSURANCE" if kind == "medicare" else shown
        side.say(36, 22, words, 46, bold=True, color=side.title)
    else:
        side.say(36, 22, shown, rng.choice((38, 46, 52)), bold=True, color=side.title)
    _plan_words(side, t, kind)
    if kind == "medicare":
        _medicare_rows(side, t)
        return
    size = rng.choice((24, 26, 28)) if kind == "dense" else rng.choice((27, 29, 31))
    rows = [
        (side.label("member_name"), t["member_name"]),
        (side.label("member_id"), t["member_id"]),
    ]
    if rng.random() < 0.3:
        rows.reverse()
    rows.append((side.label("group_number"), t["group_number"]))
    if rng.random() < 0.6:
        rows.append((side.label("effective"), t["effective"]))
    pharmacy = [(side.label(name), t[name]) for name in ("rx_bin", "rx_pcn", "rx_group")]
    y = side.pairs(36, 158, rows, size)
    style = rng.choice(_COPAY_STYLES[side.half]) if t["copays"] else ""
    along = style in _ALONG and y < 470
    if along:
        _copays_along(side, t["copays"], style, size - 3, max(y + 10, 400))
    elif style:
        _copay_list(side, t["copays"], style, size - 3)
    if not along and side.style != "over" and y < 430 and rng.random() < 0.5:
        side.pairs(36, y + 14, pharmacy, size)
    elif along or side.style == "over" or rng.random() < 0.4:
        _row_of(side, 36, 548, pharmacy, size - 4)
    else:
        side.pairs(610, 420, pharmacy, size - 2)
    if kind == "advantage":
        side.say(780, 600, f"CMS H{rng.randrange(1000, 9999)}-{rng.randrange(1, 99):03d}", 22)
    side.say(36, 604, rng.choice(_SMALL[side.half]), 19)


def _plan_words(side: _Side, t: dict[str, Any], kind: str) -> None:
    words = {
        "medicaid": "Medical Assistance Identification Card", "military": "Uniformed Services - Prime",
        "rx": "Prescription Drug Card", "advantage": f"{t['plan_name']} Medicare Advantage (HMO)",
        "hdhp": f"{t['plan_name']} HDHP with HSA",
    }  # fmt: skip
    if kind == "medicare":
        return
    if kind in words:
        side.say(38, 104, words[kind], 28)
    elif side.rng.random() < 0.6:
        side.say(38, 104, f"{t['plan_name']} {t['plan_type']}", 28)
    else:
        side.say(38, 104, t["plan_name"], 26)
        side.say(870, 30, t["plan_type"], 44, bold=True, color=side.title)


def _medicare_rows(side: _Side, t: dict[str, Any]) -> None:
    m = t["member_id"]
    side.say(50, 150, "Name/Nombre", 22)
    side.say(50, 178, t["member_name"].upper(), 38, bold=True)
    side.say(50, 270, "Medicare Number/Número de Medicare", 22)
    side.say(50, 300, f"{m[:4]}-{m[4:7]}-{m[7:]}", 46, bold=True)
    side.say(50, 400, "Entitled to/Con derecho a", 22)
    side.say(560, 400, "Coverage starts/Cobertura empieza", 22)
    for row, part in enumerate(("HOSPITAL (PART A)", "MEDICAL (PART B)")):
        side.say(50, 440 + 54 * row, part, 34, bold=True)
        side.say(560, 440 + 54 * row, t["effective"].replace("/", "-"), 34, bold=True)


def _row_of(
    side: _Side, x: float, y: float, rows: Sequence[tuple[str, str | None]], size: int
) -> None:
    for label, value in rows:
        if value is not None:
            end = side.say(x, y, label if label.endswith(":") else label + ":", size)
            x = side.say(end + 8, y, value, size, bold=side.bold_values) + 34


def _copays_along(side: _Side, copays: dict[str, int], style: str, size: int, y: float) -> None:
    """Copays in one line, or as a row of headings with the amounts below."""
    words = {name: side.rng.choice(_COPAYS[name][side.half]) for name in copays}
    usd = {name: f"${cents // 100}" for name, cents in copays.items()}
    if style == "slash":
        side.say(36, y, "/".join(words.values()) + ": " + "/".join(usd.values()), size - 2)
    elif style == "inline":
        side.say(36, y, "Copays: " + "  ".join(f"{words[n]} {usd[n]}" for n in copays), size - 3)
    else:
        for column, name in enumerate(copays):
            side.say(36 + 230 * column, y, words[name], size - 4)
            side.say(36 + 230 * column, y + 30, usd[name], size, bold=True)


def _copay_list(side: _Side, copays: dict[str, int], style: str, size: int) -> None:
    """Copays below each other at the right."""
    rng = side.rng
    x, y = 610, 165
    if rng.random() < 0.5:
        side.say(x, y, rng.choice(("Copays", "Your copays", "COPAYMENTS")), size, bold=True)
        y += int(size * 1.5)
    for name, cents in copays.items():
        word, usd = rng.choice(_COPAYS[name][side.half]), f"${cents // 100}"
        if style == "before":
            end = side.say(x, y, usd, size, bold=True)
            side.say(max(end + 16, x + 90), y, word, size)
        else:
            end = side.say(x, y, word, size)
            if style == "leader":
                dots = int((x + 290 - end) / _font(side.plain, size).getlength(".")) - 1
                side.say(end + 6, y, "." * max(dots, 0), size)
            side.say(x + 300, y, usd, size, bold=side.bold_values)
        y += int(size * 1.45)


def _draw_back(side: _Side, t: dict[str, Any], kind: str) -> None:
    if side.rng.random() < 0.6:
        side.pen.rectangle((0, 26, WIDTH, 104), fill=(30, 30, 32))
    y = 136.0
    side.say(36, y, f"Member Services: 1-{t['phone']}   TTY: 711", 25)
    side.say(36, y + 38, "Provider inquiries: 1-877-555-0142", 25)
    y += 100
    if t["payer_id"] is not None:
        side.say(
            36,
            y,
            side.rng.choice(("Submit claims to:", "Mail claims to:", "Send medical claims to:")),
            24,
        )
        side.say(
            36,
            y + 32,
            f"{t['payer_name']}, P.O. Box {side.rng.randrange(100, 9999)}, Sampleton, TX 78701",
            22,
        )
        side.style = side.rng.choice(("run", "colon"))
        side.pairs(36, y + 72, [(side.label("payer_id"), t["payer_id"])], 25)
    for text in side.rng.sample(_SMALL[side.half], 2):
        y += 40
        side.say(36, y + 130, text, 20)
