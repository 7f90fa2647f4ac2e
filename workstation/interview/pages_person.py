"""Who it is, where they live, how to reach them, who they are, whom to call, where they work."""

from __future__ import annotations

from workstation.interview import options
from workstation.interview.checks import (
    must_unless_locked,
    past_date,
    phone_says,
)
from workstation.interview.fields import (
    Applies,
    Field,
    FieldKind,
    Need,
    Page,
    Section,
    must,
    should,
)
from workstation.interview.model import Draft, PageId
from workstation.interview.rules import EMERGENCY_LINE
from workstation.interview.sections_people import EMPLOYER, contact_sections
from workstation.interview.situation import Situation
from workstation.interview.typed import read_ssn, read_zip

_IDENTITY_RULE = "Two identifiers of the person, stated by them (Joint Commission goal 1)"


def _name_known(draft: Draft, situation: Situation) -> bool:
    return not draft.identity.name_unknown


def _locked(draft: Draft, situation: Situation) -> bool:
    return situation.locked


def _unlocked(draft: Draft, situation: Situation) -> bool:
    return not situation.locked


def _visit_not_open(draft: Draft, situation: Situation) -> bool:
    return not draft.visit_id


def _dob_check(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.identity.dob, situation.today, "Type month, day and year of birth.")


def _ssn_check(draft: Draft, situation: Situation) -> str | None:
    if read_ssn(draft.identity.ssn) is None:
        return "A Social Security number has nine digits. Check them, or leave it open."
    return None


def _zip_check(draft: Draft, situation: Situation) -> str | None:
    return None if read_zip(draft.address.zip) else "A ZIP code has five or nine digits."


def _email_check(draft: Draft, situation: Situation) -> str | None:
    name, at, place = draft.reach.email.partition("@")
    return None if name and at and "." in place else "An e-mail address looks like ana@example.com."


def _mobile(draft: Draft, situation: Situation) -> str | None:
    return phone_says(draft.reach.mobile)


def _home(draft: Draft, situation: Situation) -> str | None:
    return phone_says(draft.reach.home)


def _work(draft: Draft, situation: Situation) -> str | None:
    return phone_says(draft.reach.work)


def _one_phone(draft: Draft, situation: Situation) -> Need:
    reach = draft.reach
    if situation.locked or reach.home or reach.work or reach.email:
        return Need.MAY
    return Need.SHOULD


def _has_address(draft: Draft, situation: Situation) -> bool:
    return not draft.address.no_fixed


def _tribal(draft: Draft, situation: Situation) -> bool:
    return "american_indian" in draft.about.race_ethnicity


IDENTITY = Section(
    "identity",
    "Who is it",
    (
        Field(
            "identity.name_unknown",
            "Cannot say who they are",
            FieldKind.CHECK,
            applies=_locked,
            hint="An alias stands until the name is known.",
            why="In an emergency nobody waits for a name: an alias stands on the chart until it "
            "is known.",
        ),
        Field(
            "identity.last",
            "Last name",
            FieldKind.NAME,
            must,
            applies=_name_known,
            width=1,
            why="The claim and the chart carry the legal name. A wrong letter sends a bill back.",
        ),
        Field(
            "identity.first",
            "First name",
            FieldKind.NAME,
            must,
            applies=_name_known,
            width=1,
            why="The legal first name, as on the card or ID. The name to use has its own field.",
        ),
        Field(
            "identity.middle",
            "Middle name",
            FieldKind.NAME,
            applies=_name_known,
            width=1,
            why="Tells two people of one name apart, and makes the chart fit the card.",
        ),
        Field(
            "identity.suffix",
            "Suffix",
            FieldKind.TEXT,
            applies=_name_known,
            width=1,
            hint="Jr, Sr, III",
            why="A father and a son may share everything else, the address too.",
        ),
        Field(
            "identity.name_to_use",
            "Name to use",
            FieldKind.NAME,
            applies=_name_known,
            width=1,
            why="What the patient wants to be called. It is shown in quotes beside the legal name.",
        ),
        Field(
            "identity.dob",
            "Date of birth",
            FieldKind.DATE,
            must_unless_locked,
            check=_dob_check,
            width=1,
            hint="3/3/85",
            why="Name and birth date are how this person is told from others of the same name.",
            source=_IDENTITY_RULE,
        ),
        Field(
            "identity.sex",
            "Sex",
            FieldKind.CHOICE,
            must,
            options=options.SEX,
            width=1,
            why="Payers refuse a claim where sex differs from their record.",
        ),
        Field(
            "identity.ssn",
            "Social Security number",
            FieldKind.SSN,
            applies=_unlocked,
            check=_ssn_check,
            width=1,
            why="Helps to find the right chart and coverage. The patient may decline to give it.",
        ),
        Field(
            "reason.patient_class",
            "Kind of visit",
            FieldKind.CHOICE,
            must,
            options=options.PATIENT_CLASS,
            applies=_visit_not_open,
            width=1,
            why="Emergency comes first: registration only, and nothing of money until a clinician "
            "has seen the patient.",
            source="42 CFR 489.24(d)(4)",
        ),
        Field(
            "identity.identified_by",
            "How do you know",
            FieldKind.CHOICE,
            must,
            options=options.IDENTIFIED_BY,
            asked_afresh=True,
            applies=_name_known,
            why="Let the patient say name and birth date; do not read them out to be confirmed.",
            source=_IDENTITY_RULE,
        ),
    ),
)

