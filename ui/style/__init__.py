"""The look: tokens, theme, fonts, icons. Nothing else sets a colour, a size or a font.

    from ui import style
    style.apply(app, style.Scheme.LIGHT)         # once, and again to change: everything repaints
    style.colour("accent")                        # QColor of a token in the theme of now
    style.font("section", "semibold")             # roles: mark small body section page figure
    style.icons.pixmap("circle-check", "ok", 16, widget.devicePixelRatioF())
    style.SPACE.m, style.HEIGHT["row"], style.RADIUS

Pages seldom need any of it: build them from :mod:`ui.controls`, whose widgets name a *tone* (a
token such as ``muted``, ``ok``, ``warn``, ``stop``, ``accent``) and a type *role*. In a
``paintEvent`` ask for colours at paint time and never keep them: then a change of theme needs no
code of yours. Icons are Lucide names (resources/icons); a new one is added to
packaging/fetch_icons.py.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ui.style.theme import CLEAR, Scheme, Theme, apply, colour, current, glance, ink, system_scheme
from ui.style.tokens import HEIGHT, ICON, MOTION_MS, RADIUS, RING, SPACE, TYPE
from ui.style.typefaces import font, load_fonts

if TYPE_CHECKING:
    from ui.style import icons, paint
    from ui.style.sheet import dress

__all__ = [
    "CLEAR",
    "HEIGHT",
    "ICON",
    "MOTION_MS",
    "RADIUS",
    "RING",
    "SPACE",
    "TYPE",
    "Scheme",
    "Theme",
    "apply",
    "colour",
    "current",
    "dress",
    "font",
    "glance",
    "icons",
    "ink",
    "load_fonts",
    "paint",
    "system_scheme",
]


def __getattr__(name: str) -> object:
    """``icons``, ``paint`` and ``dress`` are read when first used: the first paint needs less."""
    if name in ("icons", "paint"):
        return importlib.import_module(f"ui.style.{name}")
    if name == "dress":
        return importlib.import_module("ui.style.sheet").dress
    raise AttributeError(name)
