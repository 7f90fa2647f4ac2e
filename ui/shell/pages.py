"""What a page may have beside being a widget: the window asks for each by its shape."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget


@runtime_checkable
class Entered(Protocol):
    """A page that wants to know when it is on top."""

    def entered(self) -> None: ...


@runtime_checkable
class Left(Protocol):
    """A page that wants to know when it no longer is."""

    def left(self) -> None: ...


@runtime_checkable
class Panes(Protocol):
    """A page that names its panes, for F6."""

    def panes(self) -> list[QWidget]: ...
