"""What a connector promises, and the ways in which the outside stays silent."""

from __future__ import annotations

from typing import Protocol

from workstation.kernel.errors import OutsideSilent

SOFT_NOTICE_SECONDS = 20.0
"""CAQH CORE 156: 90 % of replies come within 20 s; after that the desk is told to go on."""

HARD_LIMIT_SECONDS = 60.0
"""CAQH CORE 153: an HTTP reply takes at most 60 s."""

RESEND_AFTER_SECONDS = 90.0
"""CAQH CORE 153: the same question is not sent again before 90 s."""


class EligibilityConnector(Protocol):
    """One way to a clearinghouse. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Short name for the record: ``core_soap``, ``core_mime`` …"""
        ...

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        """Sends one 270 and gives the raw 271 that answers it (TRN02 or BHT03 is ``trace``).

        ``payload_id`` is a UUID. Raises a subclass of OutsideSilent where no usable reply came.
        """
        ...


class NoReply(OutsideSilent):
    """Nothing came within the time, or nobody listens."""


class NotAReply(OutsideSilent):
    """Something came, but it is no 271: a web page, other X12, an envelope that makes no sense."""


class WrongReply(OutsideSilent):
    """A 271 to another question; it was not shown to anyone."""


class CutOffReply(OutsideSilent):
    """A 271 that stops in the middle; half an answer is no answer."""


class EnvelopeError(OutsideSilent):
    """The clearinghouse took the envelope and said why it will not answer."""


class PayerResting(OutsideSilent):
    """The circuit breaker is open: this payer was down a moment ago."""


class PayerBusy(OutsideSilent):
    """As many questions as may be are under way to this payer: others go first."""
