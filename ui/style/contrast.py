"""Contrast of two colours as WCAG 2.2 defines it, and the pairs that this program paints."""

from __future__ import annotations

TEXT_RATIO = 4.5
"""Least contrast of text (WCAG 1.4.3, level AA)."""
EDGE_RATIO = 3.0
"""Least contrast of edges, icons and the focus ring (WCAG 1.4.11)."""

_GROUNDS = ("window", "surface", "field", "hover", "selection", "accent_soft")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(("text", ground) for ground in _GROUNDS),
    *(("muted", ground) for ground in _GROUNDS),
    *((tone, ground) for tone in ("ok", "warn", "stop", "accent") for ground in _GROUNDS[:5]),
    *((tone, f"{tone}_soft") for tone in ("ok", "warn", "stop", "accent")),
    *(("text", f"{tone}_soft") for tone in ("ok", "warn", "stop")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
)
EDGE_PAIRS: tuple[tuple[str, str], ...] = (
    ("edge", "surface"),
    ("edge", "field"),
    ("edge", "window"),
    ("accent", "window"),
    ("accent", "selection"),
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 (black) to 1 (white)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
