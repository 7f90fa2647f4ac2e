"""What no module of Portico may do, found by reading the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("workstation", "ui", "db", "simulator")
LONGEST_MODULE = 500
LONGEST_FUNCTION = 50
LONGEST_LAYOUT = 60
"""Lines of a ``_build`` in ``ui``: widget after widget, no branches."""
ATTICS = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "base"}
MONEY = {"cents", "amount", "price", "copay", "paid", "owed", "balance", "total"}
DATA = ("db/migrations/versions/", "workstation/interview/pages_")
"""Modules that are data or were generated: their statements may be as long as they are."""

ROOTS = ("workstation/compose.py", "workstation/cli/", "workstation/demo/")
"""What puts the layers together may import all of them."""

TOUR = "ui/tour/"
"""Sits in for the person at the desk, and so turns the event loop itself."""


def modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def is_data(file: Path) -> bool:
    return place(file).startswith(DATA)


def calls(file: Path) -> Iterator[tuple[int, str, ast.Call]]:
    """Line, dotted name and node of every call."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node


def called(folders: tuple[str, ...], words: str) -> list[str]:
    """Places of calls whose dotted name fits."""
    pattern = re.compile(words)
    return [
        f"{place(file)}:{line} {name}"
        for file in modules(*folders)
        for line, name, _ in calls(file)
        if pattern.fullmatch(name)
    ]


def test_no_nested_event_loop() -> None:
    """``QApplication.exec()`` runs the program; a dialog's own would stop it (desktop.md 5)."""
    found = called(("ui",), r".*\.exec_?")
    found = [each for each in found if not each.startswith(TOUR)]
    assert [each for each in found if not each.endswith("QApplication.exec")] == []
    assert {each.split(":")[0] for each in found} == {"ui/desk/start.py"}


@pytest.mark.parametrize(
    ("folders", "words"),
    [
        (("ui",), r"(.*\.)?processEvents"),
        (("ui",), r"(time\.)?sleep"),
        (("ui", "workstation", "db"), r"(.*\.)?setOverrideCursor"),
        (PRODUCT, r"eval|exec|os\.system|pickle\.loads?"),
        (PRODUCT, r"datetime\.(datetime\.)?utcnow"),
        (("ui",), r"QSettings"),
        (("ui",), r"(?!widget\.setFocus).*\.setFocus"),
        (("ui", "db"), r"print"),
    ],
)
def test_calls_that_are_forbidden(folders: tuple[str, ...], words: str) -> None:
    assert [each for each in called(folders, words) if not each.startswith(TOUR)] == []


def test_one_place_moves_the_focus() -> None:
    """``ui.hands.give`` asks whether a person's hands are elsewhere; see the taboo above."""
    assert {each.split(":")[0] for each in called(("ui",), r"widget\.setFocus")} == {"ui/hands.py"}


def test_nothing_becomes_a_window_of_its_own() -> None:
    """A child that a layout still wants to show, without its parent, flashes up as a window and
    takes the focus: what goes is hidden and deleted."""
    found = [
        f"{place(file)}:{line}"
        for file in modules("ui")
        for line, name, node in calls(file)
        if name.endswith(".setParent") and ast.unparse(node.args[0]) == "None"
    ]
    assert found == []


def test_typing_is_safe_in_every_line() -> None:
    """Only ``ui.controls`` makes lines of Qt's: they keep what is typed while others arrive.

    Nothing arrives at the sign-in, which is painted before ``ui.controls`` is there (0007).
    """
    made = called(("ui",), r"(QtWidgets\.)?(QLineEdit|QPlainTextEdit|QTextEdit|QSpinBox)")
    assert {each.split(":")[0] for each in made} == {"ui/access/page.py"}


def test_the_application_is_asked_for_in_few_places() -> None:
    found = {each.split(":")[0] for each in called(("workstation", "db"), r".*\.instance")}
    assert found == set()


def names_money(text: str) -> bool:
    return bool(MONEY & set(re.split(r"[^a-z]+", text.lower())))


def test_days_and_hours_are_read_off_the_facilitys_wall_clock() -> None:
    """Neither the machine's zone nor Greenwich decides what day it is at the desk."""
    found = []
    for file in modules("workstation", "ui", "db"):
        if place(file).startswith(("workstation/cli/", "workstation/demo/")):
            continue  # without a store there is no facility
        for line, name, node in calls(file):
            bare = name.endswith(".astimezone") and not node.args
            bare = bare or (name == "datetime.now" and not node.args) or name == "date.today"
            if name.endswith(".date") and isinstance(node.func, ast.Attribute):
                inner = node.func.value
                source = ast.unparse(inner.func) if isinstance(inner, ast.Call) else ""
                bare = bare or source.endswith(("clock", "utc_now", "from_iso", "datetime.now"))
            if bare:
                found.append(f"{place(file)}:{line} {name}")
    assert [each for each in found if "capture/aamva.py" not in each] == []


def test_money_is_never_a_float() -> None:
    found = []
    for file in modules("workstation", "ui", "db"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
                if names_money(ast.unparse(node)):
                    found.append(f"{place(file)}:{node.lineno}")
            elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
                name = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
                if "float" in ast.unparse(node.annotation) and names_money(name.replace("_", " ")):
                    found.append(f"{place(file)}:{node.lineno} {name}")
    assert found == []


def test_modules_are_short() -> None:
    long = {
        place(file): lines
        for file in modules(*PRODUCT, "tests", "packaging")
        if (lines := len(file.read_text("utf-8").splitlines())) > LONGEST_MODULE
        and not is_data(file)
        and not place(file).startswith("tests/")
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = []
    for file in modules(*PRODUCT):
        if is_data(file):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
                lines = (node.end_lineno or node.lineno) - body[0].lineno + 1
                layout = node.name == "_build" and place(file).startswith("ui/")
                if lines > (LONGEST_LAYOUT if layout else LONGEST_FUNCTION):
                    long.append(f"{place(file)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_no_module_is_an_attic() -> None:
    assert [place(file) for file in modules(*PRODUCT) if file.stem in ATTICS] == []
    folders = {parent.name for file in modules(*PRODUCT) for parent in file.parents}
    assert folders & ATTICS == set()


def test_every_module_says_what_it_knows() -> None:
    silent = [
        place(file)
        for file in modules(*PRODUCT)
        if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


def imported(file: Path) -> set[str]:
    """The first names of everything that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        ("simulator", {"workstation", "ui", "db", "resources"}),
        ("ui", {"db", "sqlalchemy", "sqlcipher3", "simulator"}),
        ("db", {"ui", "PySide6", "simulator"}),
        ("workstation", {"PySide6", "sqlalchemy", "simulator"}),
    ],
)
def test_nobody_imports_upwards(folder: str, never: set[str]) -> None:
    files = [file for file in modules(folder) if not place(file).startswith(ROOTS)]
    found = {place(file): imported(file) & never for file in files}
    assert {file: names for file, names in found.items() if names} == {}


def test_unfinished_words_do_not_stay() -> None:
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{place(file)}:{number}"
        for file in modules(*PRODUCT)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []
