"""The shift report of one desk: what was taken today, and the seal of its audit trail.

The seal is the anchor that nobody at a desk or a server can change: the paper is kept elsewhere
(``workstation/access/printed_seal``). One desk prints as many a day as it likes; each covers the
day until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workstation.access.audit import Anchor
from workstation.access.model import Permission, Session
from workstation.access.printed_seal import printed
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock, iso
from workstation.kernel.money import dollars
from workstation.kernel.unit_of_work import StoreGateway, UnitOfWork
from workstation.papers.sheet import Paper, Sheet
from workstation.payments.model import TENDER_WORDS, Payment, Tender, payment_from_row


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """The paper, the neutral title of its print job, and the seal that stands on it."""

    paper: Paper
    title: str
    seal: str


class ShiftReports:
    """For whoever takes money at this desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk

    def make(self) -> ShiftReport:
        """The report of today until now. That it was made is in the trail, after what it seals."""
        self._session.require(Permission.TAKE_PAYMENT)
        now = self._clock()
        with self._store.unit_of_work() as work:
            anchor = Anchor(*work.anchor("report"))
            detail = {"entries": anchor.entries, "hash": anchor.head}
            work.audit(self._session.user_id, "shift_report", None, detail)
            taken = self._taken_today(work, now)
            names = {one.actor: _name(work, one.actor) for one in taken}
            work.commit()
        seal = printed(anchor)
        title = f"SHIFT-{self._desk.receipt_code}-{anchor.entries}"
        return ShiftReport(self._drawn(title, now, anchor, seal, taken, names), title, seal)

    def _taken_today(self, work: UnitOfWork, now: datetime) -> list[Payment]:
        day = self._desk.facility.day(now).isoformat()
        rows = work.find("payment", day=day, drawer=self._desk.drawer)
        return [payment_from_row(row) for row in rows]

    def _drawn(
        self,
        title: str,
        now: datetime,
        anchor: Anchor,
        seal: str,
        taken: list[Payment],
        names: dict[str, str],
    ) -> Paper:
        desk, here = self._desk, now.astimezone(self._desk.facility.zone)
        sheet = Sheet(title, "en-US", f"{title}   {desk.name}")
        sheet.text(desk.facility.name, 11)
        sheet.text("Shift report", 18, bold=True)
        sheet.text(f"{desk.name}   {here:%d %b %Y}, until {here:%H:%M}", 12, bold=True)
        sheet.pair("Made by", self._session.name)
        numbers = sorted(one.receipt_no for one in taken)
        sheet.pair("Receipts", f"{numbers[0]} to {numbers[-1]}" if numbers else "none")
        sheet.rule()
        _money(sheet, taken, names)
        sheet.rule()
        sheet.gap()
        sheet.text("Seal of this desk's audit trail", 11, bold=True)
        sheet.mark(seal)
        sheet.pair("Entries", f"{anchor.entries:,}")
        sheet.pair("Time", f"{here:%d %b %Y %H:%M:%S}   ({iso(now)})")
        sheet.pair("Head", anchor.head, 8)
        sheet.gap()
        sheet.text(
            "Keep this page away from the desk and the server. To prove later that nothing before"
            " it was changed, type the seal: portico audit verify --printed SEAL"
        )
        sheet.gap(28)
        sheet.row("Counted by ______________________", "Checked by ______________________")
        return sheet.finished()


def _money(sheet: Sheet, taken: list[Payment], names: dict[str, str]) -> None:
    if not taken:
        sheet.text("Nothing was taken or given back here today.")
        return
    for tender in Tender:
        of = [one for one in taken if one.tender is tender]
        ins, outs = [p for p in of if p.amount > 0], [p for p in of if p.amount < 0]
        word = TENDER_WORDS[tender]
        if ins:
            sheet.row(f"{word}: {_times(ins, 'payment')}", dollars(_moved(ins)))
        if outs:
            sheet.row(f"{word}: {_times(outs, 'refund')}", dollars(_moved(outs)))
    sheet.row("Together", dollars(_moved(taken)), 11, bold=True)
    cash = [one for one in taken if one.tender is Tender.CASH]
    sheet.row("Cash that came into the drawer", dollars(_moved(cash)), 11, bold=True)
    sheet.gap()
    by_person: dict[str, list[Payment]] = defaultdict(list)
    for one in taken:
        by_person[names[one.actor]].append(one)
    for name in sorted(by_person):
        sheet.row(f"{name}: {_times(by_person[name], 'entry')}", dollars(_moved(by_person[name])))


def _moved(payments: Iterable[Payment]) -> int:
    """Cents that really moved: of cash, what rounding gave away did not."""
    return sum(one.amount - one.rounding for one in payments)


def _times(payments: list[Payment], word: str) -> str:
    many = {"entry": "entries"}.get(word, f"{word}s")
    return f"1 {word}" if len(payments) == 1 else f"{len(payments)} {many}"


def _name(work: UnitOfWork, actor: str) -> str:
    user = work.get("local_user", actor)
    return user["name"] if user else "Somebody of another desk"
