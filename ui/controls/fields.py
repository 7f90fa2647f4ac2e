"""Labelled fields: the label above, the message under, the width of what goes in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import style
from ui.controls.buttons import Button
from ui.controls.chips import LEVEL_ICONS
from ui.controls.texts import Mark, Text
from ui.style import SPACE

WIDTHS: dict[str, int | None] = {
    "state": 72,
    "short": 96,
    "zip": 104,
    "money": 120,
    "date": 136,
    "ssn": 136,
    "phone": 160,
    "member_id": 208,
    "name": 232,
    "line": 336,
    "fill": None,
}
"""Width in px by kind of content; None takes the column."""


class Field(QWidget):
    """A label, an editor and room for one message. The label names the editor to everyone."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        width: str = "fill",
        note: str = "",
        room: bool = True,
        beside: Button | None = None,
    ) -> None:
        super().__init__()
        self.editor = editor
        self._words = label.replace("&", "")
        self._level = ""
        self.label = QLabel(label)
        self.label.setForegroundRole(style.ink("muted"))
        self.label.setFont(style.font("small", "medium"))
        self.label.setBuddy(editor)
        editor.setAccessibleName(self._words)
        self._foot: _Foot | None = None
        self._keeps_room = room
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(SPACE.xs)
        self._outer.addWidget(self.label)
        line = QHBoxLayout()
        line.setSpacing(SPACE.s)
        line.addWidget(editor, 1 if WIDTHS[width] is None else 0)
        if beside is not None:
            line.addWidget(beside)
        if WIDTHS[width] is not None:
            editor.setFixedWidth(WIDTHS[width] or 0)
            line.addStretch(1)
        self._outer.addLayout(line)
        self.label.setMinimumWidth(1)  # a long question never makes a page scroll sideways
        inside = editor.layout()
        wraps = inside is not None and inside.hasHeightForWidth()
        tall = QSizePolicy.Policy.Preferred if wraps else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self.tell("info", note) if note else self.tell()

    @property
    def level(self) -> str:
        """The level of the message shown: ok, warn, stop, info, or empty."""
        return self._level

    @property
    def message(self) -> str:
        """The message shown, or empty."""
        return self._foot.words if self._foot is not None else ""

    def tell(self, level: str = "", words: str = "", *, icon: str = "") -> None:
        """Shows a message under the field (ok, warn, stop, info); without words clears it."""
        self._level = level if words else ""
        if self._foot is None and (words or self._keeps_room):  # most fields never say anything
            self._foot = _Foot()
            self._outer.addWidget(self._foot)
        if self._foot is not None:
            self._foot.tell(self._level, words, icon)
            self._foot.setVisible(self._keeps_room or bool(words))
        self.editor.setAccessibleDescription(words)
        mark = self._level if self._level in ("warn", "stop") else ""
        if self.editor.property("level") != mark:
            self.editor.setProperty("level", mark)
            self.editor.update()


class _Foot(QWidget):
    """The message under a field: its icon and its words."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = Mark("info", "muted", 14)
        self._mark.setFixedSize(14, 18)
        self._words = Text("", role="small", tone="muted", wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        self.setMinimumHeight(18)

    @property
    def words(self) -> str:
        return self._words.text()

    def tell(self, level: str, words: str, icon: str) -> None:
        tone = "muted" if level in ("", "info") else level
        self._mark.setVisible(bool(words))
        self._words.setText(words)
        self._words.setToolTip(words)
        self._words.set_tone(tone)
        if words:
            self._mark.show_icon(icon or LEVEL_ICONS[level], tone)
