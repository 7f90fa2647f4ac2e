"""From tokens to the palette: light, dark, and the system's own for high contrast.

No style sheet hangs on the application: with one, every widget is matched against every rule when
it is made, shown and dressed anew, which was half of the time to open a page and three quarters of
the time to change the theme (measured). What a palette cannot say the controls paint themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ClassVar, NamedTuple

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from ui.style.tokens import DARK, LIGHT
from ui.style.typefaces import font

_Role = QPalette.ColorRole
_ROLES = {
    _Role.Window: "window",
    _Role.WindowText: "text",
    _Role.Base: "field",
    _Role.Text: "text",
    _Role.PlaceholderText: "muted",
    _Role.Button: "surface",
    _Role.ButtonText: "text",
    _Role.BrightText: "on_accent",
    _Role.Highlight: "accent",
    _Role.HighlightedText: "on_accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "ok",
    _Role.Accent: "accent",
    _Role.AlternateBase: "warn",
    _Role.ToolTipText: "stop",
    _Role.Light: "surface",
    _Role.Midlight: "line",
    _Role.Mid: "line",
    _Role.Dark: "edge",
    _Role.Shadow: "edge",
}
_INKS = {
    "text": _Role.WindowText,
    "muted": _Role.PlaceholderText,
    "ok": _Role.LinkVisited,
    "warn": _Role.AlternateBase,
    "stop": _Role.ToolTipText,
    "accent": _Role.Link,
    "on_accent": _Role.BrightText,
}
"""Tones of words. Those that Qt has no role for live in roles that nothing here paints with: no
alternating rows, no visited links, and tooltips have a palette of their own."""


class Scheme(StrEnum):
    """What a person may choose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class Theme(NamedTuple):
    """The colours in force, by token name, as ``#RRGGBB`` or ``#AARRGGBB``."""

    scheme: Scheme
    colours: Mapping[str, str]


class _Now:
    """The theme in force: like the application's palette, there is one per process."""

    theme = Theme(Scheme.LIGHT, LIGHT)
    made: dict[str, QColor] = {}  # noqa: RUF012 - replaced as a whole by apply()
    forgetting: ClassVar[list[Callable[[], None]]] = []


def on_change(forget: Callable[[], None]) -> None:
    """Calls ``forget`` whenever another theme comes into force, before anything is repainted."""
    _Now.forgetting.append(forget)


def current() -> Theme:
    """The theme in force."""
    return _Now.theme


def colour(token: str) -> QColor:
    """The colour of a token in the theme in force. Do not change it: shared."""
    made = _Now.made.get(token)
    if made is None:
        made = _Now.made[token] = QColor(_Now.theme.colours[token])
    return made


CLEAR = QPalette()
"""No ground of its own under what is typed: the widget paints one. Shared: copy it."""
CLEAR.setColor(_Role.Base, QColor(0, 0, 0, 0))


def ink(tone: str) -> QPalette.ColorRole:
    """The palette's role that holds a tone: a label told it once follows every theme."""
    return _INKS[tone]


def glance(app: QApplication) -> Scheme:
    """The desktop's scheme as far as its palette tells: enough for the first paint, and cheap."""
    return Scheme.DARK if app.palette().window().color().lightness() < 128 else Scheme.LIGHT


def system_scheme(app: QApplication) -> Scheme:
    """What the desktop asks for: high contrast, else dark if it says so, else light."""
    from PySide6.QtCore import Qt

    hints = app.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Scheme.HIGH_CONTRAST
    if hints.colorScheme() == Qt.ColorScheme.Dark:
        return Scheme.DARK
    return Scheme.LIGHT


def apply(app: QApplication, scheme: Scheme) -> Theme:
    """Sets palette and font for a scheme, on Fusion; every open window follows."""
    if scheme is Scheme.SYSTEM:
        scheme = system_scheme(app)
    if scheme is Scheme.HIGH_CONTRAST:
        from PySide6.QtWidgets import QStyleFactory

        theme = Theme(scheme, _from_system(QStyleFactory.create("Fusion").standardPalette()))
    else:
        theme = Theme(scheme, DARK if scheme is Scheme.DARK else LIGHT)
    _Now.theme, _Now.made = theme, {}
    for forget in _Now.forgetting:
        forget()
    if app.font() != font("body"):
        app.setFont(font("body"))
    app.setPalette(_palette(theme))
    QToolTip.setPalette(_tooltips(theme))
    return theme


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(theme.colours[token]))
    faint, quiet = QColor(theme.colours["disabled"]), QColor(theme.colours["muted"])
    off = QPalette.ColorGroup.Disabled
    palette.setColor(off, _Role.WindowText, faint)
    palette.setColor(off, _Role.ButtonText, faint)
    palette.setColor(off, _Role.Text, quiet)  # in fields, where it can still be read
    return palette


def _tooltips(theme: Theme) -> QPalette:
    palette = QPalette()
    palette.setColor(_Role.ToolTipBase, QColor(theme.colours["text"]))
    palette.setColor(_Role.ToolTipText, QColor(theme.colours["surface"]))
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
    names["selection"] = names["accent_soft"] = "#003C7D" if dark else "#CFE5FF"  # chosen
    names |= {"backdrop": "#B3000000", "shadow": "#00000000", "disabled": "#767676"}
    return names
