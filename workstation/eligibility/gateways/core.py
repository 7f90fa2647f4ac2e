"""CAQH CORE connectivity rule vC2.2.0, real time: SOAP 1.2 and MIME multipart envelopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from workstation.eligibility.connector import (
    HARD_LIMIT_SECONDS,
    EnvelopeError,
    NoReply,
    NotAReply,
)
from workstation.eligibility.gateways import core_envelopes as envelopes
from workstation.eligibility.gateways.deadline import Deadline
from workstation.eligibility.replies import checked_reply
from workstation.kernel.errors import Refused
from workstation.kernel.phrases import paragraph, phrase

_LARGEST_REPLY = 5_000_000
_STANDS = "The coverage on file stands as it was."
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class CoreSettings:
    """Where the clearinghouse listens, who we are there; ``envelope`` is ``soap`` or ``mime``."""

    url: str
    sender: str
    receiver: str
    username: str
    envelope: str = "soap"
    limit_seconds: float = HARD_LIMIT_SECONDS


class CoreConnector:
    """Asks over CORE. The password is fetched anew for each question and never kept."""

    def __init__(
        self, settings: CoreSettings, password: Callable[[], str], clock: Callable[[], datetime]
    ) -> None:
        place = urlsplit(settings.url)
        if place.scheme != "https" and place.hostname not in _LOOPBACK:
            raise Refused(
                "core_not_encrypted",
                "The clearinghouse address does not begin with https.",
                "Correct it in the settings; patients' data leaves this desk only encrypted.",
            )
        self._settings = settings
        self._password = password
        self._clock = clock
        self._client = httpx.Client(
            timeout=httpx.Timeout(
                settings.limit_seconds, connect=min(10.0, settings.limit_seconds)
            ),
            # Clearinghouses drop idle connections: a kept one costs a question now and then.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=place.hostname not in _LOOPBACK,
            follow_redirects=False,
        )

    @property
    def name(self) -> str:
        """``core_soap`` or ``core_mime``."""
        return f"core_{self._settings.envelope}"

    def close(self) -> None:
        """Closes the kept connections."""
        self._client.close()

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        """Sends one 270; see :class:`EligibilityConnector`."""
        settings = self._settings
        write = envelopes.write_mime if settings.envelope == "mime" else envelopes.write_soap
        body, content_type = write(
            envelopes.Outgoing(
                payload=request_270,
                payload_id=payload_id,
                at=self._clock(),
                sender=settings.sender,
                receiver=settings.receiver,
                username=settings.username,
                password=self._password(),
            )
        )
        status, reply_type, content = self._post(body, content_type)
        reply = self._open(status, reply_type, content)
        if reply.error_code not in ("", "Success"):
            raise EnvelopeError(
                "core_error",
                phrase(
                    "The clearinghouse did not pass the question on ({code}).",
                    code=reply.error_code,
                ),
                paragraph(_STANDS, "Tell IT support if it says so again."),
                retryable=reply.error_code in ("Receiver", "UnderMaintenance"),
            )
        return checked_reply(reply.payload, trace)

    def _post(self, body: bytes, content_type: str) -> tuple[int, str, bytes]:
        content = bytearray()
        with Deadline(self._settings.limit_seconds) as deadline:
            try:
                with self._client.stream(
                    "POST",
                    self._settings.url,
                    content=body,
                    headers={"Content-Type": content_type},
                    extensions={"trace": deadline.watch},
                ) as response:
                    for chunk in response.iter_bytes():
                        content += chunk
                        if len(content) > _LARGEST_REPLY:
                            raise NotAReply(
                                "reply_too_large",
                                "The clearinghouse sent far more than an answer.",
                                paragraph(_STANDS, "Tell IT support."),
                            )
            except httpx.HTTPError as error:
                late = deadline.passed or isinstance(error, httpx.TimeoutException)
                raise self._no_reply(late=late) from None
        return response.status_code, response.headers.get("Content-Type", ""), bytes(content)

    def _no_reply(self, *, late: bool) -> NoReply:
        if late:
            return NoReply(
                "payer_timeout",
                phrase(
                    "The payer did not answer within {n} seconds.",
                    n=round(self._settings.limit_seconds),
                ),
                paragraph(_STANDS, "It can be asked again after 90 seconds."),
                retryable=True,
            )
        return NoReply(
            "clearinghouse_unreachable",
            "The clearinghouse cannot be reached.",
            paragraph(_STANDS, "It is asked again when the network is back."),
            retryable=True,
        )

    def _open(self, status: int, content_type: str, content: bytes) -> envelopes.Incoming:
        """The envelope, also of an HTTP error: CORE errors may come with status 400 or 500."""
        reply: envelopes.Incoming | None = None
        why = ""
        try:
            reply = envelopes.read_envelope(content_type, content)
        except NotAReply as error:
            if status == httpx.codes.OK:
                raise
            why = error.say
        if reply is not None and (status == httpx.codes.OK or reply.error_code):
            return reply
        busy = status in (429, 502, 503, 504)
        raise NotAReply(
            f"http_{status}",
            paragraph(
                phrase(
                    "The clearinghouse is out of order (HTTP status {status}).",
                    status=status,
                ),
                why,
            ),
            paragraph(_STANDS, "Ask again in some minutes." if busy else "Tell IT support."),
            retryable=busy,
        )
