"""Advance directive, language before consents, who signs, the papers; then benefits and pay."""

from __future__ import annotations

from workstation.interview import options
from workstation.interview.fields import (
    Applies,
    Field,
    FieldKind,
    Need,
    Option,
    Page,
    Problem,
    Section,
    Sign,
    must,
)
from workstation.interview.model import Draft, PageId, Said
from workstation.interview.payer_order import may_take_money
from workstation.interview.rules import (
    EMERGENCY_LINE,
    age,
    is_minor,
    paper_settled,
    papers_due,
)
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none
from workstation.papers.model import Outcome, Right
from workstation.papers.rules import proof_is_asked, rights_for, signer_is_other

SIGN_IT = "This paper waits to be signed, or for the reason why it is not."
HAND_IT_OVER = "This paper waits to be handed over."

RIGHT_WORDS = {
    Right.SELF: "The patient",
    Right.PARENT: "A parent",
    Right.GUARDIAN: "A legal guardian",
    Right.POWER_OF_ATTORNEY: "Health care power of attorney",
    Right.CONSENTING_MINOR: "The minor, for care they may consent to",
    Right.EMANCIPATED_MINOR: "The minor, emancipated",
}
RIGHTS = tuple(Option(str(right), words) for right, words in RIGHT_WORDS.items())


def _adult_unlocked(draft: Draft, situation: Situation) -> bool:
    return not situation.locked and not is_minor(draft, situation)


def _directive_need(draft: Draft, situation: Situation) -> Need:
    # 42 CFR 489.102(b): a hospital asks at admission as an inpatient.
    return Need.MUST if _at_admission(draft) else Need.MAY


def _has_directive(draft: Draft, situation: Situation) -> bool:
    return _adult_unlocked(draft, situation) and draft.directive.has is Said.YES


def _no_directive(draft: Draft, situation: Situation) -> bool:
    return _adult_unlocked(draft, situation) and draft.directive.has is Said.NO


def _interpreter(draft: Draft, situation: Situation) -> bool:
    return draft.about.interpreter is Said.YES


def _not_english(draft: Draft, situation: Situation) -> bool:
    return draft.about.language not in {"", "en"} or draft.about.interpreter is Said.YES


def _other_signs(draft: Draft, situation: Situation) -> bool:
    signs = _somebody_signs(draft, situation) and _right(draft) is not None
    return signs and signer_is_other(Right(draft.signer.right))


def _proof(draft: Draft, situation: Situation) -> bool:
    signs = _somebody_signs(draft, situation) and _right(draft) is not None
    return signs and proof_is_asked(Right(draft.signer.right))


def _right(draft: Draft) -> Right | None:
    return Right(draft.signer.right) if draft.signer.right in set(Right) else None


def _somebody_signs(draft: Draft, situation: Situation) -> bool:
    return any(
        draft.paper(str(paper.form.id)).outcome not in {Outcome.LATER, Outcome.UNABLE}
        for paper in papers_due(draft, situation)
        if paper.form.asks_signature
    )


def _right_check(draft: Draft, situation: Situation) -> str | None:
    right = _right(draft)
    offered = rights_for(iso_or_none(draft.identity.dob), situation.today)
    if right in offered:
        return None
    years = age(draft, situation.today)
    if years is not None and years >= 18:
        return (
            "The patient is an adult. A parent signs only with a power of attorney or as guardian."
        )
    return "The patient is under eighteen. Say who signs for them, or why they may sign alone."


DIRECTIVE = Section(
    "directive",
    "Advance directive",
    (
        Field(
            "directive.has",
            "Is there a living will or health care power of attorney?",
            FieldKind.YES_NO_UNKNOWN,
            _directive_need,
            options=options.YES_NO_UNKNOWN,
            applies=_adult_unlocked,
            why="So that the patient's own wishes are known. Care never depends on having one.",
            source="42 CFR 489.102",
        ),
        Field(
            "directive.copy_on_file",
            "Do we have a copy?",
            FieldKind.YES_NO,
            options=options.YES_NO,
            applies=_has_directive,
            why="Clinicians can follow only what they can read.",
        ),
        Field(
            "directive.wants_information",
            "Would they like to read about it?",
            FieldKind.YES_NO,
            options=options.YES_NO,
            applies=_no_directive,
            why="The hospital gives written information about the right to decide ahead.",
            source="42 CFR 489.102",
        ),
    ),
)

