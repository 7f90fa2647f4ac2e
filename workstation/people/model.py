"""The person, as typed; normalised forms are derived (normalise.py), never stored over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from workstation.kernel.errors import NotUnderstood

_NO = frozenset(("n", "no", "f", "false", "0", "0.0", "single"))
_LISTS = frozenset(("phones", "phone_uses", "aliases", "race_ethnicity"))
_FLAGS = frozenset(
    ("interpreter", "deceased", "vip", "confidential_address", "privacy_flag", "multiple_birth")
)


@dataclass(frozen=True, slots=True)
class Person:
    """Everything the desk asks about a person's identity; every field may be missing.

    ``dob`` is an ISO date as far as it could be read; ``sex`` is F, M, X, U or None. ``aliases``
    are former, maiden and other names as typed (``Last, First`` or ``First Last``).
    ``phone_uses`` says place by place what ``phones`` are used for (phones.py).
    ``race_ethnicity`` is the combined question of OMB SPD 15 (2024). ``confidential_communication``
    says how the person asked to be reached (45 CFR 164.522(b)); ``photo_document`` is the id of
    a document.
    """

    id: str | None = None
    last: str | None = None
    first: str | None = None
    middle: str | None = None
    suffix: str | None = None
    dob: str | None = None
    sex: str | None = None
    ssn: str | None = None
    mbi: str | None = None
    mrn: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    aliases: tuple[str, ...] = ()
    mother_mrn: str | None = None
    birth_order: int | None = None
    multiple_birth: bool | None = None
    preferred_name: str | None = None
    previous_last: str | None = None
    language: str | None = None
    interpreter: bool | None = None
    race_ethnicity: tuple[str, ...] = ()
    tribal_affiliation: str | None = None
    marital_status: str | None = None
    deceased: bool | None = None
    vip: bool | None = None
    confidential_address: bool | None = None
    confidential_communication: str | None = None
    privacy_flag: bool | None = None
    photo_document: str | None = None
    phone_uses: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Person:
        """Reads a Person of contracts.md tolerantly: numbers for text, words for flags.

        Unknown keys are ignored (:func:`unknown_keys` names them). Raises NotUnderstood where
        ``data`` is no object.
        """
        if not isinstance(data, Mapping):
            raise NotUnderstood("person_not_understood", "A person must be a JSON object.")
        return cls(**{k: _read(k, v) for k, v in data.items() if k in _KEYS and v is not None})

    def as_json(self) -> dict[str, Any]:
        """All fields; lists for tuples, None for what is absent."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in ((key, getattr(self, key)) for key in KEYS)
        }


KEYS = tuple(f.name for f in fields(Person))
_KEYS = frozenset(KEYS)


def unknown_keys(data: Mapping[str, Any]) -> list[str]:
    """Keys that no version of Person known here has, sorted."""
    return sorted(k for k in data if k not in _KEYS)


def _read(key: str, value: Any) -> Any:
    reader = _READERS.get(key)
    if reader is not None:
        return reader(value)
    return value.strip() or None if type(value) is str else _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else [value]
    return tuple(t for t in (_alias_text(item) for item in items) if t)


def _alias_text(item: Any) -> str | None:
    """An alias, phone or race entry: text, or an object with last and first, or with a number."""
    if isinstance(item, str):
        return item.strip() or None
    if isinstance(item, Mapping):
        last, first = _text(item.get("last")), _text(item.get("first"))
        if last or first:
            return ", ".join((last or "", first or "")).rstrip(", ")
        return _text(item.get("number")) or _text(item.get("name")) or _text(item.get("value"))
    return _text(item)


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = (_text(value) or "").lower()
    if not word or word in ("u", "unk", "unknown", "?", "null", "none"):
        return None
    return word not in _NO


def _birth_order(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    word = (_text(value) or "").lower()
    if len(word) == 1 and "a" <= word <= "f":
        return ord(word) - ord("a") + 1
    digits = word[:1] if word[1:] in ("", "st", "nd", "rd", "th", ".0") else ""
    return int(digits) if digits.isdecimal() and digits != "0" else None


def _sex(value: Any) -> str | None:
    word = (_text(value) or "").upper()
    letter = word[:1]
    if letter == "N" or word in ("O", "OTHER"):
        return "X"
    return letter if letter in ("F", "M", "X", "U") and letter else None


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_LISTS, _texts),
    **dict.fromkeys(_FLAGS, _flag),
    "birth_order": _birth_order,
    "sex": _sex,
}
