"""The command `segbench` and its options that hold for all of it."""

from __future__ import annotations

import click

from segbench.cli.asking import count, describe_command, overlap
from segbench.cli.campaigns import export
from segbench.cli.checking import check_command
from segbench.cli.converting import convert
from segbench.cli.filling import demo, import_command
from segbench.cli.serving import serve
from segbench.cli.sql import sql
from segbench.cli.testing import test_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segbench", message="%(package)s %(version)s")
def main() -> None:
    """An audience workbench: build segments, watch exact counts, export recipients.

    Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage, 3 converted, but not everything.
    """


for command in (
    *(demo, import_command, count, describe_command, overlap, sql),
    *(check_command, test_command, convert, export, serve),
):
    main.add_command(command)
