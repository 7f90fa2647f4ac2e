"""Ctrl+D: what was signed and scanned before, from a check-in."""

from __future__ import annotations

from ui.commands import command
from ui.interview.check_in_page import CheckInPage
from ui.shell.window import MainWindow


@command("check_in.filed_papers", "Papers and pictures", keys=["Ctrl+D"], context="check_in",
         menu="Visit", permission="open_chart")  # fmt: skip
def filed_papers(page: CheckInPage) -> None:
    """What was signed and scanned at earlier visits, here or at another desk."""
    window = page.window()
    if isinstance(window, MainWindow):
        window.filedWanted.emit()
