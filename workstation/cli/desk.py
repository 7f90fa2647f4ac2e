"""``portico`` without a command: the window. Nothing else is imported before it is painted."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.compose import Workstation


def open_workstation(*, demo: bool) -> int:
    """Opens the workstation's window and returns when it is closed.

    Raises PorticoError ``no_display`` where there is no screen to show it on.
    """
    from workstation.cli.display import need_display

    need_display()
    # What a start imports and builds is not garbage; run() lets the collector look again.
    gc.disable()
    from ui.desk.start import run
    from ui.style import Scheme
    from ui.words import speak
    from workstation.facility.settings import load

    settings = load()
    speak(settings.language)
    if settings.text_percent != 100:
        # Read by Qt when the application is made; what the session sets itself goes before.
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.text_percent / 100))
    scheme = Scheme(settings.theme)
    if demo:
        return run(_open_demo, _demo_crashes(), scheme=scheme)
    return run(_open_here, settings.logs, settings.home, scheme=scheme)


def _open_here() -> Workstation:
    from workstation.compose import open_workstation as open_store
    from workstation.facility.settings import load

    return open_store(load())


def _demo_crashes() -> Path:
    import tempfile

    return Path(tempfile.gettempdir()) / "portico-demo-crash"


def _open_demo() -> Workstation:
    from workstation.cli.answers import tell
    from workstation.demo.hospital import ACCOUNTS, PASSWORD
    from workstation.demo.live import open_demo

    tell(f"Sign in to the demo as {ACCOUNTS[0][0]} with the password: {PASSWORD}")
    return open_demo()