ADDRESS = Section(
    "address",
    "Address",
    (
        Field(
            "address.no_fixed",
            "No fixed address",
            FieldKind.CHECK,
            why="Care does not depend on an address. Letters then wait for the patient here.",
        ),
        Field(
            "address.street",
            "Street, with apartment or unit",
            FieldKind.TEXT,
            must_unless_locked,
            applies=_has_address,
            why="Bills and letters go here, and payers compare it with their own record.",
        ),
        Field(
            "address.zip",
            "ZIP code",
            FieldKind.ZIP,
            must_unless_locked,
            applies=_has_address,
            check=_zip_check,
            width=1,
            why="It gives town and state, and tells which payers and rules are near.",
        ),
        Field(
            "address.city",
            "Town",
            FieldKind.TEXT,
            must_unless_locked,
            applies=_has_address,
            width=1,
            why="Letters go here.",
        ),
        Field(
            "address.state",
            "State",
            FieldKind.STATE,
            must_unless_locked,
            applies=_has_address,
            width=1,
            why="Which state's rules hold for insurance and for minors.",
        ),
        Field(
            "address.confidential",
            "Keep this address confidential",
            FieldKind.YES_NO,
            options=options.YES_NO,
            width=1,
            applies=_unlocked,
            why="The patient may ask to be reached another way; it is then shown in no list.",
            source="45 CFR 164.522(b)",
        ),
    ),
)

REACH = Section(
    "reach",
    "Phone and e-mail",
    (
        Field(
            "reach.mobile",
            "Mobile phone",
            FieldKind.PHONE,
            _one_phone,
            check=_mobile,
            width=1,
            why="The way to call the patient back about a result, or a change of time.",
        ),
        Field(
            "reach.home",
            "Home phone",
            FieldKind.PHONE,
            check=_home,
            width=1,
            why="A second way to reach the patient, where the mobile does not answer.",
        ),
        Field(
            "reach.work",
            "Work phone",
            FieldKind.PHONE,
            check=_work,
            width=1,
            why="By day some people are reached only here. Leave no message about health at work.",
        ),
        Field(
            "reach.email",
            "E-mail",
            FieldKind.EMAIL,
            check=_email_check,
            width=1,
            why="For the receipt, where the patient wants it by e-mail. Nothing about health is "
            "sent there.",
        ),
    ),
)

ABOUT = Section(
    "about",
    "About the patient",
    (
        Field(
            "about.race_ethnicity",
            "Race and ethnicity, all that apply",
            FieldKind.MULTI_CHOICE,
            should,
            options=options.RACE_ETHNICITY,
            why="Asked of everyone, in the patient's own words, to see that care is equal. "
            "The patient may decline.",
            source="OMB SPD 15 (2024), one combined question",
        ),
        Field(
            "about.tribal_affiliation",
            "Tribe",
            FieldKind.TEXT,
            applies=_tribal,
            width=1,
            why="Tribal programs may pay, and the Indian Health Service pays last.",
            source="USCDI, tribal affiliation",
        ),
        Field(
            "about.marital",
            "Marital status",
            FieldKind.CHOICE,
            options=options.MARITAL,
            width=1,
            why="Whether a spouse's plan, or a spouse's answer for the bill, comes into question.",
        ),
        Field(
            "about.previous_names",
            "Previous names",
            FieldKind.NAME,
            width=1,
            why="An older chart, or the payer, may still know the patient by it.",
            source="USCDI, previous name",
        ),
        Field(
            "about.occupation",
            "Occupation",
            FieldKind.TEXT,
            width=1,
            why="Some illnesses and injuries come from the work that somebody does.",
            source="USCDI, occupation",
        ),
    ),
)


def _identity(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (IDENTITY,)


def _address_and_phone(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (ADDRESS, REACH)


def _about(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (ABOUT,)


def _people(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    contacts = contact_sections(draft, situation)
    return contacts if situation.locked else (*contacts, EMPLOYER)


def _new_only(draft: Draft, situation: Situation) -> Applies:
    if situation.on_file is not None:
        return Applies(False, "On the page What changed.", hidden=True)
    return Applies(True)


def _new_and_unlocked(draft: Draft, situation: Situation) -> Applies:
    return Applies(False, EMERGENCY_LINE) if situation.locked else _new_only(draft, situation)


PAGES = (
    Page(
        PageId.IDENTITY,
        "Who is it",
        "Who is it",
        _identity,
        why="The right chart comes first: all that follows is written into it.",
        source=_IDENTITY_RULE,
    ),
    Page(
        PageId.CONTACT,
        "Address and phone",
        "Contact",
        _address_and_phone,
        _new_only,
        why="Where letters and calls reach the patient, and where they must not.",
    ),
    Page(
        PageId.ABOUT,
        "About the patient",
        "About",
        _about,
        _new_and_unlocked,
        why="Asked of everyone alike, to see that care is equal. The patient may decline.",
        source="USCDI demographics",
    ),
    Page(
        PageId.PEOPLE,
        "People and work",
        "People",
        _people,
        _new_only,
        why="Whom to call in an emergency, and where the patient works.",
    ),
)
