"""Keeping, finding and opening documents. The bytes lie in the encrypted store of this desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.documents.lane import LARGEST, Elsewhere, digest_of, not_there
from workstation.documents.model import Document
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Insert
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its bytes."""

    document: Document
    content: bytes


class Documents:
    """The encrypted store of documents, for one signed-in person at one desk.

    ``elsewhere`` is None where no shared database is set up: then every document is here.
    """

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)
        self._elsewhere = elsewhere

    def keep(
        self,
        content: bytes,
        kind: str,
        media_type: str,
        *,
        person_id: str | None = None,
        visit_id: str | None = None,
        about_id: str | None = None,
    ) -> Document:
        """Stores the bytes and records that they exist; the same bytes are stored once.

        Raises Refused ``document_too_large``.
        """
        signed = kind.startswith("signature")
        self._session.require(Permission.SIGN_PAPER if signed else Permission.CAPTURE)
        document = Document(digest_of(content), kind, media_type, person_id, visit_id, about_id)
        with self._store.unit_of_work() as work:
            self.keep_in(work, document, content)
            work.commit()
        return document

    def keep_in(self, work: UnitOfWork, document: Document, content: bytes) -> None:
        """The same inside a transaction of another use case, such as a payment's receipt."""
        if not 0 < len(content) <= LARGEST:
            raise Refused(
                "document_too_large",
                "This picture or file is empty, or larger than 32 MB. It was not kept.",
                "Scan it again, or make a smaller picture of it.",
            )
        now = iso(self._clock())
        if work.get("document_content", document.digest) is None:
            lies = {"size": len(content), "sent": False, "used_at": now}
            work.put_local("document_content", document.digest, {"content": content})
            work.put_local("document_lane", document.digest, lies)
        fact = {
            "digest": document.digest,
            "kind": document.kind,
            "media_type": document.media_type,
            "person_id": document.person_id,
            "visit_id": document.visit_id,
            "about_id": document.about_id,
            "at": now,
        }
        inserted = Insert("document", new_id(), fact)
        work.record(self._author.command("keep_document", document.person_id, (inserted,)))

    def of_person(self, person_id: str) -> list[dict[str, Any]]:
        """What is known of a person's documents, oldest first."""
        self._session.require(Permission.OPEN_CHART)
        return self._store.read().find("document", person_id=person_id)

    def open(self, document_id: str) -> Opened:
        """A document to be shown; that it was opened is audited first. May wait for the network.

        Raises Refused ``not_found``, and what :meth:`Elsewhere.fetch` raises.
        """
        self._session.require(Permission.OPEN_CHART)
        with self._store.unit_of_work() as work:
            row = work.get("document", document_id)
            if row is None:
                raise Refused(
                    "not_found", "This document is not on this workstation.", "Look at the list."
                )
            looked_at = {"used_at": iso(self._clock())}
            work.swap_local("document_lane", row["digest"], {}, looked_at)
            detail = {"document": document_id, "kind": row["kind"]}
            work.audit(self._session.user_id, "document_opened", row["person_id"], detail)
            work.commit()
        about = (row["person_id"], row["visit_id"], row["about_id"])
        document = Document(row["digest"], row["kind"], row["media_type"], *about)
        return Opened(document, self.content(document.digest))

    def content(self, digest: str) -> bytes:
        """The bytes, from this desk or from the shared database.

        Raises Refused ``document_not_there`` where neither has them, and what
        :meth:`Elsewhere.fetch` raises.
        """
        here = content_of(self._store.read(), digest)
        if here is not None:
            return here
        if self._elsewhere is None:
            raise not_there()
        return self._elsewhere.fetch(digest)


def content_of(store: Store, digest: str) -> bytes | None:
    """The bytes of a document by hash, or None where this desk does not hold them."""
    row = store.get("document_content", digest)
    return None if row is None else bytes(row["content"])
