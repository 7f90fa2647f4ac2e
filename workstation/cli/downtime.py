"""``downtime``: what each time without the shared database left behind."""

from __future__ import annotations

import click

from workstation.cli.answers import emit


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
