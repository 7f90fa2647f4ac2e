"""Who looked at whom: what stands out, a patient's chart, a person of staff, disclosures.

Each question is read off the UI thread, where it is also audited; Enter opens the entries behind a
finding, Esc goes back.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import (
    Button,
    Chip,
    Choice,
    Message,
    Placeholder,
    Segments,
    Strip,
    Text,
    row,
)
from ui.controls.table import Framed
from ui.hands import give
from ui.jobs import Job, Jobs, expected
from ui.oversight import commands as _declared  # noqa: F401 - declares this page's commands
from ui.oversight import rows, words
from ui.oversight.rows import Listing
from ui.oversight.table import EntriesTable
from ui.style import HEIGHT
from ui.words import say
from workstation.oversight.model import Finding, Source
from workstation.oversight.use_cases import Oversight

CONTEXT = "oversight"
FINDINGS, PERSON, STAFF, DISCLOSURES = "findings", "person", "staff", "disclosures"
_OF_A_PATIENT = (PERSON, DISCLOSURES)


class OversightPage(QWidget):
    """Asks its own questions; the desk finds patients, notes disclosures, writes files."""

    context = CONTEXT

    patientWanted = Signal()
    disclosureWanted = Signal(str, str)
    """(person id, the patient in words)"""
    exportWanted = Signal(str, object, str)
    """(which list, the :class:`Listing` in sight, the person it is of or nothing)"""

    def __init__(self, use: Oversight, jobs: Jobs) -> None:
        super().__init__()
        self._use, self._jobs = use, jobs
        self._patient: tuple[str, str] = ("", "")
        self._listing: Listing | None = None
        self._under_way: Job | None = None
        self._before: tuple[Listing, str] | None = None
        """What stood out, while the entries of one finding are in sight, and its row."""
        self._build()

    def _build(self) -> None:
        self.view, self.days = _views(), _periods()
        self.view.chosen.connect(self._view_chosen)
        self.days.chosen.connect(self._asked_anew)
        self.patient_button = Button(say("Choose a patient…"), icon="search", key="F2")
        self.staff = Choice(hint=say("Choose a person of staff"))
        self.staff.setAccessibleName(say("Person of staff"))
        self.staff.setMinimumWidth(260)
        self.staff.picked.connect(self._asked_anew)
        self.note_button = Button(say("Note a disclosure…"), key="Ctrl+E")
        self.export_button = Button(say("Export…"), icon="download", key="Ctrl+S")
        self.back_button = Button(say("Back"), icon="arrow-left", key="Esc")
        enter = "corner-down-left"
        self.open_button = Button(say("Open the entries"), kind="primary", icon_after=enter)
        self.patient_button.clicked.connect(self.choose_patient)
        self.note_button.clicked.connect(self.note_disclosure)
        self.export_button.clicked.connect(self.export)
        self.back_button.clicked.connect(self.back)
        self.open_button.clicked.connect(self.open_chosen)
        self._of, self._count = Text("", weight="semibold"), Text("", tone="muted")
        self.source, self.strip = Chip(" "), Strip(most=1)
        self.source.hide()
        self.table, self._empty = EntriesTable(), Placeholder()
        self.table.rowOpened.connect(self.open_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self._empty.asked.connect(self._empty_pressed)
        over = QVBoxLayout(self.table.viewport())
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(self._empty)
        title = Text(say("Who looked at whom"), role="page", weight="bold")
        whose = row(self.back_button, self.patient_button, self.staff, self._of, None,
                    self.note_button, self.source)  # fmt: skip
        whose.setFixedHeight(HEIGHT["row"])  # nothing below moves when a button comes or goes
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 14, 12, 12)
        page.setSpacing(10)
        page.addWidget(row(title, 6, self._count, None, self.export_button, self.open_button))
        page.addWidget(row(self.view, None, self.days))
        page.addWidget(whose)
        page.addWidget(self.strip)
        page.addWidget(Framed(self.table), 1)
        self._arrange()

    # The page on top

    def entered(self) -> None:
        """Asks the question in sight, and takes the focus to the table."""
        self.refresh()
        give(self.table)

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.view, self.table]

    @property
    def listing(self) -> Listing | None:
        """What is in sight."""
        return self._listing

    # Questions

    @Slot()
    def refresh(self) -> None:
        """Asks again; what is in sight stays until the answer comes."""
        view, days = self.view.value, int(self.days.value)
        self._before = None
        self.strip.clear()
        self._arrange()
        ask = self._question(view, days)
        if self._under_way is not None:
            self._under_way.cancel()  # its answer would be to another question
        if ask is None:
            self._show(None)
            self._empty.empty(*self._nobody(view))
            self._empty.show()
            return
        if self._listing is None:
            self._empty.loading(say("Reading the trail…"))
            self._empty.show()
        self._under_way = self._jobs.call(ask, owner=self, done=self._came, failed=self._failed)

    def _question(self, view: str, days: int) -> Callable[[], Listing] | None:
        use, person, login = self._use, self._patient[0], self.staff.key
        if view == FINDINGS:
            return lambda: rows.of_review(use.findings(days))
        if view == STAFF:
            return (lambda: rows.of_looks(use.of_staff(login, days))) if login else None
        if not person:
            return None
        if view == PERSON:
            return lambda: rows.of_looks(use.of_person(person, days))
        return lambda: rows.of_disclosures(use.disclosures(person))

    @Slot(object)
    def _came(self, listing: Listing) -> None:
        self._show(listing)
        self._empty.empty(*self._nothing(self.view.value), icon="shield-check")
        self._empty.setVisible(not listing.rows)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        told = expected(error)
        if self._listing is None or not self._listing.rows:
            self._empty.failed(say(told.say), say(told.do), say("Read again"))
            self._empty.show()
        else:
            self.strip.tell(Message.of(told, "oversight"))

    def _show(self, listing: Listing | None, key: str = "") -> None:
        self._listing = listing
        shown = listing or Listing(rows.LOOKS, (), Source.ALONE, "", {})
        self.table.show_rows(shown.columns, shown.rows, key)
        self._count.setText(shown.count)
        said, icon, tone = words.source_words(shown.source)
        self.source.show_state(said, icon=icon, level=tone)
        self.source.setVisible(listing is not None)
        self._arrange()

    def _nobody(self, view: str) -> tuple[str, str, str, str]:
        if view == STAFF:
            return say("Whose work?"), say("Choose a person of staff above."), "", "users"
        return (
            say("Whose chart?"),
            say("Find the patient; that you looked is noted too."),
            say("Choose a patient…"),
            "user",
        )

    def _nothing(self, view: str) -> tuple[str, str]:
        if view == FINDINGS:
            return (
                say("Nothing stands out"),
                say("No own, family, protected or night-time looks in this time."),
            )
        if view == DISCLOSURES:
            return (
                say("No disclosures in six years"),
                say("Those for treatment, payment and operations need no note."),
            )
        return say("No entries in this time"), say("Look further back.")

    # What a person does

    @Slot(str)
    def _view_chosen(self, _: str) -> None:
        self._listing = None
        self.table.show_rows(rows.LOOKS, ())
        if self.view.value == STAFF and not self.staff.count():
            self._jobs.call(
                self._use.staff,
                int(self.days.value),
                owner=self,
                replaces="staff",
                done=self._staff_came,
                failed=self._failed,
            )
        self.refresh()

    @Slot(object)
    def _staff_came(self, people: tuple[tuple[str, str], ...]) -> None:
        self.staff.offer([(login, f"{name} ({login})") for login, name in people])

    @Slot(str)
    def _asked_anew(self, _: str) -> None:
        self._listing = None
        self.refresh()

    @Slot()
    def choose_patient(self) -> None:
        """F2."""
        if self.view.value in _OF_A_PATIENT:
            self.patientWanted.emit()

    def show_patient(self, person_id: str, name: str) -> None:
        """The patient that was found."""
        self._patient = (person_id, name)
        self._asked_anew("")
        give(self.table)

    @Slot()
    def open_chosen(self) -> None:
        """Enter, on what stands out."""
        chosen, listing = self.table.chosen, self._listing
        if chosen is None or chosen.finding is None or listing is None:
            return
        self._before = (listing, chosen.key)
        finding: Finding = chosen.finding
        self._show(rows.of_finding(finding, listing))
        chart = listing.charts.get(finding.person_id or "")
        patient = words.chart_words(chart, finding.person_id)
        of = (words.rule_words(finding), finding.who, patient)
        self._of.setText(" · ".join(part for part in of if part))

    @Slot()
    def back(self) -> None:
        """Esc: what stands out, on the row that was open."""
        if self._before is not None:
            (listing, key), self._before = self._before, None
            self._show(listing, key)

    @Slot()
    def note_disclosure(self) -> None:
        """Ctrl+E."""
        if self.view.value == DISCLOSURES and self._patient[0]:
            self.disclosureWanted.emit(*self._patient)

    @Slot()
    def export(self) -> None:
        """Ctrl+S: the list in sight."""
        if self._listing is not None and self._listing.rows:
            person = self._patient[0] if self.view.value in _OF_A_PATIENT else ""
            self.exportWanted.emit(self.view.value, self._listing, person)

    @Slot()
    def _empty_pressed(self) -> None:
        if self.view.value in _OF_A_PATIENT and not self._patient[0]:
            self.choose_patient()
        else:
            self.refresh()

    @Slot()
    def _moved(self) -> None:
        chosen = self.table.chosen
        self.open_button.setEnabled(chosen is not None and chosen.finding is not None)

    def _arrange(self) -> None:
        """Shows what belongs to the question in sight."""
        view, inside = self.view.value, self._before is not None
        self.back_button.setVisible(inside)
        self.patient_button.setVisible(view in _OF_A_PATIENT)
        self.staff.setVisible(view == STAFF)
        self.days.setVisible(view != DISCLOSURES)
        self.note_button.setVisible(view == DISCLOSURES)
        self.note_button.setEnabled(bool(self._patient[0]))
        self.open_button.setVisible(view == FINDINGS and not inside)
        self.export_button.setEnabled(bool(self._listing and self._listing.rows))
        self._of.setVisible(inside or view in _OF_A_PATIENT)
        if not inside:
            self._of.setText(self._patient[1] if view in _OF_A_PATIENT else "")
        self._moved()


def _views() -> Segments:
    return Segments(
        (
            (FINDINGS, say("What stands out"), "flag"),
            (PERSON, say("By patient"), "user"),
            (STAFF, say("By person of staff"), "users"),
            (DISCLOSURES, say("Disclosures"), "external-link"),
        ),
        name=say("What to look at"),
    )


def _periods() -> Segments:
    days = ("1 day", "7 days", "30 days", "90 days")
    made = Segments([(each.split()[0], say(each), "") for each in days], name=say("How far back"))
    made.choose("7")
    return made
