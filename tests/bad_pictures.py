"""Pictures and files that are wrong in their own ways, for the worker and for the window."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from workstation.capture.specimens import draw_card, draw_licence_back, draw_licence_front


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def card(layout: str = "ppo", seed: int = 4) -> Image.Image:
    return draw_card(layout, seed).front.convert("RGB")


def of_50_megapixels() -> bytes:
    """A card in the middle of a photograph of 8,660 by 5,780 pixels."""
    page = Image.new("RGB", (8660, 5780), (60, 70, 80))
    page.paste(card().resize((5060, 3190)), (1800, 1300))
    return encoded(page, compress_level=1)


def tiny() -> bytes:
    return encoded(card().resize((100, 63)))


def two_cards() -> bytes:
    page = Image.new("RGB", (1400, 1600), (70, 60, 52))
    page.paste(card("ppo", 4), (190, 90))
    page.paste(card("hmo_pcp", 6), (190, 860))
    return encoded(page)


def upside_down() -> bytes:
    return encoded(card().rotate(180))


def mirrored() -> bytes:
    return encoded(ImageOps.mirror(card()))


def licence_front() -> bytes:
    return encoded(draw_licence_front("ANA", "SAMPLE", date(1985, 3, 3), "12345678"))


def a_receipt() -> bytes:
    page = Image.new("RGB", (700, 1000), "white")
    draw = ImageDraw.Draw(page)
    rows = ("CORNER GROCERY", "MILK 2.99", "BREAD 3.49", "SUBTOTAL 6.48", "TOTAL DUE 6.93")
    for row, text in enumerate(rows):
        draw.text((60, 60 + 90 * row), text, fill="black", font_size=48)
    return encoded(page)


def blank() -> bytes:
    return encoded(Image.new("RGB", (900, 600), "white"))


def pdf_of_60_pages() -> bytes:
    """Front and back of a card, then 58 pages of something else."""
    drawn = draw_card("ppo", 4)
    pages = [drawn.front.convert("RGB"), drawn.back.convert("RGB")]
    pages += [Image.new("L", (200, 120), "white")] * 58
    return encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=300)


def animated() -> bytes:
    """A GIF whose first frame is a card."""
    frames = [Image.new("RGB", card().size, shade) for shade in ("white", "black")]
    return encoded(card(), "GIF", save_all=True, append_images=frames, duration=80)


def cut_off() -> bytes:
    return encoded(card(), "JPEG")[:4000]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def inflating(width: int, height: int, packed: bytes) -> bytes:
    """A PNG of a few kilobytes that claims and unfolds to whatever it likes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + whole


def pixel_bomb() -> bytes:
    """Claims 3,600 million pixels."""
    return inflating(60_000, 60_000, zlib.compress(b"\0" * 10_000_000, 9))


def text_bomb() -> bytes:
    """A small picture with a compressed note of 400 megabytes."""
    packer = zlib.compressobj(9)
    note = b"".join(packer.compress(b"A" * 4_000_000) for _ in range(100)) + packer.flush()
    head = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(64) for _ in range(64)))
    parts = (_chunk(b"IHDR", head), _chunk(b"zTXt", b"Comment\0\0" + note))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def pdf_bomb() -> bytes:
    """A page whose drawing unfolds to 2,000 megabytes of commands."""
    packer = zlib.compressobj(9)
    block = b"0 0 m 10 10 l S\n" * 250_000
    stream = b"".join(packer.compress(block) for _ in range(500)) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    )
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + table
    return out + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % start


def zip_file() -> bytes:
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.png", b"\0" * 20_000_000)
    return file.getvalue()


def noise() -> bytes:
    shades = np.random.default_rng(1).integers(0, 255, (900, 1400, 3), dtype=np.uint8)
    return encoded(Image.fromarray(shades))


def licence_back(payload: str) -> bytes:
    return encoded(draw_licence_back(payload))
