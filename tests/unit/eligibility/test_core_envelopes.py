"""CORE envelopes as clearinghouses send them: bytes of any encoding, marks, parts in any order."""

from __future__ import annotations

import pytest

from workstation.eligibility.connector import NotAReply
from workstation.eligibility.gateways.core_envelopes import read_envelope

NAME = "ISA*00*NÚÑEZ~"
XML = "text/xml; charset=utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_bare_reply_keeps_its_letters(encoding: str) -> None:
    assert read_envelope("text/plain", NAME.encode(encoding)).payload == NAME


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_part_keeps_its_letters(encoding: str) -> None:
    parts = [("ErrorCode", "Success"), ("Payload", NAME)]
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts
    )
    content = (body + "--b--\r\n").encode(encoding)
    reply = read_envelope("multipart/form-data; boundary=b", content)
    assert (reply.payload, reply.error_code) == (NAME, "Success")


def test_a_payload_is_taken_from_any_prefix() -> None:
    content = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<c:COREEnvelopeRealTimeResponse xmlns:c="http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd">'
        "<Payload><![CDATA[ISA*00*A&B~]]></Payload><ErrorCode>Success</ErrorCode>"
        "</c:COREEnvelopeRealTimeResponse></s:Body></s:Envelope>"
    )
    assert read_envelope(XML, content.encode()).payload == "ISA*00*A&B~"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><body>busy</body></html>", "html_page"),
        (b"<a/>", "no_core_envelope"),
        (b"<a", "xml_broken"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml_doctype"),
        (b"busy", "no_envelope"),
        (b"", "no_envelope"),
    ],
)
def test_anything_else_is_no_reply(content: bytes, code: str) -> None:
    with pytest.raises(NotAReply) as caught:
        read_envelope(XML, content)
    assert caught.value.code == code
