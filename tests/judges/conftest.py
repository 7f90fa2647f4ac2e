"""What strangers' programs say of ours: not part of ``dev.py test``, but of ``dev.py judges``."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is tried; small unless asked for more."""
    parser.addoption("--kills", type=int, default=3, help="Times that the primary is killed.")
    parser.addoption("--desks", type=int, default=50, help="Desks that write meanwhile.")
