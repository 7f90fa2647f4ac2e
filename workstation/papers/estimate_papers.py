"""Estimates of visits as papers: made from what the store holds now, printing audited."""

from __future__ import annotations

from datetime import date
from typing import Any

from workstation.access.model import Permission, Session
from workstation.estimates.prices import PriceList
from workstation.estimates.unsure import why_unsure
from workstation.estimates.visit_money import VisitMoney, visit_money
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused
from workstation.kernel.phrases import language_of
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.papers.estimate_paper import EstimatedService, EstimatePaper, estimate_pdf
from workstation.people.use_cases import known_person
from workstation.visits.diagnoses import diagnosis_codes
from workstation.visits.rules import forbid_money_while_locked


class EstimatePapers:
    """Use cases of the printed estimate, for one signed-in person at one desk."""

    def __init__(
        self, store: StoreGateway, clock: Clock, session: Session, desk: Desk, prices: PriceList
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._prices = prices

    def pdf(self, visit_id: str) -> tuple[bytes, str]:
        """The paper in the patient's language, and the neutral title of its print job.

        Raises Refused ``not_found``, ``emtala_locked``, ``nothing_asked`` where a gate forbids
        asking, ``estimate_not_known`` while there is nothing to tell.
        """
        self._session.require(Permission.ESTIMATE)
        read = self._store.read()
        visit = read.get("visit", visit_id)
        if visit is None:
            raise Refused(
                "not_found", "This visit is not on this workstation.", "Look at Arrivals again."
            )
        forbid_money_while_locked(read, visit["person_id"], visit_id)
        person = known_person(read, visit["person_id"])
        money = visit_money(read, visit, self._prices)
        _check(money)
        language = language_of(person["language"])
        paper = self._paper(read, visit, person, money, language)
        return estimate_pdf(paper, language=language).pdf, str(visit["visit_number"])

    def was_printed(self, visit_id: str) -> None:
        """Keeps in the audit trail that the paper went to the printer."""
        self._session.require(Permission.ESTIMATE)
        with self._store.unit_of_work() as work:
            visit = work.get("visit", visit_id)
            if visit is not None:
                what = {"visit": visit_id}
                work.audit(self._session.user_id, "print_estimate", visit["person_id"], what)
                work.commit()

    def _paper(
        self,
        read: Store,
        visit: dict[str, Any],
        person: dict[str, Any],
        money: VisitMoney,
        language: str,
    ) -> EstimatePaper:
        built, found = money.built, money.estimate
        assert built is not None  # noqa: S101 - _check has looked
        assert built.case is not None  # noqa: S101
        assert found is not None  # noqa: S101
        names = (person["first"], person["middle"], person["last"], person["suffix"])
        self_pay = built.case.payers[0].kind == "selfpay"
        return EstimatePaper(
            facility=self._desk.facility,
            patient=" ".join(name for name in names if name),
            born=_day(person["dob"]),
            mrn=person["mrn"],
            visit_number=visit["visit_number"],
            service_date=_day(visit["service_date"]),
            services=tuple(
                EstimatedService(
                    service.id,
                    self._prices.services[service.id].label(language),
                    service.charge or 0,
                )
                for service in built.case.services
            ),
            estimate=found,
            payer="" if self_pay else _payer(read, visit),
            diagnoses=", ".join(diagnosis_codes(visit["diagnoses"] or "") or ()),
            given_on=f"{self._desk.facility.day(self._clock()):%m/%d/%Y}",
            given_by=self._session.name,
            unsure=why_unsure(built.case, found),
        )


def _check(money: VisitMoney) -> None:
    forbidden = next((gate for gate in money.gates if gate.forbids), None)
    if forbidden is not None:
        raise Refused("nothing_asked", forbidden.say, "There is no estimate to hand out.")
    if not money.may_be_told:
        built = money.built
        missing = built.missing if built is not None else ()
        raise Refused(
            "estimate_not_known",
            missing[0] if missing else "The estimate is not known yet.",
            "It can be printed once it is; nothing is guessed.",
        )


def _payer(read: Store, visit: dict[str, Any]) -> str:
    """The first payer's name, with its plan."""
    rows = read.find("coverage", person_id=visit["person_id"])
    rows = [row for row in rows if not row["retired"]]
    first = min(rows, key=lambda row: (row["order"] or 99, row["id"]), default=None)
    if first is None:
        return ""
    return " · ".join(part for part in (first["payer_name"], first["plan_name"]) if part)


def _day(iso: str | None) -> str:
    """``11/23/2026``; empty where there is none, as typed where it is no date."""
    try:
        return f"{date.fromisoformat(iso):%m/%d/%Y}" if iso else ""
    except ValueError:
        return iso or ""
