"""Turns the lines of both sides of a card into fields, each with its sureness and its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workstation.capture import field_formats as formats
from workstation.capture.anchors import Layout, Pairing
from workstation.capture.card_model import CardReading, Doubt, Evidence
from workstation.capture.copays import Copay, copays_of
from workstation.capture.doubts import doubts_in, sureness_of
from workstation.capture.not_a_card import looks_like_a_card
from workstation.capture.ocr import Line
from workstation.capture.payer_vote import PayerVote, vote
from workstation.capture.people_on_card import dependents_of, member_name_of
from workstation.capture.phones import phones_of
from workstation.capture.plan_kind import plan_name, plan_type

# Reads one line again from the sharpest picture there is; letters and digits, upper case.
SecondLook = Callable[[Line], str | None]

_IDENTIFIERS = ("member_id", "group_number", "rx_bin", "rx_pcn", "rx_group", "payer_id")
_SETTLED = 0.85  # below this a person looks
# The least sureness of any character at which a value may claim to be right: of 15 wrong names on
# faxes and hard photographs all had a character below, of 1,500 right values 3 per cent.
_CLEAR = 0.9
_UNCLEAR = 0.82


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the line it stood on. ``trust`` is how sure its pairing with the label is."""

    value: str
    line: Line
    trust: float
    extra: str | None = None
    settled: bool = False


def extract(
    front: Sequence[Line],
    back: Sequence[Line],
    barcodes: Sequence[dict[str, str]] = (),
    second_look: SecondLook | None = None,
) -> CardReading:
    """The reading of a card whose lines are given; coordinates stay those of the lines.

    Not a card: everything None and ``not_a_card`` True.
    """
    if not looks_like_a_card(front, back):
        return CardReading(not_a_card=True)
    return _Extraction(front, back, barcodes, second_look).reading()


