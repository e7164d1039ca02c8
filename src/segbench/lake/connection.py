"""DuckDB connections that can read and write a lake, and patience with a locked catalogue."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from segbench.errors import ExtensionMissing, LakeLocked

MOST_MEMORY = 4 * 1024**3
"""What spills is slower, and a kernel with a query under way stays below 8 GiB."""

EXTENSIONS = ("sqlite_scanner", "ducklake")
"""What a lake needs of DuckDB, in the order in which it must be loaded."""

_LOCKED = (
    "database is locked",
    "database table is locked",
    "SQLITE_BUSY",
    "canceling statement due to lock timeout",
    "deadlock detected",
)
_FAILED_QUERY = re.compile(r'Failed to execute query ".*": ', re.DOTALL)

Result = TypeVar("Result")


def connect(more: tuple[str, ...] = ()) -> duckdb.DuckDBPyConnection:
    """A new in-memory DuckDB that speaks DuckLake, in UTC; `ExtensionMissing` where it cannot.

    `more` extensions are what the catalogue of a lake needs besides.
    """
    connection = duckdb.connect()
    # A setting of the session would not reach its cursors.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute(f"SET GLOBAL memory_limit = '{_memory_limit()}B'")
    for name in (*EXTENSIONS, *more):
        load_extension(connection, name)
    return connection


def _memory_limit() -> int:
    """The bytes that DuckDB may take before it spills; by itself it takes four fifths of all."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return MOST_MEMORY
    return min(MOST_MEMORY, memory // 2)


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load a DuckDB extension: present already, from its wheel, or installed by DuckDB."""
    tried = []
    for label, attempt in (
        ("present already", _present),
        (f"the wheel duckdb-extension-{name.replace('_', '-')}", _from_wheel),
        ("DuckDB's own INSTALL", _installed),
    ):
        try:
            if attempt(connection, name):
                return
            tried.append(f"{label}: no")
        except (duckdb.Error, OSError) as error:
            tried.append(f"{label}: {str(error).splitlines()[0]}")
    raise ExtensionMissing(
        f"DuckDB {duckdb.__version__} cannot load its extension {name!r}, which a lake needs. "
        f"Tried: {'; '.join(tried)}. "
        f"Install it with: pip install duckdb-extension-{name.replace('_', '-')}"
        f"=={duckdb.__version__}"
    )


def _present(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    # A parameter would make DuckDB import pandas, which takes a second.
    found = connection.execute(
        f"SELECT loaded FROM duckdb_extensions() WHERE extension_name = {text(name)}"
    ).fetchone()
    return bool(found and found[0])


def wheel_path(name: str) -> Path | None:
    """The extension's file in its wheel, or None where that wheel is not installed."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "extensions"
    return folder / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def _from_wheel(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    path = wheel_path(name)
    if path is None:
        return False
    connection.execute(f"LOAD {text(str(path))}")
    return True


def _installed(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    connection.execute(f"INSTALL {quoted(name)}")
    connection.execute(f"LOAD {quoted(name)}")
    return True


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string as an SQL literal, for the statements that take no parameters (ATTACH, LOAD)."""
    return "'" + value.replace("'", "''") + "'"


def reason(error: duckdb.Error) -> str:
    """Why DuckDB refused, in one line, without the statement, which holds data of contacts."""
    said = _FAILED_QUERY.sub("", str(error)).strip()
    lines = [line.strip() for line in said.splitlines() if line.strip()] or [type(error).__name__]
    told = next((line for line in lines if "ERROR:" in line), lines[0])
    return told.partition("ERROR:")[2].strip() or told.removesuffix(".")


def patiently(action: Callable[[], Result], *, seconds: float, where: object) -> Result:
    """What `action` returns, tried again with growing pauses while the catalogue is locked.

    `action` must be safe to repeat. `LakeLocked` once `seconds` have passed.
    """
    deadline, pause = time.monotonic() + seconds, 0.02
    while True:
        try:
            return action()
        except duckdb.Error as error:
            if not any(sign in str(error) for sign in _LOCKED):
                raise
            # Jitter keeps two writers from meeting again and again.
            wait = pause * random.uniform(0.5, 1.5)
            if time.monotonic() + wait > deadline:
                raise LakeLocked(
                    f"Another process is writing to the lake at {where} and did not finish "
                    f"within {seconds:g} s; try again when it has."
                ) from error
            time.sleep(wait)
            pause = min(pause * 2, 1.0)
