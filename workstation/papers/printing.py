"""Handing a PDF to the print system: CUPS ``lp`` by standard input, under a neutral title.

The title goes into spool logs and file names, so it is a receipt or visit number and never a
name. "Handed over" is not "printed": the desk asks, and a second copy says DUPLICATE.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workstation.kernel.errors import PorticoError
from workstation.kernel.phrases import phrase

_NEUTRAL = re.compile(r"^[A-Z0-9-]{3,32}$")
_JOB = re.compile(r"request id is (\S+)")
_SECONDS = 15
_OPTIONS = ("-o", "media=Letter", "-o", "print-scaling=none")
"""Our papers are US letter; a printer set to A4 would shrink them."""


@dataclass(frozen=True, slots=True)
class PrintQueue:
    """A printer as the system names it. ``accepting``: whether it takes jobs now.

    ``there`` is False for the printer that was chosen for this desk and that the system lost.
    """

    name: str
    default: bool
    accepting: bool
    there: bool = True


class Printing(Protocol):
    """What papers need of the print system."""

    def use(self, queue: str | None) -> None:
        """Papers go to this printer from now on; None leaves it to the system."""
        ...

    def queues(self) -> list[PrintQueue]:
        """All printers, first the one that papers go to."""
        ...

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        """Spools a PDF and answers the job's id."""
        ...


def ready_queue(printing: Printing) -> PrintQueue:
    """The printer that would take a paper now. Raises as ``hand_over`` does, before anything is
    counted or spooled."""
    queues = printing.queues()
    if not queues:
        raise _no_printer()
    if not queues[0].there:
        raise _lost(queues[0].name)
    if not queues[0].accepting:
        raise _not_accepting()
    return queues[0]


class CupsPrinting:
    """CUPS through its own commands. ``environment`` adds to theirs (``CUPS_SERVER``).

    ``queue`` is the printer chosen for this desk. Once chosen, papers go there or nowhere: a
    patient's paper must not come out of a printer in another hall.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, queue: str | None = None
    ) -> None:
        self._environment = {**os.environ, "LC_ALL": "C", **(environment or {})}
        self._queue = queue

    def use(self, queue: str | None) -> None:
        """Papers go to this printer from now on; None leaves it to the system."""
        self._queue = queue

    def queues(self) -> list[PrintQueue]:
        """All printers, first the one that papers go to: the desk's own, else the default one.

        Raises PorticoError ``print_system_missing``.
        """
        own = self._queue
        default = self._run(["lpstat", "-d"], check=False).partition(": ")[2].strip()
        listed = self._run(["lpstat", "-a"], check=False)
        found = []
        for line in listed.splitlines():
            name, _, rest = line.partition(" ")
            if name and rest.startswith(("accepting", "not accepting")):
                found.append(PrintQueue(name, name == default, rest.startswith("accepting")))
        if own and all(queue.name != own for queue in found):
            found.append(PrintQueue(own, default=False, accepting=False, there=False))
        return sorted(found, key=lambda one: (one.name != own, not one.default, one.name))

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        """Spools a PDF and answers the job's id; ``queue`` overrides the desk's printer.

        Raises PorticoError ``no_printer``, ``printer_not_accepting``, ``print_system_missing`` or
        ``not_printed``; the paper itself is never lost by them.
        """
        if not _NEUTRAL.match(title):
            raise ValueError("a print title is a receipt or visit number, never a name")
        chosen = self._chosen(queue)
        said = self._run(["lp", "-d", chosen.name, "-t", title, *_OPTIONS, "--", "-"], stdin=pdf)
        match = _JOB.search(said)
        return match[1] if match else chosen.name

    def _chosen(self, name: str | None) -> PrintQueue:
        if name is None:
            return ready_queue(self)
        queues = [queue for queue in self.queues() if queue.name == name]
        if not queues or not queues[0].there:
            raise _lost(name)
        if not queues[0].accepting:
            raise _not_accepting()
        return queues[0]

    def _run(self, command: Sequence[str], *, stdin: bytes = b"", check: bool = True) -> str:
        program = shutil.which(command[0], path=self._environment.get("PATH"))
        if program is None:
            raise PorticoError(
                "print_system_missing",
                "This workstation has no print system (CUPS). Nothing is lost.",
                "Ask IT to install cups-client; print it from this visit then.",
            )
        try:
            done = subprocess.run(  # noqa: S603 - no shell, arguments are ours
                [program, *command[1:]],
                input=stdin,
                capture_output=True,
                env=self._environment,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _not_printed() from None
        if check and done.returncode != 0:
            raise _not_printed()
        return done.stdout.decode(errors="replace")


def _no_printer() -> PorticoError:
    return PorticoError(
        "no_printer",
        "There is no printer on this workstation. Nothing is lost.",
        "Ask IT to add one; it can be printed at any time from this visit.",
    )


def _lost(name: str) -> PorticoError:
    return PorticoError(
        "no_printer",
        phrase("The printer {name} is not on this workstation. Nothing is lost.", name=name),
        "Choose another one in Set-up, or ask IT to add it.",
    )


def _not_accepting() -> PorticoError:
    return PorticoError(
        "printer_not_accepting",
        "The printer takes no jobs now. Nothing is lost.",
        "Check paper and power, then print again.",
        retryable=True,
    )


def _not_printed() -> PorticoError:
    return PorticoError(
        "not_printed",
        "The print system did not take the paper. Nothing is lost.",
        "Look at the printer, then print again.",
        retryable=True,
    )
