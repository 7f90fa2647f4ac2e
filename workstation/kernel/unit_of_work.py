"""The one door to the store: rows, outbox and audit are written together or not at all."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol, Self

from workstation.kernel.commands import Command, Fields


class Store(Protocol):
    """Reads of current rows, by id or by equal fields. Rows are plain dicts of JSON values."""

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The row with its ``id`` and ``rev``, or None."""
        ...

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        """All rows whose columns equal the values given, oldest first."""
        ...


class UnitOfWork(Store, Protocol):
    """A write transaction (``BEGIN IMMEDIATE``): left without ``commit`` it never was."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def record(self, command: Command) -> None:
        """Writes the command's changes, its outbox row and its audit row.

        Raises Refused ``stale`` where the base of a Revise is no longer true on this desk.
        """
        ...

    def answered(self, key: str) -> Fields | None:
        """What the command with this idempotency key was answered, if there was one."""
        ...

    def next_number(self, series: str) -> int:
        """The next number of a gapless local series, such as receipts; given back on rollback."""
        ...

    def audit(
        self, actor: str, what: str, subject: str | None, detail: Fields | None = None
    ) -> None:
        """Appends to the audit chain without a command: a chart opened, a search settled."""
        ...

    def anchor(self, kind: str) -> tuple[int, str]:
        """Length and last hash of the audit chain as it is now, noted as known by ``kind``, such as
        ``report``: it is checked against that from then on."""
        ...

    def put_local(self, kind: str, id: str, fields: Fields) -> None:
        """Inserts or replaces a row that never leaves this desk (draft, job, payment attempt)."""
        ...

    def swap_local(self, kind: str, id: str, expect: Fields, set: Fields) -> bool:
        """Compare-and-set on a local row: False, nothing changed, where ``expect`` is not so."""
        ...

    def drop_local(self, kind: str, id: str) -> None:
        """Removes a local row that has served, such as a finished draft."""
        ...

    def commit(self) -> None: ...


class StoreGateway(Protocol):
    """Opens units of work and reads; safe to use from several threads."""

    def unit_of_work(self) -> UnitOfWork: ...

    def read(self) -> Store:
        """A reader of the last committed state; each call sees what was committed before it."""
        ...
