"""The directory of cells as it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workstation.facility.model import facility_id
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.sync.directory import read_directory


def told(**changed: Any) -> str:
    cells = {
        name: {"gateway": f"https://{name}.portico.org:8443", "dsn": f"postgresql://a@{name}/p"}
        for name in ("north", "south")
    }
    facilities = {"Mercy General": "north", "Saint Anne": "south"}
    return json.dumps({"cells": cells, "facilities": facilities} | changed)


def test_a_facility_is_found_however_its_name_is_spaced() -> None:
    directory = read_directory(told())
    assert directory.cell_of("mercy  GENERAL").name == "north"
    with pytest.raises(Refused, match="facility_without_cell"):
        directory.cell_of("Mercy Generale")


def test_only_another_cells_facility_is_elsewhere() -> None:
    directory = read_directory(told())
    anne = facility_id("Saint Anne")
    assert directory.elsewhere(anne, "north") == "https://south.portico.org:8443"
    assert directory.elsewhere(anne, "south") is None
    assert directory.elsewhere(facility_id("Not In It"), "north") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        told(cells={}),
        told(cells={"north": {"gateway": "http://in.clear", "dsn": ""}}),
        told(cells={"north": {"dsn": "postgresql://a@n/p"}}),
        told(facilities={"Mercy General": "west"}),
        told(facilities={"Mercy General": "north", "mercy general": "south"}),
        told(facilities=["Mercy General"]),
    ],
)
def test_what_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="directory_not_understood"):
        read_directory(text)


def test_no_dsn_is_printed() -> None:
    assert "postgresql" not in repr(read_directory(told()))
