"""Service type codes: our own short labels, which of them a kind of visit needs, wider groups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

PLAN = "30"


@dataclass(frozen=True, slots=True)
class ServiceTypes:
    """The table of ``resources/rules/service_types.json``."""

    labels: dict[str, str]
    visit_kinds: dict[str, tuple[str, ...]]
    groups: dict[str, str]

    def label(self, code: str) -> str:
        """A short label; the code itself where there is none."""
        return self.labels.get(code, f"Service type {code}")

    def for_visit(self, kind: str) -> tuple[str, ...]:
        """Codes to look at for a kind of department or visit, best first; never empty."""
        return self.visit_kinds.get(kind, ("98",))

    def widening(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The codes, then their groups, then the plan: rule 8 of edi.md section 3."""
        wider = list(codes)
        for code in wider:  # grows: a group may belong to a wider one
            if code in self.groups and self.groups[code] not in wider:
                wider.append(self.groups[code])
        return tuple(dict.fromkeys((*wider, PLAN)))


@cache
def service_types() -> ServiceTypes:
    """The table that ships with the program."""
    source = resources.files("resources").joinpath("rules/service_types.json")
    data = json.loads(source.read_text("utf-8"))
    return ServiceTypes(
        data["labels"],
        {kind: tuple(codes) for kind, codes in data["visit_kinds"].items()},
        data["groups"],
    )
