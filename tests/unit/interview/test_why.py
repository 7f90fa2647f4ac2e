"""Every question says why it is asked, every page what it is for; without a word of money while
the emergency lock holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from workstation.interview import options
from workstation.interview.fields import Field
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import (
    ContactPerson,
    CoverageAnswer,
    Coverages,
    Draft,
    Employer,
    GroupPlan,
    Guarantor,
    Identity,
    Msp,
    PageId,
    Reason,
    Said,
)
from workstation.interview.situation import Place, Provider, Service, Situation, VisitChoices
from workstation.interview.summaries import summary
from workstation.interview.why import speaks_of_money, why_of

TODAY = date(2026, 11, 23)
PLACES = VisitChoices(
    (Place("ed", "Emergency Department", True), Place("c", "Cardiology")),
    (Provider("p", "Dr. Patel", "1000000079", "c"),),
    (Service("OV", "Office visit"),),
)


def asked_everything() -> Draft:
    """A draft in which as many questions as can be are asked at once."""
    plan = GroupPlan("patient", "current", "19", Said.YES)
    return Draft(
        identity=Identity(last="Diaz", first="Ana", dob="1955-05-05"),
        contacts=(ContactPerson(name="A"), ContactPerson(name="B")),
        employer=Employer(status="employed"),
        guarantor=Guarantor(relation="parent"),
        reason=Reason(ordering="other", referring="other", department="c"),
        coverages=Coverages(
            Said.YES,
            tuple(
                CoverageAnswer(payer_kind=option.code, relation="spouse", from_date="2026-01-01")
                for option in options.PAYER_KIND[:6]
            ),
        ),
        msp=Msp(
            black_lung=Said.YES,
            by_age=True,
            by_disability=True,
            by_esrd=True,
            patient_work="working",
            has_group_plan=Said.YES,
            plan=plan,
            has_second_plan=Said.YES,
            second_plan=plan,
        ),
    )


def all_fields() -> Iterator[Field]:
    """Every question of every page, whether it is asked of this draft or not."""
    draft, situation = asked_everything(), Situation(TODAY, places=PLACES)
    for page in CHECK_IN.pages.values():
        for section in page.sections(draft, situation):
            yield from section.fields


def test_every_question_says_why_it_is_asked() -> None:
    silent = {field.key for field in all_fields() if not field.why}
    assert silent == set()
    assert len({field.key for field in all_fields()}) > 150


@pytest.mark.parametrize("page", list(PageId))
def test_every_page_says_what_it_is_for(page: PageId) -> None:
    assert CHECK_IN.pages[page].why


def test_no_reason_speaks_of_money_while_locked() -> None:
    """42 CFR 489.24(d)(4): the question may be asked, paying is not spoken of."""
    locked = Situation(TODAY, locked=True, places=PLACES)
    draft = replace(asked_everything(), visit_id="v")
    shown = 0
    for page in CHECK_IN.pages.values():
        if page.applies(draft, locked).hidden:
            continue
        assert not speaks_of_money(" ".join(why_of(page, locked)))
        for section in page.sections(draft, locked):
            for field in section.shown(draft, locked):
                shown += 1
                assert not speaks_of_money(field.label), field.key
                assert not speaks_of_money(" ".join(why_of(field, locked))), field.key
    assert shown > 40


def test_outside_the_lock_every_reason_is_shown_as_it_is() -> None:
    for field in all_fields():
        assert why_of(field, Situation(TODAY)) == (field.why, field.source)


def test_a_card_says_what_each_value_is() -> None:
    about = Draft(about=replace(Draft().about, race_ethnicity=("declined",), language="es"))
    about = replace(about, about=replace(about.about, interpreter=Said.YES, marital="declined"))
    assert summary("about", about, str) == (
        "Race and ethnicity: Does not want to say",
        "Language: Spanish, interpreter",
        "Marital status: Does not want to say",
    )
    work = Draft(employer=Employer("employed", "Example Foods"))
    assert summary("employer", work, str) == ("Working", "Employer: Example Foods")
