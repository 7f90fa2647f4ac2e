"""``downtime``: paper for it beforehand, and what each one left behind."""

from __future__ import annotations

from pathlib import Path

import click

from workstation.cli.answers import emit
from workstation.kernel.errors import NotUnderstood


@click.group()
def downtime() -> None:
    """Downtimes of this facility's desks, as this workstation knows them."""


@downtime.command()
def report() -> None:
    """The recovery report of every downtime, one JSON line each, the oldest first."""
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        recovery = workstation.automation().recovery
        for row in recovery.all():
            emit(recovery.report(row["id"]).as_json())
    finally:
        workstation.close()


@downtime.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--prefilled", is_flag=True, help="A registration form for each patient of today.")
def forms(out: Path, prefilled: bool) -> None:
    """Today's list, registration, consent and payment log as a PDF in OUT, to keep printed.

    The file names patients: it is readable by its owner alone, and belongs on an encrypted disk.
    """
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        made = workstation.automation().downtime_papers.make(prefilled=prefilled)
    finally:
        workstation.close()
    try:
        out.unlink(missing_ok=True)
        out.touch(mode=0o600)
        out.write_bytes(made.paper.pdf)
    except OSError:
        raise NotUnderstood(
            "out_not_made",
            "The PDF cannot be written there.",
            "Name a file in a folder where you may write.",
        ) from None
    emit({"ok": True, "patients": made.patients, "missing": made.paper.missing})
