"""The face sheet on the screen, to print."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.controls import Button, Message, Overlay, Strip, Text, scrolling
from ui.words import say
from workstation.kernel.errors import PorticoError

_WIDE = 620


class FaceSheetOverlay(Overlay):
    """``show_pdf(pdf, title)``; Enter tells ``printWanted(pdf, title)``."""

    printWanted = Signal(object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=_WIDE + 80, height=660, top=48)
        self._pdf, self._name = b"", ""
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._picture.setAccessibleName(say("Face sheet"))
        self._area = scrolling(self._picture)
        self.strip = Strip(most=1)
        self.print_button = Button(
            say("Print"), kind="primary", icon="printer", icon_after="corner-down-left"
        )
        self.print_button.clicked.connect(self._print)
        self.close_button = Button(say("Close"), key="Esc", name=say("Close the face sheet"))
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(10)
        box.addWidget(Text(say("Face sheet"), role="section", weight="bold"))
        box.addWidget(self._area, 1)
        box.addWidget(self.strip)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.print_button)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.print_button

    def show_pdf(self, pdf: bytes, image: QImage, name: str) -> None:
        """The first page as a picture; ``name`` is the neutral title of the print job."""
        self._pdf, self._name = pdf, name
        self._picture.setPixmap(QPixmap.fromImage(image))
        self.strip.clear()
        self.open()

    @Slot()
    def _print(self) -> None:
        self.printWanted.emit(self._pdf, self._name)

    def refused(self, error: PorticoError) -> None:
        """No printer, or none that takes it: in words, and the sheet stays in sight."""
        words = _WORDS.get(error.code, error.say)
        self.strip.tell(Message("stop", say(words), say(_DO.get(error.code, error.do)), "print"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._print()
        else:
            super().keyPressEvent(event)


_WORDS = {
    "no_printer": "There is no printer on this workstation. The face sheet was not printed.",
    "print_system_missing": "This workstation has no print system. The face sheet was not printed.",
    "printer_not_accepting": "The printer takes no jobs now. The face sheet was not printed.",
    "not_printed": "The print system did not take the face sheet.",
}
_DO = {
    "no_printer": "Ask IT to add one. The face sheet can be printed at any time from this visit.",
    "print_system_missing": "Ask IT to install CUPS. Nothing of the visit is lost.",
    "not_printed": "Look at the printer, then print again.",
    "printer_not_accepting": "Check paper and power, then print again.",
}
"""The print system's own words speak of receipts."""


def page_image(pdf: bytes, wide: int = _WIDE) -> QImage:
    """The first page of a PDF, ``wide`` pixels across. Off the UI thread."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    bitmap = page.render(scale=wide / page.get_width(), rev_byteorder=True)
    data = bytes(bitmap.buffer)
    form = QImage.Format.Format_RGBA8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
    image = QImage(data, bitmap.width, bitmap.height, bitmap.stride, form).copy()
    document.close()
    return image
