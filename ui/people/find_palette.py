"""Ctrl+K: the palette over everything. Hits on each keystroke, keys for all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.controls import Line, Mark, Overlay, Pane, Text
from ui.controls.buttons import Pressable
from ui.controls.table import DenseList
from ui.controls.texts import cap_width, draw_cap
from ui.jobs import Jobs
from ui.people.viewmodel import (
    Carried,
    FindState,
    FindViewModel,
    born_words,
    name_parts,
    new_words,
    place_words,
    why_words,
)
from ui.style import paint
from ui.words import say
from workstation.people.gateways import Finds, Hit, SearchAnswer

Index = QModelIndex | QPersistentModelIndex
_ROW = 48
_MOST_ROWS = 8
_SETTLE_MS = 2000
_LIMIT = 20
_X_DOB, _X_MRN, _X_PLACE = 300, 460, 550


class _Hits(QAbstractListModel):
    """The people found."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.today = today
        self.hits: tuple[Hit, ...] = ()

    def show(self, hits: tuple[Hit, ...]) -> None:
        """Other hits."""
        if hits != self.hits:
            self.beginResetModel()
            self.hits = hits
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            hit = self.hits[index.row()]
            name = "".join(text for text, _ in name_parts(hit))
            words = (
                name,
                born_words(hit, self.today()),
                hit.mrn,
                place_words(hit, self.today()),
                why_words(hit),
            )
            return ", ".join(word for word in words if word)
        return None


class _HitRow(QStyledItemDelegate):
    """Name with the matched letters bold, birth date, MRN, place and why."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Hits)  # noqa: S101
        hit = model.hits[index.row()]
        rect = QRectF(getattr(option, "rect"))  # noqa: B009
        if getattr(option, "state") & QStyle.StateFlag.State_Selected:  # noqa: B009
            painter.fillRect(rect, style.colour("selection"))
        scale = rect.width() / 898
        x_dob, x_mrn = rect.left() + _X_DOB * scale, rect.left() + _X_MRN * scale
        x_place = rect.left() + _X_PLACE * scale
        left = rect.left() + 20
        _name(painter, QRectF(left, rect.top(), x_dob - left - 12, rect.height()), hit)
        body, small = style.font("body"), style.font("small")
        area = QRectF(x_dob, rect.top(), x_mrn - x_dob - 8, rect.height())
        paint.text(painter, area, born_words(hit, model.today()), body, "text")
        area = QRectF(x_mrn, rect.top(), x_place - x_mrn - 8, rect.height())
        paint.text(painter, area, hit.mrn or "", body, "muted")
        wide = rect.right() - x_place - 16
        area = QRectF(x_place, rect.top() + 8, wide, 16)
        paint.text(painter, area, place_words(hit, model.today()), small, "muted")
        area = QRectF(x_place, rect.top() + 24, wide, 16)
        paint.text(painter, area, why_words(hit), small, "muted")


def _name(painter: QPainter, area: QRectF, hit: Hit) -> None:
    for text, matched in name_parts(hit):
        font = style.font("body", "bold" if matched else "regular")
        wide = QFontMetricsF(font).horizontalAdvance(text)
        if area.width() < 12:
            return
        paint.text(painter, area, text, font, "text")
        area = area.adjusted(wide, 0, 0, 0)


class _NewRow(Pressable):
    """*New patient…*: asleep until a search was made; carries what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more = ""
        self._chosen = False
        self.setFixedHeight(52)
        self.setAccessibleName(say("New patient"))

    def show_state(self, more: str, awake: bool, chosen: bool) -> None:
        """What it carries, whether it may be pressed, whether it is the row chosen."""
        self._more, self._chosen = more, chosen
        self.setEnabled(awake)
        self.setAccessibleDescription(more)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._chosen or (self.underMouse() and self.isEnabled()):
            painter.fillRect(self.rect(), style.colour("selection" if self._chosen else "hover"))
        paint.hairline(painter, self.rect(), "top")
        on = self.isEnabled()
        paint.mark(painter, QPointF(20, 16), "user-plus", "accent" if on else "disabled", 20)
        bold = style.font("body", "semibold")
        area = QRectF(52, 0, rect.width() - 140, rect.height())
        used = paint.text(painter, area, say("New patient…"), bold, "text" if on else "muted")
        area = area.adjusted(used + 5, 0, 0, 0)
        paint.text(painter, area, self._more, style.font("small"), "muted")
        cap = cap_width("Ctrl+N")
        draw_cap(painter, QRectF(rect.width() - cap - 20, 16, cap, 20), "Ctrl+N")
        painter.end()


