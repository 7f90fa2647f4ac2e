"""Sign-in before the store is open: what is typed waits for it, on a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from workstation.kernel.errors import PorticoError

if TYPE_CHECKING:
    from ui.access.guard import Access
    from workstation.access.model import Session

PATIENCE_S = 60.0
"""How long a sign-in waits for the store, seconds."""


class LateAccess:
    """Stands for the accounts until they are there, so that the window takes typing at once."""

    def __init__(self) -> None:
        self._settled = threading.Event()
        self._access: Access | None = None
        self._error: PorticoError | None = None

    def came(self, access: Access) -> None:
        """The store is open: from now on every call goes there."""
        self._access = access
        self._settled.set()

    def failed(self, error: PorticoError) -> None:
        """The store will not open; who waits is told why."""
        self._error = error
        self._settled.set()

    def sign_in(self, login: str, password: str) -> Session:
        """Waits for the accounts, then as theirs. Raises what kept the store from opening."""
        return self._wait().sign_in(login, password)

    def lock(self, session: Session, *, idle: bool) -> None:
        """As theirs."""
        self._wait().lock(session, idle=idle)

    def _wait(self) -> Access:
        self._settled.wait(PATIENCE_S)
        if self._access is not None:
            return self._access
        raise self._error or PorticoError(
            "store_slow",
            "The store of this workstation is not open yet. Nothing is lost.",
            "Sign in again in a moment.",
            retryable=True,
        )
