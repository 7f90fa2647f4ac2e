"""The facility's recovery key: what is sealed to its public half, only its private half opens.

HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM. Either half is written in Crockford's
base 32, in 13 groups of four signs and Crockford's check sign: a slip of the pen is told with the
number of its group.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.phrases import phrase

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _SIGNS + "*~$=U"
_READ_AS = str.maketrans("OIL", "011", " -\t\r")

_KEY_BYTES = 32
_GROUPS = 13
_PUBLIC, _PRIVATE = 0xA, 0x5
"""Four bits before the key say which half it is."""


@dataclass(frozen=True, slots=True)
class PublicHalf:
    """What a workstation keeps: it can seal, and not open."""

    raw: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From its groups. Raises NotUnderstood ``recovery_key_unreadable``."""
        which, raw = _read_groups(text)
        if which != _PUBLIC:
            raise NotUnderstood(
                "recovery_key_private",
                "This is the private half of a recovery key. It was not kept.",
                "Give the public half, and bring the private one back to the safe.",
            )
        return cls(raw)

    def written(self) -> str:
        """Its groups, in three lines."""
        return _written(_PUBLIC, self.raw)

    @property
    def fingerprint(self) -> str:
        """Eight signs by which people tell recovery keys apart."""
        return fingerprint(b"portico recovery key" + self.raw)

    def seal(self, content: bytes, purpose: str) -> bytes:
        """What only the private half opens, and only for the same purpose."""
        public = X25519PublicKey.from_public_bytes(self.raw)
        return _SUITE.encrypt(content, public, info=purpose.encode())


@dataclass(frozen=True, slots=True, repr=False)
class PrivateHalf:
    """What lies in the facility's safe, and never on a workstation."""

    raw: bytes

    @classmethod
    def make(cls) -> Self:
        """A new one."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> Self:
        """As it was typed or filed. Raises NotUnderstood ``recovery_key_unreadable``."""
        which, raw = _read_groups(text)
        if which != _PRIVATE:
            raise NotUnderstood(
                "recovery_key_public",
                "This is the public half of a recovery key, which opens nothing.",
                "Fetch the private half from the facility's safe.",
            )
        return cls(raw)

    def written(self) -> str:
        """Its groups, in three lines."""
        return _written(_PRIVATE, self.raw)

    @property
    def public(self) -> PublicHalf:
        """The other half."""
        return PublicHalf(self._key.public_key().public_bytes_raw())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed. Raises Refused ``recovery_key_wrong``, also where it was damaged."""
        try:
            return _SUITE.decrypt(sealed, self._key, info=purpose.encode())
        except (InvalidTag, ValueError):
            raise Refused(
                "recovery_key_wrong",
                "This recovery key does not open what was sealed. Nothing was changed.",
                "Fetch the recovery key with the fingerprint that portico keys show names.",
            ) from None

    @property
    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.raw)


def form_for_the_safe(key: PrivateHalf) -> str:
    """The sheet that is printed and locked away; it is read back as it is, or typed."""
    return (
        f"# Portico recovery key {key.public.fingerprint}: PRIVATE HALF\n"
        "# It opens the workstations of this facility and what they kept for it.\n"
        "# Print it, lock it away, remove this file. Never keep it on a workstation.\n"
        "# The fifth sign of each group is a check sign. 0 is zero; there is no letter O, I or L.\n"
        f"{key.written()}\n"
    )


def form_for_workstations(key: PublicHalf) -> str:
    """The file that ``portico init --recovery-key`` takes."""
    return (
        f"# Portico recovery key {key.fingerprint}: public half\n"
        "# Give it to each workstation: portico init --facility NAME --recovery-key THIS-FILE\n"
        f"{key.written()}\n"
    )


def fingerprint(content: bytes) -> str:
    """Eight signs of a digest, in two groups."""
    value = int.from_bytes(hashlib.sha256(content).digest()[:5])
    signs = "".join(_SIGNS[value >> shift & 31] for shift in range(35, -1, -5))
    return f"{signs[:4]}-{signs[4:]}"


def _written(which: int, raw: bytes) -> str:
    value = which << 8 * _KEY_BYTES | int.from_bytes(raw)
    numbers = [value >> 20 * place & 0xFFFFF for place in reversed(range(_GROUPS))]
    groups = [_group(number) for number in numbers]
    return "\n".join(" ".join(groups[first : first + 5]) for first in range(0, _GROUPS, 5))


def _group(number: int) -> str:
    return "".join(_SIGNS[number >> shift & 31] for shift in (15, 10, 5, 0)) + _CHECKS[number % 37]


def _read_groups(text: str) -> tuple[int, bytes]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    signs = "".join(lines).upper().translate(_READ_AS)
    groups = [signs[first : first + 5] for first in range(0, len(signs), 5)]
    if len(signs) != 5 * _GROUPS:
        raise NotUnderstood(
            "recovery_key_unreadable",
            "A recovery key has 13 groups of five signs; this has another number of them.",
            "Type it again from the sheet, all three lines.",
        )
    value = 0
    for place, group in enumerate(groups, 1):
        number = _number(group)
        if number is None:
            raise NotUnderstood(
                "recovery_key_unreadable",
                phrase("Group {place} of the recovery key has a slip of the pen.", place=place),
                "Compare it with the sheet, sign by sign, then try again.",
            )
        value = value << 20 | number
    return value >> 8 * _KEY_BYTES, (value & (1 << 8 * _KEY_BYTES) - 1).to_bytes(_KEY_BYTES)


def _number(group: str) -> int | None:
    try:
        number = sum(_SIGNS.index(sign) << 5 * (3 - place) for place, sign in enumerate(group[:4]))
    except ValueError:
        return None
    return number if _CHECKS[number % 37] == group[4] else None
