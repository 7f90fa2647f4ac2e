"""Finds labels in the text of a card and the values that belong to them by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workstation.capture.label_guess import guessed_label, smudged_word
from workstation.capture.label_spelling import mended
from workstation.capture.label_words import LABELS
from workstation.capture.ocr import Line


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at one place of a line; ``inline`` is the text after it up to the next label."""

    key: str
    line: Line
    start: int
    end: int
    inline: str
    guessed: bool = False
    """Misread so badly that a person has to look at what it labels."""

    @property
    def is_prose(self) -> bool:
        """A label word in the middle of a sentence is no label; one with a colon is."""
        said = any(char.isdigit() for char in self.inline)
        colon = ":" in self.line.text[self.start : self.end]
        return self.start > 1 and not said and not colon and len(self.line.text.split()) > 7

    @property
    def left(self) -> float:
        """Estimated left edge of the label in pixels."""
        share = self.start / max(len(self.line.text), 1)
        return self.line.box[0] + share * (self.line.box[2] - self.line.box[0])


@dataclass(frozen=True, slots=True)
class Pairing:
    """A text that may be a label's value. ``trust`` 0 to 1: same line, beside, below."""

    text: str
    line: Line
    trust: float
    mark: Mark


def marks_in(line: Line) -> list[Mark]:
    """Labels of one line, left to right, not overlapping."""
    text = line.text
    spans: list[tuple[int, int, int, str]] = []
    for order, (key, pattern) in enumerate(LABELS):
        spans += [(m.start(), -m.end(), order, key) for m in pattern.finditer(mended(text))]
    spans.sort()
    kept: list[tuple[int, int, str]] = []
    for start, minus_end, _, key in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, -minus_end, key))
    marks = []
    for index, (start, end, key) in enumerate(kept):
        stop = kept[index + 1][0] if index + 1 < len(kept) else len(text)
        smudge = smudged_word(text[end:stop])
        inline = text[end + smudge : stop].strip(" :#-/|,;")
        marks.append(Mark(key, line, start, end + smudge, inline, guessed=smudge > 0))
    return marks


# Labels so telling that the text before them on the same line belongs to another label.
_PARTS = frozenset(
    {"rx_bin", "rx_pcn", "rx_group", "rx_id", "payer_id", "member_id", "group", "group_name"}
    | {"effective", "dependents", "issuer", "member_name"}
)


def parted(line: Line) -> Iterator[Line]:
    """A line cut before each telling label in its midst: columns that stand close are read as one.

    The parts keep the four corners of the whole, from which the line is looked at again.
    """
    cuts = [
        mark.start
        for mark in marks_in(line)
        if mark.key in _PARTS and mark.start > 2 and not mark.is_prose and _apart(line.text, mark)
    ]
    wide = (line.box[2] - line.box[0]) / max(len(line.text), 1)
    for start, stop in zip([0, *cuts], [*cuts, len(line.text)], strict=True):
        text = line.text[start:stop]
        kept = text.rstrip()
        if kept:
            left = line.box[0] + start * wide
            box = (left, line.box[1], left + len(kept) * wide, line.box[3])
            yield replace(line, text=kept, sure=line.sure[start : start + len(kept)], box=box)


def _apart(text: str, mark: Mark) -> bool:
    """``Member Name`` is one label, ``J SMITH Group 123`` is not: what stands before is a value."""
    before = text[: mark.start].strip(" :#.")
    if before.upper().endswith("PCP"):
        return False  # since when somebody has this doctor
    return mark.key != "member_name" or (len(before.split()) > 1 and "name" in text.lower())


_NEAR = 6.0  # line heights
_GUESSED = 0.84  # what a guessed label leaves of trust: always less than settles a value


def _guessed(line: Line) -> list[Mark]:
    """The misread label that a line without any other begins with."""
    found = guessed_label(line.text)
    if found is None:
        return []
    key, end = found
    return [Mark(key, line, 0, end, line.text[end:].strip(" :#-/|,;"), guessed=True)]


def begins_with_label(line: Line) -> bool:
    """Whether a line begins with a label, so that it is nobody's value."""
    return any(mark.start <= 1 for mark in marks_in(line))


