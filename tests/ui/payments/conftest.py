"""One living demo for a module: a real store, simulated payers, a terminal that taps by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workstation.compose import Workstation
from workstation.demo.live import LiveDemo, Simulator


@pytest.fixture(scope="module")
def workstation() -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTICO_TERMINAL_KEY", "rk_demo")
        patch.setenv("PORTICO_CORE_PASSWORD", "demo")
        simulator = Simulator("--payer-port", "0", "--terminal-port", "0", "--auto-tap-ms", "200")
        try:
            with LiveDemo(simulator=simulator) as demo:
                behind = demo.workstation.start_background(lambda _: None, lambda _: None)
                yield demo.workstation
                behind.stop()
                for driver in demo.workstation._outside.drivers.values():
                    driver._client.close()  # type: ignore[attr-defined]
        finally:
            simulator.close()
