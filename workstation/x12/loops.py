"""Which segments begin which loops, per transaction set; a state machine that takes any order.

A loop is begun by its first segment and holds everything until a segment that belongs further
out. Segments that no rule knows stay in the loop they stand in, so nothing is ever lost.
"""

from __future__ import annotations

from workstation.x12.model import Finding, Loop, Segment

_ELIGIBILITY = {"20": "A", "21": "B", "22": "C", "23": "D"}
_STATUS = {"20": "A", "21": "B", "19": "C", "22": "D", "PT": "D", "23": "E"}
_REVIEW = {"20": "A", "21": "B", "22": "C", "23": "D", "EV": "E", "SS": "F"}
_NM1_LEVEL = {"PR": "20", "2B": "20", "GP": "20", "P5": "20", "1P": "21", "IL": "22", "03": "23"}
_PARENTS = {
    "21": ("20",),
    "22": ("21", "20"),
    "23": ("22",),
    "19": ("21", "20"),
    "PT": ("19", "21"),
}

Starts = dict[str, tuple[str, int]]
"""Tag to the loop it begins (``?`` stands for the letter of the level) and its depth below HL."""

_INQUIRY: Starts = {
    "NM1": ("2100?", 1),
    "EQ": ("2110?", 2),
    "EB": ("2110?", 2),
    "III": ("2115?", 3),
}
_CLAIM_STATUS: Starts = {"NM1": ("2100?", 1), "TRN": ("2200?", 1), "SVC": ("2220?", 2)}
_SERVICE_REVIEW: Starts = {"NM1": ("2010?", 1)}
_PAYMENT: Starts = {"LX": ("2000", 1), "CLP": ("2100", 2), "SVC": ("2110", 3), "PLB": ("PLB", 1)}
_ACKNOWLEDGEMENT: Starts = {
    "AK2": ("2000", 1),
    "IK3": ("2100", 2),
    "AK3": ("2100", 2),
    "IK4": ("2110", 3),
    "AK4": ("2110", 3),
}
_BENEFIT = 2
"""Depth of the loop of an EB; what it names (2120) and where it holds (2115) stand in it."""
_DEEPEST = 3
_BACK_TO_BENEFIT = frozenset({"MSG", "HSD", "DTP", "REF", "AAA", "LS", "LE"})


class _Builder:
    """Opens loops by depth; opening one closes all at its depth or deeper."""

    def __init__(self, root: Loop) -> None:
        self.restart(root, -1)

    def restart(self, loop: Loop, depth: int) -> None:
        """Only this loop is open."""
        self.here = loop
        self.depth = depth
        # At each depth down to one below here, the loop that one beginning there would go into.
        self._into = [loop] * (_DEEPEST + 2)

    def begin(self, name: str, depth: int, segment: Segment) -> None:
        """A new loop with its first segment."""
        while self.depth + 1 < depth:
            # The file leaves out the loop between: its place is taken by the one above.
            self.depth += 1
            self._into[self.depth + 1] = self.here
        loop = Loop(name, segment)
        self._into[depth].loops.append(loop)
        self._into[depth + 1] = loop
        self.here = loop
        self.depth = depth

    def close_to(self, depth: int) -> None:
        """Closes everything deeper than ``depth``."""
        if self.depth > depth:
            self.here = self._into[depth + 1]
            self.depth = depth


def build_loops(kind: str, segments: list[Segment], findings: list[Finding]) -> Loop:
    """The loop tree of one transaction; what looks wrong goes to ``findings``, nothing raises."""
    root = Loop("ST")
    if kind in ("270", "271"):
        _by_levels(root, segments, _ELIGIBILITY, _INQUIRY, findings)
    elif kind in ("276", "277"):
        _by_levels(root, segments, _STATUS, _CLAIM_STATUS, findings)
    elif kind == "278":
        _by_levels(root, segments, _REVIEW, _SERVICE_REVIEW, findings)
    elif kind == "835":
        _flat(root, segments, _PAYMENT)
    elif kind in ("999", "997"):
        _flat(root, segments, _ACKNOWLEDGEMENT)
    else:
        root.segments.extend(segments)
    return root


def _flat(root: Loop, segments: list[Segment], starts: Starts) -> None:
    builder = _Builder(root)
    for segment in segments:
        start = starts.get(segment.tag)
        if start is not None:
            builder.begin(start[0], start[1], segment)
        elif segment.tag == "N1" and builder.depth <= 1 and starts is _PAYMENT:
            builder.begin("1000A" if segment.get(1) == "PR" else "1000B", 1, segment)
        elif segment.tag == "SE":
            root.segments.append(segment)
        else:
            builder.here.segments.append(segment)


