"""``portico licence`` and the refusals of ``portico card``: exit codes, JSON lines, words."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
from aamva_payloads import payload

from workstation.capture.specimens import draw_licence_back
from workstation.cli.capture import card, licence
from workstation.kernel.errors import NotUnderstood


def test_payload_gives_one_object(tmp_path: Path) -> None:
    path = tmp_path / "code.txt"
    path.write_bytes(payload(9).encode())
    done = CliRunner().invoke(licence, ["--payload", str(path)])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["birth_date"] == "1984-02-29"


def test_noise_is_not_understood(tmp_path: Path) -> None:
    path = tmp_path / "noise.txt"
    path.write_text("hello")
    done = CliRunner().invoke(licence, ["--payload", str(path)])
    assert isinstance(done.exception, NotUnderstood)


def test_a_batch_answers_the_good_and_names_the_bad(tmp_path: Path) -> None:
    draw_licence_back(payload(9), scale=3).save(tmp_path / "back.png")
    (tmp_path / "code.txt").write_bytes(payload(1).encode())
    (tmp_path / "bad.png").write_bytes(b"nothing")
    (tmp_path / "list").write_text("back.png\nbad.png\r\ncode.txt\ngone.png\n")
    done = CliRunner().invoke(licence, ["--batch", str(tmp_path / "list")])
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert done.exit_code == 3
    assert [row["file"] for row in rows] == ["back.png", "bad.png", "code.txt", "gone.png"]
    assert rows[0]["last_name"] == rows[2]["last_name"] == "EXAMPLE"
    assert rows[1]["error"]["code"] == "not_a_picture"
    assert rows[3]["error"]["do"]


@pytest.mark.parametrize("arguments", [[], ["a.png", "--batch", "list"]])
def test_bad_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(card, arguments).exit_code == 2
    assert CliRunner().invoke(licence, arguments).exit_code == 2
