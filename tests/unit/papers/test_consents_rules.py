"""Which papers are due, who may sign, and what stands on the signed paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from workstation.kernel.errors import Refused
from workstation.papers.consents import all_forms, form_of, form_on
from workstation.papers.model import (
    REASONS,
    FormId,
    Outcome,
    PastSignature,
    Right,
    Signing,
)
from workstation.papers.rules import (
    VisitForPapers,
    due_papers,
    money_papers_open,
    proof_is_asked,
    rights_for,
    signer_is_other,
)
from workstation.papers.signed_form import SignedForm, signed_form_pdf
from workstation.papers.use_cases import check_signing

DAY = date(2026, 11, 23)
VISIT = VisitForPapers(DAY, "O", locked=False, insured=True, visit_id="v1")


def ids(visit: VisitForPapers, *past: PastSignature) -> list[FormId]:
    return [paper.form.id for paper in due_papers(visit, past)]


def signed(form: FormId, on: date, **changes: object) -> PastSignature:
    past = PastSignature(form, form_on(form, DAY).version, Outcome.SIGNED, on)
    return replace(past, **changes)  # type: ignore[arg-type]


def test_every_form_has_both_languages_and_says_why() -> None:
    for form in all_forms():
        for words in (form.title, form.why, form.body):
            assert set(words) == {"en", "es"}
        assert len(form.body["en"]) == len(form.body["es"])


def test_a_first_visit_gets_every_paper_with_treatment_apart_and_first() -> None:
    due = ids(VISIT)
    assert due[0] is FormId.CONSENT_TO_TREAT
    assert set(due) == set(FormId)
    notices = due.index(FormId.SURPRISE_BILLING_NOTICE)
    assert notices < due.index(FormId.FINANCIAL_AGREEMENT)


def test_consent_to_treatment_says_nothing_of_payment_owed() -> None:
    assert not form_on(FormId.CONSENT_TO_TREAT, DAY).of_money
    assert form_on(FormId.FINANCIAL_AGREEMENT, DAY).of_money


def test_while_locked_only_consent_and_privacy_are_due_and_both_may_wait() -> None:
    due = due_papers(replace(VISIT, locked=True), ())
    assert [paper.form.id for paper in due] == [
        FormId.CONSENT_TO_TREAT,
        FormId.PRIVACY_NOTICE_ACK,
    ]
    assert all(paper.deferrable for paper in due)


def test_papers_of_insurance_are_not_asked_without_it_or_against_the_patients_wish() -> None:
    of_insurance = {FormId.ASSIGNMENT_OF_BENEFITS, FormId.RELEASE_OF_INFORMATION}
    assert not of_insurance & set(ids(replace(VISIT, insured=False)))
    assert not of_insurance & set(ids(replace(VISIT, do_not_bill=True)))


def test_an_injury_at_work_asks_for_no_financial_agreement() -> None:
    at_work = replace(VISIT, payer_kinds=frozenset({"workers_comp"}))
    assert FormId.FINANCIAL_AGREEMENT not in ids(at_work)


@pytest.mark.parametrize(("days", "due"), [(364, False), (365, True)])
def test_assignment_holds_for_a_year(days: int, due: bool) -> None:
    past = signed(FormId.ASSIGNMENT_OF_BENEFITS, date.fromordinal(DAY.toordinal() - days))
    assert (FormId.ASSIGNMENT_OF_BENEFITS in ids(VISIT, past)) is due


def test_the_privacy_notice_is_asked_again_only_when_it_changed() -> None:
    old = signed(FormId.PRIVACY_NOTICE_ACK, date(2020, 1, 1))
    assert FormId.PRIVACY_NOTICE_ACK not in ids(VISIT, old)
    before = replace(old, version="2013-09-23")
    assert FormId.PRIVACY_NOTICE_ACK in ids(VISIT, before)
    refused = replace(old, outcome=Outcome.REFUSED)
    assert FormId.PRIVACY_NOTICE_ACK not in ids(VISIT, refused)


def test_a_refused_consent_is_asked_again_and_a_signed_one_holds_for_its_visit() -> None:
    refused = signed(FormId.CONSENT_TO_TREAT, DAY, visit_id="v1", outcome=Outcome.REFUSED)
    assert FormId.CONSENT_TO_TREAT in ids(VISIT, refused)
    for visit, due in (("v1", False), ("v0", True)):
        consent = signed(FormId.CONSENT_TO_TREAT, DAY, visit_id=visit)
        assert (FormId.CONSENT_TO_TREAT in ids(VISIT, consent)) is due


def test_notices_stand_before_the_first_request_for_money() -> None:
    due = due_papers(VISIT, ())
    assert money_papers_open(due, ()) == (
        FormId.SURPRISE_BILLING_NOTICE,
        FormId.FINANCIAL_ASSISTANCE_SUMMARY,
    )
    assert money_papers_open(due, FormId) == ()


def test_who_may_sign_follows_age_to_the_day() -> None:
    assert Right.SELF in rights_for(date(2008, 11, 23), DAY)
    assert Right.SELF not in rights_for(date(2008, 11, 24), DAY)
    assert Right.PARENT in rights_for(date(2008, 11, 24), DAY)
    assert Right.PARENT not in rights_for(date(2008, 11, 23), DAY)
    assert set(rights_for(None, DAY)) == set(Right)


def signing(form: FormId, outcome: Outcome, **changes: object) -> Signing:
    base = Signing("p", "v", form, form_on(form, DAY).version, "en", outcome)
    return replace(base, **changes)  # type: ignore[arg-type]


def refused_with(signing_: Signing) -> str | None:
    try:
        check_signing(signing_, form_of(signing_.form_id, signing_.version))
    except Refused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("right", list(Right))
def test_each_right_asks_for_its_signer_and_its_proof(right: Right) -> None:
    bare = signing(FormId.CONSENT_TO_TREAT, Outcome.SIGNED, right=right, strokes="h")
    if signer_is_other(right):
        assert refused_with(bare) == "signer_missing"
    named = replace(bare, signer="Ana Diaz")
    expected = "proof_missing" if proof_is_asked(right) else None
    assert refused_with(named) == expected
    assert refused_with(replace(named, proof_seen="Court order of 2 May 2024")) is None


def test_an_outcome_stands_on_what_it_needs() -> None:
    assert refused_with(signing(FormId.CONSENT_TO_TREAT, Outcome.SIGNED)) == "signature_missing"
    assert refused_with(signing(FormId.CONSENT_TO_TREAT, Outcome.GIVEN)) == "signature_missing"
    assert refused_with(signing(FormId.SURPRISE_BILLING_NOTICE, Outcome.GIVEN)) is None
    for outcome, reasons in REASONS.items():
        paper = signing(FormId.CONSENT_TO_TREAT, outcome)
        assert refused_with(paper) == "reason_missing"
        assert refused_with(replace(paper, reason=reasons[0][0])) is None


def test_a_form_is_never_shown_before_it_is_in_force() -> None:
    with pytest.raises(Refused) as refusal:
        form_on(FormId.CONSENT_TO_TREAT, date(2020, 1, 1))
    assert refusal.value.code == "form_not_in_force"


def test_the_hash_is_of_exactly_what_was_read() -> None:
    form = form_on(FormId.CONSENT_TO_TREAT, DAY)
    english = form.text_hash("en", "St. Anne")
    assert english == form.text_hash("pl", "St. Anne")
    assert len({english, form.text_hash("es", "St. Anne"), form.text_hash("en", "Mercy")}) == 3


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form_id", list(FormId))
def test_the_paper_carries_the_whole_text_and_who_signed(form_id: FormId, language: str) -> None:
    form = form_on(form_id, DAY)
    paper = SignedForm(
        facility="Hospital Santa Ana",
        time_zone="America/Chicago",
        patient="Nguyễn Thị Peña",
        born="03 Mar 1985",
        language=language,
        outcome=Outcome.SIGNED if form.asks_signature else Outcome.GIVEN,
        at=datetime(2026, 11, 23, 15, 4, tzinfo=UTC),
        signer="Ana Díaz",
        right=Right.GUARDIAN,
        proof_seen="Court order",
    )
    reader = PdfReader(io.BytesIO(signed_form_pdf(form, paper)))
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    for part in form.text(language, "Hospital Santa Ana"):
        assert part in text
    assert "Nguyễn Thị Peña" in text
    assert "23 Nov 2026 09:04 CST" in text
    assert ("Court order" in text) is form.asks_signature
