"""What was read, line by line: clear, or to compare, with its place on the card beside it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import style
from ui.capture.scan_model import Row
from ui.style import paint

_LABEL, _LINE, _GAP, _CROP = 16, 20, 3, 28
_ICONS = {"ok": "check", "warn": "triangle-alert"}


class ReadRows(QWidget):
    """Label and verdict above, the value under them, and where it stands for what is unclear."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._crops: Mapping[str, QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[Row, ...], crops: Mapping[str, QPixmap] | None = None) -> None:
        """Other lines; ``crops`` are pictures by field, shown where a value is to be compared."""
        self._rows, self._crops = rows, crops or {}
        self.setAccessibleName(
            ". ".join(" ".join(p for p in (r.label, r.value, r.note) if p) for r in rows)
        )
        self.setVisible(bool(rows))
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometry()  # long values take two lines where the room is narrow
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(240, round(sum(self._height(row) for row in self._rows)))

    def _crop(self, row: Row) -> QPixmap | None:
        crop = self._crops.get(row.field) if row.level == "warn" else None
        return crop if crop is not None and not crop.isNull() else None

    def _lines(self, row: Row) -> int:
        font = style.font("body", "medium")
        return 2 if QFontMetricsF(font).horizontalAdvance(row.value) > self.width() else 1

    def _beside(self, row: Row) -> bool:
        """Whether a value leaves its crop the right half."""
        font = style.font("body", "medium")
        return QFontMetricsF(font).horizontalAdvance(row.value) < 0.5 * self.width() - 8

    def _height(self, row: Row) -> float:
        text = _LABEL + _LINE * self._lines(row) + _GAP
        if self._crop(row) is None:
            return text
        return _LABEL + _CROP + _GAP if self._beside(row) else text + _CROP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = 0.0
        for row in self._rows:
            self._paint_row(painter, row, top)
            top += self._height(row)
        painter.end()

    def _paint_row(self, painter: QPainter, row: Row, top: float) -> None:
        small, strong = style.font("small"), style.font("body", "medium")
        tone = "warn" if row.level == "warn" else "muted"
        wide = float(self.width())
        right = Qt.AlignmentFlag.AlignRight
        area = QRectF(wide * 0.5, top, wide * 0.5, _LABEL)
        note = paint.text(painter, area, row.note, small, tone, right)
        if row.note and row.level in _ICONS:
            paint.mark(painter, QPointF(wide - note - 17, top + 1), _ICONS[row.level], tone, 13)
        paint.text(painter, QRectF(0, top, wide * 0.5, _LABEL), row.label, small, "muted")
        lines = self._lines(row)
        painter.setFont(strong)
        painter.setPen(style.colour("text"))
        flags = Qt.TextFlag.TextWordWrap if lines > 1 else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top + _LABEL, wide, _LINE * lines), int(flags), row.value)
        crop = self._crop(row)
        if crop is not None:
            beside = self._beside(row)
            room = wide * 0.5 if beside else wide
            size = crop.size().scaled(round(room), _CROP, Qt.AspectRatioMode.KeepAspectRatio)
            left = wide - size.width() if beside else 0.0
            down = top + _LABEL + (0 if beside else _LINE * lines)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawPixmap(
                QRectF(left, down, size.width(), size.height()), crop, QRectF(crop.rect())
            )
