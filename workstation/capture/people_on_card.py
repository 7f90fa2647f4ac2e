"""Names on a card: the member and the dependents."""

from __future__ import annotations

import re

from workstation.capture.anchors import Layout, Pairing
from workstation.capture.field_formats import person_name, run_together
from workstation.capture.ocr import Line


def member_name_of(layouts: list[Layout]) -> tuple[str, Line, float] | None:
    """The member's name with its line and trust: labelled, else next to the member's number."""
    for side, layout in enumerate(layouts):
        found = []
        for pair in layout.pairings("member_name"):
            if not _is_name_label(pair, side):
                continue
            name = person_name(pair.text)
            if name is None and (name := run_together(pair.text)) is not None:
                found.append((name, pair.line, 0.6))
            elif name is not None:
                label = pair.mark.line.text[pair.mark.start : pair.mark.end].lower()
                full = 1.0 if "name" in label else 0.97
                found.append((name, pair.line, pair.trust * full * (1.0 if side == 0 else 0.9)))
        if found:
            return max(found, key=lambda one: one[2])
    return _beside_the_number(layouts[0])


def _is_name_label(pair: Pairing, side: int) -> bool:
    """Backs are full of sentences about members: there only a label that says "name" counts."""
    label = pair.mark.line.text[pair.mark.start : pair.mark.end].lower()
    return "name" in label or "nombre" in label or (side == 0 and pair.mark.start <= 1)


def _beside_the_number(layout: Layout) -> tuple[str, Line, float] | None:
    """An unlabelled name directly over or under the member's number, or numbered 00 or 01."""
    for numbered in layout.lines:
        if re.match(r"\s*0[01][\s\-]", numbered.text) and (name := person_name(numbered.text)):
            return name, numbered, 0.9
    for mark in layout.marks:
        if mark.key != "member_id":
            continue
        near = [layout.above(mark.line), *layout.below(mark.line, mark.left)[:3]]
        for line in near:
            if line is not None and not layout.is_label(line) and (name := person_name(line.text)):
                return name, line, 0.8
    return None


def dependents_of(layout: Layout) -> list[str]:
    """Dependents in the order printed: under or beside their label, or numbered 02 and up."""
    names: list[str] = []
    for mark in layout.marks:
        if mark.key != "dependents":
            continue
        for part in re.split(r"[,;/]\s*(?=[A-Z])", mark.inline):
            if name := person_name(part):
                names.append(name)
        names += _column(layout, mark.line, mark.left)
    for line in layout.lines:
        if re.match(r"\s*0[2-9][\s\-.:]", line.text) and (name := person_name(line.text)):
            names.append(name)
    return list(dict.fromkeys(names))


def _column(layout: Layout, label: Line, left: float) -> list[str]:
    names: list[str] = []
    line: Line | None = label
    if not names and (side := layout.beside(label)) is not None and not layout.is_label(side):
        name = person_name(side.text)
        if name:
            names.append(name)
            label, left = side, side.box[0]
            line = side
    for _ in range(10):
        if line is None:
            break
        under = layout.below(line, left)
        line = under[0] if under else None
        if line is None or layout.is_label(line):
            break
        name = person_name(line.text)
        if name is None:
            break
        names.append(name)
    return names
