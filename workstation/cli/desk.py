"""``portico`` without a command: the window. Nothing else is imported before it is painted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.compose import Workstation


def open_workstation(*, demo: bool) -> int:
    """Opens the workstation's window and returns when it is closed."""
    from ui.desk.start import run
    from workstation.facility.settings import load

    if demo:
        return run(_open_demo, Path(tempfile.gettempdir()) / "portico-demo-crash")
    settings = load()
    return run(_open_here, settings.logs, settings.home)


def _open_here() -> Workstation:
    from workstation.compose import open_workstation as open_store
    from workstation.facility.settings import load

    return open_store(load())


def _open_demo() -> Workstation:
    from workstation.demo.live import open_demo

    return open_demo()
