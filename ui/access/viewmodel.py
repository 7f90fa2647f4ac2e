"""Sign-in and lock without Qt: who is asked for, what is said, what happens next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ui.words import say
from workstation.kernel.errors import PorticoError

if TYPE_CHECKING:
    from workstation.access.model import Session


class SignsIn(Protocol):
    """What this page needs of workstation.access.use_cases.SignIn."""

    def sign_in(self, login: str, password: str) -> Session:
        """Raises PorticoError where it is refused."""
        ...


class AccessState(NamedTuple):
    """``mode``: sign_in, locked (the same person is asked for), take_over (anybody), or shut: the
    store does not open, and nobody can."""

    mode: str = "sign_in"
    held_by: str = ""
    """Name of the person whose work lies under the lock."""
    held_login: str = ""
    busy: bool = False
    message: str = ""
    level: str = ""

    @property
    def asks_login(self) -> bool:
        """Whether a name must be typed, or only the password."""
        return self.mode not in ("locked", "shut")


class AccessViewModel:
    """Three modes, one form."""

    def __init__(self) -> None:
        self.state = AccessState()
        self._listeners: list[Callable[[AccessState], None]] = []

    def listen(self, listener: Callable[[AccessState], None]) -> None:
        """Calls ``listener`` with each new state."""
        self._listeners.append(listener)

    def _become(self, state: AccessState) -> None:
        self.state = state
        for listener in self._listeners:
            listener(state)

    def ask_sign_in(self) -> None:
        """Nobody sits here."""
        self._become(AccessState())

    def lock(self, session: Session) -> None:
        """This person's work is covered; their password opens it."""
        self._become(AccessState("locked", session.name, session.login))

    def shut(self, error: PorticoError) -> None:
        """The store does not open; nobody is asked for anything any more."""
        words = f"{say(error.say)} {say(error.do)}".strip()
        self._become(AccessState("shut", message=words, level="stop"))

    def take_over(self) -> None:
        """Another person wants the desk."""
        if self.state.mode == "locked":
            self._become(self.state._replace(mode="take_over", message="", level=""))

    def back(self) -> None:
        """The one who locked it is here after all."""
        if self.state.mode == "take_over":
            self._become(self.state._replace(mode="locked", message="", level=""))

    def ready(self, login: str, password: str) -> bool:
        """Whether there is something to try; says what is missing where not."""
        missing = not password or (self.state.asks_login and not login.strip())
        if missing:
            words = say("Type your name and password.")
            if self.state.mode == "locked":
                words = say("Type your password.")
            self._become(self.state._replace(message=words, level="warn"))
            return False
        self._become(self.state._replace(busy=True, message="", level=""))
        return True

    def refused(self, error: Exception) -> None:
        """It was refused, or could not be tried; nothing under the lock is lost."""
        if self.state.mode == "shut":
            return
        words = say("Signing in is not possible just now. Nothing was lost; try once more.")
        if isinstance(error, PorticoError):
            words = f"{say(error.say)} {say(error.do)}".strip()
        self._become(self.state._replace(busy=False, message=words, level="stop"))

    def admitted(self, session: Session) -> bool:
        """True where it is the same person who locked: their work comes back as it was."""
        same = bool(self.state.held_login) and session.login == self.state.held_login
        self._become(AccessState())
        return same