class _Extraction:
    def __init__(
        self,
        front: Sequence[Line],
        back: Sequence[Line],
        barcodes: Sequence[dict[str, str]],
        second_look: SecondLook | None,
    ) -> None:
        self._front, self._back = front, back
        self._layouts = [Layout(front), Layout(back)]
        self._barcodes = tuple(barcodes)
        self._look = second_look
        self._confidence: dict[str, float] = {}
        self._review: list[str] = []
        self._evidence: dict[str, Evidence] = {}

    def reading(self) -> CardReading:
        found = self._identifiers()
        printed_payer = found.get("payer_id")
        payer = vote(self._front, self._back, printed_payer.value if printed_payer else None)
        copays = self._copays()
        pbp = self._contract()
        reading = CardReading(
            payer_candidates=payer.candidates,
            member_id=self._settle("member_id", found),
            group_number=self._settle("group_number", found),
            rx_bin=self._settle("rx_bin", found),
            rx_pcn=self._settle("rx_pcn", found),
            rx_group=self._settle("rx_group", found),
            member_name=self._person("member_name", member_name_of(self._layouts)),
            pcp_name=self._person("pcp_name", self._pcp()),
            dependents=tuple(dependents_of(self._layouts[0])),
            copays=copays,
            phones=tuple({p.number: p for lay in self._layouts for p in phones_of(lay)}.values()),
            barcodes=self._barcodes,
            contract_pbp=pbp,
            person_code=found["member_id"].extra if "member_id" in found else None,
        )
        reading = self._with_payer(reading, payer, found)
        reading = self._with_plan(reading, payer, found)
        reading = self._with_date(reading)
        return replace(
            reading,
            confidence=dict(self._confidence),
            review=tuple(dict.fromkeys(self._review)),
            evidence=dict(self._evidence),
        )

    # Identifiers

    def _identifiers(self) -> dict[str, Found]:
        found: dict[str, Found] = {}
        tests: tuple[tuple[str, tuple[str, ...], Callable[[str], Any]], ...] = (
            ("payer_id", ("payer_id",), formats.payer_code),
            ("rx_bin", ("rx_bin",), formats.rx_bin),
            ("rx_pcn", ("rx_pcn",), lambda text: formats.short_code(text, 10)),
            ("rx_group", ("rx_group",), lambda text: formats.short_code(text, 15)),
            ("group_number", ("group",), formats.group_number),
            ("member_id", ("member_id",), formats.member_id),
        )
        for name, keys, test in tests:
            best = self._best(keys, test)
            if best is not None:
                found[name] = best
        self._rx_lists(found)
        if (plain := self._plain_mbi()) is not None:
            found["member_id"] = plain
        self._issuer_line(found)
        return found

    def _best(self, keys: tuple[str, ...], test: Callable[[str], Any]) -> Found | None:
        """The most trusted value that fits; a rival of equal trust that differs costs trust."""
        fitting: list[Found] = []
        for side, layout in enumerate(self._layouts):
            for pair in layout.pairings(*keys):
                value = test(pair.text)
                if value is None:
                    continue
                text, extra = value if isinstance(value, tuple) else (value, None)
                trust = pair.trust * (1.0 if side == 0 else 0.97) * _label_weight(pair)
                fitting.append(Found(text, pair.line, trust, extra))
        if not fitting:
            return None
        best = max(fitting, key=lambda one: one.trust)
        if any(r.value != best.value and r.trust > best.trust - 0.05 for r in fitting):
            best = replace(best, trust=best.trust * 0.85)
        return best

    def _rx_lists(self, found: dict[str, Found]) -> None:
        """``RxBIN/PCN/Grp: 610279/9999/ABC`` in one run."""
        for layout in self._layouts:
            for pair in layout.pairings("rx_all", "rx_two"):
                parts = [p for p in re.split(r"[\s/|,]+", pair.text.strip()) if p]
                if not parts or formats.rx_bin(parts[0]) is None:
                    continue
                names = ("rx_bin", "rx_pcn", "rx_group")
                for name, part in zip(names, parts, strict=False):
                    value = (
                        formats.rx_bin(part) if name == "rx_bin" else formats.short_code(part, 15)
                    )
                    if value and name not in found:
                        found[name] = Found(value, pair.line, pair.trust)

    def _plain_mbi(self) -> Found | None:
        """A Medicare number by its own shape, wherever it stands on the front."""
        if not any(re.search(r"(?i)medicare", line.text) for line in self._front):
            return None
        for line in self._front:
            for match in re.finditer(
                r"[0-9A-Z]{4}[\s\-.]?[0-9A-Z]{3}[\s\-.]?[0-9A-Z]{4}\b", line.text
            ):
                value = formats.mbi(match.group())
                plain = re.sub(r"[^0-9A-Z]", "", match.group())
                if value and (len(match.group()) > 11 or len(line.text.split()) <= 3):
                    return Found(value, line, 1.0 if value == plain else 0.93, None, True)
        return None

    def _issuer_line(self, found: dict[str, Found]) -> None:
        """``(80840) 911-87726-04``: the middle group is the payer id."""
        if "payer_id" in found:
            return
        for layout in self._layouts:
            for pair in layout.pairings("issuer"):
                match = re.search(r"[0-9]{3}-([0-9]{5})-[0-9]{2}", pair.text)
                if match:
                    found["payer_id"] = Found(match[1], pair.line, 0.95)

    def _settle(self, name: str, found: Mapping[str, Found]) -> str | None:
        one = found.get(name)
        if one is None:
            return None
        letters = re.sub(r"[^A-Z0-9]", "", one.value)
        second = self._look(one.line) if self._look else None
        agreed = (
            None if second is None else letters in second or self._settled_by_format(one, second)
        )
        sure = sureness_of(letters, one.line)
        doubts: tuple[Doubt, ...] = ()
        if not one.settled and name != "rx_bin":
            doubts = doubts_in(letters, sure, _aligned(letters, second, one.line))
        confidence = one.trust * _certainty(min(sure, default=0.5), agreed)
        if one.extra is not None or doubts or agreed is False:
            confidence = min(confidence, 0.8)
        if min(sure, default=0.0) < _CLEAR:
            confidence = min(confidence, _UNCLEAR)
        self._note(name, confidence, one.line, doubts)
        return one.value

    @staticmethod
    def _settled_by_format(one: Found, second: str) -> bool:
        if not one.settled:
            return False
        return any(formats.mbi(second[i : i + 11]) == one.value for i in range(len(second) - 10))

    def _note(
        self, name: str, confidence: float, line: Line | None, doubts: tuple[Doubt, ...] = ()
    ) -> None:
        self._confidence[name] = round(min(max(confidence, 0.01), 0.99), 3)
        if confidence < _SETTLED:
            self._review.append(name)
        if line is not None:
            self._evidence[name] = Evidence(line.side, line.box, doubts)

    # People, payer, plan, dates, money

    def _pcp(self) -> tuple[str, Line, float] | None:
        for layout in self._layouts:
            for pair in layout.pairings("pcp"):
                text = re.sub(r"(?i)^(?:name|is)[\s:]+", "", pair.text)
                name = formats.doctor_or_clinic(text)
                if name:
                    return name, pair.line, pair.trust
        return None

    def _person(self, name: str, found: tuple[str, Line, float] | None) -> str | None:
        if found is None:
            return None
        value, line, trust = found
        letters = [s for c, s in zip(line.text, line.sure, strict=False) if c.isalpha()]
        worst = min(letters, default=0.5)
        if re.search(r"[A-Z]{3}[a-z]{2}|[a-z][A-Z]{3}", value):
            trust *= 0.85  # two texts that ran into one another
        second = self._look(line) if self._look else None
        if second is not None and re.sub(r"[^A-Z]", "", value.upper()) not in second:
            trust *= 0.85
        if worst < _CLEAR:
            trust = min(trust, _UNCLEAR)
        self._note(name, trust * (0.75 + 0.25 * worst if worst > 0.4 else 0.7), line)
        return value

    def _with_payer(
        self, reading: CardReading, payer: PayerVote, found: Mapping[str, Found]
    ) -> CardReading:
        if payer.name is not None:
            self._note("payer", payer.score, payer.line)
        payer_id = payer.payer_id
        if "payer_id" in found:
            payer_id = self._settle("payer_id", found)
        elif payer_id is not None:
            # Known from the table, not printed: right for most plans of this payer, not for all.
            self._note("payer_id", min(0.8, payer.score), payer.line)
        return replace(reading, payer_name=payer.name, payer_id=payer_id)

    def _with_plan(
        self, reading: CardReading, payer: PayerVote, found: Mapping[str, Found]
    ) -> CardReading:
        facts = {
            "mbi": "member_id" in found and found["member_id"].settled,
            "contract_pbp": reading.contract_pbp is not None,
            "rx": any(name in found for name in ("rx_bin", "rx_pcn", "rx_group")),
            "copays": bool(reading.copays),
            f"kind_{payer.kind}": True,
        }
        kind, plain = plan_type(self._front, self._back, facts)
        if kind is not None:
            self._note("plan_type", 0.93 if plain else 0.6, None)
        named = plan_name(self._layouts[0], reading.payer_name)
        if named is None:
            return replace(reading, plan_type=kind)
        text, line, trust = named
        self._note("plan_name", trust * line.score, line)
        return replace(reading, plan_type=kind, plan_name=text)

    def _with_date(self, reading: CardReading) -> CardReading:
        for layout in self._layouts:
            for pair in layout.pairings("effective"):
                dated = formats.a_date(pair.text)
                if dated is None or re.search(r"(?i)\bpcp\b", pair.mark.line.text):
                    continue
                day, exact = dated
                sure = min((s for c, s in zip(pair.line.text, pair.line.sure, strict=False)
                            if c.isdigit()), default=0.5)  # fmt: skip
                self._note(
                    "effective_date",
                    pair.trust * (0.9 if exact else 0.8) * (0.6 + 0.45 * sure),
                    pair.line,
                )
                return replace(reading, effective_date=day)
        return reading

    def _copays(self) -> dict[str, int]:
        chosen: dict[str, Copay] = {}
        unsure = False
        for layout in self._layouts:
            for copay in copays_of(layout):
                first = chosen.setdefault(copay.kind, copay)
                unsure = unsure or first.cents != copay.cents
        for kind, copay in chosen.items():
            self._note(f"copays.{kind}", 0.96 * (0.5 + 0.5 * copay.sure), copay.line)
        if chosen:
            worst = min(self._confidence[f"copays.{kind}"] for kind in chosen)
            self._note("copays", min(worst, 0.6) if unsure else worst, None)
        return {kind: copay.cents for kind, copay in chosen.items()}

    def _contract(self) -> str | None:
        texts = [line.text for line in (*self._front, *self._back)]
        return next((found for text in texts if (found := formats.contract_pbp(text))), None)


def _label_weight(pair: Pairing) -> float:
    """A full label (Member ID) outweighs a short one (ID), and a sponsor's or card's number."""
    label = pair.mark.line.text[pair.mark.start : pair.mark.end].lower()
    if pair.mark.key != "member_id":
        return 1.0
    if re.search(r"medicaid|medicare|dbn|benefits", label):
        return 0.99
    if "sponsor" in label:
        return 0.9
    if re.search(r"card\b|dod|contract|policy|employee|certificate", label):
        return 0.95
    return 1.0 if len(label.strip(" :#.")) > 3 else 0.97


def _certainty(worst: float, agreed: bool | None) -> float:
    if agreed is None:
        return 0.5 + 0.5 * worst
    if not agreed:
        return 0.5
    return 0.8 + 0.2 * worst if worst > 0.55 else 0.7


def _aligned(value: str, second: str | None, line: Line) -> str | None:
    """The part of a second reading that stands where ``value`` stands in the first."""
    if second is None:
        return None
    whole = "".join(c.upper() for c in line.text if c.isalnum())
    at = whole.find(value)
    if at < 0 or len(whole) != len(second):
        return value if value in second else None
    return second[at : at + len(value)]
