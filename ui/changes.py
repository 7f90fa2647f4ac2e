"""Tells open screens which kinds of things changed, and who did it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from ui import hands
from workstation.kernel.changed import Kind


class ChangesBus(QObject):
    """One per window. ``bus.tell({Kind.VISIT}, by=self)``; screens connect to ``changed``.

    A screen compares ``by`` with itself to skip the echo of its own change.
    """

    changed = Signal(object, object)
    """(frozenset[Kind], initiator or None)"""

    def tell(self, kinds: Iterable[Kind], by: object = None) -> None:
        """Says that things of these kinds changed. Nothing is said for no kinds."""
        told = frozenset(kinds)
        if told:
            with hands.behind():
                self.changed.emit(told, by)
