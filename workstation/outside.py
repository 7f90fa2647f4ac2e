"""The outside world of one desk, built from its settings: clearinghouse, terminal, print system."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from workstation.eligibility.asking import Asker
from workstation.eligibility.connector import EligibilityConnector
from workstation.eligibility.gateways.core import CoreConnector, CoreSettings
from workstation.eligibility.gateways.raw_x12 import RawX12Connector, RawX12Settings
from workstation.eligibility.gateways.waystar import WaystarConnector, WaystarSettings
from workstation.facility.model import Desk
from workstation.facility.settings import Settings
from workstation.kernel.clock import Clock
from workstation.papers.mail import Mailer, MailProgram, SmtpMailer, SmtpSettings
from workstation.papers.printing import CupsPrinting, Printing
from workstation.payments.card_payments import CardTerminal
from workstation.payments.gateways import TerminalDriver
from workstation.payments.gateways.stripe_terminal import StripeTerminal

Connector = CoreConnector | RawX12Connector | WaystarConnector
Secret = Callable[[str], str | None]
"""Reads a secret of this desk by name, such as ``core-password``; None where there is none."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What this desk can reach. None means not set up, which every screen says in words."""

    connector: EligibilityConnector | None
    asker: Asker
    drivers: dict[str, TerminalDriver]
    terminal: CardTerminal | None
    printing: Printing
    mailer: Mailer
    closers: tuple[Callable[[], None], ...]
    """What gives the connections back at the end."""


def build_outside(settings: Settings, desk: Desk, clock: Clock, secret: Secret) -> Outside:
    """Connectors and drivers; nothing is contacted yet."""
    drivers: dict[str, TerminalDriver] = {}
    closers: list[Callable[[], None]] = []
    terminal = None
    connector = connector_of(settings, clock, secret)
    if connector is not None:
        closers.append(connector.close)
    if settings.terminal_url and settings.terminal_reader:
        stripe = StripeTerminal(
            lambda: _secret(secret, "terminal-key", "PORTICO_TERMINAL_KEY"),
            base_url=settings.terminal_url,
        )
        closers.append(stripe.close)
        drivers["stripe"] = stripe
        terminal = CardTerminal(settings.terminal_reader, "stripe")
    mailer, done = _mailer(settings, secret)
    closers.append(done)
    return Outside(
        connector=connector,
        asker=Asker(
            desk.facility.name,
            desk.facility.npi,
            settings.core_sender,
            settings.core_receiver,
        ),
        drivers=drivers,
        terminal=terminal,
        printing=CupsPrinting(queue=settings.printer),
        mailer=mailer,
        closers=tuple(closers),
    )


def connector_of(settings: Settings, clock: Clock, secret: Secret) -> Connector | None:
    """The way to the clearinghouse that is set; None where none is. The caller closes it."""
    if settings.waystar_url:
        waystar = WaystarSettings(
            settings.waystar_url, settings.waystar_user, settings.waystar_customer
        )
        return WaystarConnector(
            waystar, lambda: _secret(secret, "waystar-password", "PORTICO_WAYSTAR_PASSWORD")
        )
    if settings.raw_x12_url:
        raw = RawX12Settings(
            settings.raw_x12_url, settings.raw_x12_token_url, settings.raw_x12_client
        )
        return RawX12Connector(
            raw, lambda: _secret(secret, "raw-x12-key", "PORTICO_RAW_X12_KEY"), clock
        )
    if not settings.core_url:
        return None
    core = CoreSettings(
        settings.core_url,
        settings.core_sender,
        settings.core_receiver,
        settings.core_user,
        settings.core_envelope,
    )
    return CoreConnector(
        core, lambda: _secret(secret, "core-password", "PORTICO_CORE_PASSWORD"), clock
    )


def _mailer(settings: Settings, secret: Secret) -> tuple[Mailer, Callable[[], None]]:
    """The site's mail server, else the mail program; and what to do at the end."""
    if not settings.smtp_host:
        program = MailProgram()
        return program, program.close
    server = SmtpSettings(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.mail_from or settings.smtp_user,
    )
    password = partial(_secret, secret, "smtp-password", "PORTICO_SMTP_PASSWORD")
    return SmtpMailer(server, password), _nothing


def _nothing() -> None:
    """A mail server keeps nothing open."""


def _secret(secret: Secret, name: str, variable: str) -> str:
    """The environment first, for tests and the demo; else the keyring."""
    return os.environ.get(variable) or secret(name) or ""
