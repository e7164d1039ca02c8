"""The command `segbench` and its options that hold for all of it."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "demo": "filling:demo",
    "import": "filling:import_command",
    "sync": "syncing:sync_command",
    "count": "asking:count",
    "describe": "asking:describe_command",
    "overlap": "asking:overlap",
    "sql": "sql:sql",
    "check": "checking:check_command",
    "test": "testing:test_command",
    "convert": "converting:convert",
    "campaign": "campaign:campaign_group",
    "export": "exporting:export",
    "history": "history:history",
    "forecast": "history:forecast",
    "contacts": "contacts:contacts_group",
    "lists": "smart_lists:lists_group",
    "lake": "lake:lake_group",
    "library": "library:library_group",
    "serve": "serving:serve",
}
"""Where each command is: its module in `segbench.cli`, and its name there."""


class OnDemand(click.Group):
    """A group whose commands are imported when they are asked for: `count` needs no pandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """The command of that name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"segbench.cli.{module}"), name)
        return command


@click.group(cls=OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segbench", message="%(package)s %(version)s")
def main() -> None:
    """An audience workbench: build segments, watch exact counts, export recipients.

    Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage, 3 converted, but not everything.
    """
