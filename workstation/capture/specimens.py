"""Draws invented insurance cards and licences, marked SPECIMEN, for the demo, the tour and tests.

Every name, number, plan and payer on them is invented or reserved for examples. Sizes are ISO
ID-1 at 300 dots per inch.
"""

# ruff: noqa: E501  (a row of a card is one row here)
from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1012, 638

_FIRST = (
    "MARISOL",
    "JONAS",
    "ADAEZE",
    "TOBIAS",
    "LINNEA",
    "RAFAEL",
    "WINONA",
    "PRIYA",
    "GUS",
    "ODETTE",
)
_LAST = (
    "EXAMPLE",
    "SAMPLE",
    "TESTERMAN",
    "DEMOSTHENES",
    "PLACEHOLD",
    "FIXTURE",
    "MOCKRIDGE",
    "TRIALBY",
)
_INSURERS = ("Northwind Health Plan", "Harborlight Insurance", "Copperfield Health", "Juniper Mutual Health",
             "Bluestem Health Partners", "Evergreen Community Health", "Summit Ridge Health Plan")  # fmt: skip
_PCPS = ("DR. IMA SPECIMEN-HALE", "ROWAN T FELDSPAR MD", "Dr. Una Mockingbird", "ELLIS QUARRY DO")
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"


@dataclass(frozen=True, slots=True)
class SpecimenCard:
    """A drawn card with the truth of what stands on it, in the words of the card reading."""

    layout: str
    front: Image.Image
    back: Image.Image
    truth: dict[str, Any] = field(default_factory=dict)


def layouts() -> tuple[str, ...]:
    """Names of the layouts that ``draw_card`` knows."""
    return tuple(_LAYOUTS)


def draw_card(layout: str, seed: int, facts: Mapping[str, Any] | None = None) -> SpecimenCard:
    """One invented card, front and back; the same seed draws the same card.

    ``facts`` replace some of what was drawn by lot, in the words of :attr:`SpecimenCard.truth`.
    """
    rng = random.Random(seed)  # noqa: S311
    truth = {**_facts(rng, layout), **(facts or {})}
    pen = _Pen(rng)
    _LAYOUTS[layout](pen, truth, rng)
    pen.specimen_mark()
    back = _Pen(rng)
    _back(back, truth, rng)
    back.specimen_mark()
    return SpecimenCard(layout, pen.image, back.image, truth)