class Layout:
    """All lines of one side with their labels; answers which texts stand beside and below."""

    def __init__(self, whole: Sequence[Line]) -> None:
        lines = [part for line in whole for part in parted(line)]
        self.lines = tuple(lines)
        self.marks = [mark for line in lines for mark in marks_in(line) or _guessed(line)]
        self._labelled = {id(mark.line) for mark in self.marks if mark.start <= 1}
        self.width = max((line.box[2] for line in lines), default=1.0)

    def pairings(self, *keys: str) -> list[Pairing]:
        """Possible values of the labels ``keys``, most trusted first for each label."""
        found: list[Pairing] = []
        for mark in self.marks:
            if mark.key not in keys or mark.is_prose:
                continue
            near = [Pairing(mark.inline, mark.line, 1.0, mark)] if mark.inline else []
            if len(mark.inline) < 3:
                near += self._around(mark)
            sure = _GUESSED if mark.guessed else 1.0
            found += [replace(pair, trust=pair.trust * sure) for pair in near]
        return found

    def is_label(self, line: Line) -> bool:
        """Whether a line begins with a label, so that it is nobody's value."""
        return id(line) in self._labelled

    def _around(self, mark: Mark) -> list[Pairing]:
        found = []
        last_on_line = mark.end >= len(mark.line.text.rstrip()) - len(mark.inline)
        beside = self.beside(mark.line) if last_on_line else None
        if beside is not None and not self.is_label(beside):
            # Far to the right begins another column: what stands right below then comes first.
            near = beside.box[0] - mark.line.box[2] < _NEAR * mark.line.height
            found.append(Pairing(beside.text, beside, 0.96 if near else 0.92, mark))
        for step, below in enumerate(self.below(mark.line, mark.left)[:2]):
            if self.is_label(below):
                break
            found.append(Pairing(_from(below, mark.left), below, 0.93 - 0.1 * step, mark))
        return found

    def beside(self, line: Line) -> Line | None:
        """The nearest line to the right on the same baseline, within half a card."""
        near = [
            other
            for other in self.lines
            if other is not line
            and other.box[0] >= line.box[2] - 1.2 * line.height
            and other.box[0] > line.box[0] + line.height
            and _shares_baseline(line, other)
            and other.box[0] - line.box[2] < 0.6 * self.width
        ]
        return min(near, key=lambda other: other.box[0], default=None)

    def before(self, line: Line) -> Line | None:
        """The nearest line to the left on the same baseline, within a quarter of a card."""
        near = [
            other
            for other in self.lines
            if other is not line
            and other.box[2] <= line.box[0] + 1.2 * line.height
            and other.box[0] < line.box[0] - line.height
            and _shares_baseline(line, other)
            and line.box[0] - other.box[2] < 0.25 * self.width
        ]
        return max(near, key=lambda other: other.box[2], default=None)

    def below(self, line: Line, left: float) -> list[Line]:
        """Lines underneath in the same column, nearest first, at most three line heights away."""
        near = [
            other
            for other in self.lines
            if other.middle > line.middle + 0.5 * min(line.height, other.height)
            and other.box[1] - line.box[3] < 2.2 * max(line.height, other.height)
            and _same_column(line, other, left)
        ]
        return sorted(near, key=lambda other: (other.middle, abs(other.box[0] - left)))

    def above(self, line: Line) -> Line | None:
        """The line directly over another in the same column."""
        near = [
            other
            for other in self.lines
            if other.middle < line.middle - 0.5 * line.height
            and line.box[1] - other.box[3] < 1.2 * line.height
            and _same_column(line, other, line.box[0])
        ]
        return max(near, key=lambda other: other.middle, default=None)


def _shares_baseline(a: Line, b: Line) -> bool:
    overlap = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return overlap > 0.5 * min(a.height, b.height)


def _same_column(line: Line, other: Line, left: float) -> bool:
    reach = 1.3 * max(line.height, other.height)
    if abs(other.box[0] - left) < reach:
        return True
    centre = (line.box[0] + line.box[2]) / 2
    other_centre = (other.box[0] + other.box[2]) / 2
    if abs(centre - other_centre) < reach:
        return True
    return other.box[0] < left - reach and other.box[2] > left + reach and " " in other.text


def _from(line: Line, left: float) -> str:
    """The part of a line that begins under ``left``, when one line holds several columns."""
    if line.box[0] >= left - 1.5 * line.height:
        return line.text
    width = max(line.box[2] - line.box[0], 1.0)
    target = (left - line.box[0]) / width * len(line.text)
    starts = [i for i, c in enumerate(line.text) if i == 0 or line.text[i - 1] == " "]
    best = min(starts, key=lambda start: abs(start - target))
    return line.text[best:]
