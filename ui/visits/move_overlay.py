"""Moving a visit to the right person: both people in full, what goes along, and the reason."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Avatar, Button, Card, Field, IconText, Line, Mark, Overlay, Text
from ui.hands import give
from ui.words import say
from workstation.interview.moving import MovePlan
from workstation.kernel.errors import PorticoError
from workstation.kernel.money import dollars
from workstation.people.gateways import Hit


class _Person(Card):
    """One of the two: whose it is now, or who really came."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self._caption = caption
        self._face = Avatar(40)
        self._name = Text("", weight="semibold", wrap=True)
        self._facts = Text("", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(caption, role="small", tone="muted"))
        words.addWidget(self._name)
        words.addWidget(self._facts)
        words.addStretch(1)
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._face, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.add(inside)

    def show_person(
        self, last: str | None, given: tuple[str | None, ...], dob: str | None, mrn: str | None
    ) -> None:
        """Name, birth date, MRN; ``given`` with middle name and suffix: a son is not his father."""
        first = " ".join(part for part in given if part)
        name = ", ".join(part for part in ((last or "").upper(), first) if part)
        self._name.setText(name or say("Name not known yet"))
        born = f"{date.fromisoformat(dob):%d %b %Y}" if dob else say("not known")
        self._facts.setText(say("Born {born}", born=born) + f"\nMRN {mrn or say('not given yet')}")
        self._face.show_initials(f"{first[:1]}{(last or '')[:1]}".upper())
        self.setAccessibleName(f"{self._caption}: {name}")


class MoveOverlay(Overlay):
    """``ask(plan, hit)``; answered by ``confirmed(visit id, person id, reason)``."""

    confirmed = Signal(str, str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=760, top=64)
        self._visit_id = self._person_id = ""
        self._title = Text(say("Move this visit to the right person"), role="page", weight="bold")
        self._visit = Text("", tone="muted", wrap=True)
        self._from = _Person(say("Checked in as"))
        self._to = _Person(say("Really came"))
        self._goes = QVBoxLayout()
        self._goes.setSpacing(4)
        self._lines: list[QWidget] = []
        self.reason = Line(hint=say("such as: same name, birth date was not asked"))
        self._field = Field(say("How the mix-up came about"), self.reason)
        self.reason.textChanged.connect(self._typed)
        self.go = Button(say("Move the visit"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._go)
        self.close_button = Button(say("Leave it where it is"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        self._build()

    def _build(self) -> None:
        two = QHBoxLayout()
        two.setSpacing(10)
        two.addWidget(self._from, 1)
        two.addWidget(Mark("arrow-right", "accent", 20))
        two.addWidget(self._to, 1)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        box.addWidget(self._title)
        box.addWidget(self._visit)
        box.addLayout(two)
        box.addWidget(Text(say("What goes along"), role="small", weight="semibold", tone="muted"))
        box.addLayout(self._goes)
        box.addWidget(self._field)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.reason

    def ask(self, plan: MovePlan, hit: Hit) -> None:
        """Both people as the register knows them; nothing moves before the reason is given."""
        visit, person = plan.visit, plan.person
        self._visit_id, self._person_id = visit["id"], hit.id
        day = f"{date.fromisoformat(visit['service_date']):%d %b %Y}"
        self._visit.setText(say("Visit {number} of {day}", number=visit["visit_number"], day=day))
        mrn = person.get("mrn") or person.get("provisional_mrn")
        given = tuple(person.get(name) for name in ("first", "middle", "suffix"))
        self._from.show_person(person.get("last"), given, person.get("dob"), mrn)
        self._to.show_person(hit.last, (hit.first, hit.middle, hit.suffix), hit.dob, hit.mrn)
        for old in self._lines:
            self._goes.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = [IconText(icon, words) for icon, words in _goes_along(plan)]
        for line in self._lines:
            self._goes.addWidget(line)
            line.show()
        self.reason.clear()
        self._field.tell()
        self.open()

    @Slot()
    def _go(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self._field.tell("stop", say("Say in a few words how the mix-up came about."))
            give(self.reason)
            return
        self.confirmed.emit(self._visit_id, self._person_id, reason)

    def refused(self, error: PorticoError) -> None:
        """It could not be moved; said under the reason."""
        self._field.tell("stop", f"{say(error.say)} {say(error.do)}")
        self.resettle()

    @Slot()
    def _typed(self) -> None:
        self._field.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._go()
        else:
            super().keyPressEvent(event)


def _goes_along(plan: MovePlan) -> list[tuple[str, str]]:
    """While the visit is locked the plan knows of no money, and nothing of it is said."""
    lines = [("calendar", say("The visit, with reason and department"))]
    for row in plan.coverages:
        words = " · ".join(p for p in (row["payer_name"], row["plan_name"], row["member_id"]) if p)
        lines.append(("shield", say("Coverage entered in it: {plan}", plan=words)))
    if plan.papers or plan.documents:
        words = say("{n} papers and {m} documents", n=plan.papers, m=plan.documents)
        lines.append(("file-pen-line", words))
    if plan.paid:
        words = say("{amount} that was paid; new receipts follow", amount=dollars(plan.paid))
        lines.append(("receipt", words))
    lines.append(("eye", say("Look afterwards at what was changed in the first chart.")))
    return lines
