"""Coverages in the order in which they pay, the Medicare question, and whom not to tell."""

from __future__ import annotations

from collections.abc import Callable

from workstation.interview import options
from workstation.interview.cards import is_edited, is_fresh
from workstation.interview.checks import must_unless_locked, past_date, should_unless_locked
from workstation.interview.fields import (
    Applies,
    Field,
    FieldKind,
    ListPlace,
    Need,
    Page,
    Problem,
    Section,
    Sign,
    When,
    may,
    must,
)
from workstation.interview.model import CoverageAnswer, Draft, PageId, Said, Verdict
from workstation.interview.paths import get
from workstation.interview.rules import asks_about_medicare, standing
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none
from workstation.payers.requirements import PAYS_ONLY_ACCIDENT
from workstation.people.identifiers import comparable_mbi

MOST = 6
"""Coverages that one check-in takes; a seventh is a case for a counsellor."""


def _item(draft: Draft, place: int) -> CoverageAnswer:
    answer: CoverageAnswer = get(draft, f"coverages.items.{place}")
    return answer


def _when(place: int, test: Callable[[CoverageAnswer], bool], *, money: bool = True) -> When:
    def applies(draft: Draft, situation: Situation) -> bool:
        return test(_item(draft, place)) and not (money and situation.locked)

    return applies


def _held_by_other(item: CoverageAnswer) -> bool:
    return item.relation not in {"", "self"}


def _for_accident(item: CoverageAnswer) -> bool:
    return item.payer_kind in PAYS_ONLY_ACCIDENT


def _group_plan(item: CoverageAnswer) -> bool:
    return item.payer_kind in {"commercial", "medicare_advantage", "tricare", ""}


def _member_check(place: int) -> Callable[[Draft, Situation], str | None]:
    def check(draft: Draft, situation: Situation) -> str | None:
        item = _item(draft, place)
        if item.payer_kind == "medicare" and comparable_mbi(item.member_id) is None:
            return "A Medicare number has eleven places, such as 1EG4-TE5-MK73. Look at the card."
        return None

    return check


def _dob_check(place: int) -> Callable[[Draft, Situation], str | None]:
    def check(draft: Draft, situation: Situation) -> str | None:
        text = _item(draft, place).subscriber.dob
        return past_date(text, situation.today, "Type month, day and year of birth.")

    return check


def _dates_check(place: int) -> Callable[[Draft, Situation], str | None]:
    def check(draft: Draft, situation: Situation) -> str | None:
        item = _item(draft, place)
        begin, end = iso_or_none(item.from_date), iso_or_none(item.to_date)
        if item.to_date and end is None:
            return "Type month, day and year."
        if begin and end and end < begin:
            return "The coverage would end before it began. Look at the card."
        return None

    return check


def _from_check(place: int) -> Callable[[Draft, Situation], str | None]:
    def check(draft: Draft, situation: Situation) -> str | None:
        known = iso_or_none(_item(draft, place).from_date)
        return None if known else "Type month, day and year."

    return check


def _injury_check(place: int) -> Callable[[Draft, Situation], str | None]:
    def check(draft: Draft, situation: Situation) -> str | None:
        text = _item(draft, place).injury_date
        return past_date(text, situation.today, "Type month, day and year of the injury.")

    return check


def coverage_section(place: int) -> Section:
    """The questions of the coverage at one place, first place 0."""
    at = f"coverages.items.{place}"
    fields = (*_plan(at, place), *_holder(at, place))
    here = ListPlace("coverages.items", place, earlier="Pays before the one above")
    return Section(at, _place_words(place), fields, _shown(place), place=here)


def _shown(place: int) -> When:
    def shown(draft: Draft, situation: Situation) -> bool:
        if draft.coverages.insured is not Said.YES:
            return False
        items = draft.coverages.items
        if place >= len(items):
            return place == 0
        return not items[place].dropped

    return shown


def _place_words(place: int) -> str:
    return ("Primary", "Secondary", "Third", "Fourth", "Fifth", "Sixth")[place] + " coverage"


def _plan(at: str, place: int) -> tuple[Field, ...]:
    return (
        Field(
            f"{at}.payer_name",
            "Payer",
            FieldKind.CODE_SEARCH,
            must,
            width=1,
            why="The company that answers and pays. The card names it, often small on the back.",
        ),
        Field(
            f"{at}.payer_kind",
            "Kind",
            FieldKind.CHOICE,
            must_unless_locked,
            options=options.PAYER_KIND,
            width=1,
            why="It decides what else is asked: Medicare has questions of its own, an injury at "
            "work needs a claim number.",
        ),
        Field(
            f"{at}.member_id",
            "Member ID",
            FieldKind.TEXT,
            must_unless_locked,
            check=_member_check(place),
            width=1,
            why="With name and birth date this is how the payer finds the member.",
        ),
        Field(
            f"{at}.group_number",
            "Group number",
            FieldKind.TEXT,
            may,
            applies=_when(place, _group_plan, money=False),
            width=1,
            why="The claim names the group. You may go on without it; billing will then ask again.",
        ),
        Field(
            f"{at}.plan_name",
            "Plan",
            FieldKind.TEXT,
            width=1,
            why="Two plans of one payer may pay differently. The card names the plan.",
        ),
        Field(
            f"{at}.relation",
            "Who holds it",
            FieldKind.CHOICE,
            must_unless_locked,
            options=options.COVERAGE_RELATION,
            width=1,
            why="The payer looks the patient up under whoever holds the plan.",
        ),
        Field(
            f"{at}.from_date",
            "In force since",
            FieldKind.DATE,
            check=_from_check(place),
            width=1,
            why="A visit before this day is not covered. The payer's answer says it too.",
        ),
        Field(
            f"{at}.to_date",
            "Until",
            FieldKind.DATE,
            check=_dates_check(place),
            width=1,
            applies=_when(place, lambda item: bool(item.from_date)),
            why="A coverage that ended is kept for older visits and not billed for new ones.",
        ),
        Field(
            f"{at}.claim_number",
            "Claim number",
            FieldKind.TEXT,
            should_unless_locked,
            applies=_when(place, _for_accident),
            width=1,
            why="This insurer pays by claim, not by member.",
        ),
        Field(
            f"{at}.injury_date",
            "Date of the injury",
            FieldKind.DATE,
            should_unless_locked,
            applies=_when(place, _for_accident),
            check=_injury_check(place),
            width=1,
            why="It must be the day that the insurer has on file.",
        ),
    )


