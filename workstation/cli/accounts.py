"""``portico account``: who may sign in at this workstation."""

from __future__ import annotations

import sys

import click

from workstation.access.model import Role
from workstation.cli.answers import emit

_PEOPLE = [role.value for role in Role if role is not Role.SERVICE]


@click.group()
def account() -> None:
    """Who may sign in at this workstation."""


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="As it stands on the screen and on receipts.")
@click.option("--role", required=True, type=click.Choice(_PEOPLE))
def add(login: str, name: str, role: str) -> None:
    """Makes an account. The password is asked for, or the first line of standard input."""
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        accounts = workstation.automation().accounts
        user_id = accounts.create(login, name, Role(role), _password())
    finally:
        workstation.close()
    emit({"user_id": user_id, "login": login.strip().casefold(), "name": name, "role": role})


def _password() -> str:
    """Never an argument: those stand in the list of processes and in the shell's history."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
