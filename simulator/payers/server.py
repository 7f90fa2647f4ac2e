"""The clearinghouse on loopback: CORE, raw X12 or forms in, scripts asked, faults played."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from simulator.core.envelopes import FAULT, Request, read_request, write_reply
from simulator.payers.question import Question, read_question
from simulator.payers.raw_x12 import RAW, TOKENS, Tokens, question_in, written
from simulator.payers.scripts import answer
from simulator.payers.waystar import ACCEPTED, GATEWAY, REFUSED, form_in, missing

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
        self.tokens = Tokens()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                body = self.rfile.read(size)
                reply = outer.reply(self.path, dict(self.headers), body)
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
        """Where to send questions in CORE envelopes."""
        return f"http://127.0.0.1:{self.port}/core"

    @property
    def raw_url(self) -> str:
        """Where to send raw X12 in JSON, with the key ``demo`` or a token."""
        return f"http://127.0.0.1:{self.port}{RAW}"

    @property
    def waystar_url(self) -> str:
        """Where to send raw X12 in a form, with the password ``demo``."""
        return f"http://127.0.0.1:{self.port}{GATEWAY}"

    @property
    def token_url(self) -> str:
        """Where tokens are given out for the secret ``demo``."""
        return f"http://127.0.0.1:{self.port}{TOKENS}"

    def close(self) -> None:
        """Stops answering and frees the port; those who wait get nothing."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """What to send back; None: nothing, the connection just ends."""
        if path == TOKENS:
            return _json(*self.tokens.given(body))
        if path == GATEWAY:
            return self._waystar(form_in(body))
        if path == RAW:
            return self._raw(headers.get("Authorization", ""), body)
        return self._core(headers.get("Content-Type", ""), body)

    def _core(self, content_type: str, body: bytes) -> Reply | None:
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
        if question.subscriber.member_id.upper().startswith("FAULT"):
            return Reply(FAULT, "application/soap+xml; charset=UTF-8", 500)
        if question.subscriber.member_id.upper().startswith("ERR"):
            return self._envelope(request, "", "UnderMaintenance", "simulated")
        played = self._played(question)
        return self._envelope(request, played) if isinstance(played, str) else played

    def _raw(self, authorization: str, body: bytes) -> Reply | None:
        if not self.tokens.good(authorization):
            return _json(401, {"message": "Unauthorized"})
        payload = question_in(body)
        question = read_question(payload)
        self.questions.append(payload)
        member = question.subscriber.member_id.upper()
        if question.errors or member.startswith("ERR"):
            return _json(400, {"errors": [{"code": "BAD_REQUEST", "description": member}]})
        if member.startswith("EXPIRE") and self.tokens.expired_once():
            return _json(401, {"message": "Unauthorized"})
        played = self._played(question)
        return _json(200, written(played)) if isinstance(played, str) else played

    def _waystar(self, form: Mapping[str, str]) -> Reply | None:
        if form.get("Password") != ACCEPTED:
            return Reply(REFUSED, "text/html")
        question = read_question(form.get("Data", ""))
        self.questions.append(form.get("Data", ""))
        if missing(form) or question.errors or question.subscriber.member_id.startswith("ERR"):
            return Reply(_PAGE, "text/html", 400)
        played = self._played(question)
        return Reply(played.encode(), "text/plain") if isinstance(played, str) else played

    def _played(self, question: Question) -> str | Reply | None:
        """The payer's X12, or what stands in its place; None: the connection ends."""
        member = question.subscriber.member_id.upper()
        if member.startswith("HTML"):
            return Reply(_PAGE, "text/html")
        if member.startswith("DOWN"):
            return Reply(_PAGE, "text/html", 503)
        if member.startswith("RESET"):
            return RESET
        if member.startswith("MUTE"):
            self._closing.wait(600)
            return None
        if member.startswith("SLOW"):
            self._closing.wait(self.slow_seconds)
        if member.startswith("ACK"):
            return _ACKNOWLEDGEMENT
        payload = answer(question)
        return payload[: len(payload) * 3 // 5] if member.startswith("TRUNC") else payload

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


def _json(status: int, told: Mapping[str, object]) -> Reply:
    return Reply(json.dumps(told).encode(), "application/json", status)
