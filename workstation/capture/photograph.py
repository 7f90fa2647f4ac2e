"""Makes a drawn card look scanned, photographed or faxed, for the demo and for measuring."""

from __future__ import annotations

import random

import cv2
import numpy as np
from PIL import Image

from workstation.capture.images import Picture

SEVERITIES = ("flat", "scan", "desk", "hard", "fax")


def photograph(card: Image.Image, severity: str, seed: int) -> Picture:
    """The card as taken: ``flat``, flatbed ``scan``, ``desk`` photo, ``hard`` phone photo, one-bit
    ``fax``. The same seed gives the same picture (blue-green-red)."""
    rng = random.Random(seed)  # noqa: S311
    picture = np.ascontiguousarray(np.asarray(card.convert("RGB"))[:, :, ::-1])
    if severity == "flat":
        return picture
    if severity == "fax":
        return _fax(picture, rng)
    if severity == "scan":
        return _placed(
            picture, rng, tilt=2.5, lean=0.0, margin=0.12, table=(238, 238, 236), noise=3
        )
    if severity == "desk":
        taken = _placed(picture, rng, tilt=8, lean=0.03, margin=0.2, table=_table(rng), noise=5)
        return _lit(_soft(taken, 0.8), rng, 0.12)
    taken = _placed(picture, rng, tilt=14, lean=0.08, margin=0.3, table=_table(rng), noise=9)
    taken = _soft(taken, rng.uniform(1.1, 1.6))
    return _lit(taken, rng, 0.35)


def _soft(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def _table(rng: random.Random) -> tuple[int, int, int]:
    return rng.choice(((60, 80, 110), (40, 44, 48), (120, 140, 150), (70, 60, 52), (96, 120, 96)))


def _placed(
    picture: Picture,
    rng: random.Random,
    *,
    tilt: float,
    lean: float,
    margin: float,
    table: tuple[int, int, int],
    noise: float,
) -> Picture:
    """The card on a table: rotated, leaning in perspective, with grain."""
    height, width = picture.shape[:2]
    big = (int(width * (1 + 2 * margin)), int(height * (1 + 2.6 * margin)))
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    middle = np.array([big[0] / 2, big[1] / 2], np.float32)
    angle = np.radians(rng.uniform(-tilt, tilt))
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    target = (source - (width / 2, height / 2)) @ spin.T + middle
    shift = [[rng.uniform(-lean, lean) * width * 0.5 for _ in range(2)] for _ in range(4)]
    target = (target + np.array(shift)).astype(np.float32)
    ground = np.full((big[1], big[0], 3), table, np.uint8)
    place = cv2.getPerspectiveTransform(source, target)
    laid = cv2.warpPerspective(picture, place, big, flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((height, width), 255, np.uint8), place, big) > 127
    ground[inside] = laid[inside]
    grain = np.random.default_rng(rng.randrange(2**31)).normal(0, noise, ground.shape)
    return np.asarray((ground + grain).clip(0, 255), np.uint8)


def _lit(picture: Picture, rng: random.Random, strength: float) -> Picture:
    """Uneven light: brighter towards one corner, dimmer towards the other."""
    height, width = picture.shape[:2]
    ramp = np.outer(np.linspace(-1, 1, height), np.ones(width)) * rng.uniform(-1, 1)
    ramp += np.outer(np.ones(height), np.linspace(-1, 1, width)) * rng.uniform(-1, 1)
    gain = (1 - strength / 3) + strength / 2 * ramp
    return np.asarray((picture * gain[:, :, None]).clip(0, 255), np.uint8)


def _fax(picture: Picture, rng: random.Random) -> Picture:
    """Two hundred dots per inch, one bit, slightly askew, with specks."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(gray, None, fx=0.667, fy=0.667, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1.5, 1.5), 1.0)
    small = cv2.warpAffine(small, turn, (width, height), borderValue=255)
    dots = np.random.default_rng(rng.randrange(2**31)).random(small.shape)
    bits = np.where(small > 140, 255, 0).astype(np.uint8)
    bits[dots < 0.002] = 0
    return np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR), np.uint8)
