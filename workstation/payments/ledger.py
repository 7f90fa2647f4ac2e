"""The double-entry rules of money at the desk: pure functions from what happened to entries.

Debit is positive, credit negative; the lines of an entry sum to zero and none of them is zero.
No entry is ever changed: what was wrong is undone by its exact mirror, once. Balances are derived
by adding lines up. Where billing keeps the charges, ``ar`` here is only the contra of receipts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workstation.payments.model import LineKind, PaymentLine, Tender


class Account(StrEnum):
    """The chart of accounts. Cash carries its drawer, card clearing its processor, as party."""

    CASH = "cash"
    CHECK_CLEARING = "check_clearing"
    CARD_CLEARING = "card_clearing"
    AR = "ar"
    UNAPPLIED = "unapplied"
    DEPOSITS_HELD = "deposits_held"
    REFUNDS_PAYABLE = "refunds_payable"
    BANK = "bank"
    BANK_IN_TRANSIT = "bank_in_transit"
    FEES = "fees"
    DISPUTES = "disputes_receivable"
    OVER_SHORT = "over_short"
    ROUNDING = "rounding"


class EntryKind(StrEnum):
    """What an entry records."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_ASKED = "refund_asked"
    REFUND_CONFIRMED = "refund_confirmed"
    DEPOSIT_APPLIED = "deposit_applied"
    CREDIT_APPLIED = "credit_applied"
    PAYOUT = "payout"
    DISPUTE = "dispute"
    CHECK_RETURNED = "check_returned"
    DRAWER_DIFFERENCE = "drawer_difference"
    BANK_DEPOSIT = "bank_deposit"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Line:
    """One side: ``cents`` debit positive. ``party`` is a drawer, processor or person."""

    account: Account
    cents: int
    party: str | None = None
    visit: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of lines; ``reverses`` names the entry that this one mirrors."""

    id: str
    kind: EntryKind
    lines: tuple[Line, ...]
    reverses: str | None = None

    def __post_init__(self) -> None:
        if sum(line.cents for line in self.lines) != 0:
            raise ValueError("the lines of an entry must sum to zero")
        if any(line.cents == 0 for line in self.lines) or len(self.lines) < 2:
            raise ValueError("an entry has at least two lines and none of them is zero")


def tender_line(tender: Tender, cents: int, *, drawer: str, processor: str | None) -> Line:
    """Where money of this tender lies once taken; card and benefit cards need a processor."""
    if tender is Tender.CASH:
        return Line(Account.CASH, cents, drawer)
    if tender.needs_terminal:
        if processor is None:
            raise ValueError("card money lies with a processor")
        return Line(Account.CARD_CLEARING, cents, processor)
    return Line(Account.CHECK_CLEARING, cents, drawer)


def _account_of(line: PaymentLine) -> Account:
    if line.kind is LineKind.DEPOSIT:
        return Account.DEPOSITS_HELD
    return Account.UNAPPLIED if line.visit_id is None else Account.AR


def _patient_lines(lines: Sequence[PaymentLine], person: str, sign: int) -> tuple[Line, ...]:
    sums: dict[tuple[Account, str | None], int] = defaultdict(int)
    for line in lines:
        sums[_account_of(line), line.visit_id] += line.amount
    return tuple(
        Line(account, sign * cents, person, visit) for (account, visit), cents in sums.items()
    )


def payment_entry(
    entry_id: str,
    lines: Sequence[PaymentLine],
    tender: Tender,
    *,
    person: str,
    drawer: str,
    processor: str | None = None,
    rounding: int = 0,
) -> Entry:
    """Money taken: debit the tender, credit the visit, deposits held or unapplied credit.

    ``rounding`` cents were given to (positive) or taken from (negative) the patient by cash
    rounding: the account is credited in full and the difference is a line of its own.
    """
    total = sum(line.amount for line in lines)
    taken = tender_line(tender, total - rounding, drawer=drawer, processor=processor)
    debits = [taken] if taken.cents else []
    if rounding:
        debits.append(Line(Account.ROUNDING, rounding, drawer))
    return Entry(entry_id, EntryKind.PAYMENT, (*debits, *_patient_lines(lines, person, -1)))


def cash_refund_entry(
    entry_id: str, lines: Sequence[PaymentLine], *, person: str, drawer: str
) -> Entry:
    """Cash given back from the drawer."""
    total = sum(line.amount for line in lines)
    out = Line(Account.CASH, -total, drawer)
    return Entry(entry_id, EntryKind.REFUND, (*_patient_lines(lines, person, 1), out))


def refund_asked_entry(entry_id: str, lines: Sequence[PaymentLine], *, person: str) -> Entry:
    """A refund that someone else must carry out: a processor, or accounts payable by check."""
    total = sum(line.amount for line in lines)
    owed = Line(Account.REFUNDS_PAYABLE, -total, person)
    return Entry(entry_id, EntryKind.REFUND_ASKED, (*_patient_lines(lines, person, 1), owed))


def refund_confirmed_entry(entry_id: str, cents: int, *, person: str, processor: str) -> Entry:
    """The processor confirmed a card refund of ``cents``."""
    return Entry(
        entry_id,
        EntryKind.REFUND_CONFIRMED,
        (
            Line(Account.REFUNDS_PAYABLE, cents, person),
            Line(Account.CARD_CLEARING, -cents, processor),
        ),
    )


def applied_entry(
    entry_id: str, cents: int, *, person: str, visit: str, deposit_visit: str | None = None
) -> Entry:
    """A deposit (with ``deposit_visit``) or an unapplied credit, now applied to a visit."""
    held = deposit_visit is not None
    source = Account.DEPOSITS_HELD if held else Account.UNAPPLIED
    kind = EntryKind.DEPOSIT_APPLIED if held else EntryKind.CREDIT_APPLIED
    return Entry(
        entry_id,
        kind,
        (Line(source, cents, person, deposit_visit), Line(Account.AR, -cents, person, visit)),
    )


def payout_entry(entry_id: str, gross: int, fee: int, *, processor: str) -> Entry:
    """A processor's payout arrived: ``gross`` leaves clearing, ``fee`` of it stays with them."""
    lines = [Line(Account.BANK, gross - fee), Line(Account.FEES, fee, processor)]
    lines.append(Line(Account.CARD_CLEARING, -gross, processor))
    return Entry(entry_id, EntryKind.PAYOUT, tuple(line for line in lines if line.cents))


