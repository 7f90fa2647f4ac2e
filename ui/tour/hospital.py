"""What the tour needs of the hospital around its two desks; made outside the window's layer."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from workstation.at_the_desk import OpenDesk


class ClosingDesk(OpenDesk, Protocol):
    """A desk that the tour closes with its window."""

    def close(self) -> None: ...


class Tray(Protocol):
    """The printer's tray: papers in the order in which they came, as PDF."""

    @property
    def tray(self) -> list[bytes]: ...


class SharedHospital(Protocol):
    """Two enrolled desks of one hospital with a shared database, payers and a card terminal."""

    @property
    def desks(self) -> tuple[ClosingDesk, ClosingDesk]: ...

    @property
    def printer(self) -> Tray: ...

    @property
    def tap_ms(self) -> int:
        """How long the simulated patient takes to tap a card."""
        ...

    def cut(self) -> None:
        """The shared database dies."""

    def mend(self) -> None:
        """It is back."""

    @property
    def card(self) -> Path:
        """A picture of the front of the returning patient's card."""
        ...

    @property
    def licence(self) -> Path:
        """A picture of the back of their licence."""
        ...

    def local(self) -> dict[str, int]:
        """New rows in the first desk's store, by SQL."""
        ...

    def postgresql(self) -> dict[str, int]:
        """New rows in the shared database, by SQL."""
        ...
