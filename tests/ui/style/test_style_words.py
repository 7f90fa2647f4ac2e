"""English and Spanish from one catalogue: nothing said is missing, no value is lost."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import resources
import ui
import workstation
from ui.arrivals.cells import mark_words
from ui.controls import steps
from ui.words import catalogue, language, say, speak

UI = Path(ui.__file__).parent
RULES = Path(resources.__file__).parent / "rules"
UNSAID = frozenset({"tour"})
"""Folders whose words a registrar never reads."""

TABLES = (
    ("ui.arrivals.table", "_TITLES"),
    ("ui.eligibility.benefits", "TILES"),
    ("ui.eligibility.benefits", "_FIELDS"),
    ("ui.eligibility.bill", "_NAMES"),
    ("ui.eligibility.table", "_TITLES"),
    ("ui.eligibility.words", "_KINDS"),
    ("ui.eligibility.words", "_LEVELS"),
    ("ui.eligibility.words", "_NETWORKS"),
    ("ui.eligibility.words", "_PLACES"),
    ("ui.interview.medicare_step", "PAYER_WORDS"),
    ("ui.payments.words", "_SHORT"),
    ("ui.payments.words", "LINE_WORDS"),
    ("ui.payments.words", "TENDER_WORDS"),
    ("ui.payments.reasons_page", "NOTHING_WORDS"),
    ("ui.visits.face_sheet", "_DO"),
    ("ui.work.table", "_TITLES"),
    ("ui.work.words", "_FIELDS"),
    ("ui.work.words", "_ITEMS"),
    ("ui.work.words", "_THINGS"),
)
"""Tables of words that are said by a key."""

SAID = {"say": (0,), "command": (1,), "Place": (1,), "build_menu": (0,), "PorticoError": (1, 2)}
"""Which arguments of which calls a person reads."""


def constants(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may turn out to be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from constants(value)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the window's source, with the name that is called."""
    for path in UI.rglob("*.py"):
        if UNSAID.isdisjoint(path.relative_to(UI).parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    yield name, node


def said() -> set[str]:
    """Every sentence in a say(), a command(), a place of the rail or a failure told."""
    return {
        words
        for name, node in calls()
        for place in SAID.get(name, ())
        for argument in node.args[place : place + 1]
        for words in constants(argument)
    }


def tabled(module: str, name: str) -> set[str]:
    table = getattr(importlib.import_module(module), name)
    return set(table.values() if isinstance(table, dict) else table) - {""}


def test_everything_said_is_in_the_catalogue() -> None:
    assert len(said()) > 500
    assert said() - set(catalogue("es")) == set()


@pytest.mark.parametrize(("module", "name"), TABLES)
def test_tables_of_words_are_in_the_catalogue(module: str, name: str) -> None:
    assert tabled(module, name) - set(catalogue("es")) == set()


def test_states_of_a_step_are_in_the_catalogue() -> None:
    assert {words for _, _, words in steps.STATES.values()} - set(catalogue("es")) == set()


def test_what_is_left_to_do_is_said_in_spanish() -> None:
    source = (Path(workstation.__file__).parent / "arrivals" / "todo.py").read_text("utf-8")
    speak("es")
    try:
        assert mark_words("Forms 3") == "Papeles 3"
        assert mark_words("1 paper to sign") == "1 papel por firmar"
    finally:
        speak("en")
    said_there = {
        words
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Todo"
        for argument in (*node.args[1:], *(k.value for k in node.keywords))
        for words in constants(argument)
    }
    assert len(said_there) > 12
    assert said_there - set(catalogue("es")) == set()


def test_labels_of_service_types_are_in_the_catalogue() -> None:
    table = json.loads((RULES / "service_types.json").read_text(encoding="utf-8"))
    assert set(table["labels"].values()) - set(catalogue("es")) == set()


def test_words_are_said_and_never_written_bare() -> None:
    """A control takes what say() returned; a bare literal is a key's name or our own name."""
    bare = {
        words
        for name, node in calls()
        if name in {"Button", "Link", "Text", "Toggle", "Tag", "Chip", "Message", "Banner"}
        for argument in node.args[:1]
        for words in constants(argument)
        if re.search(r"^[A-Z][a-z]|[a-z] [a-z]", words)
    }
    assert bare <= {"Portico"}


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
