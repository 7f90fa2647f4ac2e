"""A workstation that ``portico init`` made gets its people, and they sign in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from portico_home import Home

PASSWORD = "a sentence is easy"
SIGN_IN = """
import sys
from workstation.compose import open_workstation
from workstation.facility.settings import load
workstation = open_workstation(load())
session = workstation.sign_in.sign_in(sys.argv[1], sys.argv[2])
print(session.name, session.role.value)
workstation.close()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).init()


def test_who_was_added_signs_in_and_the_password_stands_nowhere(home: Home) -> None:
    words = ("account", "add", "RDiaz", "--name", "R. Diaz", "--role", "supervisor")
    made = home.run(*words, input=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert (answer["login"], answer["name"], answer["role"]) == ("rdiaz", "R. Diaz", "supervisor")
    assert PASSWORD not in made.stdout + made.stderr
    with home.start_python(SIGN_IN, "rdiaz", PASSWORD) as child:
        out, _ = child.communicate(timeout=60)
    assert out == "R. Diaz supervisor\n"
    told = [(entry["what"], entry["subject"]) for entry in home.export("audit")]
    assert ("account_created", answer["user_id"]) in told
    again = home.run(*words, input=f"{PASSWORD}\n")
    assert again.returncode == 3
    assert "Choose another name" in again.stderr


@pytest.mark.parametrize("password", ["", "short"])
def test_a_short_password_is_refused_in_words(home: Home, password: str) -> None:
    made = home.run("account", "add", "x", "--name", "X", "--role", "it", input=f"{password}\n")
    assert made.returncode == 3
    assert "a sentence is easy to remember" in made.stderr


def test_nobody_gets_the_role_of_the_automation(home: Home) -> None:
    made = home.run("account", "add", "x", "--name", "X", "--role", "service", input="x\n")
    assert made.returncode == 2
