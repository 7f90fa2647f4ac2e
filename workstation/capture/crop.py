"""Finds the card in a picture and straightens it; where no edge stands out it says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from workstation.capture.card_edge import (
    Corners,
    Sides,
    ink_of,
    ink_outside,
    is_whole_picture,
    shape_likeness,
)
from workstation.capture.images import Picture

_WORK = 700
_GOOD_ENOUGH = 0.42
_EDGE = 0.6  # what an edge that stands out all round adds to a score
_SEEN = 0.5  # the least share of each side at which the card differs from what it lies on
_PLAINLY_SEEN = 0.75  # the same where print lies outside, as with a second card
_OUTSIDE = 1.1  # what print outside takes from a score
_ELSEWHERE = 0.15  # the most print that may lie outside of two cards


@dataclass(frozen=True, slots=True)
class Found:
    """Where the card lies. ``corners`` are in pixels of the picture given, clockwise from the
    top left of the card as it lies; ``cropped`` False means: the whole picture is taken;
    ``another`` that a second card lies beside it."""

    corners: Corners
    cropped: bool
    score: float
    another: bool = False


def find_card(picture: Picture) -> Found:
    """The card's four corners, or the picture's own where no card edge stands out."""
    height, width = picture.shape[:2]
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    factor = min(1.0, _WORK / max(height, width))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    ink, sides = ink_of(gray), Sides(small)
    cards: list[tuple[float, Corners]] = []
    plain: list[Corners] = []
    for mask in _masks(small, gray):
        for quad in _quads(mask):
            shape = shape_likeness(quad)
            if shape < _GOOD_ENOUGH or is_whole_picture(quad, small):
                continue
            seen = sides.stand_out(quad)
            score = shape - _OUTSIDE * ink_outside([quad], ink)
            if seen >= _PLAINLY_SEEN:
                plain.append(quad)
            if seen >= _SEEN and score >= _GOOD_ENOUGH:
                cards.append((score + _EDGE * seen, quad))
    score, best = max(cards, key=lambda card: card[0], default=(0.0, whole * factor))
    for one, other in combinations(plain, 2):
        if _lie_apart(one, other) and ink_outside([one, other], ink) < _ELSEWHERE:
            larger = max(one, other, key=cv2.contourArea)
            if not cards or cv2.contourArea(best) < 1.3 * cv2.contourArea(larger):
                return Found((larger / factor).astype(np.float32), True, 1.0, another=True)
    return Found((best / factor).astype(np.float32), bool(cards), score)


def _lie_apart(one: Corners, other: Corners) -> bool:
    """Whether two figures are two cards: of about the same size, and clear of one another."""
    share = cv2.contourArea(one) / cv2.contourArea(other)
    common, _ = cv2.intersectConvexConvex(one, other)
    return bool(0.5 < share < 2.0 and common < 0.05 * cv2.contourArea(one))


def rectify(picture: Picture, corners: Corners, longest: int) -> Picture:
    """The quadrilateral as a straight picture whose longer side is ``longest`` pixels.

    A card lying on its side comes out upright or upside down; reading decides which.
    """
    across = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]), 1.0)
    down = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]), 1.0)
    scale = longest / max(across, down)
    size = (max(int(across * scale), 16), max(int(down * scale), 16))
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    place = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    shrinks = scale < 0.6
    source = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale) if shrinks else picture
    return np.asarray(
        cv2.warpPerspective(
            source, place, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        dtype=np.uint8,
    )


def _masks(small: Any, gray: Any) -> list[npt.NDArray[np.uint8]]:
    masks = []
    for low, high in ((30, 90), (60, 180)):
        edges = cv2.Canny(gray, low, high)
        masks.append(cv2.dilate(edges, np.ones((5, 5))))
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2LAB)
    for channel in cv2.split(lab):
        _, cut = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        masks += [cut, cv2.bitwise_not(cut)]
    border = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3),
                             lab[:, :6].reshape(-1, 3), lab[:, -6:].reshape(-1, 3)])  # fmt: skip
    away = np.linalg.norm(lab.astype(np.float32) - np.median(border, axis=0), axis=2)
    masks += [(away > cut).astype(np.uint8) * 255 for cut in (12, 22, 40)]
    kernel = np.ones((9, 9))
    return [np.asarray(cv2.morphologyEx(m, cv2.MORPH_CLOSE, kernel), np.uint8) for m in masks]


def _quads(mask: npt.NDArray[np.uint8]) -> list[Corners]:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    quads = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        hull = cv2.convexHull(contour)
        area = cv2.contourArea(hull)
        if area < 0.08 * mask.size:
            continue
        quads.append(fit_quad(hull))
    return quads


def fit_quad(hull: Any) -> Corners:
    """The four-sided figure that a convex hull nearly is, with sides fitted to its edges."""
    quad = _four_corners(hull)
    fitted = _fit_lines(quad, hull)
    fits = cv2.contourArea(fitted) > 0
    return fitted if fits and 0.9 < cv2.contourArea(hull) / cv2.contourArea(fitted) < 1.1 else quad


def _four_corners(hull: Any) -> Corners:
    around = cv2.arcLength(hull, True)
    for share in (0.02, 0.035, 0.05):
        points = cv2.approxPolyDP(hull, share * around, True)
        if len(points) == 4:
            return _ordered(points.reshape(4, 2).astype(np.float32))
    return _ordered(cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float32))


def _ordered(points: Corners) -> Corners:
    """Clockwise from the corner nearest the top left."""
    middle = points.mean(axis=0)
    turn = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    points = points[np.argsort(turn)]
    return np.roll(points, -int(np.argmin(points.sum(axis=1))), axis=0)


def _fit_lines(quad: Corners, hull: Any) -> Corners:
    """Corners as crossings of lines fitted to each side: sub-pixel, and deaf to round corners."""
    dense = _dense(hull.reshape(-1, 2).astype(np.float32))
    reach = 0.02 * math.dist(quad[0], quad[2])
    lines = []
    for index in range(4):
        a, b = quad[index], quad[(index + 1) % 4]
        length = max(math.dist(a, b), 1.0)
        along = (b - a) / length
        normal = np.array([-along[1], along[0]], np.float32)
        t, d = (dense - a) @ along, (dense - a) @ normal
        near = dense[(t > 0.12 * length) & (t < 0.88 * length) & (np.abs(d) < reach)]
        if len(near) < 8:
            return quad
        vx, vy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((float(vx), float(vy), float(x), float(y)))
    corners = [_crossing(lines[index - 1], lines[index]) for index in range(4)]
    if any(corner is None for corner in corners):
        return quad
    return np.array(corners, np.float32)


def _dense(hull: Corners) -> Corners:
    """Points every two pixels along the hull, so that long straight sides count fully."""
    rows = []
    for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        steps = max(int(math.dist(a, b) / 2), 1)
        rows.append(a + (b - a) * np.linspace(0, 1, steps, endpoint=False)[:, None])
    return np.concatenate(rows).astype(np.float32)


def _crossing(
    p: tuple[float, float, float, float], q: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    det = p[0] * q[1] - p[1] * q[0]
    if abs(det) < 1e-3:
        return None
    t = ((q[2] - p[2]) * q[1] - (q[3] - p[3]) * q[0]) / det
    return p[2] + t * p[0], p[3] + t * p[1]
