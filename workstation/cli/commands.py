"""The commands of ``portico do``: JSON in, a use case, a durable answer out; each key once."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from workstation.cli.answers import emit, tell
from workstation.cli.shapes import checked_shape
from workstation.compose import Workstation
from workstation.kernel.commands import Fields
from workstation.kernel.errors import ANSWERED_BEFORE, NotUnderstood, PorticoError
from workstation.people.model import Person
from workstation.visits.model import PatientClass, ScreeningOutcome
from workstation.visits.use_cases import NewVisit

E = TypeVar("E", bound=StrEnum)


class Doer:
    """Carries out command lines as the service user of one workstation."""

    def __init__(self, workstation: Workstation) -> None:
        self._workstation = workstation
        self._use = workstation.automation()
        self._known: dict[str, Callable[[str, dict[str, Any]], Fields]] = {
            "register_patient": self._register_patient,
            "revise_demographics": self._revise_demographics,
            "add_coverage": self._add_coverage,
            "open_visit": self._open_visit,
            "record_screening_exam": self._record_screening_exam,
            "record_payment": self._record_payment,
            "refund_payment": self._refund_payment,
            "merge_people": self._merge_people,
            "resolve_conflict": self._resolve_conflict,
        }

    def answer_line(self, line: bytes) -> bool:
        """Answers one line of UTF-8; False where the line itself could not be understood."""
        key: object = None
        try:
            command = _parsed(line)
            key = command.get("key")
            if not isinstance(key, str) or not key:
                raise NotUnderstood(
                    "key_missing", "This command has no key.", "Give every command its own key."
                )
            emit({"key": key, **self._answer(key, command)})
        except NotUnderstood as error:
            emit({"key": key, "ok": False, "error": error.as_json()})
            return False
        return True

    def _answer(self, key: str, command: dict[str, Any]) -> Fields:
        before = self._before(key)
        if before is not None:
            return before
        name = command.get("command")
        carry_out = self._known.get(name) if isinstance(name, str) else None
        if carry_out is None:
            raise NotUnderstood(
                "command_unknown",
                "There is no such command.",
                f"Use one of {', '.join(sorted(self._known))}.",
            )
        ignored = checked_shape(str(name), command)
        if ignored:
            tell(f"{key}: ignored {', '.join(ignored)}")
        try:
            return carry_out(key, command)
        except PorticoError as refused:
            # Another process may have carried out the same key just now: its answer is the answer.
            before = self._before(key) if refused.code == ANSWERED_BEFORE else None
            return before or self._refusal(key, refused)

    def _before(self, key: str) -> Fields | None:
        row = self._workstation.store.read().get("answer", key)
        return None if row is None else dict(row["body"])

    def _refusal(self, key: str, error: PorticoError) -> Fields:
        """A refusal is an answer too: the same key is refused the same way again."""
        answer = {"ok": False, "error": error.as_json()}
        if not error.retryable:
            with self._workstation.store.unit_of_work() as work:
                if (before := work.answered(key)) is not None:
                    return before
                work.put_local("answer", key, {"body": answer})
                work.commit()
        return answer

    def _register_patient(self, key: str, command: dict[str, Any]) -> Fields:
        decision = command.get("decision")
        reason = decision["reason"] if decision else None
        person = Person.from_json(command["person"])
        person_id = self._use.people.register(person, reason, key=key)
        return {"ok": True, "person_id": person_id, "revision": 1}

    def _revise_demographics(self, key: str, command: dict[str, Any]) -> Fields:
        revision = self._use.people.revise(
            command["person_id"], command.get("base") or {}, command["set"], key=key
        )
        return {"ok": True, "revision": revision}

    def _add_coverage(self, key: str, command: dict[str, Any]) -> Fields:
        coverage_id = self._use.coverages.add_coverage(
            command["person_id"], command["coverage"], key=key
        )
        return {"ok": True, "coverage_id": coverage_id}

    def _open_visit(self, key: str, command: dict[str, Any]) -> Fields:
        opened = self._use.visits.open(
            NewVisit(
                person_id=command["person_id"],
                patient_class=_one_of(PatientClass, command["class"], "class"),
                reason=command["reason"],
                service_date=command["service_date"],
            ),
            key=key,
        )
        return {
            "ok": True,
            "visit_id": opened.visit_id,
            "visit_number": opened.visit_number,
            "locked": opened.locked,
        }

    def _record_screening_exam(self, key: str, command: dict[str, Any]) -> Fields:
        self._use.visits.record_screening_exam(
            command["visit_id"],
            _one_of(ScreeningOutcome, command["outcome"], "outcome"),
            by=command["by"],
            at=command["at"],
            source=command["source"],
            key=key,
        )
        return {"ok": True, "locked": False}

    def _record_payment(self, key: str, command: dict[str, Any]) -> Fields:
        taken = self._use.payments.take(
            command["person_id"],
            command.get("visit_id"),
            tender=command["tender"],
            lines=command["lines"],
            key=key,
        )
        return {"ok": True, "payment_id": taken.payment_id, "receipt_no": taken.receipt_no}

    def _refund_payment(self, key: str, command: dict[str, Any]) -> Fields:
        refunded = self._use.payments.refund(
            command["payment_id"], command["amount"], command["reason"], key=key
        )
        return {"ok": True, "refund_id": refunded.refund_id, "receipt_no": refunded.receipt_no}

    def _merge_people(self, key: str, command: dict[str, Any]) -> Fields:
        self._use.people.merge(command["survivor"], command["retired"], command["reason"], key=key)
        return {"ok": True}

    def _resolve_conflict(self, key: str, command: dict[str, Any]) -> Fields:
        revision = self._use.conflicts.resolve(command["conflict_id"], command["take"], key=key)
        return {"ok": True, "revision": revision}


def _one_of(kind: type[E], value: str, field: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise NotUnderstood(
            "value_unknown", f"This is no {field} that Portico knows.", "See contracts.md."
        ) from None


def _parsed(line: bytes) -> dict[str, object]:
    """One line as a JSON object. Raises NotUnderstood ``line_not_json``."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NotUnderstood(
            "line_not_json",
            "This line is not a JSON object in UTF-8.",
            "Write one command a line, as JSON.",
        )
    return value
