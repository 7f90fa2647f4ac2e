"""Who pays before Medicare, who after, and why: the Medicare Secondary Payer decision.

One pure function over the facts of the Medicare questions (Pub 100-05 ch. 3 section 20.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.payers import msp_codes
from workstation.payers.msp_facts import Facts, read_facts
from workstation.payers.msp_order import Settled, settle
from workstation.payers.msp_table import msp_table
from workstation.payers.msp_unknown import fill, flips, open_questions


@dataclass(frozen=True, slots=True)
class MspDecision:
    """The payer order with its codes, or the questions that are still open."""

    order: tuple[str, ...] | None
    value_codes: tuple[str, ...]
    condition_codes: tuple[str, ...]
    occurrence_codes: tuple[tuple[str, date | None], ...]
    open: tuple[str, ...]
    rule: str
    because: str
    would_flip: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    """Payer and rule for every payer beside Medicare."""
    findings: tuple[str, ...]
    edition: str

    def as_json(self) -> dict[str, Any]:
        """The answer of contracts.md, "MSP facts"."""
        return {
            "order": None if self.order is None else list(self.order),
            "value_codes": list(self.value_codes),
            "condition_codes": list(self.condition_codes),
            "occurrence_codes": [
                {"code": code, "date": None if day is None else day.isoformat()}
                for code, day in self.occurrence_codes
            ],
            "open": list(self.open),
            "rule": self.rule,
            "because": self.because,
            "would_flip": list(self.would_flip),
            "rules": [{"payer": payer, "rule": rule} for payer, rule in self.rules],
            "findings": list(self.findings),
            "edition": self.edition,
        }


def decide(data: object) -> MspDecision:
    """Decides the payer order from the JSON facts of contracts.md.

    Raises NotUnderstood, naming the path, where a fact cannot be read.
    """
    facts = read_facts(data)
    open_paths = open_questions(facts)
    findings = msp_codes.findings(facts)
    if open_paths:
        return _still_open(facts, open_paths, findings)
    known = fill(facts)
    settled = settle(known)
    rule, because = _reason(settled)
    return MspDecision(
        order=settled.order,
        value_codes=settled.value_codes,
        condition_codes=msp_codes.condition_codes(facts, settled),
        occurrence_codes=msp_codes.occurrence_codes(facts, settled),
        open=(),
        rule=rule,
        because=because,
        would_flip=flips(known, settled),
        rules=settled.rules,
        findings=findings,
        edition=msp_table().edition,
    )


def _still_open(
    facts: Facts, open_paths: tuple[str, ...], findings: tuple[str, ...]
) -> MspDecision:
    return MspDecision(
        order=None,
        value_codes=(),
        condition_codes=msp_codes.condition_codes(facts, None),
        occurrence_codes=msp_codes.occurrence_codes(facts, None),
        open=open_paths,
        rule="open_questions",
        because="The order of payers is not known until " + _listed(open_paths) + " is answered.",
        would_flip=open_paths,
        rules=(),
        findings=findings,
        edition=msp_table().edition,
    )


def _reason(settled: Settled) -> tuple[str, str]:
    """The rule that put the first payer first, and its sentence.

    Where several group plans stand on both sides of Medicare, the plan before it is what decided.
    """
    if settled.special:
        return settled.special[0].rule, settled.special[0].because
    table = msp_table()
    if not settled.medicare:
        return "no_medicare", table.no_medicare
    for plan in sorted(settled.plans, key=lambda plan: not plan.row.first):
        return plan.row.rule, plan.row.because
    return "medicare_only", table.medicare_only


def _listed(paths: tuple[str, ...]) -> str:
    return paths[0] if len(paths) == 1 else ", ".join(paths[:-1]) + " and " + paths[-1]
