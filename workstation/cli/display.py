"""Whether there is a screen to show a window on. Where there is none, Qt aborts the process."""

from __future__ import annotations

import os
import sys

from workstation.kernel.errors import PorticoError


def has_display() -> bool:
    """True where a window can be shown, or where somebody chose a Qt platform by name."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def need_display() -> None:
    """Raises PorticoError ``no_display`` where no window can be shown."""
    if not has_display():
        raise PorticoError(
            "no_display",
            "There is no display here, so no window can be opened.",
            "Start Portico in a desktop session, or look at it with: portico tour FOLDER",
        )


def paint_in_memory() -> None:
    """Lets Qt paint where nobody looks, so that the tour runs on a machine without a screen."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
