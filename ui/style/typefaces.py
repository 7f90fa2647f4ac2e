"""The bundled family (Inter, OFL) in its weights, with tabular figures everywhere."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from ui.style.tokens import FAMILY, RESOURCES, TYPE

_WEIGHTS = {
    "regular": QFont.Weight.Normal,
    "medium": QFont.Weight.Medium,
    "semibold": QFont.Weight.DemiBold,
    "bold": QFont.Weight.Bold,
}
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
_made: dict[tuple[str, str], QFont] = {}


def load_fonts() -> int:
    """Makes the family known to Qt; returns how many of the files were taken."""
    ids = [QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name)) for name in _FILES]
    return sum(1 for number in ids if number >= 0)


def font(role: str = "body", weight: str = "regular") -> QFont:
    """The font of a role (mark small body section find page figure). Shared: do not change."""
    made = _made.get((role, weight))
    if made is None:
        made = QFont([FAMILY, "DejaVu Sans"])
        made.setPixelSize(TYPE[role])
        made.setWeight(_WEIGHTS[weight])
        made.setFeature(QFont.Tag("tnum"), 1)
        made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        _made[(role, weight)] = made
    return made
