"""``portico benefits``, ``portico x12 read`` and ``portico eligibility``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workstation.cli.answers import NOT_UNDERSTOOD, OUTSIDE_SILENT, emit, emit_failure, tell
from workstation.kernel.errors import NotUnderstood, PorticoError

if TYPE_CHECKING:
    from workstation.eligibility.model import BenefitFile
    from workstation.facility.settings import Settings
    from workstation.outside import Connector

_NO_NPI = "1999999984"
"""The NPI of test questions, used where none is given."""

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


def _connector(settings: Settings) -> Connector:
    from workstation.kernel.clock import utc_now
    from workstation.outside import connector_of

    # Asked without a store, so there is no keyring: the secret comes from the environment.
    connector = connector_of(settings, utc_now, lambda name: None)
    if connector is None:
        raise NotUnderstood(
            "no_clearinghouse",
            "No clearinghouse is set.",
            "Set core_url, raw_x12_url or waystar_url in settings.json, or PORTICO_CORE_URL.",
        )
    return connector


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
    from workstation.eligibility.asking import Asker, ask_once
    from workstation.facility.settings import load
    from workstation.x12.inquiry import Insured

    settings = load()
    connector = _connector(settings)
    asker = Asker("PORTICO", npi or _NO_NPI, settings.core_sender, settings.core_receiver)
    on = service_date.date() if service_date else date.today()  # noqa: DTZ011 - the desk's own day
    person = Insured(last, first, dob.date(), member_id=member, sex=sex)
    try:
        file = ask_once(connector, asker, payer, person, on, service_types)
    finally:
        connector.close()
    answers = file.as_json()
    emit(answers["answers"][0] if len(file.answers) == 1 else answers)
    if all(answer.status == "not_answered" for answer in file.answers):
        _tell_unanswered(file)


def _tell_unanswered(file: BenefitFile) -> None:
    """Says why; exit 4 where the payer's own system was the trouble."""
    from workstation.eligibility.rejections import PAYER_TROUBLE

    people = [value for answer in file.answers for value in answer.rejections]
    rejections = [*file.rejections, *people]
    for words in [value.fix for value in rejections] or ["The payer sent no benefits."]:
        tell(words)
    if not rejections or any(value.code in PAYER_TROUBLE for value in rejections):
        sys.exit(OUTSIDE_SILENT)
