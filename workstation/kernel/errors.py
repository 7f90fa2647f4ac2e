"""Expected failures: what a person reads, what they should do, and nothing about a patient."""

from __future__ import annotations


class PorticoError(Exception):
    """An expected failure that becomes a message, never a crash report.

    ``code`` is stable and machine-readable (``possible_duplicate``); ``say`` is one plain sentence
    of what happened and what is safe; ``do`` is what the person should do next; ``field`` is the
    key of the form field at fault, if one is. ``str()`` gives the code only, so a logged or
    re-raised error can never carry a patient's data.
    """

    def __init__(
        self,
        code: str,
        say: str,
        do: str = "",
        *,
        field: str | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.say = say
        self.do = do
        self.field = field
        self.retryable = retryable

    def as_json(self) -> dict[str, str]:
        """The shape of contracts.md: ``{"code", "say", "do"}``."""
        return {"code": self.code, "say": self.say, "do": self.do}


ANSWERED_BEFORE = "answered_before"
"""Code of the refusal of a command whose idempotency key has an answer already."""


class NotUnderstood(PorticoError):
    """Input that cannot be read at all. On the command line: exit 3."""


class Refused(PorticoError):
    """Understood, but a rule forbids it."""


class NotPermitted(Refused):
    """The actor's role does not allow this use case."""


class OutsideSilent(PorticoError):
    """A payer, terminal or server did not answer. On the command line: exit 4."""
