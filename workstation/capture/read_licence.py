"""Reads a driver's licence from pictures of its back."""

from __future__ import annotations

from workstation.capture.aamva import parse
from workstation.capture.barcodes import licence_symbols
from workstation.capture.images import load_pages
from workstation.capture.licence_model import Licence
from workstation.capture.quality import judge
from workstation.kernel.errors import NotUnderstood


def read_licence(data: bytes) -> Licence:
    """The licence whose barcode is in a picture or PDF; the first page that holds one.

    Raises NotUnderstood where there is no readable barcode, with advice for a better picture.
    """
    pages = load_pages(data)
    nonsense: NotUnderstood | None = None
    for page in pages:
        for symbol in licence_symbols(page):
            try:
                return parse(symbol.raw)
            except NotUnderstood as error:
                nonsense = error
    if nonsense is not None:
        raise nonsense
    advice = next(iter(judge(pages[0])), None)
    raise NotUnderstood(
        "no_licence_barcode",
        "No barcode of a licence could be read in this picture.",
        advice.do if advice else "Scan the back at 600 dots per inch, move closer, or type it.",
    )
