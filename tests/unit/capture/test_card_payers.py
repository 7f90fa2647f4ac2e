"""Who issued a card: headings, claims address, web address, and names that only look alike."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from card_lines import at, column

from workstation.capture.fields import extract
from workstation.capture.ocr import Line
from workstation.capture.payer_names import known_payers
from workstation.capture.payer_title import is_only_kind

NUMBERS = column(
    40, 300, "Member ID: W123456789", "Group Number: 0071234", "Member Name: ANA M LEE"
)


def payer_of(front: list[Line], back: list[Line] | None = None) -> tuple[str | None, bool]:
    got = extract([*front, *NUMBERS], back or [])
    return got.payer_name, "payer" in got.review


@pytest.mark.parametrize(
    ("back", "name"),
    [
        (["Mail claims to:", "UMR, PO Box 30541, Salt Lake City, UT 84130"], "UMR"),
        (["Claims: Cigna, P.O. Box 188061, Chattanooga, TN 37422"], "Cigna"),
        (["Meritain Health", "PO Box 853921, Richardson, TX 75085"], "Meritain Health"),
        (["Benefits and claims: www.bcbsnm.com"], "Blue Cross and Blue Shield of New Mexico"),
        (["Members: myuhc.com", "TTY 711"], "UnitedHealthcare"),
    ],
)
def test_a_front_with_a_picture_for_a_name_is_settled_by_the_back(
    back: list[str], name: str
) -> None:
    assert payer_of([at(700, 40, "Select PPO")], column(40, 40, *back))[0] == name


def test_the_heading_outweighs_who_gets_the_claims() -> None:
    front = [at(40, 30, "Copperfield Mutual Health", size=50)]
    back = column(40, 40, "Mail claims to:", "Cigna, PO Box 188061, Chattanooga, TN 37422")
    assert payer_of(front, back) == ("Copperfield Mutual Health", True)


def test_an_unknown_payer_named_on_both_sides_is_sure() -> None:
    front = [at(40, 30, "Tallgrass Health", size=50), at(40, 86, "Plan", size=50)]
    back = column(40, 40, "Claims:", "Tallgrass Health Plan, PO Box 12, Salina, KS 67401")
    assert payer_of(front, back) == ("Tallgrass Health Plan", False)


@pytest.mark.parametrize(
    "plan", ["Vision Plan", "STAR Medicaid", "Medicaid Managed Care", "Plan F"]
)
def test_what_says_only_which_kind_of_plan_names_nobody(plan: str) -> None:
    assert is_only_kind(plan)
    assert payer_of([at(40, 100, plan, size=40)])[0] is None


@pytest.mark.parametrize(
    ("heading", "not_this"),
    [
        ("Bluestem Health Partners", "HealthPartners"),
        ("Northern Health Alliance", "Health Alliance"),
        ("Principal Insured Medical Benefits", "Principal"),
    ],
)
def test_another_word_makes_another_name(heading: str, not_this: str) -> None:
    assert payer_of([at(40, 30, heading, size=50)])[0] != not_this


def test_the_list_has_each_name_once_and_none_that_any_card_could_say() -> None:
    names = [name for payer in known_payers() for name in payer.names]
    assert len(known_payers()) > 350
    assert "healthplan" not in names
    twice = {name for name in names if names.count(name) > 1}
    assert not twice


def test_columns_read_as_one_line_are_parted() -> None:
    got = extract(
        [
            at(40, 30, "Northwind Health Plan", size=50),
            *column(40, 150, "Member Name:", "ID:", "Group:"),
            at(300, 150, "SOLOMON M LOPEZ JR RX BIN: 015581"),
            at(300, 200, "W123456789 RxPCN: ADV"),
            at(300, 250, "26914"),
        ],
        [],
    )
    assert (got.member_name, got.rx_bin) == ("SOLOMON M LOPEZ JR", "015581")
    assert (got.member_id, got.rx_pcn, got.group_number) == ("W123456789", "ADV", "26914")


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Member Naume", None),
        ("POLICY NUMIEI", "member_id"),
        ("10#:", "member_id"),
        ("Group Numuber", "group_number"),
    ],
)
def test_a_smudged_label_offers_what_stands_beside_it_for_review(
    label: str, field: str | None
) -> None:
    page = [at(40, 30, "Northwind Health Plan", size=50), at(40, 90, "Choice PPO")]
    page += [at(40, 150, "RxBIN: 610279 RxPCN: ADV RxGrp: UH1"), at(40, 220, label)]
    got = extract([*page, at(330, 220, "512345678")], [])
    if field is None:
        assert got.member_id is None
        assert got.group_number is None
    else:
        assert getattr(got, field) == "512345678"
        assert field in got.review


@pytest.mark.parametrize(
    "label", ["RID:", "CIN:", "Client ID:", "Medicaid Recipient ID", "MMIS ID:"]
)
def test_words_of_state_programs(label: str) -> None:
    page = [at(40, 30, "MO HealthNet", size=50), at(40, 150, "Subscriber: ANA M LEE")]
    got = extract([*page, at(40, 200, label), at(420, 200, "600568893")], [])
    assert (got.member_id, got.plan_type) == ("600568893", "MEDICAID")
    assert got.payer_name == "MO HealthNet"


def test_a_dental_card_has_no_medical_plan_type() -> None:
    page = [at(40, 30, "Delta Dental of California", size=50), at(700, 40, "Dental PPO")]
    got = extract([*page, *NUMBERS], [])
    assert (got.plan_type, got.member_id) == (None, "W123456789")


def test_a_clinic_may_be_the_primary_care() -> None:
    page = [at(40, 30, "Prairie Health HMO", size=50), *NUMBERS]
    got = extract([*page, at(40, 500, "PCP: Riverside Family Clinic")], [])
    assert got.pcp_name == "Riverside Family Clinic"


def test_names_that_two_readings_tell_differently_are_for_review() -> None:
    page = [at(40, 30, "Northwind Health Plan", size=50), *NUMBERS]
    assert (
        "member_name" not in extract(page, [], second_look=lambda line: "MEMBERNAMEANAMLEE").review
    )
    assert "member_name" in extract(page, [], second_look=lambda line: "MEMBERNAMEANAMLEF").review


def test_a_sentence_is_no_heading() -> None:
    prose = at(40, 40, "Family plan to look up a doctor in your area", size=40)
    assert payer_of([prose])[0] is None
