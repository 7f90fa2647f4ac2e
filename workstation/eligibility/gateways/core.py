"""CAQH CORE connectivity rule vC2.2.0, real time: SOAP 1.2 and MIME multipart envelopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workstation.eligibility.connector import HARD_LIMIT_SECONDS, EnvelopeError, NotAReply
from workstation.eligibility.gateways import core_envelopes as envelopes
from workstation.eligibility.gateways.exchange import STANDS, Exchange, HttpReply, no_271
from workstation.eligibility.replies import checked_reply
from workstation.kernel.phrases import paragraph, phrase


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
        self._settings = settings
        self._password = password
        self._clock = clock
        self._exchange = Exchange(settings.url, settings.limit_seconds)

    @property
    def name(self) -> str:
        """``core_soap`` or ``core_mime``."""
        return f"core_{self._settings.envelope}"

    def close(self) -> None:
        """Closes the connections."""
        self._exchange.close()

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
        reply = _opened(self._exchange.post(body, {"Content-Type": content_type}))
        if reply.error_code not in ("", "Success"):
            raise EnvelopeError(
                "core_error",
                phrase(
                    "The clearinghouse did not pass the question on ({code}).",
                    code=reply.error_code,
                ),
                paragraph(STANDS, "Tell IT support if it says so again."),
                retryable=reply.error_code in ("Receiver", "UnderMaintenance"),
            )
        return checked_reply(reply.payload, trace)


def _opened(reply: HttpReply) -> envelopes.Incoming:
    """The envelope, also of an HTTP error: CORE errors may come with status 400 or 500."""
    opened: envelopes.Incoming | None = None
    why = ""
    try:
        opened = envelopes.read_envelope(reply.content_type, reply.content)
    except NotAReply as error:
        if reply.fine:
            raise
        why = error.say
    if opened is not None and (reply.fine or opened.error_code):
        return opened
    raise no_271(reply.status, why)
