"""Noting a call to a payer, or a look into its portal: who said what, and what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.eligibility.asking import forbid_unbilled
from workstation.eligibility.heard import Heard, heard_answer, told_over
from workstation.eligibility.kept_answers import answered_checks, concerning
from workstation.eligibility.model import PAYER_CONTACT
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.payers.model import Coverage
from workstation.visits.rules import forbid_money_while_locked
from workstation.work_items.model import opened

CHANGED = frozenset({Kind.ELIGIBILITY, Kind.WORK_ITEM})
FOLLOW_UP = "payer_follow_up"
"""The work item of a promise with a day."""


class Way(StrEnum):
    """How the payer was reached."""

    PHONE = "phone"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Contact:
    """One call or one look: ``told`` is what was said, ``promise`` what they will do by
    ``follow_up_on``; ``heard`` the benefits, where they were told."""

    how: Way
    told: str
    with_whom: str = ""
    reference: str = ""
    promise: str = ""
    follow_up_on: date | None = None
    heard: Heard | None = None


class PayerContacts:
    """Use case of calls to payers, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)
        self._day = desk.facility.day

    def note(
        self,
        coverage_id: str,
        visit_id: str | None,
        contact: Contact,
        service_types: Sequence[str] = ("30",),
        *,
        key: str | None = None,
    ) -> tuple[str, frozenset[Kind]]:
        """Keeps the contact as a fact; heard benefits stand beside a 271's as the newest answer.

        Raises NotUnderstood (``field`` names it) where what was said, or by whom, is missing;
        Refused ``do_not_bill``, ``emtala_locked``, ``not_found``.
        """
        self._session.require(Permission.ASK_PAYER)
        today = self._day(self._clock())
        _check(contact, today)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return str(before["contact_id"]), frozenset()
            coverage, visit = _known(work, coverage_id, visit_id)
            person_id = str(coverage["person_id"])
            forbid_unbilled(visit, coverage)
            forbid_money_while_locked(work, person_id, visit_id)
            contact_id, now = new_id(), iso(self._clock())
            check_id = new_id() if contact.heard is not None else None
            fields = {
                "person_id": person_id,
                "coverage_id": coverage_id,
                "visit_id": visit_id,
                "at": now,
                "by": self._session.user_id,
                "how": contact.how.value,
                "with_whom": contact.with_whom.strip() or None,
                "reference": contact.reference.strip() or None,
                "told": contact.told.strip(),
                "promise": contact.promise.strip() or None,
                "follow_up_on": contact.follow_up_on.isoformat() if contact.follow_up_on else None,
                "check_id": check_id,
            }
            changes: list[Change] = [Insert(PAYER_CONTACT.name, contact_id, fields)]
            if check_id is not None:
                on = date.fromisoformat(visit["service_date"]) if visit else today
                row = _check_row(work, contact, fields, coverage, on, service_types)
                changes.append(Insert("eligibility_check", check_id, row))
            if contact.follow_up_on is not None:
                changes.append(_follow_up(contact_id, fields))
            work.record(
                self._author.command(
                    "note_payer_contact",
                    person_id,
                    tuple(changes),
                    key=key,
                    answer={"ok": True, "contact_id": contact_id},
                )
            )
            work.commit()
        return contact_id, CHANGED


def contacts_of(store: Store, coverage_id: str, person_id: str) -> tuple[Mapping[str, Any], ...]:
    """Every contact about a coverage, the newest first."""
    rows = store.find(PAYER_CONTACT.name, person_id=person_id, coverage_id=coverage_id)
    return tuple(sorted(rows, key=lambda row: (row["at"], row["id"]), reverse=True))


def _check(contact: Contact, today: date) -> None:
    if contact.how is Way.PHONE and not contact.with_whom.strip():
        raise NotUnderstood(
            "contact_incomplete",
            "It is not written down who answered the phone.",
            "Type the name that was given, or “no name”.",
            field="with_whom",
        )
    if not contact.told.strip():
        raise NotUnderstood(
            "contact_incomplete",
            "It is not written down what the payer said.",
            "Say it in a few words.",
            field="told",
        )
    if contact.follow_up_on is not None and contact.follow_up_on < today:
        raise NotUnderstood(
            "contact_incomplete",
            "The day of the promise is over already.",
            "Type a day from today on, or leave it empty.",
            field="follow_up_on",
        )


def _known(
    store: Store, coverage_id: str, visit_id: str | None
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    coverage = store.get("coverage", coverage_id)
    visit = store.get("visit", visit_id) if visit_id else None
    if coverage is None or (visit_id and visit is None):
        raise Refused(
            "not_found",
            "This person, coverage or visit is not on this desk.",
            "Search for the patient again.",
        )
    return coverage, visit


def _check_row(
    store: Store,
    contact: Contact,
    fields: Mapping[str, Any],
    coverage: Mapping[str, Any],
    on: date,
    service_types: Sequence[str],
) -> dict[str, Any]:
    """The fact that stands where a 271's would: asked and answered in one breath."""
    assert contact.heard is not None  # noqa: S101 - the caller looked
    heard = heard_answer(contact.heard, on, service_types, coverage, contact.told.strip())
    answer = heard.as_json()
    before = _answered(store, coverage, on)
    if before is not None and heard.status == "active":
        answer = told_over(before, answer)
    return {
        "person_id": fields["person_id"],
        "coverage_id": fields["coverage_id"],
        "visit_id": fields["visit_id"],
        "asked_at": fields["at"],
        "answered_at": fields["at"],
        "state": "answered",
        "status": heard.status,
        "service_date": on.isoformat(),
        "service_types": list(service_types),
        "answer": answer,
        "rejections": None,
        "raw_document": None,
        "connector": contact.how.value,
        "question": None,
        "about": concerning(coverage),
        "say": heard.status_detail,
        "said": None,
    }


def _answered(store: Store, coverage: Mapping[str, Any], on: date) -> Mapping[str, Any] | None:
    """The newest answer about this coverage for the month of service, if there is one."""
    month = on.isoformat()[:7]
    answered = [
        row["answer"]
        for row in answered_checks(store, Coverage.from_row(coverage))
        if (row["service_date"] or "")[:7] == month
    ]
    return answered[-1] if answered else None


def _follow_up(contact_id: str, fields: Mapping[str, Any]) -> Insert:
    return opened(
        FOLLOW_UP,
        about_id=contact_id,
        at=fields["at"],
        person_id=fields["person_id"],
        visit_id=fields["visit_id"],
        due=fields["follow_up_on"],
        detail={"say": fields["promise"] or fields["told"], "reference": fields["reference"]},
    )
