"""The cover of the window: sign-in before the first look, lock after the last."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui import style
from ui.access.viewmodel import AccessState, AccessViewModel, SignsIn
from ui.controls import Button, Card, Field, IconText, Line, Link, Mark, Text, row
from ui.hands import give
from ui.jobs import Jobs
from ui.words import say
from workstation.access.model import Session


class AccessPage(QWidget):
    """Opaque. ``signedIn(session, same)``: ``same`` where the work under the lock is theirs."""

    signedIn = Signal(object, bool)

    def __init__(self, jobs: Jobs, gateway: SignsIn, *, facility: str = "") -> None:
        super().__init__()
        self._jobs, self._gateway = jobs, gateway
        self.viewmodel = AccessViewModel()
        self._build(facility)
        self.viewmodel.listen(self.render_state)
        self.render_state(self.viewmodel.state)

    def _build(self, facility: str) -> None:
        self.facility = Text(facility, role="page", weight="bold")
        self._title = IconText("lock", "", role="body", tone="muted")
        self.login = Line()
        self.password = Line()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._login = Field(say("Name"), self.login, room=False)
        self._password = Field(say("Password"), self.password)
        self.go = Button(say("Sign in"), kind="primary", icon_after="corner-down-left", big=True)
        self.go.clicked.connect(self.submit)
        self.login.returnPressed.connect(self._to_password)
        self.password.returnPressed.connect(self.submit)
        self._other = Link(say("Another person takes this desk"))
        self._other.clicked.connect(self._switch)
        card = Card(padding=28)
        product = row(
            Mark("door-open", "accent", 20), Text("Portico", weight="bold", tone="accent")
        )
        product.layout().addStretch(1)  # type: ignore[union-attr]
        for part in (product, self.facility, self._title, self._login, self._password, self.go):
            card.add(part)
        card.add(row(None, self._other, None))
        card.setFixedWidth(400)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(row(None, card, None))  # aligned, it would not grow with its message
        outer.addStretch(3)

    def show_facility(self, name: str) -> None:
        """The hospital's name, once it is known."""
        self.facility.setText(name)

    def ask_sign_in(self) -> None:
        """Nobody sits here."""
        self.viewmodel.ask_sign_in()
        self.settle()

    def lock(self, session: Session) -> None:
        """Covers this person's work."""
        self.viewmodel.lock(session)
        self.settle()
        words = say("Locked, {name}", name=session.name)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def settle(self) -> None:
        """Empties the form and takes the focus to what must be typed."""
        self.login.clear()
        self.password.clear()
        first = self.login if self.viewmodel.state.asks_login else self.password
        give(first)

    def render_state(self, state: AccessState) -> None:
        """Everything shown, from one state."""
        titles = {
            "sign_in": ("log-in", say("Sign in to this desk")),
            "locked": ("lock", say("Locked, {name}", name=state.held_by)),
            "take_over": (
                "users",
                say("{name}'s open work waits in their list", name=state.held_by),
            ),
        }
        self._title.show_words(*titles[state.mode], "muted")
        self._login.setVisible(state.asks_login)
        self.go.set_words(say("Unlock") if state.mode == "locked" else say("Sign in"))
        self.go.setEnabled(not state.busy)
        self._other.setVisible(state.mode != "sign_in")
        back = state.mode == "take_over"
        self._other.setText(
            say("Back to {name}", name=state.held_by)
            if back
            else say("Another person takes this desk")
        )
        self._other.setAccessibleName(self._other.text())
        self._other.updateGeometry()
        self._password.tell(state.level, state.message)

    @Slot()
    def _switch(self) -> None:
        if self.viewmodel.state.mode == "take_over":
            self.viewmodel.back()
        else:
            self.viewmodel.take_over()
        self.settle()

    @Slot()
    def _to_password(self) -> None:
        give(self.password, Qt.FocusReason.TabFocusReason)

    @Slot()
    def submit(self) -> None:
        """Tries what was typed."""
        state = self.viewmodel.state
        login = self.login.text() if state.asks_login else state.held_login
        if state.busy or not self.viewmodel.ready(login, self.password.text()):
            return
        self._jobs.write(
            self._gateway.sign_in,
            login.strip(),
            self.password.text(),
            owner=self,
            done=self._admitted,
            failed=self._refused,
        )

    @Slot(object)
    def _admitted(self, session: Session) -> None:
        same = self.viewmodel.admitted(session)
        self.login.clear()
        self.password.clear()
        self.signedIn.emit(session, same)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self.viewmodel.refused(error)
        self.password.clear()
        give(self.password)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.colour("window"))
        painter.fillRect(QRectF(0, 0, self.width(), 3), style.colour("accent"))
        painter.end()
