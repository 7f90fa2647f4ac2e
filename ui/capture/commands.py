"""F8 and F9: scanning from anywhere in a check-in, and a licence from Arrivals."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.capture.scan_model import CARD, LICENCE
from ui.commands import command
from ui.shell.window import MainWindow


def _ask(page: QWidget, kind: str) -> None:
    window = page.window()
    if isinstance(window, MainWindow):
        window.scanWanted.emit(kind)


@command("check_in.scan_card", "Scan an insurance card", keys=["F8"], context="check_in",
         menu="Visit")  # fmt: skip
def scan_card(page: QWidget) -> None:
    """Front and back are read and offered beside the coverage questions."""
    _ask(page, CARD)


@command("check_in.scan_licence", "Scan a licence", keys=["F9"], context="check_in",
         menu="Visit")  # fmt: skip
def scan_licence(page: QWidget) -> None:
    """Name, birth date and address are offered; another person's licence is told."""
    _ask(page, LICENCE)


@command("arrivals.scan_licence", "Find by licence", keys=["F9"], context="arrivals",
         menu="Arrivals")  # fmt: skip
def find_by_licence(page: QWidget) -> None:
    """The name and birth date of a licence are typed into Find."""
    _ask(page, LICENCE)
