"""A real gateway on loopback, in a thread or in a process of its own, and desks enrolled at it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from db.gateway.app import Gateway
from db.gateway.cells import Cells
from db.gateway.certificates import (
    AUTHORITY,
    SERVER,
    SERVER_KEY,
    issue_to_desk,
    issue_to_gateway,
    make_authority,
)
from db.gateway.desks import Desks
from db.gateway.proofs import Proofs, Tokens, of_certificate
from db.gateway.server import GatewayServer, open_door, tls_context
from db.shared.admin import enrol_behind_gateway, prepare_gateway
from workstation.kernel.clock import utc_now
from workstation.sync.gateway_address import GatewayAddress, OwnCertificate

HOST = "127.0.0.1"


class Certificates:
    """An authority, and the gateway's certificate for loopback; made once for many gateways."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = make_authority(folder, utc_now())
        issue_to_gateway(self.authority, HOST, folder, utc_now())

    def enrol(self, admin_dsn: str, base: str, desk: str, facility: str, **more: Any) -> str:
        """What the desk keeps."""
        made: list[OwnCertificate] = []

        def prove(login: str) -> str:
            issued = issue_to_desk(self.authority, login, utc_now())
            made.append(OwnCertificate(issued.certificate, issued.key))
            return of_certificate(issued.certificate)

        enrol_behind_gateway(admin_dsn, desk, facility, prove, **more)
        return str(GatewayAddress(base, made[0], self.authority.der))


class RunningGateway:
    """In a thread of this process."""

    def __init__(
        self,
        admin_dsn: str,
        certificates: Certificates,
        *,
        connections: int = 4,
        waiting: int = 64,
        clients: int = 1000,
        tokens: Tokens | None = None,
        dsn: str | None = None,
        cells: Cells | None = None,
        door: socket.socket | None = None,
    ) -> None:
        self.admin_dsn = admin_dsn
        self.certificates = certificates
        desks = Desks(dsn or prepare_gateway(admin_dsn), connections)
        self.gateway = Gateway(
            desks, Proofs(tokens), connections=connections, waiting=waiting, cells=cells
        )
        self._door = door or open_door(HOST, 0)
        folder = certificates.folder
        context = tls_context(folder / SERVER, folder / SERVER_KEY, folder / AUTHORITY)
        self._server = GatewayServer(
            self.gateway.app(), context, clients=clients, stopping=self.gateway.hints.end
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._door]}, name="portico-gateway"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def base(self) -> str:
        return f"https://{HOST}:{self._door.getsockname()[1]}"

    def enrol(self, desk: str, facility: str, **more: Any) -> str:
        """What the desk keeps."""
        return self.certificates.enrol(self.admin_dsn, self.base, desk, facility, **more)


class GatewayProcess:
    """``portico-gateway`` itself, which can be killed and started again on the same port."""

    def __init__(self, dsn: str, certificates: Certificates, log: Path | None = None) -> None:
        """``log`` is for one that runs long: a pipe that nobody reads fills up and stops it."""
        self._log = log
        self.certificates = certificates
        folder = certificates.folder
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        self._environment = os.environ | {"PORTICO_GATEWAY_DSN": dsn}
        self._words = [
            *("--host", HOST, "--port", str(self.port), "--client-ca", str(folder / AUTHORITY)),
            *("--certificate", str(folder / SERVER), "--key", str(folder / SERVER_KEY)),
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, dies: str | None = None) -> None:
        """Returns when it listens. ``dies`` names a step and whether before or after it."""
        program = [sys.executable, "-m", "db.gateway.entry"]
        if dies is not None:
            program = [sys.executable, str(Path(__file__).with_name("gateway_that_dies.py"))]
        with contextlib.ExitStack() as open_:
            said = open_.enter_context(self._log.open("ab")) if self._log else subprocess.PIPE
            self.process = subprocess.Popen(
                [*program, *self._words],
                env=self._environment | {"PORTICO_DIES": dies or ""},
                stdout=subprocess.PIPE,
                stderr=said,
            )
        assert self.process.stdout is not None
        assert json.loads(self.process.stdout.readline()) == {"port": self.port}

    def end(self, number: int | None = None) -> tuple[int, str]:
        """Sends a signal, or waits for its own end; answers the exit code and what was logged."""
        assert self.process is not None
        if number is not None:
            self.process.send_signal(number)
        _, told = self.process.communicate(timeout=60)
        code, self.process = self.process.returncode, None
        return code, told.decode() if told else ""

    def kill(self) -> None:
        """At the end of a test that went wrong."""
        if self.process is not None:
            self.end(signal.SIGKILL)

    @property
    def base(self) -> str:
        return f"https://{HOST}:{self.port}"
