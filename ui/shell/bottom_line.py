"""The bottom line: what runs in the background, the last thing done, and how to undo it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from ui import style
from ui.controls import Pane, Text
from ui.controls.buttons import Pressable, leave_hands
from ui.style import HEIGHT, paint
from ui.words import say


class _Line(Pressable):
    """Quiet words that can be pressed, with an optional strong key behind them."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self._key = key
        self._font = style.font("small")
        self._strong = style.font("small", "bold")
        self.setFixedHeight(24)
        leave_hands(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_words(self, words: str) -> None:
        """The words; none hides it."""
        self.setText(words)
        self.setAccessibleName(f"{words} {self._key}".strip())
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self._font).horizontalAdvance(self.text()) + 10
        wide += QFontMetrics(self._strong).horizontalAdvance(self._key) + 7 if self._key else 0
        return QSize(min(wide, 560), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        key = QFontMetrics(self._strong).horizontalAdvance(self._key) if self._key else 0
        area = QRectF(4, 0, self.width() - 8 - (key + 7 if key else 0), self.height())
        used = paint.text(painter, area, self.text(), self._font, "muted")
        if key:
            area = QRectF(4 + used + 7, 0, key + 2, self.height())
            paint.text(painter, area, self._key, self._strong, "muted")
        if self.underMouse():
            base = self.height() - 5
            painter.drawLine(QPointF(4, base), QPointF(4 + used, base))
        painter.end()


_NOTE_MS = 30_000
"""How long the last thing done stands there: the next patient need not read it."""


class BottomLine(Pane):
    """28 px high, never moves."""

    jobsWanted = Signal()
    undoWanted = Signal()

    def __init__(self) -> None:
        super().__init__("surface", ("top",))
        self.setFixedHeight(HEIGHT["bottom"])
        self.jobs = _Line()
        self._note = Text("", role="small", tone="muted")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.undo = _Line("Ctrl+Z")
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 1, 12, 0)
        box.setSpacing(12)
        box.addWidget(self.jobs)
        box.addWidget(self._note, 1)
        box.addWidget(self.undo)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(_NOTE_MS)
        self._fading.timeout.connect(self._note.clear)
        self.jobs.clicked.connect(self.jobsWanted)
        self.undo.clicked.connect(self.undoWanted)

    def show_jobs(self, words: str) -> None:
        """What runs: ``2 eligibility answers pending``; nothing hides it."""
        self.jobs.show_words(words)

    def note(self, words: str) -> None:
        """The last thing done, for half a minute."""
        self._note.setText(words)
        self._fading.start()
        self._note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def offer_undo(self, words: str) -> None:
        """What Ctrl+Z would take back; nothing hides it."""
        self.undo.show_words(say("Undo: {words}", words=words) if words else "")
