"""``portico doctor``: what works on this machine, and what to do about what does not."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import click

from workstation.cli.answers import SOMETHING_WRONG, emit, tell
from workstation.facility.settings import Settings, load
from workstation.kernel.errors import PorticoError

WORKS, OFF, MISSING = "works", "off", "missing"
"""``off`` is not set up and not needed to register a patient; ``missing`` is needed."""

_LOW_DISK = 2 * 1024**3
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    state: str
    say: str
    do: str = ""


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Looks at key store, store, disk, screen, reader, camera, scanner, printers and databases."""
    settings = load()
    checks = list(_all(settings))
    for check in checks:
        tell(f"{check.state:8} {check.name}: {check.say.rstrip('.')}. {check.do}".rstrip())
    healthy = all(check.state != MISSING for check in checks)
    emit({"ok": healthy, "checks": [asdict(check) for check in checks]})
    if not healthy:
        ctx.exit(SOMETHING_WRONG)


def _all(settings: Settings) -> Iterator[Check]:
    looks: tuple[Callable[[Settings], Check], ...] = (
        _key_store,
        _store,
        _disk,
        _time_zone,
        _window_libraries,
        _card_reader,
        _one_opencv,
        _zbar,
        _camera,
        _scanner,
        _printers,
        _mail,
        _shared_database,
        _clearinghouse,
        _terminal,
    )
    for look in looks:
        yield look(settings)


def _key_store(settings: Settings) -> Check:
    from db.keys.places import keyring_back_end, keyring_is_trusted

    named = os.environ.get("PORTICO_KEY_FILE")
    if named:
        return Check("key store", WORKS, "an explicit key file is named")
    if keyring_is_trusted():
        return Check("key store", WORKS, keyring_back_end())
    return Check(
        "key store",
        MISSING,
        "this machine's keyring does not encrypt",
        "Unlock or install GNOME Keyring or KWallet, or set PORTICO_KEY_FILE for headless use.",
    )


def _store(settings: Settings) -> Check:
    if not settings.store.exists():
        return Check("store", OFF, "none here yet", "Run portico init --facility NAME.")
    from workstation.compose import open_workstation

    try:
        workstation = open_workstation(settings)
        checked = workstation.store.verify_audit()
        workstation.close()
    except PorticoError as error:
        return Check("store", MISSING, error.say, error.do)
    if not checked.ok:
        return Check(
            "store",
            MISSING,
            f"entry {checked.first_bad} of the audit trail does not fit",
            "Tell the privacy officer; do not work on this desk until it is understood.",
        )
    return Check("store", WORKS, f"opens; {checked.entries} audit entries agree")


def _disk(settings: Settings) -> Check:
    folder = settings.home if settings.home.exists() else Path.home()
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        return Check("disk", MISSING, f"{free // 1024**2} MB free", "Free at least 2 GB.")
    return Check("disk", WORKS, f"{free // 1024**3} GB free")


def _time_zone(settings: Settings) -> Check:
    from workstation.facility.time_zone import machine_zone, zone_of

    try:
        zone_of("America/Chicago")
    except PorticoError as error:
        return Check("time zone", MISSING, error.say, "apt-get install tzdata")
    return Check("time zone", WORKS, f"this machine's is {machine_zone()}")


def _window_libraries(settings: Settings) -> Check:
    spec = find_spec("PySide6")
    if spec is None or spec.origin is None:
        return Check(
            "window", MISSING, "PySide6 is not installed", "Run python3 packaging/dev.py run."
        )
    plugin = Path(spec.origin).parent / "Qt/plugins/platforms/libqxcb.so"
    ldd = shutil.which("ldd")
    if not plugin.exists() or ldd is None:
        return Check("window", WORKS, "Qt is installed")
    listed = subprocess.run([ldd, str(plugin)], capture_output=True, text=True, check=False)  # noqa: S603
    gone = [line.split()[0] for line in listed.stdout.splitlines() if "not found" in line]
    if gone:
        return Check(
            "window",
            MISSING,
            f"libraries of the screen are missing: {' '.join(gone)}",
            "Run python3 packaging/dev.py run, which installs them.",
        )
    return Check("window", WORKS, "Qt finds every library that it needs")


def _card_reader(settings: Settings) -> Check:
    spec = find_spec("rapidocr")
    models = Path(spec.origin).parent / "models" if spec and spec.origin else None
    if models is None or not list(models.glob("*.onnx")):
        return Check(
            "card reader",
            MISSING,
            "the reading models are not installed",
            "Run python3 packaging/dev.py run again.",
        )
    return Check("card reader", WORKS, "models are installed; nothing is sent anywhere")


def _one_opencv(settings: Settings) -> Check:
    from importlib.metadata import distributions

    names = {
        (d.metadata["Name"] or "").lower()
        for d in distributions()
        if (d.metadata["Name"] or "").lower().startswith("opencv")
    }
    if names != {"opencv-python-headless"}:
        return Check(
            "opencv",
            MISSING,
            f"found {', '.join(sorted(names)) or 'none'}",
            "Exactly opencv-python-headless may be installed; run python3 packaging/dev.py run.",
        )
    return Check("opencv", WORKS, "one distribution, headless")


