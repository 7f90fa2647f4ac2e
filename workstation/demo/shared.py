"""Two desks of the invented hospital with a shared database between them, for the tour."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import text

from db.gateway.own_server import OwnSharedDatabase
from db.sync.rounds import one_round
from workstation.access.use_cases import hash_password, put_account
from workstation.compose import Workstation, make_workstation
from workstation.demo import hospital
from workstation.demo.build import fill
from workstation.demo.cast import MARIA
from workstation.demo.live import Simulator, ask_for_the_day, with_simulator
from workstation.demo.pictures import card_of, licence_of
from workstation.facility.settings import Settings
from workstation.kernel.clock import utc_now
from workstation.papers.printing import PrintQueue

TAP_MS = 900
"""How long the simulated patient takes to tap the card: a person's pause, not the program's."""
_COUNTED = {"patients": "person", "coverages": "coverage", "payments": "payment"}
_DESKS = ("Desk 3", "Desk 4")


class TrayPrinter:
    """A printer that keeps what it was given, so that the tour can show it."""

    def __init__(self) -> None:
        self.tray: list[bytes] = []

    def use(self, queue: str | None) -> None:
        """There is no other."""

    def queues(self) -> list[PrintQueue]:
        """One printer that always accepts."""
        return [PrintQueue("tray", default=True, accepting=True)]

    def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
        """Keeps the paper."""
        self.tray.append(pdf)
        return f"tray-{len(self.tray)}"


class SharedDemo:
    """PostgreSQL with its applier, the simulator, and two enrolled desks that are in step.

    Use it as a context manager; about eight seconds to begin. The desks are closed by whoever
    opened their windows; everything else ends here.
    """

    tap_ms = TAP_MS

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="portico-demo-")
        self._home = Path(self._folder.name)
        self._shared = OwnSharedDatabase()
        self._simulator: Simulator | None = None
        self._known: dict[str, set[str]] = {}
        self._key_file = os.environ.get("PORTICO_KEY_FILE")
        self.printer = TrayPrinter()
        self.desks: tuple[Workstation, Workstation]
        self.card: Path
        """A photograph of the returning patient's card, as a file of a user. Its group number has
        a Z that may be a 2: a person has to look."""
        self.licence: Path
        """The back of their licence."""

    def __enter__(self) -> Self:
        # An explicit key file: a demo must not touch the keyring of whoever tries it.
        os.environ["PORTICO_KEY_FILE"] = str(self._home / "demo.key")
        try:
            self._begin()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _begin(self) -> None:
        self._shared.__enter__()
        self._simulator = Simulator(
            *("--payer-port", "0", "--terminal-port", "0"),
            *("--auto-tap-ms", str(TAP_MS), "--slow-seconds", "3"),
        )
        first, second = (self._desk(name, self._simulator) for name in _DESKS)
        self.desks = (first, second)
        fill(first.store, first.desk, first.automation().session, utc_now())
        ask_for_the_day(first)
        _give_accounts(second)
        for desk in self.desks:
            if not one_round(desk.store, desk.shared or ""):
                raise RuntimeError("the demo's desks do not come in step")
        self._known = self._ids()
        on_card = {**MARIA, "member_id": "LSB123456789", "group": "0071Z34"}
        self.card, _ = card_of(on_card, self._home)
        self.licence = licence_of(MARIA, utc_now().date(), self._home)

    def _desk(self, name: str, simulator: Simulator) -> Workstation:
        home = self._home / name.lower().replace(" ", "-")
        settings = with_simulator(Settings(home=home, workstation=name), simulator)
        settings = settings._replace(sync_poll_seconds=1.0)
        desk = make_workstation(settings, hospital.hospital_here())
        desk.shared = self._shared.enrol(name, hospital.NAME)
        desk.printing = self.printer
        return desk

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._simulator is not None:
            self._simulator.close()
        self._shared.__exit__(kind, error, trace)
        self._folder.cleanup()
        if self._key_file is None:
            os.environ.pop("PORTICO_KEY_FILE", None)

    # What the story needs

    def cut(self) -> None:
        """The shared database dies; both desks go on."""
        self._shared.cut()

    def mend(self) -> None:
        """It is back."""
        self._shared.mend()

    # Read back by SQL

    def _ids(self) -> dict[str, set[str]]:
        found = {}
        with self.desks[0].store.reading() as connection:
            for table in _COUNTED.values():
                rows = connection.execute(text(f"SELECT id FROM {table}"))  # noqa: S608
                found[table] = {str(row[0]) for row in rows}
        return found

    def local(self) -> dict[str, int]:
        """New rows in the first desk's store, and commands that still wait to be sent."""
        now = self._ids()
        counts = {name: len(now[table] - self._known[table]) for name, table in _COUNTED.items()}
        with self.desks[0].store.reading() as connection:
            waiting = text("SELECT count(*) FROM outbox WHERE state = 'pending'")
            counts["outbox"] = int(connection.execute(waiting).scalar() or 0)
        return counts

    def postgresql(self) -> dict[str, int]:
        """New rows in the shared database, read by its administrator."""
        counts = {}
        with psycopg.connect(self._shared.admin_dsn) as connection:
            for name, table in _COUNTED.items():
                rows = connection.execute(f"SELECT id FROM {table}".encode()).fetchall()  # noqa: S608
                counts[name] = len({str(row[0]) for row in rows} - self._known[table])
        return counts


def _give_accounts(desk: Workstation) -> None:
    """The hospital comes by itself; who may sign in is each desk's own."""
    password = hash_password(hospital.PASSWORD)
    with desk.store.unit_of_work() as work:
        for login, name, role in hospital.ACCOUNTS:
            put_account(work, login, name, role, password)
        work.commit()
