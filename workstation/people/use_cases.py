"""Registering people, revising what is known of them, and merging charts by a pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import phrase
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.people.gateways import Finds, SearchAnswer
from workstation.people.model import Person
from workstation.people.validation import check_person

CHANGED = frozenset({Kind.PERSON})


class FindPeople:
    """The search as one signed-in person may use it."""

    def __init__(self, search: Finds, session: Session) -> None:
        self._search = search
        self._session = session

    def search(self, query: str, limit: int = 20) -> SearchAnswer:
        """People that fit what was typed. Raises NotPermitted for a role that may not search."""
        self._session.require(Permission.SEARCH)
        return self._search.search(query, limit)


REVISABLE = frozenset(
    {
        "last",
        "first",
        "middle",
        "suffix",
        "dob",
        "sex",
        "ssn",
        "mbi",
        "mrn",
        "phones",
        "phone_uses",
        "email",
        "street",
        "city",
        "state",
        "zip",
        "aliases",
        "mother_mrn",
        "birth_order",
        "multiple_birth",
        "preferred_name",
        "previous_last",
        "language",
        "interpreter",
        "race_ethnicity",
        "tribal_affiliation",
        "marital_status",
        "deceased",
        "vip",
        "confidential_address",
        "confidential_communication",
        "privacy_flag",
        "photo_document",
    }
)


class PossibleDuplicate(Refused):
    """A likely match exists: a chart is not born without a person's decision and reason."""

    def __init__(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "possible_duplicate",
            "Somebody very like this has a chart here already.",
            "Open that chart, or say why this is another person.",
        )
        self.candidates = tuple(candidates)

    def as_json(self) -> dict[str, Any]:
        """The contract's error with its candidates."""
        return {**super().as_json(), "candidates": [dict(c) for c in self.candidates]}


class DuplicateCheck(Protocol):
    """Finds charts that may be this person's; declared here, implemented over the search index."""

    def likely_matches(self, person: Person) -> Sequence[Mapping[str, Any]]:
        """``{"id", "score", "reasons"}`` of every same or possible match, best first."""
        ...


