"""Which key opens the store, also where a change of keys was cut short."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from db.engine import BUSY_MS, faults_in_words
from db.keys.places import KeyPlace, Slot, fresh_key
from workstation.kernel.errors import PorticoError


def key_for(store: Path, place: KeyPlace, *, create: bool = False) -> str:
    """The store's key as 64 hex digits. With ``create`` a missing one is made.

    Where the workstation died while the key was changed, the one that opens the store becomes the
    one. Raises PorticoError ``key_missing`` and what :class:`KeyPlace` raises.
    """
    following = place.read(Slot.NEXT)
    if following is not None and opens(store, following):
        promote(place, following)
    key = place.read(Slot.CURRENT)
    if key is None and create:
        key = fresh_key()
        place.write(Slot.CURRENT, key)
    if key is None:
        raise PorticoError(
            "key_missing",
            "The key of the local store is not where it was kept.",
            "Restore it with the recovery key from the facility's safe, which is its recovery "
            "copy: portico keys recover. For a new workstation run portico init.",
        )
    return key


def promote(place: KeyPlace, key: str) -> None:
    """Makes the next key the current one. Safe to repeat."""
    place.write(Slot.CURRENT, key)
    place.forget(Slot.NEXT)


def opens(store: Path, key: str) -> bool:
    """Whether this key opens the store. Raises PorticoError where another program holds it."""
    if not store.exists():
        return False
    try:
        with faults_in_words(), closing(connection_to(store, key)) as raw:
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except PorticoError as refused:
        if refused.code == "store_key_wrong":
            return False
        raise
    return True


def connection_to(store: Path, key: str) -> Any:
    """A bare connection for what is done with a whole store; the caller closes it."""
    raw = sqlcipher.connect(str(store), timeout=BUSY_MS / 1000, isolation_level=None)
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key}'\"")
    return raw
