"""The advance directive: asked once, at every admission, and never forgotten behind the papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workstation.interview.flow import CHECK_IN
from workstation.interview.missing import page_problems
from workstation.interview.model import Directive, Draft, Identity, PageId, Reason, Said
from workstation.interview.pages_papers import directive_is_open
from workstation.interview.rules import papers_due, usual_holder
from workstation.interview.situation import Situation
from workstation.papers.model import Outcome, PastSignature

TODAY = date(2026, 11, 23)
PAGE = CHECK_IN.pages[PageId.PAPERS]


def patient(born: str = "1960-05-05", patient_class: str = "O", has: Said = Said.OPEN) -> Draft:
    return Draft(
        visit_id="v1",
        identity=Identity(last="Diaz", first="Ana", dob=born),
        reason=Reason(patient_class=patient_class),
        directive=Directive(has=has),
    )


def all_signed(draft: Draft, situation: Situation) -> Situation:
    """Every paper of this check-in is on file and good."""
    signed = tuple(
        PastSignature(paper.form.id, paper.form.version, Outcome.SIGNED, TODAY, "v1")
        for paper in papers_due(draft, situation)
    )
    return replace(situation, signatures=signed)


def test_it_is_asked_at_an_admission_though_every_paper_is_on_file() -> None:
    draft = patient(patient_class="I")
    situation = all_signed(draft, Situation(TODAY, on_file=patient(has=Said.NO)))
    assert not papers_due(draft, situation)
    assert not PAGE.applies(patient(has=Said.NO), situation).yes
    problems = [problem.field for problem in page_problems(PAGE, draft, situation)]
    assert PAGE.applies(draft, situation).yes
    assert "directive.has" in problems


@pytest.mark.parametrize(
    ("before", "patient_class", "born", "is_open"),
    [
        (Said.OPEN, "O", "1960-05-05", True),
        (Said.UNKNOWN, "O", "1960-05-05", False),
        (Said.NO, "I", "1960-05-05", True),
        (Said.OPEN, "O", "2012-05-05", False),
    ],
)
def test_when_it_is_open(before: Said, patient_class: str, born: str, is_open: bool) -> None:
    situation = Situation(TODAY, on_file=patient(born, has=before))
    assert directive_is_open(patient(born, patient_class), situation) is is_open
    answered = patient(born, patient_class, Said.NO)
    assert not directive_is_open(answered, situation)
    assert not directive_is_open(patient(born, patient_class), replace(situation, locked=True))


@pytest.mark.parametrize(
    ("born", "kind", "holder"),
    [
        ("1960-05-05", "commercial", "self"),
        ("2015-05-05", "commercial", ""),
        ("2015-05-05", "medicaid", "self"),
        ("1950-05-05", "medicare", "self"),
        ("", "commercial", ""),
    ],
)
def test_who_usually_holds_a_coverage(born: str, kind: str, holder: str) -> None:
    assert usual_holder(patient(born), Situation(TODAY), kind) == holder
