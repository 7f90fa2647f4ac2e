"""The question why something stays open: inline, one key; Esc goes back to the questions."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ui.controls import Card, Text, row
from ui.forms.editors import KeyedSegments
from ui.hands import give
from ui.style import SPACE
from ui.words import say
from workstation.interview.options import SKIP_REASONS


class WhyOpen(Card):
    """Hidden until something is left open. ``chosen(code)`` is the reason."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=SPACE.m)
        self._words = Text("", weight="semibold", wrap=True)
        self.reasons = KeyedSegments(SKIP_REASONS, say("Why it stays open"))
        self.reasons.chosen.connect(self.chosen)
        self.reasons.pickedByKey.connect(self.chosen)
        self.add(self._words)
        self.add(row(self.reasons, gap=SPACE.s))
        self.hide()

    def ask(self, names: tuple[str, ...]) -> None:
        """Asks about the questions of these names; none hides it."""
        if not names:
            self.hide()
            return
        named = ", ".join(name.rstrip("?") for name in names)
        last = SKIP_REASONS[-1].key  # Enter chooses none: it was meant for Continue
        self._words.setText(
            say("Left open: {names}. Why? Press 1 to {last}.", names=named, last=last)
        )
        self.reasons.choose("")
        if not self.isVisible():
            self.show()
            proxy = self.reasons.focusProxy()
            if proxy is not None:
                give(proxy)
