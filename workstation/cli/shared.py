"""``shared`` (the administrator's side) and ``sync`` (this desk's side) of the shared database."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workstation.cli.admin import admin_dsn, cell_named, cell_of, check_address, write_entry
from workstation.cli.answers import OUTSIDE_SILENT, emit, tell
from workstation.cli.gateway import enrol_by_gateway, gateway, gateway_options
from workstation.cli.trails import trails
from workstation.kernel.errors import NotUnderstood, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.compose import Workstation


_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def shared() -> None:
    """The shared database; the administrator's DSN is in PORTICO_ADMIN_DSN."""


@shared.command()
@click.option("--restored", is_flag=True, help="The server was restored from a backup.")
def init(restored: bool) -> None:
    """Creates or upgrades schema, roles and rights. Safe to repeat."""
    from db.shared.admin import prepare_shared

    emit(prepare_shared(admin_dsn(), restored=restored))


@shared.command()
@click.argument("desk")
@click.option("--facility", required=True, help="The facility's name, as in portico init.")
@click.option("--new-machine", is_flag=True, help="The desk's computer or store was replaced.")
@click.option("--time-zone", help="The facility's, such as America/Chicago; its desks follow.")
@click.option(
    "--auditor/--no-auditor",
    default=None,
    help="Whether it may read the audit trails of all desks of its facility.",
)
@click.option(
    "--directory",
    type=_File,
    help="Of cells: the facility's own is taken instead of PORTICO_ADMIN_DSN.",
)
@gateway_options
def enrol(
    desk: str,
    facility: str,
    new_machine: bool,
    time_zone: str | None,
    auditor: bool | None,
    directory: Path | None,
    **behind: str | None,
) -> None:
    """Gives a desk its own login, or with --gateway what it shows the gateway.

    The answer holds a secret and is shown this once.
    """
    from db.shared.admin import enrol_desk

    if directory is None:
        dsn = admin_dsn()
    else:
        cell = cell_of(directory, facility)
        dsn = cell.dsn
        if behind["ca"] or behind["client_id"]:
            behind["gateway"] = behind["gateway"] or cell.gateway
    if behind["gateway"] is not None:
        if auditor is not None:
            raise click.UsageError("--auditor needs a login: leave --gateway out.")
        known = {"desk": desk, "facility": facility}
        emit(
            enrol_by_gateway(
                dsn, **known, behind=behind, new_machine=new_machine, time_zone=time_zone
            )
        )
        return

    enrolled = enrol_desk(
        dsn,
        desk,
        facility,
        new_machine=new_machine,
        time_zone=time_zone,
        auditor=auditor,
    )
    emit({"dsn": enrolled.dsn, "login": enrolled.login, "facility": enrolled.facility})


@shared.command()
@click.argument("desk")
@click.option("--facility", required=True, help="The facility's name, as in portico init.")
def revoke(desk: str, facility: str) -> None:
    """Ends a desk's login, certificate or sign-in at once, as after a theft."""
    from db.shared.admin import revoke_desk

    if not revoke_desk(admin_dsn(), desk, facility):
        raise Refused(
            "desk_unknown",
            "No such desk is enrolled at this facility. Nothing was changed.",
            "Check both names; they are those of portico shared enrol.",
        )
    emit({"revoked": True})


@shared.command()
@click.option("--days", default=60, show_default=True, help="That entries of the feed are kept.")
def expire(days: int) -> None:
    """Lets old entries of the feed expire, and bodies of commands that were applied.

    A desk that was away for longer takes a fresh copy. Run it every night.
    """
    from db.shared.expiry import expire_feed
    from workstation.kernel.clock import utc_now

    emit({"expired": expire_feed(admin_dsn(), utc_now(), days)})


@shared.command()
@click.argument("facility")
@click.option("--to", "cell", required=True, help="The cell that it moves to.")
@click.option("--directory", type=_File, required=True, help="Of cells; it is rewritten.")
def move(facility: str, cell: str, directory: Path) -> None:
    """Moves a facility to another cell. Its desks work on meanwhile, and find it there.

    Where gateways read copies of the directory, bring it to them before and after: with the
    facility's cell null nobody serves it, and so nothing changes while it is copied.
    """
    from db.shared.admin import close_facility
    from db.shared.moving import copy_facility

    source, target = cell_of(directory, facility), cell_named(directory, cell)
    write_entry(directory, facility, None)
    try:
        rows = copy_facility(source.dsn, target.dsn, facility)
    except BaseException:
        write_entry(directory, facility, source.name)
        raise
    write_entry(directory, facility, target.name)
    close_facility(source.dsn, facility)
    emit({"moved": True, "rows": rows})


