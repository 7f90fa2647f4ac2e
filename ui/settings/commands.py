"""The command of Set-up; its target is the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.commands import command

if TYPE_CHECKING:
    from ui.settings.page import SettingsPage


@command("settings.look", "Look at the devices again", keys=["F5"], context="settings", menu="View")
def look(page: SettingsPage) -> None:
    """Asks printers and the rest again."""
    page.look()
