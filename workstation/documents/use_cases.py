"""Keeping and finding documents. The bytes never leave the encrypted store in the clear."""

from __future__ import annotations

import hashlib
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Session
from workstation.documents.model import Document
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Insert
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork


class Documents:
    """The encrypted store of documents, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._author = Author(session.user_id, desk, clock)

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
        """Stores the bytes and records that they exist; the same bytes are stored once."""
        digest = hashlib.sha256(content).hexdigest()
        document = Document(digest, kind, media_type, person_id, visit_id, about_id)
        with self._store.unit_of_work() as work:
            self.keep_in(work, document, content)
            work.commit()
        return document

    def keep_in(self, work: UnitOfWork, document: Document, content: bytes) -> None:
        """The same inside a transaction of another use case, such as a payment's receipt."""
        if work.get("document_content", document.digest) is None:
            work.put_local("document_content", document.digest, {"content": content})
        fact = {
            "digest": document.digest,
            "kind": document.kind,
            "media_type": document.media_type,
            "person_id": document.person_id,
            "visit_id": document.visit_id,
            "about_id": document.about_id,
            "at": iso(self._clock()),
        }
        inserted = Insert("document", new_id(), fact)
        work.record(self._author.command("keep_document", document.person_id, (inserted,)))

    def content(self, digest: str) -> bytes | None:
        """The bytes, or None where this desk does not hold them."""
        return content_of(self._store.read(), digest)

    def of_person(self, person_id: str) -> list[dict[str, Any]]:
        """What is known of a person's documents, oldest first."""
        return self._store.read().find("document", person_id=person_id)


def content_of(store: Store, digest: str) -> bytes | None:
    """The bytes of a document by hash, or None where this desk does not hold them."""
    row = store.get("document_content", digest)
    return None if row is None else bytes(row["content"])
