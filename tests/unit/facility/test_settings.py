"""What a site set is what the desk does; what it set wrongly is named before a window opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.facility.settings import load
from workstation.kernel.errors import NotUnderstood


def test_environment_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "dark", "language": "es"}')
    found = load({"PORTICO_HOME": str(tmp_path), "PORTICO_THEME": "high_contrast"})
    assert (found.theme, found.language, found.idle_lock_seconds) == ("high_contrast", "es", 300)
    assert found.workstation


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTICO_THEME": "purple"},
        {"PORTICO_LANGUAGE": "fr"},
        {"PORTICO_IDLE_LOCK_SECONDS": "ten"},
        {"PORTICO_SYNC_POLL_SECONDS": "soon"},
    ],
)
def test_a_wrong_setting_is_told_in_words(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(NotUnderstood) as caught:
        load({"PORTICO_HOME": str(tmp_path), **wrong})
    assert caught.value.code == "settings_wrong"
    assert "settings.json" in caught.value.do


def test_a_list_in_the_file_is_no_theme(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": ["dark"]}')
    with pytest.raises(NotUnderstood, match="settings_wrong"):
        load({"PORTICO_HOME": str(tmp_path)})
