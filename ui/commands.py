"""Every action by name: declared once, it has a key, a menu place, a tooltip and a line in F1.

    @command("arrivals.check_in", "Check in", keys=("Return",), context="arrivals",
             menu="Visit", when=lambda vm: vm.chosen is not None)
    def check_in(self) -> None: ...           # a method of the context's target

    host.bind("arrivals", page, page.viewmodel)     # QActions with their shortcuts
    host.enter("arrivals")                          # the page on top; leaves the one before
    host.refresh()                                  # after a change: re-asks every ``when``

Context ``always`` holds in every page. Two commands with one key that could meet fail at import.
Enter and Space are safe as keys: a focused button, box or text field takes them first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.words import say

ALWAYS = "always"
F = TypeVar("F", bound=Callable[..., Any])


def _ever(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """A named action. ``when(target)`` says whether it can be done now."""

    id: str
    title: str
    keys: tuple[str, ...]
    context: str
    menu: str
    permission: str | None
    when: Callable[[Any], bool]
    run: Callable[[Any], Any]
    over: bool = False
    """True where it answers even while an overlay is open: locking must never wait."""

    @property
    def key_words(self) -> str:
        """The first key as a person reads it: ``Ctrl+K``, ``Enter``; empty without one."""
        return words_of(self.keys[0]) if self.keys else ""


def words_of(key: str) -> str:
    """A Qt key name as people say it."""
    return key.replace("Return", "Enter").replace("PgUp", "Page up").replace("PgDown", "Page down")


class DuplicateKey(Exception):
    """Two commands want one key where both may hold. Raised at import."""


class Registry:
    """All commands of the program."""

    def __init__(self) -> None:
        self._by_id: dict[str, Command] = {}
        self._keys: dict[tuple[str, str], str] = {}

    def add(self, made: Command) -> None:
        """Takes a command; raises DuplicateKey for an id or key already taken."""
        if made.id in self._by_id:
            raise DuplicateKey(made.id)
        for key in made.keys:
            self._claim(made, QKeySequence(key).toString())
        self._by_id[made.id] = made

    def _claim(self, made: Command, key: str) -> None:
        for (context, taken), other in self._keys.items():
            meets = ALWAYS in (context, made.context) or context == made.context
            if taken == key and meets:
                raise DuplicateKey(f"{key}: {made.id} and {other}")
        self._keys[made.context, key] = made.id

    def __getitem__(self, id: str) -> Command:
        return self._by_id[id]

    def of(self, context: str) -> tuple[Command, ...]:
        """The commands of one context, as declared."""
        return tuple(c for c in self._by_id.values() if c.context == context)

    def contexts(self) -> tuple[str, ...]:
        """All contexts that have commands."""
        return tuple(dict.fromkeys(c.context for c in self._by_id.values()))


REGISTRY = Registry()
"""Filled at import by :func:`command`; it declares, it holds no state of the running program."""


def command(
    id: str,
    title: str,
    *,
    keys: Iterable[str] = (),
    context: str = ALWAYS,
    menu: str = "",
    permission: str | None = None,
    when: Callable[[Any], bool] = _ever,
    over: bool = False,
    registry: Registry = REGISTRY,
) -> Callable[[F], F]:
    """Declares a function of one argument, the context's target, as a command."""

    def declare(run: F) -> F:
        registry.add(Command(id, title, tuple(keys), context, menu, permission, when, run, over))
        return run

    return declare


class CommandAction(QAction):
    """A command bound to its target: triggers, and knows whether it can be done now."""

    def __init__(self, made: Command, target: object, parent: QObject) -> None:
        super().__init__(say(made.title), parent)
        self.command = made
        self.target = target
        self.setObjectName(made.id)
        if made.keys:
            self.setShortcuts([QKeySequence(key) for key in _with_enter(made.keys)])
            self.setToolTip(f"{say(made.title)} ({made.key_words})")
        self.triggered.connect(self._run)

    def _run(self) -> None:
        if self.command.when(self.target):
            self.command.run(self.target)


def _with_enter(keys: Iterable[str]) -> list[str]:
    """Return on the main block and Enter on the keypad are one key to a person."""
    wide: list[str] = []
    for key in keys:
        wide.append(key)
        if "Return" in key:
            wide.append(key.replace("Return", "Enter"))
    return wide


class CommandHost(QObject):
    """The commands of one window: bound to targets, switched by the page on top."""

    changed = Signal()

    def __init__(
        self,
        window: QWidget,
        permitted: Callable[[str], bool] = _ever,
        registry: Registry = REGISTRY,
    ) -> None:
        super().__init__(window)
        self._permitted = permitted
        self._registry = registry
        self._actions: dict[str, list[CommandAction]] = {}
        self._page = ""
        self._covered = False

    def permit(self, permitted: Callable[[str], bool]) -> None:
        """Another person sits here: which permissions their role grants, by name."""
        self._permitted = permitted
        self.refresh()

    def bind(self, context: str, widget: QWidget, target: object) -> None:
        """Makes the actions of a context, living on ``widget``; binding again replaces them."""
        for old in self._alive(context):
            old.deleteLater()
        actions = []
        for made in self._registry.of(context):
            action = CommandAction(made, target, widget)
            inside = context != ALWAYS
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetWithChildrenShortcut
                if inside
                else Qt.ShortcutContext.WindowShortcut
            )
            widget.addAction(action)
            actions.append(action)
        self._actions[context] = actions
        self.refresh()

    def enter(self, context: str) -> None:
        """The page on top is now this context's."""
        self._page = context
        self.refresh()

    def cover(self, covered: bool) -> None:
        """While an overlay or the lock covers the window only commands marked ``over`` answer."""
        self._covered = covered
        self.refresh()

    def refresh(self) -> None:
        """Asks every ``when`` again."""
        for context in self._actions:
            for action in self._alive(context):
                action.setEnabled(self._can(action))
        self.changed.emit()

    def permits(self, made: Command) -> bool:
        """Whether the person who sits here may do it at all."""
        return made.permission is None or self._permitted(made.permission)

    def _can(self, action: CommandAction) -> bool:
        made = action.command
        reached = made.over or not self._covered
        return reached and self.permits(made) and made.when(action.target)

    def here(self) -> tuple[CommandAction, ...]:
        """The actions of the page on top, then those that hold always."""
        return (*self._alive(self._page), *self._alive(ALWAYS))

    def _alive(self, context: str) -> tuple[CommandAction, ...]:
        """The actions of a context that still exist: those of a closed page went with it."""
        return tuple(action for action in self._actions.get(context, ()) if isValid(action))

    def action(self, id: str) -> CommandAction:
        """The bound action of a command."""
        made = self._registry[id]
        return next(a for a in self._alive(made.context) if a.command is made)

    def trigger(self, id: str) -> None:
        """Does a command by name, if it can be done now."""
        self.action(id).trigger()
