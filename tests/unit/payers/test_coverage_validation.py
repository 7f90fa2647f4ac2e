"""Whether a coverage can stand as given, and what each kind of payer asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workstation.kernel.errors import NotUnderstood, PorticoError, Refused
from workstation.payers.directory import (
    DirectoryPayer,
    PayerDirectory,
    payer_directory,
    read_directory,
)
from workstation.payers.model import KEYS, Coverage, PayerKind
from workstation.payers.requirements import (
    asks_about_medicare,
    required_fields,
    requirements,
    shown_mbi,
)
from workstation.payers.validation import checked, findings

DIRECTORY = PayerDirectory(
    [
        DirectoryPayer("99001", "Example Blue", PayerKind.COMMERCIAL, ("EB PPO",)),
        DirectoryPayer(
            "99010", "Example Casualty", PayerKind.WORKERS_COMP, eligibility_supported=False
        ),
        DirectoryPayer(
            "99004", "Medicare", PayerKind.MEDICARE, member_id_pattern=r"[1-9][A-Z0-9]{10}"
        ),
    ]
)


def coverage(**changes: Any) -> dict[str, Any]:
    return {
        "payer_id": "99001",
        "member_id": "X1",
        "group_number": None,
        "relation": "self",
        "order": 1,
        "from": "2026-01-01",
        "to": None,
        "subscriber": None,
        "claim_number": None,
        "injury_date": None,
        **changes,
    }


def test_the_directory_adds_name_and_kind() -> None:
    row = checked(coverage(member_id=" X1 "), DIRECTORY)
    assert (row["payer_name"], row["payer_kind"], row["member_id"]) == (
        "Example Blue",
        "commercial",
        "X1",
    )
    assert set(row) <= KEYS


def test_an_unknown_payer_stands_with_a_finding() -> None:
    row = checked(coverage(payer_id="55555"), DIRECTORY)
    assert "directory" in findings(row, DIRECTORY)[0]


def test_an_odd_member_id_is_a_finding() -> None:
    row = checked(coverage(payer_id="99004", member_id="12"), DIRECTORY)
    assert "member ID" in findings(row, DIRECTORY)[0]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"member_id": None}, "member_id_missing", "member_id"),
        ({"member_id": "  "}, "member_id_missing", "member_id"),
        ({"payer_id": None}, "payer_id_missing", "payer_id"),
        ({"from": "2026-03-01", "to": "2026-02-01"}, "dates_reversed", "to"),
        ({"relation": "spouse"}, "subscriber_missing", "subscriber"),
        ({"relation": "child", "subscriber": {}}, "subscriber_missing", "subscriber"),
        ({"payer_id": "99010", "member_id": None}, "claim_number_missing", "claim_number"),
        ({"relation": "uncle"}, "coverage_not_understood", "relation"),
        ({"order": 0}, "coverage_not_understood", "order"),
        ({"from": "1/1/26"}, "coverage_not_understood", "from"),
        ({"member_id": 5}, "coverage_not_understood", "member_id"),
        ({"subscriber": "Ann"}, "coverage_not_understood", "subscriber"),
    ],
)
def test_what_cannot_stand(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(PorticoError) as caught:
        checked(coverage(**change), DIRECTORY)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_an_accident_payer_is_known_by_its_claim() -> None:
    row = checked(coverage(payer_id="99010", member_id=None, claim_number="WC-1"), DIRECTORY)
    assert row["payer_kind"] == "workers_comp"
    by_claim = coverage(
        payer_id="55555", member_id=None, claim_number="A-1", injury_date="2026-11-01"
    )
    assert checked(by_claim, DIRECTORY)["member_id"] is None


def test_the_patient_as_holder_has_no_subscriber() -> None:
    row = checked(coverage(subscriber={"last": "SAMPLE"}), DIRECTORY)
    assert row["subscriber"] is None


def test_no_object_is_no_coverage() -> None:
    with pytest.raises(NotUnderstood):
        checked([], DIRECTORY)  # type: ignore[arg-type]


def test_every_kind_has_its_requirements() -> None:
    for kind in PayerKind:
        assert requirements(kind).owes.endswith(".")
    assert "subscriber" in required_fields(PayerKind.COMMERCIAL, "child")
    assert "subscriber" not in required_fields(PayerKind.COMMERCIAL)
    for kind in (PayerKind.WORKERS_COMP, PayerKind.AUTO, PayerKind.EMPLOYER_PAID, PayerKind.VA):
        assert not requirements(kind).patient_may_owe
        assert not requirements(kind).asks_eligibility


@pytest.mark.parametrize(
    ("age", "disabled", "kinds", "asks"),
    [
        (64, False, [], False),
        (65, False, [PayerKind.COMMERCIAL], True),
        (40, True, [], True),
        (None, False, [], False),
        (70, True, [PayerKind.MEDICARE_ADVANTAGE], False),
    ],
)
def test_who_is_asked_about_medicare(
    age: int | None, disabled: bool, kinds: list[PayerKind], asks: bool
) -> None:
    assert asks_about_medicare(age, disabled, kinds) is asks


def test_a_medicare_number_is_shown_with_dashes() -> None:
    assert shown_mbi("1eg4te5mk73") == "1EG4-TE5-MK73"
    assert shown_mbi("123") is None


def test_directories(tmp_path: Path) -> None:
    assert read_directory(tmp_path / "missing.json").payers == ()
    written = tmp_path / "payers.json"
    written.write_text('[{"payer_id": "1", "name": "One Plan", "kind": "blue", "needs_pcp": true}]')
    found = read_directory(written).find(None, "ONE-PLAN")
    assert found is not None
    assert (found.kind, found.needs_pcp) == (PayerKind.COMMERCIAL, True)
    shipped = payer_directory()
    assert shipped.kind_of(None, "99009", None) is PayerKind.WORKERS_COMP
    assert shipped.kind_of("auto", "99009", None) is PayerKind.AUTO
    assert shipped.kind_of(None, None, "Nobody's Plan") is PayerKind.COMMERCIAL
    kinds = [shipped.find(payer_id) for payer_id in ("60054", "99007", "99009")]
    assert [payer.kind for payer in kinds if payer] == [
        PayerKind.COMMERCIAL,
        PayerKind.MEDICAID,
        PayerKind.WORKERS_COMP,
    ]


def test_a_row_becomes_a_coverage() -> None:
    row = {"id": "c", "person_id": "p", "from": "2026-01-01", "to": "2026-06-30", "rev": 3}
    found = Coverage.from_row({**row, "facility": "f", "extra": None})
    assert found.in_force("2026-06-30")
    assert not found.in_force("2026-07-01")


def test_refusals_carry_no_member_id() -> None:
    with pytest.raises(Refused) as caught:
        checked(coverage(member_id="SECRET1", relation="spouse"), DIRECTORY)
    assert "SECRET1" not in str(caught.value) + caught.value.say
