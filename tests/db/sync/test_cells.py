"""Three cells: three PostgreSQL servers with gateways, one directory, desks that find theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from command_line_home import Home
from psycopg.conninfo import conninfo_to_dict
from running_gateway import HOST, Certificates, RunningGateway

from db.gateway.cells import Cells, Moved
from db.gateway.own_server import OwnSharedDatabase
from db.gateway.server import open_door
from db.shared.moving import copy_facility
from db.sync.gateway_transport import GatewayTransport
from workstation.facility.model import facility_id
from workstation.kernel.errors import NotUnderstood, OutsideSilent, Refused
from workstation.sync.gateway_address import read_address
from workstation.sync.transport import Identity

NAMES = ("north", "middle", "south")
PLACES: dict[str, str | None] = {
    "Mercy General": "north",
    "Saint Anne": "middle",
    "Lakeside": "south",
    "Hillcrest": "north",
    "Cedar Grove": "north",
    "Riverbend": "south",
}


class ThreeCells:
    """Three servers with appliers; :meth:`open_gateways` puts a gateway before each. One file tells
    which facility is whose."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "cells.json"
        self.passwords = folder / "pgpass"
        self.gateways: dict[str, RunningGateway] = {}
        self._bases: dict[str, str] = {}
        self._servers = ExitStack()
        self.servers = {name: self._servers.enter_context(OwnSharedDatabase()) for name in NAMES}
        self._known = {
            name: conninfo_to_dict(each.admin_dsn) for name, each in self.servers.items()
        }
        parts = ("host", "port", "dbname", "user", "password")
        lines = (":".join(str(told[part]) for part in parts) for told in self._known.values())
        self.passwords.write_text("\n".join(lines) + "\n")
        self.passwords.chmod(0o600)

    @contextmanager
    def open_gateways(self, certificates: Certificates) -> Iterator[None]:
        doors = {name: open_door(HOST, 0) for name in NAMES}
        self._bases = {name: f"https://{HOST}:{doors[name].getsockname()[1]}" for name in NAMES}
        self.write(PLACES)
        with ExitStack() as opened:
            for name in NAMES:
                cells, dsn = Cells(self.file, name), self.servers[name].admin_dsn
                made = RunningGateway(dsn, certificates, cells=cells, door=doors[name])
                self.gateways[name] = opened.enter_context(made)
            yield

    def write(self, facilities: dict[str, str | None]) -> None:
        cells = {
            name: {
                "gateway": self._bases[name],
                "dsn": "postgresql://{user}@{host}:{port}/{dbname}".format(**told),
            }
            for name, told in self._known.items()
        }
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({"cells": cells, "facilities": facilities}))
        new.replace(self.file)

    def people(self, name: str, place: str) -> list[str]:
        with psycopg.connect(self.servers[name].admin_dsn) as admin:
            asked = "SELECT last FROM person WHERE facility = %s ORDER BY last"
            return [last for (last,) in admin.execute(asked, (facility_id(place),))]

    def close(self) -> None:
        self._servers.close()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeCells]:
    three = ThreeCells(tmp_path_factory.mktemp("cells"))
    yield three
    three.close()


@pytest.fixture
def cells(servers: ThreeCells, certificates: Certificates) -> Iterator[ThreeCells]:
    """With the directory as it was at first; tests that change one have facilities of their own."""
    with servers.open_gateways(certificates):
        yield servers


def home_of(
    cells: ThreeCells, folder: Path, certificates: Certificates, desk: str, place: str
) -> Home:
    """A desk that was given the middle cell's address, as every desk of the health system is."""
    home = Home(folder, f"{desk} {place}", "postgresql://nobody@nowhere.invalid/none")
    home.environment["PGPASSFILE"] = str(cells.passwords)
    assert home.run("init", "--facility", place)[0] == 0
    words = ("shared", "enrol", desk, "--facility", place, "--directory", str(cells.file))
    common = cells.gateways["middle"].base
    code, [enrolled] = home.run(*words, "--ca", str(certificates.folder), "--gateway", common)
    assert code == 0
    assert read_address(enrolled["dsn"]).base == common
    home.environment["PORTICO_SHARED_DSN"] = enrolled["dsn"]
    return home


def registered(home: Home, last: str) -> None:
    home.do(key=last, command="register_patient", person={"last": last}, decision=None)


def names(home: Home) -> list[str]:
    return sorted(row["last"] for row in home.export("people"))


def test_desks_find_their_cell_and_nothing_crosses(
    cells: ThreeCells, tmp_path: Path, certificates: Certificates
) -> None:
    theirs = ("Mercy General", "Saint Anne", "Lakeside")
    homes = {
        (place, desk): home_of(cells, tmp_path, certificates, desk, place)
        for place in theirs
        for desk in ("A", "B")
    }
    for place in theirs:
        registered(homes[place, "A"], f"of {place}")
        assert homes[place, "A"].sync()["outbox"] == 0
        homes[place, "B"].sync()
        assert names(homes[place, "B"]) == [f"of {place}"]
    for place in theirs:
        for name in NAMES:
            expected = [f"of {place}"] if PLACES[place] == name else []
            assert cells.people(name, place) == expected


