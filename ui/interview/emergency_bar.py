"""While the emergency lock holds: the one line that is said, and the only ways that lead out of it.

42 CFR 489.24(d)(4): money waits until a clinician's screening exam is recorded with its outcome.
There is no override; a wrong class is put right, with whose word that was, and audited.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Card, Choice, Field, IconText, Line, Segments, Text, row
from ui.hands import give
from ui.style import SPACE
from ui.wall_clock import local
from ui.words import say
from workstation.interview.model import Draft
from workstation.interview.options import PATIENT_CLASS
from workstation.interview.rules import EMERGENCY_LINE
from workstation.interview.situation import VisitChoices
from workstation.kernel.clock import iso, utc_now

_EMERGENCY = "E"
_OUTCOMES = (
    ("no_emergency", "No emergency condition", ""),
    ("treatment_begun", "Stabilizing treatment begun", ""),
)


def exam_moment(text: str, now: datetime) -> str | None:
    """``14:07`` of today, or of yesterday where that is still to come, as an ISO moment in UTC.

    ``now`` is aware, on the facility's wall clock. Where an hour came twice, the later one that is
    not still to come is meant. None where the text is no time of day.
    """
    typed = "".join(c for c in text if c.isdigit())
    digits = typed.rjust(4, "0")
    if len(typed) not in (3, 4) or int(digits[:2]) > 23 or int(digits[2:]) > 59:
        return None
    today = now.replace(hour=int(digits[:2]), minute=int(digits[2:]), second=0, microsecond=0)
    meant = (
        day.replace(fold=fold).astimezone(UTC)
        for day in (today, today - timedelta(days=1))
        for fold in (1, 0)
    )
    return iso(next(moment for moment in meant if moment <= now.astimezone(UTC)))


class EmergencyBar(QWidget):
    """Shown at the top of a locked check-in."""

    examTold = Signal(str, str, str, str)
    """(outcome, clinician, ISO moment, source)"""
    costAsked = Signal()
    classCorrected = Signal(str, str, str, str)
    """(class, department or empty where it stays, who corrected it, reason)"""

    def __init__(self) -> None:
        super().__init__()
        self._here: tuple[str, str, VisitChoices] | None = None
        self._line = IconText("siren", say(EMERGENCY_LINE), tone="stop")
        self.exam = Button(say("Screening e&xam done"), icon="stethoscope")
        self.cost = Button(say("Asked about c&ost"), kind="quiet")
        self.wrong = Button(say("&Wrong class"), kind="quiet")
        self.exam.clicked.connect(self._ask_exam)
        self.cost.clicked.connect(self._cost)
        self.wrong.clicked.connect(self._ask_wrong)
        self._cost_words = Text(
            say("Say: you will be seen first, whatever it costs. We can talk about cost after."),
            tone="muted",
            wrap=True,
        )
        self._exam: QWidget | None = None
        self._wrong: QWidget | None = None
        # Both are made when they are first asked for: most check-ins are never locked.
        self._card = Card(padding=SPACE.m)
        self._card.add(row(self._line, None, self.cost, self.wrong, self.exam, gap=SPACE.s))
        self._card.add(self._cost_words)
        self._cost_words.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._card)

    def _build_exam(self) -> QWidget:
        self.outcome = Segments(
            [(code, say(words), icon) for code, words, icon in _OUTCOMES],
            name=say("Outcome of the exam"),
        )
        self.outcome.choose("")
        self.by = Line()
        self.when = Line()
        self.source = Line(hint=say("told by, or read in"))
        self._by = Field(say("Clinician"), self.by, room=False)
        self._when = Field(say("When"), self.when, width="short", room=False)
        self._source = Field(say("How you know"), self.source, room=False)
        self.save = Button(say("Record the exam"), kind="primary")
        self.save.clicked.connect(self._save)
        exam = QWidget()
        box = QVBoxLayout(exam)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.outcome)
        box.addWidget(row(self._by, self._when, self._source, gap=SPACE.l))
        box.addWidget(row(None, self.save))
        self._card.add(exam)
        return exam

    def _build_wrong(self) -> QWidget:
        self.right = Choice(
            [(one.code, say(one.label)) for one in PATIENT_CLASS if one.code != _EMERGENCY],
            hint=say("Choose"),
        )
        self.department = Choice(hint=say("Choose"))
        self.corrected_by = Line(hint=say("clinician or supervisor"))
        self.reason = Line()
        self._right = Field(say("Right kind of visit"), self.right, room=False)
        self._department = Field(say("Where the patient really is"), self.department, room=False)
        self._corrected_by = Field(say("Corrected by"), self.corrected_by, room=False)
        self._reason = Field(
            say("Why this is no emergency visit; it is kept under your name"),
            self.reason,
            room=False,
        )
        self.correct = Button(say("Correct the class"), kind="primary")
        self.correct.clicked.connect(self._correct)
        wrong = QWidget()
        box = QVBoxLayout(wrong)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(row(self._right, self._department, self._corrected_by, gap=SPACE.l))
        box.addWidget(row(self._reason, self.correct, align=Qt.AlignmentFlag.AlignBottom))
        self._card.add(wrong)
        return wrong

    def show_visit(self, draft: Draft, places: VisitChoices) -> None:
        """The visit whose class may be wrong. In an emergency department another one is asked."""
        reason = draft.reason
        self.exam.setEnabled(bool(draft.visit_id))  # before that there is no visit to record it of
        here = (reason.patient_class, reason.department, places)
        if here == self._here:
            return
        self._here = here
        if self._wrong is not None:
            self._offer_rights()

    def _offer_rights(self) -> None:
        if self._here is None:
            return
        patient_class, department, places = self._here
        usual = [place for place in places.departments if not place.emergency]
        self.department.offer([(place.id, place.name) for place in usual])
        self._department.setVisible(places.is_emergency(department))
        self.right.choose(patient_class)

    @Slot()
    def _ask_exam(self) -> None:
        if self._exam is None:
            self._exam = self._build_exam()
        if self._wrong is not None:
            self._wrong.hide()
        self._exam.show()
        self.when.setText(local(utc_now()).strftime("%H:%M"))
        proxy = self.outcome.focusProxy()
        if proxy is not None:
            give(proxy)

    @Slot()
    def _ask_wrong(self) -> None:
        if self._wrong is None:
            self._wrong = self._build_wrong()
            self._offer_rights()
        if self._exam is not None:
            self._exam.hide()
        self._wrong.show()
        give(self.right)

    @Slot()
    def _cost(self) -> None:
        self._cost_words.show()
        self.costAsked.emit()

    @Slot()
    def _save(self) -> None:
        at = exam_moment(self.when.text(), local(utc_now()))
        by, source = self.by.text().strip(), self.source.text().strip()
        self._by.tell(*(("", "") if by else ("stop", say("Name the clinician."))))
        self._when.tell(*(("", "") if at else ("stop", say("A time such as 14:07."))))
        self._source.tell(*(("", "") if source else ("stop", say("Say who told you."))))
        if not self.outcome.value:
            give(self.outcome)
        elif at and by and source:
            self.examTold.emit(self.outcome.value, by, at, source)

    @Slot()
    def _correct(self) -> None:
        reason, by = self.reason.text().strip(), self.corrected_by.text().strip()
        moves = not self._department.isHidden()
        department = self.department.key if moves else ""
        stays = say("The emergency department keeps the lock.")
        asked = (
            (self._right, self.right.key, say("Choose the kind of visit.")),
            (self._department, department or not moves, stays),
            (self._corrected_by, by, say("Name whose word it is.")),
            (self._reason, reason, say("Say why in a few words.")),
        )
        for field, given, words in asked:
            field.tell(*(("", "") if given else ("stop", words)))
        if all(given for _, given, _ in asked):
            self.classCorrected.emit(self.right.key, department, by, reason)
