"""From tokens to QPalette and style sheet: light, dark, and the system's own for high contrast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.style import icons
from ui.style.sheet import sheet
from ui.style.tokens import DARK, LIGHT
from ui.style.typefaces import font

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "edge",
}


class Scheme(StrEnum):
    """What a person may choose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours in force, by token name, as ``#RRGGBB`` or ``#AARRGGBB``."""

    scheme: Scheme
    colours: Mapping[str, str]


class _Now:
    """The theme in force: like the application's palette, there is one per process."""

    theme = Theme(Scheme.LIGHT, LIGHT)
    made: dict[str, QColor] = {}  # noqa: RUF012 - replaced as a whole by apply()


def current() -> Theme:
    """The theme in force."""
    return _Now.theme


def colour(token: str) -> QColor:
    """The colour of a token in the theme in force. Do not change it: shared."""
    made = _Now.made.get(token)
    if made is None:
        made = _Now.made[token] = QColor(_Now.theme.colours[token])
    return made


def system_scheme(app: QApplication) -> Scheme:
    """What the desktop asks for: high contrast, else dark if it says so, else light."""
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Scheme.HIGH_CONTRAST
    if hints.colorScheme() == Qt.ColorScheme.Dark:
        return Scheme.DARK
    return Scheme.LIGHT


def apply(app: QApplication, scheme: Scheme) -> Theme:
    """Sets style, palette, font and sheet for a scheme; every open window follows."""
    if scheme is Scheme.SYSTEM:
        scheme = system_scheme(app)
    if scheme is Scheme.HIGH_CONTRAST:
        theme = Theme(scheme, _from_system(QStyleFactory.create("Fusion").standardPalette()))
    else:
        theme = Theme(scheme, DARK if scheme is Scheme.DARK else LIGHT)
    _Now.theme, _Now.made = theme, {}
    icons.forget()
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setPalette(_palette(theme))
    app.setStyleSheet(sheet(theme.colours))
    return theme


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(theme.colours[token]))
    faint = QColor(theme.colours["disabled"])
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def _from_system(system: QPalette) -> dict[str, str]:
    """High contrast: two grounds and one ink from the system; state is told by icon and word."""
    role = QPalette.ColorRole
    dark = system.color(role.Window).lightness() < 128
    ground, ink = ("#000000", "#FFFFFF") if dark else ("#FFFFFF", "#000000")
    mark = "#FFFF00" if dark else "#00008B"
    names = dict.fromkeys(LIGHT, ink)
    grounds = "window surface field hover ok_soft warn_soft stop_soft accent_soft on_accent"
    names |= dict.fromkeys(grounds.split(), ground)
    names |= {"accent": mark, "accent_hover": mark}
    names["selection"] = "#003C7D" if dark else "#CFE5FF"
    names |= {"backdrop": "#B3000000", "shadow": "#00000000", "disabled": "#767676"}
    return names
