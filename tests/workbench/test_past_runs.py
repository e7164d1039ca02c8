"""Snapshots that are read together: they answer as they do when each is opened."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import trees
from population import AS_OF
from stories import DAY, SHORT, Judge, Story, changed, opened, population, standard
from test_history_judged import chance_of, check

from segbench.errors import LakeError
from segbench.lake.lake import Lake
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment
from segbench.workbench import past_plan
from segbench.workbench.workbench import Workbench

DAYS = 4


@pytest.fixture(scope="module")
def story() -> Story:
    chance = random.Random(1)
    loads = [population(chance)]
    for _ in range(DAYS):
        loads.append(changed(chance, loads[-1]))
    times = (AS_OF - (DAYS + 1 - number) * DAY for number in range(DAYS + 1))
    saves = standard(((AS_OF - 8 * DAY, Segment("S", as_group(tag("vip")))),))
    return Story(tuple(zip(times, loads, strict=True)), saves, synced=True)


@pytest.fixture(scope="module")
def workbench(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with opened(story, tmp_path_factory.mktemp("runs") / "w") as workbench:
        yield workbench


def test_points_and_parts_are_what_the_judge_says(story: Story, workbench: Workbench) -> None:
    """Over rules about fields, tags and events, while contacts come and go."""
    chance, judge = random.Random(2), Judge(story)
    pool = [*(trees.random_rule(chance) for _ in range(40)), *SHORT, tag("vip")]
    pool += [field("country").is_("DE"), did("order_placed"), field("age") > 30]
    for _ in range(6):
        given: Group = trees.any_group(chance.choice, chance_of(pool), 1)
        check(judge, workbench.history(given, since=AS_OF - 7 * DAY), given)


def test_few_snapshots_are_opened(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_ones: list[int] = []
    snapshot = Lake.snapshot

    def noted(lake: Lake, id: int | None = None):
        opened_ones.append(id or 0)
        return snapshot(lake, id)

    monkeypatch.setattr(Lake, "snapshot", noted)
    workbench.past_data.close()
    rules = (field("country").is_("DE") | tag("vip")) & did("order_placed").within(days=20)
    together = workbench.history(rules, since=AS_OF - 7 * DAY)
    assert len(opened_ones) < DAYS
    workbench.past_data.close()
    opened_ones.clear()
    monkeypatch.setattr(past_plan, "FEW", 1_000)
    alone = workbench.history(rules, since=AS_OF - 7 * DAY)
    assert len(opened_ones) == DAYS
    assert together.points == alone.points


def test_a_timeline_reads_a_contact_only_where_it_changed(
    story: Story, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = [{contact.key: contact for contact in load} for _, load in story.loads]
    stayed = set.intersection(*map(set, everyone))
    for key in sorted(stayed)[:2]:
        workbench.past_data.close()
        found = workbench.timeline(key, field("country").is_("DE") | tag("vip"))
        with monkeypatch.context() as patch:
            patch.setattr(past_plan, "FEW", 1_000)
            workbench.past_data.close()
            assert workbench.timeline(key, field("country").is_("DE") | tag("vip")) == found


def test_a_snapshot_that_expires_meanwhile_is_told(workbench: Workbench, tmp_path: Path) -> None:
    copied = shutil.copytree(workbench.workspace.root, tmp_path / "w")
    with Workbench.open(copied) as workbench:
        workbench.history(field("age") > 30, since=AS_OF - 7 * DAY)
        _, gone = workbench.past_data.times[2]
        workbench.lake.rows(f"CALL ducklake_expire_snapshots('lake', versions => [{gone}])")
        with pytest.raises(LakeError, match=r"has expired\. Those next to it are"):
            workbench.history(tag("vip"), since=AS_OF - 7 * DAY)
