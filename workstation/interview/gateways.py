"""What the interview needs of the capabilities before it, as narrow as it uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from workstation.kernel.changed import Kind
from workstation.people.model import Person
from workstation.visits.model import PatientClass


class Charts(Protocol):
    """The chart head: ``workstation.people.use_cases.People``."""

    def register(
        self, person: Person, decision: str | None = None, *, key: str | None = None
    ) -> str:
        """Makes a chart; raises PossibleDuplicate without a decision where somebody is like it."""
        ...

    def revise(
        self,
        person_id: str,
        base: Mapping[str, Any],
        changes: Mapping[str, Any],
        *,
        reason: str | None = None,
        key: str | None = None,
    ) -> int:
        """Changes fields whose old values were seen; returns the new revision."""
        ...

    def put_related(self, person_id: str, fields: Mapping[str, Any], id: str | None = None) -> str:
        """Adds or revises a contact person."""
        ...

    def put_employment(
        self, person_id: str, fields: Mapping[str, Any], id: str | None = None
    ) -> str:
        """Adds or revises employment."""
        ...


class VisitEdits(Protocol):
    """The visit's own answers: ``workstation.visits.use_cases.Visits``."""

    def revise(self, visit_id: str, changes: Mapping[str, Any]) -> frozenset[Kind]:
        """Changes reason, clinicians, service, guarantor, payer choice or accident."""
        ...

    def place(self, visit_id: str, department_id: str) -> frozenset[Kind]:
        """Puts a visit into a department; an emergency department locks it."""
        ...

    def correct_class(
        self, visit_id: str, patient_class: PatientClass, *, asks_emergency_care: bool, reason: str
    ) -> frozenset[Kind]:
        """The class was wrong: the lock follows the right one."""
        ...


class CoverageEdits(Protocol):
    """Coverages of a person, in the shape of contracts.md ``add_coverage``."""

    def add(self, person_id: str, coverage: Mapping[str, Any], *, key: str | None = None) -> str:
        """Adds a coverage; returns its id."""
        ...

    def revise(
        self, coverage_id: str, base: Mapping[str, Any], changes: Mapping[str, Any]
    ) -> frozenset[Kind]:
        """Changes fields whose old values were seen."""
        ...
