"""Finds where a PDF417 symbol lies in a picture and turns it upright."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from workstation.capture.crop import fit_quad, rectify

Gray = npt.NDArray[np.uint8]

_WORK = 1000  # longer side, in pixels, at which the search runs
_MOST = 3  # blobs looked at, largest first


def straightened_candidates(gray: Gray) -> Iterator[Gray]:
    """Crops that may hold a PDF417, rows level, cut from the picture at its full resolution."""
    factor = min(1.0, _WORK / max(gray.shape))
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    gx = np.asarray(cv2.Scharr(small, cv2.CV_32F, 1, 0), np.float32)
    gy = np.asarray(cv2.Scharr(small, cv2.CV_32F, 0, 1), np.float32)
    for blob in _blobs(gx, gy):
        tilt = _tilt(gx, gy, blob)
        crop = _cut(gray, blob, tilt, factor)
        if min(crop.shape) >= 20:
            yield crop


def squared(crop: Gray) -> Gray | None:
    """The symbol of a level crop with its perspective taken out; None where no symbol stands free.

    A phone held askew leaves rows that climb by five per cent, which the decoder does not follow.
    """
    _, dark = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    reach = max(int(crop.shape[1] * 0.018), 5)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((reach, reach)))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    height, width = crop.shape
    free = [
        contour
        for contour in contours
        if (box := cv2.boundingRect(contour))[0] > 1
        and box[1] > 1
        and box[0] + box[2] < width - 1
        and box[1] + box[3] < height - 1
        and cv2.contourArea(contour) > 0.15 * crop.size
    ]
    if not free:
        return None
    quad = fit_quad(cv2.convexHull(max(free, key=cv2.contourArea)))
    middle = quad.mean(axis=0)
    quiet = 1 + 24 / max(width, 1)
    return rectify(crop, (middle + (quad - middle) * quiet).astype(np.float32), width)


def _blobs(gx: npt.NDArray[np.float32], gy: npt.NDArray[np.float32]) -> list[Gray]:
    """Masks of the regions densest in edges, largest first."""
    energy = cv2.blur(cv2.magnitude(gx, gy), (17, 17))
    peak = float(np.percentile(energy, 99.5)) or 1.0
    found: list[tuple[float, Gray]] = []
    for share in (0.45, 0.3):
        mask = (energy > share * peak).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((13, 13))), np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((15, 15))), np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        for index in range(1, count):
            area = float(stats[index, cv2.CC_STAT_AREA])
            if area > 0.004 * mask.size:
                found.append((area, (labels == index).astype(np.uint8)))
    found.sort(key=lambda pair: -pair[0])
    return [mask for _, mask in found[: _MOST + 2]]


def _tilt(gx: npt.NDArray[np.float32], gy: npt.NDArray[np.float32], blob: Gray) -> float:
    """Angle of the symbol's rows in degrees, from the mean gradient orientation of its bars."""
    inside = cv2.erode(blob, np.ones((9, 9))) > 0
    x, y = gx[inside].astype(np.float64), gy[inside].astype(np.float64)
    return math.degrees(0.5 * math.atan2(float((2 * x * y).sum()), float((x * x - y * y).sum())))


def _cut(gray: Gray, blob: Gray, tilt: float, factor: float) -> Gray:
    points = cv2.findNonZero(blob).reshape(-1, 2).astype(np.float64)
    rad = math.radians(tilt)
    along = np.array([math.cos(rad), math.sin(rad)])
    across = np.array([-math.sin(rad), math.cos(rad)])
    u, v = points @ along, points @ across
    pad = 0.04 * float(u.max() - u.min()) + 8
    u0, u1 = float(u.min()) - pad, float(u.max()) + pad
    v0, v1 = float(v.min()) - pad, float(v.max()) + pad
    origin = (along * u0 + across * v0) / factor
    width, height = int((u1 - u0) / factor), int((v1 - v0) / factor)
    if width * height > 12_000_000:  # a crop never grows beyond a camera picture
        return gray[:1, :1]
    place = np.array(
        [[along[0], across[0], origin[0]], [along[1], across[1], origin[1]]], dtype=np.float64
    )
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(gray, place, (width, height), flags=flags, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)