SIGNING = Section(
    "signing",
    "Language, and who signs",
    (
        Field(
            "about.language",
            "Language they want to talk and read in",
            FieldKind.CHOICE,
            must,
            options=options.LANGUAGES,
            width=1,
            why="Papers must be understood before they are signed.",
            source="45 CFR 92.201",
        ),
        Field(
            "about.interpreter",
            "Is an interpreter needed?",
            FieldKind.YES_NO,
            must,
            options=options.YES_NO,
            applies=_not_english,
            width=1,
            why="A qualified interpreter, free of charge; never a child of the patient.",
            source="45 CFR 92.201",
        ),
        Field(
            "about.interpreter_id",
            "Interpreter's name or number",
            FieldKind.TEXT,
            applies=_interpreter,
            width=1,
            asked_afresh=True,
            why="Who interpreted stands on the papers that were signed with their help.",
            source="45 CFR 92.201",
        ),
        Field(
            "signer.right",
            "Who signs today",
            FieldKind.CHOICE,
            must,
            options=RIGHTS,
            check=_right_check,
            applies=_somebody_signs,
            width=1,
            asked_afresh=True,
            why="A signature counts only from whoever has the right to give it.",
        ),
        Field(
            "signer.name",
            "Name of the person who signs",
            FieldKind.NAME,
            must,
            applies=_other_signs,
            width=1,
            asked_afresh=True,
            why="The paper names who signed.",
        ),
        Field(
            "signer.relation",
            "Relation to the patient",
            FieldKind.TEXT,
            applies=_other_signs,
            width=1,
            asked_afresh=True,
            why="It stands on the paper beside the name of who signed.",
        ),
        Field(
            "signer.proof_seen",
            "Paper you saw that proves it",
            FieldKind.TEXT,
            must,
            applies=_proof,
            hint="Court order, power of attorney, with its date",
            asked_afresh=True,
            why="Such a right stands on a paper; somebody has to have seen it.",
        ),
    ),
)


def _at_admission(draft: Draft) -> bool:
    return draft.reason.patient_class == "I"


def directive_is_asked(draft: Draft, situation: Situation) -> bool:
    """Of an adult, at every admission as an inpatient; else once, whatever the answer was."""
    if not _adult_unlocked(draft, situation):
        return False
    before = situation.on_file.directive.has if situation.on_file else Said.OPEN
    return before is Said.OPEN or _at_admission(draft)


def directive_is_open(draft: Draft, situation: Situation) -> bool:
    """Nobody has said yet whether there is one."""
    return directive_is_asked(draft, situation) and draft.directive.has is Said.OPEN


def _papers(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (DIRECTIVE, SIGNING) if directive_is_asked(draft, situation) else (SIGNING,)


def _papers_apply(draft: Draft, situation: Situation) -> Applies:
    admission = _at_admission(draft) and directive_is_asked(draft, situation)
    if not papers_due(draft, situation) and not admission:
        return Applies(False, "Every paper is on file and good.")
    return Applies(True)


def _papers_problems(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    problems = []
    for paper in papers_due(draft, situation):
        if not paper_settled(draft, paper):
            say = SIGN_IT if paper.form.asks_signature else HAND_IT_OVER
            problems.append(Problem(f"papers.{paper.form.id}", Sign.STOP, say))
    return tuple(problems)


def _none(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return ()


def _money_page(draft: Draft, situation: Situation) -> Applies:
    if situation.locked:
        return Applies(False, EMERGENCY_LINE, hidden=True)
    return Applies(True)


def _pay_problems(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    """A payment stays what it is; what is not settled needs the order of payers, or a reason."""
    settled = draft.money.settled
    if settled == "paid":
        return ()
    if settled == "nothing_today":
        say = "Choose why nothing is paid today."
        return () if draft.money.reason else (Problem("money.reason", Sign.STOP, say),)
    allowed, why = may_take_money(draft, situation)
    say = "Take a payment, or say why nothing today." if allowed else why
    return (Problem("money.settled", Sign.STOP, say),)


PAPERS_PAGE = Page(
    PageId.PAPERS,
    "Papers",
    "Papers",
    _papers,
    _papers_apply,
    _papers_problems,
    why="What the patient reads, is given or signs, each paper for itself.",
)
BENEFITS_PAGE = Page(
    PageId.BENEFITS,
    "Benefits and estimate",
    "Benefits, estimate",
    _none,
    _money_page,
    why="What the payer answered, and what this visit may cost the patient.",
)
PAY_PAGE = Page(
    PageId.PAY,
    "Pay",
    "Pay",
    _none,
    _money_page,
    _pay_problems,
    why="What is paid today; or why nothing is, without pressure.",
)
