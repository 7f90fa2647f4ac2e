"""The list behind the bottom line: what runs, since when, and a way to stop waiting for it."""

from __future__ import annotations

import time

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Overlay, Text, row
from ui.jobs import Job, Jobs
from ui.words import say


class JobsPanel(Overlay):
    """Follows the jobs while it is open."""

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        super().__init__(window, width=560)
        self._jobs = jobs
        self._close = Button(say("Close"), key="Esc", name=say("Close the list of jobs"))
        self._close.clicked.connect(self.close_)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._lines: list[QWidget] = []
        self._pending: tuple[str, ...] = ()
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 16, 24, 20)
        head = QHBoxLayout()
        head.addWidget(Text(say("Running in the background"), role="section", weight="bold"), 1)
        head.addWidget(self._close)
        box.addLayout(head)
        box.addLayout(self._list)
        jobs.changed.connect(self._refresh)

    def first(self) -> QWidget:
        return self._close

    @Slot()
    def open(self) -> None:
        """Lists what runs now."""
        self._fill()
        super().open()

    def show_pending(self, lines: tuple[str, ...]) -> None:
        """What waits for the outside by itself, a sentence each: nobody need keep the window."""
        self._pending = lines
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        if self.isVisible():
            self._fill()
            self.resettle()

    def _fill(self) -> None:
        for line in self._lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        shown = [job for job in self._jobs.under_way if job.title]
        self._lines = [self._line(job) for job in shown]
        self._lines += [Text(words, wrap=True) for words in self._pending]
        if not self._lines:
            self._lines = [Text(say("Nothing runs. Everything asked for was answered."))]
        for line in self._lines:
            self._list.addWidget(line)
            line.show()

    def _line(self, job: Job) -> QWidget:
        since = max(0, round(time.monotonic() - job.started))
        stop = Button(say("Stop waiting"), name=say("Stop waiting for: {job}", job=job.title))
        stop.clicked.connect(job.cancel)
        return row(Text(job.title), None, Text(say("{n} s", n=since), tone="muted"), stop)
