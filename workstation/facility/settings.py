"""Settings of this workstation: environment over ``settings.json`` over defaults.

A plain frozen dataclass, because it is read before the first window paints (desktop.md section 4).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from workstation.kernel.errors import NotUnderstood


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site may set. Times are seconds, money is cents."""

    home: Path
    workstation: str
    core_url: str | None = None
    """The clearinghouse's CAQH CORE address; None means that payers cannot be asked."""
    core_envelope: str = "soap"
    core_sender: str = "PORTICO"
    core_receiver: str = "CLEARINGHOUSE"
    core_user: str = "portico"
    terminal_url: str | None = None
    """Address of the card processor's API; None means that no card can be taken here."""
    terminal_reader: str | None = None
    printer: str | None = None
    idle_lock_seconds: int = 300
    sync_poll_seconds: float = 15.0
    documents_here_mb: int = 2048
    """Pictures and papers that stay on this workstation once the shared database has them too."""
    theme: str = "system"
    language: str = "en"

    @property
    def store(self) -> Path:
        """The encrypted store's file."""
        return self.home / "store.db"

    @property
    def logs(self) -> Path:
        """Where events are written."""
        return self.home / "logs"


def default_home() -> Path:
    """The platform's folder for this user's application data."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Portico"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Portico"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))) / "portico"


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process. Raises NotUnderstood ``settings_damaged``."""
    home = Path(environment.get("PORTICO_HOME") or default_home())
    file = home / "settings.json"
    stored = _read(file) if file.exists() else {}
    values: dict[str, object] = {
        field.name: stored[field.name]
        for field in fields(Settings)
        if field.name in stored and field.name not in {"home", "workstation"}
    }
    for field in fields(Settings):
        given = environment.get(f"PORTICO_{field.name.upper()}")
        if given and field.name not in {"home", "workstation"}:
            values[field.name] = _typed(field.name, given)
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


def _typed(name: str, text: str) -> object:
    if name in {"idle_lock_seconds", "documents_here_mb"}:
        return int(text)
    if name in {"sync_poll_seconds"}:
        return float(text)
    return text
