"""The dashboards in Voilà: one server, one address, nothing fetched from elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from segbench.workbench.workspace import ENVIRONMENT

FIRST_PORT = 8866
PORTS_TRIED = 50
LOOPBACK = ("127.0.0.1", "::1", "localhost")
TEMPLATE = "segbench"
THEME = "SEGBENCH_THEME"
"""The environment variable that tells the dashboards `light` or `dark`."""


def main(arguments: list[str] | None = None) -> None:
    """Serve one dashboard until stopped; says the address once it answers."""
    given = _parser().parse_args(arguments)
    notebook = dashboard_path(given.dashboard)
    port = given.port or free_port(given.host)
    os.environ[ENVIRONMENT] = given.workspace
    os.environ[THEME] = given.theme
    _prepare_environment()
    url = f"http://{'localhost' if given.host in LOOPBACK else given.host}:{port}/"
    said = (given.host, port, url, given.browser)
    threading.Thread(target=_announce, args=said, daemon=True).start()
    _run_voila(notebook, given.host, port, given.theme)


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
        with socket.socket(_family(host)) as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            return port
    sys.exit(f"segbench: no port from {FIRST_PORT} on is free; give --port.")


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


def _run_voila(notebook: Path, host: str, port: int, theme: str) -> None:
    from voila.app import Voila

    words = [
        str(notebook),
        f"--Voila.ip={host}",
        f"--port={port}",
        "--no-browser",
        f"--template={TEMPLATE}",
        f"--theme={theme}",
        "--Voila.log_level=WARN",
        "--VoilaConfiguration.preheat_kernel=True",
        "--VoilaConfiguration.default_pool_size=1",
        "--VoilaConfiguration.show_tracebacks=False",
        "--MappingKernelManager.cull_interval=60",
        "--MappingKernelManager.cull_idle_timeout=3600",
    ]
    # Voilà has no authentication of its own; beyond this machine it must at least ask for a token.
    words += [] if host in LOOPBACK else ["--Voila.auto_token=True"]
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


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


if __name__ == "__main__":
    main()