def _by_levels(
    root: Loop,
    segments: list[Segment],
    letters: dict[str, str],
    starts: Starts,
    findings: list[Finding],
) -> None:
    levels = _Levels(root, letters, findings)
    walker = _Walker(levels, starts)
    has_levels = any(segment.tag == "HL" for segment in segments)
    for segment in segments:
        tag = segment.tag
        if tag == "HL":
            walker.enter(levels.begin(segment))
        elif tag == "SE":
            root.segments.append(segment)
        elif not has_levels and tag == "NM1" and levels.begin_without_hl(segment, walker.depth):
            walker.enter(levels.current)
            walker.take(segment)
        else:
            walker.take(segment)


class _Levels:
    """The HL loops: by their parent numbers where those make sense, else by the order of levels."""

    def __init__(self, root: Loop, letters: dict[str, str], findings: list[Finding]) -> None:
        self.root = root
        self.letters = letters
        self.findings = findings
        self.current = root
        self.letter = ""
        self.level = ""
        self._by_number: dict[str, tuple[str, Loop]] = {}
        self._latest: dict[str, Loop] = {}
        self._order: list[tuple[str, Loop]] = []
        self._told = False

    def begin(self, segment: Segment) -> Loop:
        """A new level from its HL segment."""
        number, parent, level = segment.get(1), segment.get(2), segment.get(3)
        letter = self.letters.get(level)
        if letter is None:
            self._find("unknown_level", f"HL level {level!r} is not known here.", segment)
            letter = "?"
        if number in self._by_number:
            self._find("repeated_level", "Two HL segments have the same number.", segment)
        loop = Loop(f"2000{letter}", segment)
        self._parent(parent, level, segment).loops.append(loop)
        self._by_number[number] = (level, loop)
        self._enter(level, letter, loop)
        return loop

    def begin_without_hl(self, segment: Segment, depth: int) -> bool:
        """For files without any HL: a name outside the benefits tells the level."""
        level = _NM1_LEVEL.get(segment.get(1))
        if level is None or (depth >= 2 and level not in ("22", "23")):
            return False
        if not self._told:
            self._told = True
            self._find("no_levels", "There are no HL segments; names tell the levels.", segment)
        letter = self.letters.get(level, "?")
        loop = Loop(f"2000{letter}")
        self._parent("", level, segment).loops.append(loop)
        self._enter(level, letter, loop)
        return True

    def _enter(self, level: str, letter: str, loop: Loop) -> None:
        self._latest[level] = loop
        self.current, self.letter, self.level = loop, letter, level

    def _parent(self, number: str, level: str, segment: Segment) -> Loop:
        wanted = _PARENTS.get(level)
        named = self._by_number.get(number) if number else None
        if named is not None and (wanted is None or named[0] in wanted):
            return named[1]
        if number:
            self._find("odd_parent", "The parent of this HL is not where it should be.", segment)
        for candidate in wanted or ():
            if candidate in self._latest:
                return self._latest[candidate]
        return self.root

    def _find(self, code: str, say: str, segment: Segment) -> None:
        self.findings.append(Finding(code, say, segment.number))


class _Walker:
    """Puts the segments of one HL level into its inner loops."""

    def __init__(self, levels: _Levels, starts: Starts) -> None:
        self._levels = levels
        self._starts = starts
        self._named: Starts = {}
        """The same with the letter of the level; empty before the first level."""
        self._builder = _Builder(levels.root)
        self._benefits = starts is _INQUIRY
        self._bracket = False
        self.depth = -1

    def enter(self, loop: Loop) -> None:
        """Begins at a level's own loop."""
        letter = self._levels.letter
        self._named = {
            tag: (name.replace("?", letter), depth) for tag, (name, depth) in self._starts.items()
        }
        self._builder.restart(loop, 0)
        self._bracket = False
        self.depth = 0

    def take(self, segment: Segment) -> None:
        """One segment that is no HL."""
        tag = segment.tag
        builder = self._builder
        start = self._named.get(tag)
        if start is None or start[1] > _BENEFIT > builder.depth:
            if self._benefits and builder.depth >= _BENEFIT and tag in _BACK_TO_BENEFIT:
                self._end_of_named(tag)
            builder.here.segments.append(segment)
        elif tag == "NM1" and self._benefits and builder.depth >= _BENEFIT:
            builder.begin("2120" + self._levels.letter, _BENEFIT + 1, segment)
        else:
            self._bracket = False
            self.depth = start[1]
            builder.begin(start[0], start[1], segment)

    def _end_of_named(self, tag: str) -> None:
        """Back from what a benefit names to the benefit; in LS to LE, a REF is of the name."""
        if tag == "LS" or tag == "LE":
            self._bracket = tag == "LS"
        elif self._bracket and tag == "REF":
            return
        self._builder.close_to(_BENEFIT)