def dispute_entry(entry_id: str, cents: int, *, processor: str) -> Entry:
    """A cardholder disputed a charge and the processor took it back for now."""
    return Entry(
        entry_id,
        EntryKind.DISPUTE,
        (Line(Account.DISPUTES, cents, processor), Line(Account.CARD_CLEARING, -cents, processor)),
    )


def returned_check_entry(
    entry_id: str, cents: int, *, person: str, visit: str | None, drawer: str
) -> Entry:
    """A check came back unpaid: the debt stands again."""
    account = Account.AR if visit else Account.UNAPPLIED
    return Entry(
        entry_id,
        EntryKind.CHECK_RETURNED,
        (Line(account, cents, person, visit), Line(Account.CHECK_CLEARING, -cents, drawer)),
    )


def drawer_difference_entry(entry_id: str, cents: int, *, drawer: str) -> Entry:
    """The count differed from the books: ``cents`` over (positive) or short (negative)."""
    return Entry(
        entry_id,
        EntryKind.DRAWER_DIFFERENCE,
        (Line(Account.CASH, cents, drawer), Line(Account.OVER_SHORT, -cents, drawer)),
    )


def bank_deposit_entry(entry_id: str, *, cash: int, checks: int, drawer: str) -> Entry:
    """Cash and checks left the drawer for the bank."""
    lines = [
        Line(Account.BANK_IN_TRANSIT, cash + checks),
        Line(Account.CASH, -cash, drawer),
        Line(Account.CHECK_CLEARING, -checks, drawer),
    ]
    return Entry(entry_id, EntryKind.BANK_DEPOSIT, tuple(line for line in lines if line.cents))


def reversal(entry_id: str, entry: Entry) -> Entry:
    """The exact mirror of an entry. A reversal is never reversed: post anew instead."""
    if entry.reverses is not None:
        raise ValueError("a reversal is not reversed")
    mirrored = tuple(replace(line, cents=-line.cents) for line in entry.lines)
    return Entry(entry_id, EntryKind.REVERSAL, mirrored, reverses=entry.id)


def balances(entries: Iterable[Entry]) -> dict[tuple[Account, str | None, str | None], int]:
    """Balance in cents of each (account, party, visit), zero balances left out."""
    sums: dict[tuple[Account, str | None, str | None], int] = defaultdict(int)
    for entry in entries:
        for line in entry.lines:
            sums[line.account, line.party, line.visit] += line.cents
    return {key: cents for key, cents in sums.items() if cents}


def account_total(entries: Iterable[Entry], account: Account, party: str | None = None) -> int:
    """Balance in cents of one account, of one party where one is given."""
    return sum(
        line.cents
        for entry in entries
        for line in entry.lines
        if line.account is account and (party is None or line.party == party)
    )
