"""Mail through a real server on loopback, encrypted, and through a mail program."""

from __future__ import annotations

import os
import socketserver
import ssl
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from workstation.facility.model import Facility
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused
from workstation.papers.mail import MailProgram, SmtpMailer, SmtpSettings, receipt_message

HOSPITAL = Facility("f", "Pine Valley Hospital", phone="512 555 0100")


def a_message(to: str = "ana@example.org") -> EmailMessage:
    return receipt_message(
        b"%PDF-1.3 receipt",
        "K7-000042-3",
        to=to,
        sender="receipts@pine.example",
        facility=HOSPITAL,
        language="en",
        clock=lambda: datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        message_id="K7-000042-3.1",
    )


class MailServer(socketserver.ThreadingTCPServer):
    """Enough of RFC 5321 with STARTTLS and AUTH PLAIN to be a site's mail server."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[bytes] = []
        self.signed_in: list[str] = []
        self.was_encrypted: list[bool] = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*_certificate(folder))


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def handle(self) -> None:
        self.encrypted = False
        self.say("220 pine.example ESMTP")
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word.split(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "STARTTLS" and not self._secured():
                return  # the client does not trust us
            if verb != "STARTTLS":
                self._answer(verb, word)

    def _answer(self, verb: str, word: str) -> None:
        if verb == "EHLO":
            self.say("250-pine.example")
            self.say("250 AUTH PLAIN" if self.encrypted else "250 STARTTLS")
        elif verb == "AUTH":
            self.server.signed_in.append(word)
            self.say("535 not you" if "d3Jvbmc" in word else "235 welcome")
        elif verb == "RCPT" and "nobody" in word:
            self.say("550 no such mailbox")
        elif verb == "RCPT" and "full" in word:
            self.say("452 mailbox full")
        elif verb == "DATA":
            self.say("354 go on")
            self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.server.was_encrypted.append(self.encrypted)
            self.say("250 taken")
        else:
            self.say("250 ok")

    def _secured(self) -> bool:
        self.say("220 go ahead")
        try:
            secured = self.server.context.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:
            return False
        self.connection, self.encrypted = secured, True
        self.rfile = secured.makefile("rb")
        self.wfile = secured.makefile("wb", buffering=0)
        return True


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    made = MailServer(tmp_path)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(5)


def mailer(server: MailServer, *, known: bool = True) -> SmtpMailer:
    place = SmtpSettings(
        "127.0.0.1", server.server_address[1], "starttls", "portico", "receipts@pine.example"
    )
    return SmtpMailer(place, lambda: "right" if known else "wrong")


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))


@pytest.mark.usefixtures("trusted")
def test_a_receipt_goes_through_an_encrypted_server(server: MailServer) -> None:
    mailer(server).send(a_message())
    (raw,) = server.taken
    assert server.was_encrypted == [True]
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "Receipt K7-000042-3"
    assert message["Message-ID"] == "<K7-000042-3.1@pine.example>"
    (pdf,) = message.iter_attachments()
    assert pdf.get_filename() == "K7-000042-3.pdf"
    assert pdf.get_content() == b"%PDF-1.3 receipt"


def test_a_server_whose_certificate_nobody_trusts_gets_nothing(server: MailServer) -> None:
    with pytest.raises(OutsideSilent) as caught:
        mailer(server).send(a_message())
    assert caught.value.code == "mail_silent"
    assert server.taken == []
    assert server.signed_in == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("to", "known", "code"),
    [
        ("nobody@example.org", True, "address_refused"),
        ("full@example.org", True, "mail_silent"),
        ("ana@example.org", False, "mail_sign_in"),
    ],
)
def test_what_a_server_refuses_is_said_in_words(
    server: MailServer, to: str, known: bool, code: str
) -> None:
    with pytest.raises(PorticoError) as caught:
        mailer(server, known=known).send(a_message(to))
    assert caught.value.code == code
    assert caught.value.retryable is (code != "address_refused")
    assert server.taken == []


def test_a_server_that_is_not_there_is_tried_later(server: MailServer) -> None:
    port = server.server_address[1]
    server.shutdown()
    server.server_close()
    place = SmtpSettings("127.0.0.1", port, "starttls", "", "receipts@pine.example")
    with pytest.raises(OutsideSilent) as caught:
        SmtpMailer(place, str).send(a_message())
    assert caught.value.retryable


def test_no_patients_data_leaves_unencrypted() -> None:
    with pytest.raises(Refused) as caught:
        SmtpMailer(SmtpSettings("mail.example.org", 25, "none", "", "a@b.c"), str)
    assert caught.value.code == "mail_not_encrypted"


def test_without_a_server_the_mail_program_opens_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, runtime, opened = tmp_path / "bin", tmp_path / "run", tmp_path / "opened.eml"
    tools.mkdir()
    runtime.mkdir()
    program = tools / "xdg-open"
    program.write_text(f'#!/bin/sh\ncp "$1" {opened}\nstat -c %a "$1" > {tmp_path}/mode\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    mail = MailProgram()
    mail.send(a_message())
    message = message_from_bytes(opened.read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "ana@example.org"
    assert (tmp_path / "mode").read_text().strip() == "600"
    (folder,) = runtime.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    mail.close()
    assert list(runtime.iterdir()) == []


def test_without_server_and_program_it_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PorticoError) as caught:
        MailProgram().send(a_message())
    assert caught.value.code == "no_mail_program"
