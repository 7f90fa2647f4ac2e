"""The payer directory: who a payer id or a name on a card is, and what kind of payer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from workstation.payers.model import PayerKind

_FILES = ("rules/payers.json", "rules/payer_names.json")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_KINDS = {
    "medicaid_managed": PayerKind.MEDICAID,
    "chip": PayerKind.MEDICAID,
    "workers_compensation": PayerKind.WORKERS_COMP,
    "no_fault": PayerKind.AUTO,
}
"""Words of a directory that are finer or other than ours; any further word is a commercial plan."""


@dataclass(frozen=True, slots=True)
class DirectoryPayer:
    """One payer. ``member_id_pattern`` is a regular expression of its member ids, if known."""

    payer_id: str | None
    name: str
    kind: PayerKind
    aliases: tuple[str, ...] = ()
    needs_pcp: bool = False
    needs_referral: bool = False
    eligibility_supported: bool = True
    member_id_pattern: str | None = None


class PayerDirectory:
    """Looks payers up by id or by any of their names."""

    def __init__(self, payers: Iterable[DirectoryPayer]) -> None:
        self.payers = tuple(payers)
        self._by_id: dict[str, DirectoryPayer] = {}
        self._by_name: dict[str, DirectoryPayer] = {}
        for payer in self.payers:
            if payer.payer_id:
                self._by_id.setdefault(payer.payer_id.upper(), payer)
            for name in (payer.name, *payer.aliases):
                self._by_name.setdefault(_plain(name), payer)

    def find(self, payer_id: str | None, name: str | None = None) -> DirectoryPayer | None:
        """The payer with this id or, failing that, this name.

        Several payers of one house may share an id: a known name then decides between them.
        """
        named = self._by_name.get(_plain(name)) if name else None
        if named is not None and (not payer_id or named.payer_id == payer_id):
            return named
        return self._by_id.get(payer_id.strip().upper()) if payer_id else None

    def kind_of(self, said: str | None, payer_id: str | None, name: str | None) -> PayerKind:
        """What pays: the coverage's own word, else what is known of its payer.

        A payer of which nothing is known is a commercial plan.
        """
        if said:
            return PayerKind(said)
        payer = self.find(payer_id, name)
        return payer.kind if payer is not None else PayerKind.COMMERCIAL


def _plain(name: str) -> str:
    return _NOT_WORD.sub("", name.casefold())


def read_directory(source: Traversable) -> PayerDirectory:
    """Reads a directory file; a file that is not there is an empty directory."""
    if not source.is_file():
        return PayerDirectory(())
    data = json.loads(source.read_text("utf-8"))
    rows = data["payers"] if isinstance(data, dict) else data
    return PayerDirectory(_payer(row) for row in rows)


@cache
def payer_directory() -> PayerDirectory:
    """The directory that ships with the program, then the well-known payers of cards."""
    folder = resources.files("resources")
    found = (read_directory(folder.joinpath(name)).payers for name in _FILES)
    return PayerDirectory(payer for payers in found for payer in payers)


def _payer(row: Mapping[str, Any]) -> DirectoryPayer:
    return DirectoryPayer(
        payer_id=row.get("payer_id"),
        name=row["name"],
        kind=payer_kind(row.get("kind")),
        aliases=tuple(row.get("aliases") or ()),
        needs_pcp=bool(row.get("needs_pcp")),
        needs_referral=bool(row.get("needs_referral")),
        eligibility_supported=row.get("eligibility_supported") is not False,
        member_id_pattern=row.get("member_id_pattern"),
    )


def payer_kind(word: str | None) -> PayerKind:
    """The kind that a directory's word means; unknown words are commercial plans."""
    if word in _KINDS:
        return _KINDS[word]
    return PayerKind(word) if word in set(PayerKind) else PayerKind.COMMERCIAL
