"""The people of the demo whose story matters, and what today's desk will meet with each of them.

Every story is one trouble of the field (field.md section 3): who they are, what they come for, who
pays, and what was left open. Member ids name the simulator's scenario where one is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cover:
    """One coverage of a cast member; ``checked_days_ago`` None means never asked."""

    payer_id: str
    member_id: str
    plan: str
    group: str | None = None
    relation: str = "self"
    subscriber: dict[str, Any] | None = None
    claim_number: str | None = None
    injury_date: str | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A person with today's appointment. ``minutes`` is its time after the demo's first one."""

    person: dict[str, Any]
    minutes: int
    visit: str
    department: str
    clinician: str
    service_code: str
    covers: tuple[Cover, ...]
    arrived_minutes_ago: int | None = None
    seen_before: bool = True
    patient_class: str = "O"
    sensitive: bool = False
    stale: bool = False
    """The payer's last answer is 41 days old."""


def _person(
    last: str, first: str, dob: str, sex: str, mrn: str | None, **more: Any
) -> dict[str, Any]:
    return {
        "last": last,
        "first": first,
        "dob": dob,
        "sex": sex,
        "mrn": mrn,
        "phones": [f"(512) 555-01{int(dob[-2:]):02d}"],
        "street": f"{int(dob[2:4]) * 10 + 100} Example St",
        "city": "Austin",
        "state": "TX",
        "zip": "78701",
        "language": "en",
        "race_ethnicity": ["declined"],
        **more,
    }


MARIA = _person(
    "OKAFOR-DIAZ",
    "Maria",
    "1985-03-03",
    "F",
    "0048213",
    middle="Elena",
    preferred_name="Malena",
    language="es",
    interpreter=True,
    confidential_address=True,
)
"""The returning patient of the tour: a Blue PPO card, Spanish, a confidential address."""

