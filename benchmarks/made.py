"""Contact data of any size for measurements: Parquet files that DuckDB draws by hashing numbers.

Ten events a contact on average, spread unevenly over contacts, six kinds of event and three years.
The same numbers give the same files.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

UNTIL = "TIMESTAMP '2026-11-01 00:00:00'"
DAYS = 1_095
COUNTRIES = ("US", "DE", "FR", "GB", "AT", "CH", "NL", "ES", "IT", "SE", "PL", "DK")
PLANS = ("free", "starter", "pro", "enterprise")
TAGS = ("compliant", "newsletter", "vip", "trial", "partner", "event 2025", "webinar", "churn risk")
EVENTS = ("email_sent", "email_opened", "email_clicked", "page_visited", "order_placed", "support")
PER_CONTACT = 10


def make_files(folder: Path, contacts: int) -> dict[str, Path]:
    """Write contacts, tags and events of so many contacts; the paths by table."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.parquet" for name in ("contacts", "tags", "events")}
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
        connection.execute("SET memory_limit = '6GB'")
        for name, query in _queries(contacts).items():
            connection.execute(f"COPY ({query}) TO '{paths[name]}' (FORMAT parquet)")
    (folder / "made.duckdb").unlink()
    return paths


def _queries(contacts: int) -> dict[str, str]:
    events = contacts * PER_CONTACT
    return {
        "contacts": f"""
            SELECT 'c' || lpad(i::VARCHAR, 9, '0') AS key,
                   {_pick(COUNTRIES, "hash(i)")} AS country,
                   {_pick(PLANS, "hash(i, 1)")} AS plan,
                   (hash(i, 2) % 101)::BIGINT AS lead_score,
                   round((hash(i, 3) % 1000000) / 100.0, 2) AS lifetime_value,
                   {UNTIL} - to_seconds((hash(i, 4) % ({DAYS} * 86400))::BIGINT) AS created_at,
                   DATE '1940-01-01' + (hash(i, 5) % 25000)::INTEGER AS birthday,
                   hash(i, 6) % 10 < 7 AS subscribed,
                   CASE WHEN hash(i, 7) % 10 > 0 THEN
                       'user' || (hash(i, 8) % 5000000) || '@' ||
                       {_pick(("example.com", "Mail.example", "Firma.example"), "hash(i, 9)")}
                   END AS email
            FROM range({contacts}) r(i)""",
        "tags": f"""
            SELECT 'c' || lpad(i::VARCHAR, 9, '0') AS key, {_pick(TAGS, "t")} AS tag
            FROM range({contacts}) r(i), range({len(TAGS)}) s(t)
            WHERE hash(i, 20 + t) % 100 < 5 + 7 * t""",
        "events": f"""
            SELECT 'c' || lpad((who * who / {contacts})::BIGINT::VARCHAR, 9, '0') AS key,
                   {_pick(EVENTS, "what")} AS event,
                   {UNTIL} - to_microseconds((hash(j, 31) % {DAYS * 86_400_000_000})::BIGINT) AS at,
                   CASE WHEN what = 4 THEN round((hash(j, 32) % 50000) / 100.0, 2) END AS amount,
                   CASE WHEN what IN (1, 2) THEN hash(j, 33) % 4 = 0 END AS machine,
                   CASE WHEN what = 3 THEN '/page/' || (hash(j, 34) % 200) END AS url
            FROM (SELECT j, (hash(j, 30) % {contacts})::DOUBLE AS who,
                         [0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 3, 4, 5][1 + (hash(j, 35) % 14)::INTEGER]
                         AS what
                  FROM range({events}) r(j))""",
    }


def _pick(names: tuple[str, ...], number: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"[{listed}][1 + ({number} % {len(names)})::INTEGER]"
