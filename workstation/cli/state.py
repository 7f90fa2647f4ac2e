"""``init``, ``do`` and ``export``: this workstation's store from outside."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from workstation.cli.answers import emit
from workstation.kernel.errors import NotUnderstood

EXPORTS = ("people", "coverages", "payments", "conflicts", "audit")


@click.command()
@click.option("--facility", required=True, help="The facility's name.")
@click.option("--time-zone", help="The facility's, such as America/Chicago; else the machine's.")
@click.option("--recovery-key", "public", help="File of the facility's public recovery key.")
def init(facility: str, time_zone: str | None, public: str | None) -> None:
    """Makes this workstation's store, a service user and an automation drawer.

    Without --recovery-key a recovery key is made for this workstation, and its private half is in
    the answer, this once: it belongs into the safe.
    """
    from workstation.cli.recovery_key import given_or_made, tell_of
    from workstation.compose import facility_named, make_workstation
    from workstation.facility.settings import load

    recovery, told = given_or_made(public)
    place = facility_named(facility, time_zone)
    workstation = make_workstation(load(), place, recovery=recovery)
    desk = workstation.desk
    workstation.close()
    emit(
        {
            "workstation_id": desk.workstation_id,
            "facility": desk.facility.name,
            "receipt_code": desk.receipt_code,
            "workstation": desk.name,
            "time_zone": desk.facility.time_zone,
            "recovery_key": told,
        }
    )
    tell_of(told)


@click.command()
@click.option("--time-zone", help="Sets it, such as America/Chicago; a shared database overrules.")
def facility(time_zone: str | None) -> None:
    """The facility of this workstation, and what day it is there."""
    from workstation.access.desk import read_desk, set_time_zone
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        if time_zone is not None:
            set_time_zone(workstation.store, time_zone)
        here = read_desk(workstation.store.read()).facility
        day = here.day(workstation.clock()).isoformat()
    finally:
        workstation.close()
    emit({"facility": here.name, "time_zone": here.time_zone, "today": day})


@click.command()
@click.argument("file")
@click.pass_context
def do(ctx: click.Context, file: str) -> None:
    """Carries out commands, one a line; each answer is durable when it is seen."""
    from workstation.cli.commands import Doer
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    doer = Doer(workstation)
    understood = True
    try:
        with _lines_of(file) as lines:
            for line in lines:
                if line.strip():
                    understood = doer.answer_line(line) and understood
    finally:
        workstation.close()
    if not understood:
        ctx.exit(3)


@click.command()
@click.argument(
    "what", type=click.Choice(["people", "coverages", "payments", "conflicts", "audit"])
)
def export(what: str) -> None:
    """What this store holds, as JSON lines."""
    from workstation.cli.exports import export_lines
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        for line in export_lines(workstation, what):
            emit(line)
    finally:
        workstation.close()


@contextlib.contextmanager
def _lines_of(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if not path.is_file():
        raise NotUnderstood("file_missing", "There is no such file of commands.", "Check the path.")
    with path.open("rb") as lines:
        yield lines
