"""A line between a desk and its server that can be cut, stalled, half closed, slow or garbled."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from workstation.sync.gateway_address import is_gateway, read_address

Fault = Callable[["Line", bytes], bytes]
"""What becomes of some bytes on their way to the desk."""

_CHUNK = 4096


class Line:
    """One connection that passes through, as a fault sees it."""

    def __init__(self, desk: socket.socket, server: socket.socket, ended: threading.Event) -> None:
        self.desk = desk
        self.server = server
        self.ended = ended


class FaultProxy:
    """Listens on loopback and passes everything to the server, through the fault of the moment."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        if is_gateway(dsn):
            base = urlsplit(read_address(dsn).base)
            self._server = (str(base.hostname), int(base.port or 443))
        else:
            parts = conninfo_to_dict(dsn)
            self._server = (str(parts["host"]), int(str(parts["port"])))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._fault: Fault | None = None
        self.struck = threading.Event()
        """Set when the fault has really met some bytes."""
        self._lines: list[Line] = []
        self._threads = [threading.Thread(target=self._answer, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    @property
    def dsn(self) -> str:
        """What the desk keeps, by way of this line."""
        port = self._door.getsockname()[1]
        if is_gateway(self._dsn):
            return str(replace(read_address(self._dsn), base=f"https://127.0.0.1:{port}"))
        return make_conninfo(**conninfo_to_dict(self._dsn) | {"host": "127.0.0.1", "port": port})

    def ail(self, fault: Fault) -> None:
        """From now on, until :meth:`mend`."""
        self.struck.clear()
        self._fault = fault

    def mend(self) -> None:
        """The line is whole again; what was connected is cut."""
        self._fault = None
        self.cut()

    def cut(self) -> None:
        """Ends every connection that passes through."""
        for line in self._lines:
            _cut(line)

    def _answer(self) -> None:
        while not self._ended.is_set():
            try:
                desk, _ = self._door.accept()
            except OSError:
                return
            line = Line(desk, socket.create_connection(self._server), self._ended)
            self._lines.append(line)
            for way in ((desk, line.server, False), (line.server, desk, True)):
                thread = threading.Thread(target=self._carry, args=(line, *way), daemon=True)
                thread.start()
                self._threads.append(thread)

    def _carry(self, line: Line, source: socket.socket, sink: socket.socket, to_desk: bool) -> None:
        with contextlib.suppress(OSError):
            while some := source.recv(_CHUNK):
                if to_desk and self._fault is not None:
                    self.struck.set()
                    some = self._fault(line, some)
                sink.sendall(some)
        _cut(line)


def _cut(line: Line) -> None:
    for end in (line.desk, line.server):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def cut(line: Line, some: bytes) -> bytes:
    """The answer never arrives; the server's work may have been done."""
    _cut(line)
    return some


def stall(line: Line, some: bytes) -> bytes:
    """Nothing arrives, and nobody says so, until the line is mended."""
    while not line.ended.wait(0.05):
        if line.desk.fileno() < 0:
            break
    return some


def half_close(line: Line, some: bytes) -> bytes:
    """The desk is told that the server has no more to say, in the middle of an answer."""
    line.desk.sendall(some[: len(some) // 2])
    line.desk.shutdown(socket.SHUT_WR)
    return b""


def slow(line: Line, some: bytes) -> bytes:
    """A few bytes at a time."""
    for place in range(0, len(some), 64):
        line.desk.sendall(some[place : place + 64])
        line.ended.wait(0.001)
    return b""


def garble(line: Line, some: bytes) -> bytes:
    """Bits are flipped on the way, as no checksum would let them."""
    return bytes(each ^ 0x55 for each in some)
