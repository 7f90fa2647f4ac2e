"""Each of the twenty rules for reading a 271 (edi.md section 3) has a test that bears its number.

| rule | where |
|---|---|
| 1, 2, 11 to 13, 15, 19 | test_rules_of_rows |
| 3 to 9, 14 | test_rules_of_figures |
| 10 | test_rule_10_order |
| 14, 16 to 18 | test_rules_of_status, test_rule_17_rejections |
| 20 | tests/db/eligibility/test_ask_payer_store |
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[2]
_NAMED = re.compile(r"^def test_rule_(\d\d)_", re.MULTILINE)


@pytest.mark.parametrize("rule", range(1, 21))
def test_a_rule_has_its_named_test(rule: int) -> None:
    found = {
        int(number)
        for file in _TESTS.glob("*/eligibility/test_*.py")
        for number in _NAMED.findall(file.read_text(encoding="utf-8"))
    }
    assert rule in found
