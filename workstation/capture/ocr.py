"""Reads the text of a straightened card: lines with places, scores and doubts per character.

The engine is RapidOCR (PP-OCR models inside its wheel, so nothing is ever downloaded) without its
direction classifier, which turned 9999 into 6666 with full confidence.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from workstation.capture.images import Picture
from workstation.capture.label_spelling import folded

Quad = npt.NDArray[np.float32]

_ACCENT_SURE = 0.97
_TURNED = 0.90  # mean score below which the text may stand upside down
_MIRRORED = 0.85  # and below which it may be mirrored, as a camera turned to the person does
_DOUBT = {"": 0.0, "turned": 0.03, "mirrored": 0.12, "mirrored and turned": 0.12}
"""By how much each way of putting a picture must read better than as it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. ``box`` is left, top, right, bottom in pixels, levelled by the text's own
    tilt; ``quad`` its four corners in the upright picture; ``sure`` one value per character."""

    text: str
    score: float
    sure: tuple[float, ...]
    box: tuple[float, float, float, float]
    quad: tuple[float, ...] = ()
    side: int = 0

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one side from top to bottom, and the picture as it stands upright."""

    lines: tuple[Line, ...]
    picture: Picture
    score: float
    turned: int  # degrees clockwise by which the picture was turned
    mirrored: bool = False  # whether the picture was flipped left to right, after turning


