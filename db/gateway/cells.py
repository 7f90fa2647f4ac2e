"""Which desks are this gateway's, and where the others belong: the directory as it stands now."""

from __future__ import annotations

import threading
from pathlib import Path

from workstation.kernel.errors import NotUnderstood, PorticoError
from workstation.kernel.log import logger
from workstation.sync.directory import Directory, read_directory


class Moved(Exception):
    """The desk's facility belongs to another cell; ``gateway`` is that cell's."""

    def __init__(self, gateway: str) -> None:
        super().__init__(gateway)
        self.gateway = gateway


class Cells:
    """Reads the directory again whenever its file has changed, without a restart.

    A file that cannot be read (one that is being written, say) changes nothing: the directory of
    before stays in force, and the log tells. Raises NotUnderstood where there never was a good one.
    """

    def __init__(self, file: Path, here: str) -> None:
        self._file = file
        self._here = here
        self._seen = _mark(file)
        self._directory = _read(file)
        self._lock = threading.Lock()
        if here not in self._directory.cells:
            raise NotUnderstood(
                "cell_unknown",
                "The directory does not name the cell that this gateway should serve.",
                "Give --cell one of the names in the directory.",
            )

    def check(self, facility: str) -> None:
        """Raises Moved for a facility (by id) of another cell."""
        gateway = self._current().elsewhere(facility, self._here)
        if gateway is not None:
            raise Moved(gateway)

    def _current(self) -> Directory:
        mark = _mark(self._file)
        with self._lock:
            if mark != self._seen:
                self._seen = mark
                try:
                    self._directory = _read(self._file)
                    logger().info("directory_read")
                except PorticoError as fault:
                    logger().warning("directory_kept", code=fault.code)
            return self._directory


def _mark(file: Path) -> tuple[int, int, int] | None:
    """What changes with a file; None where there is none just now."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size


def _read(file: Path) -> Directory:
    try:
        return read_directory(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return read_directory("")
