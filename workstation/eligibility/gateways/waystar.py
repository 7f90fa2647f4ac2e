"""Waystar's eligibility gateway: a 270 in a form, its 271 as the reply.

Who asks stands in the form itself, and errors are web pages also where X12 was asked for: what
does not begin with ``ISA`` is no answer (developer.waystar.com, Insurance Verification).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from workstation.eligibility.connector import HARD_LIMIT_SECONDS, EnvelopeError, NotAReply
from workstation.eligibility.gateways.exchange import (
    STANDS,
    UNAUTHORIZED,
    Exchange,
    HttpReply,
    key_refused,
    no_271,
)
from workstation.eligibility.replies import checked_reply
from workstation.kernel.phrases import paragraph

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LOOKED_AT = 20_000
"""Characters of a page that may say why; the rest is decoration."""


@dataclass(frozen=True, slots=True)
class WaystarSettings:
    """The gateway's address and who we are there; ``customer`` only for sites that have several."""

    url: str
    user: str
    customer: str = ""
    limit_seconds: float = HARD_LIMIT_SECONDS


class WaystarConnector:
    """Asks the gateway. The password is fetched anew for each question and never kept."""

    name = "waystar"

    def __init__(self, settings: WaystarSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._exchange = Exchange(settings.url, settings.limit_seconds)

    def close(self) -> None:
        """Closes the connections."""
        self._exchange.close()

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        """Sends one 270; see :class:`EligibilityConnector`."""
        form = {
            "UserID": self._settings.user,
            "Password": self._password(),
            "DataFormat": "X12",
            "ResponseType": "271",
            "Data": request_270,
        }
        if self._settings.customer:
            form["CustID"] = self._settings.customer
        reply = self._exchange.post(urlencode(form).encode(), _FORM)
        text = reply.content.decode("utf-8", "replace").strip()
        if not text.startswith("ISA"):
            raise _refusal(reply, text)
        return checked_reply(text, trace)


def _refusal(reply: HttpReply, page: str) -> EnvelopeError | NotAReply:
    """What a page in place of X12 means. Its words may repeat a patient's data: none is told."""
    if reply.status in UNAUTHORIZED or "authentication failure" in page[:_LOOKED_AT].lower():
        return key_refused()
    if not reply.fine:
        return no_271(reply.status)
    return NotAReply(
        "html_page",
        "The clearinghouse sent no answer that can be read.",
        paragraph(STANDS, "Ask again in some minutes."),
        retryable=True,
    )
