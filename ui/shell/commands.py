"""The commands that hold on every page; their target is the main window."""

from __future__ import annotations

from ui.commands import command
from ui.shell.window import MainWindow


@command("find", "Find a patient", keys=["Ctrl+K"], menu="Patient", permission="search")
def find(window: MainWindow) -> None:
    """Opens the find palette."""
    window.findWanted.emit()


@command("new_patient", "New patient…", keys=["Ctrl+N"], menu="Patient", permission="register")
def new_patient(window: MainWindow) -> None:
    """Opens the find palette: nobody is created before a search."""
    window.newPatientWanted.emit()


@command("undo", "Undo the last thing", keys=["Ctrl+Z"], menu="Patient")
def undo(window: MainWindow) -> None:
    """Takes back what the bottom line offers."""
    window.undo()


@command("keys", "Keys that work here", keys=["F1"], menu="Help")
def keys(window: MainWindow) -> None:
    """The sheet of keys, built from the registry."""
    window.key_sheet.open()


@command("palette", "All commands…", keys=["Ctrl+Shift+P"], menu="Help")
def palette(window: MainWindow) -> None:
    """The command palette."""
    window.palette_.open()


@command("connection", "What works and what waits", menu="Help")
def connection(window: MainWindow) -> None:
    """The panel behind the connection chip."""
    window.show_connection_panel()


@command("jobs", "What runs in the background", menu="Help")
def jobs(window: MainWindow) -> None:
    """The list of jobs."""
    window.show_jobs()


@command("next_pane", "Next pane", keys=["F6"], menu="View")
def next_pane(window: MainWindow) -> None:
    """Moves the focus on: rail, page, side panel."""
    window.next_pane()


@command("veil", "Veil the screen", keys=["F12"], menu="View", over=True)
def veil(window: MainWindow) -> None:
    """Hides names and figures from someone who leans over."""
    window.veilWanted.emit()


@command("lock", "Lock this desk", keys=["Ctrl+L"], menu="You", over=True)
def lock(window: MainWindow) -> None:
    """Covers everything at once."""
    window.lockWanted.emit()


@command("sign_out", "Sign out", menu="You")
def sign_out(window: MainWindow) -> None:
    """Ends the session; open work waits in the list of its owner."""
    window.signOutWanted.emit()


@command("go_arrivals", "Arrivals", keys=["Alt+1"], menu="View", permission="see_arrivals")
def go_arrivals(window: MainWindow) -> None:
    """The day's list."""
    window.go("arrivals")


@command("go_settings", "Set-up", keys=["Alt+5"], menu="You")
def go_settings(window: MainWindow) -> None:
    """How this desk looks, whom it lists, which devices it has."""
    window.go("settings")


@command("go_work", "Work", keys=["Alt+2"], menu="View", permission="open_chart")
def go_work(window: MainWindow) -> None:
    """What waits for a person."""
    window.go("work")


@command(
    "go_oversight", "Who looked at whom", keys=["Alt+4"], menu="View", permission="examine_access"
)
def go_oversight(window: MainWindow) -> None:
    """What stands out in the audit trail, by patient, by person of staff."""
    window.go("oversight")


@command("shift_report", "Shift report…", menu="You", permission="take_payment")
def shift_report(window: MainWindow) -> None:
    """What was taken here today, with the seal of this desk's audit trail; Enter prints."""
    window.shiftWanted.emit()


@command("downtime_forms", "Downtime forms…", menu="You", permission="see_arrivals")
def downtime_forms(window: MainWindow) -> None:
    """Today's list and blank forms, to be kept printed; Enter prints."""
    window.formsWanted.emit()
