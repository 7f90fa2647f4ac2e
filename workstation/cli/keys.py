"""``portico keys``: who can open this workstation's store, and with what."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from workstation.cli.answers import emit, tell
from workstation.cli.recovery_key import given_or_made, private_half, tell_of
from workstation.facility.settings import Settings, load
from workstation.kernel.errors import NotUnderstood, PorticoError


@click.group()
def keys() -> None:
    """The key of this workstation's store, and the recovery key in the facility's safe."""


@keys.command()
def show() -> None:
    """Where the store's key lies and which recovery key restores it. Shows no key."""
    settings = _settings()
    from db.keys.escrow import Escrow, key_name
    from db.keys.opening import key_for
    from db.keys.places import place_of

    escrow = Escrow.beside(settings.store)
    try:
        name, trouble = key_name(key_for(settings.store, place_of(settings.home))), None
    except PorticoError as refused:
        name, trouble = None, refused.as_json()
    emit(
        {
            "kept_in": "file" if os.environ.get("PORTICO_KEY_FILE") else "keyring",
            "key": name,
            "trouble": trouble,
            "recovery_key": escrow.recovery.fingerprint if escrow else None,
            "recoverable": name is not None and escrow is not None and name in escrow.sealed,
        }
    )


@keys.command()
@click.argument("out")
def make(out: str) -> None:
    """Makes a facility's recovery key: OUT for the safe, OUT.pub for its workstations."""
    from db.keys.recovery import PrivateHalf, form_for_the_safe, form_for_workstations
    from workstation.kernel.durable_file import write_durably

    private, public = Path(out), Path(f"{out}.pub")
    if private.exists() or public.exists():
        raise NotUnderstood(
            "file_exists",
            "There is a file of that name already. Nothing was changed.",
            "Name another one; a recovery key that is overwritten opens nothing any more.",
        )
    key = PrivateHalf.make()
    write_durably(private, form_for_the_safe(key).encode())
    write_durably(public, form_for_workstations(key.public).encode())
    tell("Print the private half, lock it away, and remove its file.")
    emit(
        {
            "fingerprint": key.public.fingerprint,
            "private": str(private),
            "public": str(public),
        }
    )


@keys.command()
@click.option("--recovery-key", "public", help="File of the facility's public recovery key.")
def escrow(public: str | None) -> None:
    """Seals the store's key to a recovery key, in place of the one of before.

    Without --recovery-key one is made, and its private half is in the answer, this once.
    """
    settings = _settings()
    from db.keys.escrow import Escrow
    from db.keys.opening import key_for
    from db.keys.places import place_of

    recovery, told = given_or_made(public)
    key = key_for(settings.store, place_of(settings.home))
    Escrow(recovery, {}).having(key).write_beside(settings.store)
    _write_down(settings, "key_escrowed", {"recovery_key": recovery.fingerprint})
    emit({"recovery_key": told})
    tell_of(told)


@keys.command()
def rotate() -> None:
    """Gives the store a new key. Nothing else may have it open; a power cut loses nothing."""
    settings = _settings()
    from db.keys.escrow import key_name
    from db.keys.places import place_of
    from db.keys.rotation import Rotation

    rotation = Rotation(settings.store, place_of(settings.home))
    rotation.run()
    was, now = key_name(rotation.old), key_name(rotation.new)
    _write_down(settings, "key_rotated", {"was": was, "now": now})
    emit({"was": was, "key": now})


@keys.command()
@click.option("--recovery-key", "file", required=True, help="Its file, or - to type it.")
def recover(file: str) -> None:
    """Puts a lost key back into the keyring or key file, with the recovery key from the safe."""
    settings = _settings()
    from db.keys.escrow import key_name
    from db.keys.places import place_of
    from db.keys.rotation import recover as put_back

    name = key_name(put_back(settings.store, place_of(settings.home), private_half(file)))
    _write_down(settings, "key_recovered", {"key": name})
    tell("The store opens again. The recovery key was seen here: portico keys rotate is wise.")
    emit({"key": name})


def _settings() -> Settings:
    settings = load()
    if not settings.store.exists():
        raise PorticoError(
            "not_initialised",
            "There is no store in Portico's data folder.",
            "Run portico init --facility NAME once.",
        )
    return settings


def _write_down(settings: Settings, what: str, detail: dict[str, Any]) -> None:
    """In the audit trail, as the workstation's own doing."""
    from workstation.access.desk import service_session
    from workstation.compose import open_workstation

    workstation = open_workstation(settings)
    try:
        actor = service_session(workstation.store.read()).user_id
        with workstation.store.unit_of_work() as work:
            work.audit(actor, what, workstation.desk.workstation_id, detail)
            work.commit()
    finally:
        workstation.close()
