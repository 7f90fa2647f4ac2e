"""Plain words for what stands in a trail."""

from __future__ import annotations

from datetime import datetime

from ui.wall_clock import local
from ui.words import say
from ui.work.words import FIELDS, field_words
from workstation.oversight.model import Chart, Finding, Look, Rule, Source

RULES: dict[Rule, tuple[str, str, str]] = {
    Rule.OWN: ("The person's own chart", "user", "stop"),
    Rule.HOUSEHOLD: ("Same household", "users", "stop"),
    Rule.SAME_NAME: ("Same last name", "users", "warn"),
    Rule.PROTECTED: ("Protected or VIP chart", "shield-alert", "warn"),
    Rule.EMPLOYEE: ("Chart of an employee", "id-card", "warn"),
    Rule.AFTER_HOURS: ("At night, without a visit", "moon", "warn"),
    Rule.VOLUME: ("Far more charts than usual", "chart-no-axes-column", "warn"),
    Rule.SEARCH_ONLY: ("Searched, opened nothing", "search", "warn"),
}
"""In words, with icon and tone."""

_WHAT = {
    "chart_opened": "Opened the chart",
    "document_opened": "Opened a paper or picture",
    "printed": "Printed a paper",
    "print_estimate": "Printed an estimate",
    "searched": "Searched",
    "signed_in": "Signed in",
    "sign_in_refused": "Wrong password",
    "locked": "Locked the desk",
    "locked_idle": "The desk locked by itself",
    "account_created": "Made an account",
    "access_reviewed": "Looked at this trail",
    "access_exported": "Exported from this trail",
    "disclosed": "Noted a disclosure",
    "audit_trimmed": "Older entries moved to the shared database",
    "shift_report": "Made a shift report",
    "downtime_forms": "Made downtime forms",
    "register_patient": "Registered the patient",
    "revise_demographics": "Changed the record",
    "merge_people": "Merged two charts",
    "add_coverage": "Added a coverage",
    "revise_coverage": "Changed a coverage",
    "reorder_coverages": "Changed the order of payers",
    "open_visit": "Opened a visit",
    "begin_check_in": "Began the check-in",
    "finish_check_in": "Finished the check-in",
    "leave_untouched": "Put the check-in back",
    "mark_arrived": "Marked as arrived",
    "undo_arrival": "Took the arrival back",
    "record_left": "Recorded that they left",
    "place_visit": "Placed a visit",
    "revise_visit": "Changed a visit",
    "asks_emergency_care": "Noted: asks for emergency care",
    "asked_about_cost": "Noted: asked about cost",
    "correct_class": "Corrected the patient class",
    "put_employment": "Changed the employment",
    "put_related_person": "Changed a related person",
    "answer_medicare_questions": "Answered the Medicare questions",
    "answer_advance_directive": "Answered about an advance directive",
    "confirm_card": "Compared a card",
    "skip_question": "Left a question open",
    "ask_payer": "Asked the payer",
    "record_payer_answer": "Kept the payer's answer",
    "start_card_payment": "Began a card payment",
    "start_card_refund": "Began a card refund",
    "ask_card_refund": "Asked for a card refund",
    "refund_not_made": "A refund was not made",
    "payment_needs_a_person": "A card payment became work",
    "other_tender_meanwhile": "Took another tender meanwhile",
    "email_consent": "Kept the answer about e-mail",
    "time_zone_set": "Set the time zone",
    "move_visit": "Moved a visit",
    "visit_moved_in": "A visit was moved here",
    "record_screening_exam": "Recorded the screening exam",
    "record_signature": "Took a signature",
    "record_payment": "Took a payment",
    "refund_payment": "Gave money back",
    "nothing_collected": "Took nothing today",
    "hand_out_receipt": "Handed out a receipt",
    "give_estimate": "Gave an estimate",
    "keep_document": "Kept a scan or paper",
    "note_payer_contact": "Noted a call to the payer",
    "email_receipt": "E-mailed a receipt",
    "resolve_conflict": "Settled a conflict",
    "reopen_conflict": "Opened a conflict again",
    "report_downtime": "Made a recovery report",
    "sign_recovery_report": "Signed a recovery report",
    "settle_work_item": "Settled a work item",
    "workstation_made": "Made this workstation",
}
_PURPOSES = {
    "registration": "registration",
    "beside": "read beside another chart",
    "finished_visit": "a visit that is over",
}


def rule_words(finding: Finding) -> str:
    """Why it stands out."""
    return say(RULES[finding.rule][0])


def what_words(look: Look) -> str:
    """What was done; of something that this version has no words for, its name."""
    known = _WHAT.get(look.what)
    return say(known) if known else look.what.replace("_", " ")


def why_words(look: Look) -> str:
    """The purpose or reason, and the names of the fields that people know by name."""
    detail = look.detail or {}
    if look.what == "searched":
        found = detail.get("results", 0)
        return say("found 1") if found == 1 else say("found {n}", n=found)
    purpose = say(_PURPOSES[look.purpose]) if look.purpose in _PURPOSES else look.purpose
    fields = ", ".join(field_words(name) for name in look.fields if name in FIELDS)
    return " · ".join(part for part in (purpose, fields) if part)


def chart_words(chart: Chart | None, person_id: str | None) -> str:
    """The patient as the lists name them."""
    if chart is None:
        return say("A chart that is not on this desk") if person_id else ""
    return " · ".join(part for part in (chart.name, chart.mrn) if part)


def mrn_words(chart: Chart | None, person_id: str | None) -> str:
    """The patient as files name them: by number, not by name."""
    return (chart.mrn if chart is not None and chart.mrn else person_id) or ""


def when_words(moment: datetime) -> str:
    """Day and time on the facility's clock."""
    return f"{local(moment):%d %b %Y %H:%M}"


def source_words(source: Source) -> tuple[str, str, str]:
    """Whose entries these are: words, icon, tone."""
    return {
        Source.ALL_DESKS: (say("All desks"), "circle-check", "ok"),
        Source.ALONE: (say("This desk; there is no other"), "info", "accent"),
        Source.NOT_ALLOWED: (
            say("This desk only: IT has not let it read the others' entries"),
            "lock",
            "warn",
        ),
        Source.OFFLINE: (
            say("This desk only: the shared database does not answer"),
            "cloud-off",
            "warn",
        ),
    }[source]
