"""The store's key sealed to the facility's recovery key, in a file beside the store.

``recovery.json`` holds the recovery key's public half and each key that opens the store, sealed.
While the key is being changed there are two of them; either may turn out to be the one.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from db.keys.places import checked
from db.keys.recovery import PrivateHalf, PublicHalf, fingerprint
from workstation.kernel.durable_file import write_durably
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.phrases import phrase

_PURPOSE = "portico store key 1"


def key_name(key: str) -> str:
    """Eight signs by which keys of a store are told apart; nothing of the key shows in them."""
    return fingerprint(b"portico store key" + bytes.fromhex(key))


@dataclass(frozen=True, slots=True)
class Escrow:
    """Who can restore the store's key, and the sealed keys by name."""

    recovery: PublicHalf
    sealed: Mapping[str, bytes]

    @classmethod
    def beside(cls, store: Path) -> Self | None:
        """As it lies beside a store or a backup; None where no recovery key was given.

        Raises PorticoError ``escrow_damaged``.
        """
        file = file_beside(store)
        if not file.exists():
            return None
        try:
            told = json.loads(file.read_text("utf-8"))
            sealed = {str(name): b64decode(each) for name, each in told["sealed"].items()}
            return cls(PublicHalf(b64decode(told["recovery"])), sealed)
        except (ValueError, LookupError, AttributeError, TypeError):
            raise PorticoError(
                "escrow_damaged",
                "The file recovery.json beside the store cannot be read.",
                "Run portico keys escrow with the facility's public recovery key: it is made anew.",
            ) from None

    def having(self, *keys: str) -> Self:
        """With just these keys sealed in it; one that was sealed before stays as it was."""
        sealed = {
            name: self.sealed.get(name) or self.recovery.seal(bytes.fromhex(key), _PURPOSE)
            for key in keys
            for name in [key_name(key)]
        }
        return replace(self, sealed=sealed)

    def write_beside(self, store: Path) -> None:
        """Durable afterwards."""
        sealed = {name: b64encode(each).decode() for name, each in self.sealed.items()}
        told = {"recovery": b64encode(self.recovery.raw).decode(), "sealed": sealed}
        write_durably(file_beside(store), json.dumps(told, indent=2).encode())

    def opened(self, key: PrivateHalf) -> list[str]:
        """Every sealed key, the newest first. Raises Refused ``recovery_key_wrong``."""
        if key.public != self.recovery:
            raise Refused(
                "recovery_key_wrong",
                phrase(
                    "This is the recovery key {given}; this workstation's is {wanted}. "
                    "Nothing was changed.",
                    given=key.public.fingerprint,
                    wanted=self.recovery.fingerprint,
                ),
                "Fetch the right one from the facility's safe.",
            )
        keys = [key.open(each, _PURPOSE).hex() for each in self.sealed.values()]
        return [checked(each) for each in reversed(keys)]


def file_beside(store: Path) -> Path:
    """Of a store ``recovery.json``; of any other file its own."""
    own = f"{store.name}.recovery"
    return store.with_name("recovery.json" if store.name == "store.db" else own)
