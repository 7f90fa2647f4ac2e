"""The short generated style sheet: only what a palette cannot say."""

from __future__ import annotations

from collections.abc import Mapping

from ui.style.tokens import RADIUS, TYPE

_TONES = ("text", "muted", "ok", "warn", "stop", "accent", "on_accent")
_WEIGHTS = {"regular": 400, "medium": 500, "semibold": 600, "bold": 700}


def sheet(colours: Mapping[str, str]) -> str:
    """QSS for the tokens given. Dynamic properties: role, weight, tone, level."""
    rules = [*_labels(colours), *_inputs(colours), *_containers(colours), *_bars(colours)]
    return "\n".join(rules)


def _labels(c: Mapping[str, str]) -> list[str]:
    rules = [f'QLabel[tone="{tone}"] {{ color: {c[tone]}; }}' for tone in _TONES]
    rules += [f'QLabel[role="{role}"] {{ font-size: {size}px; }}' for role, size in TYPE.items()]
    rules += [
        f'QLabel[weight="{name}"] {{ font-weight: {number}; }}' for name, number in _WEIGHTS.items()
    ]
    return rules


def _inputs(c: Mapping[str, str]) -> list[str]:
    level = [
        f'QLineEdit[level="{name}"], QPlainTextEdit[level="{name}"] {{ border: 2px solid {c[name]};'
        " padding: 0 9px; }"
        for name in ("warn", "stop")
    ]
    return [
        f"QLineEdit, QPlainTextEdit {{ background: {c['field']}; color: {c['text']};"
        f" border: 1px solid {c['edge']}; border-radius: {RADIUS}px; padding: 0 10px;"
        f" placeholder-text-color: {c['muted']};"
        f" selection-background-color: {c['accent']}; selection-color: {c['on_accent']}; }}",
        "QPlainTextEdit { padding: 6px 8px; }",
        *level,
        f"QLineEdit:disabled, QLineEdit:read-only {{ background: {c['window']};"
        f" color: {c['muted']}; border-color: {c['line']}; }}",
        'QLineEdit[bare="true"], QPlainTextEdit[bare="true"] { border: none; padding: 0;'
        " background: transparent; }",
        f'QLineEdit[role="figure"] {{ font-size: {TYPE["figure"]}px; font-weight: 600;'
        " padding: 0 10px; }",
        f'QLineEdit[role="section"] {{ font-size: {TYPE["section"] + 4}px; }}',
    ]


def _containers(c: Mapping[str, str]) -> list[str]:
    return [
        "QScrollArea { background: transparent; border: none; }",
        "QScrollArea > QWidget > QWidget { background: transparent; }",
        f"QToolTip {{ background: {c['text']}; color: {c['surface']}; border: none;"
        " padding: 5px 8px; }",
        f"QMenu {{ background: {c['surface']}; border: 1px solid {c['line']}; padding: 4px; }}",
        "QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }",
        f"QMenu::item:selected {{ background: {c['selection']}; color: {c['text']}; }}",
        f"QMenu::item:disabled {{ color: {c['disabled']}; }}",
        f"QMenu::separator {{ height: 1px; background: {c['line']}; margin: 4px 8px; }}",
        f"QComboBox QAbstractItemView {{ background: {c['surface']}; color: {c['text']};"
        f" border: 1px solid {c['edge']}; selection-background-color: {c['selection']};"
        f" selection-color: {c['text']}; outline: none; padding: 4px; }}",
        f'QListView[offers="true"] {{ background: {c["surface"]}; color: {c["text"]};'
        f" border: 1px solid {c['edge']}; selection-background-color: {c['selection']};"
        f" selection-color: {c['text']}; outline: none; padding: 4px; }}",
        f"QTableView, QListView, QTreeView {{ background: {c['surface']}; border: none;"
        f" gridline-color: {c['line']}; selection-background-color: {c['selection']};"
        f" selection-color: {c['text']}; outline: none; }}",
        f'QTableView[ground="window"] {{ background: {c["window"]}; }}',
        f"QHeaderView {{ background: {c['surface']}; border: none; }}",
        f"QHeaderView::section {{ background: {c['surface']}; color: {c['muted']}; border: none;"
        f" border-bottom: 1px solid {c['line']}; padding: 0 8px; font-size: {TYPE['small']}px;"
        " font-weight: 600; }",
    ]


def _bars(c: Mapping[str, str]) -> list[str]:
    return [
        "QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }",
        "QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }",
        f"QScrollBar::handle {{ background: {c['edge']}; border-radius: 4px; min-height: 32px;"
        " min-width: 32px; }",
        "QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page"
        " { background: none; border: none; width: 0; height: 0; }",
        f"QProgressBar {{ background: {c['line']}; border: none; border-radius: 3px;"
        " max-height: 6px; min-height: 6px; }",
        f"QProgressBar::chunk {{ background: {c['accent']}; border-radius: 3px; }}",
    ]
