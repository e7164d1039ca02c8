"""The dashboards in Voilà: one server, one address, nothing fetched from elsewhere."""

from __future__ import annotations

import argparse
import errno
import os
import secrets
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any

from segbench.workbench.workspace import ENVIRONMENT

FIRST_PORT = 8866
PORTS_TRIED = 50
LOOPBACK = ("127.0.0.1", "::1", "localhost")
EVERYWHERE = ("", "0.0.0.0", "::")
"""Hosts that mean every network of this machine."""
TEMPLATE = "segbench"
THEME = "SEGBENCH_THEME"
"""The environment variable that tells the dashboards `light` or `dark`."""


def main(arguments: list[str] | None = None) -> None:
    """Serve one dashboard until stopped; says the address once it answers."""
    given = _parser().parse_args(arguments)
    notebook = dashboard_path(given.dashboard)
    port = given.port or free_port(given.host)
    if fault := why_not(given.host, port):
        sys.exit(f"segbench: {fault}; give another --port or --host.")
    token = token_for(given.host)
    os.environ[ENVIRONMENT] = given.workspace
    os.environ[THEME] = given.theme
    _prepare_environment()
    said = (given.host, port, address(given.host, port, token), given.browser)
    threading.Thread(target=_announce, args=said, daemon=True).start()
    _run_voila(voila_words(notebook, given.host, port, given.theme, token))


def dashboard_path(name: str) -> Path:
    """The notebook of a dashboard: beside the package's sources, or inside an installed package."""
    here = Path(__file__).resolve()
    for folder in (here.parent / "dashboards", here.parents[2] / "dashboards"):
        path = folder / f"{name}.ipynb"
        if path.is_file() and path.parent == folder:
            return path
    sys.exit(f"segbench: there is no dashboard {name!r}.")


def free_port(host: str) -> int:
    """The first port from 8866 on that nobody listens on."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        fault = why_not(host, port)
        if not fault:
            return port
    sys.exit(f"segbench: no port from {FIRST_PORT} on is free ({fault}); give --port or --host.")


def why_not(host: str, port: int) -> str:
    """Why nobody can listen there, as half a sentence; empty where one can."""
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        for family, kind, protocol, _, place in found:
            with socket.socket(family, kind, protocol) as probe:
                _bind(probe, place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"port {port} on {host} is in use"
        return f"nobody can listen on port {port} of {host!r}: {error.strerror}"
    return ""


def _bind(probe: socket.socket, place: Any) -> None:
    """Bind as Tornado does, or a port that was closed a moment ago would seem to be in use."""
    if os.name != "nt":
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if probe.family == socket.AF_INET6:
        probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    probe.bind(place)


def token_for(host: str) -> str:
    """A new token where others can reach the host; none on this machine alone."""
    return "" if host in LOOPBACK else secrets.token_urlsafe(24)


def address(host: str, port: int, token: str) -> str:
    """What to type into a browser, the token included."""
    if host in LOOPBACK:
        host = "localhost"
    elif host in EVERYWHERE:
        host = socket.gethostname()
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}/" + (f"?token={token}" if token else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="segbench.serve", description=__doc__)
    parser.add_argument("--workspace", required=True)
    parser.add_argument("--dashboard", default="audience")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    return parser


def _prepare_environment() -> None:
    """Kernels inherit this: segbench's own page template, and no debugger that slows them."""
    share = str(Path(__file__).parent / "share")
    paths = [share, *filter(None, [os.environ.get("JUPYTER_PATH")])]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def voila_words(notebook: Path, host: str, port: int, theme: str, token: str) -> list[str]:
    """How Voilà is told what to serve, and to whom."""
    return [
        str(notebook),
        f"--Voila.ip={host}",
        f"--port={port}",
        # Otherwise it takes another port where this one is in use, and says so to nobody.
        "--Voila.port_retries=0",
        # Voilà knows no users; beyond this machine it must at least ask for a token.
        f"--Voila.token={token}",
        "--no-browser",
        f"--template={TEMPLATE}",
        f"--theme={theme}",
        "--Voila.log_level=ERROR",
        "--VoilaConfiguration.preheat_kernel=True",
        "--VoilaConfiguration.default_pool_size=1",
        "--VoilaConfiguration.show_tracebacks=False",
        # Its 5 MB draw figures that are no widgets, and no dashboard has one.
        "--VoilaConfiguration.extension_denylist=jupyterlab-plotly",
        "--MappingKernelManager.cull_interval=60",
        "--MappingKernelManager.cull_idle_timeout=3600",
    ]


def _run_voila(words: list[str]) -> None:
    from voila.app import Voila

    Voila.launch_instance(argv=words)


def _announce(host: str, port: int, url: str, browser: bool) -> None:
    # A connection is enough: asking for the page would start a kernel.
    while not _listens(host, port):
        time.sleep(0.2)
    print(f"segbench is ready: {url}", flush=True)
    if browser:
        webbrowser.open(url)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