def test_a_facility_moves_and_its_desks_follow(
    cells: ThreeCells, tmp_path: Path, certificates: Certificates
) -> None:
    a, b = (home_of(cells, tmp_path, certificates, desk, "Hillcrest") for desk in ("A", "B"))
    registered(a, "Ames")
    assert a.sync()["outbox"] == 0
    b.sync()
    registered(b, "Byrd")
    code, [moved] = a.run("shared", "move", "hillcrest", "--to", "south", *file_of(cells))
    assert (code, moved["moved"]) == (0, True)
    assert moved["rows"] > 4
    registered(a, "Cole")
    for home in (a, b, a, b):
        assert home.sync()["outbox"] == 0
    assert names(a) == names(b) == ["Ames", "Byrd", "Cole"]
    assert cells.people("south", "Hillcrest") == ["Ames", "Byrd", "Cole"]
    assert cells.people("north", "Hillcrest") == ["Ames"]
    for home in (a, b):
        assert home.run("audit", "verify")[1][0]["shared"] == "compared"


def test_what_was_confirmed_too_late_to_be_copied_is_offered_again(
    cells: ThreeCells, tmp_path: Path, certificates: Certificates
) -> None:
    """As where a gateway goes on by an old copy of the directory."""
    a, b = (home_of(cells, tmp_path, certificates, desk, "Cedar Grove") for desk in ("A", "B"))
    registered(a, "Ames")
    for home in (a, b):
        assert home.sync()["outbox"] == 0
    north, south = (cells.servers[name].admin_dsn for name in ("north", "south"))
    copy_facility(north, south, "Cedar Grove")
    registered(a, "Byrd")
    assert a.sync()["outbox"] == 0
    assert cells.people("north", "Cedar Grove") == ["Ames", "Byrd"]
    cells.write(PLACES | {"Cedar Grove": "south"})
    registered(b, "Cole")  # the feed there becomes as long as the one that A has read
    for home in (b, a, b):
        assert home.sync()["outbox"] == 0
    assert cells.people("south", "Cedar Grove") == names(a) == names(b) == ["Ames", "Byrd", "Cole"]
    with pytest.raises(Refused, match="facility_not_movable"):
        copy_facility(north, south, "Cedar Grove")


def test_while_it_moves_desks_work_alone_and_a_move_that_fails_changes_nothing(
    cells: ThreeCells, tmp_path: Path, certificates: Certificates
) -> None:
    home = home_of(cells, tmp_path, certificates, "A", "Riverbend")
    registered(home, "Ames")
    cells.write(PLACES | {"Riverbend": None})
    code, [status] = home.run("sync", "once")
    assert (code, status["connected"], status["outbox"]) == (4, False, 1)
    assert "did not answer" in home.told
    cells.write(PLACES)
    assert home.sync()["outbox"] == 0
    cells.servers["middle"].cut()
    with pytest.raises(OutsideSilent):
        home.run("shared", "move", "Riverbend", "--to", "middle", *file_of(cells))
    cells.servers["middle"].mend()
    assert json.loads(cells.file.read_text())["facilities"] == PLACES
    with pytest.raises(Refused, match="cell_unknown"):
        home.run("shared", "move", "Riverbend", "--to", "west", *file_of(cells))
    registered(home, "Byrd")
    assert home.sync()["outbox"] == 0


def file_of(cells: ThreeCells) -> tuple[str, str]:
    return "--directory", str(cells.file)


def test_without_a_common_address_enrol_gives_the_cells_own(
    cells: ThreeCells, tmp_path: Path, certificates: Certificates
) -> None:
    home = Home(tmp_path, "desk", "")
    home.environment["PGPASSFILE"] = str(cells.passwords)
    words = ("shared", "enrol", "desk", *file_of(cells), "--facility")
    _, [behind] = home.run(*words, "Lakeside", "--ca", str(certificates.folder))
    assert read_address(behind["dsn"]).base == cells.gateways["south"].base
    _, [direct] = home.run(*words, "Lakeside")
    theirs = conninfo_to_dict(cells.servers["south"].admin_dsn)
    assert conninfo_to_dict(direct["dsn"])["port"] == theirs["port"]
    with pytest.raises(Refused, match="facility_without_cell"):
        home.run(*words, "Not In It")
    told = json.loads(cells.file.read_text())
    told["cells"]["south"]["dsn"] = cells.servers["south"].admin_dsn
    cells.file.write_text(json.dumps(told))
    with pytest.raises(NotUnderstood, match="directory_holds_password"):
        home.run(*words, "Lakeside")


def test_a_gateway_reads_a_changed_directory_and_keeps_the_last_good_one(
    cells: ThreeCells,
) -> None:
    here = Cells(cells.file, "north")
    mercy = facility_id("Mercy General")
    here.check(mercy)
    cells.write(PLACES | {"Mercy General": "south"})
    with pytest.raises(Moved) as moved:
        here.check(mercy)
    assert moved.value.gateway == cells.gateways["south"].base
    cells.file.write_text('{"cells": {')
    with pytest.raises(Moved):
        here.check(mercy)
    cells.file.unlink()
    with pytest.raises(Moved):
        here.check(mercy)
    cells.write(PLACES)
    here.check(mercy)
    with pytest.raises(NotUnderstood, match="cell_unknown"):
        Cells(cells.file, "west")


def test_where_directories_disagree_a_desk_waits_and_asks_again(
    cells: ThreeCells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """North says south, south says north: silence and no circle, until they agree."""
    address = cells.gateways["north"].enrol("desk", "Mercy General")
    link = GatewayTransport(
        read_address(address), Identity("ws", facility_id("Mercy General"), "A")
    )
    stale = cells.file.with_name("stale.json")
    stale.write_text(cells.file.read_text())
    monkeypatch.setattr(cells.gateways["south"].gateway, "_cells", Cells(stale, "south"))
    cells.write(PLACES | {"Mercy General": "south"})
    try:
        with pytest.raises(OutsideSilent):
            link.greet()
        cells.write(PLACES)
        assert link.greet().receipt_code
    finally:
        link.close()
