"""A step drawn from the flow's sections: every page that needs no widget of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.controls import Card, scrolling
from ui.forms.fold import Fold
from ui.forms.list_actions import ListActions
from ui.forms.section import Offered, SectionView, nothing_offered
from ui.hands import give
from ui.interview.step_page import StepContext, StepPage
from ui.style import SPACE
from ui.words import say
from workstation.interview import lists
from workstation.interview.fields import Field, Need, Problem, Section
from workstation.interview.flow import CHECK_IN
from workstation.interview.missing import field_problem, is_open
from workstation.interview.model import Draft, Said
from workstation.interview.paths import get
from workstation.interview.typed import shown_date

Sections = Callable[[Draft, StepContext], tuple[Section, ...]]


class Sheet(QWidget):
    """What scrolls: Tab goes through it in reading order, whatever was added when."""

    wentTo = Signal(object)
    pastEnd = Signal()
    """Tab, or a one-key answer, left the last question: Continue is next."""

    def stops(self) -> list[QWidget]:
        """Tab stops in sight, top to bottom and left to right."""
        found = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
            and widget.isVisibleTo(self)
            and widget.isEnabled()
            and widget.focusProxy() is None
        ]
        origin = QPoint(0, 0)
        return sorted(
            found, key=lambda w: (w.mapTo(self, origin).y() // 8, w.mapTo(self, origin).x())
        )

    def focusNextPrevChild(self, next: bool) -> bool:
        stops = self.stops()
        here = QApplication.focusWidget()
        if here not in stops:
            return super().focusNextPrevChild(next)
        to = stops.index(here) + (1 if next else -1)
        if to < 0:
            return super().focusNextPrevChild(next)
        if to >= len(stops):
            self.pastEnd.emit()
            return True
        give(stops[to], Qt.FocusReason.TabFocusReason)
        self.wentTo.emit(stops[to])
        return True


class Follow(QObject):
    """Keeps the widget with the focus in sight, once the layout has settled."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._widget: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show)

    @Slot(object)
    def bring(self, widget: QWidget) -> None:
        """Scrolls to a widget after the events that are waiting, such as a new layout."""
        self._widget = widget
        self._timer.start(0)

    @Slot()
    def _show(self) -> None:
        if self._widget is not None and self._area.isVisible():
            self._area.ensureWidgetVisible(self._widget, 0, SPACE.xl)
        self._widget = None


