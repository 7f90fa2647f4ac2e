"""``portico benefits``, ``portico x12 read`` and ``portico eligibility``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from workstation.cli.answers import NOT_UNDERSTOOD, emit, emit_failure, exit_code, tell
from workstation.kernel.errors import NotUnderstood, PorticoError

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--service-date", type=_DAY, help="The day asked about; default: as the file says.")
def benefits(files: tuple[Path, ...], service_date: datetime | None) -> None:
    """Reads 271 files: one JSON line per file with answers and rejections."""
    from workstation.eligibility.reading import read_benefits

    on = service_date.date() if service_date else None
    _each(files, lambda path: read_benefits(_bytes(path), on).as_json())


@click.group()
def x12() -> None:
    """X12 files of any kind."""


@x12.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def read(files: tuple[Path, ...]) -> None:
    """Segments, loops and findings of each file, one JSON line per file."""
    from workstation.x12.describe import file_as_json
    from workstation.x12.reading import read_x12

    _each(files, lambda path: file_as_json(read_x12(_bytes(path))))


def _each(files: tuple[Path, ...], answer: Callable[[Path], dict[str, Any]]) -> None:
    """A line per file; with several, a bad one gets an error line and the rest are answered."""
    code = 0
    for path in files:
        try:
            emit({"file": str(path), **answer(path)})
        except PorticoError as error:
            if len(files) == 1:
                raise
            code = NOT_UNDERSTOOD
            emit_failure("file", str(path), error)
            tell(f"{path}: {error.say}")
    if code:
        sys.exit(code)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise NotUnderstood(
            "file_not_read", f"The file {path.name} cannot be read.", "Check its name and rights."
        ) from None


@click.command()
@click.option("--payer", required=True, help="Payer id, such as 99001.")
@click.option("--member", required=True, help="Member id as on the card.")
@click.option("--last", required=True)
@click.option("--first", default="")
@click.option("--dob", required=True, type=_DAY)
@click.option("--service-date", type=_DAY, help="Default: today.")
@click.option("--service-type", "service_types", multiple=True, default=("30",))
@click.option("--npi", default=None, help="The provider who asks; default: from the settings.")
@click.option("--sex", type=click.Choice(["F", "M", "U", "X"]), default=None)
def eligibility(
    payer: str,
    member: str,
    last: str,
    first: str,
    dob: datetime,
    service_date: datetime | None,
    service_types: tuple[str, ...],
    npi: str | None,
    sex: str | None,
) -> None:
    """Asks the configured clearinghouse about one member; the benefit model as JSON."""
    from workstation.eligibility.asking import ask_once
    from workstation.eligibility.settings import connector_from_settings, load_settings
    from workstation.x12.inquiry import Insured

    settings = load_settings()
    connector = connector_from_settings(settings)
    on = service_date.date() if service_date else date.today()  # noqa: DTZ011 - the desk's own day
    person = Insured(last, first, dob.date(), member_id=member, sex=sex)
    try:
        file = ask_once(connector, settings, payer, person, on, service_types, npi)
    except PorticoError as error:
        tell(f"{error.say} {error.do}".strip())
        sys.exit(exit_code(error))
    emit(file.as_json())
    if all(answer.status == "not_answered" for answer in file.answers):
        for answer in file.answers:
            tell(answer.status_detail)
        for rejection in file.rejections:
            tell(rejection.fix)
