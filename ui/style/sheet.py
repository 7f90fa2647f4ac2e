"""The short style sheet of what opens for a moment: menus and the lists of choices.

Only these have one: they are few, small, and gone again. A sheet on a window or on the application
would be matched against every widget in it (see :mod:`ui.style.theme`).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from ui.style.theme import current


def dress(popup: QWidget) -> None:
    """Gives a menu or a list its look in the theme in force; asked each time it opens."""
    wanted = sheet(current().colours)
    if popup.styleSheet() != wanted:
        popup.setStyleSheet(wanted)


def sheet(c: Mapping[str, str]) -> str:
    """QSS for the tokens given."""
    return "\n".join(
        (
            f"QMenu {{ background: {c['surface']}; border: 1px solid {c['line']}; padding: 4px; }}",
            "QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }",
            f"QMenu::item:selected {{ background: {c['selection']}; color: {c['text']}; }}",
            f"QMenu::item:disabled {{ color: {c['disabled']}; }}",
            f"QMenu::separator {{ height: 1px; background: {c['line']}; margin: 4px 8px; }}",
            f"QAbstractItemView {{ background: {c['surface']}; color: {c['text']};"
            f" border: 1px solid {c['edge']}; selection-background-color: {c['selection']};"
            f" selection-color: {c['text']}; outline: none; padding: 4px; }}",
            "Offers { padding: 2px; }",
        )
    )
