"""``portico`` without a command, and ``portico tour``: the commands that open windows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

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


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--theme", type=click.Choice(["light", "dark", "high_contrast"]), default="light")
@click.option("--language", type=click.Choice(["en", "es"]), default="en")
def tour(out: Path, theme: str, language: str) -> None:
    """Drives the real windows through whole check-ins; pictures and tour.json in OUT."""
    from ui.style import Scheme
    from ui.tour.run import run_tour
    from ui.words import speak
    from workstation.demo.shared import SharedDemo

    speak(language)
    with SharedDemo() as hospital:
        run_tour(out, hospital, Scheme(theme))