class TextReader:
    """One loaded engine; for one thread at a time, each further thread takes a :meth:`twin`."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        engine = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Det.limit_side_len": 736,
                # One line at a time: lines padded to the longest of six took a third longer.
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        # Detection and recognition are driven apart to get the sureness of each character.
        self._detect = engine._load_det_model()  # type: ignore[no-untyped-call]
        self._recognise = engine._load_rec_model()  # type: ignore[no-untyped-call]

    def twin(self) -> TextReader:
        """A reader for another thread on the same networks.

        A network answers several threads at once; what prepares its pictures remembers the last.
        """
        other = copy.copy(self)
        other._detect = copy.copy(self._detect)
        other._recognise = copy.copy(self._recognise)
        return other

    def read(self, picture: Picture) -> Text:
        """All text of a side, whichever way up it lies."""
        quads = self._quads(picture)
        if not quads:
            return Text((), picture, 0.0, 0)
        turned = 0
        if _stands_sideways(quads):
            quads, picture, turned = _turn_quarter(quads, picture), _quarter(picture), 90
        crops = [_cut(picture, quad) for quad in quads]
        read = self.recognise(crops)
        score = _mean_score(read)
        way = self._better_way(crops, read) if score < _TURNED else None
        if way is not None:
            picture, quads = _put(picture, quads, way)
            turned += 180 * ("turned" in way)
            read = self.recognise([_cut(picture, quad) for quad in quads])
            score = _mean_score(read)
        lines = _levelled(quads, read, picture.shape)
        return Text(tuple(lines), picture, score, turned, way is not None and "mirrored" in way)

    def recognise(self, crops: list[Picture]) -> list[tuple[str, tuple[float, ...]]]:
        """Text and sureness per character of pictures of single lines, in their order."""
        from rapidocr.ch_ppocr_rec.typings import TextRecInput

        if not crops:
            return []
        answer = self._recognise(TextRecInput(img=crops, return_word_box=True))
        return [
            _stripped(text, tuple(float(c) for c in (word.confs or [0.0])))
            for text, word in zip(answer.txts, answer.word_results, strict=True)
        ]

    def _quads(self, picture: Picture) -> list[Quad]:
        found = self._detect(picture)
        if found.boxes is None:
            return []
        quads = [np.asarray(box, np.float32) for box in found.boxes]
        return [quad for quad in quads if not _is_rim(quad, picture.shape[1])]

    def _better_way(self, crops: list[Picture], read: Any) -> str | None:
        """How the picture has to be put so that its longest lines read better; None: as it is."""
        widest = sorted(range(len(crops)), key=lambda i: -crops[i].shape[1] / crops[i].shape[0])[:8]
        found = {"": _mean_score([read[i] for i in widest])}
        for way in ("turned", "mirrored", "mirrored and turned"):
            if way != "turned" and max(found.values()) >= _MIRRORED:
                break
            found[way] = _mean_score(self.recognise([_flipped(crops[i], way) for i in widest]))
        best = max(found, key=lambda way: found[way] - _DOUBT[way])
        return best or None


def _flipped(picture: Picture, way: str) -> Picture:
    how = {"turned": -1, "mirrored": 1, "mirrored and turned": 0}[way]
    return np.asarray(cv2.flip(picture, how), np.uint8)


def _put(picture: Picture, quads: list[Quad], way: str) -> tuple[Picture, list[Quad]]:
    """The picture and its lines another way round; corners stay in reading order."""
    height, width = picture.shape[:2]
    across, down = way != "mirrored and turned", way != "mirrored"
    order = {"turned": (2, 3, 0, 1), "mirrored": (1, 0, 3, 2), "mirrored and turned": (3, 2, 1, 0)}
    moved = []
    for quad in quads:
        x = width - quad[:, 0] if across else quad[:, 0]
        y = height - quad[:, 1] if down else quad[:, 1]
        moved.append(np.stack([x, y], axis=1)[list(order[way])].astype(np.float32))
    return _flipped(picture, way), moved


def _stripped(text: str, sure: tuple[float, ...]) -> tuple[str, tuple[float, ...]]:
    """Without spaces at the ends; sureness stays aligned with the characters."""
    if len(sure) != len(text):
        sure = (min(sure, default=0.0),) * len(text)
    # American cards print few accents: an unsure one is dirt.
    chars = zip(text, sure, strict=True)
    text = "".join(
        char if how > _ACCENT_SURE and char.isalpha() else folded(char) for char, how in chars
    )
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return text[start:end], sure[start:end]


def _mean_score(read: list[tuple[str, tuple[float, ...]]]) -> float:
    sure = [value for _, values in read for value in values]
    return sum(sure) / len(sure) if sure else 0.0


def _sides(quad: Quad) -> tuple[float, float]:
    across = (math.dist(quad[0], quad[1]) + math.dist(quad[3], quad[2])) / 2
    down = (math.dist(quad[0], quad[3]) + math.dist(quad[1], quad[2])) / 2
    return across, down


def _stands_sideways(quads: list[Quad]) -> bool:
    tall = sum(down for across, down in map(_sides, quads) if down > 1.5 * across)
    wide = sum(across for across, down in map(_sides, quads) if across > 1.5 * down)
    return tall > wide


def _quarter(picture: Picture) -> Picture:
    return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), dtype=np.uint8)


def _is_rim(quad: Quad, width: int) -> bool:
    """A speck on the picture's left or right rim: the card's own edge, not text."""
    left, right = float(np.min(quad[:, 0])), float(np.max(quad[:, 0]))
    return right - left < 0.03 * width and (left < 0.012 * width or right > 0.988 * width)


def _turn_quarter(quads: list[Quad], picture: Picture) -> list[Quad]:
    height = picture.shape[0]
    turned = [np.stack([height - q[:, 1], q[:, 0]], axis=1) for q in quads]
    return [np.roll(q, 1, axis=0).astype(np.float32) for q in turned]


def _cut(picture: Picture, quad: Quad) -> Picture:
    across, down = _sides(quad)
    size = (max(int(across), 4), max(int(down), 4))
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    place = cv2.getPerspectiveTransform(quad, target)
    return np.asarray(
        cv2.warpPerspective(
            picture, place, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        dtype=np.uint8,
    )


def _levelled(
    quads: list[Quad], read: list[tuple[str, tuple[float, ...]]], shape: tuple[int, ...]
) -> list[Line]:
    """Lines with level boxes: places are turned by the text's own tilt, the picture stays."""
    tilt = _text_tilt(quads)
    middle = np.array([shape[1] / 2, shape[0] / 2], np.float32)
    spin = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    lines = []
    for quad, (text, sure) in zip(quads, read, strict=True):
        if not text or sum(sure) / len(sure) < 0.45:
            continue
        level = (quad - middle) @ spin + middle
        across, down = _sides(quad)
        x, y = level.mean(axis=0)
        half, tall = across / 2, down / 2
        box = (float(x - half), float(y - tall), float(x + half), float(y + tall))
        corners = tuple(float(v) for v in quad.ravel())
        lines.append(Line(text, sum(sure) / len(sure), sure, box, corners))
    return sorted(lines, key=lambda line: (line.middle, line.box[0]))


def _text_tilt(quads: list[Quad]) -> float:
    tilts = []
    for quad in quads:
        across, down = _sides(quad)
        if across > 4 * down:
            tilts.append(math.atan2(float(quad[1][1] - quad[0][1]), float(quad[1][0] - quad[0][0])))
    return float(np.median(tilts)) if tilts else 0.0
