"""What was scanned in a check-in that is not done: suggestions that wait for a person, never facts.

A scan stands beside the draft in the walk: Back does not take it away, and no answer comes of it
that a person did not accept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workstation.interview.model import Draft, PageId
from workstation.interview.paths import get

CARD, LICENCE = "card", "licence"


@dataclass(frozen=True, slots=True)
class Left:
    """An answer as the scan found or left it: another one since is a person's decision."""

    key: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One card or licence, as it was read for a place of the draft."""

    source: str
    place: int = -1
    """Of the coverage that a card is for."""
    reading: str = ""
    """JSON of ``workstation.capture.kept``; empty where it says nothing of any place."""
    number: int = 0
    """Counts the scans of a check-in: its pictures lie under it beside the draft."""
    left: tuple[Left, ...] = ()
    passed: tuple[str, ...] = ()
    """Questions at which Continue was held once for a look, and then went on."""
    fill: bool = True
    """False where the licence may be another person's: it only tells what differs."""
    filed: bool = False
    """Its pictures are among the documents of the person."""

    def of_nowhere(self) -> Scan:
        """A card whose place is not known any more: its pictures are still to be filed."""
        return self if self.source != CARD else Scan(CARD, number=self.number)

    def same_as(self, other: Scan) -> bool:
        """Whether it is of the same thing for the same place, which only the newer one is."""
        return (self.source, self.place) == (other.source, other.place)


_PAGES = {
    "identity": PageId.IDENTITY,
    "address": PageId.CONTACT,
    "coverages": PageId.COVERAGE,
}


def answer_text(draft: Draft, key: str) -> str:
    """The answer of now as :class:`Left` keeps it."""
    found: Any = get(draft, key)
    return "" if found is None else str(found)


def unsettled(scans: tuple[Scan, ...], draft: Draft, page: PageId) -> tuple[str, ...]:
    """Questions of a page whose reading nobody compared: Continue went past it, and the answer is
    still as the scan left it."""
    keys = []
    for scan in scans:
        left = {one.key: one.answer for one in scan.left}
        keys += [
            key
            for key in scan.passed
            if _PAGES.get(key.partition(".")[0]) is page
            and answer_text(draft, key) == left.get(key, "")
        ]
    return tuple(dict.fromkeys(keys))
