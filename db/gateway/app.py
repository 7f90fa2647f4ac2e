"""The gateway as an ASGI application: proof, turn, question, answer."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from db.gateway.cells import Cells, Moved
from db.gateway.desks import Desk, Desks
from db.gateway.hints import Hints
from db.gateway.proofs import Proofs
from db.gateway.questions import QUESTIONS, Question
from db.gateway.turns import Busy, Turns
from db.sync.postgres_transport import OUT_OF_TURN
from workstation.kernel.errors import NotUnderstood, OutsideSilent, PorticoError
from workstation.kernel.log import frames_of, logger
from workstation.kernel.phrases import sentences
from workstation.sync.gateway_wire import (
    LARGEST_BODY,
    PACKED_FROM,
    VERSION,
    Message,
    not_understood,
    text,
    too_large,
)
from workstation.sync.transport import Identity

BODY_SECONDS = 60.0
"""In which a whole request must have come."""

_TRIES = 4
"""Of a transaction that PostgreSQL undoes for the sake of another."""

_T = TypeVar("_T")

_STATUS = {"desk_not_accepted": 403, "request_too_large": 413}


class Gateway:
    """Answers desks. ``waiting`` is how many requests may be under way or wait for a connection.

    ``cells`` tells whose desks they are where there is more than one cell.
    """

    def __init__(
        self,
        desks: Desks,
        proofs: Proofs,
        *,
        connections: int,
        waiting: int,
        cells: Cells | None = None,
    ) -> None:
        self._desks = desks
        self._cells = cells
        self._proofs = proofs
        self._connections = connections
        self._turns = Turns(connections + waiting)
        self.hints = Hints(self._heads)

    def app(self) -> Starlette:
        """The application; its lifespan is the gateway's."""
        asks = [
            Route(
                f"/{VERSION}/{name}",
                partial(self._guarded, partial(self._ask, question)),
                methods=["POST"],
            )
            for name, question in QUESTIONS.items()
        ]
        hints = Route(f"/{VERSION}/hints", partial(self._guarded, self._hint), methods=["POST"])
        health = Route("/health", self._health)
        return Starlette(routes=[*asks, hints, health], lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._limiter = CapacityLimiter(self._connections)
        looking = asyncio.create_task(self.hints.run())
        try:
            yield
        finally:
            self.hints.end()
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            self._desks.close()

    async def _heads(self, facilities: Any) -> Mapping[str, tuple[int, int]]:
        return await to_thread.run_sync(self._desks.heads, facilities)

    async def _guarded(self, ask: Callable[[Request, str], Any], request: Request) -> Response:
        """Whatever goes wrong becomes an answer; nothing of the request reaches a log."""
        begun = time.monotonic()
        try:
            proof = await self._proof_of(request)
            with self._turns.of(proof):
                response: Response = await ask(request, proof)
                return response
        except Busy as busy:
            answer = _busy(busy)
        except Moved as moved:
            # RFC 9110 section 15.4.8: the same question, there.
            answer = Response(status_code=307, headers={"location": moved.gateway})
        except PorticoError as error:
            answer = _refusal(error)
            _log(request, answer, begun, code=error.code)
        except ClientDisconnect:
            answer = Response(status_code=400)
        except Exception as fault:  # noqa: BLE001  # its text may hold a patient's data
            answer = Response(status_code=500)
            kind = type(fault).__name__
            _log(request, answer, begun, error_type=kind, frames=frames_of(fault))
        return answer

    async def _proof_of(self, request: Request) -> str:
        certificate = certificate_of(request.scope)
        token = request.headers.get("authorization")
        if certificate is not None:
            return self._proofs.of(certificate, token)
        return await to_thread.run_sync(self._proofs.of, None, token)  # may fetch keys

    async def _ask(self, question: Question, request: Request, proof: str) -> Response:
        body = await _body_of(request)
        packs = "gzip" in request.headers.get("accept-encoding", "")
        packed = request.headers.get("content-encoding") == "gzip"

        def answered() -> Response:
            desk, message = self._desk_of(proof, body, packed)
            answer = _tried(lambda: question(desk, message.told, message.raw)).to_bytes()
            return _answer(answer, packs)

        return await to_thread.run_sync(answered, limiter=self._limiter)

    async def _hint(self, request: Request, proof: str) -> Response:
        body = await _body_of(request)

        def facility() -> str:
            desk, message = self._desk_of(proof, body, packed=False)
            _tried(desk.commands.head)  # refuses who may not hear of this facility
            return str(message.told["facility"])

        place = await to_thread.run_sync(facility, limiter=self._limiter)
        return StreamingResponse(self._told(place), media_type="text/event-stream")

    async def _told(self, facility: str) -> AsyncIterator[bytes]:
        """Hints until the gateway ends, or the facility moves to another cell."""
        async for grown in self.hints.heard(facility):
            try:
                self._check_cell(facility)
            except Moved:
                return
            yield b"data: grown\n\n" if grown else b":\n\n"

    def _check_cell(self, facility: str) -> None:
        if self._cells is not None:
            self._cells.check(facility)

    def _desk_of(self, proof: str, body: bytes, packed: bool) -> tuple[Desk, Message]:
        try:
            message = Message.from_bytes(_unpacked(body) if packed else body)
        except (ValueError, RecursionError):
            raise not_understood() from None
        told = message.told
        if not isinstance(told, dict):
            raise not_understood()
        who = Identity(
            text(told.get("ws_id", ""), 36),
            text(told.get("facility"), 36),
            text(told.get("receipt_code", ""), 3),
        )
        self._check_cell(who.facility)
        return self._desks.of(proof, who), message

    async def _health(self, request: Request) -> Response:
        """For load balancers and IT: whether the shared database answers. Needs no proof."""
        well = self.hints.answered
        return JSONResponse({"ok": well}, 200 if well else 503)


def certificate_of(scope: Scope) -> bytes | None:
    """The client certificate (DER) that TLS verified; ``db/gateway/server.py`` puts it there."""
    found: bytes | None = scope.get("extensions", {}).get("tls", {}).get("client_certificate")
    return found


def _tried(ask: Callable[[], _T]) -> _T:
    for left in reversed(range(_TRIES)):
        try:
            return ask()
        except OutsideSilent as silent:
            if silent.code != OUT_OF_TURN or not left:
                raise
    raise AssertionError("the last try answers or raises")


async def _body_of(request: Request) -> bytes:
    """Raises NotUnderstood for what is too large, or takes too long."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for some in request.stream():
                body += some
                if len(body) > LARGEST_BODY:
                    raise too_large()
    except TimeoutError:
        raise not_understood() from None
    return bytes(body)


def _unpacked(body: bytes) -> bytes:
    """A packed body; raises NotUnderstood for a bomb, ValueError for what is none."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST_BODY)
    except zlib.error:
        raise not_understood() from None
    if unpacker.unconsumed_tail:
        raise too_large()
    if not unpacker.eof:
        raise not_understood()
    return plain


def _answer(body: bytes, packs: bool) -> Response:
    headers = {"cache-control": "no-store"}
    if packs and len(body) >= PACKED_FROM:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, headers=headers, media_type="application/json")


def _refusal(error: PorticoError) -> Response:
    if isinstance(error, OutsideSilent):
        return _said(error, 503)
    return _said(error, _STATUS.get(error.code, 400 if isinstance(error, NotUnderstood) else 409))


def _said(error: PorticoError, status: int) -> Response:
    told = {"code": error.code, "say": [*sentences(error.say)], "do": error.do}
    return JSONResponse({"error": told}, status)


def _busy(busy: Busy) -> Response:
    return Response(status_code=busy.status, headers={"retry-after": str(busy.seconds)})


def _log(request: Request, answer: Response, begun: float, **more: object) -> None:
    ms = round((time.monotonic() - begun) * 1000)
    command = request.url.path.removeprefix(f"/{VERSION}/")
    logger().warning("desk_refused", command=command, outcome=answer.status_code, ms=ms, **more)
