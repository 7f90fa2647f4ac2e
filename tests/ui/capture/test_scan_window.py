"""Scanning as a registrar does it: by keys, with drawn cards, read by the real reader."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aamva_payloads_for_ui import LICENCE
from capture_desk import (
    TODAY,
    DeskLike,
    OpenCheckIn,
    Window,
    box,
    coverage_step,
    drawn,
    linnea,
    read,
)
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from ui.capture.scan_model import Stage
from ui.capture.scan_overlay import pictures_folder
from ui.interview.viewmodel import Answered
from workstation.capture.images import png_bytes
from workstation.capture.specimens import draw_licence_back
from workstation.interview.cards import cards_of
from workstation.interview.codec import walk_from_json
from workstation.interview.flow import RailStep, StepState
from workstation.interview.model import (
    About,
    Address,
    ContactPerson,
    CoverageAnswer,
    Draft,
    Employer,
    Guarantor,
    Identity,
    PageId,
    Reach,
    Reason,
    Said,
)
from workstation.interview.situation import Situation, Verified
from workstation.kernel.changed import Kind


def test_a_card_fills_an_empty_coverage_and_is_kept(
    desk: DeskLike, window: Window, tmp_path: Path
) -> None:
    card, front, back = drawn("ppo", 4, "desk")
    check = window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.shot("capture-coverage-before")
    desk.press("F8")
    assert window.overlay.isVisible()
    desk.names(window.overlay.panel)
    path = tmp_path / "front.png"
    path.write_bytes(front)
    window.chosen = [path]
    desk.press("Return")  # Choose a file has the focus
    read(desk, window)
    window.overlay._side("1")
    window.overlay.take_bytes(back)
    desk.until(lambda: window.overlay.state.stage is Stage.READING)
    read(desk, window)
    assert window.overlay.state.usable
    desk.shots("capture-read")
    desk.press("Return")
    assert not window.overlay.isVisible()
    item = check.draft.coverages.items[0]
    assert item.member_id == card.truth["member_id"]
    assert item.group_number == card.truth["group_number"]
    assert item.payer_name == card.truth["payer_name"]
    assert check.draft.coverages.insured is Said.YES
    assert not check.documents.all  # the coverage has no id before it is recorded
    step = coverage_step(check)
    assert step.focus_on("coverages.items.0.member_id")
    evidence = step.evidence("coverages.items.0.member_id")
    assert evidence is not None
    assert evidence.crop is not None
    assert not evidence.crop.isNull()
    assert "% sure" in evidence.confidence
    desk.shots("capture-coverage-filled")
    recorded = replace(item, id="k1")
    check.page.step(PageId.COVERAGE).edited.emit({"coverages.items": (recorded,)})
    desk.settle()
    kinds = [(kind, about["about_id"]) for kind, _, about in check.documents.all]
    assert kinds == [("card_front", "k1"), ("card_back", "k1")]
    window.records.rows["coverage"] = [{"id": "k1", "person_id": "p1"}]
    window.records.rows["eligibility_check"] = [
        {
            "coverage_id": "k1",
            "state": "answered",
            "answered_at": "2026-11-23T10:00:00Z",
            "answer": {
                "patient": {"group_number": "16-999999"},
                "subscriber": {"member_id": item.member_id},
                "plan_name": None,
                "dates": [],
                "status": "active",
            },
        }
    ]
    window.main.bus.tell(frozenset({Kind.ELIGIBILITY}), window)
    desk.settle()
    agreed = box(step, "coverages.items.0.member_id")
    assert (agreed.level, agreed.message) == ("ok", "card and payer agree")
    assert (
        box(step, "coverages.items.0.group_number").message
        == "as on the card; the payer says 16-999999"
    )
    desk.shot("capture-coverage-payer")


def test_other_values_wait_for_ctrl_enter(desk: DeskLike, window: Window) -> None:
    card, front, _ = drawn("ppo", 4, "scan")
    stands = CoverageAnswer(
        id="k1", payer_id="99001", payer_name="Other plan", payer_kind="commercial",
        member_id="X99", group_number="", relation="self",
    )  # fmt: skip
    check = window.open(linnea(stands), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.press("Return")
    key = "coverages.items.0.member_id"
    assert not window.overlay.isVisible()
    assert check.draft.coverages.items[0].member_id == "X99"
    step = coverage_step(check)
    assert box(step, key).level == "warn"
    desk.settle()
    assert {about["about_id"] for _, _, about in check.documents.all} == {"k1"}
    desk.press("Return")  # Continue stops once at what differs
    assert check.model.state.page is PageId.COVERAGE
    step.focus_on(key)
    desk.shots("capture-coverage-differs")
    desk.press("Ctrl+Return")
    assert check.draft.coverages.items[0].member_id == card.truth["member_id"]
    assert box(step, key).level == "info"
    step.focus_on("coverages.items.0.payer_name")
    desk.press("Ctrl+Return")
    item = check.draft.coverages.items[0]
    assert item.payer_name == card.truth["payer_name"]
    assert item.payer_id != "99001"  # the id of the payer before must not stay behind


def test_a_doubtful_character_waits_for_a_look(desk: DeskLike, window: Window) -> None:
    card, front, _ = drawn("hmo_pcp", 2, "hard")
    check = window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.shot("capture-read-doubt")
    desk.press("Return")
    key = "coverages.items.0.member_id"
    step = coverage_step(check)
    evidence = step.evidence(key)
    assert evidence is not None
    assert evidence.alternatives
    assert check.draft.coverages.items[0].member_id == ""  # never without a person
    assert box(step, key).message.startswith("0 or O? Compare")
    desk.press("Return")
    assert page_of(check) is PageId.COVERAGE
    assert step.focus_on(key)
    desk.shots("capture-coverage-doubt")
    desk.press("Ctrl+Space")
    first = check.draft.coverages.items[0].member_id
    desk.press("Ctrl+Space")
    assert check.draft.coverages.items[0].member_id != first
    desk.press("Ctrl+Return")
    assert check.draft.coverages.items[0].member_id == card.truth["member_id"]
    assert box(step, key).message == "from the card, compared by you"


def test_a_doubt_that_was_passed_by_stays_a_yield_sign_and_says_what(
    desk: DeskLike, window: Window
) -> None:
    _, front, _ = drawn("ppo", 4, "scan")
    stands = CoverageAnswer(
        id="k1",
        payer_name="Other plan",
        payer_kind="commercial",
        member_id="X99",
        relation="self",
        from_date="2026-01-01",
    )
    check = window.open(linnea(stands), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.press("Return")
    check.page.go_on()
    assert page_of(check) is PageId.COVERAGE
    check.page.go_on()
    assert page_of(check) is not PageId.COVERAGE
    coverage = rail_step(check, PageId.COVERAGE)
    assert coverage.state is StepState.MAY_GO_ON
    assert "not compared with what was scanned" in coverage.why
    desk.shot("capture-doubt-passed")
    desk.settle()
    check.page.save_now()
    again = window.resume(walk_from_json(json.loads(check.written)), Situation(TODAY))
    assert rail_step(again, PageId.COVERAGE).state is StepState.MAY_GO_ON
    for key in check.model.state.walk.scans[0].passed:
        looked = "2026-02-01" if key.endswith("date") else "LOOKED"
        check.model.dispatch(Answered({key: looked}))
    assert rail_step(check, PageId.COVERAGE).state is not StepState.MAY_GO_ON


def test_what_a_scan_read_survives_leaving_and_fills_nothing_by_itself(
    desk: DeskLike, window: Window
) -> None:
    card, front, _ = drawn("hmo_pcp", 2, "hard")
    check = window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.press("Return")
    key = "coverages.items.0.member_id"
    before = box(coverage_step(check), key).message
    check.model.dispatch(Answered({"coverages.items.0.payer_name": ""}))
    desk.settle()
    check.page.leave()
    window.capture.release(check)  # type: ignore[arg-type]
    window.main.pop()
    again = window.resume(walk_from_json(json.loads(check.written)), Situation(TODAY))
    desk.settle()
    step = coverage_step(again)
    assert box(step, key).message == before
    assert again.draft.coverages.items[0].member_id == ""
    assert again.draft.coverages.items[0].payer_name == "", "what a person emptied stays empty"
    evidence = step.evidence(key)
    assert evidence is not None
    assert evidence.crop is not None
    assert not evidence.crop.isNull()
    assert step.focus_on(key)
    desk.shots("capture-coverage-resumed")
    desk.press("Ctrl+Return", "Ctrl+Space", "Ctrl+Space")
    assert again.draft.coverages.items[0].member_id
    items = replace(again.draft.coverages.items[0], id="k9")
    again.model.dispatch(Answered({"coverages.items": (items,)}))
    desk.settle()
    assert [kind for kind, *_ in again.documents.all] == ["card_front"]
    assert again.model.state.walk.scans[0].filed
    assert card.truth["payer_name"]


def rail_step(check: OpenCheckIn, page: PageId) -> RailStep:
    return next(step for step in check.model.state.rail if step.page is page)


def test_corners_moved_by_hand_are_read_again(desk: DeskLike, window: Window) -> None:
    _, front, _ = drawn("hdhp", 2, "desk")
    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    picture = window.overlay.picture
    before = picture.corners
    assert len(before) == 4
    start = picture._points()[0].toPoint()
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(picture, start + QPoint(-12, -8))
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=start + QPoint(-12, -8))
    assert window.overlay.state.stage is Stage.READING
    assert picture.corners[0] != before[0]
    moved = picture.corners
    read(desk, window)
    got = window.overlay.state.reading.sides[0].corners
    assert QPointF(*got[0]).toPoint() == QPointF(*moved[0]).toPoint()
    assert abs(got[0][0] - moved[0][0]) < 0.01


def test_cancel_works_at_once_and_nothing_arrives_later(desk: DeskLike, window: Window) -> None:
    _, front, _ = drawn("dense", 1, "scan")
    check = window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    before = check.draft
    desk.press("F8")
    window.overlay.take_bytes(front)
    desk.until(lambda: window.overlay.state.stage is Stage.READING)
    desk.press("Esc")
    assert not window.overlay.isVisible()
    desk.settle()
    assert check.draft == before


def test_enter_while_it_is_read_chooses_no_other_file(
    desk: DeskLike, window: Window, tmp_path: Path
) -> None:
    _, front, _ = drawn("ppo", 4, "scan")
    path = tmp_path / "front.png"
    path.write_bytes(front)
    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.chosen = [path]
    desk.press("Return")
    window.chosen = []  # a second choice would fail
    assert window.overlay.state.stage is Stage.OPENING
    desk.press("Return")
    desk.until(lambda: window.overlay.state.stage is Stage.READING)
    desk.press("Return")
    assert window.overlay.state.stage is Stage.READING
    read(desk, window)
    assert window.overlay.state.usable
    desk.press("Return")
    assert not window.overlay.isVisible()


def test_the_choice_of_a_file_begins_with_the_pictures(
    desk: DeskLike, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert pictures_folder() == tmp_path
    begun: list[str] = []
    monkeypatch.setattr(QFileDialog, "open", lambda self: begun.append(self.directory().path()))
    overlay = window.overlay
    overlay._folder = pictures_folder()
    overlay._native_chooser(overlay.take_file)
    last = tmp_path / "scans"
    last.mkdir()
    overlay.take_file(last / "card.png")
    overlay._native_chooser(overlay.take_file)
    assert begun == [str(tmp_path), str(last)]


def blank() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 500), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (blank(), "This picture shows nothing."),
        (b"no picture at all", "This file is not a picture or PDF."),
        (b"%PDF-1.7 broken", "This PDF is damaged or cut off."),
    ],
)
def test_what_cannot_be_read_says_so(
    desk: DeskLike, window: Window, data: bytes, words: str
) -> None:
    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(data)
    read(desk, window)
    assert window.overlay.state.stage is Stage.FAILED
    assert window.overlay.state.words == words
    assert window.overlay.state.do
    assert not window.overlay.use_button.isEnabled()
    desk.shot("capture-not-read")


def test_both_pages_of_a_pdf_are_front_and_back(desk: DeskLike, window: Window) -> None:
    card, _, _ = drawn("ppo", 4, "flat")
    out = io.BytesIO()
    card.front.convert("RGB").save(
        out, "PDF", save_all=True, append_images=[card.back.convert("RGB")], resolution=300
    )
    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(out.getvalue())
    read(desk, window)
    assert len(window.overlay.state.reading.sides) == 2
    assert window.overlay.state.reading.payer_name == card.truth["payer_name"]


def test_pictures_come_by_drop_and_by_paste(desk: DeskLike, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    path.write_bytes(blank())
    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert window.overlay.take_mime(mime)
    read(desk, window)
    assert window.overlay.state.words == "This picture shows nothing."
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    desk.press("Ctrl+V")
    assert window.overlay.state.words == "There is no picture on the clipboard."
    clipboard.setImage(QImage.fromData(blank()))
    desk.press("Ctrl+V")
    assert window.overlay.state.stage is Stage.OPENING
    read(desk, window)
    clipboard.clear()


@pytest.mark.qt_log_ignore("pipewire|va-|va library|va symbols|va\\(in|RHI backend")
def test_the_camera_shows_what_it_sees_and_takes_it(desk: DeskLike, window: Window) -> None:
    from PySide6 import QtMultimedia as multimedia

    window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    if multimedia.QMediaDevices.defaultVideoInput().isNull():
        window.overlay.camera_button.click()
        assert "No camera" in window.overlay.state.words
    _, front, _ = drawn("ppo", 4, "desk")
    image = QImage.fromData(front).convertToFormat(QImage.Format.Format_RGB32)
    sink = window.overlay._camera.listen()
    sink.setVideoFrame(multimedia.QVideoFrame(image))
    desk.until(lambda: window.overlay.shutter.isVisible())
    desk.shot("capture-camera")
    window.overlay.shutter.click()
    read(desk, window)
    assert window.overlay.state.usable


# Licences


def licence_picture() -> bytes:
    import numpy as np

    picture = np.asarray(draw_licence_back(LICENCE).convert("RGB"))[:, :, ::-1]
    return png_bytes(np.ascontiguousarray(picture))


def scan_licence(desk: DeskLike, window: Window) -> None:
    desk.press("F9")
    window.overlay.take_bytes(licence_picture())
    read(desk, window)
    assert window.overlay.state.usable
    desk.press("Return")


def test_a_licence_fills_a_new_chart(desk: DeskLike, window: Window) -> None:
    check = window.open(Draft(id="d2", owner="u1"), Situation(TODAY), PageId.IDENTITY)
    scan_licence(desk, window)
    who = check.draft.identity
    assert (who.last, who.first, who.dob, who.identified_by) == (
        "Fixture", "Linnea", "1985-03-03", "photo_id",
    )  # fmt: skip
    assert check.draft.address.city == "Austin"
    assert not check.documents.all
    desk.shots("capture-licence-filled")
    check.page.step(PageId.IDENTITY).edited.emit({"person_id": "p9"})
    desk.settle()
    assert [kind for kind, _, _ in check.documents.all] == ["licence"]


def test_a_licence_of_another_person_stops(desk: DeskLike, window: Window) -> None:
    other = replace(linnea(), identity=Identity(last="Sample", first="Jonas", dob="1970-01-02"))
    check = window.open(other, Situation(TODAY), PageId.IDENTITY)
    before = check.draft
    scan_licence(desk, window)
    assert check.draft == before
    message: Any = check.page.strip.messages[0]
    assert message.level == "stop"
    assert message.words.startswith("Wrong chart?")
    desk.settle()
    assert not check.documents.all
    desk.shot("capture-wrong-chart")
    check.page.strip.answered.emit(message.key)
    assert window.found == ["Fixture Linnea 03/03/1985"]


def test_a_licence_with_no_chart_open_finds_its_person(desk: DeskLike, window: Window) -> None:
    window.capture.scan("licence")
    window.overlay.take_bytes(licence_picture())
    read(desk, window)
    desk.press("Return")
    assert window.found == ["Fixture Linnea 03/03/1985"]


def test_a_card_scanned_before_its_turn_is_not_passed_by(desk: DeskLike, window: Window) -> None:
    _, front, _ = drawn("ppo", 4, "scan")
    stands = CoverageAnswer(
        id="k1",
        payer_name="Other plan",
        payer_kind="commercial",
        plan_name="Gold",
        member_id="X99",
        group_number="77",
        relation="self",
        from_date="2026-01-01",
    )
    draft = replace(
        linnea(stands),
        started_empty=False,
        address=Address(street="1 Elm St", city="Austin", state="TX", zip="78701"),
        reach=Reach(mobile="+15122345678"),
        about=About(race_ethnicity=("white",), language="en", interpreter=Said.NO),
        contacts=(ContactPerson(name="Ana", relation="sibling", phone="+15122345679"),),
        employer=Employer(status="retired"),
        guarantor=Guarantor(relation="self"),
        reason=Reason(reason="Cough"),
    )
    fresh = tuple(Verified(card, date(2026, 11, 1)) for card in cards_of(Situation(TODAY)))
    check = window.open(draft, Situation(TODAY, on_file=draft, verified=fresh), PageId.IDENTITY)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.press("Return")
    assert page_of(check) is PageId.IDENTITY
    edits = {"identity.identified_by": "stated", "accident.is_accident": Said.NO}
    check.page.step(PageId.IDENTITY).edited.emit(edits)
    for _ in range(3):  # identity, reason, what changed: coverage was confirmed as fresh there
        check.page.go_on()
    desk.until(lambda: page_of(check) is PageId.COVERAGE)
    assert box(coverage_step(check), "coverages.items.0.member_id").level == "warn"
    question = coverage_step(check).question_at("coverages.items.0.payer_name")
    assert question is not None
    assert question.editor.widget.hasFocus(), "the first that differs is looked at first"
    desk.until(check.page.evidence._whole.isVisible)  # the card is beside it
    desk.shots("capture-first-doubt")


def test_where_card_and_chart_agree_the_card_stands_beside_continue(
    desk: DeskLike, window: Window
) -> None:
    card, front, _ = drawn("ppo", 4, "scan")
    check = window.open(linnea(), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(front)
    read(desk, window)
    desk.press("Return")
    answers = {f"coverages.items.0.{k}": v for k, v in card.truth.items() if k in ("member_id",)}
    check.page.step(PageId.COVERAGE).edited.emit(
        {**answers, "coverages.items.0.payer_kind": "commercial", "coverages.insured": Said.YES}
    )
    check.page._field_key = ""
    check.page.continue_button.setFocus()
    check.page._show_evidence()
    desk.until(check.page.evidence._whole.isVisible)
    assert check.page.evidence._title.text() == "Front of the card"
    assert check.page.evidence._why.text()
    desk.shot("capture-card-beside-continue")


def page_of(check: OpenCheckIn) -> PageId:
    return check.model.state.page
