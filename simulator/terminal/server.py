"""The HTTP face of the simulated processor: Stripe-shaped under ``/v1``, controls under ``/_sim``.

``/_sim/book`` (GET) is the bank's own book; ``/_sim/faults`` (POST a fault, DELETE all),
``/_sim/reader`` (POST ``{"id", …fields of Reader}``) and ``/_sim/tap`` (POST ``{"id"}``) steer it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.terminal.bank import Bank, Problem
from simulator.terminal.faults import Fault, Faults

_INTENT = r"/v1/payment_intents/(?P<id>\w+)"
_READER = r"/v1/terminal/readers/(?P<id>\w+)"
_ROUTES = [
    ("POST", "/v1/payment_intents", "create_intent"),
    ("GET", _INTENT, "get_intent"),
    ("POST", _INTENT + "/cancel", "cancel_intent"),
    ("GET", _READER, "get_reader"),
    ("POST", _READER + "/process_payment_intent", "process"),
    ("POST", _READER + "/cancel_action", "cancel_action"),
    ("POST", r"/v1/test_helpers/terminal/readers/(?P<id>\w+)/present_payment_method", "present"),
    ("POST", "/v1/refunds", "refund"),
    ("GET", "/v1/refunds", "list_refunds"),
    ("GET", r"/v1/refunds/(?P<id>\w+)", "get_refund"),
]


class TerminalServer(ThreadingHTTPServer):
    """A running simulator; ``bank`` and ``faults`` may be used directly in the same process."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.bank = Bank()
        self.faults = Faults()
        self.answers: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self.in_flight: set[str] = set()

    @property
    def url(self) -> str:
        """Where the simulator listens."""
        host, port = self.server_address[0], self.server_address[1]
        return f"http://{host!s}:{port}"

    def stop(self) -> None:
        """Ends the thread and frees the port."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that died in the middle of a request is part of the game."""


