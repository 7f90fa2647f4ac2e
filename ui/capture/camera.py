"""The camera of the desk through Qt: a live picture and a shutter, loaded only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import paint
from ui.words import say

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame, QVideoSink


class Camera(QObject):
    """Frames as they come. Nothing is kept but the newest one, and that only while it is on."""

    seen = Signal(object)
    """(QImage)"""
    refused = Signal(str)
    """Why there is no picture, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.sink: QVideoSink | None = None
        self._parts: list[QObject] = []
        self._newest = QImage()

    @property
    def newest(self) -> QImage:
        """The frame seen last; null while none came."""
        return self._newest

    def start(self) -> bool:
        """Turns the camera on; False and ``refused`` where there is none."""
        try:
            from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QMediaDevices
        except ImportError:
            self.refused.emit(say("This desk has no camera support. Choose a file instead."))
            return False
        device = QMediaDevices.defaultVideoInput()
        if device.isNull():
            self.refused.emit(
                say("No camera is connected to this desk. Connect one, or choose a file.")
            )
            return False
        camera, session = QCamera(device), QMediaCaptureSession()
        camera.errorOccurred.connect(self._broke)
        session.setCamera(camera)
        session.setVideoSink(self.listen())
        self._parts = [session, camera]
        camera.start()
        return True

    def listen(self) -> QVideoSink:
        """The sink that frames come through."""
        from PySide6.QtMultimedia import QVideoSink

        if self.sink is None:
            self.sink = QVideoSink()
            self.sink.videoFrameChanged.connect(self._frame)
        return self.sink

    def stop(self) -> None:
        """Turns the camera off; its light goes out, the newest frame is forgotten."""
        for part in self._parts:
            if hasattr(part, "stop"):
                part.stop()
            part.deleteLater()
        self._parts = []
        self.sink = None
        self._newest = QImage()

    @Slot("QVideoFrame")
    def _frame(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._newest = image
            self.seen.emit(image)

    @Slot()
    def _broke(self) -> None:
        self.refused.emit(
            say("The camera gives no picture. Another program may be using it; choose a file.")
        )


class LiveView(QWidget):
    """What the camera sees, with a frame to hold the card in."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(say("What the camera sees"))
        self.setMinimumSize(420, 270)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(540, 350)

    @Slot(object)
    def show_image(self, image: QImage) -> None:
        """The next frame."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "window", "line")
        if not self._image.isNull():
            fitted = self._image.scaled(
                self.size(), Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.FastTransformation,
            )  # fmt: skip
            left = (self.width() - fitted.width()) // 2
            painter.drawImage(left, (self.height() - fitted.height()) // 2, fitted)
        tall = self.height() * 0.72
        frame = QRectF(0, 0, tall * 1.586, tall)  # ISO ID-1, the shape of every card
        frame.moveCenter(QRectF(self.rect()).center())
        paint.rounded(painter, frame, None, "accent", radius=12, width=2)
        painter.end()
