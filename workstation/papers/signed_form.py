"""The paper of a signed form: what was read, who signed by what right, and the drawn signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workstation.kernel.phrases import translated
from workstation.papers.model import Form, Outcome, Right
from workstation.papers.sheet import Sheet

_OUTCOMES = {
    Outcome.SIGNED: "Signed",
    Outcome.GIVEN: "Given to the patient",
    Outcome.REFUSED: "Not signed: declined",
    Outcome.UNABLE: "Not signed: unable",
    Outcome.LATER: "Not signed yet",
}
RIGHT_WORDS = {
    Right.SELF: "the patient",
    Right.PARENT: "parent",
    Right.GUARDIAN: "legal guardian",
    Right.POWER_OF_ATTORNEY: "health care power of attorney",
    Right.CONSENTING_MINOR: "minor who may consent to this care",
    Right.EMANCIPATED_MINOR: "emancipated minor",
}


@dataclass(frozen=True, slots=True)
class SignedForm:
    """What stands on the paper beside the form's own text; ``at`` is aware UTC."""

    facility: str
    time_zone: str
    patient: str
    born: str
    language: str
    outcome: Outcome
    at: datetime
    signer: str = ""
    right: Right = Right.SELF
    proof_seen: str = ""
    reason: str = ""
    signature_png: bytes | None = None


def signed_form_pdf(form: Form, paper: SignedForm) -> bytes:
    """A PDF of one form as it was read and settled. No number of the patient stands on it."""
    language = form.language(paper.language)
    title = form.title[language]
    sheet = Sheet(title, f"{language}-US", f"{paper.facility} · {form.version}")
    sheet.text(paper.facility, 10)
    sheet.gap()
    sheet.text(title, 17, bold=True)
    for part in form.text(language, paper.facility):
        sheet.gap(6)
        sheet.text(part, 11)
    sheet.rule()
    for label, value in _facts(form, paper):
        sheet.pair(translated(label, language), translated(value, language))
    if paper.signature_png:
        sheet.gap(8)  # below the letters of the line above
        sheet.picture(paper.signature_png, 220, 64)
    local = paper.at.astimezone(ZoneInfo(paper.time_zone))
    settled = translated(_OUTCOMES[paper.outcome], language)
    sheet.pair(settled, local.strftime("%d %b %Y %H:%M %Z"))
    return sheet.finished().pdf


def _facts(form: Form, paper: SignedForm) -> Iterator[tuple[str, str]]:
    yield "Patient", paper.patient
    yield "Date of birth", paper.born
    if paper.outcome is Outcome.SIGNED and form.asks_signature:
        yield "Signed by", paper.signer or paper.patient
        yield "Right to sign", RIGHT_WORDS[paper.right]
        yield "Paper seen", paper.proof_seen
    yield "Reason", paper.reason
    yield "Form version", form.version
