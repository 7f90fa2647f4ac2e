"""An invented morning at the desk, built afresh for each test."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from workstation.arrivals.model import ArrivalRow, CoverageState, Level, Status, Todo

ZONE = timezone(timedelta(hours=-6))
NOW = datetime(2026, 11, 23, 15, 34, tzinfo=UTC)
S, C, L = Status, CoverageState, Level


def note(code: str, label: str, detail: str = "") -> Todo:
    return Todo(code, label, L.NOTE, detail)


def at(text: str) -> datetime:
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 11, 23, hour, minute, tzinfo=ZONE).astimezone(UTC)


def a_row(
    number: int, time: str, last: str, first: str, born: str, visit: str, **more
) -> ArrivalRow:
    waited = more.pop("waited", None)
    if waited is not None:
        more["arrived_at"] = NOW - timedelta(minutes=waited)
        more.setdefault("status", S.HERE)
    return ArrivalRow(
        visit_id=f"v{number:03}",
        person_id=f"p{number:03}",
        time=at(time),
        last=last,
        first=first,
        born=date.fromisoformat(born),
        reason=visit,
        mrn=f"00482{number:02}",
        sex=more.pop("sex", "F"),
        **more,
    )


def the_day() -> tuple[ArrivalRow, ...]:
    return (
        a_row(
            1,
            "9:20",
            "Abernathy",
            "Joan",
            "1948-04-12",
            "MRI brain",
            coverage=C.ACTIVE,
            plan="Medicare + Medigap Plan G",
            expected_cents=0,
            waited=11,
            todo=(note("medicare_questions", "Medicare Qs"), Todo("abn", "ABN", L.YIELD)),
        ),
        a_row(
            2,
            "9:30",
            "Okafor-Diaz",
            "Maria Elena",
            "1985-03-03",
            "New patient visit",
            coverage=C.ACTIVE,
            plan="Blue Cross PPO",
            expected_cents=2500,
            waited=6,
            todo=(
                note("card", "Card", "Scan new card"),
                note("forms", "Forms 2", "Sign 2 forms"),
            ),
            language="Spanish",
            interpreter=True,
            coverage_lines=("Copay $25.00 · deductible left $1,000.00", "asked 9:12, 22 min ago"),
            alerts=("Confidential address: mail to the work address only.",),
        ),
        a_row(
            3,
            "9:30",
            "Tran",
            "Linh",
            "1990-11-21",
            "Ultrasound, 20 weeks",
            coverage=C.STALE,
            coverage_since=date(2026, 10, 13),
            plan="Aetna Choice POS II",
            waited=2,
            todo=(Todo("re_ask", "Re-ask payer", L.YIELD),),
        ),
        a_row(
            4,
            "9:40",
            "Williams",
            "Darnell Jr",
            "1962-07-30",
            "Colonoscopy",
            coverage=C.ACTIVE,
            plan="Humana Medicare Advantage",
            expected_cents=0,
            waited=1,
            sex="M",
            todo=(Todo("authorization", "Authorization", L.STOP),),
        ),
        a_row(
            5,
            "9:45",
            "Garcia Lopez",
            "Ana",
            "2019-09-09",
            "Well child",
            coverage=C.ASKING,
            plan="Medicaid, Sunshine",
            todo=(note("guardian_id", "Guardian ID"),),
        ),
        a_row(
            6,
            "9:45",
            "Petrov",
            "Nikolai",
            "1979-02-14",
            "Knee MRI",
            coverage=C.ACTIVE,
            plan="UnitedHealthcare Choice",
            expected_cents=31000,
            status=S.READY,
            sex="M",
        ),
        a_row(
            7,
            "10:00",
            "Smith",
            "Robert",
            "1955-01-01",
            "Cardiology follow-up",
            coverage=C.ENDED,
            coverage_since=date(2026, 10, 31),
            plan="Cigna Open Access",
            sex="M",
            todo=(
                Todo("coverage", "Coverage", L.STOP),
                note("card", "Card"),
                note("forms", "Forms 3"),
            ),
        ),
        a_row(
            8,
            "10:00",
            "O'Brien",
            "Siobhán",
            "1971-03-17",
            "Mammogram",
            coverage=C.ACTIVE,
            plan="Tricare Prime",
            expected_cents=0,
            todo=(Todo("referral", "Referral", L.YIELD),),
        ),
        a_row(
            9,
            "10:10",
            "Nguyen",
            "An",
            "1966-05-05",
            "Physical therapy, knee",
            coverage=C.NO_ANSWER,
            plan="Employer WC: pending",
            todo=(note("claim_number", "Claim number"),),
        ),
        a_row(
            10,
            "10:15",
            "Johnson",
            "Keisha",
            "1998-08-28",
            "New patient visit",
            coverage=C.SELF_PAY,
            expected_why="estimate",
            todo=(note("estimate", "Estimate"), note("screening", "Screening")),
        ),
        a_row(
            11,
            "10:15",
            "Baker",
            "Helen",
            "1939-02-02",
            "Infusion",
            coverage=C.ACTIVE,
            plan="Medicare + Medicaid",
            expected_cents=0,
        ),
        a_row(
            12,
            "10:30",
            "Ramirez",
            "José Luis",
            "1983-06-11",
            "CT abdomen",
            coverage=C.ACTIVE,
            plan="Blue Shield HMO",
            expected_cents=7500,
            sex="M",
            todo=(Todo("pcp_referral", "PCP referral", L.STOP),),
        ),
        a_row(
            13,
            "10:30",
            "Secret",
            "Reason",
            "1992-01-30",
            "Hidden clinic",
            sensitive=True,
            coverage=C.ACTIVE,
            plan="Cigna HDHP",
            expected_cents=18640,
            todo=(note("forms", "Forms 1"),),
        ),
        a_row(
            14,
            "9:05",
            "Wren",
            "Casey",
            "2001-05-06",
            "Chest pain",
            coverage=C.ACTIVE,
            plan="Aetna",
            expected_cents=25000,
            emergency_locked=True,
            waited=3,
            todo=(note("card", "Card"), note("id", "ID")),
        ),
    )


def many(count: int) -> tuple[ArrivalRow, ...]:
    day = the_day()[:13]
    rows = []
    for number in range(count):
        like = day[number % len(day)]
        rows.append(
            a_row(
                number,
                f"{8 + number // 60 % 10}:{number % 60:02}",
                f"{like.last}{number}",
                like.first,
                "1980-01-01",
                like.reason,
                coverage=like.coverage,
                plan=like.plan,
                expected_cents=like.expected_cents,
                todo=like.todo,
            )
        )
    return tuple(rows)


class FixedReader:
    """Answers with the rows given; remembers how often and for which day it was asked."""

    def __init__(self, rows: tuple[ArrivalRow, ...] = (), error: Exception | None = None) -> None:
        self.rows, self.error, self.asked = rows, error, 0
        self.day: date | None = None

    def of_day(self, day, departments):
        self.asked += 1
        self.day = day
        if self.error is not None:
            raise self.error
        return self.rows
