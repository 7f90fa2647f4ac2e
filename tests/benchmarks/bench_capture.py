"""How long reading takes, beside a baseline of plain array work on the same machine."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from workstation.capture.read_card import CardReader
from workstation.capture.read_licence import read_licence
from workstation.capture.specimens import draw_card, draw_licence_back

PAYLOAD = (
    "@\n\x1e\rANSI 636015090002DL00410278ZT03190008DLDAQ12345678\nDCSSAMPLE\nDACANA\n"
    "DBB03031985\nDBA02292032\nDBC2\nDAG100 EXAMPLE ST\nDAIAUSTIN\nDAJTX\nDAK787010000  \n\r"
)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def median_of(action: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    return sorted(took)[times // 2]


def baseline() -> float:
    """Seconds for a fixed amount of single-threaded arithmetic."""
    values = np.random.default_rng(1).random(2_000_000)
    return median_of(lambda: np.sort(values).sum(), 5)


def test_front_and_back_of_a_card() -> None:
    reader = CardReader()
    reader.warm_up()
    card = draw_card("dense", 1)
    front, back = png(card.front), png(card.back)
    took, unit = median_of(lambda: reader.read(front, back), 5), baseline()
    print(f"card front and back: {took:.2f} s, {took / unit:.1f} x baseline of {unit:.3f} s")
    assert took / unit < 60


def test_back_of_a_licence() -> None:
    straight = draw_licence_back(PAYLOAD)
    upright, askew = png(straight), png(straight.rotate(9, expand=True, fillcolor=(90, 90, 90)))
    unit = baseline()
    for name, data in (("upright", upright), ("askew", askew)):
        took = median_of(lambda data=data: read_licence(data), 7)  # type: ignore[misc]
        print(f"licence {name}: {took:.3f} s, {took / unit:.2f} x baseline of {unit:.3f} s")
        assert took / unit < 12
