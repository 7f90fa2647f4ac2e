"""The paper of a signed form: what was read, who signed by what right, and the drawn signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from workstation.papers.model import Form, Outcome, Right
from workstation.papers.typeface import BOLD, REGULAR, printable, ready, wrapped

_MARGIN = 54
_WIDTH, _HEIGHT = letter
_BODY = (REGULAR, 11, 15)

_WORDS = {
    "en": {
        Outcome.SIGNED: "Signed",
        Outcome.GIVEN: "Given to the patient",
        Outcome.REFUSED: "Not signed: declined",
        Outcome.UNABLE: "Not signed: unable",
        Outcome.LATER: "Not signed yet",
        "by": "Signed by",
        "right": "Right to sign",
        "proof": "Paper seen",
        "patient": "Patient",
        "born": "Born",
        "version": "Form version",
        "reason": "Reason",
    },
    "es": {
        Outcome.SIGNED: "Firmado",
        Outcome.GIVEN: "Entregado al paciente",
        Outcome.REFUSED: "Sin firma: no aceptó",
        Outcome.UNABLE: "Sin firma: no puede firmar",
        Outcome.LATER: "Todavía sin firma",
        "by": "Firmado por",
        "right": "Derecho a firmar",
        "proof": "Documento visto",
        "patient": "Paciente",
        "born": "Fecha de nacimiento",
        "version": "Versión del formulario",
        "reason": "Motivo",
    },
}

RIGHT_WORDS = {
    "en": {
        Right.SELF: "the patient",
        Right.PARENT: "parent",
        Right.GUARDIAN: "legal guardian",
        Right.POWER_OF_ATTORNEY: "health care power of attorney",
        Right.CONSENTING_MINOR: "minor who may consent to this care",
        Right.EMANCIPATED_MINOR: "emancipated minor",
    },
    "es": {
        Right.SELF: "el paciente",
        Right.PARENT: "madre o padre",
        Right.GUARDIAN: "tutor legal",
        Right.POWER_OF_ATTORNEY: "apoderado para decisiones de salud",
        Right.CONSENTING_MINOR: "menor que puede consentir esta atención",
        Right.EMANCIPATED_MINOR: "menor emancipado",
    },
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
    sheet = _Sheet(form.title[form.language(paper.language)], paper.facility)
    for part in form.text(paper.language, paper.facility):
        sheet.paragraph(part)
    words = _WORDS["es" if form.language(paper.language) == "es" else "en"]
    sheet.rule()
    for label, value in _facts(form, paper, words):
        sheet.fact(label, value)
    if paper.signature_png:
        sheet.picture(paper.signature_png)
    local = paper.at.astimezone(ZoneInfo(paper.time_zone))
    sheet.fact(str(words[paper.outcome]), local.strftime("%d %b %Y %H:%M %Z"))
    return sheet.finish()


def _facts(form: Form, paper: SignedForm, words: dict[str, str]) -> Sequence[tuple[str, str]]:
    language = "es" if form.language(paper.language) == "es" else "en"
    facts = [(words["patient"], paper.patient), (words["born"], paper.born)]
    if paper.outcome is Outcome.SIGNED and form.asks_signature:
        facts.append((words["by"], paper.signer or paper.patient))
        facts.append((words["right"], RIGHT_WORDS[language][paper.right]))
        if paper.proof_seen:
            facts.append((words["proof"], paper.proof_seen))
    if paper.reason:
        facts.append((words["reason"], paper.reason))
    facts.append((words["version"], form.version))
    return facts


class _Sheet:
    """A letter page that turns over when it is full."""

    def __init__(self, title: str, facility: str) -> None:
        ready()
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=letter, invariant=True)
        self._canvas.setTitle(title)
        self._y = float(_HEIGHT - _MARGIN)
        self._canvas.setFont(REGULAR, 10)
        self._canvas.drawString(_MARGIN, self._y, printable(facility)[0])
        self._y -= 28
        self._canvas.setFont(BOLD, 17)
        self._canvas.drawString(_MARGIN, self._y, title)
        self._y -= 28

    def paragraph(self, text: str) -> None:
        font, size, leading = _BODY
        for line in wrapped(printable(text)[0], font, size, _WIDTH - 2 * _MARGIN):
            self._room(leading)
            self._canvas.setFont(font, size)
            self._canvas.drawString(_MARGIN, self._y, line)
            self._y -= leading
        self._y -= 6

    def rule(self) -> None:
        self._room(20)
        self._canvas.line(_MARGIN, self._y, _WIDTH - _MARGIN, self._y)
        self._y -= 20

    def fact(self, label: str, value: str) -> None:
        self._room(16)
        self._canvas.setFont(BOLD, 10)
        self._canvas.drawString(_MARGIN, self._y, label)
        self._canvas.setFont(REGULAR, 10)
        self._canvas.drawString(_MARGIN + 150, self._y, printable(value)[0])
        self._y -= 16

    def picture(self, png: bytes) -> None:
        self._room(80)
        self._canvas.drawImage(
            ImageReader(io.BytesIO(png)),
            _MARGIN,
            self._y - 64,
            width=220,
            height=64,
            preserveAspectRatio=True,
            anchor="sw",
            mask="auto",
        )
        self._y -= 82

    def finish(self) -> bytes:
        self._canvas.save()
        return self._bytes.getvalue()

    def _room(self, needed: float) -> None:
        if self._y - needed < _MARGIN:
            self._canvas.showPage()
            self._y = float(_HEIGHT - _MARGIN)
