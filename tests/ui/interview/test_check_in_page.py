"""The check-in as a registrar drives it: by keys alone, with every state looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui import style, turns
from ui.commands import CommandHost
from ui.controls import Button
from ui.forms.editors import SegmentsEditor, TextEditor
from ui.forms.question import Question
from ui.interview.changed_step import ChangedStep
from ui.interview.check_in_page import CheckInPage
from ui.interview.emergency_bar import exam_moment
from ui.interview.form_step import FormStep
from ui.interview.known_card import KnownCard
from ui.interview.papers_step import PapersStep
from ui.interview.step_page import StepContext, StepPage
from ui.interview.viewmodel import (
    Answered,
    Changed,
    CheckInViewModel,
    Continued,
    NotRecorded,
    Recorded,
    WentTo,
)
from workstation.interview.accepted import person_fields
from workstation.interview.cards import CARD_LETTER, cards_of
from workstation.interview.flow import StepState, Walk, begin
from workstation.interview.model import (
    About,
    Address,
    ContactPerson,
    CoverageAnswer,
    Coverages,
    Directive,
    Draft,
    Employer,
    GroupPlan,
    Guarantor,
    Identity,
    MoneyAnswer,
    Msp,
    PageId,
    Reach,
    Reason,
    Said,
)
from workstation.interview.rules import papers_due
from workstation.interview.situation import Place, Situation, Verified, VisitChoices
from workstation.kernel.errors import Refused
from workstation.papers.model import FormId, Outcome, PastSignature

TODAY = date(2026, 11, 23)


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def until(self, true: Callable[[], bool], ms: int = ...) -> None: ...
    def shot(self, name: str, widget: QWidget | None = ...) -> object: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...
    def names(self, root: QWidget | None = ...) -> list[str]: ...


class PaidStep(StepPage):
    """Stands in for the pay page of another hand: Enter takes the money."""

    def __init__(self) -> None:
        super().__init__()
        self._draft = Draft()
        self.take = Button("Take $25.00", kind="primary")
        self.take.clicked.connect(self._take)
        QVBoxLayout(self).addWidget(self.take)

    def load(self, draft: Draft, context: StepContext) -> None:
        self._draft = draft

    def focus_on(self, key: str | None) -> bool:
        self.take.setFocus()
        return True

    @Slot()
    def _take(self) -> None:
        self.edited.emit({"money.settled": "paid"})
        self.continueWanted.emit()


def maria(**changes: object) -> Draft:
    draft = Draft(
        id="d1",
        owner="u1",
        person_id="p1",
        visit_id="v1",
        started_empty=False,
        identity=Identity(
            last="Okafor-Diaz",
            first="Maria",
            middle="Elena",
            dob="1985-03-03",
            sex="F",
            mrn="0048213",
            name_to_use="Malena",
            ssn="234567891",
        ),
        address=Address(
            street="1 Elm St, Apt 4", city="Austin", state="TX", zip="78701", confidential=Said.YES
        ),
        reach=Reach(mobile="+15122345678", email="malena@example.com"),
        about=About(race_ethnicity=("hispanic",), language="es", interpreter=Said.YES),
        contacts=(
            ContactPerson(id="c", name="Ana Diaz", relation="sibling", phone="+15122345679"),
        ),
        employer=Employer(status="employed", name="Lone Star Bakery"),
        guarantor=Guarantor(relation="self"),
        reason=Reason(reason="New patient visit, Dr. Patel 9:30"),
        coverages=Coverages(
            insured=Said.YES,
            items=(
                CoverageAnswer(
                    id="k",
                    payer_name="Blue Cross PPO of Texas",
                    payer_kind="commercial",
                    member_id="XQZ123456789",
                    group_number="0071234",
                    relation="self",
                    from_date="2026-01-01",
                ),
            ),
        ),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def known(draft: Draft, day: date = date(2026, 11, 1), **changes: object) -> Situation:
    cards = cards_of(Situation(TODAY))
    signed = tuple(
        PastSignature(form, "2026-02-16", Outcome.SIGNED, date(2026, 6, 1), "v0") for form in FormId
    )
    situation = Situation(
        TODAY,
        on_file=draft,
        verified=tuple(Verified(card, day) for card in cards),
        signatures=signed,
        facility_name="St. Anne Hospital",
    )
    return replace(situation, **changes)  # type: ignore[arg-type]


class CheckIn:
    """A page under test with its commands, and what it saved and kept."""

    def __init__(
        self, desk: DeskLike, draft: Draft, situation: Situation, walk: Walk | None = None
    ):
        self.saved: list[Walk] = []
        self.kept: list[tuple[bytes, str, str]] = []
        self.left = 0
        self.finished = 0
        self.model = CheckInViewModel(walk or begin(draft), situation)
        self.page = CheckInPage(
            self.model, self.saved.append, self._keep, pages={PageId.PAY: PaidStep}
        )
        list(self.page.opening())
        self.host = CommandHost(self.page)
        self.host.bind("check_in", self.page, self.page)
        self.host.enter("check_in")
        self.page.leaveWanted.connect(self._leave)
        self.page.finished.connect(self._finish)
        desk.show(self.page, 1294, 692)
        self.page.entered()
        self.desk = desk
        self.keys = 0

    def _keep(self, content: bytes, kind: str, media_type: str) -> None:
        self.kept.append((content, kind, media_type))

    @Slot()
    def _leave(self) -> None:
        self.left += 1

    @Slot()
    def _finish(self) -> None:
        self.finished += 1

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.desk.press(*keys)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.desk.type(text)

    @property
    def now(self) -> PageId:
        return self.model.state.page

    def editor(self, key: str) -> object:
        step = self.page.step(self.now)
        assert isinstance(step, FormStep)
        for view in step._views.values():
            question = view.question(key)
            if question is not None and key in view.keys:
                return question.editor
        raise AssertionError(key)

    def sign(self) -> None:
        step = self.page.step(PageId.PAPERS)
        assert isinstance(step, PapersStep)
        draw_on(step.pane.pad)


def draw_on(pad: QWidget) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    for step in range(16):
        QTest.mouseMove(pad, QPoint(20 + 12 * step, 40 + (step % 3) * 14))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(210, 60))


def test_a_returning_patient_is_done_in_few_keys(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    desk.shot("interview-identity")
    check.press("S", "Return")
    assert check.now is PageId.REASON
    desk.shot("interview-reason")
    check.press("N", "Return")
    assert check.now is PageId.WHAT_CHANGED
    desk.shots("interview-what-changed")
    check.press("Return")
    assert check.now is PageId.PAPERS
    desk.shots("interview-papers")
    check.sign()
    desk.shot("interview-papers-signed")
    check.press("Return", "Return", "Return")
    desk.shot("interview-papers-done")
    check.press("Return")
    assert check.now is PageId.BENEFITS
    check.press("Return")
    assert check.now is PageId.PAY
    check.press("Return")
    assert check.finished == 1
    assert check.keys <= 15  # the rest of the 25 belongs to card, payment and receipt
    assert check.model.state.draft.identity == replace(draft.identity, identified_by="stated")


def test_a_refused_question_opens_its_page_also_where_the_card_was_the_same(
    desk: DeskLike,
) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    check.press("S", "Return", "N", "Return", "Return")
    check.sign()
    check.press("Return", "Return", "Return", "Return")
    assert check.now is PageId.BENEFITS
    check.page.step(PageId.BENEFITS).questionWanted.emit("coverage", "coverages.items.0.member_id")
    assert check.now is PageId.COVERAGE
    check.type("X")
    check.page.step(check.now).collect()
    assert "X" in check.model.state.draft.coverages.items[0].member_id
    desk.shot("interview-mend-member-id")


def test_a_new_patient_goes_step_by_step(desk: DeskLike) -> None:
    empty = Draft(id="d2", owner="u1", visit_id="v2")
    check = CheckIn(desk, empty, Situation(TODAY, facility_name="St. Anne Hospital"))
    check.type("Nguyen")
    check.press("Tab")
    check.type("Kim")
    for _ in range(4):
        check.press("Tab")
    check.type("3/3/85")
    check.press("Tab")
    assert check.model.state.draft.identity.dob == "1985-03-03"
    check.press("F", "Tab")
    desk.shot("interview-new-identity")
    check.press("Return")
    assert check.now is PageId.IDENTITY  # how do you know is still open
    check.press("P", "Return")
    assert check.now is PageId.REASON
    check.type("Cough")
    check.press("Return")
    assert check.model.state.focus == "accident.is_accident"
    check.press("N", "Return")
    assert check.now is PageId.CONTACT
    desk.shot("interview-new-contact")


def test_a_finished_check_in_does_not_come_back_as_a_draft(desk: DeskLike) -> None:
    draft = maria(money=MoneyAnswer(settled="paid"))
    signed = tuple(
        PastSignature(form, "2026-02-16", Outcome.SIGNED, TODAY, "v1") for form in FormId
    )
    accident = replace(draft.accident, is_accident=Said.NO)
    identity = replace(draft.identity, identified_by="stated")
    draft = replace(draft, accident=accident, identity=identity)
    situation = known(draft, signatures=signed)
    check = CheckIn(desk, draft, situation, Walk(draft, PageId.PAY))
    check.page.go_on()
    assert check.finished == 1
    saved = len(check.saved)
    check.model.dispatch(Answered({"identity.middle": "Late"}))
    check.page.left()
    assert len(check.saved) == saved


def test_enter_never_picks_a_choice(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    check.press("S", "Return")
    assert check.now is PageId.REASON
    check.press("Return", "Return", "Return")
    assert check.now is PageId.REASON
    assert check.model.state.draft.accident.is_accident is Said.OPEN


def test_an_accident_opens_its_questions_and_esc_saves(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    check.press("S", "Return", "Y")
    desk.shot("interview-accident")
    assert isinstance(check.editor("accident.kind"), SegmentsEditor)
    check.press("M")
    assert check.model.state.draft.accident.kind == "auto"
    check.press("Esc")
    assert check.left == 1
    assert check.saved[-1].draft.accident.kind == "auto"


def test_half_typed_text_is_in_the_journal_and_stays_on_the_screen(desk: DeskLike) -> None:
    empty = Draft(id="d3", owner="u1")
    check = CheckIn(desk, empty, Situation(TODAY))
    check.type("Ngu")
    desk.until(lambda: bool(check.saved))
    assert check.saved[-1].draft.identity.last == "Ngu"
    editor = check.editor("identity.dob")
    assert isinstance(editor, TextEditor)
    editor.focus()
    check.type("3/3")
    assert editor.line.text() == "3/3"
    check.press("Tab")
    assert editor.line.text() == "3/3"
    question = editor.line.parentWidget()
    assert question is not None
    desk.shot("interview-half-typed")
    assert check.model.state.draft.identity.dob == "3/3"


def test_no_message_appears_while_typing(desk: DeskLike) -> None:
    check = CheckIn(desk, Draft(id="d4"), Situation(TODAY))
    editor = check.editor("identity.dob")
    assert isinstance(editor, TextEditor)
    editor.focus()
    check.type("99/99")
    assert editor.line.property("level") == ""
    check.press("Tab")
    assert editor.line.property("level") == "stop"


def test_open_questions_ask_why_with_one_key(desk: DeskLike) -> None:
    draft = maria(contacts=(), started_empty=True)
    check = CheckIn(desk, draft, Situation(TODAY), Walk(draft, PageId.PEOPLE))
    check.press("Return")
    assert check.model.state.choice is not None
    desk.shot("interview-why-open")
    check.press("2")
    assert check.now is PageId.COVERAGE
    assert check.model.state.draft.skipped("contacts.0.name") == "declined"


def test_esc_closes_the_question_why_and_loses_nothing(desk: DeskLike) -> None:
    draft = maria(contacts=())
    check = CheckIn(desk, draft, Situation(TODAY), Walk(draft, PageId.PEOPLE))
    check.press("Return", "Esc")
    assert check.model.state.choice is None
    assert check.left == 0
    assert check.now is PageId.PEOPLE


def test_stale_cards_wait_for_their_letter(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft, date(2024, 5, 1)), Walk(draft, PageId.WHAT_CHANGED))
    desk.shot("interview-what-changed-stale")
    check.press("Return")
    assert check.now is PageId.WHAT_CHANGED
    for card in cards_of(check.model.state.situation):
        check.press(f"Alt+{CARD_LETTER[card]}")
        desk.until(said_same(check, card))  # a button pressed by its letter shows it for 100 ms
    desk.shot("interview-what-changed-all-same")


def test_a_card_is_edited_in_place_and_put_back(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.WHAT_CHANGED))
    step = check.page.step(PageId.WHAT_CHANGED)
    assert isinstance(step, ChangedStep)
    step.card("address").change_button.click()
    desk.shot("interview-what-changed-edit")
    check.press("Tab")  # past the box for no fixed address
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Street, with apartment or unit"
    check.press("Ctrl+A")
    check.type("2 Oak St")
    assert check.model.state.draft.address.street == "2 Oak St"
    step.card("address").same_button.click()
    assert check.model.state.draft.address == draft.address


def test_medicare_tells_who_pays_first(desk: DeskLike) -> None:
    item = CoverageAnswer(
        payer_name="Medicare", payer_kind="medicare", member_id="1EG4TE5MK73", relation="self"
    )
    draft = maria(
        identity=replace(maria().identity, dob="1955-03-03"),
        coverages=Coverages(insured=Said.YES, items=(item,)),
        accident=replace(maria().accident, is_accident=Said.NO),
    )
    draft = replace(
        draft, msp=replace(draft.msp, answered_by="patient", by_age=True), employer=Employer()
    )
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.MEDICARE))
    desk.shot("interview-medicare-open")
    check.press("N", "N", "N")
    desk.shot("interview-medicare")
    editor = check.editor("msp.patient_work")
    assert isinstance(editor, SegmentsEditor)
    editor.focus()
    check.press("R")
    editor = check.editor("msp.spouse_work")
    assert isinstance(editor, SegmentsEditor)
    editor.focus()
    check.press("S")
    desk.shots("interview-medicare-decided")


def test_an_emergency_shows_nothing_of_money(desk: DeskLike) -> None:
    draft = maria()
    situation = known(draft, locked=True)
    check = CheckIn(desk, draft, situation)
    desk.shots("interview-emergency")
    shown = [line.page for line in check.model.state.rail]
    money = {PageId.PAY, PageId.BENEFITS, PageId.GUARANTOR, PageId.MEDICARE}
    assert not money & set(shown)
    check.press("S", "Return", "N", "Return", "Return")
    assert check.now is PageId.COVERAGE
    desk.shot("interview-emergency-coverage")
    assert "coverages.do_not_bill" not in visible_keys(check)


def test_only_a_recorded_exam_leads_out_of_the_emergency(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft, locked=True))
    bar = check.page.emergency
    told: list[tuple[str, ...]] = []
    bar.examTold.connect(lambda *what: told.append(what))
    bar.exam.click()
    bar.save.click()
    assert told == []
    bar.outcome.part("no_emergency").click()
    bar.by.setText("Dr. Patel")
    bar.source.setText("told by her")
    desk.shot("interview-emergency-exam")
    bar.save.click()
    assert told[0][:2] == ("no_emergency", "Dr. Patel")
    check.model.dispatch(Changed(known(draft)))
    assert not bar.isVisible()
    assert PageId.PAY in {line.page for line in check.model.state.rail}


def in_emergency(draft: Draft, department: str) -> tuple[Draft, Situation]:
    places = VisitChoices((Place("ed", "Emergency Department", True), Place("card", "Cardiology")))
    draft = replace(draft, reason=Reason("Chest pain", "E", department=department))
    return draft, known(draft, locked=True, places=places)


def test_a_wrong_class_is_put_right_with_whose_word_it_was(desk: DeskLike) -> None:
    draft, situation = in_emergency(maria(), "card")
    check = CheckIn(desk, draft, situation)
    bar = check.page.emergency
    told: list[tuple[str, ...]] = []
    bar.classCorrected.connect(lambda *what: told.append(what))
    bar.wrong.click()
    bar.correct.click()
    assert told == []
    assert not bar.department.isVisible()
    assert bar.right.findData("E") < 0
    bar.right.choose("I")
    bar.corrected_by.setText("Dr. Patel")
    bar.reason.setText("Booked for surgery")
    desk.shots("interview-emergency-wrong-class")
    bar.correct.click()
    assert told == [("I", "", "Dr. Patel", "Booked for surgery")]


def test_in_an_emergency_department_another_department_is_asked(desk: DeskLike) -> None:
    """The department alone keeps the lock: a class put right would change nothing."""
    draft, situation = in_emergency(maria(), "ed")
    check = CheckIn(desk, draft, situation)
    bar = check.page.emergency
    told: list[tuple[str, ...]] = []
    bar.classCorrected.connect(lambda *what: told.append(what))
    bar.wrong.click()
    bar.right.choose("O")
    bar.corrected_by.setText("Dr. Patel")
    bar.reason.setText("Came for a scan")
    bar.correct.click()
    assert told == []
    desk.shot("interview-emergency-wrong-department")
    bar.department.choose("card")
    bar.correct.click()
    assert told == [("O", "card", "Dr. Patel", "Came for a scan")]


def test_who_stood_in_the_bar_goes_on_at_the_step_when_the_lock_opens(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft, locked=True))
    check.page.emergency.exam.click()
    check.model.dispatch(Changed(known(draft)))
    here = QApplication.focusWidget()
    assert here is not None
    assert check.page.stack.isAncestorOf(here)


def test_choosing_emergency_for_a_new_visit_locks_at_once(desk: DeskLike) -> None:
    empty = Draft(id="d7-3f7a", owner="u1")
    check = CheckIn(desk, empty, Situation(TODAY))
    assert "reason.patient_class" in visible_keys(check)
    check.model.dispatch(Answered({"reason.patient_class": "E"}))
    assert check.page.emergency.isVisible()
    assert PageId.PAY not in {line.page for line in check.model.state.rail}
    desk.shot("interview-emergency-new")
    check.model.dispatch(Answered({"identity.name_unknown": True, "identity.sex": "U"}))
    assert person_fields(check.model.state.draft)["first"] == "Emergency 3F7A"
    check.press("Return")
    assert check.now is PageId.REASON


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14:07", "2026-11-23T14:07:00.000000Z"),
        ("907", "2026-11-23T09:07:00.000000Z"),
        ("23:50", "2026-11-22T23:50:00.000000Z"),
        ("25:00", None),
        ("soon", None),
    ],
)
def test_the_time_of_an_exam_is_never_ahead(text: str, moment: str | None) -> None:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert exam_moment(text, now) == moment


CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("now", "text", "moment"),
    [
        # Half past midnight: ten to midnight was yesterday.
        ("2026-11-24T06:30:00", "23:50", "2026-11-24T05:50:00.000000Z"),
        ("2026-11-24T06:30:00", "00:10", "2026-11-24T06:10:00.000000Z"),
        # The hour from one to two comes twice in the night of the first of November.
        ("2026-11-01T07:30:00", "1:10", "2026-11-01T07:10:00.000000Z"),
        ("2026-11-01T07:30:00", "1:50", "2026-11-01T06:50:00.000000Z"),
        ("2026-11-01T06:30:00", "1:10", "2026-11-01T06:10:00.000000Z"),
        # In the night of the eighth of March the hour from two to three does not come.
        ("2026-03-08T08:10:00", "1:45", "2026-03-08T07:45:00.000000Z"),
        ("2026-03-09T05:30:00", "23:45", "2026-03-09T04:45:00.000000Z"),
        ("2026-03-08T06:30:00", "23:45", "2026-03-08T05:45:00.000000Z"),
    ],
)
def test_the_time_of_an_exam_is_the_facilitys(now: str, text: str, moment: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=UTC).astimezone(CHICAGO)
    assert exam_moment(text, here) == moment


def test_a_lock_that_begins_takes_the_money_page_away(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.BENEFITS))
    check.model.dispatch(Changed(known(draft, locked=True)))
    assert check.now is not PageId.BENEFITS


def with_group_plan(draft: Draft) -> Draft:
    """The widest of everything that the Medicare page can ask."""
    plan = GroupPlan("patient", "current", "19", Said.YES, "19")
    msp = Msp(
        "patient",
        by_esrd=True,
        by_disability=True,
        patient_work="working",
        has_group_plan=Said.YES,
        plan=plan,
        has_second_plan=Said.YES,
        second_plan=plan,
    )
    return replace(draft, msp=msp)


def said_same(check: CheckIn, card: str) -> Callable[[], bool]:
    return lambda: check.model.state.draft.verdict(card) == "same"


def visible_keys(check: CheckIn) -> set[str]:
    step = check.page.step(check.now)
    assert isinstance(step, FormStep)
    return {key for view in step._views.values() if view.isVisible() for key in view.keys}


@pytest.mark.parametrize("page", [PageId.IDENTITY, PageId.WHAT_CHANGED, PageId.COVERAGE])
def test_every_control_has_a_name_of_its_own(desk: DeskLike, page: PageId) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, page))
    desk.shot(f"interview-{page}")
    assert desk.names(check.page)


def test_spanish_patients_read_spanish_papers(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    paper = step.pane.paper
    assert paper is not None
    assert paper.form.title["es"] == step.pane._title.text()


def test_a_paper_follows_the_language_that_is_answered_above_it(desk: DeskLike) -> None:
    draft = maria(signer=replace(maria().signer, right="self"))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    paper = step.pane.paper
    assert paper is not None
    step.pane.refused.click()
    check.model.dispatch(Answered({"about.language": "en"}))
    assert step.pane.paper == paper
    assert step.pane._title.text() == paper.form.title["en"]
    assert step.pane._body.text().startswith(paper.form.text("en", "St. Anne Hospital")[0])
    assert not step.pane._why.isHidden(), "the question why was put away"


def test_papers_are_counted_anew_when_the_emergency_lock_takes_those_of_money_away(
    desk: DeskLike,
) -> None:
    draft = maria(signer=replace(maria().signer, right="self"))
    around = replace(known(draft), signatures=())
    check = CheckIn(desk, draft, around, Walk(draft, PageId.PAPERS))
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    assert step.pane._place.text() == f"1 of {len(papers_due(draft, around))}"
    locked = replace(around, locked=True)
    check.model.dispatch(Changed(locked))
    assert len(papers_due(draft, locked)) < len(papers_due(draft, around))
    assert step.pane._place.text() == f"1 of {len(papers_due(draft, locked))}"


def test_the_foot_names_a_birth_date_that_cannot_be(desk: DeskLike) -> None:
    empty = Draft(id="d2", owner="u1")
    check = CheckIn(desk, empty, Situation(TODAY), Walk(empty, PageId.IDENTITY))
    check.page.step(PageId.IDENTITY).focus_on("identity.dob")
    check.type("3/3/2030")
    check.press("Tab")
    check.press("Return")
    said = [problem.say for problem in check.model.state.problems if "dob" in problem.field]
    assert said == ["This date lies ahead. Check the year."]
    step = check.page.step(PageId.IDENTITY)
    assert isinstance(step, FormStep)
    foot = [view._needed.text() for view in step._views.values() if view.isVisible()]
    assert any("Date of birth" in words for words in foot)
    desk.shot("interview-dob-ahead")


def test_declining_a_paper_needs_its_reason(desk: DeskLike) -> None:
    draft = maria(signer=replace(maria().signer, right="self"))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    check.press("Alt+D")
    desk.shot("interview-papers-declined")
    assert not check.model.state.draft.papers
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    step.pane._choices[Outcome.REFUSED].part("disagrees").click()
    answer = check.model.state.draft.paper("consent_to_treat")
    assert (answer.outcome, answer.reason) == ("refused", "disagrees")


def test_an_empty_pad_says_what_is_missing_and_esc_closes_the_question_first(
    desk: DeskLike,
) -> None:
    draft = maria(signer=replace(maria().signer, right="self"))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    left: list[bool] = []
    check.page.leaveWanted.connect(lambda: left.append(True))
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    step.pane.take.click()
    assert step.pane._unsigned.isVisible()
    desk.shot("interview-papers-unsigned")
    check.press("Alt+D")
    assert step.pane._why.isVisible()
    check.page.leave()
    assert not step.pane._why.isVisible()
    assert left == []
    check.page.leave()
    assert left == [True]


def on_what_changed(desk: DeskLike) -> tuple[CheckIn, KnownCard]:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.WHAT_CHANGED))
    step = check.page.step(PageId.WHAT_CHANGED)
    assert isinstance(step, ChangedStep)
    card = step.card("contacts")
    card.change_button.click()
    return check, card


@pytest.mark.parametrize("way", ["change", "rail"])
def test_a_coverage_said_to_be_the_same_can_be_changed_after_all(desk: DeskLike, way: str) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.WHAT_CHANGED))
    step = check.page.step(PageId.WHAT_CHANGED)
    assert isinstance(step, ChangedStep)
    said = {"identity.identified_by": "stated", "accident.is_accident": Said.NO}
    check.model.dispatch(Answered(said))
    check.press("Alt+V")
    assert check.model.state.draft.verdict("coverages") == "same"
    if way == "change":
        step.card("coverages").change_button.click()
    else:
        check.model.dispatch(WentTo(PageId.COVERAGE))
    assert check.now is PageId.COVERAGE
    assert "coverages.do_not_bill" in visible_keys(check)
    check.press("Alt+Left")
    assert check.now is PageId.WHAT_CHANGED
    assert step.card("coverages").change_button.isVisible()
    assert "Blue Cross" in step.card("coverages")._lines.text()


def test_a_step_that_is_not_asked_leads_nowhere(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.REASON))
    check.model.dispatch(WentTo(PageId.MEDICARE))
    assert check.now is PageId.REASON


def press_in(card: QWidget, words: str, nth: int = -1) -> None:
    found = [b for b in card.findChildren(Button) if b.isVisible() and words in b.accessibleName()]
    found[nth].click()


def test_a_returning_patient_names_one_more_contact_to_be_called_first(desk: DeskLike) -> None:
    check, card = on_what_changed(desk)
    press_in(card, "Add another contact")
    check.type("Leo Okafor")
    check.press("Tab", "Tab")
    check.type("5122345680")
    check.press("Tab")
    desk.shots("interview-contacts")
    contacts = check.model.state.draft.contacts
    assert [one.name for one in contacts] == ["Ana Diaz", "Leo Okafor"]
    assert contacts[0].id == "c"
    press_in(card, "Call before the one above")
    assert [one.name for one in check.model.state.draft.contacts] == ["Leo Okafor", "Ana Diaz"]
    press_in(card, "Take out", 0)
    assert [one.name for one in check.model.state.draft.contacts] == ["Ana Diaz"]


def test_the_only_contact_taken_out_leaves_room_for_another(desk: DeskLike) -> None:
    check, card = on_what_changed(desk)
    press_in(card, "Take out")
    contacts = check.model.state.draft.contacts
    assert [(one.name, one.dropped) for one in contacts] == [("", False), ("Ana Diaz", True)]
    check.page.step(PageId.WHAT_CHANGED).focus_on("contacts.0.name")
    check.type("Leo")
    assert check.model.state.draft.contacts[0].name == "Leo"


def test_a_new_patient_has_as_many_contacts_as_are_named(desk: DeskLike) -> None:
    empty = Draft(id="d2", owner="u1", visit_id="v2")
    check = CheckIn(desk, empty, Situation(TODAY), Walk(empty, PageId.PEOPLE))
    check.type("Ana Diaz")
    for _ in range(3):
        press_in(check.page, "Add another contact")
        check.type("One more")
    assert len(check.model.state.draft.contacts) == 4
    named = [b for b in check.page.findChildren(Button) if "Add another" in b.accessibleName()]
    assert not any(button.isVisible() for button in named)
    desk.shot("interview-contacts-new")


def test_settled_papers_say_that_the_advance_directive_is_open(desk: DeskLike) -> None:
    draft = maria(directive=Directive(), signer=replace(maria().signer, right="self"))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    step = check.page.step(PageId.PAPERS)
    assert isinstance(step, PapersStep)
    check.sign()
    for _ in range(6):
        step.pane.take_now()
    assert not step.pane.isVisible()
    assert "advance directive is still open" in step._done.accessibleName()
    desk.shot("interview-directive-open")
    check.model.dispatch(Answered({"directive.has": Said.NO}))
    assert "advance directive" not in step._done.accessibleName()


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_a_payer_brings_its_usual_holder_and_nothing_more_is_asked(desk: DeskLike) -> None:
    draft = maria(coverages=Coverages(insured=Said.YES))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.COVERAGE))
    step = check.page.step(PageId.COVERAGE)
    assert isinstance(step, FormStep)
    check.press("Return")
    holder = next(
        q for v in step._views.values() if (q := v.question("coverages.items.0.relation"))
    )
    assert holder.box.message == "Still needed."
    step.focus_on("coverages.items.0.payer_name")
    check.type("Aetna")
    step.focus_on("coverages.items.0.member_id")
    check.type("W123456789")
    item = check.model.state.draft.coverages.items[0]
    assert item.relation == "self"
    assert holder.box.message == "", "an answer that came by itself is still called missing"
    check.press("Return")
    asked = [problem.field for problem in check.model.state.problems]
    assert "coverages.items.0.relation" not in asked


def test_a_signature_is_kept_as_strokes_and_picture(desk: DeskLike) -> None:
    draft = maria(signer=replace(maria().signer, right="self"))
    check = CheckIn(desk, draft, known(draft), Walk(draft, PageId.PAPERS))
    check.sign()
    check.press("Return")
    kinds = [(kind, media) for _, kind, media in check.kept]
    assert kinds == [("signature_strokes", "application/json"), ("signature", "image/png")]
    assert check.kept[1][0].startswith(b"\x89PNG")
    assert check.model.state.draft.paper("consent_to_treat").outcome == "signed"


def test_what_the_store_refuses_comes_back_to_its_page(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    recorded: list[tuple[PageId, Draft]] = []
    check.model.record_with(lambda page, draft, situation: recorded.append((page, draft)))
    check.press("S", "Return")
    assert [page for page, _ in recorded] == [PageId.IDENTITY]
    check.model.dispatch(
        NotRecorded(
            PageId.IDENTITY,
            Refused("stale", "Somebody changed this.", "Look again.", field="identity.last"),
        )
    )
    assert check.now is PageId.IDENTITY
    desk.shot("interview-refused")


def refused_while_typing(desk: DeskLike) -> CheckIn:
    """Identity was left, and is refused while the reason is typed already."""
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    check.model.record_with(lambda page, draft, situation: None)
    check.press("S", "Return")
    assert check.now is PageId.REASON
    stale = Refused("stale", "Somebody changed this.", "Look again.", field="identity.last")
    check.model.dispatch(NotRecorded(PageId.IDENTITY, stale, go=False))
    return check


def test_a_refusal_takes_nobody_away_from_what_they_type(desk: DeskLike) -> None:
    check = refused_while_typing(desk)
    assert check.now is PageId.REASON
    rail = {line.page: line for line in check.model.state.rail}
    assert rail[PageId.IDENTITY].state is StepState.MUST_FIX
    assert rail[PageId.IDENTITY].why == "Somebody changed this."
    check.press("N", "Return")
    assert check.now is PageId.WHAT_CHANGED
    error = check.model.state.error
    assert error is not None, "it stays in sight until it is gone to"
    buttons = [b for b in check.page.strip.findChildren(Button) if b.isVisible()]
    desk.shot("interview-refused-elsewhere")
    buttons[0].click()
    assert check.now is PageId.IDENTITY
    assert check.model.state.refused is None
    assert check.model.state.error is error


def test_nothing_is_finished_while_a_page_is_refused(desk: DeskLike) -> None:
    check = refused_while_typing(desk)
    check.press("N", "Return", "Return")
    check.sign()
    check.press(*["Return"] * 6)
    assert check.finished == 0
    assert check.now is PageId.IDENTITY
    assert check.model.state.error is not None


def test_ids_given_by_the_store_join_what_was_typed_meanwhile() -> None:
    draft = maria(person_id="")
    model = CheckInViewModel(begin(draft), known(draft))
    model.dispatch(Answered({"identity.identified_by": "stated"}))
    sent: list[Draft] = []
    model.record_with(lambda page, draft, situation: sent.append(draft))
    model.dispatch(Continued())
    model.dispatch(Answered({"reason.reason": "Fell"}))
    model.dispatch(Recorded(PageId.IDENTITY, sent[0], replace(sent[0], person_id="p9")))
    assert model.state.draft.person_id == "p9"
    assert model.state.draft.reason.reason == "Fell"
    assert model.state.recording == 0


def test_the_whole_page_fits_the_smallest_screen(desk: DeskLike) -> None:
    draft = maria()
    check = CheckIn(desk, draft, known(draft))
    for page in set(PageId) - {PageId.PAY, PageId.BENEFITS}:
        step = check.page.step(page)
        step.load(with_group_plan(draft), StepContext(page, known(draft)))
        inside = step.sheet.minimumSizeHint().width() if isinstance(step, FormStep) else 0
        assert max(step.minimumSizeHint().width(), inside) <= 790, page
    button = check.page.continue_button
    corner = button.mapTo(check.page, QPoint(button.width(), button.height()))
    assert check.page.rect().contains(corner)
    assert style.HEIGHT["field"] == button.height()


def test_the_next_step_is_made_while_a_person_reads_and_shows_what_stands_by_then(
    desk: DeskLike,
) -> None:
    """Made ahead, it is in sight only when it is entered, with the answers given meanwhile."""
    check = CheckIn(desk, Draft(id="d7-3f7a", owner="u1"), Situation(TODAY))
    desk.until(lambda: PageId.REASON in check.page._steps)
    ready = check.page._steps[PageId.REASON]
    turns.finish()
    assert not ready.isVisible()
    assert check.now is PageId.IDENTITY
    made = question_of(ready, "reason.reason")
    check.model.dispatch(Answered({"reason.reason": "Chest pain"}))
    state = check.model.state
    assert check.page.step(PageId.REASON) is ready
    ready.load(state.draft, StepContext(PageId.REASON, state.situation))
    assert question_of(ready, "reason.reason") is made
    assert made.editor.widget.text() == "Chest pain"  # type: ignore[attr-defined]


def question_of(step: StepPage, key: str) -> Question:
    """The question of a key, made already, whether in sight or not."""
    assert isinstance(step, FormStep)
    found = (view.question(key) for view in step._views.values() if key in view.keys)
    question = next(found)
    assert question is not None
    return question
