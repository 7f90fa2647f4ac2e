"""What strangers' programs say of ours: not part of ``dev.py test``, but of ``dev.py judges``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Its gateway in a process, and the certificates for it, are those of the tests of replication.
sys.path.insert(1, str(Path(__file__).parents[1] / "db" / "sync"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is tried; small unless asked for more."""
    parser.addoption("--kills", type=int, default=3, help="Times that the primary is killed.")
    parser.addoption("--desks", type=int, default=50, help="Desks that write meanwhile.")
