"""The scan over the page: take a picture, see it read, put the corners right, use what was read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.capture import scan_model
from ui.capture.camera import Camera, LiveView
from ui.capture.corners import CornerPicture
from ui.capture.pictures import Opened, Page, as_jpeg, crop, open_pages, turned
from ui.capture.read_rows import ReadRows
from ui.capture.reader import Reader
from ui.capture.scan_model import CARD, LICENCE, ScanState, Shares, Stage
from ui.controls import Button, IconText, Overlay, Segments, Text, row
from ui.hands import give
from ui.jobs import Job, Jobs, expected
from ui.style import SPACE
from ui.words import say
from workstation.capture.card_model import CardReading
from workstation.capture.licence_model import Licence
from workstation.capture.sources import FileSource
from workstation.kernel.errors import PorticoError

Chooser = Callable[[Callable[[Path], None]], None]
"""Lets a person choose a file and tells its path; must return at once."""


def pictures_folder() -> Path:
    """The person's pictures, else their own folder: never the one the program started in."""
    told = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(told) if told and Path(told).is_dir() else Path.home()


_FILES = "*.jpg *.jpeg *.png *.pdf *.tif *.tiff *.webp *.bmp *.gif"


class ScanOverlay(Overlay):
    """``start(kind)`` opens it; ``accepted`` tells what a person chose to use."""

    accepted = Signal(str, object, object)
    """(kind, reading, tuple of Page)"""

    def __init__(
        self, window: QWidget, jobs: Jobs, reader: Reader, chooser: Chooser | None = None
    ) -> None:
        super().__init__(window, width=980, height=600, top=56)
        self._jobs, self._reader = jobs, reader
        self._choose = chooser or self._native_chooser
        self.state = ScanState()
        self._pages: list[Page | None] = [None, None]
        self._number = 0
        self._folder = pictures_folder()
        """Where the choice of a file begins: with the pictures, then where the last one was."""
        self._opening: Job | None = None
        self._began = 0.0
        self._camera = Camera()
        self._camera.seen.connect(self._frame)
        self._camera.refused.connect(self._no_camera)
        self._clock = QTimer(self)
        self._clock.setInterval(250)
        self._clock.timeout.connect(self._tick)
        self.setAcceptDrops(True)
        self._build()
        self._reader.done.connect(self._read)
        self._reader.failed.connect(self._not_read)
        self.closed.connect(self._put_away)

    # Building

    def _build(self) -> None:
        self._title = Text("", role="page", weight="bold")
        self._sides = Segments(
            [("0", say("Front side"), ""), ("1", say("Back side"), "")],
            name=say("Side of the card"),
        )
        self._sides.chosen.connect(self._side)
        self.picture = CornerPicture(
            say("Drop a picture or PDF here, paste one with Ctrl+V, or choose below.")
        )
        self.picture.moved.connect(self._corners)
        self.live = LiveView()
        self._views = QStackedWidget()
        self._views.addWidget(self.picture)
        self._views.addWidget(self.live)
        self.file_button = Button(say("Choose a &file"), icon="folder")
        self.camera_button = Button(say("&Camera"), icon="camera")
        self.shutter = Button(say("&Take the picture"), kind="primary", icon="camera")
        self.turn_button = Button(say("T&urn"), icon="rotate-cw")
        self.file_button.clicked.connect(self._choose_file)
        self.camera_button.clicked.connect(self._camera_on)
        self.shutter.clicked.connect(self._shoot)
        self.turn_button.clicked.connect(self._turn)
        self._status = IconText("scan-text", "", role="section", weight="semibold")
        self._words = Text("", wrap=True)
        self._do = Text("", role="small", tone="muted", wrap=True)
        self.read_rows = ReadRows()
        self._stop = Button(say("Cancel"), key="Esc")
        self.use_button = Button(
            say("Use what was read"), kind="primary", icon_after="corner-down-left"
        )
        self._stop.clicked.connect(self.close_)
        self.use_button.clicked.connect(self.use)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE.m)
        left.addWidget(self._views, 1)
        left.addWidget(
            row(self.file_button, self.camera_button, self.shutter, None, self.turn_button)
        )
        right = QVBoxLayout()
        right.setSpacing(SPACE.s)
        for widget in (self._status, self._words, self._do, self.read_rows):
            right.addWidget(widget)
        right.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(SPACE.l)
        across.addLayout(left, 5)
        across.addLayout(right, 3)
        outer = QVBoxLayout(self.panel)
        outer.setContentsMargins(SPACE.l, SPACE.l, SPACE.l, SPACE.l)
        outer.setSpacing(SPACE.m)
        outer.addWidget(row(self._title, None, self._sides))
        outer.addLayout(across, 1)
        outer.addWidget(row(None, self._stop, self.use_button))

    # Opening and closing

    def start(self, kind: str, today: date, *, locked: bool = False) -> None:
        """Opens for a card or a licence, empty."""
        self._forget()
        self.state = scan_model.opened(kind, today, locked)
        self._show()
        self.open()

    def withdraw(self) -> None:
        """The scan goes on; the copays printed on the card are not shown any more."""
        self.state = replace(self.state, locked=True)
        self._show()

    def first(self) -> QWidget:
        return self.use_button if self.use_button.isEnabled() else self.file_button

    @Slot()
    def _put_away(self) -> None:
        self._forget()
        self.state = ScanState()

    def _forget(self) -> None:
        """Stops whatever runs; pictures are let go."""
        self._stop_reading()
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self._camera.stop()
        self._pages = [None, None]

    def _stop_reading(self) -> None:
        self._clock.stop()
        if self._number:
            self._reader.cancel(self._number)
            self._number = 0

    # Sources

    @Slot()
    def _choose_file(self) -> None:
        self._choose(self.take_file)

    def _native_chooser(self, told: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, say("Choose a picture or PDF"), str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([say("Pictures and PDF") + f" ({_FILES})", say("All files") + " (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, True)
        dialog.fileSelected.connect(lambda name: told(Path(name)))
        dialog.open()

    def take_file(self, path: Path) -> None:
        """A file that was chosen or dropped, for the side in sight."""
        self._folder = path.parent
        self._open_with(lambda: self._opened(FileSource(path).take().data))

    def take_bytes(self, data: bytes) -> None:
        """Bytes of a picture or PDF, for the side in sight."""
        self._open_with(lambda: self._opened(data))

    def _opened(self, data: bytes) -> Opened:
        """Not on the UI thread."""
        return open_pages(data, self._reader.open_file)

    def take_image(self, image: QImage) -> None:
        """A picture of the clipboard or the camera, for the side in sight."""
        kept = image.copy()
        self._open_with(lambda: Opened((Page(as_jpeg(kept), kept),)))

    def take_mime(self, mime: QMimeData | None) -> bool:
        """What was dropped or pasted; False where it holds no picture."""
        if mime is None:  # an empty clipboard
            return False
        local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if local:
            self.take_file(local[0])
            return True
        image = QImage(mime.imageData()) if mime.hasImage() else QImage()
        if image.isNull():
            return False
        self.take_image(image)
        return True

    def _open_with(self, work: Callable[[], Opened]) -> None:
        self._stop_reading()
        self._camera.stop()
        self.state = scan_model.opening(self.state)
        self._show()
        if self.file_button.hasFocus():
            give(self.picture)  # Enter pressed while it is read chooses no other file
        self._opening = self._jobs.call(
            work,
            owner=self,
            replaces="scan-page",
            done=self._opened_pages,
            failed=self._not_opened,
        )

    @Slot(object)
    def _opened_pages(self, opened: Opened) -> None:
        self._opening = None
        pages = opened.pages
        self.state = scan_model.took(self.state, len(pages), opened.total, opened.moving)
        for number, page in enumerate(pages):
            self._pages[min(1, self.state.side + number)] = page
        self._read_now()

    @Slot(object)
    def _not_opened(self, error: Exception) -> None:
        self._opening = None
        self.state = scan_model.refused(self.state, expected(error))
        self._show()
        self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            if not self.take_mime(QGuiApplication.clipboard().mimeData()):
                self._say_failed(
                    say("There is no picture on the clipboard."),
                    say("Copy a picture first, or choose a file."),
                )
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.state.usable:
            event.accept()
            self.use()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.take_mime(event.mimeData()):
            event.acceptProposedAction()

    # Camera

    @Slot()
    def _camera_on(self) -> None:
        if self._camera.start():
            self._show_camera()

    def _show_camera(self) -> None:
        self._stop_reading()
        self._views.setCurrentWidget(self.live)
        licence = self.state.kind == LICENCE
        words = (
            say("Hold the back of the licence in the frame")
            if licence
            else say("Hold the card in the frame")
        )
        self._status.show_words("camera", words, "accent")
        self._words.setText("")
        self._do.setText("")
        self.shutter.setVisible(True)
        give(self.shutter)

    @Slot(object)
    def _frame(self, image: QImage) -> None:
        if self._views.currentWidget() is not self.live:
            self._show_camera()
        self.live.show_image(image)

    @Slot()
    def _shoot(self) -> None:
        image = self._camera.newest
        if not image.isNull():
            self.take_image(image)

    @Slot(str)
    def _no_camera(self, words: str) -> None:
        self._say_failed(words, "")

    def _say_failed(self, words: str, do: str) -> None:
        self.state = scan_model.refused(self.state, PorticoError("no_picture", words, do))
        self._show()

    # Sides, corners, turning

    @Slot(str)
    def _side(self, side: str) -> None:
        self.state = scan_model.showing(self.state, int(side))
        self._show()

    @Slot(object)
    def _corners(self, corners: Shares) -> None:
        self.state = scan_model.moved(self.state, corners)
        self._read_now()

    @Slot()
    def _turn(self) -> None:
        page = self._pages[self.state.side]
        if page is not None:
            self.state = scan_model.turned(self.state)
            self._open_with(lambda: Opened((turned(page),)))

    # Reading

    def _read_now(self) -> None:
        self._stop_reading()
        front, back = self._pages
        kind = self.state.kind
        self.state = scan_model.reads(self.state)
        self._began = time.monotonic()
        self._clock.start()
        if kind == CARD and front is None and back is not None:
            self._number = self._reader.read_card(back.data, None, (self.state.corners[1], None))
        elif kind == CARD and front is not None:
            self._number = self._reader.read_card(
                front.data, back.data if back is not None else None, self.state.corners
            )
        else:
            page = self._pages[self.state.side] or front or back
            if page is not None:
                self._number = self._reader.read_licence(page.data)
        self._show()

    @Slot()
    def _tick(self) -> None:
        seconds = int(time.monotonic() - self._began)
        words = say("Reading, {n} s", n=seconds) if seconds else say("Reading")
        self._status.show_words("loader", words, "accent")

    @Slot(int, object)
    def _read(self, number: int, reading: CardReading | Licence) -> None:
        if number == self._number:
            self._ended_reading()
            self.state = scan_model.came(self.state, reading)
            self._show()
            self._go_on()

    @Slot(int, object)
    def _not_read(self, number: int, error: Exception) -> None:
        if number == self._number:
            self._ended_reading()
            self.state = scan_model.refused(self.state, expected(error))
            self._show()
            self._go_on()

    def _go_on(self) -> None:
        """To what comes next: using it, or another picture."""
        if self.isVisible():
            give(self.first())

    def _ended_reading(self) -> None:
        self._number = 0
        self._clock.stop()

    @Slot()
    def use(self) -> None:
        """Enter: what was read goes beside the questions."""
        if self.state.usable and self.state.reading is not None:
            kind, reading = self.state.kind, self.state.reading
            pages = tuple(page for page in self._pages if page is not None)
            self.close_()
            self.accepted.emit(kind, reading, pages)

    # Showing

    def _show(self) -> None:
        state = self.state
        card = state.kind == CARD
        self._title.setText(say("Scan an insurance card") if card else say("Scan a licence"))
        self._sides.setVisible(card)
        if self._sides.value != str(state.side):
            self._sides.choose(str(state.side))
        page = self._pages[state.side]
        image = page.image if page is not None else QImage()
        self.picture.show_image(image, state.found_corners(state.side) if card else ())
        self._views.setCurrentWidget(self.picture)
        self.shutter.setVisible(False)
        self.turn_button.setEnabled(page is not None)
        self.use_button.setEnabled(state.usable)
        for text, words in ((self._words, state.words), (self._do, state.do)):
            text.setText(words)
            text.setVisible(bool(words))
        self.read_rows.show_rows(scan_model.rows(state), self._crops())
        self._show_status()

    def _crops(self) -> dict[str, QPixmap]:
        """The place on the card of each field that is to be compared."""
        reading = self.state.reading
        if not isinstance(reading, CardReading):
            return {}
        sides = [QImage.fromData(side.picture) for side in reading.sides]
        found = {}
        for row_ in scan_model.rows(self.state):
            where = reading.evidence.get(row_.field)
            if row_.level == "warn" and where is not None and where.side < len(sides):
                found[row_.field] = crop(sides[where.side], where.box, row_.value, where.doubts)
        return found

    def _show_status(self) -> None:
        stage = self.state.stage
        card = self.state.kind == CARD
        if stage is Stage.READING:
            self._tick()
            return
        if stage is Stage.READ:
            words, level = scan_model.verdict(self.state)
            icon = "circle-check" if level == "ok" else "triangle-alert"
            self._status.show_words(icon, words, level)
            return
        looks = {
            Stage.EMPTY: ("scan", say("Front of the card first") if card
                          else say("The back, with the wide barcode"), "muted"),
            Stage.OPENING: ("loader", say("Opening"), "accent"),
            Stage.FAILED: ("octagon-alert", say("Not read"), "stop"),
        }  # fmt: skip
        self._status.show_words(*looks[stage])
