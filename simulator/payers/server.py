"""The clearinghouse on loopback: HTTP in, scripts asked, faults of the transport played."""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from simulator.core.envelopes import FAULT, Request, read_request, write_reply
from simulator.payers.question import read_question
from simulator.payers.scripts import answer

_PAGE = b"<!DOCTYPE html><html><head><title>Service</title></head><body>Sorry.</body></html>"
_ACKNOWLEDGEMENT = (
    "ISA*00*          *00*          *ZZ*SIM            *ZZ*DESK           *261120*1201*^*00501"
    "*000000009*0*T*:~GS*FA*SIM*DESK*20261120*1201*9*X*005010X231A1~ST*999*0001*005010X231A1~"
    "AK1*HS*1*005010X279A1~AK9*R*1*1*0~SE*4*0001~GE*1*9~IEA*1*000000009~"
)


@dataclass
class Reply:
    """What goes back over HTTP."""

    body: bytes
    content_type: str
    status: int = 200


RESET = Reply(b"", "")
"""In place of a reply: the connection is reset."""


@dataclass
class PayerServer:
    """Starts at once on ``port`` (0: any free one) of 127.0.0.1; ``close`` stops it."""

    port: int = 0
    slow_seconds: float = 20.0
    questions: list[str] = field(default_factory=list)
    """Every 270 received, for tests."""

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                body = self.rfile.read(size)
                reply = outer.reply(self.headers.get("Content-Type", ""), body)
                if reply is None:
                    self.close_connection = True
                    return
                if reply is RESET:
                    self._reset()
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def _reset(self) -> None:
                """The connection breaks: an RST in place of an answer."""
                at_once = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                self.connection.close()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Silent: what is asked is nobody's to read."""

        self._server = _Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where to send questions."""
        return f"http://127.0.0.1:{self.port}/core"

    def close(self) -> None:
        """Stops answering and frees the port; those who wait get nothing."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, content_type: str, body: bytes) -> Reply | None:
        """What to send back; None: nothing, the connection just ends."""
        request = read_request(content_type, body)
        if request is None:
            return Reply(_PAGE, "text/html", 400)
        if request.missing:
            return self._envelope(request, "", "Sender", "missing " + ", ".join(request.missing))
        question = read_question(request.payload)
        self.questions.append(request.payload)
        if question.errors:
            return self._envelope(
                request, "", "PayloadTypeIllegal", "bad 270: " + ", ".join(question.errors)
            )
        member = question.subscriber.member_id.upper()
        fault = _transport_fault(member)
        if fault is not None:
            return fault
        if member.startswith("MUTE"):
            self._closing.wait(600)
            return None
        if member.startswith("SLOW"):
            self._closing.wait(self.slow_seconds)
        if member.startswith("ERR"):
            return self._envelope(request, "", "UnderMaintenance", "simulated")
        if member.startswith("ACK"):
            return self._envelope(request, _ACKNOWLEDGEMENT)
        payload = answer(question)
        if member.startswith("TRUNC"):
            payload = payload[: len(payload) * 3 // 5]
        return self._envelope(request, payload)

    def _envelope(
        self, request: Request, payload: str, code: str = "Success", message: str = ""
    ) -> Reply:
        body, content_type = write_reply(request, payload, code, message)
        return Reply(body, content_type)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Silent members would keep their threads; nobody waits for those at the end.
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is part of the play."""


def _transport_fault(member: str) -> Reply | None:
    if member.startswith("HTML"):
        return Reply(_PAGE, "text/html")
    if member.startswith("DOWN"):
        return Reply(_PAGE, "text/html", 503)
    if member.startswith("RESET"):
        return RESET
    if member.startswith("FAULT"):
        return Reply(FAULT, "application/soap+xml; charset=UTF-8", 500)
    return None
