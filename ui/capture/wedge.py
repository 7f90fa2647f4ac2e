"""Scanners that type: their bursts are taken out of the keys, whatever field has the focus."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.capture.burst import ENDS_AFTER_S, FASTEST_TYPING_S, Burst, Ended, Verdict, What
from ui.controls import Message
from ui.words import say
from workstation.capture.aamva import parse
from workstation.kernel.errors import NotUnderstood

_KEYS = {
    Qt.Key.Key_Return: "\n",
    Qt.Key.Key_Enter: "\n",
    Qt.Key.Key_Tab: "\t",
}
_SILENT = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock}
)
_KEY = "wedge"


class Wedge(QObject):
    """Watches the keys of one window. Holds the first sign of a scan for 30 ms, then decides."""

    licenceRead = Signal(object)
    """(Licence)"""
    told = Signal(object)
    """(Message): why a scan was not taken."""

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window, self._clock = window, clock
        self._burst = Burst()
        self._replaying = False
        self._target: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._quiet)
        self._watched: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self._watch(QApplication.focusWidget())

    def stop(self) -> None:
        """Watches no longer."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        self._watch(None)
        self._timer.stop()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _: QWidget | None, new: QWidget | None) -> None:
        """Only who has the focus is watched: other events never come through here."""
        self._watch(new)

    def _watch(self, widget: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        inside = widget is not None and widget.window() is self._window
        self._watched = widget if inside else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            return self._pressed(watched, event)
        if kind == QEvent.Type.ShortcutOverride and self._burst.held:
            event.accept()  # no shortcut in the midst of a scan: Enter would press Continue
            return True
        if kind == QEvent.Type.KeyRelease and self._burst.held:
            return isinstance(watched, QWidget)
        return False

    def _pressed(self, watched: QObject, event: QEvent) -> bool:
        if self._replaying or not isinstance(watched, QWidget) or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in _SILENT:
            return False
        char = _KEYS.get(key) or _char(event, key)
        verdict = self._burst.key(char, self._clock())
        if verdict is Verdict.GAVE_UP:
            self._end()
            verdict = self._burst.key(char, self._clock())
        if verdict is Verdict.TYPED:
            return False
        self._target = watched
        wait = FASTEST_TYPING_S if len(char) and not self._timer.isActive() else ENDS_AFTER_S
        self._timer.start(round(wait * 1000) + 10)
        return True

    @Slot()
    def _quiet(self) -> None:
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        ended = self._burst.take()
        if ended.what is What.CODE:
            self._code(ended)
        elif ended.what is What.PAYMENT:
            self._tell(
                say("That was a payment card. Nothing of it was kept."),
                say("Payment cards go through the terminal: press F10."),
            )
        elif ended.what is What.STRIPE:
            self._tell(
                say("The magnetic stripe holds too little."),
                say("Scan the wide barcode on the back of the card."),
            )
        elif ended.text:
            self._give_back(ended.text)

    def _code(self, ended: Ended) -> None:
        try:
            licence = parse(ended.text.encode("latin-1", "replace"))
        except NotUnderstood as error:
            self._tell(say(error.say), say(error.do))
        else:
            self.licenceRead.emit(licence)

    def _tell(self, words: str, do: str) -> None:
        self.told.emit(Message("yield", words, do, _KEY))

    def _give_back(self, text: str) -> None:
        """It was typing: the keys go where they were meant to go."""
        target = self._target
        if target is None or not target.isVisible():
            return
        self._replaying = True
        try:
            for char in text:
                key = ord(char.upper()) if char.isprintable() else Qt.Key.Key_Return.value
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
                    QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False


def _char(event: QKeyEvent, key: Qt.Key) -> str:
    """What a key types. Control keys stand for control characters, as scanners send them."""
    text = event.text()
    if text:
        return text
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    if control and 0x40 <= key.value <= 0x5F:
        return chr(key.value - 0x40)
    return ""
