"""A paper on the screen before it is printed: its pages as a picture, Enter prints."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls.buttons import Button
from ui.controls.layout import scrolling
from ui.controls.messages import Message, Strip
from ui.controls.overlay import Overlay
from ui.controls.texts import Text
from ui.style import paint
from ui.words import say
from workstation.kernel.errors import PorticoError

WIDE = 620
"""Logical pixels across of a page in sight."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PaperPage(QWidget):
    """A page of paper: white in every theme."""

    def __init__(self, name: str, wide: int = WIDE) -> None:
        super().__init__()
        self._image, self._wide = QImage(), wide
        self.setAccessibleName(name)

    def show_image(self, image: QImage) -> None:
        """Another page; its height follows the paper."""
        self._image = image
        ratio = image.height() / image.width() if image.width() else 1.3
        self.setFixedSize(self._wide, round(self._wide * ratio))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._wide, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        paint.rounded(painter, QRectF(self.rect()), None, "line", radius=2)
        painter.end()


class PaperOverlay(Overlay):
    """``show_pdf(pdf, image, name)``; Enter tells ``printWanted(pdf, name)``."""

    printWanted = Signal(object, str)

    def __init__(self, window: QWidget, title: str) -> None:
        super().__init__(window, width=WIDE + 80, height=660, top=48)
        self._pdf, self._name = b"", ""
        self.page = PaperPage(title)
        self.strip = Strip(most=1)
        self.print_button = Button(
            say("Print"), kind="primary", icon="printer", icon_after="corner-down-left"
        )
        self.print_button.clicked.connect(self._print)
        self.close_button = Button(say("Close"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(10)
        box.addWidget(Text(title, role="section", weight="bold"))
        box.addWidget(scrolling(self.page), 1)
        box.addWidget(self.strip)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.print_button)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.print_button

    def show_pdf(self, pdf: bytes, image: QImage, name: str) -> None:
        """The pages as a picture; ``name`` is the neutral title of the print job."""
        self._pdf, self._name = pdf, name
        self.page.show_image(image)
        self.strip.clear()
        self.open()

    @Slot()
    def _print(self) -> None:
        self.printWanted.emit(self._pdf, self._name)

    def refused(self, error: PorticoError) -> None:
        """No printer, or none that takes it: in words, and the paper stays in sight."""
        self.strip.tell(Message.of(error, "print"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self._print()
        else:
            super().keyPressEvent(event)


def page_image(pdf: bytes, wide: int = 2 * WIDE) -> QImage:
    """The pages of a PDF one under the other, this many pixels across; for any thread."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_drawn(document[number], wide) for number in range(min(len(document), _MOST))]
    finally:
        document.close()
    if len(pages) == 1:
        return pages[0]
    image = QImage(wide, sum(page.height() for page in pages), QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    down = 0
    for page in pages:
        painter.drawImage(0, down, page)
        down += page.height()
    painter.end()
    return image


_MOST = 12
"""Pages drawn at most: a paper of the desk has one or two."""


def _drawn(page: Any, wide: int) -> QImage:
    bitmap = page.render(scale=wide / page.get_width(), may_draw_forms=False)
    form = QImage.Format.Format_BGR888
    stride, across, down = bitmap.stride, bitmap.width, bitmap.height
    image = QImage(bytes(bitmap.buffer), across, down, stride, form).copy()
    page.close()
    return image
