"""What a site set is what the desk does; what it set wrongly is named before a window opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.facility.settings import changed, load, save
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
        {"PORTICO_TEXT_PERCENT": "130"},
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


def test_what_a_desk_chose_is_there_at_the_next_start(tmp_path: Path) -> None:
    here = {"PORTICO_HOME": str(tmp_path)}
    before = load(here)
    save(before, {"departments": ["d1", "d2"], "text_percent": 125})
    after = load(here)
    assert (after.departments, after.text_percent) == (("d1", "d2"), 125)
    assert changed(before, "departments", ["d1", "d2"]).departments == after.departments
    assert load({**here, "PORTICO_DEPARTMENTS": "d3,d4"}).departments == ("d3", "d4")
    with pytest.raises(NotUnderstood):
        changed(before, "text_percent", 99)
