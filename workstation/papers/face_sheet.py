"""The face sheet of a visit: who, which visit, who cares for them, who is responsible.

Two person-specific identifiers head it (Joint Commission NPG 1, formerly NPSG.01.01.01), never a
room. While the visit waits for its screening exam nothing of money is on it: no guarantor, no
coverage (42 CFR 489.24(d)(4)).
"""

from __future__ import annotations

from dataclasses import dataclass

from workstation.papers.sheet import Paper, Sheet


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One coverage in order: payer, plan, member id, group, whose it is."""

    payer: str
    plan: str = ""
    member_id: str = ""
    group: str = ""
    subscriber: str = ""


@dataclass(frozen=True, slots=True)
class FaceSheet:
    """All that a face sheet shows, in words; empty texts print nothing."""

    facility: str
    patient: str
    born: str
    mrn: str
    sex: str
    visit_number: str
    account_number: str
    patient_class: str
    service_date: str
    department: str
    reason: str
    service: str
    admit_type: str
    origin: str
    emergency_locked: bool
    address: str = ""
    phones: tuple[str, ...] = ()
    language: str = ""
    interpreter: bool = False
    clinicians: tuple[tuple[str, str], ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    guarantor: str = ""
    coverages: tuple[CoverageLine, ...] = ()


def face_sheet_pdf(face: FaceSheet) -> Paper:
    """The face sheet, in English: it is read by staff."""
    sheet = Sheet(face.visit_number, "en-US", f"{face.visit_number}   MRN {face.mrn}")
    sheet.text(face.facility, 11)
    sheet.text(face.patient, 18, bold=True)
    sheet.text(f"Born {face.born}   MRN {face.mrn}", 12, bold=True)
    sheet.rule()
    for label, value in (
        ("Visit", face.visit_number),
        ("Account", face.account_number),
        ("Class", face.patient_class),
        ("Date of service", face.service_date),
        ("Department", face.department),
        ("Reason", face.reason),
        ("Service", face.service),
        ("Admit type", face.admit_type),
        ("Point of origin", face.origin),
        ("Sex", face.sex),
        ("Address", face.address),
        ("Phone", ", ".join(face.phones)),
        ("Language", face.language),
        ("Interpreter", "needed" if face.interpreter else ""),
        *face.clinicians,
        *face.contacts,
    ):
        sheet.pair(label, value)
    if face.emergency_locked:
        sheet.rule()
        sheet.text("Emergency: registration only for now.", 11, bold=True)
        return sheet.finished()
    _money(sheet, face)
    return sheet.finished()


def _money(sheet: Sheet, face: FaceSheet) -> None:
    sheet.rule()
    sheet.pair("Guarantor", face.guarantor)
    if not face.coverages:
        sheet.pair("Coverage", "none recorded")
    for n, coverage in enumerate(face.coverages, 1):
        sheet.gap()
        sheet.text(f"Coverage {n}: {coverage.payer}", bold=True)
        sheet.pair("Plan", coverage.plan)
        sheet.pair("Member ID", coverage.member_id)
        sheet.pair("Group", coverage.group)
        sheet.pair("Subscriber", coverage.subscriber)
