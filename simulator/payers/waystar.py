"""The eligibility gateway of Waystar seen from inside: a form in, X12 or a web page out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

GATEWAY = "/1.0/Rest/Gateway/GatewayAsync.ashx"
ACCEPTED = "demo"
"""The password that is taken, for any user."""
REFUSED = b"<!DOCTYPE html><html><body><h1>Authentication Failure</h1></body></html>"


def form_in(body: bytes) -> Mapping[str, str]:
    """The fields of a request; of several of one name the first."""
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def missing(form: Mapping[str, str]) -> bool:
    """Whether this is no X12 question that wants a 271."""
    return form.get("DataFormat") != "X12" or form.get("ResponseType") != "271"
