"""The rail of steps: where one is, what is done, what must be fixed; in icon and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from ui import style
from ui.controls.buttons import Pressable
from ui.controls.cards import Pane
from ui.hands import give
from ui.style import paint
from ui.words import say

STATES = {
    "done": ("circle-check", "ok", "done"),
    "now": ("circle-dot", "accent", "now"),
    "must": ("octagon-alert", "stop", "must be fixed"),
    "may": ("triangle-alert", "warn", "may go on"),
    "later": ("circle", "muted", "not yet"),
    "unneeded": ("circle-minus", "muted", "not needed"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the rail. ``note`` stands right: ``now``, ``check``, ``2``, ``$25.00``."""

    key: str
    title: str
    state: str = "later"
    note: str = ""
    why: str = ""


class _StepLine(Pressable):
    """A step that can be pressed to go there."""

    def __init__(self) -> None:
        super().__init__()
        self.step, self._here = Step("", ""), False
        self._small = style.font("mark", "medium")
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, step: Step, *, here: bool) -> None:
        """Another step, or the same in another state."""
        if (step, here) == (self.step, self._here):
            return
        self.step, self._here = step, here
        words = (step.title, say(STATES[step.state][2]), step.note, step.why)
        self.setAccessibleName(", ".join(dict.fromkeys(w for w in words if w)))
        state = say(STATES[step.state][2])
        self.setAccessibleDescription(step.why)
        self.setToolTip(f"{state}: {step.why}" if step.why else state)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(176, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._here or self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "accent_soft" if self._here else "hover")
        icon, tone, _ = STATES[self.step.state]
        paint.mark(painter, QPointF(10, 9), icon, tone, 18)
        note = QFontMetrics(self._small).horizontalAdvance(self.step.note)
        area = QRectF(37, 0, self.width() - 52 - note, self.height())
        faint = self.step.state == "unneeded"
        ink = "accent" if self._here else "muted" if faint else "text"
        font = style.font("body", "semibold" if self._here else "medium")
        paint.text(painter, area, self.step.title, font, ink)
        area = QRectF(self.width() - note - 10, 0, note + 2, self.height())
        tone = tone if self.step.state in ("must", "may") else "muted"
        paint.text(painter, area, self.step.note, self._small, tone)
        painter.end()


class StepRail(Pane):
    """Steps top to bottom; Up and Down move among them; ``wanted(key)`` asks to go to one."""

    wanted = Signal(str)

    def __init__(self, width: int = 196) -> None:
        super().__init__("surface", ("right",))
        self.setFixedWidth(width)
        self.setAccessibleName(say("Steps"))
        self._lines: list[_StepLine] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(10, 12, 11, 12)
        self._box.setSpacing(0)
        self._box.addStretch(1)

    def show_steps(self, steps: Sequence[Step], now: str) -> None:
        """The steps in order and the key of the one shown. Focus in the rail is kept."""
        while len(self._lines) < len(steps):
            line = _StepLine()
            line.clicked.connect(self._clicked)
            self._box.insertWidget(len(self._lines), line)
            self._lines.append(line)
        held = next((line.step.key for line in self._lines if line.hasFocus()), "")
        for line, step in zip(self._lines, steps, strict=False):
            line.show_step(step, here=step.key == now)
            if step.key == held:
                give(line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(steps))

    @Slot()
    def _clicked(self) -> None:
        line = self.sender()
        if isinstance(line, _StepLine):
            self.wanted.emit(line.step.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        at = next((n for n, line in enumerate(self._lines) if line.hasFocus()), None)
        if move is None or at is None:
            super().keyPressEvent(event)
            return
        shown = [line for line in self._lines if not line.isHidden()]
        to = max(0, min(len(shown) - 1, at + move))
        give(shown[to], Qt.FocusReason.TabFocusReason)
