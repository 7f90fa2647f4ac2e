"""``portico card`` and ``portico licence``: pictures and barcode bytes in, JSON out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from workstation.capture.aamva import parse
from workstation.capture.sources import FileSource
from workstation.cli.answers import NOT_UNDERSTOOD, emit, emit_failure, tell
from workstation.kernel.errors import NotUnderstood, PorticoError

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("front", type=_PATH, required=False)
@click.argument("back", type=_PATH, required=False)
@click.option("--batch", type=_PATH, help="Lines of FRONT<tab>BACK; JSON lines out.")
@click.pass_context
def card(ctx: click.Context, front: Path | None, back: Path | None, batch: Path | None) -> None:
    """Reads an insurance card from pictures of its front and back."""
    if (front is None) == (batch is None):
        raise click.UsageError("Give FRONT [BACK], or --batch LIST.")
    from workstation.capture.read_card import CardReader

    if front is not None:
        pictures = (_bytes(front), _bytes(back) if back else None)
        emit(CardReader().read(*pictures).as_json())
        return
    pairs = list(_lines(batch))
    tell(f"Reading {len(pairs)} cards.")
    reader = CardReader()
    base = batch.parent if batch else Path()

    def read(line: str) -> dict[str, Any]:
        names = [name.strip() for name in line.split("\t") if name.strip()]
        files = [_bytes(_beside(base, name)) for name in names[:2]]
        answer = reader.read(files[0], files[1] if len(files) > 1 else None).as_json()
        return {"file": names[0], **answer}

    ctx.exit(_each(pairs, lambda line: line.split("\t")[0].strip(), read))


@click.command()
@click.argument("image", type=_PATH, required=False)
@click.option("--payload", type=_PATH, help="The raw bytes of the barcode.")
@click.option("--batch", type=_PATH, help="One picture or payload file a line; JSON lines out.")
@click.pass_context
def licence(
    ctx: click.Context, image: Path | None, payload: Path | None, batch: Path | None
) -> None:
    """Reads a driver's licence from its barcode."""
    if sum(one is not None for one in (image, payload, batch)) != 1:
        raise click.UsageError("Give an IMAGE, --payload FILE or --batch LIST.")
    if payload is not None:
        emit(parse(_bytes(payload)).as_json())
        return
    if image is not None:
        emit(_licence(image))
        return
    base = batch.parent if batch else Path()

    def read(line: str) -> dict[str, Any]:
        return {"file": line, **_licence(_beside(base, line))}

    ctx.exit(_each(list(_lines(batch)), lambda line: line, read))


def _licence(path: Path) -> dict[str, Any]:
    """A picture's barcode; a file that holds the barcode's bytes is taken as they are."""
    from workstation.capture.read_licence import read_licence

    captured = FileSource(path).take()
    if captured.kind == "licence_code":
        return parse(captured.data).as_json()
    return read_licence(captured.data).as_json()


def _each(
    lines: list[str], name: Callable[[str], str], read: Callable[[str], dict[str, Any]]
) -> int:
    code = 0
    for line in lines:
        try:
            emit(read(line))
        except PorticoError as error:
            emit_failure("file", name(line), error)
            code = NOT_UNDERSTOOD
    return code


def _bytes(path: Path) -> bytes:
    return FileSource(path).take().data


def _beside(base: Path, name: str) -> Path:
    """A name as written, or beside the list when it is not found from here."""
    path = Path(name)
    return path if path.is_absolute() or path.exists() else base / path


def _lines(batch: Path | None) -> Iterator[str]:
    if batch is None:
        return
    try:
        text = FileSource(batch).take().data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUnderstood(
            "list_not_text", f"The list {batch.name} is not text.", "Give one file a line."
        ) from None
    yield from (line.rstrip("\r") for line in text.split("\n") if line.strip())
