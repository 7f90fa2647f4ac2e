"""The window on a store that does not open: it says why, and who is to do what."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from portico_home import Home, a_person

_SIGN_IN = """
import json
import ui.desk.start as start
made = start.Start.__init__
def noting(self, *given):
    made(self, *given)
    from PySide6.QtCore import QTimer
    self.look = QTimer(self)
    def look():
        page = self._guard.page
        if not hasattr(page, "password"):
            return
        if not page.login.text():
            page.login.setText("ilse")
            page.password.setText("a sentence is easy")
            page.submit()
        said = page.password.accessibleDescription()
        if said:
            self.look.stop()
            print(json.dumps({"said": said, "login": page.login.text()}), flush=True)
            self.window.close()
    self.look.timeout.connect(look)
    self.look.start(20)
start.Start.__init__ = noting
import sys
sys.argv = ["portico"]
from workstation.cli.entry import main
main()
"""


def another_key(home: Home) -> None:
    home.key.write_text(secrets.token_hex(32))


def no_key(home: Home) -> None:
    home.key.unlink()


def a_newer_version(home: Home) -> None:
    connection = sqlcipher.connect(str(home.folder / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{home.key.read_text()}'\"")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def damage(home: Home) -> None:
    (home.folder / "store.db").write_bytes(b"not a store" * 1000)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (another_key, "key does not open"),
        (no_key, "recovery copy"),
        (a_newer_version, "newer Portico"),
        (damage, "key does not open"),
    ],
)
def test_who_signs_in_is_told_why_it_does_not_open(
    tmp_path: Path, what: Callable[[Home], None], words: str
) -> None:
    home = Home(tmp_path).init()
    assert home.do(a_person("p"))[0] == 0
    home.environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    what(home)
    before = (home.folder / "store.db").read_bytes()
    with home.start_python(_SIGN_IN) as window:
        out, _ = window.communicate(timeout=120)
    told = json.loads(out)
    assert words in told["said"]
    assert told["login"] == "ilse"
    assert window.returncode == 0
    assert (home.folder / "store.db").read_bytes() == before
