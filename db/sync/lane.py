"""The lane of documents between this desk and the shared database: parts, one by one, by hash.

A document's bytes go after the command that tells of it, and come when a desk opens it. Neither
way ever waits for commands or makes them wait: the lane has connections of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects import sqlite

from db.documents import document, document_arriving, document_content, document_lane
from db.store import SqlStore
from db.sync.tables import sync_base
from db.sync.ways import documents_to
from workstation.documents.lane import assembled, not_there, parts_to_send
from workstation.kernel.clock import iso
from workstation.kernel.errors import Refused
from workstation.sync.transport import DocumentTransport

AT_ONCE = 4
"""Parts that are fetched in one round trip: 1 MiB."""

KEPT_FOR = timedelta(days=14)
"""So long a document stays here after it was last used, also where room is short: a shared
database that was restored from a backup may need it again."""

_TIDIED = 500
"""Documents given up in one transaction."""


class DocumentLane:
    """Sends and fetches documents for one store. Safe to use from several threads."""

    def __init__(self, store: SqlStore, dsn: str) -> None:
        self._store = store
        self._dsn = dsn
        self._way: DocumentTransport | None = None
        self._making = threading.Lock()

    def send(self, give_up: Callable[[], bool] = lambda: False) -> int:
        """Sends what the shared database knows of and has no bytes of; answers how many are whole.

        ``give_up`` is asked before each part. Raises OutsideSilent; what was sent stays sent.
        """
        done = 0
        for digest in self._to_send():
            try:
                done += self._send(digest, give_up)
            except Refused:
                continue  # the server does not take this one yet: it must not hold up the others
        return done

    def fetch(self, digest: str) -> bytes:
        """The bytes; see ``workstation.documents.lane.Elsewhere``."""
        with self._store.reading() as mine:
            here = document_arriving.c.digest == digest
            found = mine.execute(select(document_arriving).where(here))
            arrived = {each.part: bytes(each.content) for each in found}
        size = self._receive(digest, arrived)
        parts = [arrived[number] for number in sorted(arrived)]
        if size is None or sum(len(part) for part in parts) < size:
            raise not_there()
        with self._store.writing() as mine:
            mine.execute(delete(document_arriving).where(here))
        content = assembled(digest, parts)
        self._keep(digest, content)
        return content

    def tidy(self, most: int) -> int:
        """Gives up the bytes of what was not used for long, oldest first, until ``most`` are kept.

        Only what the shared database has too; answers how many documents went.
        """
        long_ago = iso(self._store.clock() - KEPT_FOR)
        with self._store.reading() as mine:
            total = mine.execute(select(func.sum(document_lane.c.size))).scalar() or 0
            old = mine.execute(
                select(document_lane.c.id, document_lane.c.size)
                .where(document_lane.c.sent, document_lane.c.used_at < long_ago)
                .order_by(document_lane.c.used_at)
                .limit(_TIDIED)
            ).all()
        gone = []
        for digest, size in old:
            if total <= most:
                break
            total -= size
            gone.append(digest)
        if gone:
            with self._store.writing() as mine:
                for table in (document_content, document_lane):
                    mine.execute(delete(table).where(table.c.id.in_(gone)))
        return len(gone)

    def close(self) -> None:
        """Closes the lane's connections."""
        if self._way is not None:
            self._way.close()

    def _shared(self) -> DocumentTransport:
        with self._making:
            if self._way is None:
                with self._store.reading() as mine:
                    facility = self._store.facility(mine)
                self._way = documents_to(self._dsn, facility)
            return self._way

    def _to_send(self) -> list[str]:
        """What is not sent yet and whose command the shared database has applied."""
        told = exists().where(
            document.c.digest == document_lane.c.id,
            sync_base.c.kind == "document",
            sync_base.c.id == document.c.id,
        )
        unsent = select(document_lane.c.id).where(~document_lane.c.sent, told)
        with self._store.reading() as mine:
            return list(mine.execute(unsent.order_by(document_lane.c.used_at)).scalars())

    def _send(self, digest: str, give_up: Callable[[], bool]) -> bool:
        with self._store.reading() as mine:
            wanted = select(document_content.c.content).where(document_content.c.id == digest)
            content = bytes(mine.execute(wanted).scalar_one())
        shared = self._shared()
        for number, part in parts_to_send(content, shared.parts_there(digest)):
            if give_up():
                return False
            # Part by part: a broken line goes on where it broke.
            shared.send_part(digest, len(content), number, part)
        with self._store.writing() as mine:
            mine.execute(
                update(document_lane).where(document_lane.c.id == digest).values(sent=True)
            )
        return True

    def _receive(self, digest: str, arrived: dict[int, bytes]) -> int | None:
        """Adds to ``arrived``, and to the store, what is there; answers the size of the whole."""
        shared = self._shared()
        size = None
        last = max(arrived, default=-1)
        while True:
            # The last part that is here comes along: it tells the size.
            whole, found = shared.parts(digest, max(last, 0), 1 + AT_ONCE)
            news = {number: part for number, part in found.items() if number > last}
            size = whole if whole is not None else size
            if not news:
                return size
            self._keep_parts(digest, news)
            arrived |= news
            last = max(news)

    def _keep_parts(self, digest: str, parts: dict[int, bytes]) -> None:
        with self._store.writing() as mine:
            mine.execute(
                sqlite.insert(document_arriving).on_conflict_do_nothing(),
                [{"digest": digest, "part": n, "content": part} for n, part in parts.items()],
            )

    def _keep(self, digest: str, content: bytes) -> None:
        lies = {"size": len(content), "sent": True, "used_at": iso(self._store.clock())}
        with self._store.writing() as mine:
            kept = sqlite.insert(document_content).values(id=digest, content=content)
            if mine.execute(kept.on_conflict_do_nothing()).rowcount:
                mine.execute(insert(document_lane).values(id=digest, **lies))