def _holder(at: str, place: int) -> tuple[Field, ...]:
    other = _when(place, _held_by_other)
    return (
        Field(
            f"{at}.subscriber.last",
            "Holder's last name",
            FieldKind.NAME,
            must,
            applies=other,
            width=1,
            why="As on the holder's card: the payer looks here.",
        ),
        Field(
            f"{at}.subscriber.first",
            "Holder's first name",
            FieldKind.NAME,
            must,
            applies=other,
            width=1,
            why="As on the holder's card: the payer looks here.",
        ),
        Field(
            f"{at}.subscriber.dob",
            "Holder's date of birth",
            FieldKind.DATE,
            must,
            applies=other,
            check=_dob_check(place),
            width=1,
            why="Where two parents' plans cover a child, the earlier birthday in the year pays "
            "first.",
            source="NAIC model rule on coordination of benefits",
        ),
        Field(
            f"{at}.subscriber.sex",
            "Holder's sex",
            FieldKind.CHOICE,
            options=options.SEX,
            applies=other,
            width=1,
            why="Some payers ask for it to find the holder.",
        ),
        Field(
            f"{at}.subscriber.employer",
            "Holder's employer",
            FieldKind.TEXT,
            applies=other,
            width=1,
            why="A plan from work is looked up under the employer, and its size may decide who "
            "pays first.",
        ),
    )


def _insured_and_unlocked(draft: Draft, situation: Situation) -> bool:
    return not situation.locked and bool(standing(draft))


def _insured_need(draft: Draft, situation: Situation) -> Need:
    return Need.SHOULD if situation.locked else Need.MUST


INSURED = Section(
    "insured",
    "Coverage today",
    (
        Field(
            "coverages.insured",
            "Is the patient insured?",
            FieldKind.YES_NO_UNKNOWN,
            _insured_need,
            options=options.YES_NO_UNKNOWN,
            width=1,
            why="Whoever is not insured, or does not want to use insurance, has a right to an "
            "estimate in writing.",
            source="45 CFR 149.610",
        ),
        Field(
            "coverages.do_not_bill",
            "Do not tell or bill my insurer",
            FieldKind.YES_NO,
            options=options.YES_NO,
            applies=_insured_and_unlocked,
            asked_afresh=True,
            width=1,
            why="A patient who pays in full may ask that the insurer is not told. The insurer is "
            "then not asked about benefits either.",
            source="45 CFR 164.522(a)(1)(vi)",
        ),
        Field(
            "coverages.medicare_asked",
            "Does the patient have Medicare?",
            FieldKind.YES_NO_UNKNOWN,
            must,
            options=options.YES_NO_UNKNOWN,
            applies=asks_about_medicare,
            asked_afresh=True,
            why="Sixty-five or older, or disabled, and no Medicare on file. If it is there and is "
            "not named, the claim goes to the wrong payer first.",
        ),
    ),
)

COVERAGE_SECTIONS = tuple(coverage_section(place) for place in range(MOST))


def _sections(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    count = max(1, min(MOST, len(draft.coverages.items)))
    return (INSURED, *COVERAGE_SECTIONS[:count])


def _applies(draft: Draft, situation: Situation) -> Applies:
    if asks_about_medicare(draft, situation):
        return Applies(True)
    settled = draft.verdict("coverages") in (Verdict.SAME, Verdict.KEPT)
    same = settled and is_fresh("coverages", situation)
    if same and draft.coverages.insured and not is_edited("coverages", draft, situation):
        return Applies(False, "The same as last time.")
    return Applies(True)


def _problems(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    problems = []
    if draft.coverages.insured is Said.YES and not standing(draft) and draft.coverages.items:
        say = "Every coverage was taken out. Add the one that stands, or answer No above."
        problems.append(Problem("coverages.insured", Sign.STOP, say))
    if draft.coverages.medicare_asked is Said.YES and asks_about_medicare(draft, situation):
        say = "Add the Medicare card as a coverage."
        problems.append(Problem("coverages.medicare_asked", Sign.STOP, say))
    seen: set[tuple[str, str]] = set()
    for place, item in enumerate(draft.coverages.items):
        key = (item.payer_id or item.payer_name.casefold(), item.member_id.casefold())
        if not item.dropped and item.member_id:
            if key in seen:
                say = "This coverage stands here twice. Take one of the two out."
                problems.append(Problem(f"coverages.items.{place}.member_id", Sign.STOP, say))
            seen.add(key)
    return tuple(problems)


COVERAGE_PAGE = Page(
    PageId.COVERAGE,
    "Coverage",
    "Coverage",
    _sections,
    _applies,
    _problems,
    why="Who insures the patient, in which order, and how the insurer knows them.",
)