@shared.command()
@click.option("--poll", default=0.2, show_default=True, help="Seconds between looks at the inbox.")
def apply(poll: float) -> None:
    """Applies what desks send, until stopped. Several may run: one leads, the others stand by."""
    from db.gateway.service import ApplierService

    service = ApplierService(admin_dsn(), poll_seconds=poll, tell=tell)
    _on_stop(service.halt)
    service.run()


shared.add_command(trails)
shared.add_command(gateway)


@click.group()
def sync() -> None:
    """This desk and the shared database."""


@sync.command()
def status() -> None:
    """Where this desk stands."""
    from db.sync.rounds import look
    from workstation.compose import shared_dsn

    workstation = _workstation()
    try:
        emit(look(workstation.store, shared_dsn(workstation.settings)).as_json())
    finally:
        workstation.close()


@sync.command()
@click.pass_context
def once(ctx: click.Context) -> None:
    """One round: sends what waits, reads what is new. Exit 4 where the server does not answer."""
    from db.sync.replica import Replica
    from db.sync.rounds import one_round, send_documents, send_trail

    workstation = _workstation()
    try:
        dsn = _demanded_dsn(workstation)
        settled = one_round(workstation.store, dsn)
        if settled and workstation.recovered():
            settled = one_round(workstation.store, dsn)
        if settled:
            send_documents(workstation.store, dsn)
            send_trail(workstation.store, dsn)
        status = Replica(workstation.store).status()
    finally:
        workstation.close()
    emit(status.as_json())
    if status.trouble:
        tell(status.trouble)
    elif status.connected and not settled:
        tell("The shared database has everything, but no applier has answered yet.")
    if not status.connected:
        tell("The shared database did not answer. Nothing is lost: what waits here is sent later.")
        ctx.exit(OUTSIDE_SILENT)


@sync.command()
def run() -> None:
    """Keeps in step until stopped."""
    from db.sync.lane import DocumentLane
    from db.sync.lane_runner import LaneRunner
    from db.sync.runner import SyncRunner
    from db.sync.trail_lane import TrailLane
    from workstation.sync.kernel import Pace
    from workstation.sync.status import SyncStatus, words

    workstation = _workstation()
    stopping = threading.Event()
    _on_stop(stopping.set)
    pace = Pace(poll=timedelta(seconds=workstation.settings.sync_poll_seconds))
    dsn = _demanded_dsn(workstation)
    most = workstation.settings.documents_here_mb * 1024**2
    zone = workstation.desk.facility.zone
    document_lane = DocumentLane(workstation.store, dsn)
    trail_lane = TrailLane(workstation.store, dsn)
    lanes = (
        LaneRunner("documents", document_lane, partial(document_lane.tidy, most)),
        LaneRunner("trail", trail_lane, trail_lane.tidy),
    )

    def told(status: SyncStatus) -> None:
        tell(words(status, zone))
        if status.connected and not status.waiting and workstation.recovered():
            runner.nudge()

    runner = SyncRunner(workstation.store, dsn, pace=pace, on_status=told)
    runner.start()
    for lane in lanes:
        lane.start()
    try:
        stopping.wait()
    finally:
        for lane in lanes:
            lane.stop()
        runner.stop()
        last = runner.status()
        workstation.close()
    emit(last.as_json())


@sync.command()
def connect() -> None:
    """Keeps this desk's DSN, read from standard input, in the keyring."""
    from db.keys.places import write_secret

    dsn = sys.stdin.readline().strip()
    if not dsn:
        raise NotUnderstood(
            "dsn_missing", "There was no DSN on standard input.", "Pipe in what enrol answered."
        )
    check_address(dsn)
    workstation = _workstation()
    try:
        write_secret(_secret_name(workstation), dsn)
    finally:
        workstation.close()
    emit({"ok": True})


def _secret_name(workstation: Workstation) -> str:
    return f"shared:{workstation.settings.home.resolve()}"


def _demanded_dsn(workstation: Workstation) -> str:
    from workstation.compose import shared_dsn

    dsn = shared_dsn(workstation.settings)
    if not dsn:
        raise NotUnderstood(
            "no_shared_database",
            "No shared database is set up for this desk; it is complete by itself.",
            "Enrol the desk (portico shared enrol) and give its DSN to portico sync connect.",
        )
    check_address(dsn)
    return dsn


def _workstation() -> Workstation:
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    return open_workstation(load())


def _on_stop(stop: Callable[[], object]) -> None:
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda _number, _frame: stop())
