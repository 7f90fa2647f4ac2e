"""``audit``: this workstation's audit trail, verified against all that is known of it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from workstation.cli.answers import SOMETHING_WRONG, emit, tell

if TYPE_CHECKING:
    from workstation.access.audit import AuditCheck
    from workstation.compose import Workstation


@click.group()
def audit() -> None:
    """The audit trail of this workstation."""


@audit.command()
@click.option(
    "--printed", multiple=True, metavar="SEAL", help="A seal as a shift report has it, typed back."
)
@click.pass_context
def verify(ctx: click.Context, printed: tuple[str, ...]) -> None:
    """Walks the hash chain, and compares it with the heads that were printed and acknowledged.

    Exit 5 where an entry does not fit.
    """
    from workstation.access.printed_seal import read_printed
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    seals = [read_printed(each) for each in printed]
    workstation = open_workstation(load())
    try:
        checked = _verified(workstation)
        for seal in seals:
            if not seal.fits(workstation.store.audit_hash(seal.entries)):
                tell(f"Entry {seal.entries} is not the one that was printed.")
                checked = replace(checked, ok=False, first_bad=checked.first_bad or seal.entries)
    finally:
        workstation.close()
    emit(checked.as_json())
    if checked.shared is not None and checked.shared != "compared":
        tell(_SHARED[checked.shared])
    if not checked.ok:
        ctx.exit(SOMETHING_WRONG)


_SHARED = {
    "silent": "The shared database did not answer: compared with what this desk knows.",
    "changed": "The shared database's own chain of heads was changed. Tell the privacy officer.",
}


def _verified(workstation: Workstation) -> AuditCheck:
    from db.sync.trail_lane import TrailLane
    from workstation.compose import shared_dsn

    dsn = shared_dsn(workstation.settings)
    if not dsn:
        return workstation.store.verify_audit()
    lane = TrailLane(workstation.store, dsn)
    try:
        return lane.verify()
    finally:
        lane.close()
