"""What lies in a chart to be looked at again: papers of earlier visits, cards and licences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.access.model import Permission, Session
from workstation.documents.use_cases import Documents
from workstation.facility.model import Facility
from workstation.kernel.clock import from_iso
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.consents import all_forms
from workstation.papers.copies import SignedCopies
from workstation.papers.model import Form, Outcome
from workstation.visits.rules import locked_visit_of

PICTURES = {
    "card_front": "Insurance card, front",
    "card_back": "Insurance card, back",
    "licence": "Licence",
}
"""Kinds of document that are pictures a person looks at, in words."""

_BECAME = {
    Outcome.SIGNED: "signed",
    Outcome.GIVEN: "given",
    Outcome.REFUSED: "declined",
    Outcome.UNABLE: "unable",
    Outcome.LATER: "later",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filed:
    """One paper or picture of a chart. ``on`` is the facility's day."""

    id: str
    title: str
    on: date
    is_paper: bool
    """A paper, whose copy is a PDF; else a picture."""
    became: str = ""
    """Signed, given, declined; empty for a picture."""


class FiledPapers:
    """The papers and pictures of a chart, for one signed-in person."""

    def __init__(
        self,
        store: StoreGateway,
        session: Session,
        documents: Documents,
        facility: Facility,
    ) -> None:
        self._store = store
        self._session = session
        self._documents = documents
        self._copies = SignedCopies(store, session, documents, facility)
        self._facility = facility

    def of_person(self, person_id: str) -> tuple[Filed, ...]:
        """Everything there is, the newest first; of a visit that was somebody else's nothing.

        An empty ``person_id`` is somebody who has no chart yet, and so nothing in it.

        While the emergency lock holds no paper of money is among them (42 CFR 489.24(d)(4)).
        """
        self._session.require(Permission.OPEN_CHART)
        if not person_id:
            return ()
        read = self._store.read()
        visits = read.find("visit", person_id=person_id)
        moved = {visit["id"] for visit in visits if visit.get("moved_to")}
        locked = locked_visit_of(read, person_id) is not None
        forms = {(str(form.id), form.version): form for form in all_forms()}
        found = []
        for row in read.find("signature", person_id=person_id):
            form = forms.get((row["form_id"], row["form_version"]))
            hidden = row["visit_id"] in moved or (locked and form is not None and form.of_money)
            if form is not None and not hidden:
                found.append((row["at"], self._paper(row, form)))
        for row in read.find("document", person_id=person_id):
            if row["kind"] in PICTURES and row["visit_id"] not in moved:
                title = PICTURES[row["kind"]]
                found.append((row["at"], Filed(row["id"], title, self._day(row), False)))
        found.sort(key=lambda one: (one[0], one[1].id), reverse=True)
        return tuple(filed for _, filed in found)

    def open(self, filed: Filed) -> bytes:
        """A PDF for a paper, a picture file for a picture; that it was opened is audited first.

        May wait for the network. Raises what :meth:`SignedCopies.pdf` and :meth:`Documents.open`
        raise.
        """
        if filed.is_paper:
            return self._copies.pdf(filed.id)
        return self._documents.open(filed.id).content

    def _paper(self, row: Row, form: Form) -> Filed:
        became = _BECAME[Outcome(row["outcome"])]
        return Filed(row["id"], form.title["en"], self._day(row), True, became)

    def _day(self, row: Row) -> date:
        return from_iso(row["at"]).astimezone(self._facility.zone).date()
