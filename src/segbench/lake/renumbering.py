"""Deleting contacts: ordinals stay 0..n-1, and few rows are written.

Every engine keeps a bit for each ordinal, so there must be no holes. The holes that deleted
contacts leave are filled by new contacts first. Where more go than come, the contacts with the last
ordinals move into the holes that are left; of those contacts alone the rows are written again, in
contacts, tags and events. Nobody else's ordinal changes. To delete k of n contacts so rewrites the
rows of at most k others, where closing the gaps would renumber nearly everybody.

In the stage: `gone` (key, ordinal) are those to delete, `newcomers` (key, row) those to add;
`people` (key, ordinal, known) and `moves` (old, new) are made from them.
"""

from __future__ import annotations

import duckdb

from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import FIXED, Stage


def start_numbering(stage: Stage) -> None:
    """Make the stage's empty tables of who comes, who goes and who moves."""
    for name, columns in {
        "newcomers": "key VARCHAR, row BIGINT",
        "gone": "key VARCHAR, ordinal BIGINT",
        "moves": "old BIGINT, new BIGINT",
    }.items():
        stage.connection.execute(f"CREATE TABLE {name} ({columns})")


def number_people(stage: Stage, base: Snapshot) -> int:
    """Take the `gone` out of `people`, give the `newcomers` their ordinals, and fill `moves`.

    A known contact has its ordinal of the base in `people`, also when it moves. Returns how many
    are gone.
    """
    run, value = stage.connection.execute, stage.value
    run("DELETE FROM people USING gone WHERE people.ordinal = gone.ordinal")
    gone = value("SELECT count(*) FROM gone")
    total = base.contacts - gone + value("SELECT count(*) FROM newcomers")
    run(
        "CREATE TABLE free AS SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS place FROM ("
        f"SELECT ordinal FROM gone WHERE ordinal < {total} "
        f"UNION ALL SELECT unnest(range({base.contacts}, {max(total, base.contacts)})))"
    )
    run(
        "INSERT INTO moves SELECT m.ordinal AS old, f.ordinal AS new FROM ("
        "SELECT ordinal, (SELECT count(*) FROM newcomers) + row_number() OVER (ORDER BY ordinal) "
        f"AS place FROM people WHERE ordinal >= {total}) m JOIN free f USING (place)"
    )
    run(
        "INSERT INTO people SELECT key, ordinal, false FROM ("
        "SELECT key, row_number() OVER (ORDER BY row) AS place FROM newcomers) "
        "JOIN free USING (place)"
    )
    return gone


def delete_gone(cursor: duckdb.DuckDBPyConnection) -> None:
    """Delete the staged `gone` with their tags and events."""
    for table in FIXED:
        cursor.execute(
            f"DELETE FROM lake.{table} WHERE ordinal IN (SELECT ordinal FROM stage.gone)"
        )


def move_last(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give the contacts in the staged `moves` their new ordinals."""
    for table in FIXED:
        cursor.execute(
            f"UPDATE lake.{table} SET ordinal = m.new FROM stage.moves m "
            f"WHERE {table}.ordinal = m.old"
        )
