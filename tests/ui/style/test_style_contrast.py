"""Every pair of tokens that is painted can be read (WCAG 2.2 AA); no other colour is named."""

import re
from pathlib import Path

import pytest

from ui.style import contrast
from ui.style.sheet import sheet
from ui.style.theme import Scheme, apply, current
from ui.style.tokens import DARK, LIGHT

UI = Path(contrast.__file__).parent.parent


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"),
    [(contrast.TEXT_PAIRS, contrast.TEXT_RATIO), (contrast.EDGE_PAIRS, contrast.EDGE_RATIO)],
    ids=["text", "edges"],
)
def test_pairs_are_strong_enough(theme, pairs, least):
    weak = {
        pair: round(contrast.ratio(theme[pair[0]], theme[pair[1]]), 2)
        for pair in pairs
        if contrast.ratio(theme[pair[0]], theme[pair[1]]) < least
    }
    assert weak == {}


def test_contrast_of_black_on_white_is_21():
    assert contrast.ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast.ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_high_contrast_is_strong(qapp):
    theme = apply(qapp, Scheme.HIGH_CONTRAST)
    try:
        for ink, ground in contrast.TEXT_PAIRS:
            assert contrast.ratio(theme.colours[ink], theme.colours[ground]) >= contrast.TEXT_RATIO
    finally:
        apply(qapp, Scheme.LIGHT)
    assert current().scheme is Scheme.LIGHT


def test_sheet_uses_tokens_only():
    used = set(re.findall(r"#[0-9A-Fa-f]{6,8}", sheet(LIGHT)))
    assert used <= set(LIGHT.values())


def test_nobody_else_sets_a_colour_a_font_or_a_nested_loop():
    taboo = re.compile(
        r"setStyleSheet|QColor\(|QFont\(|setPixelSize|setPointSize|(?<!QApplication)\.exec\(|processEvents|time\.sleep"
    )
    # The tour plays the person at the desk: it may turn the event loop by itself.
    spared = {"style", "tour"}
    guilty = {
        str(path.relative_to(UI)): found
        for path in UI.rglob("*.py")
        if not spared & set(path.relative_to(UI).parts)
        and (found := taboo.findall(path.read_text()))
    }
    assert guilty == {}
