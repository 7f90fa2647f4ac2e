"""Every control at once, for people to look at, and walked through as a screen reader would."""

from PySide6.QtWidgets import QWidget

from ui import style
from ui.controls import (
    Banner,
    BigFigure,
    Button,
    Card,
    Check,
    Chip,
    Choice,
    Field,
    IconButton,
    IconText,
    KeyCap,
    Line,
    Link,
    Message,
    Pane,
    Passage,
    Placeholder,
    Segments,
    Step,
    StepRail,
    Strip,
    Tag,
    Text,
    Tile,
    Toggle,
    column,
    grid,
    row,
)


def gallery() -> QWidget:
    home = Pane("window")
    banner = Banner()
    banner.show_person(
        "OKAFOR-DIAZ, Maria Elena",
        initials="MO",
        preferred="Malena",
        facts=["41 y F", ("DOB", "03 Mar 1985"), ("MRN", "0048213"), "New patient visit"],
        flags=[
            ("Spanish, interpreter", "languages", "accent"),
            ("Confidential address", "shield-alert", "warn"),
        ],
    )
    rail = StepRail()
    rail.show_steps(
        [
            Step("who", "Who is it", "done"),
            Step("cov", "Coverage", "now", "now"),
            Step("gua", "Guarantor", "may", "check"),
            Step("med", "Medicare questions", "must", "fix"),
            Step("con", "Consents", "later", "2"),
            Step("pay", "Pay", "unneeded", "", "emergency"),
        ],
        "cov",
    )
    member = Field("Member ID", Line("XQZ123456789"))
    member.tell("ok", "card and payer agree")
    group = Field("Group number", Line("0071234"))
    group.tell("warn", "2 or 7? See the card. Ctrl+Space for others")
    payer = Field("Payer", Choice([("b", "Blue Cross PPO of Texas"), ("a", "Aetna")]))
    payer.editor.choose("b")
    zip_ = Field("ZIP", Line("787"), width="zip")
    zip_.tell("stop", "Five digits, or nine.")
    card = Card("Plan")
    card.add(
        grid(2, payer, Field("Plan", Line("Gold 123 PPO"), note="from the payer"), member, group)
    )
    card.add(
        row(
            zip_,
            Field("Birth date", Line(), width="date"),
            Check("Same as patient", "guarantor"),
            None,
        )
    )
    card.add(Field("Note", Passage(hint="What the payer said")))
    tiles = []
    for question, answer, note, tone, met in (
        ("Active?", "Yes", "since 01 Jan 2026", "ok", None),
        ("Copay today", "$0.00", "diagnostic imaging", "text", None),
        ("Deductible left", "$640.00", "of $1,500.00", "text", (860, 1500)),
        ("Authorization", "Not stated", "ask the payer, not guess", "warn", None),
    ):
        tile = Tile(question)
        tile.answer(answer, note, tone=tone, met=met)
        tiles.append(tile)
    strip = Strip()
    strip.tell(Message("info", "Receipt printed."))
    strip.tell(
        Message("yield", "The payer did not answer.", "Go on; it is asked again.", action="Ask now")
    )
    strip.tell(
        Message("stop", "The terminal did not answer.", "Press Ask again before another card.")
    )
    tender = Segments(
        [
            ("card", "Card", "credit-card"),
            ("cash", "Cash", "banknote"),
            ("hsa", "HSA", "heart-pulse"),
        ],
        name="Tender",
        touch=True,
        equal=True,
    )
    figure = BigFigure("$25.00", name="Take now")
    empty = Placeholder()
    empty.empty("Nobody is expected", "Walk-ins start with Ctrl+K.", "Find a patient")
    all_ = Toggle("All", 62)
    all_.setChecked(True)
    right = column(
        row(all_, Toggle("Here", 4), Toggle("Needs attention", 9), None),
        row(
            Chip("Up to date", level="ok"),
            Chip("Working offline since 9:31", icon="cloud-off", level="warn", pressable=True),
            Tag("Medicare Qs"),
            Tag("ABN", "warn"),
            KeyCap("Ctrl+K"),
            None,
        ),
        tender,
        figure,
        row(
            IconText("circle-check", "Active", tone="ok"),
            Link("Open the answer"),
            IconButton("lock", "Lock"),
            None,
        ),
        empty,
        row(
            Button("Leave"),
            None,
            Button("Void payment $40.00", kind="danger"),
            Button("Skip", kind="quiet"),
        ),
    )
    middle = column(
        row(
            Text("Coverage", role="page", weight="bold"),
            Text("1 of 1", tone="muted"),
            None,
            Button("Scan card", icon="scan-line", key="F8"),
        ),
        strip,
        card,
        row(*tiles),
        None,
        row(
            Button("Save and leave", key="Esc"),
            Button("&Second coverage", icon="plus"),
            None,
            Button("Back", icon="arrow-left"),
            Button("Continue", kind="primary", icon_after="corner-down-left"),
        ),
        margins=(16, 16, 16, 16),
    )
    below = row(rail, middle, column(right, margins=(0, 16, 16, 16)), gap=0)
    below.layout().setStretch(1, 3)
    below.layout().setStretch(2, 2)
    column(banner, below, gap=0, into=home)
    group.editor.setObjectName("group")
    return home


def test_gallery_is_named_and_pictured(desk):
    home = desk.show(gallery(), 1366, 900)
    home.findChild(Line, "group").setFocus()
    names = desk.names()
    assert "Member ID" in names
    assert "Take now" in names
    desk.shots("style-gallery")
    desk.theme(style.Scheme.HIGH_CONTRAST)
    desk.shot("style-gallery-contrast")
    desk.theme(style.Scheme.LIGHT)
