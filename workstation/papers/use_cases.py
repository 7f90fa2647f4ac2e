"""Recording what became of a paper, as one append-only fact."""

from __future__ import annotations

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.consents import form_of
from workstation.papers.model import REASONS, Form, Outcome, Signing
from workstation.papers.rules import proof_is_asked, signer_is_other
from workstation.visits.rules import forbid_money_while_locked


class RecordSignature:
    """Writes one paper's outcome; the same key answers the same and writes nothing twice."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._facility_name = desk.facility.name
        self._author = Author(session.user_id, desk, clock)

    def record(self, signing: Signing, key: str) -> tuple[str, frozenset[Kind]]:
        """The id of the signature fact.

        Raises Refused ``signature_missing``, ``signer_missing``, ``proof_missing``,
        ``reason_missing`` where the outcome lacks what it stands on, and ``emtala_locked`` for a
        paper of money while the visit waits for its screening exam.
        """
        self._session.require(Permission.SIGN_PAPER)
        form = form_of(signing.form_id, signing.version)
        check_signing(signing, form)
        with self._store.unit_of_work() as work:
            before = work.answered(key)
            if before is not None:
                return str(before["signature_id"]), frozenset()
            if form.of_money:
                forbid_money_while_locked(work, signing.person_id, signing.visit_id)
            signature_id = new_id()
            work.record(self._command(signing, form, signature_id, key))
            work.commit()
        return signature_id, frozenset({Kind.PAPER})

    def _command(self, signing: Signing, form: Form, signature_id: str, key: str) -> Command:
        language = form.language(signing.language)
        fields = {
            "person_id": signing.person_id,
            "visit_id": signing.visit_id,
            "form_id": str(form.id),
            "form_version": form.version,
            "language": language,
            "text_hash": form.text_hash(language, self._facility_name),
            "outcome": str(signing.outcome),
            "reason": signing.reason or None,
            "signer": signing.signer or None,
            "signer_right": str(signing.right),
            "relation": signing.relation or None,
            "proof_seen": signing.proof_seen or None,
            "strokes_hash": signing.strokes,
            "image_hash": signing.image,
            "witness": signing.witness or self._session.user_id,
            "interpreter": signing.interpreter or None,
            "at": iso(self._clock()),
        }
        return self._author.command(
            "record_signature",
            signing.person_id,
            (Insert("signature", signature_id, fields),),
            reason=signing.reason or None,
            key=key,
            answer={"signature_id": signature_id},
        )


def check_signing(signing: Signing, form: Form) -> None:
    """Raises Refused where an outcome lacks what it stands on, as ``record`` says."""
    if signing.outcome is Outcome.SIGNED:
        _check_signed(signing, form)
    elif signing.outcome is Outcome.GIVEN:
        if form.asks_signature:
            raise Refused(
                "signature_missing",
                "This paper asks for a signature or a reason why there is none.",
                "Sign it on the pad, or choose Refused or Unable and say why.",
            )
    elif signing.reason not in {code for code, _ in REASONS[signing.outcome]}:
        raise Refused(
            "reason_missing",
            "This paper was left without a signature and without a reason.",
            "Choose why it was not signed.",
            field="reason",
        )


def _check_signed(signing: Signing, form: Form) -> None:
    if not form.asks_signature:
        return
    if not signing.strokes:
        raise Refused(
            "signature_missing",
            "Nothing was drawn on the signature pad.",
            "Ask for the signature, or choose Refused or Unable and say why.",
        )
    if signer_is_other(signing.right) and not signing.signer.strip():
        raise Refused(
            "signer_missing",
            "Somebody signs for the patient, and their name is not written down.",
            "Type the name of the person who signs.",
            field="signer",
        )
    if proof_is_asked(signing.right) and not signing.proof_seen.strip():
        raise Refused(
            "proof_missing",
            "This right to sign stands on a paper that was not seen yet.",
            "Ask for the court order or power of attorney and say which paper you saw.",
            field="proof_seen",
        )
