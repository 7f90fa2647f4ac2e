"""The gateway's sockets: TLS that asks for a client certificate, and no patience for the slow."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""In which the head of a request must have come once its first byte, or the connection, has."""

KEEP_ALIVE_SECONDS = 75
"""Longer than a desk's poll, so that it need not shake hands again."""

_STOP_SECONDS = 15
"""For requests under way when the gateway is stopped."""


_TLS_RECORD = 16 * 1024
"""The most that comes at once over TLS (RFC 8446 section 5.1). asyncio holds a buffer of sixteen
such for each connection: 2.5 GB for ten thousand desks that only listen."""


def tls_context(certificate: Path, key: Path, clients: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer. ``clients`` are the authorities (PEM) that sign desks' certificates.

    Whoever brings a certificate must bring a good one; who brings none must have a token, which the
    application asks for. Raises OSError (which ``ssl.SSLError`` is) for files that do not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


class DeskProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 that tells the application the peer's certificate, and that does not wait
    for ever for the head of a request (slowloris)."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See :class:`asyncio.Protocol`."""
        super().connection_made(transport)
        # asyncio does it by itself for sockets that name their protocol, which ours does not: an
        # answer in two pieces would wait 40 ms for the desk's delayed acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = transport.get_extra_info("ssl_object")
        if peer is not None:
            self.app = _with_certificate(self.app, peer.getpeercert(binary_form=True))
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._await_head()
        else:
            self._head_came()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._head_came()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Hangs up on who asks nothing just now: a farewell of TLS would wait for their own."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()
        else:
            super().shutdown()

    def _await_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _head_came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _with_certificate(app: ASGIApp, certificate: bytes | None) -> ASGIApp:
    async def with_certificate(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {"tls": {"client_certificate": certificate}}
        await app(scope, receive, send)

    return with_certificate


class GatewayServer(uvicorn.Server):
    """Runs an application until a signal; ``stopping`` is told first, so that streams end."""

    def __init__(
        self, app: ASGIApp, context: ssl.SSLContext, *, clients: int, stopping: Callable[[], None]
    ) -> None:
        # Its own lines name peers and print what a fault says.
        logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
        logging.getLogger("uvicorn").propagate = False
        sslproto.SSLProtocol.max_size = _TLS_RECORD
        super().__init__(
            uvicorn.Config(
                app,
                http=DeskProtocol,
                ws="none",
                lifespan="on",
                loop="asyncio",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ssl_context_factory=lambda _config, _default: context,
                limit_concurrency=clients,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See :class:`uvicorn.Server`."""
        self._stopping()
        await super().shutdown(sockets)


def open_door(host: str, port: int) -> socket.socket:
    """Listens; port 0 takes a free one. Raises OSError where another has it."""
    every = host == "::" and socket.has_dualstack_ipv6()  # IPv4 too
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=every)
    door.setblocking(False)
    return door
