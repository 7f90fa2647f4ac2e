"""``portico tour``: the windows, driven."""

from __future__ import annotations

from pathlib import Path

import click

from workstation.kernel.errors import NotUnderstood


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--theme", type=click.Choice(["light", "dark", "high_contrast"]), default="light")
@click.option("--language", type=click.Choice(["en", "es"]), default="en")
def tour(out: Path, theme: str, language: str) -> None:
    """Drives the real windows through whole check-ins; pictures and tour.json in OUT."""
    from workstation.cli.display import paint_in_memory

    paint_in_memory()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise NotUnderstood(
            "out_not_made",
            "The folder for the pictures cannot be made.",
            "Name a folder in a place where you may write.",
        ) from None
    from ui.style import Scheme
    from ui.tour.run import run_tour
    from ui.words import speak
    from workstation.demo.shared import SharedDemo

    speak(language)
    with SharedDemo() as hospital:
        run_tour(out, hospital, Scheme(theme))
