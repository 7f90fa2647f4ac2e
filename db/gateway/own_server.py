"""A whole shared database for the demo, the tour and tests: PostgreSQL, schema, applier."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from db.gateway.service import ApplierService
from db.postgres_server import PostgresServer
from db.shared.admin import enrol_desk, prepare_shared


class OwnSharedDatabase:
    """Starts on ``with`` (about two seconds), is gone afterwards. Holds invented people only."""

    def __init__(self) -> None:
        self._server = PostgresServer()
        self._applier: ApplierService | None = None

    def __enter__(self) -> Self:
        self._server.start()
        prepare_shared(self.admin_dsn)
        self._applier = ApplierService(self.admin_dsn, poll_seconds=0.05, retry_seconds=0.2)
        self._applier.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._applier is not None:
            self._applier.stop()
        self._server.remove()

    @property
    def admin_dsn(self) -> str:
        """The superuser's DSN, for reading back by SQL."""
        return self._server.dsn()

    def enrol(self, desk: str, facility: str) -> str:
        """A desk's own DSN; like a privacy officer's desk it may read the trails of all."""
        return enrol_desk(self.admin_dsn, desk, facility, auditor=True).dsn

    def cut(self) -> None:
        """The server dies, as in a power cut: desks go on offline."""
        self._server.stop(crash=True)

    def mend(self) -> None:
        """The server is back on the same port; desks and applier find it by themselves."""
        self._server.start()
