"""The gate itself: readable by an old Python, its lists in the docs, no licence that binds us."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from packaging_scripts import PACKAGING, loaded

ROOT = Path(__file__).resolve().parents[3]


def test_an_old_python_can_read_the_refusal() -> None:
    ast.parse((PACKAGING / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_tasks_need_the_standard_library_only() -> None:
    tree = ast.parse((PACKAGING / "dev.py").read_text(encoding="utf-8"))
    names = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 15, 0)])
def test_another_python_is_refused_with_a_way_out(
    version: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dev = loaded("dev")
    monkeypatch.setattr(dev.sys, "version_info", version)
    with pytest.raises(SystemExit):
        dev.check_python()
    assert "python3.11 packaging/dev.py run" in capsys.readouterr().err


def test_the_install_page_names_every_system_package() -> None:
    dev = loaded("dev")
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    wanted = [
        name for entry in dev.WINDOW_PACKAGES + dev.TEST_PACKAGES for name in entry.split("|")
    ]
    assert [name for name in wanted if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("words", "fine"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-3.0-only", True),
        ("BSD-3-Clause AND 0BSD", True),
        ("Apache Software License, MIT License", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-2.0-or-later", False),
        ("AGPL-3.0", False),
        ("GNU General Public License v3", False),
        ("MIT AND Nobody's", False),
        ("", False),
    ],
)
def test_which_licences_may_be_shipped(words: str, fine: bool) -> None:
    assert loaded("third_party").accepted(words) is fine


def test_no_locked_package_binds_us_and_the_page_is_of_this_lock() -> None:
    assert loaded("third_party").troubles() == []
