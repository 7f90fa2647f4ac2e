"""Where pictures and codes come from, behind one protocol; and what a run of bytes is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase

Kind = Literal["picture", "pdf", "licence_code", "health_card_code", "unknown"]

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_MOST_BYTES = 60_000_000


@dataclass(frozen=True, slots=True)
class Captured:
    """Bytes as they came from a device, file or the clipboard, with what they are."""

    data: bytes
    kind: Kind
    origin: str


class CaptureSource(Protocol):
    """A scanner, camera, file, clipboard or barcode reader."""

    name: str

    def take(self) -> Captured:
        """One picture or code. Raises NotUnderstood when there is none to take."""
        ...


def kind_of(data: bytes) -> Kind:
    """What bytes are, by their beginning; never by a file's name."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "picture"
    head = data[:64].lstrip()
    if head[:5] == b"shc:/":
        return "health_card_code"
    if b"ANSI " in head or b"AAMVA" in head or head[:1] == b"@":
        return "licence_code"
    return "unknown"


class FileSource:
    """A picture or PDF that the registrar chose."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self) -> Captured:
        """The file's bytes. Raises NotUnderstood when it cannot be opened or is over 60 MB."""
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                raise NotUnderstood(
                    "picture_too_large", "This file is larger than 60 MB.", "Choose another file."
                )
            data = self._path.read_bytes()
        except OSError:
            raise NotUnderstood(
                "file_not_opened",
                phrase("The file {name} cannot be opened.", name=self._path.name),
                "Check that it is there and that you may read it.",
            ) from None
        return Captured(data, kind_of(data), "file")


class BytesSource:
    """What was pasted, dropped or typed in by a wedge."""

    name = "pasted"

    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self) -> Captured:
        """The bytes as given."""
        return Captured(self._data, kind_of(self._data), "pasted")
