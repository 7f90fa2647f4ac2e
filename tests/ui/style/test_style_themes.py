"""Another theme reaches every widget by the palette alone; nothing is matched against a sheet."""

import pytest
from PySide6.QtGui import QImage

from ui import style
from ui.controls import Choice, Line, Menu, Passage, Text, column
from ui.style import Scheme


@pytest.fixture
def darken(qtbot, qapp):
    """Changes the theme and waits until it has come to a widget."""

    def change(widget):
        style.apply(qapp, Scheme.DARK)
        ground = style.colour("window")
        qtbot.waitUntil(lambda: widget.palette().window().color() == ground)

    yield change
    style.apply(qapp, Scheme.LIGHT)


def _colours(widget) -> set[str]:
    image: QImage = widget.grab().toImage()
    across, down = range(image.width()), range(image.height())
    return {image.pixelColor(x, y).name().upper() for x in across for y in down}


@pytest.mark.parametrize("tone", ["text", "muted", "ok", "warn", "stop", "accent", "on_accent"])
def test_words_follow_the_theme_in_their_tone(qtbot, darken, tone):
    words = Text("████", tone=tone)  # full blocks: the ink itself, no blended edges
    qtbot.addWidget(words)
    words.show()
    assert style.colour(tone).name().upper() in _colours(words)
    darken(words)
    assert style.colour(tone).name().upper() in _colours(words)


def test_a_tone_can_change(qtbot):
    words = Text("████", tone="ok")
    qtbot.addWidget(words)
    words.show()
    words.set_tone("stop")
    assert style.colour("stop").name().upper() in _colours(words)


@pytest.mark.parametrize("make", [Line, Passage, Choice])
def test_a_field_paints_its_ground_and_edge_in_the_theme(qtbot, darken, make):
    field = make()
    qtbot.addWidget(field)
    field.show()
    darken(field)
    seen = _colours(field)
    assert {style.colour("field").name().upper(), style.colour("edge").name().upper()} <= seen
    field.setProperty("level", "stop")
    assert style.colour("stop").name().upper() in _colours(field)


@pytest.mark.parametrize("make", [Line, Passage])
def test_what_cannot_be_typed_into_is_quiet(qtbot, darken, make):
    field = make("████")
    qtbot.addWidget(field)
    field.show()
    field.setReadOnly(True)
    darken(field)
    assert style.colour("muted").name().upper() in _colours(field)
    field.setReadOnly(False)
    assert style.colour("text").name().upper() in _colours(field)


def test_only_what_opens_for_a_moment_has_a_sheet(qtbot, qapp, darken):
    home = column(Line(), Choice([("a", "A")]), Passage(), Text("words"))
    qtbot.addWidget(home)
    home.show()
    darken(home)
    assert qapp.styleSheet() == ""
    menu = Menu(home)
    assert style.colour("surface").name().upper() in menu.styleSheet()
