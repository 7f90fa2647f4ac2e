"""Which member gets which answer: faults by prefix of the member id, else a plan by payer.

Prefixes of a member id (anything may follow):

``SLOW``    answers after ``slow_seconds``          ``MUTE``     never answers
``RESET``   the connection is reset
``HTML``    a web page with status 200              ``DOWN``     HTTP 503 with a web page
``ERR``     a CORE envelope with an ErrorCode       ``FAULT``    a SOAP fault with status 500
``TRUNC``   the 271 stops in the middle             ``WRONG``    the 271 of another question
``TWO``     two interchanges, the first another's   ``ACK``      a 999 in place of a 271
``AAAnn``   a rejection with reason nn at the loop that the reason usually stands in;
            ``AAAnnX`` puts it at loop X: S 2000A, A 2100A, B 2100B, C 2100C, D 2100D, E 2110C
``TERM``    coverage that ended                     ``PARTA``    Medicare Part A without B
``QMB``     Medicare with QMB                       ``MAPLAN``   Medicare that names an MA plan
``MCO``     Medicaid that names its plan            ``NOLIM``    99999.99 as family deductible
``PLACES``  copays that differ by place of service  ``LASTYEAR`` Medicare's amounts of a year ago

Anybody else gets an active answer of the payer's kind of plan, figures by hash of the member id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import resources
from json import loads

from simulator.payers import plans
from simulator.payers.answer import write_271
from simulator.payers.plans import Dice, Lines
from simulator.payers.question import Question

_BY_KIND: dict[str, Callable[[Dice, date], Lines]] = {
    "commercial_ppo": plans.commercial_ppo,
    "hmo": plans.hmo,
    "hdhp": plans.hdhp,
    "medicare": plans.medicare,
    "medicare_advantage": plans.medicare_advantage,
    "medicaid": plans.medicaid,
    "medicaid_managed": plans.medicaid_managed,
    "tricare": plans.tricare,
    "medigap": plans.medigap,
}
_BY_PREFIX: dict[str, Callable[[Dice, date], Lines]] = {
    "TERM": plans.terminated,
    "PARTA": lambda dice, on: plans.medicare(dice, on, part_b=False),
    "LASTYEAR": plans.medicare_last_year,
    "QMB": lambda dice, on: plans.medicare(dice, on, qmb=True),
    "MAPLAN": plans.medicare_replaced,
    "MCO": lambda dice, on: plans.medicaid(dice, on, managed=True),
    "NOLIM": plans.no_limit,
    "PLACES": plans.torn,
}
_LOOPS = {"S": "2000A", "A": "2100A", "B": "2100B", "C": "2100C", "D": "2100D", "E": "2110C"}
_USUAL = {"42": "A", "80": "S", "79": "S", "43": "B", "50": "B", "51": "B", "41": "B"}
_FOLLOW_UP = {"42": "R", "80": "R", "62": "N", "63": "N"}


@cache
def payer_kinds() -> dict[str, str]:
    """Payer id to kind, from ``directory.json``."""
    text = resources.files("simulator.payers").joinpath("directory.json").read_text("utf-8")
    return {row["payer_id"]: row["kind"] for row in loads(text)["payers"]}


def answer(question: Question) -> str:
    """The 271 that this payer gives, faults of the transport aside."""
    member = question.subscriber.member_id.upper()
    if member.startswith("AAA"):
        return write_271(question, (), rejection=_rejection(member, question))
    on = question.service_date
    dice = Dice.of(member)
    if member.startswith("WRONG"):
        return write_271(question, plans.commercial_ppo(dice, on), trace="SOMEBODYELSE0001")
    if member.startswith("TWO"):
        other = write_271(question, plans.terminated(dice, on), trace="SOMEBODYELSE0002")
        return other + "\n" + write_271(question, plans.commercial_ppo(dice, on), control=2)
    plan = next((make for key, make in _BY_PREFIX.items() if member.startswith(key)), None)
    if plan is None:
        kind = payer_kinds().get(question.payer_id)
        if kind is None:
            return write_271(question, (), rejection=("2000A", "AAA*N**79*C"))
        if kind not in _BY_KIND:
            return write_271(question, (), rejection=("2100A", "AAA*Y**42*N"))
        plan = _BY_KIND[kind]
    group = question.subscriber.group
    lines = [f"REF*6P*{group}*EXAMPLE WORKS"] if group else []
    return write_271(question, plan(dice, on), person_lines=lines)


def _rejection(member: str, question: Question) -> tuple[str, str]:
    reason, place = member[3:5], member[5:6]
    if place not in _LOOPS:
        place = _USUAL.get(reason, "D" if question.dependent is not None else "C")
    follow_up = _FOLLOW_UP.get(reason, "C")
    return _LOOPS[place], f"AAA*N**{reason}*{follow_up}"
