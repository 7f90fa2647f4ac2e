"""From the start of the process to a window that takes typing, beside an empty PySide6 window.

Both are whole processes, one after the other, several times; the median of the paired ratios
counts. CPU time of the UI thread says the same on a busy machine as on an idle one.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest
from figures import Table

RUNS = 9
PASSWORD = "a sentence is easy"

_TELL = """
import sys, time
def tell(*more):
    print(time.monotonic(), time.thread_time(), *more, flush=True)
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
"""

_EMPTY = (
    _TELL
    + """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
app = QApplication([])
window = QMainWindow()
line = QLineEdit()
window.setCentralWidget(line)
window.resize(1366, 768)
window.show()
line.setFocus()
def look():
    if QApplication.focusWidget() is line:
        tell(rss() if "rest" in sys.argv else 0)
        app.quit()
timer = QTimer(interval=1, timeout=look)
timer.start()
app.exec()
"""
)

_PORTICO = (
    _TELL
    + """
words = sys.argv[1:]
sys.argv = ["portico"]
def typing(start):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLineEdit
    prepare = start.prepare
    def look():
        line = QApplication.focusWidget()
        if isinstance(line, QLineEdit) and line.isEnabled():
            tell()
            QApplication.quit()
    def watched(*given, **how):
        global timer
        app = prepare(*given, **how)
        timer = QTimer(interval=1, timeout=look)
        timer.start()
        return app
    start.prepare = watched
def signing_in(start):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    painted = start.Start._painted
    def signed_in():
        tell()
        QTimer.singleShot(8000, lambda: (tell(rss()), QApplication.quit()))
    def typed(self):
        painted(self)
        page = self._guard.page
        page.login.setText("ilse")
        page.password.setText("a sentence is easy")
        page.submit()
        def furnished():
            if self._guard.session is not None and not self.window.covered:
                look.stop()
                signed_in()
        look = self.look = QTimer(interval=1, timeout=furnished)
        look.start()
    start.Start._painted = typed
class Watch:
    "Hooks in once the program itself has imported its start."
    def find_spec(self, name, path, target=None):
        if name != "ui.desk.start":
            return None
        sys.meta_path.remove(self)
        from importlib.util import find_spec
        spec = find_spec(name)
        run = spec.loader.exec_module
        def both(module):
            run(module)
            (signing_in if "sign in" in words else typing)(module)
        spec.loader.exec_module = both
        return spec
sys.meta_path.insert(0, Watch())
from workstation.cli.entry import main
main()
"""
)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A desk with one registrar."""
    given = {
        "PORTICO_HOME": str(tmp_path / "home"),
        "PORTICO_KEY_FILE": str(tmp_path / "key"),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    from workstation.access.model import Role
    from workstation.compose import facility_named, make_workstation
    from workstation.facility.settings import load

    workstation = make_workstation(load(), facility_named("Mercy"))
    workstation.automation().accounts.create("ilse", "Ilse", Role.REGISTRAR, PASSWORD)
    workstation.close()
    # An installed program has its bytecode; a developer's shell may forbid to keep any.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    return dict(os.environ)


Told = tuple[float, float, float]


def started(script: str, environment: dict[str, str], *words: str) -> list[Told]:
    """Each time it told: ms since the start, ms of CPU of the UI thread, MB."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = [[*map(float, line.split()), 0.0] for line in done.stdout.splitlines()]
    return [((moment - begun) * 1000, cpu * 1000, more) for moment, cpu, more, *_ in told]


def test_usable_window(table: Table, environment: dict[str, str]) -> None:
    """From the start to a window that takes typing"""
    started(_EMPTY, environment)
    started(_PORTICO, environment)
    pairs = [
        (started(_PORTICO, environment)[0], started(_EMPTY, environment)[0]) for _ in range(RUNS)
    ]
    for words, at in (("CPU of the UI thread, ms", 1), ("elapsed, ms", 0)):
        ours, empty = ([run[at] for run in runs] for runs in zip(*pairs, strict=True))
        ratio = median(a / b for a, b in zip(ours, empty, strict=True))
        remark = "at most 1.5; baseline: an empty PySide6 window"
        table.line(words, median(ours), median(empty), ratio=ratio, remark=remark)
    answered = median(started(_PORTICO, environment, "sign in")[0][0] for _ in range(3))
    empty_elapsed = median(empty[0] for _, empty in pairs)
    words = "a sign-in typed at once is answered, ms"
    table.line(words, answered, empty_elapsed, remark="elapsed, store open, Arrivals in sight")


def test_help(table: Table, environment: dict[str, str]) -> None:
    """Help on the command line, ms of CPU"""
    portico = Path(sys.executable).with_name("portico")
    ours = [_child_ms([str(portico), "--help"], environment) for _ in range(RUNS)]
    bare = [_child_ms([sys.executable, "-c", "import click"], environment) for _ in range(RUNS)]
    table.line("portico --help", median(ours), median(bare), remark="baseline: import click")


def _child_ms(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_memory_at_rest(table: Table, environment: dict[str, str]) -> None:
    """Memory, MB"""
    empty = started(_EMPTY, environment, "rest")[0][2]
    held = started(_PORTICO, environment, "sign in")[-1][2]
    table.line("signed-in desk at rest", held, empty, remark="at most 300; baseline: empty window")
    worker = subprocess.run(
        [sys.executable, "-c", _READER], env=environment, capture_output=True, text=True
    )
    assert worker.returncode == 0, worker.stderr
    both = held + float(worker.stdout)
    table.line("with the card reader that has read a card", both, remark="at most 1,100")


_READER = """
import io
from workstation.capture.read_card import CardReader
from workstation.capture.specimens import draw_card
reader = CardReader()
reader.warm_up()
file = io.BytesIO()
draw_card("dense", 1).front.save(file, "PNG")
reader.read(file.getvalue(), None)
print(int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6)
"""
