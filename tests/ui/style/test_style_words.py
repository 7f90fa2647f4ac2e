"""English and Spanish from one catalogue: nothing said is missing, no value is lost."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import db
import resources
import ui
import workstation
from ui.arrivals.cells import mark_words
from ui.controls import steps
from ui.words import language, say, speak
from workstation.kernel.phrases import catalogue

UI = Path(ui.__file__).parent
RULES = Path(resources.__file__).parent / "rules"
WORKSTATION = Path(workstation.__file__).parent
DB = Path(db.__file__).parent
UNSAID = frozenset({"tour", "cli", "demo", "gateway", "shared", "migrations"})
"""Folders whose words a registrar never reads."""
UNREAD = frozenset(
    {
        "postgres_server.py",
        "capture/specimens.py",
        "eligibility/elements.py",
        "eligibility/figures.py",
        "eligibility/limits.py",
        "eligibility/rows.py",
        "eligibility/summary.py",
        "payers/cob.py",
        "payers/msp_codes.py",
        "payers/requirements.py",
        "sync/directory.py",
        "x12/loops.py",
        "x12/reading.py",
    }
)
"""Modules of the domain whose sentences go to the command line or onto a picture only."""
SENTENCE = re.compile(r"^(?!SELECT |UPDATE |VACUUM )[A-Z0-9{][^\n]* [^\n]*[.?:]$")
MAKERS = frozenset({"say", "_say", "phrase", "phrase_of", "paragraph", "translated"})
ERRORS = frozenset(
    {"PorticoError", "NotUnderstood", "Refused", "NotPermitted", "OutsideSilent", "NoReply"}
    | {"NotAReply", "WrongReply", "CutOffReply", "EnvelopeError", "PayerResting"}
)

TABLES = (
    ("ui.arrivals.table", "_TITLES"),
    ("workstation.eligibility.asking", "_CALLED"),
    ("workstation.eligibility.codes", "INSURANCE_TYPES"),
    ("workstation.eligibility.reading", "_SET_WORDS"),
    ("workstation.estimates.pricing", "_FIXED"),
    ("workstation.papers.receipt", "_SAID"),
    ("workstation.papers.receipt", "_CARD_ROWS"),
    ("ui.eligibility.benefits", "TILES"),
    ("ui.eligibility.differences", "_AUTHORIZATION"),
    ("ui.eligibility.differences", "_STATUS"),
    ("ui.eligibility.notices", "_NAMES"),
    ("ui.eligibility.bill", "_NAMES"),
    ("ui.eligibility.table", "_TITLES"),
    ("ui.eligibility.words", "_KINDS"),
    ("ui.eligibility.words", "_LEVELS"),
    ("ui.eligibility.words", "_NETWORKS"),
    ("ui.eligibility.words", "_PLACES"),
    ("ui.interview.medicare_step", "PAYER_WORDS"),
    ("ui.interview.rail", "_NOTES"),
    ("ui.payments.tender_pane", "TENDER_LETTERS"),
    ("ui.payments.words", "_SHORT"),
    ("workstation.interview.payer_order", "_NOTICES"),
    ("workstation.papers.downtime_forms", "LABELS"),
    ("workstation.papers.filed", "_BECAME"),
    ("workstation.payments.card_payments", "REFUND_WORDS"),
    ("workstation.payments.card_payments", "STATE_WORDS"),
    ("workstation.payments.model", "LINE_WORDS"),
    ("workstation.payments.model", "TENDER_WORDS"),
    ("ui.payments.words", "NOTHING_WORDS"),
    ("workstation.papers.signed_form", "_OUTCOMES"),
    ("workstation.papers.signed_form", "RIGHT_WORDS"),
    ("workstation.people.search_index", "TOKEN_WORDS"),
    ("workstation.people.search", "_SAID"),
    ("ui.work.table", "_TITLES"),
    ("ui.work.words", "FIELDS"),
    ("ui.oversight.words", "_WHAT"),
    ("ui.oversight.words", "_PURPOSES"),
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


def domain() -> Iterator[tuple[str, ast.Module]]:
    """Every module of domain and store whose sentences may reach a window or a paper."""
    for path in sorted((*WORKSTATION.rglob("*.py"), *DB.rglob("*.py"))):
        top = WORKSTATION if path.is_relative_to(WORKSTATION) else DB
        name = path.relative_to(top)
        if UNSAID.isdisjoint(name.parts) and name.as_posix() not in UNREAD:
            yield name.as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def unspoken(tree: ast.Module) -> set[int]:
    """Docstrings, and the pieces of f-strings: nobody translates those."""
    found = set()
    for node in ast.walk(tree):
        lines = getattr(node, "body", ())
        for line in lines if isinstance(lines, list) else ():
            if isinstance(line, ast.Expr):
                found.add(id(line.value))
        if isinstance(node, ast.JoinedStr):
            found |= {id(value) for value in node.values}
    return found


def test_every_sentence_of_the_domain_is_in_the_catalogue() -> None:
    """Advice on rejections, arithmetic, refusals, failures: whatever a rule can come to say."""
    sentences = set()
    for _, tree in domain():
        skipped = unspoken(tree)
        for node in ast.walk(tree):
            if id(node) in skipped or not isinstance(node, ast.Constant):
                continue
            if isinstance(node.value, str) and SENTENCE.match(node.value):
                sentences.add(node.value)
    assert len(sentences) > 600
    assert sentences - set(catalogue("es")) == set()


def test_reasons_of_the_matcher_are_in_the_catalogue() -> None:
    """They are pieces of a sentence: why two charts may be one person's, why a paper is due."""
    pieces = {"people/matcher.py", "people/guards.py", "papers/rules.py"}
    reasons = {
        node.value
        for name, tree in domain()
        if name in pieces
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
        if id(node) not in unspoken(tree)
    }
    assert len(reasons) > 40
    assert reasons - set(catalogue("es")) == set()


def test_every_phrase_is_in_the_catalogue() -> None:
    made = {
        words
        for _, tree in domain()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in MAKERS
        for argument in node.args
        for words in constants(argument)
    }
    assert len(made) > 80
    assert made - set(catalogue("es")) - {""} == set()


def test_no_failure_is_told_in_words_that_cannot_be_translated() -> None:
    """What has values in it is a phrase: an f-string could never be said in Spanish."""
    glued = [
        f"{name}:{argument.lineno}"
        for name, tree in domain()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
        for argument in node.args[1:3]
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]
    assert set(glued) == set()


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


def test_the_catalogue_is_in_order_so_that_two_hands_rarely_meet() -> None:
    text = (Path(resources.__file__).parent / "i18n" / "es.json").read_text("utf-8")
    keys = list(json.loads(text))
    assert keys == sorted(keys, key=lambda key: (key.casefold(), key))
