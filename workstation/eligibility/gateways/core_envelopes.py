"""The two envelopes of CAQH CORE vC2.2.0, written and read; no entity is ever resolved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP

from lxml import etree

from workstation.eligibility.connector import NotAReply
from workstation.kernel.phrases import paragraph
from workstation.x12.tokenizer import decode

CORE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_TEXT_PASSWORD = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"  # noqa: S105
    "#PasswordText"
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PAYLOAD_TYPE = "X12_270_Request_005010X279A1"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything an envelope says."""

    payload: str
    payload_id: str
    at: datetime
    sender: str
    receiver: str
    username: str
    password: str

    def __repr__(self) -> str:
        return f"Outgoing({self.payload_id})"

    def fields(self) -> list[tuple[str, str]]:
        """The envelope's elements in the order of the rule."""
        return [
            ("PayloadType", PAYLOAD_TYPE),
            ("ProcessingMode", "RealTime"),
            ("PayloadID", self.payload_id),
            ("TimeStamp", self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
            ("SenderID", self.sender),
            ("ReceiverID", self.receiver),
            ("CORERuleVersion", "2.2.0"),
        ]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a reply's envelope holds; ``error_code`` is ``Success`` where all is well."""

    payload: str
    payload_type: str
    error_code: str
    error_message: str

    def __repr__(self) -> str:
        return f"Incoming({self.payload_type}, {self.error_code})"


def write_soap(message: Outgoing) -> tuple[bytes, str]:
    """SOAP 1.2 body and its content type."""
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soapenv": _SOAP})
    header = etree.SubElement(envelope, f"{{{_SOAP}}}Header")
    security = etree.SubElement(header, f"{{{_WSSE}}}Security", nsmap={"wsse": _WSSE})
    security.set(f"{{{_SOAP}}}mustUnderstand", "true")
    token = etree.SubElement(security, f"{{{_WSSE}}}UsernameToken")
    etree.SubElement(token, f"{{{_WSSE}}}Username").text = message.username
    secret = etree.SubElement(token, f"{{{_WSSE}}}Password")
    secret.set("Type", _TEXT_PASSWORD)
    secret.text = message.password
    body = etree.SubElement(envelope, f"{{{_SOAP}}}Body")
    request = etree.SubElement(body, f"{{{CORE}}}COREEnvelopeRealTimeRequest", nsmap={"ns1": CORE})
    for name, value in message.fields():
        etree.SubElement(request, name).text = value
    payload = etree.SubElement(request, "Payload")
    payload.text = etree.CDATA(message.payload)
    content = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return content, 'application/soap+xml; charset=UTF-8; action="RealTimeTransaction"'


def write_mime(message: Outgoing) -> tuple[bytes, str]:
    """multipart/form-data body and its content type."""
    boundary = f"portico-{uuid.uuid4().hex}"
    fields = [
        *message.fields(),
        ("UserName", message.username),
        ("Password", message.password),
        ("Payload", message.payload),
    ]
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    body = "".join(parts) + f"--{boundary}--\r\n"
    return body.encode(), f"multipart/form-data; boundary={boundary}"


def read_envelope(content_type: str, content: bytes) -> Incoming:
    """Either envelope, or a bare 271 as some gateways send it.

    Raises NotAReply for a web page, for XML that is no CORE envelope, and for anything else.
    """
    start = content.removeprefix(_BYTE_ORDER_MARK).lstrip()[:200].lower()
    if start.startswith(b"isa"):
        return Incoming(decode(content), "", "Success", "")
    if content_type.lower().startswith("multipart/"):
        return _read_mime(content_type, content)
    if start.startswith((b"<!doctype html", b"<html")) or "text/html" in content_type.lower():
        raise _not_a_reply("html_page", "It sent a web page.")
    if start.startswith(b"<"):
        return _read_soap(content)
    raise _not_a_reply("no_envelope", "It sent something that is no envelope.")


def _not_a_reply(code: str, say: str) -> NotAReply:
    return NotAReply(
        code,
        paragraph("The clearinghouse sent no answer that can be read.", say),
        "The coverage on file stands as it was. Ask again in two minutes.",
        retryable=True,
    )


def _read_soap(content: bytes) -> Incoming:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _not_a_reply("xml_broken", "Its XML cannot be read.") from None
    if root.getroottree().docinfo.doctype:
        raise _not_a_reply("xml_doctype", "Its XML declares a document type, which is not read.")
    said: dict[str, str] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            said.setdefault(etree.QName(element).localname, "".join(element.itertext()))
    if "Fault" in said:
        return Incoming("", "", "Fault", said.get("Text", "").strip())
    if "Payload" not in said and "ErrorCode" not in said:
        raise _not_a_reply("no_core_envelope", "Its XML is no CORE envelope.")
    return _incoming(said)


def _read_mime(content_type: str, content: bytes) -> Incoming:
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + content)
    said: dict[str, str] = {}
    if message.is_multipart():
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            raw = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(raw, bytes):
                said[name] = decode(raw)
    if "Payload" not in said and "ErrorCode" not in said:
        raise _not_a_reply("no_core_envelope", "Its parts are no CORE envelope.")
    return _incoming(said)


def _incoming(said: dict[str, str]) -> Incoming:
    return Incoming(
        said.get("Payload", "").strip(),
        said.get("PayloadType", "").strip(),
        said.get("ErrorCode", "").strip(),
        said.get("ErrorMessage", "").strip(),
    )
