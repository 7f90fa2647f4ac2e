"""No window says a word that the catalogue does not hold: all of them, with every word marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from every_window import living_demo, walk
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

import db.declared  # noqa: F401
from db.tables import TABLES
from ui.payments import pay_step
from ui.words import speak
from workstation.compose import Workstation
from workstation.estimates.prices import demo_prices
from workstation.kernel import phrases
from workstation.papers.consents import all_forms

OPEN, SHUT = "\u27e6", "\u27e7"
WORD = re.compile(r"[a-záéíóúñ]{3,}", re.IGNORECASE)
OURS = frozenset({"portico", "english", "español", "mrn"})
DATE = re.compile(r"\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b( \d{4})?")
KEYS = re.compile(r"\b(Ctrl|Alt|Shift|Esc|Enter|Space|Tab|F\d+|Home|End|Up|Down)\b")


class Marked(dict[str, str]):
    """A language in which every translated sentence stands in brackets."""

    def get(self, key: str, default: Any = None) -> Any:
        known = super().get(key)
        return default if known is None else f"{OPEN}{known}{SHUT}"


def outside(text: str) -> str:
    """What of a text stands in no brackets."""
    kept, depth = [], 0
    for sign in text:
        depth += sign == OPEN
        if not depth:
            kept.append(sign)
        depth -= sign == SHUT
    return "".join(kept)


def shown(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a widget or a cell under ``root`` shows or tells a screen reader."""
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisibleTo(root.window()):
            continue
        kind = type(widget).__name__
        for name in ("text", "placeholderText", "toolTip", "accessibleName", "title"):
            read = getattr(widget, name, None)
            if callable(read):
                yield f"{kind}.{name}", str(read())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            top = QModelIndex()
            wide = model.columnCount(top) if isinstance(model, QAbstractTableModel) else 1
            for down in range(min(model.rowCount(top), 40)):
                for across in range(wide):
                    for role in (
                        Qt.ItemDataRole.DisplayRole,
                        Qt.ItemDataRole.AccessibleTextRole,
                        Qt.ItemDataRole.ToolTipRole,
                    ):
                        yield f"{kind} cell", str(model.index(down, across).data(role) or "")


def texts(value: object) -> Iterator[str]:
    """Every text inside a stored value."""
    if isinstance(value, str):
        yield value.casefold()
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def data_of(workstation: Workstation) -> str:
    """All that the store, the price list and the forms hold: names, plans, the payer's words."""
    reader = workstation.store.read()
    kinds = [*TABLES, "local_user"]
    stored = [text for kind in kinds for row in reader.find(kind) for text in texts(dict(row))]
    stored += [text for one in demo_prices().services.values() for text in texts(dict(one.labels))]
    facility = workstation.desk.facility.name
    for form in all_forms():
        stored += texts([form.title, form.text("en", facility), form.text("es", facility)])
    return "\n".join([*stored, facility.casefold()])


def names_of(workstation: Workstation) -> frozenset[str]:
    """Every word of a person's name: names are put together in many ways."""
    people = workstation.store.read().find("person")
    parts = ("last", "first", "middle", "suffix", "preferred_name", "city", "state")
    words = (word for row in people for part in parts for word in texts(row[part]))
    return frozenset(piece for word in words for piece in word.split())


def unknown_in(text: str, known: str, names: frozenset[str]) -> list[str]:
    """What of a text is no name, plan, key or date: words that nobody translated."""
    plain = DATE.sub("|", KEYS.sub("|", text))
    return [
        piece
        for part in re.split(r"[|·,\n():;+–•0-9$]|\. ", plain)
        if WORD.search(piece := part.strip(" .-…/").casefold())
        and piece not in OURS
        and piece not in known
        and not set(re.findall(r"[^\s“”]+", piece)) <= names
    ]


def test_no_window_says_a_word_that_was_not_translated(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pay_step, "may_take_money", lambda draft, situation: (True, ""))
    spanish = Marked(phrases.catalogue("es"))
    monkeypatch.setattr(phrases, "catalogue", lambda language: spanish if language == "es" else {})
    found: dict[str, str] = {}

    def look(name: str, root: QWidget) -> None:
        for where, text in shown(root):
            rest = re.sub(r"<[^>]+>", " ", outside(text))
            if WORD.search(rest):
                found.setdefault(rest.strip(), f"{name}: {where}")

    speak("es")
    try:
        with living_demo(monkeypatch) as workstation:
            walk(desk, workstation, look)
            known, names = data_of(workstation), names_of(workstation)
    finally:
        speak("en")
    untold = [
        f"{where}: {said}"
        for text, where in found.items()
        for said in unknown_in(text, known, names)
    ]
    assert not untold, "\n".join(sorted(untold))