def serve(
    port: int = 0, host: str = "127.0.0.1", *, auto_tap_ms: int | None = None
) -> TerminalServer:
    """Starts a simulator in a thread of its own; port 0 takes a free one.

    With ``auto_tap_ms`` the patient taps by themselves that long after the reader asks, at the
    reader ``tmr_desk``; without it a tap comes only through ``/_sim/tap`` or the test helper.
    """
    server = TerminalServer((host, port))
    server.bank.reader("tmr_desk").auto_tap_ms = auto_tap_ms
    threading.Thread(
        target=server.serve_forever, args=(0.05,), name="terminal-simulator", daemon=True
    ).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    server: TerminalServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked stands in the book."""

    def do_GET(self) -> None:
        """Reads."""
        self._handle("GET")

    def do_POST(self) -> None:
        """Acts."""
        self._handle("POST")

    def do_DELETE(self) -> None:
        """Clears the faults."""
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length).decode()
        path = urlsplit(self.path).path
        if path.startswith("/_sim/"):
            self._send(*_control(self.server, method, path, raw))
            return
        for verb, pattern, operation in _ROUTES:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                self._operate(operation, match.groupdict().get("id", ""), raw)
                return
        self._send(404, Problem(404, "resource_missing").body())

    def _operate(self, operation: str, id_: str, raw: str) -> None:
        problem = self._door()
        if problem is not None:
            self._send(problem.status, problem.body())
            return
        fault = self.server.faults.next(operation)
        if fault and fault.kind == "drop_before":
            self._hang_up()
            return
        if fault and fault.kind == "slow":
            time.sleep(fault.ms / 1000)
        values = dict(parse_qsl(raw or urlsplit(self.path).query))
        status, body = self._once(operation, id_, values, raw, fault)
        if fault and fault.kind == "drop_after":
            self._hang_up()
        elif fault and fault.kind == "cut":
            self._send(status, body, cut=True)
        else:
            self._send(status, body)

    def _door(self) -> Problem | None:
        if not re.match(r"Bearer (rk|sk)_", self.headers.get("Authorization", "")):
            return Problem(401, "api_key_missing", "authentication_error")
        if not self.headers.get("Stripe-Version"):
            return Problem(400, "version_missing")
        return None

    def _once(
        self, operation: str, id_: str, values: dict[str, str], raw: str, fault: Fault | None
    ) -> tuple[int, dict[str, Any]]:
        """Carries it out; an Idempotency-Key replays the first answer, 500s included."""
        server, key = self.server, self.headers.get("Idempotency-Key")
        print_ = hashlib.sha256(f"{operation} {raw}".encode()).hexdigest()
        with server.bank.lock:
            if key in server.answers:
                known, status, body = server.answers[key]
                if known != print_:
                    clash = Problem(400, "idempotency_error", "idempotency_error")
                    return clash.status, clash.body()
                return status, body
            if key in server.in_flight:
                busy = Problem(409, "idempotency_key_in_use", "idempotency_error")
                return busy.status, busy.body()
            if key:
                server.in_flight.add(key)
        try:
            status, body = self._act(operation, id_, values, fault)
        finally:
            if key:
                server.in_flight.discard(key)
        if key and status != 400:
            server.answers[key] = (print_, status, body)
        return status, body

    def _act(
        self, operation: str, id_: str, values: dict[str, str], fault: Fault | None
    ) -> tuple[int, dict[str, Any]]:
        failure = Problem(500, "api_error", "api_error")
        if fault and fault.kind == "error_before":
            return failure.status, failure.body()
        bank = self.server.bank
        try:
            with bank.lock:
                bank.pass_time()
                body = json.loads(json.dumps(_OPERATIONS[operation](bank, id_, values)))
        except Problem as problem:
            return problem.status, problem.body()
        if fault and fault.kind == "error_after":
            return failure.status, failure.body()
        return 200, body

    def _send(self, status: int, body: dict[str, Any], *, cut: bool = False) -> None:
        data = json.dumps(body).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if cut else data)
            self.wfile.flush()
        if cut:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _get_intent(bank: Bank, id_: str, values: dict[str, str]) -> dict[str, Any]:
    intent = dict(bank.intent(id_))
    if values.get("expand[]") == "latest_charge" and intent["latest_charge"]:
        intent["latest_charge"] = bank.charges[intent["latest_charge"]]
    return intent


def _process(bank: Bank, id_: str, values: dict[str, str]) -> dict[str, Any]:
    intent = bank.intent(values.get("payment_intent", ""))
    return bank.process(bank.reader(id_), intent).as_json()


def _get_refund(bank: Bank, id_: str, _: dict[str, str]) -> dict[str, Any]:
    if id_ not in bank.refunds:
        raise Problem(404, "resource_missing")
    return bank.refunds[id_]


def _list_refunds(bank: Bank, _: str, values: dict[str, str]) -> dict[str, Any]:
    found = bank.refunds_of(values.get("payment_intent", ""))
    return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}


_OPERATIONS: dict[str, Callable[[Bank, str, dict[str, str]], dict[str, Any]]] = {
    "create_intent": lambda bank, _, values: bank.create_intent(values),
    "get_intent": _get_intent,
    "cancel_intent": lambda bank, id_, _: bank.cancel_intent(bank.intent(id_)),
    "get_reader": lambda bank, id_, _: bank.reader(id_).as_json(),
    "process": _process,
    "cancel_action": lambda bank, id_, _: bank.cancel_action(bank.reader(id_)).as_json(),
    "present": lambda bank, id_, _: bank.tap(bank.reader(id_)).as_json(),
    "refund": lambda bank, _, values: bank.refund(values),
    "list_refunds": _list_refunds,
    "get_refund": _get_refund,
}


def _control(
    server: TerminalServer, method: str, path: str, raw: str
) -> tuple[int, dict[str, Any]]:
    if path == "/_sim/book":
        return 200, server.bank.book()
    if path == "/_sim/faults" and method == "DELETE":
        server.faults.clear()
        return 200, {"ok": True}
    try:
        values = json.loads(raw or "{}")
        if path == "/_sim/faults":
            server.faults.add(values)
        elif path in ("/_sim/tap", "/_sim/reader"):
            _steer_reader(server.bank, path, values)
        else:
            return 404, {"ok": False}
    except (ValueError, TypeError, KeyError):
        return 400, {"ok": False}
    return 200, {"ok": True}


def _steer_reader(bank: Bank, path: str, values: dict[str, Any]) -> None:
    with bank.lock:
        reader = bank.reader(values.pop("id"))
        if path == "/_sim/tap":
            bank.tap(reader)
            return
        for name, value in values.items():
            if name not in ("online", "busy", "unplugged", "auto_tap_ms", "approve_ms"):
                raise ValueError(name)
            setattr(reader, name, value)
