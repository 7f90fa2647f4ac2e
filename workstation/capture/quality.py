"""Looks whether a picture is good to read, and says plainly how to take a better one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from workstation.capture.images import Picture


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing wrong with a picture. ``code`` is blank, small, blurred, dark, glare, mirrored,
    two_cards or licence."""

    code: str
    say: str
    do: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "say": self.say, "do": self.do}


_BLANK = Advice("blank", "This picture shows nothing.", "Turn the card over, or scan it again.")
_SMALL = Advice(
    "small",
    "The card is small in this picture.",
    "Move the camera closer, or scan at 300 dots per inch.",
)
_BLURRED = Advice(
    "blurred", "This picture is blurred.", "Hold the camera still and tap the card to focus."
)
_DARK = Advice("dark", "This picture is dark.", "Turn on a light, or move out of the shadow.")
_GLARE = Advice(
    "glare", "Light reflects on the card.", "Tilt the card a little so that the shine moves away."
)

MIRRORED = Advice(
    "mirrored",
    "This picture was mirrored; it was turned round for reading.",
    "Switch off mirroring in the camera's settings.",
)
TWO_CARDS = Advice(
    "two_cards",
    "Two cards lie in this picture; one of them was read.",
    "Photograph each card alone, or drag the corners to the other one.",
)
LICENCE = Advice(
    "licence",
    "This is a driver's licence, not an insurance card.",
    "Close this and scan the back of the licence with F9.",
)


def judge(picture: Picture) -> tuple[Advice, ...]:
    """Advice for taking the picture again; empty when it is good. The reading goes on all the same.

    Judged on the card itself where it was found, else on the whole picture.
    """
    longest = max(picture.shape[:2])
    factor = min(1.0, 1000 / longest)
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if float(gray.std()) < 4.0:
        return (_BLANK,)
    advice = []
    if longest < 600:
        advice.append(_SMALL)
    edges = float(np.percentile(np.abs(cv2.Laplacian(gray, cv2.CV_32F)), 99))
    if edges < 28:
        advice.append(_BLURRED)
    if float(np.percentile(gray, 90)) < 75:
        advice.append(_DARK)
    if _has_glare(gray):
        advice.append(_GLARE)
    return tuple(advice)


def _has_glare(gray: Picture) -> bool:
    """A burnt-out patch on a card that is not white all over."""
    burnt = cv2.morphologyEx((gray >= 252).astype(np.uint8), cv2.MORPH_OPEN, np.ones((15, 15)))
    share = float(burnt.mean())
    return 0.02 < share < 0.3 and float(np.median(gray)) < 235
