"""Imports every module that declares tables, so that the metadata is whole."""

from __future__ import annotations

import importlib
from types import ModuleType

_MODULES = (
    "db.local",
    "db.facility",
    "db.documents",
    "db.work_items",
    "db.people",
    "db.visits",
    "db.payers",
    "db.eligibility",
    "db.estimates",
    "db.payments",
    "db.papers",
    "db.interview",
    "db.sync.tables",
    "db.sync.spells",
    "db.shared.tables",
)

ALL: tuple[ModuleType, ...] = tuple(importlib.import_module(name) for name in _MODULES)
