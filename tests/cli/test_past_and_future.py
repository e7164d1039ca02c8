"""`segbench history` and `forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbenches

from segbench.model.ask import did
from segbench.model.codec import to_json
from segbench.model.rules import Group
from segbench.model.segment import Segment

NAME = "Engaged in the last 30 days"
BUYERS = Group(rules=(did("order_placed").within(days=30),))


def test_a_history_is_a_table_with_the_reasons(run: Any, demo: Path) -> None:
    result = run("history", NAME, "-w", demo, "--since", "2026-10-14")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["at", "contacts", "change", "clock", "data", "rules"]
    assert lines[1].split()[:2] == ["2026-10-14", "00:00"]
    found = workbenches.opened().history(NAME)
    assert [int(line.split()[2]) for line in lines[1:12]] == [p.count for p in found.points[-11:]]
    assert lines[-1].startswith("The rules are known from ")


def test_a_history_for_a_machine_has_all_numbers(ask: Any) -> None:
    found = ask("history", NAME, "--every", "week", "--until", "2026-10-18")
    history = workbenches.opened().history(NAME, since=None, every="week")
    assert found["segment"] == NAME
    assert found["history_begins"].endswith("Z")
    last = found["points"][-1]
    assert last["at"] == "2026-10-19T00:00:00+02:00"
    parts = [last[f"{cause}_entered"] - last[f"{cause}_left"] for cause in ("clock", "data")]
    assert last["count"] - found["points"][-2]["count"] == sum(parts)
    counts = {point.at: point.count for point in history.points}
    assert last["count"] in counts.values()


def test_a_forecast_is_a_table_and_two_sums(run: Any, demo: Path) -> None:
    result = run("forecast", NAME, "-w", demo)
    lines = result.stdout.splitlines()
    found = workbenches.opened().forecast(NAME)
    assert lines[0].split() == ["at", "day", "contacts", "change"]
    assert [int(line.split()[3]) for line in lines[1:32]] == [p.count for p in found.points]
    assert lines[-2:] == [
        f"In {days} days: {flow.left:,} leave, {flow.entered:,} enter."
        for days, flow in ((7, found.after(7)), (30, found.after(30)))
    ]


def test_a_forecast_for_a_machine_names_who_leaves(ask: Any, here: Path) -> None:
    (here / "buyers.json").write_text(to_json(Segment("Buyers", BUYERS)), "utf-8")
    found = ask("forecast", "buyers.json", "--days", 5)
    forecast = workbenches.opened().forecast(BUYERS, days=5)
    assert (found["segment"], len(found["days"])) == ("Buyers", 6)
    assert [each["key"] for each in found["leaving"]] == [turn.key for turn in forecast.leaving()]
    assert found["after"] == {"5": {"entered": 0, "left": forecast.after(5).left}}


def test_one_day_is_one_day(run: Any, demo: Path) -> None:
    assert (
        run("forecast", NAME, "-w", demo, "--days", 1)
        .stdout.splitlines()[-1]
        .startswith("In 1 day: ")
    )


def test_what_cannot_be_told_is_refused_in_a_sentence(refused: Any, demo: Path) -> None:
    told = [
        ("history", NAME, "--since", "soon"),
        ("history", NAME, "--until", "2026-12-01"),
        ("forecast", NAME, "--days", 0),
        ("forecast", "Engagd in the last 30 days"),
    ]
    said = [refused(*words, "-w", demo) for words in told]
    assert said[0] == "'soon' is no day or time; write 2026-10-01 or 2026-10-01T09:30."
    assert said[1].startswith("A history ends at 2026-10-23 00:00 UTC")
    assert said[2] == "A forecast reaches 1 to 1,099 days ahead, not 0."
    assert said[3].startswith(
        "There is no saved segment 'Engagd in the last 30 days'; did you mean "
        "'Engaged in the last 30 days'"
    )
