"""The shift report at the desk: a command, a paper in sight, Enter prints."""

from __future__ import annotations

from typing import Any

from desk_window import desk_window, shown_words, take_seat

from workstation.demo.live import LiveDemo
from workstation.kernel.errors import PorticoError


class Printer:
    """Takes or refuses what is handed over."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.error: PorticoError | None = None

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        if self.error is not None:
            raise self.error
        self.took.append(title)
        return "job-1"


def test_a_registrar_makes_sees_and_prints_it(desk: Any, monkeypatch: Any) -> None:
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "rdiaz") as made:
        printer = Printer()
        monkeypatch.setattr(made.shift, "_desk", type("D", (), {"printing": printer}))
        made.window.host.trigger("shift_report")
        desk.settle()
        overlay = made.shift.overlay
        assert overlay.isVisible()
        desk.shots("shift-report")
        printer.error = PorticoError("no_printer", "There is no printer.", "Ask IT to add one.")
        desk.press("Return")
        desk.settle()
        assert overlay.isVisible()
        assert "There is no printer." in shown_words(overlay)
        printer.error = None
        desk.press("Return")
        desk.settle()
        assert not overlay.isVisible()
        (title,) = printer.took
        store = demo.workstation.store
        entry = next(e for e in store.audit_entries() if e["what"] == "shift_report")
        assert title == f"SHIFT-{made.desk.desk.receipt_code}-{entry['detail']['entries']}"
        assert store.verify_audit().anchors == 1, "the desk itself holds on to what was printed"
        take_seat(made, desk, "itdesk")
        made.window.host.trigger("shift_report")
        desk.settle()
        assert not overlay.isVisible(), "who takes no money has no shift report"
