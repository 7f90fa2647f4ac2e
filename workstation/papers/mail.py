"""Sending a paper by e-mail: the message, and the two ways out of the desk.

By the site's own mail server (SMTP, encrypted) where one is set up; else as a file for the mail
program of the workstation, in which a person presses Send. The subject says nothing of care.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import smtplib
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol

from workstation.facility.model import Facility
from workstation.kernel.clock import Clock
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused
from workstation.kernel.phrases import phrase, translated

_SECONDS = 20
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Mailer(Protocol):
    """What papers need of e-mail."""

    @property
    def sender(self) -> str:
        """The address that messages come from; may be empty where a program fills it in."""
        ...

    def send(self, message: EmailMessage) -> None:
        """Hands a message over. Raises OutsideSilent where trying later may help, PorticoError
        where it does not."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The site's mail server; ``security`` is ``starttls``, ``tls`` or ``none`` (loopback only)."""

    host: str
    port: int
    security: str
    user: str
    sender: str


class SmtpMailer:
    """A mail server through the standard library; every message on a connection of its own."""

    def __init__(self, settings: SmtpSettings, password: Callable[[], str]) -> None:
        if settings.security == "none" and settings.host not in _LOOPBACK:
            raise Refused(
                "mail_not_encrypted",
                "The mail server's connection is not encrypted.",
                "Set smtp_security to starttls or tls; patients' data leaves only encrypted.",
            )
        self._settings = settings
        self._password = password

    @property
    def sender(self) -> str:
        """The site's address."""
        return self._settings.sender

    def send(self, message: EmailMessage) -> None:
        """Sends it now. A server that refuses the address is told as such and not tried again."""
        try:
            with self._connected() as server:
                if self._settings.user:
                    server.login(self._settings.user, self._password())
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 550)
            if code >= 500:
                raise PorticoError(
                    "address_refused",
                    "The mail server does not take this address.",
                    "Read the address back to the patient, or print the receipt.",
                    field="address",
                ) from None
            raise _later() from None
        except smtplib.SMTPAuthenticationError:
            raise OutsideSilent(
                "mail_sign_in",
                "The mail server does not accept this desk.",
                "Tell IT; the receipt is sent once it does.",
                retryable=True,
            ) from None
        except (smtplib.SMTPException, OSError):
            raise _later() from None

    def _connected(self) -> smtplib.SMTP:
        place, secure = self._settings, ssl.create_default_context()
        if place.security == "tls":
            return smtplib.SMTP_SSL(place.host, place.port, timeout=_SECONDS, context=secure)
        server = smtplib.SMTP(place.host, place.port, timeout=_SECONDS)
        if place.security == "starttls":
            server.starttls(context=secure)
        return server


class MailProgram:
    """The workstation's own mail program: it opens the message, a person presses Send.

    The file stands only in the desk's private runtime folder (in memory on Linux), readable by
    this user alone, until the next one or the end of the program.
    """

    sender = ""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def send(self, message: EmailMessage) -> None:
        """Opens it. Raises PorticoError ``no_mail_program``."""
        opener = _opener()
        if opener is None:
            raise PorticoError(
                "no_mail_program",
                "This workstation cannot send e-mail. Nothing was sent.",
                "Print the receipt, or ask IT to set up a mail server.",
            )
        self.close()
        runtime = os.environ.get("XDG_RUNTIME_DIR") or None
        self._folder = Path(tempfile.mkdtemp(prefix="portico-mail-", dir=runtime))
        file = self._folder / "message.eml"
        file.touch(mode=0o600)
        message["X-Unsent"] = "1"
        file.write_bytes(bytes(message))
        try:
            subprocess.run([*opener, str(file)], check=True, timeout=_SECONDS)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            self.close()
            raise PorticoError(
                "no_mail_program",
                "The mail program did not open. Nothing was sent.",
                "Print the receipt, or ask IT to look at the mail program.",
            ) from None

    def close(self) -> None:
        """Removes what was handed over."""
        folder, self._folder = self._folder, None
        if folder is not None:
            with contextlib.suppress(OSError):
                shutil.rmtree(folder)


def _opener() -> list[str] | None:
    """The command that opens a file with its program on this system."""
    if os.name == "nt":
        return ["cmd", "/c", "start", ""]
    found = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    return None if found is None else [found]


def _later() -> OutsideSilent:
    return OutsideSilent(
        "mail_silent",
        "The mail server does not answer.",
        "The receipt is sent as soon as it does.",
        retryable=True,
    )


def receipt_message(
    pdf: bytes,
    receipt_no: str,
    *,
    to: str,
    sender: str,
    facility: Facility,
    language: str,
    clock: Clock,
    message_id: str,
) -> EmailMessage:
    """A receipt as an attachment of a message that says nothing of care, not even in its subject.

    ``message_id`` is the same however often it is tried, so that a mailbox keeps one.
    """
    message = EmailMessage()
    message["Subject"] = translated(phrase("Receipt {no}", no=receipt_no), language)
    if sender:
        message["From"] = formataddr((facility.name, sender))
    message["To"] = to
    message["Date"] = format_datetime(clock())
    message["Message-ID"] = f"<{message_id}@{(sender.partition('@')[2] or 'portico.invalid')}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [translated("Your receipt is attached.", language)]
    if facility.phone:
        lines.append(translated(phrase("Questions: {phone}.", phone=facility.phone), language))
    lines += ["", facility.name]
    message.set_content("\n".join(lines) + "\n")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{receipt_no}.pdf")
    return message
