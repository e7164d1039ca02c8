"""The command `segbench` and its options that hold for all of it."""

from __future__ import annotations

import click

from segbench.cli.asking import count, describe_command, overlap
from segbench.cli.campaigns import export
from segbench.cli.filling import demo, import_command
from segbench.cli.serving import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segbench", message="%(package)s %(version)s")
def main() -> None:
    """An audience workbench: build segments, watch exact counts, export recipients.

    Exit codes: 0 done, 1 refused (the reason is on stderr), 2 wrong usage.
    """


for command in (demo, import_command, count, describe_command, overlap, export, serve):
    main.add_command(command)
