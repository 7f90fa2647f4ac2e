"""``shared audit``: the audit trails of all desks, in the shared database."""

from __future__ import annotations

import click

from workstation.cli.admin import admin_dsn
from workstation.cli.answers import SOMETHING_WRONG, emit


@click.group("audit")
def trails() -> None:
    """The audit trails of all desks."""


@trails.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Walks every desk's entries and every facility's chain of heads; exit 5 where one is off."""
    from db.shared.trails import verify_trails

    found = verify_trails(admin_dsn())
    emit(found)
    if not found["ok"]:
        ctx.exit(SOMETHING_WRONG)


@trails.command()
@click.option("--years", default=10, show_default=True, help="How long they are kept.")
def expire(years: int) -> None:
    """Removes the months that are older, except of facilities under a legal hold."""
    from db.shared.trails import expire
    from workstation.kernel.clock import utc_now

    emit(expire(admin_dsn(), utc_now(), years))


@trails.command()
@click.option("--facility", required=True, help="The facility's name.")
@click.option("--reason", required=True, help="The matter that it is held for; no patient's name.")
def hold(facility: str, reason: str) -> None:
    """Places a legal hold: nothing of the facility's trails expires until it is lifted."""
    from db.shared.trails import hold
    from workstation.kernel.clock import utc_now

    emit(hold(admin_dsn(), facility, reason, utc_now()))


@trails.command()
@click.option("--facility", required=True, help="The facility's name.")
def release(facility: str) -> None:
    """Lifts the legal hold."""
    from db.shared.trails import release
    from workstation.kernel.clock import utc_now

    emit(release(admin_dsn(), facility, utc_now()))
