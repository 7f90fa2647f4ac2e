"""A living demo: a throw-away store, the simulator on loopback, and the day filled in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from workstation.at_the_desk import UseCases
from workstation.compose import Workstation, make_workstation
from workstation.demo import hospital
from workstation.demo.build import fill
from workstation.facility.settings import Settings
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import PorticoError


class Simulator:
    """``portico-sim serve`` as a child process; it ends with this object, or with this process."""

    def __init__(self, *options: str) -> None:
        program = Path(sys.executable).with_name("portico-sim")
        command = [str(program), "serve", "--with-parent", *options]
        self._process = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise PorticoError(
                "simulator_silent",
                "The simulator of payers and terminal did not start.",
                "Run portico-sim serve by hand to see why.",
            )
        self.told: dict[str, Any] = json.loads(line)

    def close(self) -> None:
        """Ends the child process."""
        self._process.terminate()
        self._process.wait(timeout=10)
        for pipe in (self._process.stdout, self._process.stdin):
            if pipe is not None:
                pipe.close()


_PREFIX = "portico-demo-"


def sweep() -> None:
    """Throws away the stores of demos that were killed: nobody can come back to them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)  # another user's stays


def _runs(process: int) -> bool:
    if os.name == "nt":
        return True  # there a signal would end it; its system clears the folder itself
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class LiveDemo:
    """The demo's workstation in a temporary folder; use it as a context manager.

    ``now`` is the moment around which the day is laid, by default the clock's.
    """

    def __init__(
        self,
        *,
        simulator: Simulator | None = None,
        clock: Clock = utc_now,
        now: datetime | None = None,
        name: str = "Desk 3",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")
        self._simulator = simulator
        self._clock = clock
        self._now = now or clock()
        self._name = name
        self.workstation: Workstation

    def __enter__(self) -> Self:
        home = Path(self._folder.name)
        # An explicit key file: a demo must not touch the keyring of whoever tries it.
        os.environ.setdefault("PORTICO_KEY_FILE", str(home / "demo.key"))
        settings = Settings(home=home, workstation=self._name)
        if self._simulator is not None:
            settings = with_simulator(settings, self._simulator)
        self.workstation = make_workstation(settings, hospital.hospital_here(), self._clock)
        fill(
            self.workstation.store,
            self.workstation.desk,
            self.workstation.automation().session,
            self._now,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.workstation.close()
        self.remove()

    def remove(self) -> None:
        """Throws the store away; the workstation must be closed."""
        self._folder.cleanup()


def with_simulator(settings: Settings, simulator: Simulator) -> Settings:
    """The settings with payers and card terminal on loopback; they take any secret."""
    os.environ.setdefault("PORTICO_CORE_PASSWORD", "demo")
    os.environ.setdefault("PORTICO_TERMINAL_KEY", "rk_demo")
    return settings._replace(
        core_url=simulator.told["payer_url"],
        terminal_url=simulator.told["terminal_url"],
        terminal_reader="tmr_desk",
    )


def open_demo() -> Workstation:
    """The demo's workstation with the simulator; both end when the workstation is closed."""
    sweep()
    simulator = Simulator("--payer-port", "0", "--terminal-port", "0", "--auto-tap-ms", "2500")
    demo = LiveDemo(simulator=simulator)
    demo.__enter__()
    ask_for_the_day(demo.workstation)
    demo.workstation.also_close(demo.remove)
    demo.workstation.also_close(simulator.close)
    return demo.workstation


def ask_for_the_day(workstation: Workstation) -> None:
    """Queues the payers' questions for today, as the night before would have done."""
    use, reader = workstation.automation(), workstation.store.read()
    today = workstation.desk.facility.day(workstation.clock()).isoformat()
    for visit in reader.find("visit", service_date=today):
        if visit["lock"] == "locked":
            continue
        asked = {
            row["coverage_id"]
            for row in reader.find("eligibility_check", person_id=visit["person_id"])
        }
        for coverage in reader.find("coverage", person_id=visit["person_id"]):
            if coverage["id"] not in asked:
                _ask(use, visit, coverage)


def _ask(use: UseCases, visit: dict[str, Any], coverage: dict[str, Any]) -> None:
    try:
        use.eligibility.ask(visit["person_id"], coverage["id"], visit["id"], None, ("30", "98"))
    except PorticoError:
        return  # workers' compensation and the like are not asked
