"""Nothing of a patient outside the encrypted store: not in logs, file names, files or processes.

The pictures and the receipt that the tour was asked to write are the exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from watched_tour import WatchedTour

from workstation.demo.live import LiveDemo

pytestmark = pytest.mark.timeout(300)
"""A whole tour on a busy machine."""

_PART = re.compile(r"\d+|[^\W\d_]+")
_KINDS = ("name", "born", "phone", "mrn", "member")


@dataclass(frozen=True)
class Sign:
    """What gives a person away: one word, or two that stand close together."""

    person: int
    kind: str
    words: tuple[str, ...]
    parts: frozenset[str]
    """Without each of these a text needs no closer look."""

    def stands_in(self, text: str, parts: set[str]) -> bool:
        if not (self.parts <= parts and all(word in text for word in self.words)):
            return False
        near = ".{0,20}".join(map(re.escape, self.words))
        return re.search(rf"(?<![^\W_]){near}(?![^\W_])", text) is not None


def _sign(person: int, kind: str, *words: str) -> Sign:
    small = tuple(word.casefold() for word in words)
    return Sign(person, kind, small, frozenset(_PART.findall(" ".join(small))))


def _signs(people: list[dict[str, Any]], covers: list[dict[str, Any]]) -> Iterator[Sign]:
    for number, person in enumerate(people):
        yield _sign(number, "name", person["last"], person["first"])
        yield _sign(number, "name", person["first"], person["last"])
        born = date.fromisoformat(person["dob"])
        for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d %b %Y"):
            yield _sign(number, "born", f"{born:{form}}")
        for phone in person["phones"]:
            digits = re.sub(r"\D", "", phone)
            for dialled in (phone, digits, f"1{digits}"):
                yield _sign(number, "phone", dialled)
        if person["mrn"]:
            yield _sign(number, "mrn", person["mrn"])
        for cover in covers:
            if cover["person_id"] == person["id"] and cover["member_id"]:
                yield _sign(number, "member", cover["member_id"])


def given_away(text: str, signs: list[Sign]) -> list[tuple[int, str]]:
    """Whom the text gives away, and by what."""
    text = text.casefold()
    parts = set(_PART.findall(text))
    return [(sign.person, sign.kind) for sign in signs if sign.stands_in(text, parts)]


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> list[Sign]:
    """Of everybody the demo knows: its store is made of the same dice each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTICO_KEY_FILE", str(tmp_path_factory.mktemp("key") / "demo.key"))
        with LiveDemo() as demo:
            reader = demo.workstation.store.read()
            return list(_signs(reader.find("person"), reader.find("coverage")))


def test_the_files_of_the_tour_were_looked_at(toured: WatchedTour) -> None:
    assert any("logs" in where for where in toured.seen)
    assert any(where.endswith("store.db") for where in toured.seen)
    assert any(where.startswith("process ") for where in toured.seen)


def test_the_signs_find_what_they_are_for(signs: list[Sign]) -> None:
    plain = "OKAFOR-DIAZ, Maria 1985-03-03 mrn_0048213 LSB123456789 (512) 555-0103"
    [maria] = {person for person, kind in given_away(plain, signs) if kind == "mrn"}
    assert {kind for person, kind in given_away(plain, signs) if person == maria} == {*_KINDS}
    assert len({sign.person for sign in signs}) >= 300
    assert {sign.kind for sign in signs} == {*_KINDS}


def test_nobody_is_given_away(toured: WatchedTour, signs: list[Sign]) -> None:
    found = {
        where: given_away(content.decode("utf-8", "replace"), signs)
        for where, content in toured.seen.items()
    }
    assert {where: who for where, who in found.items() if who} == {}
    assert given_away(toured.said, signs) == []
