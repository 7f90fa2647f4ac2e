"""Where the store's 256-bit key lies: the operating system's keyring, or a file named on purpose.

Only back ends that really encrypt are accepted (data.md section 2): with ``keyrings.alt`` installed
the keyring library would silently write secrets to a plain file.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

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


def store_key(home: Path, *, create: bool) -> str:
    """The store's key as 64 hex digits: from ``PORTICO_KEY_FILE`` if set, else from the keyring.

    With ``create`` a missing key is made. Raises PorticoError ``key_missing``, ``key_damaged``,
    ``key_file_open`` or ``keyring_untrusted``.
    """
    named = os.environ.get("PORTICO_KEY_FILE")
    if named:
        return _key_from_file(Path(named), create=create)
    name = f"store:{home.resolve()}"
    key = read_secret(name)
    if key is None:
        if not create:
            raise _missing("The key of the local store is not in the keyring.")
        key = secrets.token_hex(32)
        write_secret(name, key)
    return _checked(key)


def _key_from_file(path: Path, *, create: bool) -> str:
    if not path.exists():
        if not create:
            raise _missing("The key file of the local store is not there.")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PorticoError(
            "key_file_open",
            "Other users of this machine may read the key file.",
            "Run chmod 600 on the file that PORTICO_KEY_FILE names, then start again.",
        )
    return _checked(path.read_text(encoding="ascii", errors="replace").strip())


def _checked(key: str) -> str:
    if len(key) != 64 or any(c not in "0123456789abcdefABCDEF" for c in key):
        raise PorticoError(
            "key_damaged",
            "The key of the local store is not a 256-bit key.",
            "Restore the key from the facility's recovery copy; the store itself is untouched.",
        )
    return key


def _missing(what: str) -> PorticoError:
    return PorticoError(
        "key_missing",
        what,
        "Run portico init for a new workstation, or restore the key from the recovery copy.",
    )


def _demand_trusted_keyring() -> None:
    if not keyring_is_trusted():
        raise PorticoError(
            "keyring_untrusted",
            "This machine has no keyring that encrypts, so the store's key has no safe place.",
            "Unlock or install a keyring (GNOME Keyring, KWallet, Windows Credential Locker), "
            "or name a key file in PORTICO_KEY_FILE for headless use.",
        )
