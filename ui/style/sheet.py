"""The short style sheets of what opens for a moment: menus, the lists of choices, the sign-in.

Only these have one: they are few, small, and gone again. A sheet on a window or on the application
would be matched against every widget in it (see :mod:`ui.style.theme`).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from ui.style.theme import current
from ui.style.tokens import RADIUS


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


def dress_access(page: QWidget) -> None:
    """The sign-in, which is made of Qt's own widgets, in the theme in force."""
    c, around = current().colours, f"border-radius: {RADIUS}px"
    page.setStyleSheet(f"""
    QFrame#access {{ background: {c["window"]}; border: none; }}
    QFrame#access-edge {{ background: {c["accent"]}; border: none; }}
    QFrame#access-card {{ background: {c["surface"]}; border: 1px solid {c["line"]};
        border-radius: 8px; }}
    QLineEdit {{ background: {c["field"]}; color: {c["text"]}; border: 1px solid {c["edge"]};
        {around}; padding: 0 10px; }}
    QLineEdit[level="warn"] {{ border: 2px solid {c["warn"]}; padding: 0 9px; }}
    QLineEdit[level="stop"] {{ border: 2px solid {c["stop"]}; padding: 0 9px; }}
    QPushButton#access-go {{ background: {c["accent"]}; border: none; {around}; }}
    QPushButton#access-go:hover {{ background: {c["accent_hover"]}; }}
    QPushButton#access-go:disabled {{ background: {c["hover"]}; border: 1px solid {c["line"]}; }}
    QPushButton#access-go QLabel {{ color: {c["on_accent"]}; }}
    QPushButton#access-go QLabel:disabled {{ color: {c["disabled"]}; }}
    QPushButton#access-link {{ color: {c["accent"]}; background: transparent; border: none;
        padding: 2px 1px; min-height: 20px; }}
    QPushButton#access-link:hover {{ text-decoration: underline; }}
    """)
