"""A desk's HTTPS line to the gateway: TLS and proof, a question at a time, faults as sentences."""

from __future__ import annotations

import gzip
import os
import secrets
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from workstation.kernel.errors import NotUnderstood, PorticoError, Refused
from workstation.kernel.phrases import paragraph
from workstation.sync.gateway_address import GatewayAddress, OwnCertificate, OwnClient, base_of
from workstation.sync.gateway_wire import (
    CERTIFICATE_REFUSED,
    PACKED_FROM,
    VERSION,
    Message,
    provider_silent,
)
from workstation.sync.transport import desk_not_accepted, server_silent

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 60.0
_TOKEN_LEFT_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 60.0

_Answer = TypeVar("_Answer")
_REFUSALS = range(400, 500)


class GatewayLine:
    """Asks the gateway as one desk. Safe to use from several threads; connects when asked.

    A gateway of another cell than the desk's names the right one, which is asked from then on, and
    proves itself like the first. When that fails, the one of the address is asked again.

    Raises OutsideSilent where the gateway or the database behind it does not answer, and Refused
    where one of them does not accept the desk, or cannot prove itself to the desk.
    """

    def __init__(self, address: GatewayAddress) -> None:
        self._address = address
        self._base = address.base
        self._opened: WeakSet[ssl.SSLSocket] = WeakSet()
        self._aborted = 0
        self._not_before = 0.0
        self._client: httpx.Client | None = None
        self._making = threading.Lock()
        self._token: tuple[str, float] | None = None

    def ask(
        self,
        question: str,
        told: Mapping[str, Any],
        read: Callable[[Message], _Answer],
        raw: bytes = b"",
    ) -> _Answer:
        """What ``read`` makes of the answer; see :mod:`workstation.sync.gateway_wire`."""
        body = Message(told, raw).to_bytes()
        headers = {}
        if len(body) >= PACKED_FROM and not raw:  # pictures are packed already
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["content-encoding"] = "gzip"
        with self._asking():
            response = self._sent(question, body, headers)
            if self._led_elsewhere(response):
                response = self._sent(question, body, headers)
            self._judge(response)
            try:
                return read(Message.from_bytes(response.content))
            except (ValueError, TypeError, LookupError, AttributeError):
                raise _differs() from None

    def look(self) -> None:
        """Raises where the gateway, or the database behind it, does not answer."""
        with _faults():
            self._judge(self._connected().get(f"{self._base}/health"))

    @contextmanager
    def stream(self, question: str, told: Mapping[str, Any], patience: float) -> Iterator[Any]:
        """The lines of an answer that has no end; a silence longer than ``patience`` ends it."""
        with self._asking():
            response = self._begun(question, told, patience)
            if self._led_elsewhere(response):
                response.close()
                response = self._begun(question, told, patience)
            try:
                if response.status_code != httpx.codes.OK:
                    response.read()
                self._judge(response)
                yield response.iter_lines()
            finally:
                response.close()

    def abort(self) -> None:
        """Ends what is under way in other threads; see ``Transport.abort``."""
        self._aborted += 1
        for line in list(self._opened):
            with suppress(OSError):
                # Not SSLSocket's own, which takes the TLS away under the reader.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes every connection; the next question connects afresh."""
        with self._making:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            with _faults():
                yield
        except PorticoError:
            self._base = self._address.base
            raise

    def _led_elsewhere(self, response: httpx.Response) -> bool:
        """Whether another gateway is this desk's; it is asked from now on."""
        if response.status_code != httpx.codes.TEMPORARY_REDIRECT:
            return False
        try:
            self._base = base_of(response.headers.get("location", ""))
        except NotUnderstood:
            raise _differs() from None
        return True

    def _begun(self, question: str, told: Mapping[str, Any], patience: float) -> httpx.Response:
        self._pause()
        request = self._connected().build_request(
            "POST", self._url(question), content=Message(told).to_bytes(), headers=self._proof()
        )
        request.extensions["timeout"]["read"] = patience
        return self._connected().send(request, stream=True)

    def _sent(self, question: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Asks again where the line broke: a kept connection may have been closed just now, and
        every question may be asked twice."""
        self._pause()
        before = self._aborted
        headers = headers | self._proof()
        for left in (2, 1, 0):
            try:
                return self._connected().post(self._url(question), content=body, headers=headers)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if self._aborted != before or (left == 1 and not self._answers_others()):
                    raise
        raise desk_not_accepted(CERTIFICATE_REFUSED)

    def _answers_others(self) -> bool:
        """Whether the gateway answers who shows no certificate.

        asyncio's TLS hangs up on a certificate that it does not accept, without a word of why.
        """
        if not isinstance(self._address.proof, OwnCertificate):
            return False
        try:
            with httpx.Client(verify=self._tls(show=False), trust_env=False) as nobody:
                nobody.get(f"{self._base}/health", timeout=_CONNECT_SECONDS)
        except httpx.HTTPError:
            return False
        return True

    def _url(self, question: str) -> str:
        return f"{self._base}/{VERSION}/{question}"

    def _pause(self) -> None:
        if time.monotonic() < self._not_before:
            raise server_silent()

    def _judge(self, response: httpx.Response) -> None:
        """Raises for an answer that is none. What the gateway asked to wait is waited."""
        if response.is_success:
            return
        with suppress(ValueError):
            asked = float(response.headers.get("retry-after", "0"))
            self._not_before = time.monotonic() + min(asked, _LONGEST_PAUSE_SECONDS)
        if response.status_code == httpx.codes.FORBIDDEN:
            self._token = None  # another may be accepted
        if response.status_code in _REFUSALS and response.status_code != 429:
            raise _refused(response)
        raise server_silent()

    def _proof(self) -> dict[str, str]:
        own = self._address.proof
        if isinstance(own, OwnCertificate):
            return {}  # it stands in the TLS
        if self._token is None or time.monotonic() > self._token[1]:
            self._token = self._new_token(own)
        return {"authorization": f"Bearer {self._token[0]}"}

    def _new_token(self, own: OwnClient) -> tuple[str, float]:
        """RFC 6749 section 4.4, the client's secret as its password (section 2.3.1)."""
        form = {"grant_type": "client_credentials", "scope": own.scope, "audience": own.audience}
        asked = self._connected().post(
            own.token_url,
            data={name: value for name, value in form.items() if value},
            auth=httpx.BasicAuth(own.client_id, own.client_secret),
        )
        if asked.status_code in _REFUSALS:
            raise desk_not_accepted("The hospital's sign-in service did not accept this desk.")
        try:
            told = asked.raise_for_status().json()
            left = float(told.get("expires_in", 0)) - _TOKEN_LEFT_SECONDS
            return str(told["access_token"]), time.monotonic() + max(left, 0.0)
        except (httpx.HTTPStatusError, ValueError, KeyError, AttributeError):
            raise provider_silent() from None

    def _connected(self) -> httpx.Client:
        with self._making:
            if self._client is None:
                self._client = httpx.Client(
                    verify=self._tls(),
                    trust_env=False,
                    follow_redirects=False,
                    timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
                    limits=httpx.Limits(max_connections=8, keepalive_expiry=60.0),
                )
            return self._client

    def _tls(self, *, show: bool = True) -> ssl.SSLContext:
        """Always proves the gateway: by the one authority of the address, or the machine's."""
        if self._address.ca is not None and isinstance(self._address.proof, OwnCertificate):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:  # the sign-in service is somebody else's
            context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._address.ca is not None:
            context.load_verify_locations(cadata=self._address.ca)
        if show and isinstance(self._address.proof, OwnCertificate):
            _show(context, self._address.proof)
        context.sslsocket_class = _noting(self._opened)
        return context


def certificate_ends(address: GatewayAddress) -> datetime | None:
    """When the desk must be enrolled again; None where it has a sign-in."""
    if not isinstance(address.proof, OwnCertificate):
        return None
    return x509.load_der_x509_certificate(address.proof.certificate).not_valid_after_utc


def _noting(opened: WeakSet[ssl.SSLSocket]) -> type[ssl.SSLSocket]:
    class NotedSocket(ssl.SSLSocket):
        """Known before it shakes hands, so that :meth:`GatewayLine.abort` finds it."""

        def do_handshake(self, block: bool = False) -> None:
            opened.add(self)
            super().do_handshake(block)

    return NotedSocket


def _show(context: ssl.SSLContext, own: OwnCertificate) -> None:
    """OpenSSL reads a key from a file only: it gets one whose password nobody else ever knows."""
    password = secrets.token_bytes(32)
    key = serialization.load_der_private_key(own.key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )
    certificate = x509.load_der_x509_certificate(own.certificate)
    handle, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(certificate.public_bytes(serialization.Encoding.PEM) + key)
        context.load_cert_chain(name, password=password)
    finally:
        Path(name).unlink(missing_ok=True)


def _refused(response: httpx.Response) -> Refused:
    try:
        error = response.json()["error"]
        say = paragraph(*(str(sentence) for sentence in error["say"]))
        return Refused(str(error["code"]), say, str(error["do"]))
    except (ValueError, KeyError, TypeError):
        return _differs()


def _differs() -> Refused:
    """For what answers, but not as a gateway of this version does."""
    return Refused(
        "gateway_differs",
        "The gateway of the shared database answers in a way that this workstation does not know. "
        "Everything is kept on this workstation.",
        "Call IT: the gateway may be older than this workstation, or not Portico's.",
    )


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as fault:
        raise _in_words(fault) from None
    except httpx.StreamError:
        raise server_silent() from None


def _in_words(fault: BaseException) -> PorticoError:
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refused(
                "gateway_not_proven",
                "What answers in place of the gateway of the shared database could not prove that "
                "it is the gateway. Nothing was sent; everything is kept on this workstation.",
                "Call IT: its certificate has ended, or is not the one this desk was given.",
            )
        if isinstance(cause, ssl.SSLError) and _is_about_us(cause):
            return desk_not_accepted(CERTIFICATE_REFUSED)
        cause = cause.__cause__ or cause.__context__
    return server_silent()


def _is_about_us(fault: ssl.SSLError) -> bool:
    """Alerts of TLS (RFC 8446 section 6.2) that the gateway sends about a client certificate."""
    reason = fault.reason or ""
    return "ALERT" in reason and any(word in reason for word in ("CERTIFICATE", "UNKNOWN_CA"))
