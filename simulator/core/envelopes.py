"""CORE envelopes as a clearinghouse sees them, SOAP 1.2 and MIME: requests in, replies out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from xml.sax.saxutils import escape

from lxml import etree

_NAMESPACE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_REQUIRED = (
    "PayloadType",
    "ProcessingMode",
    "PayloadID",
    "TimeStamp",
    "SenderID",
    "ReceiverID",
    "CORERuleVersion",
    "Payload",
)


@dataclass(frozen=True)
class Request:
    """A question's envelope. ``form`` is ``soap`` or ``mime``; ``missing`` names absent fields."""

    form: str
    fields: dict[str, str]
    missing: tuple[str, ...]

    @property
    def payload(self) -> str:
        """The 270 as it came."""
        return self.fields.get("Payload", "")


def read_request(content_type: str, body: bytes) -> Request | None:
    """The envelope, or None where it is none."""
    if content_type.lower().startswith("multipart/form-data"):
        fields = _mime_fields(content_type, body)
        form = "mime"
    else:
        found = _soap_fields(body)
        if found is None:
            return None
        fields, form = found, "soap"
    who = ("UserName", "Password") if form == "mime" else ("Username", "Password")
    missing = tuple(name for name in (*_REQUIRED, *who) if not fields.get(name))
    return Request(form, fields, missing)


def _mime_fields(content_type: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    fields: dict[str, str] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        raw = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(raw, bytes):
            fields[name] = raw.decode("utf-8", "replace")
    return fields


def _soap_fields(body: bytes) -> dict[str, str] | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None
    request = root.find(f".//{{{_NAMESPACE}}}COREEnvelopeRealTimeRequest")
    if request is None:
        return None
    fields = {etree.QName(child).localname: child.text or "" for child in request}
    for name in ("Username", "Password"):
        for found in root.iter(f"{{*}}{name}"):
            fields[name] = found.text or ""
    return fields


def write_reply(
    request: Request, payload: str, error_code: str = "Success", error_message: str = ""
) -> tuple[bytes, str]:
    """The reply in the form of the request, and its content type."""
    fields = [
        ("PayloadType", "X12_271_Response_005010X279A1" if payload else "CoreEnvelopeError"),
        ("ProcessingMode", "RealTime"),
        ("PayloadID", str(uuid.uuid4())),
        ("TimeStamp", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("SenderID", request.fields.get("ReceiverID", "")),
        ("ReceiverID", request.fields.get("SenderID", "")),
        ("CORERuleVersion", "2.2.0"),
        ("Payload", payload),
        ("ErrorCode", error_code),
        ("ErrorMessage", error_message),
    ]
    if request.form == "mime":
        return _write_mime(fields)
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>'
        f'<core:COREEnvelopeRealTimeResponse xmlns:core="{_NAMESPACE}">{inner}'
        "</core:COREEnvelopeRealTimeResponse></env:Body></env:Envelope>"
    )
    return (
        text.encode(),
        'application/soap+xml; charset=UTF-8; action="RealTimeTransactionResponse"',
    )


def _write_mime(fields: list[tuple[str, str]]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    body = "".join(parts) + f"--{boundary}--\r\n"
    return body.encode(), f"multipart/form-data; boundary={boundary}"


FAULT = (
    b'<?xml version="1.0"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope">'
    b"<env:Body><env:Fault><env:Code><env:Value>env:Receiver</env:Value></env:Code>"
    b"<env:Reason><env:Text>simulated fault</env:Text></env:Reason></env:Fault></env:Body>"
    b"</env:Envelope>"
)
