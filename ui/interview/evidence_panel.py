"""Beside the field: where its value stands on the scan, last visit, the payer's words, and why."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import IconText, Text
from ui.interview.on_file import on_file_words
from ui.interview.step_page import Evidence
from ui.style import SPACE, paint
from ui.words import say
from workstation.interview.fields import Field, Page
from workstation.interview.situation import Situation
from workstation.interview.why import why_of


class Picture(QWidget):
    """A picture as wide as the panel, never larger than it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setAccessibleName(name)
        self.hide()

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        """Another picture; None hides it."""
        self._pixmap = pixmap or QPixmap()
        self.setVisible(not self._pixmap.isNull())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._pixmap.isNull():
            return QSize(0, 0)
        wide = max(1, self.width() or 224)
        ratio = self._pixmap.height() / max(1, self._pixmap.width())
        return QSize(wide, min(220, round(wide * ratio) + 2))

    def heightForWidth(self, width: int) -> int:
        return self.sizeHint().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "field", "line")
        size = self.size() - QSize(4, 4)
        fitted = self._pixmap.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        left = (self.width() - fitted.width()) // 2
        painter.drawPixmap(left, (self.height() - fitted.height()) // 2, fitted)
        painter.end()


class EvidencePanel(QWidget):
    """Follows the question that has the focus; without one it says what the page is for."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("About this question"))
        self._title = Text("", role="small", weight="semibold", tone="muted", wrap=True)
        self._crop = Picture(say("Where it stands on the scan"))
        self._confidence = Text("", role="small", tone="muted", wrap=True)
        self._last = IconText("history", "", tone="muted")
        self._payer = Text("", role="small", wrap=True)
        self._suggestion = Text("", role="small", tone="accent", wrap=True)
        self._whole = Picture(say("The whole scan"))
        self._why_title = Text(
            say("Why we ask"), role="small", weight="semibold", tone="muted", wrap=True
        )
        self._why = Text("", role="small", wrap=True)
        self._source = Text("", role="small", tone="muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE.l, SPACE.l, SPACE.l, SPACE.l)
        box.setSpacing(SPACE.s)
        for widget in (
            self._title,
            self._crop,
            self._confidence,
            self._suggestion,
            self._last,
            self._payer,
            self._whole,
            self._why_title,
            self._why,
            self._source,
        ):
            box.addWidget(widget)
        box.addStretch(1)
        self.show_asked("", ("", ""), None)

    def show_question(
        self, page: Page, field: Field | None, evidence: Evidence | None, situation: Situation
    ) -> None:
        """What is known about a question of a page; without one, what the page is for."""
        title, about = (page.title, page) if field is None else (field.label, field)
        why = tuple(say(words) if words else "" for words in why_of(about, situation))
        last = on_file_words(field, situation) if field is not None else ""
        self.show_asked(say(title), (why[0], why[1]), evidence, last)

    def show_asked(
        self, title: str, why: tuple[str, str], evidence: Evidence | None, last_visit: str = ""
    ) -> None:
        """What is known about a question, or of the page while none has the focus.

        ``why``: the reason and its source; ``last_visit``: the value on file.
        """
        found = evidence or Evidence()
        _show(self._title, found.title or title)
        self._crop.show_pixmap(found.crop)
        _show(self._confidence, found.confidence)
        words = ""
        if found.suggestion:
            words = say(
                "Ctrl+Enter takes “{value}”.", value=found.suggestion_words or found.suggestion
            )
            if found.alternatives:
                words += " " + say("Ctrl+Space shows others.")
        _show(self._suggestion, words)
        last = found.last_visit or last_visit
        self._last.setVisible(bool(last))
        if last:
            self._last.show_words("history", say("On file: {value}", value=last), "muted")
        _show(self._payer, say("The payer says: {words}", words=found.payer) if found.payer else "")
        self._whole.show_pixmap(found.picture)
        reason = found.why or why[0]
        self._why_title.setVisible(bool(reason))
        _show(self._why, reason)
        _show(self._source, why[1])


def _show(text: Text, words: str) -> None:
    text.setText(words)
    text.setVisible(bool(words))
