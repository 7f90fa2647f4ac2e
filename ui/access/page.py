"""The cover of the window: sign-in before the first look, lock after the last.

It is the first thing that is painted, so it is built of Qt's own widgets, dressed by the style
sheet, and stays clear of the ``Qt`` namespace (docs/decisions/0007).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.access.viewmodel import AccessState, AccessViewModel, SignsIn
from ui.hands import give
from ui.style import icons
from ui.style.sheet import dress_access
from ui.words import say

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QShowEvent

    from ui.jobs import Jobs
    from workstation.access.model import Session
    from workstation.kernel.errors import PorticoError

_WIDTH = 400
_LEVEL_ICONS = {"warn": "triangle-alert", "stop": "octagon-alert"}


class AccessPage(QFrame):
    """Opaque. ``signedIn(session, same)``: ``same`` where the work under the lock is theirs."""

    signedIn = Signal(object, bool)
    closeWanted = Signal()
    """The store does not open: Portico is to be closed."""
    painted = Signal()
    """It was painted for the first time: what the first paint did not need may be loaded."""

    def __init__(self, jobs: Jobs, gateway: SignsIn, *, facility: str = "") -> None:
        super().__init__()
        self.setObjectName("access")
        self._jobs, self._gateway = jobs, gateway
        self._seen = False
        self.viewmodel = AccessViewModel()
        self._build(facility)
        self.viewmodel.listen(self.render_state)
        self.render_state(self.viewmodel.state)

    def _build(self, facility: str) -> None:
        self.facility = _words(facility, "page", "bold")
        self.facility.setWordWrap(True)  # hospitals have long names
        self._title = _Marked("muted")
        self.login, login = _asked(say("Name"))
        self.password, password = _asked(say("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._login, self._password = login, password
        self._message = _Marked("stop", role="small", size=14)
        self._message.setMinimumHeight(18)
        self.go = _Go()
        self.other = QPushButton()
        self.other.setObjectName("access-link")
        self.other.setFont(style.font("small", "medium"))
        self.go.clicked.connect(self.submit)
        self.login.returnPressed.connect(self._to_password)
        self.password.returnPressed.connect(self.submit)
        self.other.clicked.connect(self._switch)
        product = _Marked("accent", weight="bold", size=20)
        product.show_words("door-open", "Portico", "accent")
        card = QFrame()
        card.setObjectName("access-card")
        card.setFixedWidth(_WIDTH)
        body = QVBoxLayout(card)
        body.setContentsMargins(28, 26, 28, 28)
        body.setSpacing(style.SPACE.m)
        for part in (product, self.facility, self._title, login, password):
            body.addWidget(part)
        body.addWidget(self._message)
        body.addWidget(self.go)
        body.addLayout(_centred(self.other))
        edge = QFrame()
        edge.setObjectName("access-edge")
        edge.setFixedHeight(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(edge)
        outer.addStretch(2)
        outer.addLayout(_centred(card))
        outer.addStretch(3)

    def show_facility(self, name: str) -> None:
        """The hospital's name, once it is known."""
        self.facility.setText(name)

    def ask_sign_in(self) -> None:
        """Nobody sits here."""
        self.viewmodel.ask_sign_in()
        self.settle()

    def shut(self, error: PorticoError) -> None:
        """The store does not open: why, what to do, and the way out."""
        self.facility.setText(say("This workstation cannot be opened"))
        self.viewmodel.shut(error)
        self.settle()

    def lock(self, session: Session) -> None:
        """Covers this person's work."""
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        self.viewmodel.lock(session)
        self.settle()
        words = say("Locked, {name}", name=session.name)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def settle(self) -> None:
        """Empties the form and takes the focus to what must be typed."""
        self.login.clear()
        self.password.clear()
        state = self.viewmodel.state
        if state.mode == "shut":
            give(self.go)
        else:
            give(self.login if state.asks_login else self.password)

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
        buttons = {"locked": say("Unlock"), "shut": say("Close Portico")}
        if state.mode in titles:
            self._title.show_words(*titles[state.mode], "muted")
        self._title.setVisible(state.mode in titles)
        self._login.setVisible(state.asks_login)
        self._password.setVisible(state.mode != "shut")
        self.go.show_words(buttons.get(state.mode, say("Sign in")))
        self.go.setEnabled(not state.busy)
        self.other.setVisible(state.mode in ("locked", "take_over"))
        back = state.mode == "take_over"
        self.other.setText(
            say("Back to {name}", name=state.held_by)
            if back
            else say("Another person takes this desk")
        )
        self._message.show_words(_LEVEL_ICONS.get(state.level, ""), state.message, state.level)
        self.password.setAccessibleDescription(state.message)
        _mark_level(self.password, state.level)

    @Slot()
    def _switch(self) -> None:
        if self.viewmodel.state.mode == "take_over":
            self.viewmodel.back()
        else:
            self.viewmodel.take_over()
        self.settle()

    @Slot()
    def _to_password(self) -> None:
        give(self.password)

    @Slot()
    def submit(self) -> None:
        """Tries what was typed."""
        state = self.viewmodel.state
        if state.mode == "shut":
            self.closeWanted.emit()
            return
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
        if self.viewmodel.state.mode != "shut":
            give(self.password)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as everywhere."""
        pressed = self.focusWidget()
        if event.text() == "\r" and isinstance(pressed, QPushButton):
            pressed.click()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """In the colours of now: the theme may have changed since it was last seen."""
        dress_access(self)
        self.render_state(self.viewmodel.state)
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            self.painted.emit()


class _Marked(QWidget):
    """An icon and its words on one line; long words wrap."""

    def __init__(
        self, tone: str, *, role: str = "body", weight: str = "regular", size: int = 16
    ) -> None:
        super().__init__()
        self._size = size
        self._icon, self._words = QLabel(), _words("", role, weight, tone)
        self._icon.setFixedSize(size, max(size, 18))
        self._words.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for part in (self._icon, self._words):
            column = QVBoxLayout()
            column.addWidget(part)
            column.addStretch(1)
            line.addLayout(column)
        line.setStretch(1, 1)

    def show_words(self, icon: str, words: str, tone: str) -> None:
        """Another state, in icon and word."""
        self._icon.setVisible(bool(icon))
        if icon:
            ratio = self.devicePixelRatioF()
            self._icon.setPixmap(icons.pixmap(icon, tone, self._size, ratio))
        self._words.setText(words)
        if tone:
            self._words.setForegroundRole(style.ink(tone))


class _Go(QPushButton):
    """The one thing to press; the return arrow stands behind its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("access-go")
        self.setFixedHeight(style.HEIGHT["touch"])
        self._words, self._icon = _words("", "section", "semibold", ""), QLabel()
        line = QHBoxLayout(self)
        line.addStretch(1)
        line.addWidget(self._words)
        line.addSpacing(6)
        line.addWidget(self._icon)
        line.addStretch(1)

    def show_words(self, words: str) -> None:
        """What pressing it does."""
        self._words.setText(words)
        self._icon.setPixmap(
            icons.pixmap("corner-down-left", "on_accent", 16, self.devicePixelRatioF())
        )
        self.setAccessibleName(words)


def _words(words: str, role: str, weight: str, tone: str = "text") -> QLabel:
    label = QLabel(words)
    label.setFont(style.font(role, weight))
    if tone:
        label.setForegroundRole(style.ink(tone))
    return label


def _asked(label: str) -> tuple[QLineEdit, QWidget]:
    """A line to type in, and it with its label above."""
    line, both = QLineEdit(), QWidget()
    line.setFixedHeight(style.HEIGHT["field"])
    line.setProperty("level", "")
    line.setAccessibleName(label)
    above = _words(label, "small", "medium", "muted")
    above.setBuddy(line)
    body = QVBoxLayout(both)
    body.setContentsMargins(0, 0, 0, 0)
    body.setSpacing(style.SPACE.xs)
    body.addWidget(above)
    body.addWidget(line)
    return line, both


def _mark_level(line: QLineEdit, level: str) -> None:
    if line.property("level") != level:
        line.setProperty("level", level)
        line.style().unpolish(line)
        line.style().polish(line)


def _centred(widget: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(widget)
    line.addStretch(1)
    return line
