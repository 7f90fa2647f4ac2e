"""Choices offered by fields: codes with our own short words, and keys where they are common."""

from __future__ import annotations

from workstation.interview.fields import Option
from workstation.people import languages

YES_NO = (Option("yes", "Yes", "Y"), Option("no", "No", "N"))
YES_NO_UNKNOWN = (*YES_NO, Option("unknown", "Not known", "U"))

IDENTIFIED_BY = (
    Option("stated", "Stated name and birth date", "S"),
    Option("photo_id", "Photo ID seen", "P"),
    Option("companion", "Companion stated them", "C"),
    Option("wristband", "Wristband", "W"),
)
SEX = (
    Option("F", "Female", "F"),
    Option("M", "Male", "M"),
    Option("X", "X", "X"),
    Option("U", "Not known", "U"),
)
RACE_ETHNICITY = (
    Option("american_indian", "American Indian or Alaska Native"),
    Option("asian", "Asian"),
    Option("black", "Black or African American"),
    Option("hispanic", "Hispanic or Latino"),
    Option("middle_eastern", "Middle Eastern or North African"),
    Option("pacific_islander", "Native Hawaiian or Pacific Islander"),
    Option("white", "White"),
    Option("declined", "Does not want to say"),
)
LANGUAGES = tuple(Option(code, words) for code, words in languages.LANGUAGES.items())
MARITAL = (
    Option("S", "Single"),
    Option("M", "Married"),
    Option("T", "Domestic partner"),
    Option("D", "Divorced"),
    Option("W", "Widowed"),
    Option("L", "Separated"),
    Option("declined", "Does not want to say"),
)
RELATIONS = (
    Option("spouse", "Spouse or partner"),
    Option("parent", "Parent"),
    Option("child", "Child"),
    Option("sibling", "Brother or sister"),
    Option("guardian", "Guardian"),
    Option("friend", "Friend"),
    Option("other", "Somebody else"),
)
EMPLOYMENT = (
    Option("employed", "Working"),
    Option("self_employed", "Self-employed"),
    Option("retired", "Retired"),
    Option("not_employed", "Not working"),
    Option("disabled", "Not working because of a disability"),
    Option("student", "Student"),
    Option("military", "Active military"),
    Option("child", "Child"),
)
PATIENT_CLASS = (
    Option("O", "Outpatient"),
    Option("R", "Recurring outpatient"),
    Option("E", "Emergency"),
    Option("I", "Inpatient"),
    Option("P", "Pre-admission"),
    Option("B", "Obstetrics"),
)
ARRIVED_BY = (
    Option("own", "On their own"),
    Option("family", "Brought by family"),
    Option("ambulance", "Ambulance"),
    Option("police", "Police"),
    Option("transfer", "From another facility"),
)
ACCIDENT_KIND = (
    Option("work", "At work", "W"),
    Option("auto", "Motor vehicle", "M"),
    Option("other", "Something else", "O"),
)
COVERAGE_RELATION = (
    Option("self", "The patient"),
    Option("spouse", "Spouse"),
    Option("child", "Parent (the patient is their child)"),
    Option("other", "Somebody else"),
)
GUARANTOR_RELATION = (
    Option("self", "The patient"),
    Option("spouse", "Spouse"),
    Option("parent", "Parent"),
    Option("guardian", "Guardian"),
    Option("employer", "Employer (workers' compensation)"),
    Option("other", "Somebody else"),
)
PAYER_KIND = (
    Option("commercial", "Health insurance"),
    Option("medicare", "Medicare"),
    Option("medicare_advantage", "Medicare Advantage"),
    Option("medigap", "Medicare supplement"),
    Option("medicaid", "Medicaid or CHIP"),
    Option("tricare", "TRICARE"),
    Option("va", "Veterans Affairs"),
    Option("workers_comp", "Workers' compensation"),
    Option("auto", "Motor vehicle insurance"),
    Option("employer_paid", "Paid by the employer"),
)
WORK = (
    Option("working", "Working", "W"),
    Option("retired", "Retired", "R"),
    Option("never", "Never worked", "N"),
)
SPOUSE_WORK = (*WORK, Option("none", "No spouse", "S"))
ANSWERED_BY = (
    Option("patient", "The patient", "P"),
    Option("spouse", "The spouse", "S"),
    Option("representative", "A representative", "R"),
    Option("records", "From records", "C"),
)
PLAN_THROUGH = (
    Option("patient", "The patient's work", "P"),
    Option("spouse", "The spouse's work", "S"),
    Option("family", "Another family member's work", "F"),
)
PLAN_EMPLOYMENT = (
    Option("current", "Work they do now", "W"),
    Option("retired", "As a retiree", "R"),
    Option("cobra", "Continued after leaving (COBRA)", "C"),
)
EMPLOYER_SIZE = (
    Option("19", "Fewer than 20", "1"),
    Option("20", "20 to 99", "2"),
    Option("100", "100 or more", "3"),
    Option("unknown", "Not known", "U"),
)
"""Codes are a number of employees inside the band: all that Medicare's rules look at."""

SKIP_REASONS = (
    Option("not_known", "Does not know", "1"),
    Option("declined", "Does not want to say", "2"),
    Option("will_bring", "Will bring it", "3"),
    Option("not_able", "Not able to answer now", "4"),
    Option("not_applicable", "Does not apply", "5"),
)
NOTHING_TODAY = (
    Option("cannot_now", "Cannot pay today", "1"),
    Option("bill_me", "Wants a bill", "2"),
    Option("assistance", "Asked for help with paying", "3"),
    Option("disputes", "Does not agree with the amount", "4"),
    Option("nothing_owed", "Nothing is owed", "5"),
)
