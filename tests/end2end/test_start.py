"""The whole start of the real program: what is imported where, and a sign-in typed before all else.

PySide makes the class of a Qt type without a lock when it is first named; two threads that do so at
once end the process (docs/decisions/0007). So no worker may import what imports Qt.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from portico_home import Home

from workstation.demo.live import sweep

_ACCOUNT = """
from workstation.access.model import Role
from workstation.compose import open_workstation
from workstation.facility.settings import load
workstation = open_workstation(load())
workstation.automation().accounts.create("ilse", "Ilse", Role.REGISTRAR, "a sentence is easy")
workstation.close()
"""

_START = """
import importlib.machinery, json, sys, threading
seen = []
for kind in (importlib.machinery.SourceFileLoader, importlib.machinery.ExtensionFileLoader):
    def noting(self, module, load=kind.exec_module):
        seen.append((module.__name__, threading.current_thread() is threading.main_thread()))
        load(self, module)
    kind.exec_module = noting
import ui.desk.start as start
from PySide6.QtWidgets import QApplication
first = []
painted = start.Start._painted
def typed(self):
    first.append(len(seen))
    painted(self)
    page = self._guard.page
    page.login.setText("ilse")
    page.password.setText("a sentence is easy")
    page.submit()
    self._guard.sessionBegan.connect(lambda session: tell(self, session))
def tell(self, session):
    print(json.dumps({"name": session.name, "seen": seen, "painted": first[0]}))
    self.window.close()
start.Start._painted = typed
sys.argv = ["portico"]
from workstation.cli.entry import main
main()
"""

_QT = ("ui", "PySide6", "shiboken6", "shibokensupport")


def _python(home: Home, script: str) -> str:
    with home.start_python(script) as child:
        out, _ = child.communicate(timeout=120)
    assert child.returncode == 0
    return out


def test_qt_is_imported_on_the_ui_thread_alone_and_all_else_behind_it(tmp_path: Path) -> None:
    home = Home(tmp_path).init()
    home.environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    _python(home, _ACCOUNT)
    told = json.loads(_python(home, _START))
    assert told["name"] == "Ilse"
    of_qt = [(name, on_ui) for name, on_ui in told["seen"] if name.split(".")[0] in _QT]
    assert len(of_qt) > 50
    assert [name for name, on_ui in of_qt if not on_ui] == []
    tops = {name.split(".")[0] for name, on_ui in told["seen"][told["painted"] :] if on_ui}
    waited_for = tops - {*_QT, "workstation", *sys.stdlib_module_names}
    assert waited_for == set(), "the UI thread waits for these; ui.desk.behind.DOMAIN has workers"


_TYPING = """
import ui.desk.start as start
made = start.Start.__init__
def noting(self, *given):
    made(self, *given)
    self.ready.connect(lambda *_: print("ready", flush=True))
    self.window.closing.connect(lambda: print("closing", flush=True))
start.Start.__init__ = noting
import sys
sys.argv = ["portico"]
from workstation.cli.entry import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a session by a message of its own")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_log_out_closes_the_window_as_a_person_does(tmp_path: Path, number: int) -> None:
    home = Home(tmp_path).init()
    home.environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    window = home.start_python(_TYPING)
    assert window.stdout is not None
    assert window.stdout.readline() == "ready\n"
    window.send_signal(number)
    out, _ = window.communicate(timeout=60)
    assert (out, window.returncode) == ("closing\n", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_a_sentence_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path).init()
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        home.environment.pop(name, None)
    done = home.run(timeout=60)
    assert done.returncode == 3
    assert done.stderr.startswith("There is no display here")


@pytest.mark.skipif(os.name == "nt", reason="there is no way to ask whether a process runs")
def test_what_a_killed_demo_left_is_thrown_away(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"portico-demo-{ended.pid}-abc"
    open_now = tmp_path / f"portico-demo-{os.getpid()}-abc"
    other = tmp_path / "portico-demo-crash"
    for folder in (left, open_now, other):
        folder.mkdir()
        (folder / "demo.key").write_text("0")
    sweep()
    assert not left.exists()
    assert open_now.exists()
    assert other.exists()
