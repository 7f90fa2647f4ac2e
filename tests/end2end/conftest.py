"""What the tests of whole processes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from packaging_scripts import loaded


@pytest.fixture
def screen() -> Iterator[str]:
    """The ``DISPLAY`` of a virtual screen of its own, whose clipboard is nobody else's."""
    with loaded("dev").VirtualScreen() as display:
        yield display
