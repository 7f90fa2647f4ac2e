"""``portico estimate``: the patient's share of a case, line by line."""

from __future__ import annotations

import click

from workstation.cli.answers import emit
from workstation.cli.payers import read_json
from workstation.estimates.case import read_case
from workstation.estimates.engine import estimate as estimate_case
from workstation.kernel.clock import utc_now


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
def estimate(file: str) -> None:
    """What the patient owes in a FILE that holds an estimate case (or -)."""
    # The hospital's day, not UTC's: the desk's own calendar chooses the year's table.
    today = utc_now().astimezone().date()
    emit(estimate_case(read_case(read_json(file), today)).as_json())
