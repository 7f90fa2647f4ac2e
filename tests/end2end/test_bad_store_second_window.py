"""A second ``portico`` on the same home: the first window comes forward, the second one ends."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from portico_home import Home

_FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ui.desk.single import SingleWindow
app = QCoreApplication([])
single = SingleWindow(Path(sys.argv[1]))
print(single.take(), flush=True)
single.raiseWanted.connect(lambda: (print("raised", flush=True), app.quit()))
single.listen()
print("listening", flush=True)
app.exec()
single.release()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path).init()
    made.environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    return made


def first(home: Home) -> subprocess.Popen[str]:
    child = home.start_python(_FIRST, home.folder)
    assert child.stdout is not None
    assert child.stdout.readline() == "True\n"
    assert child.stdout.readline() == "listening\n"
    return child


def test_the_second_raises_the_first_and_ends(home: Home) -> None:
    with first(home) as holder:
        second = home.run(timeout=60)
        assert (second.returncode, second.stdout) == (0, "")
        assert "open at this desk already" in second.stderr
        assert "brought to the front" in second.stderr
        out, _ = holder.communicate(timeout=30)
        assert out == "raised\n"
    with first(home) as again:  # released: the next one is the first
        again.kill()


def test_the_lock_of_a_killed_process_holds_nobody_up(home: Home) -> None:
    with first(home) as holder:
        holder.kill()
        holder.wait()
    assert list(Path(home.environment["XDG_RUNTIME_DIR"]).glob("portico-*.lock"))
    with first(home) as next_one:
        next_one.kill()


def test_a_first_window_that_does_not_answer_is_named(home: Home) -> None:
    holder = first(home)
    for socket in Path(home.environment["XDG_RUNTIME_DIR"]).glob("portico-*[!k]"):
        socket.unlink()
    second = home.run(timeout=60)
    assert second.returncode == 0
    assert "Look for its window" in second.stderr
    holder.kill()
    holder.communicate()


def test_the_real_window_takes_the_lock(home: Home) -> None:
    script = (
        "import sys; from PySide6.QtCore import QTimer; from workstation.cli import desk;"
        "import ui.desk.start as s; before = s.Start.come_forward;"
        "s.Start.come_forward = lambda self: (print('forward', flush=True), self.window.close());"
        "began = s.Start.begin;"
        "s.Start.begin = lambda self: (began(self), print('begun', flush=True));"
        "sys.exit(desk.open_workstation(demo=False))"
    )
    window = home.start_python(script)
    assert window.stdout is not None
    assert window.stdout.readline() == "begun\n"
    second = home.run(timeout=60)
    out, _ = window.communicate(timeout=60)
    assert second.returncode == 0
    assert "open at this desk already" in second.stderr
    assert ("brought to the front" in second.stderr) == ("forward" in out)