class People:
    """Use cases of the chart head, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        duplicates: DuplicateCheck,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._author = Author(session.user_id, desk, clock)
        self._duplicates = duplicates

    def register(
        self, person: Person, decision: str | None = None, *, key: str | None = None
    ) -> str:
        """Makes a chart and returns the person's id.

        ``decision`` is the reason why a likely match is another person. Raises PossibleDuplicate,
        NotUnderstood for fields that cannot be right.
        """
        self._session.require(Permission.REGISTER)
        check_person(person, self._desk.facility.day(self._clock()))
        if not (decision and decision.strip()):
            candidates = self._duplicates.likely_matches(person)
            if candidates:
                raise PossibleDuplicate(candidates)
        person_id = new_id()
        with self._store.unit_of_work() as work:
            fields = {name: value for name, value in person.as_json().items() if name != "id"}
            fields["provisional_mrn"] = f"P{self._desk.receipt_code}{work.next_number('mrn'):06d}"
            work.record(
                self._author.command(
                    "register_patient",
                    person_id,
                    (Insert("person", person_id, fields),),
                    reason=decision,
                    key=key,
                    answer={"ok": True, "person_id": person_id, "revision": 1},
                )
            )
            work.commit()
        return person_id

    def revise(
        self,
        person_id: str,
        base: Mapping[str, Any],
        changes: Mapping[str, Any],
        *,
        reason: str | None = None,
        key: str | None = None,
    ) -> int:
        """Changes fields whose old values the actor saw in ``base``; returns the new revision.

        Raises Refused ``stale`` where a base value is no longer true, NotUnderstood for a field
        that does not exist or a value that cannot be right.
        """
        self._session.require(Permission.REVISE)
        unknown = sorted(set(changes) - REVISABLE)
        if unknown or not changes:
            raise NotUnderstood(
                "field_unknown",
                phrase(
                    "There is no such field to change: {fields}.",
                    fields=", ".join(unknown) or phrase("none was given"),
                ),
                "Use the field names of Person.",
            )
        with self._store.unit_of_work() as work:
            row = known_person(work, person_id)
            person = Person.from_json({**row, **changes})
            check_person(person, self._desk.facility.day(self._clock()))
            wanted = {name: value for name, value in person.as_json().items() if name in changes}
            seen = {name: base.get(name, row.get(name)) for name in wanted}
            revision = int(row["rev"]) + 1
            work.record(
                self._author.command(
                    "revise_demographics",
                    person_id,
                    (Revise("person", person_id, seen, wanted, row["rev"]),),
                    reason=reason,
                    key=key,
                    answer={"ok": True, "revision": revision},
                )
            )
            work.commit()
        return revision

    def put_related(self, person_id: str, fields: Mapping[str, Any], id: str | None = None) -> str:
        """Adds or revises an emergency contact, next of kin, parent or guardian."""
        return self._put("related_person", person_id, fields, id, "put_related_person")

    def put_employment(
        self, person_id: str, fields: Mapping[str, Any], id: str | None = None
    ) -> str:
        """Adds or revises the employer and employment status."""
        return self._put("employment", person_id, fields, id, "put_employment")

    def merge(self, survivor: str, retired: str, reason: str, *, key: str | None = None) -> None:
        """Points the retired chart at the survivor; moves nothing, so that unmerge is exact."""
        self._session.require(Permission.MERGE)
        if not reason.strip():
            raise NotUnderstood(
                "reason_missing", "This needs a reason.", "Say why in a few words.", field="reason"
            )
        with self._store.unit_of_work() as work:
            known_person(work, survivor)
            known_person(work, retired)
            if survivor_of(work, survivor) == survivor_of(work, retired):
                raise Refused(
                    "already_merged",
                    "These two are one chart already.",
                    "Open the surviving chart.",
                )
            fact = {"survivor": survivor, "retired": retired, "withdrawn": False}
            work.record(
                self._author.command(
                    "merge_people",
                    survivor,
                    (Insert("person_merge", new_id(), {**fact, "at": iso(self._clock())}),),
                    reason=reason,
                    key=key,
                    answer={"ok": True},
                )
            )
            work.commit()

    def _put(
        self, kind: str, person_id: str, fields: Mapping[str, Any], id: str | None, command: str
    ) -> str:
        self._session.require(Permission.REVISE)
        with self._store.unit_of_work() as work:
            known_person(work, person_id)
            row = work.get(kind, id) if id else None
            entity_id = id or new_id()
            change: Change
            if row is None:
                change = Insert(kind, entity_id, {"person_id": person_id, **fields})
            else:
                base = {name: row.get(name) for name in fields}
                change = Revise(kind, entity_id, base, dict(fields), row["rev"])
            work.record(self._author.command(command, person_id, (change,)))
            work.commit()
        return entity_id


def known_person(work: Store | UnitOfWork, person_id: str) -> dict[str, Any]:
    """The person's row. Raises Refused ``not_found``."""
    row = work.get("person", person_id)
    if row is None:
        raise Refused(
            "not_found",
            "This patient is not on this workstation.",
            "Search for the patient again.",
        )
    return row


def charts_of(store: Store, person_id: str) -> tuple[str, ...]:
    """Every chart of the person behind a chart, the one that stands first.

    A merge moves nothing: what lies in a retired chart is the same person's.
    """
    found = [survivor_of(store, person_id)]
    for chart in found:
        for pointer in store.find("person_merge", survivor=chart):
            retired = str(pointer["retired"])
            if retired not in found and survivor_of(store, retired) == found[0]:
                found.append(retired)
    return tuple(found)


def survivor_of(store: Store, person_id: str) -> str:
    """Follows merge pointers to the chart that stands for this person."""
    seen = {person_id}
    current = person_id
    while True:
        pointers = store.find("person_merge", retired=current)
        standing = pointers[-1] if pointers else None
        if standing is None or standing["withdrawn"] or standing["survivor"] in seen:
            return current
        current = str(standing["survivor"])
        seen.add(current)