def _zbar(settings: Settings) -> Check:
    if ctypes.util.find_library("zbar"):
        return Check("zbar", WORKS, "second opinion for line and QR codes")
    return Check("zbar", OFF, "not installed; zxing reads alone", "apt-get install libzbar0")


def _camera(settings: Settings) -> Check:
    if ctypes.util.find_library("pulse") is None and os.name == "posix":
        return Check("camera", OFF, "Qt's camera needs libpulse0", "apt-get install libpulse0")
    cameras = sorted(Path("/dev").glob("video*"))
    if os.name == "posix" and not cameras:
        return Check("camera", OFF, "none is plugged in")
    return Check("camera", WORKS, f"{len(cameras)} device(s)")


def _scanner(settings: Settings) -> Check:
    if shutil.which("scanimage") is None:
        return Check("scanner", OFF, "SANE is not installed", "apt-get install sane-utils")
    return Check("scanner", WORKS, "SANE is installed")


def _printers(settings: Settings) -> Check:
    from workstation.papers.printing import CupsPrinting

    try:
        queues = CupsPrinting(queue=settings.printer).queues()
    except PorticoError as error:
        return Check("printers", OFF, error.say, error.do)
    if not queues:
        return Check("printers", OFF, "CUPS has no queue", "Add one with the system's settings.")
    if not queues[0].there:
        say = f"{queues[0].name}, the printer of this desk, is not in CUPS"
        return Check("printers", OFF, say, "Add it with the system's settings.")
    return Check("printers", WORKS, ", ".join(queue.name for queue in queues))


def _mail(settings: Settings) -> Check:
    if settings.smtp_host:
        return Check("e-mail", WORKS, "receipts go through the site's mail server")
    if os.name == "posix" and not (shutil.which("xdg-open") or shutil.which("open")):
        do = "Set smtp_host and mail_from in settings.json; the password goes into the key store."
        return Check("e-mail", OFF, "no mail server is set and no mail program opens", do)
    return Check("e-mail", WORKS, "receipts open in the mail program, where a person sends them")


def _shared_database(settings: Settings) -> Check:
    from workstation.compose import shared_dsn

    dsn = shared_dsn(settings)
    if not dsn:
        return Check("shared database", OFF, "this desk is not enrolled; it works on its own")
    from workstation.sync.gateway_address import is_gateway

    if is_gateway(dsn):
        return _gateway(dsn)
    return _postgres(dsn)


def _postgres(dsn: str) -> Check:
    from db.engine import connect_shared
    from db.server_proof import fault_of_certificate, is_proven
    from db.shared.durability import doubts
    from db.sync.postgres_transport import shared_faults
    from workstation.kernel.errors import OutsideSilent

    try:
        with shared_faults(), connect_shared(dsn) as connection:
            version = connection.info.server_version // 10000
            told = doubts(connection)
    except OutsideSilent:
        return Check(
            "shared database",
            OFF,
            "it does not answer; registration and cash go on",
            "Check the network; what waits is sent by itself.",
        )
    except PorticoError as refusal:
        fault = fault_of_certificate(dsn) if refusal.code == "server_not_proven" else None
        do = f"{refusal.do} ({fault})" if fault else refusal.do
        return Check("shared database", OFF, refusal.say, do)
    if not is_proven(dsn):
        told.append("the server need not prove itself: enrol again with sslmode=verify-full.")
    if told:
        say = f"PostgreSQL {version} answers, but IT should look at it"
        return Check("shared database", OFF, say, " ".join(told))
    return Check("shared database", WORKS, f"PostgreSQL {version} answers")


_RENEWED_DAYS = 60
"""Before its end a desk's certificate is worth a word."""


def _gateway(address: str) -> Check:
    from db.sync.gateway_line import GatewayLine, certificate_ends
    from workstation.kernel.clock import utc_now
    from workstation.sync.gateway_address import read_address

    try:
        known = read_address(address)
        line = GatewayLine(known)
        try:
            line.look()
        finally:
            line.close()
    except PorticoError as error:
        return Check("shared database", OFF, f"its gateway: {error.say}", error.do)
    well = "its gateway and the database behind it answer"
    ends = certificate_ends(known)
    left = _RENEWED_DAYS if ends is None else (ends - utc_now()).days
    if left < _RENEWED_DAYS:
        say = f"{well}; this desk's certificate ends in {left} days"
        return Check("shared database", WORKS, say, "Enrol the desk again before that day.")
    return Check("shared database", WORKS, well)


def _clearinghouse(settings: Settings) -> Check:
    do = "Set core_url, raw_x12_url or waystar_url in settings.json."
    return _outside("clearinghouse", settings.clearinghouse, do, "coverage is asked later")


def _terminal(settings: Settings) -> Check:
    do = "Set terminal_url in settings.json."
    return _outside("card terminal", settings.terminal_url, do, "cash and check go on")


def _outside(name: str, url: str | None, do: str, meanwhile: str) -> Check:
    """Whether somebody listens at the address; who it is, only a question to them would tell."""
    if url is None:
        return Check(name, OFF, "none is set", do)
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), timeout=_PATIENCE_S).close()
    except (OSError, ValueError):
        return Check(name, OFF, f"its address does not answer; {meanwhile}", "Check the network.")
    return Check(name, WORKS, "its address answers")
