"""One transaction on a lake: all of a change becomes a snapshot, or nothing of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import duckdb

from segbench.lake.connection import text
from segbench.lake.history import count_rows

AUTHOR = "segbench"
Change = Callable[[duckdb.DuckDBPyConnection], None]


def commit(connection: duckdb.DuckDBPyConnection, change: Change, message: str) -> int:
    """Run a change in a transaction and return the id of the snapshot that it made.

    A change that changes nothing makes no snapshot; then it is the id of the newest one.
    """
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            change(cursor)
            extra = text(count_rows(cursor))
            cursor.execute(
                f"CALL lake.set_commit_message({text(AUTHOR)}, {text(message)}, "
                f"extra_info => {extra})"
            )
            cursor.execute("COMMIT")
        except BaseException:
            # A failed commit has ended the transaction already.
            with contextlib.suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            raise
        # The first is NULL for a connection that has made no snapshot yet.
        sql = (
            "SELECT coalesce((FROM lake.last_committed_snapshot()), (FROM lake.current_snapshot()))"
        )
        ((newest,),) = cursor.execute(sql).fetchall()
        return int(newest)
