"""``portico msp`` and ``portico estimate`` on the command line, without a store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workstation.cli.group import portico
from workstation.kernel.errors import NotUnderstood

CASE = {
    "payers": [{"kind": "commercial", "ded_ind_rem": 10000}],
    "services": [{"id": "visit", "allowed": 20000, "copay": 0, "coins_bp": 2000}],
}


def run(command: str, text: str) -> dict[str, Any]:
    result = CliRunner().invoke(portico, [command, "-"], input=text, catch_exceptions=False)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_estimate() -> None:
    assert run("estimate", json.dumps(CASE))["patient_total"] == 12000


def test_a_payer_order() -> None:
    answer = run("msp", json.dumps({"visit_date": "2026-11-23", "entitlement": [], "ghp": []}))
    assert answer["order"] is None
    assert "work_related" in answer["open"]


@pytest.mark.parametrize("command", ["msp", "estimate"])
@pytest.mark.parametrize("text", ["", "{bad", "[1]", "\x00"])
def test_what_is_no_object_is_told_plainly(command: str, text: str) -> None:
    result = CliRunner().invoke(portico, [command, "-"], input=text)
    assert isinstance(result.exception, NotUnderstood)
    assert result.exception.say.endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(portico, ["msp", str(tmp_path / "gone.json")])
    assert isinstance(result.exception, NotUnderstood)
    assert "gone.json" in result.exception.say