class FindPalette(Overlay):
    """Opens over any page. Emits who was chosen; opening a chart is the caller's use case."""

    personChosen = Signal(object)
    """(Hit): open this chart."""
    besideWanted = Signal(object)
    """(Hit): open beside, to read only."""
    newPatientWanted = Signal(object)
    """(Carried): what was typed, for a new chart."""
    settled = Signal(str, int)
    """(what was typed, number of hits): to be audited once, at a choice or after two seconds."""

    def __init__(
        self, window: QWidget, jobs: Jobs, search: Finds, today: Callable[[], date]
    ) -> None:
        super().__init__(window, width=900)
        self._jobs, self._search = jobs, search
        self.viewmodel = FindViewModel(today)
        self._model = _Hits(today)
        self._audited = ""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._build()
        self.viewmodel.listen(self.render_state)
        self.render_state(self.viewmodel.state)

    def _build(self) -> None:
        self.line = Line(hint=say("Name, birth date, MRN, phone or member ID"), bare=True)
        self.line.setAccessibleName(say("Find a patient"))
        self.line.setFixedHeight(58)
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self._count = Text("", role="small", tone="muted")
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.setSpacing(14)
        head.addWidget(Mark("search", "accent", 20))
        head.addWidget(self.line, 1)
        head.addWidget(self._count)
        self._list = DenseList(say("People found"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_HitRow(self._list))
        self._list.setUniformItemSizes(True)
        self._list.clicked.connect(self._clicked)
        self._rule = Pane("line")
        self._rule.setFixedHeight(1)
        self.new_row = _NewRow()
        self.new_row.clicked.connect(self._new)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._rule)
        box.addWidget(self._list)
        box.addWidget(self.new_row)
        box.addWidget(_Foot())

    def first(self) -> QWidget:
        return self.line

    @Slot()
    def open(self) -> None:
        """An empty line, ready to type."""
        self._audited = ""
        self.line.blockSignals(True)
        self.line.clear()
        self.line.blockSignals(False)
        self.viewmodel.open()
        super().open()

    def open_with(self, text: str) -> None:
        """Opens with something typed already, as from a card or a licence."""
        self.open()
        self.line.setText(text)

    # Searching

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._settle.stop()
        if self.viewmodel.type(text):
            self._ask(text)

    def _ask(self, text: str) -> None:
        self._jobs.read(
            self._look,
            text,
            owner=self,
            replaces="find",
            done=self._answered,
            failed=self._failed,
        )

    def _look(self, text: str) -> tuple[str, SearchAnswer]:
        return text, self._search.search(text, _LIMIT)

    @Slot(object)
    def _answered(self, answer: tuple[str, SearchAnswer]) -> None:
        self.viewmodel.answer(*answer)
        self._settle.start()

    @Slot(object)
    def _failed(self, _: Exception) -> None:
        self.viewmodel.fail(self.line.text())

    @Slot()
    def _settled(self) -> None:
        state = self.viewmodel.state
        normal = re.sub(r"\s+", " ", state.typed.strip().casefold())
        if state.answered is not None and normal and normal != self._audited:
            self._audited = normal
            self.settled.emit(state.typed, len(state.hits))

    # State to widgets

    def render_state(self, state: FindState) -> None:
        """Everything shown, from one state."""
        self._model.show(state.hits)
        self._count.setText(_count_words(state))
        rows = min(_MOST_ROWS, len(state.hits))
        self._list.setFixedHeight(rows * _ROW)
        self._list.setVisible(rows > 0)
        if state.chosen is not None:
            self._list.setCurrentIndex(self._model.index(state.at))
        else:
            self._list.setCurrentIndex(QModelIndex())
        on_new = state.awake and state.at == len(state.hits)
        more = state.failed or new_words(state, self.viewmodel.carried())
        self.new_row.show_state(more, state.awake, on_new)
        self.resettle()

    # Keys and choices

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and watched is self.line and self._key(cast(QKeyEvent, event)):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _MOST_ROWS,
            Qt.Key.Key_PageUp: -_MOST_ROWS,
        }.get(Qt.Key(event.key()))
        if step is not None:
            self.viewmodel.move(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(beside=control)
        elif control and event.key() == Qt.Key.Key_N:
            self._new()
        elif event.key() == Qt.Key.Key_F5 and self.line.text().strip():
            self._ask(self.line.text())
        else:
            return False
        return True

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.viewmodel.choose(index.row())
        self._take(beside=False)

    def _take(self, *, beside: bool) -> None:
        state = self.viewmodel.state
        if state.answered != state.typed:
            return  # The hits shown answer an older text: Enter waits for the right ones.
        hit = state.chosen
        if hit is None:
            self._new()
            return
        self._settled()
        self.close_()
        (self.besideWanted if beside else self.personChosen).emit(hit)

    @Slot()
    def _new(self) -> None:
        if not self.viewmodel.state.awake:
            return
        self._settled()
        carried: Carried = self.viewmodel.carried()
        self.close_()
        self.newPatientWanted.emit(carried)


def _count_words(state: FindState) -> str:
    if state.answered is None or not state.typed.strip():
        return ""
    found = len(state.hits)
    return say(
        "{found} of {total} people · {ms} ms",
        found=f"{found}+" if found == _LIMIT else found,
        total=f"{state.total:,}",
        ms=max(1, round(state.ms)),
    )


class _Foot(QWidget):
    """The keys of the palette."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.hairline(painter, self.rect(), "top")
        left = 20.0
        small = style.font("small")
        parts = (
            (("corner-down-left",), say("open")),
            (("arrow-up", "arrow-down"), say("choose")),
            ((), say("Ctrl+Enter open beside, to read")),
            ((), say("Esc close")),
        )
        for icons, words in parts:
            for icon in icons:
                paint.mark(painter, QPointF(left, 10), icon, "muted", 14)
                left += 16
            area = QRectF(left, 0, 300, self.height())
            left += paint.text(painter, area, words, small, "muted") + 20
        painter.end()
