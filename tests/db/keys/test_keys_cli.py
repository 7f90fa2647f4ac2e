"""``portico keys`` on a workstation that works: nothing waits in vain, nothing secret is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from db.gateway.service import ApplierService
from workstation.kernel.errors import PorticoError

sys.path.insert(0, str(Path(__file__).parents[1] / "sync"))
from command_line_home import Home

PERSON = {"last": "Quenby", "first": "Ilse", "dob": "1984-02-29", "sex": "F"}


@pytest.fixture
def home(tmp_path: Path, admin_dsn: str) -> Home:
    """Offline, with a registration that waits."""
    home = Home(tmp_path, "desk-A", admin_dsn)
    assert home.run("keys", "make", str(tmp_path / "safe"))[0] == 0
    code, [made] = home.run("init", "--facility", "Mercy", "--recovery-key", f"{tmp_path}/safe.pub")
    assert code == 0
    assert set(made["recovery_key"]) == {"fingerprint"}
    home.do(key="p", command="register_patient", person=PERSON, decision=None)
    return home


def test_a_lost_key_does_not_lose_what_waits(home: Home, tmp_path: Path, admin_dsn: str) -> None:
    key = tmp_path / "desk-A.key"
    was = key.read_text()
    key.unlink()
    with pytest.raises(PorticoError, match="key_missing"):
        home.run("export", "people")
    with pytest.raises(PorticoError, match="recovery_key_public"):
        home.run("keys", "recover", "--recovery-key", str(tmp_path / "safe.pub"))
    assert not key.exists()
    assert home.run("keys", "recover", "--recovery-key", str(tmp_path / "safe"))[0] == 0
    assert key.read_text() == was
    assert home.run("keys", "rotate")[0] == 0
    assert key.read_text() != was
    _, [enrolled] = home.run("shared", "enrol", "desk-A", "--facility", "Mercy")
    home.environment["PORTICO_SHARED_DSN"] = enrolled["dsn"]
    applier = ApplierService(admin_dsn, poll_seconds=0.02)
    applier.start()
    try:
        assert home.sync()["outbox"] == 0
    finally:
        applier.stop()
    assert [person["last"] for person in home.export("people")] == ["Quenby"]
    written = [entry["what"] for entry in home.export("audit")]
    assert {"key_recovered", "key_rotated"} <= set(written)
    assert home.run("audit", "verify")[1][0]["ok"]


def test_show_tells_no_key_and_a_new_escrow_holds(home: Home, tmp_path: Path) -> None:
    _, [shown] = home.run("keys", "show")
    assert shown["recoverable"]
    assert (tmp_path / "desk-A.key").read_text() not in str(shown)
    _, [told] = home.run("keys", "escrow")
    made = told["recovery_key"]
    _, [shown] = home.run("keys", "show")
    assert (shown["recovery_key"], shown["recoverable"]) == (made["fingerprint"], True)
    (tmp_path / "desk-A.key").unlink()
    (tmp_path / "typed").write_text(made["private"].lower())
    with pytest.raises(PorticoError, match="recovery_key_wrong"):
        home.run("keys", "recover", "--recovery-key", str(tmp_path / "safe"))
    assert home.run("keys", "recover", "--recovery-key", str(tmp_path / "typed"))[0] == 0


def test_a_recovery_key_is_never_overwritten(home: Home, tmp_path: Path) -> None:
    before = (tmp_path / "safe").read_text()
    with pytest.raises(PorticoError, match="file_exists"):
        home.run("keys", "make", str(tmp_path / "safe"))
    assert (tmp_path / "safe").read_text() == before
