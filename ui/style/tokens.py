"""Reads resources/style/tokens.json: the one place where colours, sizes and type are written."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import resources

RESOURCES = Path(resources.__file__).parent


class Space(NamedTuple):
    """Gaps in device-independent pixels, on the 4 px grid."""

    xs: int
    s: int
    m: int
    l: int  # noqa: E741 - the sizes are named like shirts
    xl: int


class Ring(NamedTuple):
    """The focus ring: its width, and the gap between it and the widget's edge."""

    width: int
    gap: int


def _read() -> dict[str, Any]:
    text = (RESOURCES / "style" / "tokens.json").read_text(encoding="utf-8")
    tokens: dict[str, Any] = json.loads(text)
    return tokens


_TOKENS = _read()

LIGHT: MappingProxyType[str, str] = MappingProxyType(_TOKENS["light"])
DARK: MappingProxyType[str, str] = MappingProxyType(_TOKENS["dark"])
SPACE = Space(**_TOKENS["space"])
RADIUS: int = _TOKENS["radius"]
HEIGHT: MappingProxyType[str, int] = MappingProxyType(_TOKENS["height"])
RING = Ring(**_TOKENS["ring"])
FAMILY: str = _TOKENS["type"]["family"]
TYPE: MappingProxyType[str, int] = MappingProxyType(
    {role: size for role, size in _TOKENS["type"].items() if role != "family"}
)
ICON: MappingProxyType[str, int] = MappingProxyType(_TOKENS["icon"])
MOTION_MS: int = _TOKENS["motion_ms"]
