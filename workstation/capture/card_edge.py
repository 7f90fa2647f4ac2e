"""How much a four-sided figure in a picture is a card: its shape, its edge, and the print in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Corners = npt.NDArray[np.float32]  # 4 x 2: top left, top right, bottom right, bottom left

CARD_ASPECT = 1.586  # ISO/IEC 7810 ID-1: 85.60 by 53.98 mm


def is_whole_picture(quad: Corners, small: Any) -> bool:
    """Whether a quadrilateral is the picture itself or a part that reaches three of its rims.

    A coloured band or magnetic stripe of a cropped card leaves such a rest.
    """
    height, width = small.shape[:2]
    if cv2.contourArea(quad) > 0.9 * height * width:
        return True
    near = 0.02 * max(height, width)
    rims = (
        float(np.min(quad[:, 0])) < near,
        float(np.min(quad[:, 1])) < near,
        float(np.max(quad[:, 0])) > width - near,
        float(np.max(quad[:, 1])) > height - near,
    )
    return bool(sum(rims) >= 3)


class Sides:
    """How much the two sides of an edge differ, along the whole of it."""

    _STEPS = np.linspace(0.08, 0.92, 40, dtype=np.float32)
    _REACH = 5.0  # pixels from the edge, inwards and outwards
    _DIFFERS = 2.0  # in CIE Lab as OpenCV scales it

    def __init__(self, small: Any) -> None:
        self._lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 2.0), cv2.COLOR_BGR2LAB).astype(
            np.float32
        )

    def stand_out(self, quad: Corners) -> float:
        """The share of the worst side along which the card differs from its ground the same way."""
        middle = quad.mean(axis=0)
        return min(self._share(quad[n], quad[(n + 1) % 4], middle) for n in range(4))

    def _share(self, a: Any, b: Any, middle: Any) -> float:
        along = (b - a) / max(math.dist(a, b), 1.0)
        inwards = np.array([-along[1], along[0]], np.float32)
        if (middle - a) @ inwards < 0:
            inwards = -inwards
        points = a + (b - a) * self._STEPS[:, None]
        step = self._at(points + inwards * self._REACH) - self._at(points - inwards * self._REACH)
        typical = np.median(step, axis=0)
        size = float(np.linalg.norm(typical))
        if size < self._DIFFERS:
            return 0.0
        return float(((step @ typical) / size > 0.4 * size).mean())

    def _at(self, points: Any) -> Any:
        height, width = self._lab.shape[:2]
        x = points[:, 0].round().astype(int).clip(0, width - 1)
        y = points[:, 1].round().astype(int).clip(0, height - 1)
        return self._lab[y, x]


def ink_of(gray: Any) -> npt.NDArray[np.float32]:
    """How much of the picture's strong edges lies where: text and print, weighted by contrast.

    The grain of a table is told from print by how much of it there is everywhere.
    """
    edges = np.abs(cv2.Laplacian(gray, cv2.CV_32F, ksize=3))
    least = max(18.0, 5.0 * float(np.median(edges)))
    strong = np.where(edges > least, np.minimum(edges, 60), 0).astype(np.float32)
    return strong


def shape_likeness(quad: Corners) -> float:
    """How much a figure has a card's shape, at most about one; below zero what is no rectangle."""
    across = (math.dist(quad[0], quad[1]) + math.dist(quad[3], quad[2])) / 2
    down = (math.dist(quad[0], quad[3]) + math.dist(quad[1], quad[2])) / 2
    if min(across, down) < 40 or not cv2.isContourConvex(quad):
        return -1.0
    aspect = max(across, down) / min(across, down)
    fill = cv2.contourArea(quad) / (across * down)
    return float(fill - abs(math.log(aspect / CARD_ASPECT)))


def ink_outside(quads: Sequence[Corners], ink: npt.NDArray[np.float32]) -> float:
    """The share of all print that lies outside of every one of the figures."""
    inside = np.zeros(ink.shape, np.uint8)
    for quad in quads:
        centre = quad.mean(axis=0)
        cv2.fillConvexPoly(inside, (centre + (quad - centre) * 1.03).astype(np.int32), 1)
    return float(ink[inside == 0].sum()) / (float(ink.sum()) + 1.0)
