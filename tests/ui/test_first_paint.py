"""What may not be imported, or made, before the sign-in is painted (docs/decisions/0007)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import sys
import ui.desk.start as start
from PySide6.QtWidgets import QApplication
from PySide6 import QtCore
def seen(self):
    own = [name for name in sys.modules if name.split(".")[0] in ("ui", "workstation", "db")]
    print("Qt" in QtCore.__dict__, len(own))
    print(*sorted({name.split(".")[0] for name in sys.modules}))
    print(QApplication.focusWidget().isEnabled())
    QApplication.quit()
start.Start._painted = seen
sys.argv = ["portico"]
from workstation.cli.entry import main
main()
"""

_HEAVY = {
    *("click", "pydantic", "sqlalchemy", "alembic", "psycopg", "structlog", "httpx", "lxml"),
    *("numpy", "cv2", "reportlab", "keyring", "cryptography", "argon2", "asyncio", "socket"),
    *("concurrent", "db"),
}
_OWN_MODULES = 45
"""Modules of ours before the first paint; 33 today."""


def test_the_sign_in_is_painted_before_anything_else_is_loaded(tmp_path: Path) -> None:
    environment = os.environ | {
        "PORTICO_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    made, names, typing = done.stdout.splitlines()
    namespace, own = made.split()
    assert namespace == "False", "something before the first paint names Qt: 16 ms of enums"
    assert int(own) <= _OWN_MODULES
    assert set(names.split()) & _HEAVY == set()
    assert typing == "True"