CAST = (
    Role(
        _person("ABERNATHY", "Joan", "1948-04-12", "F", "0012004"),
        0,
        "MRI brain",
        "Imaging",
        "Dr. Lucia Marino",
        "IMG-MRI",
        (
            Cover("99004", "1EG4TE5MK73", "Medicare A and B"),
            Cover("99011", "CDG00012004", "Medigap G"),
        ),
        arrived_minutes_ago=11,
    ),
    Role(
        MARIA,
        10,
        "Office visit",
        "Family Medicine",
        "Dr. Asha Patel",
        "OV-PCP",
        (Cover("99001", "LSB123456789", "Gold 123 PPO", "0071234"),),
        arrived_minutes_ago=6,
    ),
    Role(
        _person("TRAN", "Linh", "1990-11-21", "F", "0049001"),
        10,
        "Ultrasound, 20 weeks",
        "Imaging",
        "Dr. Lucia Marino",
        "IMG-US",
        (Cover("99001", "LSB490012345", "Choice PPO", "0090012"),),
        arrived_minutes_ago=2,
        stale=True,
    ),
    Role(
        _person("WILLIAMS", "Darnell", "1962-07-30", "M", "0031177", suffix="Jr"),
        20,
        "Colonoscopy follow-up",
        "Infusion Center",
        "Dr. Ruth Ames",
        "HOP-PROC",
        (Cover("99005", "SOA31177001", "Silver Oak Advantage HMO"),),
        arrived_minutes_ago=1,
    ),
    Role(
        _person("GARCIA LOPEZ", "Ana", "2019-09-09", "F", "0050020", language="es"),
        25,
        "Well child",
        "Family Medicine",
        "Dr. Tom Reyes",
        "OV-PCP",
        (Cover("99006", "500200012", "Sunshine Medicaid"),),
    ),
    Role(
        _person("PETROV", "Nikolai", "1979-02-14", "M", "0027310"),
        25,
        "Knee MRI",
        "Imaging",
        "Dr. Lucia Marino",
        "IMG-MRI",
        (Cover("99003", "MRC273104440", "Meridian Choice HDHP", "HD2210"),),
    ),
    Role(
        _person("SMITH", "Robert", "1955-01-01", "M", "0008123"),
        40,
        "Cardiology follow-up",
        "Cardiology",
        "Dr. Ingrid Holm",
        "OV-SPEC",
        (Cover("99001", "TERM00812301", "Open Access PPO", "0044100"),),
    ),
    Role(
        _person("O'BRIEN", "Siobhán", "1971-03-17", "F", "0033921"),
        40,
        "Mammogram",
        "Imaging",
        "Dr. Lucia Marino",
        "IMG-XR",
        (Cover("99008", "12300456789", "Service Families Prime"),),
    ),
    Role(
        _person("NGUYEN", "An", "1966-05-05", "M", "0041876", language="vi"),
        50,
        "Physical therapy",
        "Physical Therapy",
        "Kim Park, PT",
        "PT-SESSION",
        (
            Cover(
                "99009",
                "",
                "Employer workers' compensation",
                claim_number="WC-2026-7781",
                injury_date="2026-10-02",
            ),
        ),
    ),
    Role(
        _person("JOHNSON", "Keisha", "1998-08-28", "F", None),
        55,
        "New patient visit",
        "Family Medicine",
        "Dr. Tom Reyes",
        "OV-PCP",
        (),
        seen_before=False,
    ),
    Role(
        _person("BAKER", "Helen", "1939-02-02", "F", "0002291"),
        55,
        "Infusion",
        "Infusion Center",
        "Dr. Ruth Ames",
        "HOP-PROC",
        (
            Cover("99004", "QMB2FH5UF6NL84", "Medicare A and B"),
            Cover("99006", "502291011", "Sunshine Medicaid, QMB"),
        ),
    ),
    Role(
        _person("RAMIREZ", "José Luis", "1983-06-11", "M", "0039910", language="es"),
        70,
        "CT abdomen",
        "Imaging",
        "Dr. Lucia Marino",
        "IMG-CT",
        (Cover("99002", "PRH39910077", "Prairie Health HMO", "PH8812"),),
    ),
    Role(
        _person("CHEN", "Wei", "2001-10-19", "F", "0047755"),
        70,
        "Sports physical",
        "Family Medicine",
        "Dr. Asha Patel",
        "OV-PCP",
        (
            Cover(
                "99001",
                "LSB477550002",
                "Student PPO",
                "0012300",
                "child",
                {"last": "CHEN", "first": "Hua", "dob": "1969-01-30", "sex": "M"},
            ),
        ),
    ),
    Role(
        _person("FOSTER", "Grace", "1957-12-23", "F", "0019408"),
        85,
        "Cataract pre-op",
        "Infusion Center",
        "Dr. Ruth Ames",
        "HOP-PROC",
        (Cover("99004", "3GJ6VG7PM95", "Medicare A and B"),),
    ),
    Role(
        _person("ALI", "Fatima", "1988-01-07", "F", "0044512"),
        100,
        "Dermatology visit",
        "Dermatology",
        "Dr. Sam Adeyemi",
        "OV-SPEC",
        (Cover("99003", "MRC445120900", "Meridian Choice HDHP", "HD2210"),),
    ),
    Role(
        _person("DUBOIS", "Marcus", "1974-06-06", "M", "0021199"),
        100,
        "Chest pain",
        "Emergency Department",
        "Dr. Noor Haddad",
        "ED-VISIT",
        (Cover("99001", "LSB211990007", "Gold 123 PPO", "0071234"),),
        arrived_minutes_ago=3,
        patient_class="E",
    ),
    Role(
        _person("MERCADO", "Paula", "1992-04-18", "F", "0045003"),
        110,
        "Counselling visit",
        "Family Medicine",
        "Dr. Tom Reyes",
        "OV-PCP",
        (Cover("99002", "MUTE45003001", "Prairie Health HMO", "PH8812"),),
        sensitive=True,
    ),
)
