"""What stands above a payer's answer: that it is still asked, was refused, is old, or never came.

Each says what happened, what is safe, and the one thing to do. Plain Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.eligibility.seen import CoverageSeen
from ui.eligibility.words import day_words, moment_words, not_stated, told_words
from ui.wall_clock import local
from ui.words import say
from workstation.eligibility.connector import RESEND_AFTER_SECONDS, SOFT_NOTICE_SECONDS
from workstation.eligibility.rejections import Mender, mended_by
from workstation.interview.model import PageId
from workstation.kernel.clock import from_iso


@dataclass(frozen=True, slots=True)
class Go:
    """A question of the check-in that mends what the payer refused: its page and its key."""

    page: PageId
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """``level``: info, wait, warn or stop."""

    level: str
    words: str
    do: str = ""
    go: Go | None = None
    ask: bool = False
    """Ask again answers it."""
    today: bool = False
    """Asked again, it is asked for today and not for the day of the visit."""


def notice_of(one: CoverageSeen, now: datetime) -> Notice | None:
    """What to say of the newest question about a coverage; None where its answer says it all."""
    last = one.last
    if one.barred is not None and (one.untold or last is None):
        return Notice("info", say(one.barred.say), say(one.barred.do))
    if one.state == "none" or last is None:
        return Notice("info", say("This payer was not asked yet."), ask=True)
    if one.state == "asked":
        return _asking(one, last["asked_at"], now)
    if one.state == "rejected":
        return _rejected(one, last, now)
    if one.state == "not_answered":
        words = say("The payer has not answered. That does not mean the coverage ended.")
        return Notice("warn", words, _with_before(one, told_words(last)), ask=True)
    if one.old:
        words = say("This answer is of {day}.", day=_answered_on(one))
        return Notice("warn", words, say("Benefits may have changed since: ask again."), ask=True)
    return None


def _answered_on(one: CoverageSeen) -> str:
    check = one.check or {}
    moment = check.get("answered_at") or check.get("asked_at")
    return day_words(local(from_iso(moment)).date()) if moment else not_stated()


def _with_before(one: CoverageSeen, words: str) -> str:
    """The words, and of which day the answer below is, where there is one."""
    if one.answer is None:
        return words
    return f"{words} {say('Below is the answer of {day}.', day=_answered_on(one))}".strip()


# While it is asked


def _asking(one: CoverageSeen, asked_at: str, now: datetime) -> Notice:
    """What a person can do meanwhile, and what happens by itself.

    After 20 s (CAQH CORE 156) it is said that this payer is slow; a silent one is asked once more.
    """
    time = moment_words(asked_at, now)
    pending = one.pending
    if pending is None and _open_for(asked_at, now) > RESEND_AFTER_SECONDS:
        words = say("Another desk asked at {time}; no answer is here yet.", time=time)
        do = say("Go on with the check-in, or ask from here.")
        return Notice("warn", words, _with_before(one, do), ask=True)
    if pending is not None and pending.again_at:
        words = say(pending.why)
        do = say(
            "It is asked once more by itself at {time}. Go on with the check-in meanwhile.",
            time=moment_words(pending.again_at, now),
        )
    elif _open_for(asked_at, now) >= SOFT_NOTICE_SECONDS:
        words = say("This payer is slow: asked at {time}, no answer yet.", time=time)
        do = say(
            "Go on with the check-in: the answer comes in by itself, also after you leave it. "
            "A payer that stays silent is asked once more."
        )
    else:
        words = say("Asking since {time}.", time=time)
        do = say("You can go on; the answer comes in by itself.")
    return Notice("wait", words, _with_before(one, do))


def seconds_to_notice(one: CoverageSeen, now: datetime) -> float | None:
    """How long until other words stand here by time alone; None where nothing is asked, or where
    the last of them stand already."""
    if one.state != "asked" or one.last is None:
        return None
    open_for = _open_for(one.last["asked_at"], now)
    limits = (SOFT_NOTICE_SECONDS, RESEND_AFTER_SECONDS)
    return next((limit - open_for for limit in limits if open_for <= limit), None)


def _open_for(asked_at: str, now: datetime) -> float:
    return (now - from_iso(asked_at)).total_seconds()


# What the payer refused

_QUESTIONS: Mapping[str, tuple[PageId, str]] = {
    "payer_id": (PageId.COVERAGE, "payer_name"),
    "member_id": (PageId.COVERAGE, "member_id"),
    "group_number": (PageId.COVERAGE, "group_number"),
    "relation": (PageId.COVERAGE, "relation"),
    "subscriber_last": (PageId.COVERAGE, "subscriber.last"),
    "subscriber_dob": (PageId.COVERAGE, "subscriber.dob"),
    "subscriber_sex": (PageId.COVERAGE, "subscriber.sex"),
    "last": (PageId.IDENTITY, "identity.last"),
    "dob": (PageId.IDENTITY, "identity.dob"),
    "sex": (PageId.IDENTITY, "identity.sex"),
    "referring_npi": (PageId.REASON, "reason.referring"),
    "primary_care": (PageId.REASON, "reason.referring"),
    "service_types": (PageId.REASON, "reason.service"),
}
"""Field of a rejection to its page and its key (of a coverage: below it)."""

_NAMES = {
    "payer_id": "payer",
    "member_id": "member ID",
    "group_number": "group number",
    "relation": "holder of the plan",
    "subscriber_last": "holder's last name",
    "subscriber_dob": "holder's date of birth",
    "subscriber_sex": "holder's sex",
    "last": "last name",
    "dob": "date of birth",
    "sex": "sex",
    "referring_npi": "referring clinician",
    "primary_care": "referring clinician",
    "service_types": "service",
}


def go_to(field: str) -> Go | None:
    """The way to the question of a field that the payer named; None where there is none."""
    if field not in _QUESTIONS:
        return None
    return Go(*_QUESTIONS[field], say("Correct the {field}", field=say(_NAMES[field])))


def _rejected(one: CoverageSeen, last: Mapping[str, Any], now: datetime) -> Notice:
    """The payer refused the question: who can mend it, and the way to the one thing to mend."""
    words = say("The payer did not take the question.")
    do = _with_before(one, told_words(last))
    first: Mapping[str, Any] = next(iter(last["rejections"] or ()), {})
    field = str(first.get("field") or "")
    mender = mended_by(str(first.get("code") or ""), field)
    go = go_to(field)
    if mender is Mender.DESK and go is not None:
        return Notice("stop", words, do, go, ask=True)
    if mender is Mender.DAY and last["service_date"] != local(now).date().isoformat():
        return Notice("stop", words, do, ask=True, today=True)
    call = say("Call the payer for the benefits of today, and note the call.")
    if mender is Mender.OTHERS:
        call = f"{say('Nothing at this desk is wrong.')} {call}"
    return Notice("stop", words, f"{do} {call}", ask=True)
