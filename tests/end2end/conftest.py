"""What the tests of whole processes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from packaging_scripts import loaded
from watched_tour import WatchedTour, watched_tour


@pytest.fixture
def screen() -> Iterator[str]:
    """The ``DISPLAY`` of a virtual screen of its own, whose clipboard is nobody else's."""
    with loaded("dev").VirtualScreen() as display:
        yield display


@pytest.fixture(scope="session")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedTour]:
    """One whole tour, of which several tests ask what they want to know."""
    with watched_tour(tmp_path_factory.mktemp("tour")) as tour:
        yield tour
