"""Where the store's 256-bit key lies: the operating system's keyring, or a file named on purpose.

While it is being changed there are two: ``CURRENT``, and ``NEXT`` beside it.

Only back ends that really encrypt are accepted (data.md section 2): with ``keyrings.alt`` installed
the keyring library would silently write secrets to a plain file.
"""

from __future__ import annotations

import os
import secrets
import stat
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from workstation.kernel.durable_file import write_durably
from workstation.kernel.errors import PorticoError

_SERVICE = "portico"
_TRUSTED_BACK_ENDS = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.libsecret.Keyring",
    }
)


def keyring_back_end() -> str:
    """The dotted name of the back end that would be used, such as ``…SecretService.Keyring``."""
    import keyring

    chosen: object = keyring.get_keyring()
    # A chainer only stands before the first back end that it would use.
    members = list(getattr(chosen, "backends", ()))
    kind = type(members[0] if members else chosen)
    return f"{kind.__module__}.{kind.__qualname__}"


def keyring_is_trusted() -> bool:
    """Whether the machine's keyring is one that encrypts."""
    return keyring_back_end() in _TRUSTED_BACK_ENDS


def read_secret(name: str) -> str | None:
    """A secret from the keyring. Raises PorticoError ``keyring_untrusted`` on a plain back end."""
    _demand_trusted_keyring()
    import keyring

    return keyring.get_password(_SERVICE, name)


def write_secret(name: str, value: str) -> None:
    """Keeps a secret in the keyring. Raises PorticoError ``keyring_untrusted`` likewise."""
    _demand_trusted_keyring()
    import keyring

    keyring.set_password(_SERVICE, name, value)


class Slot(StrEnum):
    """Which of the keys that may lie there."""

    CURRENT = "store"
    NEXT = "store-next"


class KeyPlace(Protocol):
    """Where this workstation's keys lie. Every method raises PorticoError ``keyring_untrusted`` or
    ``key_file_open`` where the place is not safe."""

    def read(self, slot: Slot) -> str | None:
        """The key as 64 hex digits, or None. Raises PorticoError ``key_damaged``."""

    def write(self, slot: Slot, key: str) -> None:
        """Keeps a key in place of the one of before; it is durable afterwards."""

    def forget(self, slot: Slot) -> None:
        """Removes a key, where there is one."""


def place_of(home: Path) -> KeyPlace:
    """The file that ``PORTICO_KEY_FILE`` names, else the keyring."""
    named = os.environ.get("PORTICO_KEY_FILE")
    return KeyFile(Path(named)) if named else Keyring(home)


class Keyring:
    """The keyring of who works at this machine."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()

    def read(self, slot: Slot) -> str | None:
        """See :class:`KeyPlace`."""
        key = read_secret(self._name(slot))
        return None if key is None else checked(key)

    def write(self, slot: Slot, key: str) -> None:
        """See :class:`KeyPlace`."""
        write_secret(self._name(slot), key)

    def forget(self, slot: Slot) -> None:
        """See :class:`KeyPlace`."""
        if self.read(slot) is not None:
            import keyring

            keyring.delete_password(_SERVICE, self._name(slot))

    def _name(self, slot: Slot) -> str:
        return f"{slot}:{self._home}"


class KeyFile:
    """A file that only this user may read; the next key lies beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, slot: Slot) -> str | None:
        """See :class:`KeyPlace`."""
        path = self._of(slot)
        if not path.exists():
            return None
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise PorticoError(
                "key_file_open",
                "Other users of this machine may read the key file.",
                "Run chmod 600 on the file that PORTICO_KEY_FILE names, then start again.",
            )
        return checked(path.read_text(encoding="ascii", errors="replace").strip())

    def write(self, slot: Slot, key: str) -> None:
        """See :class:`KeyPlace`."""
        write_durably(self._of(slot), key.encode("ascii"))

    def forget(self, slot: Slot) -> None:
        """See :class:`KeyPlace`."""
        self._of(slot).unlink(missing_ok=True)

    def _of(self, slot: Slot) -> Path:
        next_to_it = self._path.with_name(f"{self._path.name}.next")
        return self._path if slot is Slot.CURRENT else next_to_it


def fresh_key() -> str:
    """A new random key."""
    return secrets.token_hex(32)


def checked(key: str) -> str:
    """The key itself. Raises PorticoError ``key_damaged`` where it is none."""
    if len(key) != 64 or any(c not in "0123456789abcdefABCDEF" for c in key):
        raise PorticoError(
            "key_damaged",
            "The key of the local store is not a 256-bit key.",
            "Restore the key from the facility's recovery copy; the store itself is untouched.",
        )
    return key


def _demand_trusted_keyring() -> None:
    if not keyring_is_trusted():
        raise PorticoError(
            "keyring_untrusted",
            "This machine has no keyring that encrypts, so the store's key has no safe place.",
            "Unlock or install a keyring (GNOME Keyring, KWallet, Windows Credential Locker), "
            "or name a key file in PORTICO_KEY_FILE for headless use.",
        )
