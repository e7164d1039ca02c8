"""`segbench serve`: the dashboards in Voilà."""

from __future__ import annotations

import subprocess
import sys

import click

from segbench.cli.options import workspace_option
from segbench.cli.shown import speaks_plainly
from segbench.workbench.workspace import locate


@click.command()
@workspace_option
@click.option("--dashboard", default="audience", show_default=True, help="Which dashboard.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Default: 8866, or the next free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open a browser.")
@speaks_plainly
def serve(
    workspace: str, dashboard: str, port: int | None, host: str, theme: str, browser: bool
) -> None:
    """Open a dashboard on the workspace and print its address; Ctrl+C ends it."""
    place = locate(workspace)
    place.settings()
    words = [sys.executable, "-m", "segbench.serve", "--workspace", str(place.root)]
    words += ["--dashboard", dashboard, "--host", host, "--theme", theme]
    words += [] if port is None else ["--port", str(port)]
    words += [] if browser else ["--no-browser"]
    server = subprocess.Popen(words)
    try:
        sys.exit(server.wait())
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
