"""Settings of this workstation: environment over ``settings.json`` over defaults.

A named tuple, because it is read before the first paint: a dataclass costs twice as much to make.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workstation.kernel.errors import NotUnderstood


class Settings(NamedTuple):
    """What a site may set. Times are seconds, money is cents."""

    home: Path
    workstation: str
    core_url: str | None = None
    """The clearinghouse's CAQH CORE address; without any address no payer is asked."""
    core_envelope: str = "soap"
    core_sender: str = "PORTICO"
    core_receiver: str = "CLEARINGHOUSE"
    core_user: str = "portico"
    raw_x12_url: str | None = None
    """The address of raw X12 in JSON, as Optum and Stedi have it; it goes before ``core_url``."""
    raw_x12_token_url: str | None = None
    """Where Optum gives out tokens; None sends the key itself, as Stedi wants it."""
    raw_x12_client: str = ""
    waystar_url: str | None = None
    """The address of Waystar's eligibility gateway; it goes before the others."""
    waystar_user: str = ""
    waystar_customer: str = ""
    terminal_url: str | None = None
    """Address of the card processor's API; None means that no card can be taken here."""
    terminal_reader: str | None = None
    printer: str | None = None
    """The print system's name of the printer beside this desk; None takes the system's own."""
    smtp_host: str | None = None
    """The site's mail server; None hands receipts to the workstation's own mail program."""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    mail_from: str = ""
    """The address that receipts come from."""
    idle_lock_seconds: int = 300
    sync_poll_seconds: float = 15.0
    documents_here_mb: int = 2048
    """Pictures and papers that stay on this workstation once the shared database has them too."""
    theme: str = "system"
    language: str = "en"
    text_percent: int = 100
    """Size of everything in the window, from its start on: one of ``TEXT_PERCENTS``."""
    departments: tuple[str, ...] = ()
    """Ids of the departments on which Arrivals opens; none means all."""

    @property
    def store(self) -> Path:
        """The encrypted store's file."""
        return self.home / "store.db"

    @property
    def clearinghouse(self) -> str | None:
        """The address that payers are asked through; None means that none can be asked."""
        return self.waystar_url or self.raw_x12_url or self.core_url

    @property
    def logs(self) -> Path:
        """Where events are written."""
        return self.home / "logs"


TEXT_PERCENTS = (100, 110, 125, 150)
_FREE = tuple(field for field in Settings._fields if field not in {"home", "workstation"})


def default_home() -> Path:
    """The platform's folder for this user's application data."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Portico"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Portico"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))) / "portico"


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process. Raises NotUnderstood ``settings_damaged``, ``settings_wrong``."""
    home = Path(environment.get("PORTICO_HOME") or default_home())
    file = home / "settings.json"
    stored = _read(file) if file.exists() else {}
    values: dict[str, object] = {field: stored[field] for field in _FREE if field in stored}
    for field in _FREE:
        if given := environment.get(f"PORTICO_{field.upper()}"):
            values[field] = given
    for field in values.keys() & _READ:
        values[field] = _understood(field, values[field])
    name = environment.get("PORTICO_WORKSTATION") or str(stored.get("workstation") or "")
    return Settings(home=home, workstation=name or _host_name(), **values)  # type: ignore[arg-type]


def _host_name() -> str:
    """This machine's name; the socket module, which also knows it, is slow to import."""
    return os.environ.get("COMPUTERNAME", "desk") if os.name == "nt" else os.uname().nodename


def save(settings: Settings, changes: Mapping[str, object]) -> None:
    """Writes changed settings to ``settings.json``, beside those that are there."""
    file = settings.home / "settings.json"
    stored = _read(file) if file.exists() else {}
    settings.home.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({**stored, **changes}, indent=2, sort_keys=True), "utf-8")
    fresh.replace(file)


def changed(settings: Settings, name: str, value: object) -> Settings:
    """The settings with one of them chosen anew. Raises NotUnderstood ``settings_wrong``."""
    return settings._replace(**{name: _understood(name, value)})  # type: ignore[arg-type]


def _read(file: Path) -> dict[str, object]:
    try:
        value = json.loads(file.read_text("utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise NotUnderstood(
            "settings_damaged",
            "The file settings.json in Portico's data folder is not JSON.",
            "Mend it or move it away; Portico then starts with its defaults.",
        )
    return value


def _one_of(*known: str) -> Callable[[Any], object]:
    return lambda given: known[known.index(given)]


_READ: dict[str, Callable[[Any], object]] = {
    "printer": lambda given: str(given) if given else None,
    "idle_lock_seconds": int,
    "documents_here_mb": int,
    "sync_poll_seconds": float,
    "smtp_port": int,
    "smtp_security": _one_of("starttls", "tls", "none"),
    "text_percent": lambda given: TEXT_PERCENTS[TEXT_PERCENTS.index(int(given))],
    "departments": lambda given: tuple(given.split(",") if isinstance(given, str) else given),
    "theme": _one_of("system", "light", "dark", "high_contrast"),
    "language": _one_of("en", "es"),
}


def _understood(field: str, given: object) -> object:
    try:
        return _READ[field](given)
    except (TypeError, ValueError):
        raise NotUnderstood(
            "settings_wrong",
            "A setting of this desk is not one that Portico knows.",
            "Look into settings.json in Portico's data folder: theme is system, light, dark or "
            "high_contrast; language is en or es; text_percent is 100, 110, 125 or 150; "
            "smtp_security is starttls, tls or none; idle_lock_seconds, sync_poll_seconds, "
            "documents_here_mb and smtp_port are numbers.",
            field=field,
        ) from None
