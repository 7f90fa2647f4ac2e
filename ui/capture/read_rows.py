"""What was read, line by line, with how sure; what must be compared is marked by icon and word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import style
from ui.capture.scan_model import Row
from ui.style import paint

_ROW = 36
_ICONS = {"ok": "circle-check", "warn": "triangle-alert", "info": "info"}


class ReadRows(QWidget):
    """Label above, value under it, certainty at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Other lines."""
        self._rows = rows
        self.setAccessibleName(
            ". ".join(" ".join(p for p in (r.label, r.value, r.note) if p) for r in rows)
        )
        self.setVisible(bool(rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        small, strong = style.font("small"), style.font("body", "medium")
        for number, row in enumerate(self._rows):
            top = number * _ROW
            tone = "warn" if row.level == "warn" else "muted"
            note = paint.text(
                painter,
                QRectF(self.width() * 0.55, top + 15, self.width() * 0.45, 18),
                row.note,
                small,
                tone,
                Qt.AlignmentFlag.AlignRight,
            )
            if row.level == "warn":
                at = QPointF(self.width() - note - 18, top + 17)
                paint.mark(painter, at, _ICONS["warn"], "warn", 14)
                note += 18
            paint.text(painter, QRectF(0, top, self.width(), 15), row.label, small, "muted")
            room = QRectF(0, top + 14, self.width() - note - 8, 20)
            paint.text(painter, room, row.value, strong, "text")
        painter.end()
