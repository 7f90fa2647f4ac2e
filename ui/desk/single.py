"""One window per home: a second ``portico`` raises the first one and ends (desktop.md section 8).

The lock is taken before the first paint; the socket, whose import is not free, only after it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_PATIENCE_MS = 2_000


class SingleWindow(QObject):
    """Who holds the window of one home folder. No word of a patient crosses the socket."""

    raiseWanted = Signal()
    """Another ``portico`` was started on this home."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        # In the runtime folder, which is memory on most systems: the lock is written and synced
        # before the first paint.
        self._lock = QLockFile(str(_runtime_folder() / f"{_name(home)}.lock"))
        # Only the end of the other process makes its lock stale, however long it has been held.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Whether this process is the first, and now holds the home's window.

        True also where the lock cannot be written at all: the store then says why.
        """
        if self._lock.tryLock(0):
            return True
        return self._lock.error() != QLockFile.LockError.LockFailedError

    def listen(self) -> None:
        """Waits for others from now on; only their user may connect."""
        from PySide6.QtNetwork import QLocalServer

        name = _socket_name(self._home)
        QLocalServer.removeServer(name)  # left by a process that was killed
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._called)
        server.listen(name)
        self._server = server

    def call_first(self) -> bool:
        """Asks the first window to come forward; False where it does not answer."""
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(_socket_name(self._home))
        # Connecting says it all: nothing is written.
        heard = socket.waitForConnected(_PATIENCE_MS)
        socket.disconnectFromServer()
        return heard

    def release(self) -> None:
        """Lets the next one be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    @Slot()
    def _called(self) -> None:
        if self._server is None:
            return
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.raiseWanted.emit()


def _socket_name(home: Path) -> str:
    name = _name(home)
    return name if os.name == "nt" else str(_runtime_folder() / name)


def _name(home: Path) -> str:
    """A name of this user and this home; short, because paths of sockets have to be."""
    user = os.environ.get("USERNAME", "") if os.name == "nt" else str(os.getuid())
    return f"portico-{user}-{crc32(str(home.resolve()).encode()):08x}"


def _runtime_folder() -> Path:
    """Where this user's sockets and locks live."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime)
    import tempfile

    return Path(tempfile.gettempdir())
