"""Grounds, section cards, tiles and the patient banner."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ui import style
from ui.controls.chips import Chip
from ui.controls.texts import Elided, Text
from ui.style import SPACE, paint


class Pane(QWidget):
    """A ground of a token (or none) with hairlines: ``Pane("surface", ("left",))``."""

    def __init__(self, ground: str = "surface", sides: Sequence[str] = ()) -> None:
        super().__init__()
        self._ground, self._sides = ground, tuple(sides)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground:
            painter.fillRect(event.rect(), style.colour(self._ground))
        for side in self._sides:
            paint.hairline(painter, self.rect(), side)
        painter.end()


class Card(QWidget):
    """A section on its own surface, with an optional title and a line at its foot."""

    def __init__(self, title: str = "", *, padding: int = SPACE.l, ground: str = "surface") -> None:
        super().__init__()
        self._ground = ground
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(padding, padding - 2, padding, padding)
        self._body.setSpacing(SPACE.m)
        self.title = Text(title, role="section", weight="semibold")
        if title:
            self._body.addWidget(self.title)
        else:
            self.title.hide()  # never shown without a parent: it would be a window of its own
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Puts something under what is there."""
        if isinstance(item, QLayout):
            self._body.addLayout(item, stretch)
        else:
            self._body.addWidget(item, stretch)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), self._ground, "line", radius=8)
        painter.end()


class Bar(QProgressBar):
    """How much of a whole is met: a line, without words."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextVisible(False)
        self.setFixedHeight(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.rounded(painter, area, "line", radius=3)
        part = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        if part > 0:
            area.setWidth(max(area.height(), area.width() * part))
            paint.rounded(painter, area, "accent", radius=3)
        painter.end()


class Tile(QWidget):
    """A question, its answer in larger type, a note; optionally a bar of parts met."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = Text(question, role="small", weight="semibold", tone="muted", wrap=True)
        self._answer = Text("", role="section", weight="semibold", wrap=True)
        self._answer.setFont(style.font("section", "semibold"))
        self._note = Text("", role="small", tone="muted", wrap=True)
        self._bar = Bar()
        self._bar.setVisible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE.m, 10, SPACE.m, SPACE.m)
        outer.setSpacing(3)
        for part in (self._question, self._answer, self._note, self._bar):
            outer.addWidget(part)
        outer.addStretch(1)
        self.setMinimumHeight(100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        return QSize(130, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A word is never cut; questions and answers of several may take several lines."""
        word = max(
            QFontMetrics(part.font()).horizontalAdvance(word)
            for part in (self._question, self._answer)
            for word in (part.text().split() or [""])
        )
        hint = super().minimumSizeHint()
        return QSize(max(hint.width(), word + 2 * SPACE.m + 2), hint.height())

    def answer(
        self, words: str, note: str = "", *, tone: str = "text", met: tuple[int, int] | None = None
    ) -> None:
        """Shows the answer; ``met`` is (met, total) for the bar, in the same unit."""
        self._answer.setText(words)
        self._answer.set_tone(tone)
        self._note.setText(note)
        self._bar.setVisible(met is not None)
        if met is not None:
            self._bar.setRange(0, max(1, met[1]))
            self._bar.setValue(max(0, min(met)))
            self._bar.setAccessibleName(note)
        self.setAccessibleName(f"{self._question.text()} {words}. {note}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "surface", "line", radius=8)
        painter.end()


class Avatar(QWidget):
    """Initials on a soft ground, where no photo is kept."""

    def __init__(self, size: int = 40) -> None:
        super().__init__()
        self._words = ""
        self._role = "section" if size > 44 else "small"
        self.setFixedSize(size, size)

    def show_initials(self, initials: str) -> None:
        """One or two letters."""
        self._words = initials
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "accent_soft")
        painter.setFont(style.font(self._role, "bold"))
        painter.setPen(style.colour("accent"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._words)
        painter.end()


class Banner(Pane):
    """Who the patient is: always at the top of a chart, never scrolled away."""

    def __init__(self) -> None:
        super().__init__("surface", ("bottom",))
        self.setFixedHeight(56)
        self._told: tuple[str | tuple[str, str], ...] = ()
        self._avatar = Avatar(40)
        self._name = Elided("", role="section", weight="semibold")
        self._preferred = Text("", role="body", tone="muted")
        self._facts = Text("", role="small", tone="muted", rich=True)
        names = QHBoxLayout()
        names.setSpacing(SPACE.xs)
        names.addWidget(self._name)
        names.addWidget(self._preferred, 1)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addLayout(names)
        words.addWidget(self._facts)
        words.addStretch(1)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(14)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(SPACE.l, 0, SPACE.l, 1)
        outer.setSpacing(14)
        outer.addWidget(self._avatar)
        outer.addLayout(words, 1)
        outer.addLayout(self._chips)

    def show_person(
        self,
        name: str,
        *,
        initials: str,
        preferred: str = "",
        facts: Sequence[str | tuple[str, str]] = (),
        flags: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """``facts``: words or (caption, strong value); ``flags``: (words, icon, level)."""
        self._avatar.show_initials(initials)
        self._name.setText(name)
        self._preferred.setText(f"“{preferred}”" if preferred else "")
        self._told = tuple(facts)
        self._show_facts()
        while self._chips.count():
            item = self._chips.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for words, icon, level in flags:
            self._chips.addWidget(Chip(words, icon=icon, level=level))
        plain = ", ".join(f if isinstance(f, str) else " ".join(f) for f in facts)
        self.setAccessibleName(f"{name}, {plain}")

    def _show_facts(self) -> None:
        self._facts.setText(" · ".join(_fact(fact) for fact in self._told))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_facts()


def _fact(fact: str | tuple[str, str]) -> str:
    if isinstance(fact, str):
        return _plain(fact)
    caption, value = fact
    ink = style.colour("text").name()
    return f'{_plain(caption)} <span style="font-weight:600;color:{ink}">{_plain(value)}</span>'


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
