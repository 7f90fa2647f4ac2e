"""A picture is pasted into the real program, read, and the program ends as if nothing had been."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workstation.capture.specimens import draw_card

HERE = Path(__file__).parent
OTHER_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage
app = QGuiApplication([])
app.clipboard().setImage(QImage(sys.argv[1]))
QTimer.singleShot(0, lambda: print("copied", flush=True))
app.exec()
"""


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "card.png"
    draw_card("dense", 1).front.save(path)
    return path


def paste(picture: Path, how: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = ("PORTICO_SHARED_DSN", "PORTICO_KEY_FILE", "PORTICO_HOME")
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [sys.executable, HERE / "paste_registrar.py", picture, how],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=160,
        check=False,
    )


@pytest.mark.slow
def test_a_file_copied_and_pasted_at_this_desk(picture: Path) -> None:
    done = paste(picture, "file", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_picture_of_another_program(picture: Path, screen: str) -> None:
    real = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROGRAM, picture],
        env={**os.environ, **real},
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        try:
            assert other.stdout.readline() == "copied\n"
            done = paste(picture, "elsewhere", **real)
        finally:
            other.terminate()
    assert done.returncode == 0, done.stderr
