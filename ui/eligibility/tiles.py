"""A tile that opens the payer's rows, and the notice above the tiles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ui.controls import Button, Mark, Text, Tile, column
from ui.eligibility.benefits import TileWords
from ui.eligibility.notices import Notice
from ui.style import SPACE, paint
from ui.words import say


class FigureTile(Tile):
    """Space or a press opens what it stands on; Enter is left to Continue."""

    opened = Signal()

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.rows: tuple[int, ...] = ()
        self.question = question
        self.words = ""
        self._told: TileWords | None = None

    def show_words(self, told: TileWords) -> None:
        """Another answer; nothing happens where it is the same."""
        if told == self._told:
            return
        self._told = told
        self.answer(told.answer, told.note, tone=told.tone, met=told.met)
        self.rows, self.words = told.rows, told.answer
        opens = bool(told.rows)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if opens else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
        self.setToolTip(say("See the payer's own rows") if opens else "")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.rows:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.rows:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class TileRow(QWidget):
    """Tiles of one width in one line; where their words do not fit, in as few lines as they do."""

    def __init__(self, tiles: Sequence[FigureTile]) -> None:
        super().__init__()
        self._tiles = tuple(tiles)
        self._columns = 0
        self._box = QGridLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE.s)
        self._arrange(len(self._tiles))

    def minimumSizeHint(self) -> QSize:
        """One tile alone still fits: the row wraps, the page never scrolls sideways."""
        return QSize(self._wide(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _wide(self) -> int:
        return max(tile.minimumSizeHint().width() for tile in self._tiles)

    def _fit(self) -> None:
        """Five in a line, else three and two, else two, else one."""
        many = len(self._tiles)
        room = self.width() + SPACE.s
        fitting = max(1, room // (self._wide() + SPACE.s))
        lines = -(-many // min(many, fitting))
        self._arrange(-(-many // lines))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for at in range(self._columns):
            self._box.setColumnStretch(at, 0)
        self._columns = columns
        for n, tile in enumerate(self._tiles):
            self._box.addWidget(tile, n // columns, n % columns)
        for at in range(columns):
            self._box.setColumnStretch(at, 1)


_LOOK = {
    "stop": ("octagon-alert", "stop", "stop_soft"),
    "warn": ("triangle-alert", "warn", "warn_soft"),
    "info": ("info", "accent", "accent_soft"),
    "wait": ("hourglass", "accent", "accent_soft"),
}


class NoticeBar(QWidget):
    """What happened and what to do, with at most two buttons; hidden when all is well."""

    goWanted = Signal(object)
    """(Go): the question that mends it."""
    askWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._notice: Notice | None = None
        self._level = "info"
        self._icon = Mark("info", "accent", 20)
        self._words = Text("", weight="medium", wrap=True)
        self._do = Text("", role="small", wrap=True)
        self.go = Button("")
        self.ask = Button(say("Ask again"), icon="refresh-cw")
        self.go.clicked.connect(self._go)
        self.ask.clicked.connect(self.askWanted)
        box = QHBoxLayout(self)
        box.setContentsMargins(SPACE.m, SPACE.s, SPACE.s, SPACE.s)
        box.setSpacing(SPACE.m)
        box.addWidget(self._icon)
        box.addWidget(column(self._words, self._do, gap=1), 1)
        box.addWidget(self.go)
        box.addWidget(self.ask)
        self.hide()

    def show_notice(self, notice: Notice | None, *, first_time: bool = False) -> None:
        """Shows a notice and announces it; None hides the bar."""
        if notice == self._notice:
            return
        self._notice = notice
        self.setVisible(notice is not None)
        if notice is None:
            return
        icon, tone, _ = _LOOK[notice.level]
        self._level = notice.level
        self._icon.show_icon(icon, tone)
        self._words.setText(notice.words)
        self._do.setText(notice.do)
        self._do.setVisible(bool(notice.do))
        self.go.setVisible(notice.go is not None)
        if notice.go is not None:
            self.go.set_words(notice.go.words)
        self.ask.setVisible(notice.ask)
        asked = say("Ask for today") if notice.today else say("Ask again")
        self.ask.set_words(say("Ask the payer") if first_time else asked)
        self.setAccessibleName(f"{notice.words} {notice.do}".strip())
        self.update()

    def _go(self) -> None:
        if self._notice is not None and self._notice.go is not None:
            self.goWanted.emit(self._notice.go)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), _LOOK[self._level][2])
        painter.end()
