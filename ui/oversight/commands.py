"""The commands of *Who looked at whom*; their target is the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.commands import command

if TYPE_CHECKING:
    from ui.oversight.page import OversightPage

_HERE, _MENU = "oversight", "Privacy"


@command("oversight.open", "Open the entries", keys=["Return"], context=_HERE, menu=_MENU)
def open_row(page: OversightPage) -> None:
    """The entries behind what stands out."""
    page.open_chosen()


@command("oversight.back", "Back to what stands out", keys=["Esc"], context=_HERE, menu=_MENU)
def back(page: OversightPage) -> None:
    """The list, on the row that was open."""
    page.back()


@command("oversight.patient", "Choose a patient…", keys=["F2"], context=_HERE, menu=_MENU)
def patient(page: OversightPage) -> None:
    """Whose chart, or whose disclosures."""
    page.choose_patient()


@command("oversight.disclose", "Note a disclosure…", keys=["Ctrl+E"], context=_HERE, menu=_MENU)
def disclose(page: OversightPage) -> None:
    """To whom, what and why, for the accounting that a patient may ask for."""
    page.note_disclosure()


@command("oversight.export", "Export…", keys=["Ctrl+S"], context=_HERE, menu=_MENU)
def export(page: OversightPage) -> None:
    """The list in sight, for a spreadsheet; patients by number."""
    page.export()


@command("oversight.refresh", "Read again", keys=["F5"], context=_HERE, menu=_MENU)
def refresh(page: OversightPage) -> None:
    """Asks the same question again."""
    page.refresh()
