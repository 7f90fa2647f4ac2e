"""The commands by name; a command's module is imported when it is called, not before."""

from __future__ import annotations

import importlib

import click

from workstation.cli.desk import open_workstation

COMMANDS = {
    "account": "workstation.cli.accounts:account",
    "audit": "workstation.cli.audit:audit",
    "benefits": "workstation.cli.eligibility:benefits",
    "card": "workstation.cli.capture:card",
    "do": "workstation.cli.state:do",
    "doctor": "workstation.cli.doctor:doctor",
    "downtime": "workstation.cli.downtime:downtime",
    "eligibility": "workstation.cli.eligibility:eligibility",
    "estimate": "workstation.cli.estimates:estimate",
    "export": "workstation.cli.state:export",
    "facility": "workstation.cli.state:facility",
    "init": "workstation.cli.state:init",
    "keys": "workstation.cli.keys:keys",
    "licence": "workstation.cli.capture:licence",
    "match": "workstation.cli.people:match",
    "msp": "workstation.cli.payers:msp",
    "pairs": "workstation.cli.people:pairs",
    "search": "workstation.cli.people:search",
    "shared": "workstation.cli.shared:shared",
    "sync": "workstation.cli.shared:sync",
    "tour": "workstation.cli.tour:tour",
    "x12": "workstation.cli.eligibility:x12",
}


class LazyCommands(click.Group):
    """Commands by name; a command's module is imported when it is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names only: a help page must not import every engine."""
        with formatter.section("Commands"):
            formatter.write_text(" ".join(self.list_commands(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.group(cls=LazyCommands, invoke_without_command=True)
@click.option("--demo", is_flag=True, help="An invented hospital in a throw-away store.")
@click.pass_context
def portico(ctx: click.Context, demo: bool) -> None:
    """The workstation of the patient-access desk. Without a command: opens the window."""
    if ctx.invoked_subcommand is None:
        ctx.exit(open_workstation(demo=demo))


def call() -> int:
    """Runs the command that was asked for; its exit code."""
    try:
        code = portico.main(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.ClickException as usage:
        usage.show()
        code = 2
    except click.Abort:
        code = 130
    return code if isinstance(code, int) else 0
