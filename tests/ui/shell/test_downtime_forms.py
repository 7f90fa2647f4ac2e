"""Downtime forms at the desk: from the panel behind the chip, seen, printed."""

from __future__ import annotations

from typing import Any

import pytest
from desk_window import desk_window, shown_words, take_seat

from workstation.demo.live import LiveDemo


def test_forms_are_printed_from_the_panel_that_says_what_still_works(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    took: list[tuple[str, bytes]] = []

    def hand_over(pdf: bytes, title: str, queue: str | None = None) -> str:
        took.append((title, pdf))
        return "job-1"

    printer = type("Printer", (), {"hand_over": staticmethod(hand_over)})
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "rdiaz") as made:
        monkeypatch.setattr(made.forms, "_desk", type("D", (), {"printing": printer}))
        made.window.show_connection_panel()
        panel = made.window.connection_panel
        assert "Print downtime forms" in shown_words(panel)
        desk.shots("connection-panel")
        panel._forms.click()
        desk.settle()
        overlay = made.forms.overlay
        assert overlay.isVisible()
        assert not panel.isVisible()
        desk.shots("downtime-forms")
        assert desk.names(overlay)
        desk.press("Return")
        desk.settle()
        assert not overlay.isVisible()
        [(title, pdf)] = took
        assert title.startswith("DOWNTIME-")
        assert pdf.startswith(b"%PDF")
        take_seat(made, desk, "itdesk")
        made.window.host.trigger("downtime_forms")
        desk.settle()
        assert not overlay.isVisible(), "who sees no patients has no list of them"
