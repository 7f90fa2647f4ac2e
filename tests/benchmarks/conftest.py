"""Every benchmark fills a table; it is printed when the benchmark ends."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator

import pytest
from figures import Table


@pytest.fixture(scope="session", autouse=True)
def machine() -> None:
    """What the figures depend on, said first."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"\nPython {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"load {load:.1f}. Trust the ratios: the rest depends on the machine."
    )


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Titled by the first line of the benchmark's docstring."""
    made = Table((request.function.__doc__ or request.node.name).strip().splitlines()[0])
    yield made
    print(made)
