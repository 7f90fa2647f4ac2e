"""How the command line is given a recovery key, and shows one: a file, or the sheet typed back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workstation.cli.answers import tell
from workstation.kernel.errors import NotUnderstood

if TYPE_CHECKING:
    from db.keys.recovery import PrivateHalf, PublicHalf

_LARGEST = 10_000
"""Bytes of a file that is read as a key."""


def given_or_made(public: str | None) -> tuple[PublicHalf, dict[str, str]]:
    """The half that a workstation keeps, and what is answered: of one that is made here also the
    private half, which stays nowhere else."""
    from db.keys.recovery import PrivateHalf, PublicHalf

    if public is not None:
        half = PublicHalf.read(_text_of(Path(public)))
        return half, {"fingerprint": half.fingerprint}
    private = PrivateHalf.make()
    half = private.public
    return half, {"fingerprint": half.fingerprint, "private": private.written()}


def tell_of(told: Mapping[str, str]) -> None:
    """What to do with a private half that is in the answer."""
    if "private" in told:
        tell(
            f"The private half of recovery key {told['fingerprint']} is in the answer, this once. "
            "Print it for the safe (docs/keys.md); it is not kept on this workstation."
        )


def private_half(file: str) -> PrivateHalf:
    """From a file, or ``-``: typed at the terminal without being shown, or from standard input."""
    from db.keys.recovery import PrivateHalf

    if file != "-":
        return PrivateHalf.read(_text_of(Path(file)))
    if not sys.stdin.isatty():
        return PrivateHalf.read(sys.stdin.read(_LARGEST))
    ordinals = ("first", "second", "third")
    lines = [str(click.prompt(f"The {each} line", hide_input=True, err=True)) for each in ordinals]
    return PrivateHalf.read("\n".join(lines))


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes()[:_LARGEST].decode("utf-8", errors="replace")
    except OSError:
        raise NotUnderstood(
            "file_missing", "There is no such file of a recovery key.", "Check the path."
        ) from None
