"""The widgets that every page is built from. Read this, then build.

    from ui.controls import Button, Card, Field, Line, Text, row, column

    class CoveragePage(QWidget):
        def __init__(self) -> None:
            super().__init__()
            title = Text("Coverage", role="page", weight="bold")
            self.member = Field("Member ID", Line(), width="member_id")
            self.group = Field("Group number", Line(), width="member_id")
            go = Button("Continue", kind="primary", icon_after="corner-down-left")
            go.clicked.connect(self._go)
            card = Card("Plan")                       # a titled section
            card.add(row(self.member, self.group))
            column(title, card, None, row(None, go), into=self, margins=(16, 16, 16, 16))

        def render(self, state: CoverageState) -> None:
            self.member.editor.setText(state.member_id)
            self.member.tell("ok", "card and payer agree")    # message under the field
            self.group.tell("warn", "2 or 7? See the card.")  # ok warn stop info; tell() clears

Texts and captions
    ``Text(words, role=, weight=, tone=, wrap=)`` roles mark small body section page figure;
    tones text muted ok warn stop accent on_accent. ``IconText(icon, words, tone=)``: always both.
    ``KeyCap("Ctrl+K")``, ``Elided(words)`` one line, cut with an ellipsis.
Pressing
    ``Button(words, kind="primary|secondary|quiet|danger", icon=, icon_after=, key=, big=)``: Enter
    and Space press it. ``IconButton(icon, name)``, ``Segments([(key, words, icon)])`` (one chosen,
    arrows move, ``chosen(str)``), ``Toggle(words, count)``, ``Check(words)``, ``Chip(words,
    icon=, level=)`` (``pressed_`` when clickable), ``Link(words)``.
Typing
    ``Line()``, ``Choice([(key, words)])``, ``Passage()`` (several lines), ``BigFigure()`` inside
    ``Field(label, editor, width=, note=)``. Widths: WIDTHS (date short zip state phone ssn money
    member_id name line fill). The label is the field's accessible name by itself.
Laying out
    ``row(...)``, ``column(...)``, ``grid(columns, ...)``: a widget, an int (gap) or None (stretch).
    ``Pane(ground=, sides=)`` a plain ground with hairlines, ``Card(title)``, ``Tile(...)``,
    ``Banner`` (patient identity), ``StepRail``, ``Strip`` (messages), ``Note``, ``Placeholder``,
    ``scrolling(widget)``.
Above everything
    ``Overlay(window, width=)``: dims the window, traps Tab, Esc asks ``may_close()``; ``open()``,
    ``close_()`` and the signal ``closed``; never ``exec()``.

Every focusable control gets the 2 px focus ring from ``FocusRing`` (installed by ``ui.app``).
Pages emit facts, hold no rules, set no colour, size or font.
"""

from ui.controls.buttons import Button, Check, IconButton, Link, Segments, Toggle
from ui.controls.cards import Avatar, Banner, Card, Pane, Tile
from ui.controls.chips import Chip, Tag
from ui.controls.fields import WIDTHS, Field
from ui.controls.focus import FocusRing
from ui.controls.inputs import BigFigure, Choice, Line, Passage
from ui.controls.layout import column, grid, row, scrolling
from ui.controls.menus import Menu
from ui.controls.messages import Message, Note, Strip
from ui.controls.overlay import Overlay
from ui.controls.placeholders import Placeholder
from ui.controls.steps import Step, StepRail
from ui.controls.texts import Elided, IconText, KeyCap, Mark, Text

__all__ = [
    "WIDTHS",
    "Avatar",
    "Banner",
    "BigFigure",
    "Button",
    "Card",
    "Check",
    "Chip",
    "Choice",
    "Elided",
    "Field",
    "FocusRing",
    "IconButton",
    "IconText",
    "KeyCap",
    "Line",
    "Link",
    "Mark",
    "Menu",
    "Message",
    "Note",
    "Overlay",
    "Pane",
    "Passage",
    "Placeholder",
    "Segments",
    "Step",
    "StepRail",
    "Strip",
    "Tag",
    "Text",
    "Tile",
    "Toggle",
    "column",
    "grid",
    "row",
    "scrolling",
]
