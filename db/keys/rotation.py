"""A new key for the store, safe against a power cut at any moment, and a lost one restored.

The order is all: the new key is sealed for the facility and kept beside the old one before the
store is changed, and the old one goes when the store is proven to open with the new one. Changing
it is one transaction of SQLCipher. Whoever opens the store next finishes what was cut short
(:func:`db.keys.opening.key_for`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from db.engine import faults_in_words
from db.keys.escrow import Escrow
from db.keys.opening import connection_to, key_for, opens, promote
from db.keys.places import KeyPlace, Slot, fresh_key
from db.keys.recovery import PrivateHalf
from workstation.kernel.errors import PorticoError, Refused


class Rotation:
    """One change of a store's key."""

    def __init__(self, store: Path, place: KeyPlace) -> None:
        self._store = store
        self._place = place
        self._escrow = Escrow.beside(store)
        self.old = key_for(store, place)
        self.new = fresh_key()

    def run(self) -> None:
        """All steps. Raises PorticoError ``store_open_elsewhere``, ``store_broken``; then the old
        key holds."""
        with _alone(self._store, self.old) as raw:
            self.examine(raw)
            self.seal()
            self.keep_next()
            self.change(raw)
        self.promote()
        self.forget_old()

    def examine(self, raw: Any) -> None:
        """A store that is broken is not written anew."""
        demand_whole(raw)

    def seal(self) -> None:
        """The facility can open both from here on."""
        if self._escrow is not None:
            self._escrow.having(self.old, self.new).write_beside(self._store)

    def keep_next(self) -> None:
        """So can this workstation."""
        self._place.write(Slot.NEXT, self.new)

    def change(self, raw: Any) -> None:
        """Writes every page anew, in one transaction."""
        raw.execute(f"PRAGMA rekey = \"x'{self.new}'\"")
        into_one_file(raw)
        demand_whole(raw)

    def promote(self) -> None:
        """The new key is the key."""
        promote(self._place, self.new)

    def forget_old(self) -> None:
        """What the old key opens goes: its seal, and copies from before upgrades."""
        if self._escrow is not None:
            self._escrow.having(self.new).write_beside(self._store)
        for copy in self._store.parent.glob(f"{self._store.name}.before-*"):
            copy.unlink()


def recover(store: Path, place: KeyPlace, key: PrivateHalf) -> str:
    """Puts the store's key back where it was kept; answers it. Changes nothing but that.

    Raises Refused ``recovery_key_wrong``, ``recovery_key_not_set``, ``recovery_of_another_store``.
    """
    escrow = Escrow.beside(store)
    if escrow is None:
        raise Refused(
            "recovery_key_not_set",
            "This workstation's key was never sealed to a recovery key. Nothing was changed.",
            "Look for its keyring or key file in the backups of this machine.",
        )
    for each in escrow.opened(key):
        if opens(store, each):
            promote(place, each)
            return each
    raise Refused(
        "recovery_of_another_store",
        "The recovery key is right, but what it opens is the key of another store. "
        "Nothing was changed.",
        "Put back the recovery.json that belongs to this store, from a backup of its folder.",
    )


def demand_whole(raw: Any) -> None:
    """Reads every page, with its seal against tampering. Raises PorticoError ``store_broken``."""
    with faults_in_words():
        broken = raw.execute("PRAGMA cipher_integrity_check").fetchone()
        sound = broken is None and raw.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    if not sound:
        raise PorticoError(
            "store_broken",
            "The file of this workstation's store is damaged.",
            "Stop working at this desk and call IT. Keep the file: much of it can still be read.",
        )


def into_one_file(raw: Any) -> None:
    """Brings the journal into the store's file, which alone SQLCipher's check reads."""
    with faults_in_words():
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _alone(store: Path, key: str) -> Iterator[Any]:
    """A connection while no other program has the store open."""
    with closing(connection_to(store, key)) as raw:
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        raw.execute("PRAGMA busy_timeout = 1000")
        try:
            with faults_in_words():
                raw.execute("PRAGMA journal_mode = WAL")
                raw.execute("PRAGMA synchronous = FULL")
                raw.execute("BEGIN EXCLUSIVE")
                raw.execute("COMMIT")
                into_one_file(raw)
        except PorticoError as busy:
            if busy.code != "store_busy":
                raise
            raise PorticoError(
                "store_open_elsewhere",
                "Another program has this workstation's store open. Nothing was changed.",
                "Close Portico's window and whatever else runs here, then try again.",
                retryable=True,
            ) from None
        with faults_in_words():
            yield raw
