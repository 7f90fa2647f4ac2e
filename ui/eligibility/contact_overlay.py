"""*Note a call*: who said what, under which number, what was promised, which benefits were told."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.controls import (
    Button,
    Field,
    Line,
    Overlay,
    Passage,
    Segments,
    Text,
    column,
    grid,
    row,
    scrolling,
)
from ui.controls.overlay import stacked
from ui.eligibility.contact_text import ContactText, read_contact
from ui.hands import give
from ui.style import SPACE
from ui.words import say
from workstation.kernel.errors import PorticoError

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ContactOverlay(Overlay):
    """``ask(payer, today)``; answered by ``wanted(Contact)``, then ``close_`` or ``refused``."""

    of_money = True

    wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=720, height=640, top=56)
        self._today = date.min
        self._title = Text(say("Note a call"), role="page", weight="bold")
        self._payer = Text("", tone="muted")
        self._how = Segments(
            [("phone", say("By phone"), "phone"), ("portal", say("Portal"), "monitor")],
            name=say("How"),
        )
        self._how.chosen.connect(self._turned)
        self._coverage = Segments(
            [
                ("", say("Not asked"), ""),
                ("active", say("Active"), "circle-check"),
                ("inactive", say("Not active"), "octagon-alert"),
            ],
            name=say("The coverage is"),
        )
        self._coverage.chosen.connect(self._turned)
        self._authorization = Segments(
            [
                ("unknown", say("Not asked"), ""),
                ("yes", say("Needed"), ""),
                ("no", say("Not needed"), ""),
            ],
            name=say("Authorization"),
        )
        self.told = Passage(lines=3)
        self.fields = {
            "with_whom": Field(say("Who answered"), Line(), room=False),
            "reference": Field(say("Reference number"), Line(), room=False),
            "told": Field(say("What they said"), self.told, room=False),
            "promise": Field(say("What they promised"), Line(), room=False),
            "follow_up": Field(say("By when"), Line(), width="date", room=False),
            "copay": Field(say("Copay today"), Line(), width="money", room=False),
            "coinsurance": Field(say("Coinsurance, %"), Line(), width="money", room=False),
            "deductible_left": Field(say("Deductible left"), Line(), width="money", room=False),
            "limit_left": Field(say("Left of the yearly limit"), Line(), width="money", room=False),
        }
        self._build()
        self.told.installEventFilter(self)

    def _build(self) -> None:
        fields = self.fields
        figures = ("copay", "coinsurance", "deductible_left", "limit_left")
        self._benefits = column(
            row(*(fields[name] for name in figures), None, gap=SPACE.l),
            _labelled(say("Authorization"), self._authorization),
            gap=SPACE.m,
        )
        self.keep = Button(say("Keep the note"), kind="primary", icon_after="corner-down-left")
        self.keep.clicked.connect(self._keep)
        close = Button(say("Close"), key="Esc")
        close.clicked.connect(self.close_)
        inside = column(
            _labelled(say("How"), self._how),
            grid(2, fields["with_whom"], fields["reference"]),
            fields["told"],
            row(fields["promise"], fields["follow_up"], gap=SPACE.l),
            _labelled(say("The coverage is"), self._coverage),
            self._benefits,
            None,
            gap=SPACE.m,
            margins=(SPACE.xl, SPACE.xs, SPACE.xl, SPACE.s),
        )
        box = stacked(self)
        head = (SPACE.xl, SPACE.l, SPACE.xl, SPACE.s)
        box.addWidget(row(self._title, self._payer, None, gap=SPACE.m, margins=head))
        box.addWidget(scrolling(inside), 1)
        box.addWidget(row(close, None, self.keep, margins=(SPACE.xl, SPACE.s, SPACE.xl, SPACE.l)))

    def first(self) -> QWidget | None:
        return self.fields["with_whom"].editor if self._how.value == "phone" else self.told

    def ask(self, payer: str, today: date) -> None:
        """An empty form about one payer."""
        self._today = today
        self._payer.setText(payer)
        for name, field in self.fields.items():
            field.tell()
            editor = field.editor
            if isinstance(editor, Line):
                editor.setText("")
            elif name == "told":
                self.told.setPlainText("")
        for segments, key in (
            (self._how, "phone"),
            (self._coverage, ""),
            (self._authorization, "unknown"),
        ):
            segments.choose(key)
        self._turned()
        self.open()

    @property
    def text(self) -> ContactText:
        """What stands in the form."""
        lines = {
            name: field.editor.text()
            for name, field in self.fields.items()
            if isinstance(field.editor, Line)
        }
        return ContactText(
            how=self._how.value,
            told=self.told.toPlainText(),
            coverage=self._coverage.value,
            authorization=self._authorization.value,
            **lines,
        )

    @Slot()
    def _turned(self) -> None:
        """Figures are asked only of an active plan, a name only of somebody who speaks."""
        self._benefits.setVisible(self._coverage.value == "active")
        self.fields["with_whom"].setVisible(self._how.value == "phone")

    @Slot()
    def _keep(self) -> None:
        contact, problems = read_contact(self.text, self._today)
        self._tell(problems)
        if contact is not None:
            self.wanted.emit(contact)

    def refused(self, error: PorticoError) -> None:
        """It was not kept: said under the field at fault, or under what was said."""
        field = {"follow_up_on": "follow_up"}.get(error.field or "", error.field or "told")
        self._tell({field if field in self.fields else "told": f"{say(error.say)} {say(error.do)}"})

    def _tell(self, problems: dict[str, str]) -> None:
        for name, field in self.fields.items():
            words = problems.get(name, "")
            field.tell("stop", say(words)) if words else field.tell()
        first = next((self.fields[name] for name in problems), None)
        if first is not None:
            give(first.editor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter keeps the note from inside the passage, where Enter is a new line."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _ENTER
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and watched is self.told
        ):
            self._keep()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.accept()
            self._keep()
        else:
            super().keyPressEvent(event)


def _labelled(label: str, segments: Segments) -> QWidget:
    caption = Text(label, role="small", weight="medium", tone="muted")
    return column(caption, segments, gap=SPACE.xs)
