"""EB segments of each kind of plan; figures vary with a hash of the member id, never at random."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

Lines = list[str]
_MEDICARE = {2025: (1676, 257), 2026: (1736, 283)}
"""Deductibles of Parts A and B by year, in dollars; a year to come has the last of them."""
_STATUS_TYPES = "1^33^47^48^50^86^88^98^AL^MH^UC"


@dataclass(frozen=True)
class Dice:
    """Numbers that are always the same for the same member."""

    digest: bytes

    @classmethod
    def of(cls, member_id: str) -> Dice:
        """The dice of a member."""
        return cls(hashlib.sha256(member_id.encode()).digest())

    def pick(self, place: int, *choices: int) -> int:
        """One of the choices."""
        return choices[self.digest[place] % len(choices)]


def dates(on: date) -> Lines:
    """A plan year around the date of service."""
    return [f"DTP*291*RD8*{on.year}0101-{on.year}1231"]


def accumulator(code: str, level: str, total: int, met: int, networks: str = "Y") -> Lines:
    """Base and remaining of a deductible (C) or out-of-pocket limit (G), in dollars."""
    lines = []
    for network in networks:
        lines.append(f"EB*{code}*{level}*30***23*{total}*****{network}")
        lines.append(f"EB*{code}*{level}*30***29*{max(0, total - met)}*****{network}")
    return lines


def _deductibles(dice: Dice, base: int, limit: int) -> Lines:
    met = dice.pick(0, 0, base // 4, base // 2, base)
    return [
        *accumulator("C", "IND", base, met),
        *accumulator("C", "FAM", base * 2, met + dice.pick(1, 0, base // 4)),
        *accumulator("C", "IND", base * 2, 0, "N"),
        *accumulator("G", "IND", limit, min(limit, met + dice.pick(2, 0, 120, 480))),
        *accumulator("G", "FAM", limit * 2, min(limit, met + 200)),
    ]


def _copays(office: int, specialist: int, urgent: int, emergency: int) -> Lines:
    return [
        f"EB*B*IND*98^BY^BZ***27*{office}****N*Y",
        f"EB*B*IND*3^96***27*{specialist}****N*Y",
        "MSG*SPECIALIST VISIT",
        f"EB*B*IND*UC***27*{urgent}****N*Y",
        f"EB*B*IND*86***27*{emergency}****N*W",
        "MSG*COPAY WAIVED IF ADMITTED",
    ]


def primary_care(dice: Dice) -> Lines:
    """A named primary care clinician."""
    last, first = (("MARLOW", "TESS"), ("OKAFOR", "JUNE"), ("LINDQVIST", "ARI"))[
        dice.pick(5, 0, 1, 2)
    ]
    return ["EB*L*IND*98", "LS*2120", f"NM1*P3*1*{last}*{first}****XX*1987654328",
            "PER*IC**TE*5125550142", "LE*2120"]  # fmt: skip


def commercial_ppo(dice: Dice, on: date) -> Lines:
    """A PPO with copays and accumulators in and out of network."""
    base = dice.pick(3, 500, 1000, 1500, 2500)
    return [
        f"EB*1**{_STATUS_TYPES}",
        *(f"EB*1*FAM*30**LONE STAR BLUE PPO {base}", *dates(on)),
        *_deductibles(dice, base, base * 4),
        *_copays(dice.pick(4, 20, 25, 30), dice.pick(4, 40, 50, 60), 75, 250),
        "EB*A*IND*48^50^2^62^4^5^73*****.2***Y*Y",
        "EB*A*IND*30^48^50^2^62^4^5^73^98*****.4***U*N",
        "EB*F*IND*PT***22***VS*30**Y",
        "EB*U**88",
        *("LS*2120", "NM1*VN*2*HILLTOP PHARMACY BENEFITS", "PER*IC**TE*8005550111", "LE*2120"),
    ]


def hmo(dice: Dice, on: date) -> Lines:
    """An HMO: copays, a primary care clinician, nothing out of network."""
    return [
        f"EB*1**{_STATUS_TYPES}",
        *("EB*1*IND*30*HM*PRAIRIE HEALTH HMO", *dates(on)),
        *primary_care(dice),
        *accumulator("C", "IND", 0, 0),
        *accumulator("G", "IND", 4000, dice.pick(2, 0, 350, 900)),
        *_copays(15, 35, 50, 150),
        "EB*B*IND*48***36*300****Y*Y",
        "EB*A*IND*62^50*****.1***Y*Y",
        "EB*I*IND*98^48^50********N",
    ]


def hdhp(dice: Dice, on: date) -> Lines:
    """A high-deductible plan: the deductible first, preventive care free."""
    return [
        f"EB*1**{_STATUS_TYPES}",
        *("EB*1*FAM*30**MERIDIAN CHOICE HDHP 3200", *dates(on)),
        *_deductibles(dice, 3200, 6400),
        "EB*A*IND*30^98^48^50^86^62^4^5^UC*****.2***U*Y",
        *("EB*C*IND*BZ^81***23*0****N*Y", "EB*A*IND*BZ^81*****0***N*Y"),
    ]


def medicare(dice: Dice, on: date, *, qmb: bool = False, part_b: bool = True) -> Lines:
    """Parts A and B with their deductibles; QMB where the state pays the cost sharing."""
    part_a, b_deductible = _medicare_deductibles(on)
    start = f"{on.year - dice.pick(6, 1, 4, 9)}0301"
    lines = ["EB*1**30*MA", f"DTP*291*D8*{start}"]
    lines += ["EB*1**30*MB" if part_b else "EB*6**30*MB", f"DTP*291*D8*{start}"]
    lines += [f"EB*C*IND*48*MA**26*{part_a}", f"EB*C*IND*48*MA**29*{part_a}"]
    if part_b:
        left = dice.pick(0, 0, 100, b_deductible)
        lines += [f"EB*C*IND*98^50^86^62^4*MB**23*{b_deductible}",
                  f"EB*C*IND*98^50^86^62^4*MB**29*{left}",
                  "EB*A*IND*98^50^86^62^4*MB****.2"]  # fmt: skip
    if qmb:
        lines += ["EB*1**30*QM", f"DTP*291*RD8*{on.year}0101-{on.year}1231",
                  "MSG*QUALIFIED MEDICARE BENEFICIARY"]  # fmt: skip
    return lines


def medicare_last_year(dice: Dice, on: date) -> Lines:
    """Medicare that answers with the deductible of the year before, without dates."""
    return medicare(dice, on.replace(year=on.year - 1, day=1))


def _medicare_deductibles(on: date) -> tuple[int, int]:
    return _MEDICARE.get(on.year, _MEDICARE[max(_MEDICARE)])


def medicare_replaced(dice: Dice, on: date) -> Lines:
    """Original Medicare that knows of an Advantage plan."""
    return [
        *medicare(dice, on),
        *("EB*R**30*HN*SILVER OAK MEDICARE ADVANTAGE", f"DTP*290*D8*{on.year}0101", "LS*2120"),
        *("NM1*PRP*2*SILVER OAK MEDICARE ADVANTAGE*****PI*99005", "LE*2120"),
    ]


def medicare_advantage(dice: Dice, on: date) -> Lines:
    """An Advantage plan with a primary care clinician."""
    return [
        f"EB*1**{_STATUS_TYPES}",
        *("EB*1*IND*30*HN*SILVER OAK CLASSIC HMO", *dates(on)),
        *primary_care(dice),
        *accumulator("G", "IND", 4900, dice.pick(2, 0, 415, 1210)),
        *_copays(0, 35, 45, 110),
        "EB*B*IND*48***7*325****Y*Y",
        *("HSD*DY*5", "EB*B*IND*62***27*150****Y*Y"),
    ]


def medicaid(dice: Dice, on: date, *, managed: bool = False) -> Lines:
    """Medicaid; ``managed`` names the plan that gives the care."""
    lines = ["EB*1**30*MC*STATE MEDICAID", *dates(on), "EB*B*IND*98^50^86***27*0****N*W"]
    if managed:
        lines += ["EB*MC**30*HM", *dates(on), "LS*2120",
                  "NM1*PR*2*SUNSHINE COMMUNITY PLAN*****PI*99007", "LE*2120"]  # fmt: skip
    return lines


def medicaid_managed(dice: Dice, on: date) -> Lines:
    """The Medicaid plan itself."""
    return [
        *("EB*1**30*HM*SUNSHINE COMMUNITY PLAN", *dates(on), *primary_care(dice)),
        "EB*B*IND*98^86^UC^50***27*0****N*W",
    ]


def tricare(dice: Dice, on: date) -> Lines:
    """A plan of service families with a referral rule in words."""
    return [
        *("EB*1*FAM*30**SERVICE FAMILIES PRIME", *dates(on), *primary_care(dice)),
        *accumulator("G", "FAM", 1000, dice.pick(2, 0, 66, 300)),
        "EB*B*IND*98^UC***27*0****N*Y",
        *("EB*B*IND*3***27*38****Y*Y", "MSG*REFERRAL FROM PRIMARY CARE MANAGER REQUIRED"),
    ]


def medigap(dice: Dice, on: date) -> Lines:
    """A supplement: says that it is active and second."""
    return ["EB*1**30*SP*CEDAR MEDIGAP PLAN G", *dates(on),
            f"EB*C*IND*30***23*{_medicare_deductibles(on)[1]}",
            "EB*R**30*MP*MEDICARE", "LS*2120", "NM1*PRP*2*MEDICARE*****PI*99004",
            "LE*2120"]  # fmt: skip


def terminated(dice: Dice, on: date) -> Lines:
    """Coverage that ended the year before."""
    return ["EB*6**30**ENDED PLAN", f"DTP*347*D8*{on.year - 1}1231"]


def no_limit(dice: Dice, on: date) -> Lines:
    """A family limit that means there is none."""
    return ["EB*1*FAM*30**UNLIMITED FAMILY PLAN", *dates(on), *accumulator("C", "IND", 500, 210),
            "EB*C*FAM*30***23*99999.99*****Y", "EB*C*FAM*30***29*99709.99*****Y"]  # fmt: skip


def torn(dice: Dice, on: date) -> Lines:
    """Copays that differ by place of service and by words."""
    return ["EB*1*IND*30**PLACE MATTERS PLAN", *dates(on), "EB*B*IND*98***27*20****N*Y",
            "III*ZZ*11", "EB*B*IND*98***27*45****N*Y", "III*ZZ*22",
            "EB*B*IND*UC***27*50****N*Y", "MSG*TIER 1 CLINIC",
            "EB*B*IND*UC***27*90****N*Y", "MSG*ANY OTHER CLINIC"]  # fmt: skip
