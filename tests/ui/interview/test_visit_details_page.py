"""The visit's details on the reason page: one quiet line, or a search by name, code and NPI."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Protocol

import pytest
from PySide6.QtCore import Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.arrivals.cells import cells
from ui.arrivals.side import ArrivalSide
from ui.commands import CommandHost
from ui.forms.code_search import CodeEditor
from ui.forms.editors import ListEditor
from ui.interview.check_in_page import CheckInPage
from ui.interview.form_step import FormStep
from ui.interview.viewmodel import Answered, Changed, CheckInViewModel
from workstation.arrivals.model import ArrivalRow
from workstation.demo import hospital
from workstation.estimates.prices import demo_prices
from workstation.facility.model import EMERGENCY_DEPARTMENTS
from workstation.interview.flow import Walk
from workstation.interview.model import Draft, Identity, PageId, Reason
from workstation.interview.situation import (
    Place,
    Provider,
    Service,
    Situation,
    VisitChoices,
    VisitOnRecord,
)

TODAY = date(2026, 11, 23)
CARDIOLOGY = hospital.DEPARTMENTS["Cardiology"].id
EMERGENCY = hospital.DEPARTMENTS["Emergency Department"].id
HOLM = hospital.CLINICIANS["Dr. Ingrid Holm"].id
PLACES = VisitChoices(
    tuple(
        Place(one.id, one.name, one.kind in EMERGENCY_DEPARTMENTS)
        for one in hospital.DEPARTMENTS.values()
    ),
    tuple(
        Provider(one.id, one.name, one.npi, one.department_id or "")
        for one in hospital.CLINICIANS.values()
    ),
    tuple(Service(one.code, one.label()) for one in demo_prices().services.values()),
)
ON_RECORD = VisitOnRecord("VA000042", "AA000042", "O")


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def shot(self, name: str, widget: QWidget | None = ...) -> object: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...
    def names(self, root: QWidget | None = ...) -> list[str]: ...


def draft_with(**answers: str) -> Draft:
    return Draft(
        id="d1",
        owner="u1",
        person_id="p1",
        visit_id="v1",
        started_empty=False,
        identity=Identity(last="Okafor", first="Maria", dob="1985-03-03", sex="F", mrn="0048213"),
        reason=replace(Reason(), **answers),
    )


class ReasonPage:
    """The check-in at its reason page."""

    def __init__(self, desk: DeskLike, draft: Draft, visit: VisitOnRecord = ON_RECORD) -> None:
        situation = Situation(TODAY, on_file=draft, places=PLACES, visit=visit)
        walk = Walk(draft, PageId.REASON, known=draft)
        self.model = CheckInViewModel(walk, situation)
        self.page = CheckInPage(self.model, self._save, self._keep)
        list(self.page.opening())
        self.host = CommandHost(self.page)
        self.host.bind("check_in", self.page, self.page)
        self.host.enter("check_in")
        desk.show(self.page, 1294, 692)
        self.page.entered()

    @Slot(object)
    def _save(self, walk: Walk) -> None:
        """The journal is not looked at here."""

    def _keep(self, content: bytes, kind: str, media_type: str) -> None:
        """Nothing is signed here."""

    @property
    def step(self) -> FormStep:
        step = self.page.step(PageId.REASON)
        assert isinstance(step, FormStep)
        return step

    @property
    def reason(self) -> Reason:
        return self.model.state.draft.reason

    def editor(self, key: str) -> CodeEditor:
        question = self.step._views["visit"].question(key)
        assert question is not None
        assert isinstance(question.editor, CodeEditor)
        return question.editor

    @property
    def folded(self) -> bool:
        return self.step._folds["visit"].folded


def known_visit() -> Draft:
    return draft_with(
        reason="Heart check", department=CARDIOLOGY, clinician=HOLM, service="OV-SPEC"
    )


def test_an_appointment_is_one_line_that_f2_opens(desk: DeskLike) -> None:
    check = ReasonPage(desk, known_visit(), replace(ON_RECORD, scheduled=True))
    fold = check.step._folds["visit"]
    assert check.folded
    assert fold.words.text() == (
        "Cardiology · Dr. Ingrid Holm · Office visit, specialist · Outpatient"
    )
    desk.shots("interview-visit-folded")
    desk.names(check.page)
    desk.press("F2")
    assert not check.folded
    desk.shots("interview-visit-open")
    desk.names(check.page)


def test_enter_passes_a_known_visit_after_the_accident_question(desk: DeskLike) -> None:
    check = ReasonPage(desk, known_visit(), replace(ON_RECORD, scheduled=True))
    desk.press("N", "Return")
    assert check.model.state.page is PageId.WHAT_CHANGED


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_a_walk_in_finds_service_and_clinician_by_a_part_of_the_name(desk: DeskLike) -> None:
    check = ReasonPage(desk, draft_with())
    assert not check.folded
    desk.type("Chest feels tight")
    desk.shots("interview-visit-walk-in")
    desk.press("Return")
    assert check.model.state.focus == "reason.department"
    desk.shot("interview-visit-walk-in-stops")
    focus = QApplication.focusWidget()
    question = check.step._views["visit"].question("reason.department")
    assert question is not None
    assert isinstance(question.editor, ListEditor)
    assert focus is question.editor.widget
    check.model.dispatch(Answered({"reason.department": CARDIOLOGY}))
    clinician = check.editor("reason.clinician")
    clinician.focus()
    first = clinician.line.completer().model().index(0, 0).data()
    assert first == "Dr. Ingrid Holm · 1000000020"  # those of the department come first
    desk.press("Down")
    popup = clinician.line.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    desk.shot("interview-visit-list", popup)
    desk.type("1000000020")
    desk.press("Tab")
    assert check.reason.clinician == HOLM
    assert clinician.line.text() == "Dr. Ingrid Holm · 1000000020"
    assert not popup.isVisible()
    service = check.editor("reason.service")
    service.focus()
    desk.type("ov-spec")
    desk.press("Tab")
    assert check.reason.service == "OV-SPEC"
    assert not check.folded  # it does not fold under the hand
    desk.shot("interview-visit-walk-in-done")


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_enter_takes_the_marked_line_and_goes_on(desk: DeskLike) -> None:
    check = ReasonPage(desk, draft_with())
    down, enter = Qt.Key.Key_Down, Qt.Key.Key_Return
    for way in ((enter,), (down, down, enter)):
        service = check.editor("reason.service")
        service.focus()
        desk.press("Ctrl+A")
        desk.type("office")
        popup = service.line.completer().popup()
        assert popup is not None
        assert popup.isVisible()
        desk.shot("interview-visit-first-marked", popup)
        found = [popup.model().index(n, 0).data() for n in range(popup.model().rowCount())]
        assert len(found) > 1
        for key in way:
            QTest.keyClick(popup, key)
        wanted = found[0] if way == (enter,) else found[1]
        assert service.line.text() == wanted
        assert check.reason.service in ("OV-PCP", "OV-SPEC", "OV-NEW")
        assert not popup.isVisible()
        assert QApplication.focusWidget() is not service.line


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_what_names_nobody_stays_as_typed_and_says_what_to_do(desk: DeskLike) -> None:
    check = ReasonPage(desk, draft_with())
    clinician = check.editor("reason.clinician")
    clinician.focus()
    desk.type("Dr.")
    desk.press("Tab")
    assert check.reason.clinician == "Dr."
    assert clinician.line.text() == "Dr."
    assert clinician.line.property("level") == "stop"


def test_somebody_else_has_a_name_and_an_npi_that_is_checked(desk: DeskLike) -> None:
    check = ReasonPage(desk, draft_with())
    check.model.dispatch(Answered({"reason.referring": "other", "reason.referred_by": "Dr. Far"}))
    question = check.step._views["visit"].question("reason.referring_npi")
    assert question is not None
    question.editor.focus()
    desk.type("1234567890")
    desk.press("Tab")
    assert question.box.level == "stop"
    desk.shot("interview-visit-referred")
    question.editor.focus()
    desk.press("Ctrl+A")
    desk.type("1234567893")
    desk.press("Tab")
    assert question.box.level == ""


def test_the_emergency_department_takes_money_away_at_once(desk: DeskLike) -> None:
    check = ReasonPage(desk, known_visit())
    assert PageId.PAY in {line.page for line in check.model.state.rail}
    check.model.dispatch(Answered({"reason.department": EMERGENCY}))
    assert check.page.emergency.isVisible()
    assert PageId.PAY not in {line.page for line in check.model.state.rail}
    check.model.dispatch(Answered({"reason.department": CARDIOLOGY}))
    assert PageId.PAY in {line.page for line in check.model.state.rail}
    locked = replace(check.model.state.situation, visit=replace(ON_RECORD, locked=True))
    check.model.dispatch(Changed(locked))
    assert PageId.PAY not in {line.page for line in check.model.state.rail}
    desk.shot("interview-visit-emergency")


def test_another_class_asks_why_and_the_banner_names_the_visit(desk: DeskLike) -> None:
    check = ReasonPage(desk, known_visit())
    desk.press("F2")
    check.model.dispatch(Answered({"reason.patient_class": "R"}))
    assert "reason.class_reason" in check.step._views["visit"].keys
    told = check.page._told
    assert isinstance(told, tuple)
    assert ("Visit", "VA000042") in told[3]
    assert ("Account", "AA000042") in told[3]
    desk.shot("interview-visit-class")


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_enter_in_the_open_list_picks_and_does_not_continue(desk: DeskLike) -> None:
    check = ReasonPage(desk, draft_with())
    service = check.editor("reason.service")
    service.focus()
    desk.type("office")
    popup = service.line.completer().popup()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert check.reason.service == "OV-SPEC"
    assert service.line.text() == "Office visit, specialist · OV-SPEC"
    assert check.model.state.asked == 0


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens
def test_continue_reads_what_stands_in_the_line(desk: DeskLike) -> None:
    check = ReasonPage(desk, replace(known_visit(), reason=Reason(reason="Heart check")))
    check.model.dispatch(Answered({"reason.department": CARDIOLOGY, "reason.service": "OV-SPEC"}))
    check.editor("reason.clinician").focus()
    desk.type("holm")
    check.page.go_on()
    assert check.reason.clinician == HOLM
    assert check.model.state.focus == "accident.is_accident"


def test_the_side_of_arrivals_names_visit_and_account(desk: DeskLike) -> None:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    row = ArrivalRow("v1", "p1", now, "Okafor", "Maria", department="Cardiology")
    side = ArrivalSide()
    desk.show(side, 300, 600)
    side.show_cells(cells(row, now, UTC))
    assert "VA000042" not in side._facts.text()
    numbered = replace(row, visit_number="VA000042", account_number="AA000042")
    side.show_cells(cells(numbered, now, UTC))
    assert side._facts.text().splitlines()[-1] == "Visit VA000042 · Account AA000042"
    desk.shot("interview-visit-arrivals-side")
