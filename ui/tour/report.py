"""What the tour tells: scenes with their time and picture, and what was measured around them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCENES = (
    *("sign-in", "arrivals", "arrivals-dark", "find", "new-patient", "duplicate-warning"),
    *("what-changed", "coverage", "card", "licence", "doubt", "medicare-questions", "consent"),
    *("benefits", "estimate", "pay-cash", "pay-card", "pay-check", "receipt", "nothing-today"),
    *("conflict", "offline", "locked", "emergency", "second-desk"),
)
"""Each of them must be seen (contracts.md, Tour)."""


@dataclass(slots=True)
class Report:
    """Grows while the tour goes on; ``missed`` are scenes that did not come about, and why."""

    out: Path
    steps: list[dict[str, Any]] = field(default_factory=list)
    missed: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def next_file(self, scene: str) -> Path:
        """Where the next picture goes."""
        return self.out / f"{len(self.steps) + 1:02d}-{scene}.png"

    def add(self, scene: str, ms: float, file: Path) -> None:
        """A scene was seen."""
        self.steps.append({"scene": scene, "ms": round(ms), "screenshot": file.name})

    @property
    def seen(self) -> frozenset[str]:
        """Names of the scenes seen."""
        return frozenset(step["scene"] for step in self.steps)

    def write(self) -> None:
        """Writes ``tour.json``; every scene of the contract that was not seen is missed."""
        for scene in SCENES:
            if scene not in self.seen:
                self.missed.setdefault(scene, "was not reached")
        told = {"steps": self.steps, **self.figures}
        (self.out / "tour.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
