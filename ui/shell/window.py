"""The main window: frame, places, what lies over them, and the commands that hold always."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.hands import give
from ui.words import say
from workstation.kernel.errors import PorticoError

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent
    from PySide6.QtWidgets import QMenu

    from ui.changes import ChangesBus
    from ui.controls import Message, Overlay
    from ui.jobs import Jobs
    from ui.shell.command_palette import CommandPalette
    from ui.shell.connection_panel import ConnectionPanel
    from ui.shell.jobs_panel import JobsPanel
    from ui.shell.key_sheet import KeySheet
    from ui.shell.rail import Place
    from ui.shell.state import Connection, ShellState


class MainWindow(QWidget):
    """One per process. Emits what a person wants; the composition root answers.

    With ``bare=True`` it can be covered and shown, nothing else, until :meth:`furnish`: the first
    paint needs no more (docs/decisions/0007).
    """

    findWanted = Signal()
    newPatientWanted = Signal()
    lockWanted = Signal()
    veilWanted = Signal()
    scanWanted = Signal(str)
    """``card`` or ``licence``: F8, F9."""
    filedWanted = Signal()
    """The papers and pictures of the chart in hand: Ctrl+D."""
    shiftWanted = Signal()
    formsWanted = Signal()
    undoWanted = Signal()
    conflictsWanted = Signal()
    signOutWanted = Signal()
    placeChanged = Signal(str)
    closing = Signal()

    def __init__(
        self,
        jobs: Jobs,
        bus: ChangesBus,
        *,
        permitted: Callable[[str], bool] = lambda _: True,
        bare: bool = False,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Portico")
        self.setMinimumSize(960, 560)
        self.jobs, self.bus = jobs, bus
        self._permitted = permitted
        self._furnished = False
        self._places: dict[str, QWidget] = {}
        self._place = ""
        self._pushed: list[QWidget] = []
        self._overlays: list[Overlay] = []
        self._undo: Callable[[], object] | None = None
        self._pending = ""
        self._pending_lines: tuple[str, ...] = ()
        self._hidden: list[Overlay] = []
        self._focus_before: QWidget | None = None
        self._others: list[QWidget] = []
        self._frame = QWidget()
        self._root = QStackedWidget()
        self._root.addWidget(self._frame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._root)
        if not bare:
            self.furnish()

    def furnish(self) -> None:
        """Builds the frame and binds the commands that hold always; once."""
        if self._furnished:
            return
        import ui.shell.commands  # noqa: F401 - declares the commands
        from ui.commands import ALWAYS, CommandHost
        from ui.shell.frame import Frame
        from ui.shell.state import ShellState

        self._furnished = True
        self._state = ShellState()
        self.host = CommandHost(self, self._permitted)
        frame = Frame(self._frame)
        self.top, self.rail, self.bottom = frame.top, frame.rail, frame.bottom
        self.pages, self.strip = frame.pages, frame.strip
        self._wire()
        self.host.bind(ALWAYS, self, self)
        self.host.cover(self.covered)

    def _wire(self) -> None:
        self.top.findWanted.connect(self._find)
        self.top.lockWanted.connect(self.lockWanted)
        self.top.connectionWanted.connect(self.show_connection_panel)
        self.top.menuWanted.connect(self._show_menu)
        self.top.userWanted.connect(self._show_user_menu)
        self.rail.wanted.connect(self.go)
        self.bottom.undoWanted.connect(self.undo)
        self.bottom.jobsWanted.connect(self.show_jobs)
        self.jobs.changed.connect(self._jobs_changed)
        self.jobs.unhandled.connect(self.tell_failure)
        self.jobs.written.connect(self.strip.store_took)

    @Slot()
    def _find(self) -> None:
        self.host.trigger("find")

    # Places and pages

    def add_place(self, place: Place, page: QWidget) -> None:
        """A home in the rail with its page; a page of the same place before it goes for good."""
        before = self._places.get(place.key)
        if before is None:
            self.rail.add(place)
        self._places[place.key] = page
        self._adopt_page(page)
        if before is not None and before is not page:
            self.pages.removeWidget(before)
            before.hide()
            before.deleteLater()

    def _adopt_page(self, page: QWidget) -> None:
        self.pages.addWidget(page)
        # Reading order: the bottom line comes after the page.
        self.setTabOrder(_last_in(page), self.bottom.jobs)
        self.setTabOrder(self.bottom.jobs, self.bottom.undo)
        context = str(getattr(page, "context", ""))
        if context:
            self.host.bind(context, page, getattr(page, "target", page))

    @property
    def place(self) -> str:
        """The key of the place that is open."""
        return self._place

    @property
    def page(self) -> QWidget | None:
        """The page on top."""
        return self.pages.currentWidget()

    @Slot(str)
    def go(self, key: str) -> None:
        """Opens a place. A chart pushed over another place stays there, waiting."""
        if key not in self._places:
            return
        self._place = key
        self.rail.mark(key)
        self._show(self._places[key])
        self.placeChanged.emit(key)

    def remove_place(self, key: str) -> None:
        """Takes a home out of the rail, with its page: who sits here now may not go there."""
        page = self._places.pop(key, None)
        if page is not None:
            self.rail.remove(key)
            self.pages.removeWidget(page)
            page.hide()
            page.deleteLater()

    def permit(self, permitted: Callable[[str], bool]) -> None:
        """Another person sits here: which permissions their role grants, by name."""
        self.host.permit(permitted)
        self.top.find_box.setVisible(permitted("search"))

    def push(self, page: QWidget) -> None:
        """Shows a page over the place, until :meth:`pop`."""
        if page not in self._pushed:
            self._pushed.append(page)
            self._adopt_page(page)
        self._show(page)

    def pop(self) -> QWidget | None:
        """Takes the topmost pushed page away and returns it; the caller disposes of it."""
        if not self._pushed:
            return None
        page = self._pushed.pop()
        below = self._pushed[-1] if self._pushed else self._places.get(self._place)
        if below is not None:
            self._show(below)
        self.pages.removeWidget(page)
        page.hide()
        return page

    def _show(self, page: QWidget) -> None:
        from ui.shell.pages import Entered, Left

        before = self.page
        if before is not page:
            if isinstance(before, Left):
                before.left()
            self.pages.setCurrentWidget(page)
            self.strip.clear()
        self.host.enter(str(getattr(page, "context", "")))
        if isinstance(page, Entered):
            page.entered()

    # What the frame says

    def show_state(self, state: ShellState) -> None:
        """Place, user, connection."""
        self._state = state
        self.top.show_state(state)
        self._tell_panel(state.connection)

    @property
    def connection(self) -> Connection:
        """What the connection chip says now."""
        return self._state.connection

    def show_connection(self, connection: Connection) -> None:
        """The connection alone; told by sync."""
        self._state = replace(self._state, connection=connection)
        self.top.show_connection(connection)
        self._tell_panel(connection)

    def _tell_panel(self, connection: Connection) -> None:
        if "connection_panel" in self.__dict__:
            self.connection_panel.show_connection(connection)

    def note(self, words: str) -> None:
        """The last thing done, in the bottom line."""
        self.bottom.note(words)

    def forget_last(self) -> None:
        """Another patient's turn: what was said of the last one is nobody's business now."""
        self.note("")
        self.offer_undo("")
        self.strip.clear()

    def offer_undo(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """What Ctrl+Z takes back; no words: nothing."""
        self._undo = undo
        self.bottom.offer_undo(words)

    def tell(self, message: Message) -> None:
        """A message over the page, where the page has no strip of its own."""
        self.strip.tell(message)

    @Slot(object)
    def tell_failure(self, error: Exception) -> None:
        """An expected failure as a message; a bug goes to the crash path."""
        from ui.controls import Message

        if isinstance(error, PorticoError):
            self.tell(Message.of(error))
            return
        raise error

    @Slot()
    def undo(self) -> None:
        """Takes the last thing back, where that was offered."""
        undo, self._undo = self._undo, None
        self.bottom.offer_undo("")
        if undo is not None:
            undo()
        self.undoWanted.emit()

    @Slot()
    def _jobs_changed(self) -> None:
        titled = [job.title for job in self.jobs.under_way if job.title]
        if len(titled) > 1:
            words = say("{title} and {n} more", title=titled[0], n=len(titled) - 1)
        else:
            words = titled[0] if titled else ""
        self.bottom.show_jobs(" · ".join(part for part in (self._pending, words) if part))

    def show_pending(self, words: str, lines: tuple[str, ...] = ()) -> None:
        """What waits for the outside and outlives this window, in a few words and line by line."""
        if (words, lines) != (self._pending, self._pending_lines):
            self._pending, self._pending_lines = words, lines
            self._jobs_changed()
            if "jobs_panel" in self.__dict__:
                self.jobs_panel.show_pending(lines)

    # Over the frame

    # These four are built when first asked for: the first paint does not wait for them.

    @cached_property
    def key_sheet(self) -> KeySheet:
        """F1."""
        from ui.shell.key_sheet import KeySheet

        sheet = KeySheet(self, self.host)
        self.adopt(sheet)
        return sheet

    @cached_property
    def palette_(self) -> CommandPalette:
        """Ctrl+Shift+P."""
        from ui.shell.command_palette import CommandPalette

        palette = CommandPalette(self, self.host)
        self.adopt(palette)
        return palette

    @cached_property
    def jobs_panel(self) -> JobsPanel:
        """What runs."""
        from ui.shell.jobs_panel import JobsPanel

        panel = JobsPanel(self, self.jobs)
        panel.show_pending(self._pending_lines)
        self.adopt(panel)
        return panel

    @cached_property
    def connection_panel(self) -> ConnectionPanel:
        """What works and what waits."""
        from ui.shell.connection_panel import ConnectionPanel

        panel = ConnectionPanel(self)
        panel.show_connection(self._state.connection)
        panel.conflictsWanted.connect(self.conflictsWanted)
        panel.formsWanted.connect(self.formsWanted)
        self.adopt(panel)
        return panel

    def adopt(self, overlay: Overlay) -> Overlay:
        """While this overlay is open no command of the window answers."""
        overlay.opened.connect(self._overlay_changed)
        overlay.closed.connect(self._overlay_changed)
        self._overlays.append(overlay)
        return overlay

    @Slot()
    def _overlay_changed(self) -> None:
        self.host.cover(self.covered or any(o.isVisible() for o in self._overlays))

    @property
    def covered(self) -> bool:
        """True while sign-in or the lock hides the frame."""
        return self._root.currentWidget() is not self._frame

    def cover(self, over: QWidget) -> None:
        """Hides the frame at once, overlays and other windows too; nothing in them is lost."""
        self._focus_before = QApplication.focusWidget()
        self._hidden = [o for o in self._overlays if o.isVisible()]
        for overlay in self._hidden:
            overlay.setVisible(False)
        self._others = [
            other
            for other in QApplication.topLevelWidgets()
            if other is not self and other.isVisible()
        ]
        for other in self._others:
            other.hide()
        if self._root.indexOf(over) < 0:
            self._root.addWidget(over)
        self._root.setCurrentWidget(over)
        if self._furnished:
            self.host.cover(True)

    def uncover(self) -> None:
        """Shows the frame as it was."""
        from PySide6.QtWidgets import QMenu

        self._root.setCurrentWidget(self._frame)
        for overlay in self._hidden:
            overlay.setVisible(True)
            overlay.raise_()
        for other in self._others:
            if not isinstance(other, QMenu):
                other.show()
        self._others = []
        before = self._focus_before
        self._overlay_changed()
        if before is not None and before.isVisible():
            give(before)

    def put_away(self) -> tuple[QWidget, ...]:
        """Takes every pushed page and overlay off, as when another person takes the desk."""
        for overlay in self._overlays:
            overlay.setVisible(False)
        self._hidden = []
        self._others = []
        self._focus_before = None
        put = []
        while (page := self.pop()) is not None:
            put.append(page)
        self.strip.clear()
        self.bottom.note("")
        self.offer_undo("")
        return tuple(put)

    @Slot()
    def show_connection_panel(self) -> None:
        """What still works and what waits."""
        self.connection_panel.open()

    @Slot()
    def show_jobs(self) -> None:
        """The list of what runs, with cancel."""
        self.jobs_panel.open()

    def next_pane(self) -> None:
        """Moves the focus to the next pane: rail, the page's panes."""
        from ui.shell.pages import Panes

        page = self.page
        inside = page.panes() if isinstance(page, Panes) else [page] if page else []
        panes = [self.rail, *inside]
        here = QApplication.focusWidget()
        at = next((n for n, p in enumerate(panes) if p is here or _holds(p, here)), 0)
        for step in range(1, len(panes) + 1):
            if _enter(panes[(at + step) % len(panes)]):
                return

    def dress(self, scheme: style.Scheme) -> None:
        """Another theme, at once."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.apply(app, scheme)

    # Menus

    @Slot()
    def _show_menu(self) -> None:
        self._pop_menu(self.build_menu(), self.top.product)

    @Slot()
    def _show_user_menu(self) -> None:
        self._pop_menu(self.build_menu("You"), self.top.user)

    def build_menu(self, only: str = "") -> QMenu:
        """All commands of here, by menu; ``only`` one of the menus."""
        from ui.controls import Menu

        menu = Menu(self)
        subs: dict[str, QMenu] = {}
        for action in self.host.here():
            name = action.command.menu
            if not name or (only and name != only):
                continue
            if only:
                menu.addAction(action)
                continue
            if name not in subs:
                subs[name] = menu.addMenu(say(name))
            subs[name].addAction(action)
        return menu

    def _pop_menu(self, menu: QMenu, under: QWidget) -> None:
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nobody beneath wanted puts the messages away."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape and self._furnished and self.strip.messages:
            self.strip.clear()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def _last_in(page: QWidget) -> QWidget:
    """The last widget of a page in the focus chain."""
    last = page
    while (step := last.nextInFocusChain()) is not None and page.isAncestorOf(step):
        last = step
    return last


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and pane.isAncestorOf(widget)


def _enter(pane: QWidget) -> bool:
    """Gives the focus to a pane, or to the first in it that takes it."""
    from PySide6.QtCore import Qt

    inside = [pane, *cast(Any, pane.findChildren(QWidget))]
    for widget in inside:
        tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab == Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            give(widget, Qt.FocusReason.TabFocusReason)
            return True
    return False
