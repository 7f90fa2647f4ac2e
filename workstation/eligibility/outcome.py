"""What one reply means for one question: answered, rejected, or not answered; never inactive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workstation.eligibility.asking import answer_about
from workstation.eligibility.model import Answer, BenefitFile, Rejection
from workstation.eligibility.rejections import PAYER_TROUBLE, mendable_first, of_patient
from workstation.kernel.errors import PorticoError
from workstation.kernel.phrases import paragraph
from workstation.x12.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class Outcome:
    """``state`` is answered, rejected or not_answered; ``trouble`` says that only the payer's own
    system was down, so that asking again later is the remedy."""

    state: str
    say: str
    answer: Answer | None
    rejections: tuple[Rejection, ...]
    trouble: bool = False

    def fields(self) -> dict[str, Any]:
        """The fields of the recorded fact."""
        return {
            "state": self.state,
            "status": self.answer.status if self.answer is not None else "not_answered",
            "answer": self.answer.as_json() if self.answer is not None else None,
            "rejections": [value.as_json() for value in self.rejections],
            "say": self.say,
        }


def outcome_of(file: BenefitFile, inquiry: Inquiry) -> Outcome:
    """A rejection is not an answer, and an answer without a status is none either."""
    answer = answer_about(file, inquiry)
    rejections = (*file.rejections, *(answer.rejections if answer is not None else ()))
    if inquiry.dependent is None:
        rejections = tuple(of_patient(value) for value in rejections)
    rejections = mendable_first(rejections)
    if answer is not None and answer.status != "not_answered":
        return Outcome("answered", answer.status_detail, answer, rejections)
    if rejections:
        trouble = reasons(file) <= PAYER_TROUBLE
        state = "not_answered" if trouble else "rejected"
        return Outcome(state, rejections[0].fix, answer, rejections, trouble)
    if answer is None:
        say = "The payer's reply does not speak of this patient."
        return Outcome("not_answered", say, None, ())
    return Outcome("not_answered", answer.status_detail, answer, ())


def silence(error: PorticoError) -> dict[str, Any]:
    """The fields of the fact where no usable reply came."""
    return {"state": "not_answered", "say": paragraph(error.say, error.do)}


def reasons(file: BenefitFile) -> frozenset[str]:
    """Every AAA03 of a reply."""
    people = (value for answer in file.answers for value in answer.rejections)
    return frozenset(value.code for value in (*file.rejections, *people))
