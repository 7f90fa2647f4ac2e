"""English and Spanish from one catalogue: nothing said is missing, no value is lost."""

import ast
import re
from pathlib import Path

import pytest

import ui
from ui.arrivals import table
from ui.controls import steps
from ui.words import catalogue, language, say, speak

UI = Path(ui.__file__).parent
FOLDERS = ("access", "arrivals", "controls", "people", "shell")


def said() -> set[str]:
    """Every sentence in a say() or a command() of the frame and the home pages."""
    paths = [UI / "crash.py", *(p for f in FOLDERS for p in (UI / f).glob("*.py"))]
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"say": 0, "command": 1}.get(node.func.id, len(node.args))
                here = node.args[place : place + 1]
                found |= {a.value for a in here if isinstance(a, ast.Constant)}
    return found | set(table._TITLES) | {words for _, _, words in steps.STATES.values()}


def test_everything_said_is_in_the_catalogue():
    assert said() - set(catalogue("es")) == set()


def test_no_value_is_lost_in_translation():
    def holes(text):
        return sorted(re.findall(r"{(\w+)}", text))

    lost = {k: v for k, v in catalogue("es").items() if holes(k) != holes(v)}
    assert lost == {}


def test_language_changes_what_is_said():
    assert say("Sign in") == "Sign in"
    speak("es")
    try:
        assert language() == "es"
        assert say("Here {n} min", n=4) == "Aquí 4 min"
        assert say("a sentence nobody translated") == "a sentence nobody translated"
    finally:
        speak("en")
    with pytest.raises(ValueError, match="fr"):
        speak("fr")
