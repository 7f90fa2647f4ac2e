"""What was signed and scanned before is looked at again, from the check-in and from a chart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from desk_window import desk_window, shown_words
from PIL import Image, ImageDraw

from ui.interview.viewmodel import Answered
from workstation.access.model import Role, Session
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.documents.use_cases import Documents
from workstation.interview.model import Identity
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import NotPermitted, OutsideSilent, Refused
from workstation.kernel.ids import new_id
from workstation.papers.consents import form_on
from workstation.papers.filed import FiledPapers
from workstation.papers.model import FormId, Outcome, Signing
from workstation.papers.use_cases import RecordSignature


@pytest.fixture(scope="module")
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


def picture(words: str, format: str = "JPEG") -> bytes:
    image = Image.new("RGB", (860, 540), "#d8e6f6")
    ImageDraw.Draw(image).text((60, 60), words, fill="black", font_size=48)
    written = io.BytesIO()
    image.save(written, format)
    return written.getvalue()


class Chart:
    """A patient of today with a card, a licence and two papers of today."""

    def __init__(self, demo: Workstation) -> None:
        self.demo = demo
        found = demo.store.read().find("visit", state="expected")
        taken = {row["person_id"] for row in demo.store.read().find("document")}
        self.visit = next(v for v in found if v["class"] == "O" and v["person_id"] not in taken)
        self.person_id: str = self.visit["person_id"]
        self.documents = demo.automation().documents
        for kind in ("card_front", "licence"):
            self.documents.keep(
                picture(kind), kind, "image/jpeg",
                person_id=self.person_id, visit_id=self.visit["id"],
            )  # fmt: skip
        drawn = self.documents.keep(picture("Maria", "PNG"), "signature", "image/png").digest
        for form_id, outcome, reason in (
            (FormId.CONSENT_TO_TREAT, Outcome.SIGNED, ""),
            (FormId.FINANCIAL_AGREEMENT, Outcome.REFUSED, "disagrees"),
        ):
            form = form_on(form_id, demo.desk.facility.day(demo.clock()))
            signing = Signing(
                self.person_id, self.visit["id"], form_id, form.version, "en", outcome,
                reason=reason, strokes=drawn, image=drawn,
            )  # fmt: skip
            session = Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR)
            signatures = RecordSignature(demo.store, demo.clock, session, demo.desk)
            signatures.record(signing, new_id())

    def filed(self, role: Role = Role.REGISTRAR, elsewhere: Any = None) -> FiledPapers:
        session = Session("u1", "rdiaz", "R. Diaz", role)
        store, desk = self.demo.store, self.demo.desk
        documents = Documents(store, self.demo.clock, session, desk, elsewhere)
        return FiledPapers(store, session, documents, desk.facility)

    def forget_bytes(self) -> None:
        """As at a desk that only knows that they exist."""
        with self.demo.store.unit_of_work() as work:
            for row in self.documents.of_person(self.person_id):
                work.drop_local("document_content", row["digest"])
            work.commit()


@pytest.fixture
def chart(demo: Workstation) -> Chart:
    return Chart(demo)


def test_the_newest_first_and_each_opening_is_audited(chart: Chart) -> None:
    papers = chart.filed()
    listed = papers.of_person(chart.person_id)
    assert [(one.title, one.became) for one in listed[:4]] == [
        ("Financial agreement", "declined"),
        ("Consent to treatment", "signed"),
        ("Licence", ""),
        ("Insurance card, front", ""),
    ]
    assert papers.open(listed[1]).startswith(b"%PDF")
    assert papers.open(listed[3]) == picture("card_front")
    audited = [e for e in chart.demo.store.audit_entries() if e["what"] == "document_opened"][-2:]
    details = [entry["detail"] for entry in audited]
    assert details[0] == {"signature": listed[1].id, "form": "consent_to_treat"}
    assert details[1] == {"document": listed[3].id, "kind": "card_front"}
    assert {entry["subject"] for entry in audited} == {chart.person_id}


def test_only_who_may_open_charts_sees_them(chart: Chart) -> None:
    with pytest.raises(NotPermitted):
        chart.filed(Role.IT).of_person(chart.person_id)


def test_while_the_emergency_lock_holds_no_paper_of_money_is_among_them(chart: Chart) -> None:
    papers = chart.filed()
    money = papers.of_person(chart.person_id)[0]
    chart.demo.automation().visits.asks_for_emergency_care(chart.visit["id"])
    assert "Financial agreement" not in [one.title for one in papers.of_person(chart.person_id)]
    with pytest.raises(Refused) as refusal:
        papers.open(money)
    assert refusal.value.code == "emtala_locked"


def test_those_of_a_visit_that_was_somebody_elses_are_not_among_them(chart: Chart) -> None:
    moved = {**chart.visit, "moved_to": new_id(), "visit_number": "M1", "state": "moved"}
    visit_id = new_id()
    change = Insert("visit", visit_id, {k: v for k, v in moved.items() if k not in ("id", "rev")})
    demo = chart.demo
    with demo.store.unit_of_work() as work:
        work.record(Command(new_id(), "seed", "u", demo.clock(), demo.desk.facility.id, (change,)))
        work.commit()
    before = chart.filed().of_person(chart.person_id)
    kept = (chart.person_id, visit_id)
    chart.documents.keep(
        picture("wrong"), "card_front", "image/jpeg", person_id=kept[0], visit_id=kept[1]
    )
    assert chart.filed().of_person(chart.person_id) == before


class Silent:
    """The shared database does not answer."""

    def fetch(self, digest: str) -> bytes:
        raise OutsideSilent(
            "shared_silent", "The shared database does not answer.", "Try again when it is back."
        )


def test_ctrl_d_shows_them_beside_their_list_and_prints_a_copy(
    desk: Any, demo: Workstation, chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray: list[bytes] = []
    monkeypatch.setattr(demo.printing, "hand_over", lambda pdf, title: tray.append(pdf) or "1")
    with desk_window(desk, demo, "rdiaz") as made:
        made._open(made.use.check_ins.open_visit, chart.person_id, chart.visit["id"])
        desk.settle()
        desk.press("Ctrl+D")
        overlay = made.filed.overlay
        desk.until(lambda: overlay._area.isVisible())
        desk.shots("filed-paper", made.window)
        assert "Financial agreement" in overlay._state.text()
        assert overlay.page.accessibleDescription() == overlay._state.text()
        desk.press("Return")
        desk.until(lambda: bool(tray))
        assert tray[0].startswith(b"%PDF")
        desk.press("Down", "Down", "Down")
        desk.until(lambda: "Insurance card" in overlay._state.text())
        desk.shot("filed-picture", made.window)
        desk.press("Return")
        desk.settle()
        assert len(tray) == 1, "a picture was printed as a paper"
        assert not overlay.print_button.isEnabled()
        assert desk.names(overlay)
        desk.press("Escape")
        assert not overlay.isVisible()
        assert made.filed._pdf == ("", b"")


def test_what_is_at_another_desk_is_told_when_the_network_is_away(
    desk: Any, demo: Workstation, chart: Chart
) -> None:
    chart.forget_bytes()
    with desk_window(desk, demo, "rdiaz") as made:
        made.filed.show(chart.filed(elsewhere=Silent()), chart.person_id, "OKAFOR", "03 Mar 1985")
        overlay = made.filed.overlay
        desk.until(lambda: overlay._area.isVisible())  # a declined paper has no picture of its own
        desk.press("Down", "Down")
        desk.until(lambda: "does not answer" in shown_words(overlay))
        desk.shot("filed-offline", made.window)
        assert not overlay._area.isVisible()
        desk.press("Up", "Up")
        desk.until(lambda: overlay._area.isVisible())
        assert "does not answer" not in shown_words(overlay)


def test_from_the_chart_beside(desk: Any, demo: Workstation, chart: Chart) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        row = demo.store.read().get("person", chart.person_id)
        assert row is not None
        made.beside.show_person((chart.person_id, "OKAFOR, Maria", "MRN 7"), "MO", ())
        made.beside.papers.click()
        desk.until(lambda: made.filed.overlay._area.isVisible())
        assert "OKAFOR, Maria, MRN 7" in made.filed.overlay.accessibleName()
        made.filed.overlay.close_()
        made.beside.close()


def test_a_name_of_200_letters_leaves_both_identifiers_in_sight(
    desk: Any, demo: Workstation, chart: Chart
) -> None:
    row = demo.store.read().get("person", chart.person_id)
    assert row is not None
    use = demo.automation()
    use.people.revise(chart.person_id, {"last": row["last"]}, {"last": "Wolfeschlegel" * 15})
    with desk_window(desk, demo, "rdiaz") as made:
        made.window.resize(1366, 768)
        made._open(made.use.check_ins.open_visit, chart.person_id, chart.visit["id"])
        desk.settle()
        banner = made.check_in.page.banner
        name = banner._name
        assert name.fontMetrics().horizontalAdvance(name.text()) > name.width()
        assert name.mapTo(banner, name.rect().topRight()).x() < banner.width()
        desk.press("Ctrl+D")
        desk.until(lambda: made.filed.overlay._area.isVisible())
        desk.shot("filed-long-name", made.window)
        facts = made.filed.overlay._facts
        assert f"MRN {row['mrn']}" in facts.text()
        assert facts.width() >= facts.fontMetrics().horizontalAdvance(facts.text())
        right = facts.mapTo(made.filed.overlay.panel, facts.rect().topRight()).x()
        assert right < made.filed.overlay.panel.width()


def test_a_new_patient_has_nothing_until_there_is_a_chart(desk: Any, demo: Workstation) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        made._open(made.use.check_ins.open_new, Identity("Newly", "Come", dob="1985-03-03"))
        desk.settle()
        desk.press("Ctrl+D")
        desk.until(lambda: "Nothing was signed" in shown_words(made.filed.overlay))
        desk.press("Escape")
        draft = made.check_in.draft
        assert not draft.person_id
        made.check_in.model.dispatch(
            Answered({"identity.sex": "F", "identity.identified_by": "stated"})
        )
        desk.press("Return")
        desk.until(lambda: bool(made.check_in.draft.person_id))
        person_id = made.check_in.draft.person_id
        demo.automation().documents.keep(
            picture("new"), "licence", "image/jpeg", person_id=person_id
        )
        desk.press("Ctrl+D")
        desk.until(lambda: made.filed.overlay._area.isVisible())
        assert "Licence" in made.filed.overlay._state.text()


def test_nothing_signed_or_scanned_is_said(desk: Any, demo: Workstation) -> None:
    read = demo.store.read()
    taken = {row["person_id"] for kind in ("document", "signature") for row in read.find(kind)}
    person_id = next(p["id"] for p in read.find("person") if p["id"] not in taken)
    with desk_window(desk, demo, "rdiaz") as made:
        made.filed.show(made.use.filed_papers, person_id, "OKAFOR", "")
        desk.until(lambda: "Nothing was signed" in shown_words(made.filed.overlay))
        desk.shot("filed-none", made.window)