class FormStep(StepPage):
    """Cards of questions in a sheet that scrolls when it must."""

    def __init__(self, sections: Sections, offered: Offered = nothing_offered) -> None:
        super().__init__()
        self._sections = sections
        self._offered = offered
        self._views: dict[str, SectionView] = {}
        self._cards: dict[str, QWidget] = {}
        self._folds: dict[str, Fold] = {}
        self._actions: dict[str, ListActions] = {}
        self._draft = Draft()
        self._context: StepContext | None = None
        self.sheet = Sheet()
        self._column = QVBoxLayout(self.sheet)
        self._column.setContentsMargins(0, 0, SPACE.xs, 0)
        self._column.setSpacing(SPACE.m)
        self._column.addStretch(1)
        self._area: QScrollArea = scrolling(self.sheet)
        self._follow = Follow(self._area)
        self.sheet.wentTo.connect(self._follow.bring)
        self.sheet.pastEnd.connect(self.pastEnd)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(SPACE.m)
        self._outer.addWidget(self._area, 1)

    def prepare(self, draft: Draft, context: StepContext) -> None:
        """The questions; what folds is made when it is shown, by what is answered then."""
        self._draft, self._context = draft, context
        place = 0
        for section in self._sections(draft, context):
            if section.summary is None:
                place = self._put(section, place)
                self._views[section.key].show_draft(draft, context.situation)

    def _put(self, section: Section, place: int) -> int:
        """The card of a section, at a place in the column where it is new; the place behind it."""
        if section.key not in self._cards:
            self._cards[section.key] = self._make(section)
            self._column.insertWidget(place, self._cards[section.key])
        return self._column.indexOf(self._cards[section.key]) + 1

    def load(self, draft: Draft, context: StepContext) -> None:
        self._draft, self._context = draft, context
        wanted = self._sections(draft, context)
        place = 0
        for section in wanted:
            place = self._put(section, place)
            self._views[section.key].section = section  # its choices may follow an answer
            if section.key in self._actions:
                self._actions[section.key].show_section(section)
            if section.key in self._folds and section.summary is not None:
                parts = section.summary(draft, context.situation)
                self._folds[section.key].tell(parts)
                if not parts:
                    self._folds[section.key].unfold()
        keys = {section.key for section in wanted}
        for key, view in self._views.items():
            view.show_draft(draft, context.situation)
            self._cards[key].setVisible(key in keys and bool(view.keys))
        self._last_time()

    def collect(self) -> Mapping[str, object]:
        for view in self._views.values():
            view.settle()
        return {}

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        for view in self._views.values():
            view.tell(problems)

    def focus_on(self, key: str | None) -> bool:
        wanted = key if key is not None else self.first_to_answer()
        for view in self._views.values():
            question = view.question(wanted) if wanted in view.keys else None
            if question is not None:
                if view.section.key in self._folds:
                    self._folds[view.section.key].unfold()
                question.editor.focus()
                self._follow.bring(question)
                return True
        return False

    def fields(self) -> tuple[Field, ...]:
        """The questions in sight, in reading order."""
        if self._context is None:
            return ()
        situation = self._context.situation
        return tuple(
            field
            for section in self._sections(self._draft, self._context)
            for field in section.shown(self._draft, situation)
        )

    def _make(self, section: Section) -> QWidget:
        assert self._context is not None  # noqa: S101 - load() was called
        view = SectionView(section, self._context.situation.today, self._offered)
        view.answered.connect(self._answered)
        view.left.connect(self._left)
        view.entered.connect(self.entered)
        view.picked.connect(self._picked)
        self._views[section.key] = view
        return self.frame(section, view)

    def frame(self, section: Section, view: SectionView) -> QWidget:
        """The card around a section's questions."""
        page = CHECK_IN.pages[self._context.page].title if self._context else ""
        card = Card("" if section.title == page else say(section.title))
        # As tall as its lines are at this width: choices that go on a second line are shown.
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if section.summary is None or self._context is None:
            card.add(view)
            if section.place is not None:
                self._actions[section.key] = self._list_actions()
                card.add(self._actions[section.key])
            return card
        parts = section.summary(self._draft, self._context.situation)
        fold = self._folds[section.key] = Fold(view, parts, say(section.title))
        fold.opened.connect(self._unfolded)
        card.add(fold)
        return card

    def _list_actions(self) -> ListActions:
        actions = ListActions()
        actions.takenOut.connect(self._take_out)
        actions.movedEarlier.connect(self._move_earlier)
        actions.addWanted.connect(self._add)
        return actions

    @Slot(str, int)
    def _take_out(self, key: str, place: int) -> None:
        self.edited.emit({key: lists.taken_out(self._draft, key, place)})
        self.places_changed()

    @Slot(str, int)
    def _move_earlier(self, key: str, place: int) -> None:
        self.edited.emit({key: lists.moved_earlier(self._draft, key, place)})
        self.places_changed()

    @Slot(str)
    def _add(self, key: str) -> None:
        more = lists.one_more(self._draft, key)
        self.edited.emit({key: more})
        view = self._views[f"{key}.{len(lists.standing(more)) - 1}"]
        self.focus_on(view.keys[0])

    def places_changed(self) -> None:
        """What stands in a list now stands elsewhere; for steps that know more of its places."""

    def unfold(self) -> None:
        """Opens what is folded, and goes there."""
        for fold in self._folds.values():
            fold.unfold()

    @Slot()
    def _unfolded(self) -> None:
        for key, fold in self._folds.items():
            if fold is self.sender() and self._views[key].keys:
                question = self._views[key].question(self._views[key].keys[0])
                if question is not None:
                    question.editor.focus()
                    self._follow.bring(question)

    def first_to_answer(self) -> str | None:
        """Where the focus begins; None where nothing is open."""
        if self._context is None:
            return None
        situation = self._context.situation
        for field in self.fields():
            needed = field.needed(self._draft, situation)
            if needed is not Need.MAY and is_open(get(self._draft, field.key)):
                return field.key
        return None

    def _last_time(self) -> None:
        """Beside a question asked afresh stands what was said the last time, and when."""
        context = self._context
        if context is None:
            return
        for view in self._views.values():
            for key in view.keys:
                question = view.question(key)
                if question is not None and question.field.asked_afresh:
                    words = _said_before(question.field, context)
                    if words:
                        question.note("info", words)

    @Slot(str, object)
    def _answered(self, key: str, answer: object) -> None:
        self.edited.emit({key: answer})

    @Slot(str)
    def _left(self, key: str) -> None:
        """Leaving says what is not right with what was typed; what is open may stay open."""
        if self._context is None:
            return
        field = next((f for f in self.fields() if f.key == key), None)
        if field is None or is_open(get(self._draft, key)):
            return
        problem = field_problem(field, self._draft, self._context.situation)
        if problem is not None:
            self.show_problems((problem,))

    @Slot(str)
    def _picked(self, key: str) -> None:
        """One key answered: on to the next question, if there is one."""
        self.sheet.focusNextPrevChild(True)


def _said_before(field: Field, context: StepContext) -> str:
    situation = context.situation
    before: Draft | None = None
    if field.key.startswith("msp."):
        before, day = situation.last_medicare, situation.last_medicare_on
    elif field.key == "accident.is_accident" and situation.last_accident is not None:
        before, day = Draft(accident=situation.last_accident), situation.last_accident_on
    if before is None or day is None:
        return ""
    words = _in_words(field, get(before, field.key))
    when = shown_date(day.isoformat())
    return say("last time, {day}: {answer}", day=when, answer=words) if words else ""


def _in_words(field: Field, answer: object) -> str:
    if answer is Said.OPEN or answer in ("", None, False):
        return ""
    return next((say(o.label) for o in field.options if o.code == str(answer)), str(answer))
