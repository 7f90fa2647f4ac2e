"""One HTTP exchange with a clearinghouse: encrypted, bounded in time and size, never redirected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from workstation.eligibility.connector import EnvelopeError, NoReply, NotAReply
from workstation.eligibility.gateways.deadline import Deadline
from workstation.kernel.errors import Refused
from workstation.kernel.phrases import Phrase, paragraph, phrase

STANDS = "The coverage on file stands as it was."
_LARGEST_REPLY = 5_000_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
UNAUTHORIZED = frozenset({401, 403})
"""HTTP statuses that refuse who asks."""
_BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What came back, whatever its status."""

    status: int
    content_type: str
    content: bytes

    @property
    def fine(self) -> bool:
        """Status 200."""
        return self.status == httpx.codes.OK


class Exchange:
    """Posts to one address. Safe to use from several threads.

    Raises Refused ``not_encrypted`` for an address that is neither https nor this machine.
    """

    def __init__(self, url: str, limit_seconds: float) -> None:
        place = urlsplit(url)
        if place.scheme != "https" and place.hostname not in _LOOPBACK:
            raise Refused(
                "not_encrypted",
                "The clearinghouse address does not begin with https.",
                "Correct it in the settings; patients' data leaves this desk only encrypted.",
            )
        self._url = url
        self._limit = limit_seconds
        self._client = httpx.Client(
            timeout=httpx.Timeout(limit_seconds, connect=min(10.0, limit_seconds)),
            # Clearinghouses drop idle connections: a kept one costs a question now and then.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=place.hostname not in _LOOPBACK,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> HttpReply:
        """Sends ``body``. Raises NoReply, or NotAReply ``reply_too_large``."""
        content = bytearray()
        with Deadline(self._limit) as deadline:
            try:
                with self._client.stream(
                    "POST",
                    self._url,
                    content=body,
                    headers=headers,
                    extensions={"trace": deadline.watch},
                ) as response:
                    for chunk in response.iter_bytes():
                        content += chunk
                        if len(content) > _LARGEST_REPLY:
                            raise NotAReply(
                                "reply_too_large",
                                "The clearinghouse sent far more than an answer.",
                                paragraph(STANDS, "Tell IT support."),
                            )
            except httpx.HTTPError as error:
                late = deadline.passed or isinstance(error, httpx.TimeoutException)
                raise self._no_reply(late=late) from None
        return HttpReply(
            response.status_code, response.headers.get("Content-Type", ""), bytes(content)
        )

    def _no_reply(self, *, late: bool) -> NoReply:
        if late:
            return NoReply(
                "payer_timeout",
                phrase(
                    "The payer did not answer within {n} seconds.",
                    n=round(self._limit),
                ),
                paragraph(STANDS, "It can be asked again after 90 seconds."),
                retryable=True,
            )
        return NoReply(
            "clearinghouse_unreachable",
            "The clearinghouse cannot be reached.",
            paragraph(STANDS, "It is asked again when the network is back."),
            retryable=True,
        )


def no_271(status: int, why: str | Phrase = "") -> NotAReply:
    """An HTTP status without an answer: some say that all is busy, the rest is for IT."""
    busy = status in _BUSY
    return NotAReply(
        f"http_{status}",
        paragraph(
            phrase("The clearinghouse is out of order (HTTP status {status}).", status=status),
            "" if busy else why,
        ),
        paragraph(STANDS, "Ask again in some minutes." if busy else "Tell IT support."),
        retryable=busy,
    )


def key_refused() -> EnvelopeError:
    """The clearinghouse does not know us: a matter for IT, and nothing that time mends."""
    return EnvelopeError(
        "key_refused",
        "The clearinghouse does not accept this desk's key.",
        paragraph(STANDS, "Tell IT support: the key has to be set anew."),
    )