def draw_licence_back(payload: str, scale: int = 4) -> Image.Image:
    """The back of a licence with ``payload`` as PDF417, ``scale`` pixels to the module."""
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.PDF417)
    bars = Image.fromarray(_array(code.to_image(scale=scale)))
    width = max(WIDTH, bars.width + 120)
    image = Image.new("RGB", (width, int(width / 1.586)), (236, 240, 238))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 20, width, 70), fill=(40, 40, 44))
    draw.text((60, 84), "SPECIMEN - NOT A LICENCE", font=_font("bold", 26), fill=(160, 40, 40))
    image.paste(bars.convert("RGB"), ((width - bars.width) // 2, image.height - bars.height - 50))
    return image


def draw_licence_front(first: str, last: str, born: date, number: str) -> Image.Image:
    """A licence front that resembles no state's."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (226, 236, 246))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 90), fill=(52, 84, 138))
    draw.text((30, 24), "DRIVER LICENSE  SPECIMEN", font=_font("bold", 40), fill="white")
    draw.rectangle((40, 140, 300, 470), fill=(180, 190, 200))
    for row, text in enumerate(
        (f"DL {number}", f"LN {last}", f"FN {first}", f"DOB {born:%m/%d/%Y}")
    ):
        draw.text((350, 150 + 70 * row), text, font=_font("bold", 38), fill=(30, 30, 40))
    return image


def _array(code: Any) -> Any:
    import numpy as np

    return np.array(code)


@cache
def _font(kind: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Bitstream Vera as it comes with reportlab, or Pillow's own Aileron."""
    import reportlab

    folder = Path(str(reportlab.__file__)).parent / "fonts"
    files = {"plain": "Vera.ttf", "bold": "VeraBd.ttf", "italic": "VeraIt.ttf"}
    if kind in files and (folder / files[kind]).exists():
        return ImageFont.truetype(str(folder / files[kind]), size)
    return ImageFont.load_default(size)


class _Pen:
    """Draws on one side of a card."""

    def __init__(self, rng: random.Random) -> None:
        shade = rng.choice(((255, 255, 255), (246, 248, 252), (250, 247, 240), (238, 246, 242)))
        self.image = Image.new("RGB", (WIDTH, HEIGHT), shade)
        self.draw = ImageDraw.Draw(self.image)
        self.ink = rng.choice(((20, 20, 24), (24, 34, 60), (40, 40, 40)))
        self.accent = rng.choice(((22, 82, 150), (10, 110, 90), (150, 60, 20), (92, 40, 120)))
        self.face = rng.choice(
            (("plain", "bold"), ("other", "bold"), ("plain", "plain"), ("other", "other"))
        )

    def text(self, x: float, y: float, text: str, size: int = 30, *, bold: bool = False,
             color: Any = None) -> None:  # fmt: skip
        self.draw.text(
            (x, y), text, font=_font(self.face[1 if bold else 0], size), fill=color or self.ink
        )

    def band(self, y0: int, y1: int) -> None:
        self.draw.rectangle((0, y0, WIDTH, y1), fill=self.accent)

    def pair(
        self, x: float, y: float, label: str, value: str | None, *, gap: int = 230, size: int = 28
    ) -> None:
        if value is not None:
            self.text(x, y, label, size)
            self.text(x + gap, y, value, size, bold=True)

    def over(self, x: float, y: float, label: str, value: str | None, size: int = 28) -> None:
        if value is not None:
            self.text(x, y, label, size - 6)
            self.text(x, y + size, value, size, bold=True)

    def run(self, x: float, y: float, label: str, value: str | None, size: int = 28) -> None:
        if value is not None:
            self.text(x, y, f"{label} {value}", size)

    def specimen_mark(self) -> None:
        self.draw.text(
            (WIDTH - 150, HEIGHT - 26), "SPECIMEN", font=_font("plain", 18), fill=(150, 60, 60)
        )


def _facts(rng: random.Random, layout: str) -> dict[str, Any]:
    digits = "".join(str(rng.randrange(10)) for _ in range(14))
    prefix = "".join(rng.choice("ABCDEFGHJKLMNPQRTUVWXYZ") for _ in range(3))
    medicare = layout == "medicare"
    government = layout in ("medicare", "medicaid", "military")
    rx = layout not in ("medicare", "military", "medicaid")
    member = {"medicare": _mbi(rng), "blue_ppo": prefix + digits[:9], "military": "1" + digits[:10],
              "medicaid": digits[:10], "hmo_pcp": "W" + digits[:9]}.get(layout, digits[: rng.choice((9, 10, 11))])  # fmt: skip
    name = f"{rng.choice(_FIRST)} {rng.choice('ABCDEHJKLMRT')} {rng.choice(_LAST)}"
    payers = {"medicare": "Medicare", "blue_ppo": "BlueCross BlueShield", "military": "TRICARE",
              "medicaid": "Lone Prairie Medicaid"}  # fmt: skip
    kinds = {"medicare": "MEDICARE", "medicaid": "MEDICAID", "blue_ppo": "PPO", "hmo_pcp": "HMO", "ppo": "PPO",
             "advantage": "MEDICARE_ADVANTAGE", "military": "TRICARE", "rx_only": "RX_ONLY",
             "dense": "EPO", "hdhp": "HDHP"}  # fmt: skip
    has_copays = layout in ("blue_ppo", "hmo_pcp", "ppo", "dense", "advantage")
    return {
        "payer_name": payers.get(layout, rng.choice(_INSURERS)),
        "payer_id": None if government else f"{rng.randrange(10000, 99999)}",
        "plan_type": kinds[layout],
        "member_id": member,
        "member_name": name,
        "group_number": None if government else rng.choice((digits[3:9], f"{digits[2:4]}-{digits[5:11]}", "G" + digits[1:7])),
        "effective_date": None if layout == "rx_only" else (date(2023, 1, 1) + timedelta(days=31 * rng.randrange(46))).replace(day=1).isoformat(),
        "pcp_name": rng.choice(_PCPS) if layout in ("hmo_pcp", "medicaid") else None,
        "rx_bin": rng.choice(("610279", "004336", "003858", "610011")) if rx else None,
        "rx_pcn": rng.choice(("9999", "ADV", "A4", "MEDDADV", "CTRXMEDD")) if rx else None,
        "rx_group": rng.choice(("RX" + digits[:4], "UHEALTH", prefix + digits[:3])) if rx else None,
        "copays": {"pcp": rng.choice((0, 1500, 2000, 2500, 3000)), "specialist": rng.choice((3500, 4000, 5000)),
                   "urgent_care": rng.choice((5000, 7500)), "er": rng.choice((15000, 25000, 30000))} if has_copays else {},
        "dependents": [f"{rng.choice(_FIRST)} {name.split()[-1]}"] if layout in ("blue_ppo", "dense") else [],
        "phone": f"8{rng.choice(('00', '88', '77'))}555{rng.randrange(100, 199):04d}",
        "medicare": medicare,
    }  # fmt: skip


def _mbi(rng: random.Random) -> str:
    kinds = {
        "C": "123456789",
        "A": _MBI_LETTERS,
        "N": "0123456789",
        "X": _MBI_LETTERS + "0123456789",
    }
    return "".join(rng.choice(kinds[kind]) for kind in "CAXNAXNAANN")


def _us(day: str | None, style: str = "%m/%d/%Y") -> str | None:
    return date.fromisoformat(day).strftime(style) if day else None


def _usd(cents: int) -> str:
    return f"${cents // 100}"


def _medicare(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    pen.band(0, 110)
    pen.text(40, 30, "MEDICARE HEALTH INSURANCE", 46, bold=True, color=(255, 255, 255))
    m = t["member_id"]
    pen.text(50, 150, "Name/Nombre", 22)
    pen.text(50, 178, t["member_name"], 38, bold=True)
    pen.text(50, 270, "Medicare Number/Número de Medicare", 22)
    pen.text(50, 300, f"{m[:4]}-{m[4:7]}-{m[7:]}", 46, bold=True)
    pen.text(50, 400, "Entitled to/Con derecho a", 22)
    pen.text(560, 400, "Coverage starts/Cobertura empieza", 22)
    for row, part in enumerate(("HOSPITAL (PART A)", "MEDICAL (PART B)")):
        pen.text(50, 440 + 54 * row, part, 34, bold=True)
        pen.text(560, 440 + 54 * row, str(_us(t["effective_date"], "%m-%d-%Y")), 34, bold=True)


def _medicaid(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    pen.text(40, 30, t["payer_name"], 48, bold=True, color=pen.accent)
    pen.text(40, 90, "Medical Assistance Identification Card", 26)
    for row, (label, key) in enumerate((("Recipient Name:", "member_name"), ("Medicaid ID:", "member_id"),
                                        ("PCP Name:", "pcp_name"))):  # fmt: skip
        pen.pair(40, 190 + 70 * row, label, t[key], gap=300, size=32)
    pen.pair(40, 400, "Effective Date:", _us(t["effective_date"]), gap=300, size=32)


def _title(pen: _Pen, t: dict[str, Any], sub: str) -> None:
    pen.text(40, 26, t["payer_name"], 50, bold=True, color=pen.accent)
    pen.text(42, 90, sub, 28)


def _copay_column(pen: _Pen, t: dict[str, Any], x: int, y: int) -> None:
    words = (
        ("Office Visit", "pcp"),
        ("Specialist", "specialist"),
        ("Urgent Care", "urgent_care"),
        ("Emergency Room", "er"),
    )
    for row, (label, key) in enumerate(words):
        pen.pair(x, y + 42 * row, label, _usd(t["copays"][key]), gap=270)


def _rx_rows(pen: _Pen, t: dict[str, Any], x: int, y: int, size: int = 28) -> None:
    for row, (label, key) in enumerate(
        (("RxBIN", "rx_bin"), ("RxPCN", "rx_pcn"), ("RxGrp", "rx_group"))
    ):
        pen.pair(x, y + (size + 12) * row, label, t[key], gap=int(size * 5), size=size)


def _blue_ppo(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    _title(pen, t, "Choice Blue PPO")
    pen.over(40, 160, "Member Name", t["member_name"], 32)
    pen.over(40, 240, "Member ID", t["member_id"], 34)
    pen.pair(40, 340, "Group No.", t["group_number"])
    pen.pair(40, 382, "Effective", _us(t["effective_date"]))
    _rx_rows(pen, t, 40, 440)
    pen.text(560, 160, "Dependents", 26)
    pen.text(560, 194, t["dependents"][0], 30, bold=True)
    _copay_column(pen, t, 560, 280)


def _hmo_pcp(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    pen.band(0, 24)
    _title(pen, t, "Select HMO")
    pen.run(40, 160, "Subscriber:", t["member_name"], 32)
    pen.run(40, 210, "Subscriber ID:", t["member_id"], 32)
    pen.run(40, 260, "Group #:", t["group_number"], 30)
    pen.run(40, 310, "PCP:", t["pcp_name"], 30)
    pen.run(560, 260, "Eff. Date:", _us(t["effective_date"]), 30)
    c = t["copays"]
    pen.text(
        40,
        380,
        f"Copays: PCP {_usd(c['pcp'])}  Specialist {_usd(c['specialist'])}  UC {_usd(c['urgent_care'])}  ER {_usd(c['er'])}",
        28,
    )
    pen.text(40, 450, f"RxBIN: {t['rx_bin']}   RxPCN: {t['rx_pcn']}   RxGrp: {t['rx_group']}", 28)


def _ppo(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    _title(pen, t, "Open Access PPO")
    pen.over(40, 150, "MEMBER", t["member_name"], 34)
    pen.over(40, 240, "IDENTIFICATION NUMBER", t["member_id"], 34)
    pen.over(560, 240, "GROUP NUMBER", t["group_number"], 34)
    pen.over(560, 150, "EFFECTIVE DATE", _us(t["effective_date"]), 30)
    c = t["copays"]
    pen.text(40, 360, "COPAYS", 26, bold=True)
    for column, (label, key) in enumerate(
        (("PCP", "pcp"), ("SPC", "specialist"), ("UC", "urgent_care"), ("ER", "er"))
    ):
        pen.text(40 + 150 * column, 396, label, 26)
        pen.text(40 + 150 * column, 430, _usd(c[key]), 32, bold=True)
    pen.text(40, 510, f"Rx BIN {t['rx_bin']}", 26)
    pen.text(340, 510, f"PCN {t['rx_pcn']}", 26)
    pen.text(640, 510, f"Rx Group {t['rx_group']}", 26)


def _advantage(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    _title(pen, t, "Golden Trail Medicare Advantage (HMO)")
    pen.pair(40, 170, "Member Name:", t["member_name"], gap=260, size=30)
    pen.pair(40, 220, "Member ID:", t["member_id"], gap=260, size=30)
    pen.pair(40, 270, "Group:", t["group_number"], gap=260, size=30)
    pen.pair(40, 320, "Effective Date:", _us(t["effective_date"]), gap=260, size=30)
    _rx_rows(pen, t, 620, 380)
    c = t["copays"]
    pen.text(
        40,
        400,
        f"PCP/Specialist/UC/ER: {_usd(c['pcp'])}/{_usd(c['specialist'])}/{_usd(c['urgent_care'])}/{_usd(c['er'])}",
        24,
    )
    pen.text(40, 560, f"CMS H{rng.randrange(1000, 9999)}-{rng.randrange(1, 99):03d}", 26)
    pen.text(620, 560, "MedicareRx", 26, bold=True)


def _military(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    pen.band(0, 100)
    pen.text(40, 24, "TRICARE", 56, bold=True, color=(255, 255, 255))
    pen.text(40, 120, "Uniformed Services - Prime", 28)
    pen.over(40, 190, "NAME", t["member_name"], 34)
    pen.over(40, 290, "DoD Benefits Number", t["member_id"], 34)
    pen.over(40, 390, "EFFECTIVE DATE", _us(t["effective_date"]), 32)


def _rx_only(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    _title(pen, t, "Prescription Drug Card")
    for row, (label, key) in enumerate((("RxBIN:", "rx_bin"), ("RxPCN:", "rx_pcn"), ("RxGRP:", "rx_group"),
                                        ("ID:", "member_id"), ("Group:", "group_number"), ("Name:", "member_name"))):  # fmt: skip
        pen.pair(40, 170 + 58 * row, label, t[key], gap=200, size=32)


def _dense(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    pen.text(30, 18, t["payer_name"], 38, bold=True, color=pen.accent)
    pen.text(760, 30, "Compass EPO", 24, bold=True)
    rows = (("Subscriber Name", t["member_name"]), ("Subscriber ID", t["member_id"]), ("Group Number", t["group_number"]),
            ("Effective Date", _us(t["effective_date"])), ("RxBIN", t["rx_bin"]), ("RxPCN", t["rx_pcn"]),
            ("RxGroup", t["rx_group"]), ("Payer ID", t["payer_id"]))  # fmt: skip
    for row, (label, value) in enumerate(rows):
        pen.pair(30, 90 + 36 * row, label, value, gap=220, size=22)
    pen.text(600, 90, "Dependents", 22)
    pen.text(600, 120, "02 " + t["dependents"][0], 23, bold=True)
    c = t["copays"]
    for row, (label, key) in enumerate(
        (
            ("Primary Care", "pcp"),
            ("Specialist", "specialist"),
            ("Urgent Care", "urgent_care"),
            ("Emergency", "er"),
        )
    ):
        pen.pair(560, 190 + 36 * row, label, _usd(c[key]), gap=220, size=23)
    pen.text(560, 350, "Deductible $1,500 / $3,000", 23)
    pen.text(30, 420, "Preauthorization may be required. See back for details.", 20)
    pen.text(30, 450, "This card does not guarantee coverage.", 20)


def _hdhp(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    _title(pen, t, "Horizon HDHP with HSA")
    pen.over(40, 160, "Subscriber Name", t["member_name"], 32)
    pen.over(40, 250, "ID Number", t["member_id"], 34)
    pen.over(560, 250, "Group", t["group_number"], 32)
    pen.over(560, 160, "Coverage Effective", _us(t["effective_date"]), 30)
    pen.text(40, 360, "Deductible: $3,300 individual / $6,600 family", 26)
    _rx_rows(pen, t, 40, 430)


def _back(pen: _Pen, t: dict[str, Any], rng: random.Random) -> None:
    p = t["phone"]
    pen.draw.rectangle((0, 30, WIDTH, 110), fill=(30, 30, 32))
    number = f"{p[:3]}-{p[3:6]}-{p[6:]}"
    pen.text(40, 150, f"Member Services: 1-{number}", 26)
    pen.text(40, 196, "TTY: 711", 26)
    if t["payer_id"]:
        pen.text(40, 260, "Submit claims to:", 24)
        pen.text(40, 292, f"{t['payer_name']}, P.O. Box 100, Sampleton, TX 78701", 22)
        pen.text(40, 330, f"Payer ID: {t['payer_id']}", 26, bold=True)
    pen.text(40, 420, "Carry this card with you and show it when you receive care.", 22)
    pen.text(40, 452, "Coverage is subject to the terms of the plan.", 22)


_LAYOUTS: dict[str, Callable[[_Pen, dict[str, Any], random.Random], None]] = {
    "medicare": _medicare, "medicaid": _medicaid, "blue_ppo": _blue_ppo, "hmo_pcp": _hmo_pcp,
    "ppo": _ppo, "advantage": _advantage, "military": _military, "rx_only": _rx_only,
    "dense": _dense, "hdhp": _hdhp,
}  # fmt: skip
