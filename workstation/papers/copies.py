"""Copies of signed papers, drawn again from the fact: exactly the text that was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from workstation.access.model import Permission, Session
from workstation.documents.use_cases import Documents
from workstation.facility.model import Facility
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.consents import form_of
from workstation.papers.model import REASONS, FormId, Outcome, Right
from workstation.papers.signed_form import SignedForm, signed_form_pdf
from workstation.visits.rules import forbid_money_while_locked


class SignedCopies:
    """The patient's copy of what was signed, declined or handed over."""

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
        self._facility = facility

    def pdf(self, signature_id: str) -> bytes:
        """The paper as PDF; that it was opened is audited first. May wait for the network.

        No number of the patient stands on it.

        Raises Refused ``not_found``, ``emtala_locked`` for a paper of money, and what
        :meth:`Documents.content` raises where the signature is still at another desk; PorticoError
        ``form_text_differs`` where the text that this program holds is not the one that was read:
        such a copy would say what nobody signed.
        """
        self._session.require(Permission.OPEN_CHART)
        read = self._store.read()
        row = read.get("signature", signature_id)
        person = read.get("person", row["person_id"]) if row else None
        if row is None or person is None:
            raise Refused(
                "not_found",
                "This paper is not on this workstation.",
                "Print it at the desk where it was signed.",
            )
        form = form_of(FormId(row["form_id"]), row["form_version"])
        if form.of_money:
            forbid_money_while_locked(read, row["person_id"])
        with self._store.unit_of_work() as work:
            detail = {"signature": signature_id, "form": row["form_id"]}
            work.audit(self._session.user_id, "document_opened", row["person_id"], detail)
            work.commit()
        if form.text_hash(row["language"], self._facility.name) != row["text_hash"]:
            raise PorticoError(
                "form_text_differs",
                "The text of this form is not the one that was signed. The signature is safe.",
                "Ask IT for the version of Portico with which it was signed.",
            )
        image = self._documents.content(row["image_hash"]) if row["image_hash"] else None
        return signed_form_pdf(form, self._paper(row, person, image))

    def _paper(
        self, row: dict[str, Any], person: dict[str, Any], image: bytes | None
    ) -> SignedForm:
        outcome = Outcome(row["outcome"])
        reasons = dict(REASONS.get(outcome, ()))
        given = " ".join(part for part in (person["first"], person["middle"]) if part)
        return SignedForm(
            facility=self._facility.name,
            time_zone=self._facility.time_zone,
            patient=" ".join(part for part in (given, person["last"]) if part),
            born=_day(person["dob"]),
            language=row["language"],
            outcome=outcome,
            at=from_iso(row["at"]),
            signer=row["signer"] or "",
            right=Right(row["signer_right"]),
            proof_seen=row["proof_seen"] or "",
            reason=reasons.get(row["reason"] or "", row["reason"] or ""),
            signature_png=image,
        )


def _day(text: str | None) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).strftime("%d %b %Y")
    except ValueError:
        return text
