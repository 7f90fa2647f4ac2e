"""The top bar: product, place, find, connection, user, lock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import style
from ui.controls import Chip, IconButton, Pane, Text
from ui.controls.buttons import Pressable, leave_hands
from ui.controls.texts import cap_width, draw_cap
from ui.shell.state import Connection, ShellState, connection_words
from ui.style import HEIGHT, paint
from ui.words import say


class Product(Pressable):
    """The product's name; pressing it opens the menu of all that can be done here."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("Portico")
        self.setAccessibleName(say("Portico menu"))
        self.setToolTip(say("All that can be done here"))
        self._font = style.font("section", "bold")
        self.setFixedHeight(HEIGHT["field"])

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + 34, HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "hover")
        paint.mark(painter, QPointF(2, 6), "door-open", "accent", 20)
        area = QRectF(30, 0, self.width() - 30, self.height())
        paint.text(painter, area, self.text(), self._font, "accent")
        painter.end()


class FindBox(Pressable):
    """Looks like a field; pressing it, or Ctrl+K, opens the find palette over everything."""

    def __init__(self) -> None:
        super().__init__()
        self._words = say("Find a patient: name, birth date, MRN, phone")
        self.setAccessibleName(say("Find a patient"))
        self.setToolTip(say("Find a patient") + " (Ctrl+K)")
        self.setFixedHeight(HEIGHT["field"])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(420)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def sizeHint(self) -> QSize:
        return QSize(420, HEIGHT["field"])

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "field", "edge")
        paint.mark(painter, QPointF(11, 8), "search", "muted")
        cap = cap_width("Ctrl+K")
        area = QRectF(35, 0, self.width() - 55 - cap, self.height())
        paint.text(painter, area, self._words, style.font("body"), "muted")
        draw_cap(painter, QRectF(self.width() - cap - 11, 6, cap, 20), "Ctrl+K")
        painter.end()


class UserButton(Pressable):
    """Who sits here; pressing it opens lock, theme and language."""

    def __init__(self) -> None:
        super().__init__()
        self._font = style.font("small", "medium")
        self.setFixedHeight(HEIGHT["field"])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_user(self, name: str) -> None:
        """The name as colleagues write it: ``R. Diaz``."""
        self.setText(name)
        self.setAccessibleName(say("Signed in: {name}", name=name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + 38, HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "hover")
        paint.mark(painter, QPointF(8, 8), "user", "muted")
        area = QRectF(30, 0, self.width() - 30, self.height())
        paint.text(painter, area, self.text(), self._font, "muted")
        painter.end()


class TopBar(Pane):
    """48 px high; everything in it is reachable by key as well."""

    findWanted = Signal()
    lockWanted = Signal()
    connectionWanted = Signal()
    menuWanted = Signal()
    userWanted = Signal()

    def __init__(self) -> None:
        super().__init__("surface", ("bottom",))
        self.setFixedHeight(HEIGHT["top"])
        self.product = Product()
        self._facility = Text("", weight="semibold")
        self._desk = Text("", tone="muted")
        self.find_box = FindBox()
        self.chip = Chip(say("Up to date"), level="ok", pressable=True)
        self.user = UserButton()
        self.lock = IconButton("lock", say("Lock this desk"), key="Ctrl+L", tone="muted")
        leave_hands(self.product, self.find_box, self.chip, self.user, self.lock)
        where = QWidget()
        where.setMinimumWidth(290)
        place = QHBoxLayout(where)
        place.setContentsMargins(0, 0, 0, 0)
        place.setSpacing(4)
        place.addWidget(self.product)
        place.addSpacing(12)
        place.addWidget(self._facility)
        place.addWidget(self._desk)
        place.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 0, 9, 1)
        box.setSpacing(12)
        box.addWidget(where)
        # Up to its full width before anything else grows: a longer chip must not move it.
        box.addWidget(self.find_box, 1000)
        box.addStretch(1)
        box.addWidget(self.chip)
        box.addWidget(self.user)
        box.addSpacing(-8)
        box.addWidget(self.lock)
        self.find_box.clicked.connect(self.findWanted)
        self.lock.clicked.connect(self.lockWanted)
        self.chip.clicked.connect(self.connectionWanted)
        self.product.clicked.connect(self.menuWanted)
        self.user.clicked.connect(self.userWanted)

    def show_state(self, state: ShellState) -> None:
        """Place, user and connection."""
        self._facility.setText(state.facility)
        self._desk.setText(f"· {state.desk}" if state.desk else "")
        self.user.show_user(state.user)
        self.show_connection(state.connection)

    def show_connection(self, state: Connection) -> None:
        """The chip alone."""
        words, icon, level = connection_words(state)
        self.chip.show_state(words, icon=icon, level=level)
        self.chip.setAccessibleName(say("Connection: {words}", words=words))
