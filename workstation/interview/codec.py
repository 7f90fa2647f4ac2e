"""How a draft and its way through the pages are written down: JSON, version first."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from workstation.interview.flow import Stop, Walk
from workstation.interview.model import DRAFT_VERSION, Draft, PageId
from workstation.interview.scans import Scan
from workstation.kernel.errors import NotUnderstood

T = TypeVar("T")


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """The draft as JSON values; empty sections are left out."""
    return {"version": DRAFT_VERSION, "draft": to_json(draft)}


def draft_from_json(value: dict[str, Any]) -> Draft:
    """Reads what :func:`draft_to_json` wrote, also by an older version.

    Raises NotUnderstood ``draft_newer`` for a draft of a newer Portico; it is left untouched.
    """
    if int(value.get("version", 0)) > DRAFT_VERSION:
        raise NotUnderstood(
            "draft_newer",
            "This check-in was begun with a newer Portico. It is safe where it is.",
            "Finish it at a desk that was updated, or update this one.",
        )
    return from_json(Draft, value["draft"])


def to_json(value: Any) -> Any:
    """Dataclasses as objects without the parts that are as they were at the start."""
    if is_dataclass(value) and not isinstance(value, type):
        written = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: to_json(part) for name, part in written.items() if part not in ("", (), None)}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, str):
        return str(value)
    return value


def from_json(form: type[T], value: Any) -> T:
    """The dataclass ``form`` read from what :func:`to_json` wrote; unknown keys are ignored."""
    hints = _hints(form)  # type: ignore[arg-type]
    known = {name: _read(hints[name], part) for name, part in value.items() if name in hints}
    return form(**known)


@cache
def _hints(form: type[Any]) -> dict[str, Any]:
    return get_type_hints(form)


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], part) for part in value)
    if isinstance(hint, types.UnionType):
        inner = next(part for part in get_args(hint) if part is not types.NoneType)
        return None if value is None else _read(inner, value)
    if is_dataclass(hint):
        return from_json(hint, value)  # type: ignore[arg-type]
    return hint(value) if isinstance(hint, type) and issubclass(hint, str) else value


def walk_to_json(walk: Walk) -> dict[str, Any]:
    """The whole way: draft, page, and the drafts behind and ahead, so that Back stays exact."""
    return {
        **draft_to_json(walk.draft),
        "page": str(walk.page),
        "behind": [_stop_to_json(stop) for stop in walk.behind],
        "ahead": [_stop_to_json(stop) for stop in walk.ahead],
        "seen": sorted(walk.seen),
        "scans": [to_json(scan) for scan in walk.scans],
        "known": None if walk.known is None else to_json(walk.known),
        "base": None if walk.base is None else to_json(walk.base),
    }


def walk_from_json(value: dict[str, Any]) -> Walk:
    """Reads what :func:`walk_to_json` wrote. Raises NotUnderstood ``draft_newer``."""
    base, known = value.get("base"), value.get("known")
    return Walk(
        draft=draft_from_json(value),
        page=PageId(value.get("page", PageId.IDENTITY)),
        behind=tuple(_stop_from_json(stop) for stop in value.get("behind", ())),
        ahead=tuple(_stop_from_json(stop) for stop in value.get("ahead", ())),
        seen=frozenset(PageId(page) for page in value.get("seen", ())),
        scans=tuple(from_json(Scan, scan) for scan in value.get("scans", ())),
        known=None if known is None else from_json(Draft, known),
        base=None if base is None else from_json(Draft, base),
    )


def _stop_to_json(stop: Stop) -> dict[str, Any]:
    return {"page": str(stop.page), "draft": to_json(stop.draft)}


def _stop_from_json(value: dict[str, Any]) -> Stop:
    return Stop(PageId(value["page"]), from_json(Draft, value["draft"]))
