"""Calls to a payer that were noted, the newest first, with their coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from ui.controls import Card, IconText, Text, column
from ui.eligibility.words import day_words, moment_words
from ui.style import SPACE
from ui.words import say

MOST = 3
"""Older calls stand in the record; at the desk the last ones are of use."""


class ContactList(Card):
    """``show_contacts(rows, now)``; hidden where nobody called."""

    def __init__(self) -> None:
        super().__init__(say("Calls and portal checks"), padding=SPACE.m)
        self._shown: tuple[str, ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SPACE.s)
        self.add(self._lines)
        self.hide()

    def show_contacts(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Other calls; nothing happens where they are the same."""
        ids = tuple(str(row["id"]) for row in rows[:MOST])
        if ids == self._shown:
            return
        self._shown = ids
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for row in rows[:MOST]:
            icon = "phone" if row["how"] == "phone" else "monitor"
            head = IconText(icon, heading_words(row, now), weight="semibold")
            told = [Text(words, role="small", wrap=True) for words in told_lines(row)]
            self._lines.addWidget(column(head, *told, gap=2))
        self.setVisible(bool(ids))


def heading_words(row: Mapping[str, Any], now: datetime) -> str:
    """``14:02 · by phone · Ana R. · reference 778-2210``."""
    how = say("by phone") if row["how"] == "phone" else say("in the portal")
    number = say("reference {no}", no=row["reference"]) if row["reference"] else ""
    parts = (moment_words(row["at"], now), how, row["with_whom"] or "", number)
    return " · ".join(part for part in parts if part)


def told_lines(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What was said, and what was promised by when."""
    lines = [f"“{row['told']}”"]
    if row["promise"] and row["follow_up_on"]:
        day = day_words(row["follow_up_on"])
        lines.append(say("Promised by {day}: {what}", day=day, what=row["promise"]))
    elif row["promise"]:
        lines.append(say("Promised: {what}", what=row["promise"]))
    return tuple(lines)
