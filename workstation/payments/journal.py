"""The ledger as a plain-text journal (hledger's form), for accountants and strangers' programs.

Accounts are ``account:party:visit`` by id, so that no name is in the file. With assertions, the
closing balance of every account stands at the end and any ledger program can check it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from workstation.kernel.unit_of_work import Store

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


def trial_balance(store: Store) -> dict[str, int]:
    """Cents by account; the values of a whole ledger sum to zero."""
    sums: dict[str, int] = defaultdict(int)
    for line in store.find("ledger_line"):
        sums[line["account"]] += int(line["cents"])
    return dict(sums)


def journal(store: Store, *, assertions: bool = True) -> Iterator[str]:
    """Lines of the journal, entries in order of day and making."""
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in store.find("ledger_line"):
        lines[line["entry_id"]].append(line)
    closing: dict[str, int] = defaultdict(int)
    day = None
    for entry in sorted(store.find("ledger_entry"), key=lambda row: (row["day"], row["id"])):
        day = entry["day"]
        yield f"{day} ({entry['receipt_no'] or '-'}) {entry['kind']}  ; entry:{entry['id']}"
        for line in sorted(lines[entry["id"]], key=lambda row: int(row["n"])):
            name = _account(line)
            closing[name] += int(line["cents"])
            yield f"    {name}  {_amount(int(line['cents']))}"
        yield ""
    if assertions and day is not None:
        yield f"{day} closing balances"
        for name, cents in sorted(closing.items()):
            yield f"    {name}  0 = {_amount(cents)}"
        yield ""


def _account(line: dict[str, Any]) -> str:
    parts = (line["account"], line["party"], line["visit_id"])
    return ":".join(_UNSAFE.sub("_", part) for part in parts if part)


def _amount(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d} USD"
