"""What is missing or not right among questions: the stop and yield signs of a page."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.interview.fields import Field, Need, Page, Problem, Sign
from workstation.interview.model import Draft, Said
from workstation.interview.paths import get
from workstation.interview.situation import Situation

NEEDED = "Still needed."
OPEN = "Open. Answer it, or continue and say why."


def is_open(answer: object) -> bool:
    """Nothing was answered. An unticked box is an answer."""
    return answer in ("", (), None) or answer is Said.OPEN


def field_problems(
    fields: Iterable[Field], draft: Draft, situation: Situation
) -> tuple[Problem, ...]:
    """One problem at most for each question, in reading order."""
    found = (field_problem(field, draft, situation) for field in fields)
    return tuple(problem for problem in found if problem is not None)


def field_problem(field: Field, draft: Draft, situation: Situation) -> Problem | None:
    """What is missing or not right at one question, None if nothing is."""
    answer = get(draft, field.key)
    need = field.needed(draft, situation)
    if is_open(answer):
        if need is Need.MUST:
            return Problem(field.key, Sign.STOP, NEEDED)
        if need is Need.SHOULD and draft.skipped(field.key) is None:
            return Problem(field.key, Sign.YIELD, OPEN)
        return None
    said = field.check(draft, situation) if field.check else None
    return Problem(field.key, Sign.STOP, said) if said else None


def page_fields(page: Page, draft: Draft, situation: Situation) -> tuple[Field, ...]:
    """Every question that a page asks of this draft, in reading order."""
    sections = page.sections(draft, situation)
    return tuple(field for section in sections for field in section.shown(draft, situation))


def page_problems(page: Page, draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    """All signs of a page, stops first, each group in reading order; skipped yields are gone."""
    all_found = (
        *field_problems(page_fields(page, draft, situation), draft, situation),
        *page.problems(draft, situation),
    )
    found = [
        problem
        for problem in all_found
        if problem.sign is Sign.STOP or draft.skipped(problem.field) is None
    ]
    return tuple(sorted(found, key=lambda problem: problem.sign is Sign.YIELD))
