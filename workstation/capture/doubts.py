"""Which characters of an identifier a person should compare with the card."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.capture.card_model import Doubt
from workstation.capture.ocr import Line

_TWINS = {"O": "0", "0": "O", "I": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B",
          "Z": "2", "2": "Z", "L": "1", "Q": "0", "G": "6", "6": "G", "D": "0"}  # fmt: skip
_UNSURE = 0.82


def doubts_in(value: str, sure: Sequence[float], second: str | None) -> tuple[Doubt, ...]:
    """Doubts by what two readings say, by the reader's sureness, and by neighbours.

    ``value`` and ``second`` are letters and digits only; ``second`` is an independent reading of
    the same place (None where there was none). No picture can tell a letter O among digits from a
    zero: such characters are always in doubt.
    """
    doubts: dict[int, Doubt] = {}
    for at, char in enumerate(value):
        twin = _TWINS.get(char)
        if twin and (_odd_one_out(value, at) or (at < len(sure) and sure[at] < _UNSURE)):
            doubts[at] = Doubt(at, char, twin)
    if second is not None and len(second) == len(value):
        for at, (one, other) in enumerate(zip(value, second, strict=True)):
            if one != other:
                doubts[at] = Doubt(at, one, other)
    return tuple(doubts[at] for at in sorted(doubts))


def _odd_one_out(value: str, at: int) -> bool:
    char = value[at]
    before = value[at - 1] if at else ""
    after = value[at + 1] if at + 1 < len(value) else ""
    beside = before + after
    if char in "OI":
        run = value[:at].rstrip("OI")[-1:] + value[at:].lstrip("OI")[:1]
        return any(c.isdigit() for c in run)
    if char in "SBZ":
        return bool(before) and bool(after) and beside.isdigit()
    if char in "01":
        return beside.isalpha() or (at <= 2 and before.isalpha() and after in ("0", "1", "O", "I"))
    if char in "582":
        return len(beside) == 2 and beside.isalpha()
    return False


def sureness_of(value: str, line: Line) -> tuple[float, ...]:
    """Sureness of each character of ``value`` (letters and digits) where it stands in a line."""
    chars = [(c.upper(), s) for c, s in zip(line.text, line.sure, strict=False) if c.isalnum()]
    text = "".join(c for c, _ in chars)
    at = text.find(value)
    if at < 0 or len(text) != len(chars):
        return (min((s for _, s in chars), default=0.0),) * len(value)
    return tuple(s for _, s in chars[at : at + len(value)])
