"""Verifying an export: its files, its record, and everything once more on the data it cites."""

from __future__ import annotations

import json
import shutil
from itertools import count
from pathlib import Path

import pytest
import workbenches
from workbenches import NOW

from segbench.audience.export import ExportOptions
from segbench.audience.formats.picking import pick_columns
from segbench.audience.formats.registry import FORMATS
from segbench.audience.whole_folder import file_sha256
from segbench.errors import NotSaved
from segbench.lake.importing import import_files
from segbench.lake.retention import Retention
from segbench.model.ask import field, in_segment, tag
from segbench.model.campaign import ExportRecord
from segbench.model.campaign_split import HOLD_OUT, Split
from segbench.model.recipe import Recipe, rules_source, segment_source
from segbench.model.rules import RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.workbench import handing, verifying
from segbench.workbench.maintaining import maintain_workspace
from segbench.workbench.promises import promise_recipe, write_promise
from segbench.workbench.verifying import verify
from segbench.workbench.workbench import Workbench

GERMANS = field("country").is_any_of("DE")
ALL = ExportOptions(tuple(FORMATS), region="DE", shard_rows=100)
numbers = count()


def exported(
    workbench: Workbench,
    rules: RuleOrGroup = GERMANS,
    options: ExportOptions = ALL,
    *,
    reachable: bool = False,
) -> ExportRecord:
    """The record of an export of a new segment with these rules, with every field."""
    name = workbench.save(Segment(f"Recipients {next(numbers)}", as_group(rules))).segment.name
    agreed = handing.confirm(workbench, f"Campaign {name}", name, reachable=reachable)
    picked = pick_columns(workbench.columns(), None, options, personal=True)
    return handing.export(workbench, agreed, picked.columns, None, picked.options)


def test_a_whole_export_gives_the_same_files_byte_for_byte(own: Workbench) -> None:
    inner = own.save(Segment(f"Inner {next(numbers)}", as_group(GERMANS))).segment.name
    record = exported(own, in_segment(inner) & tag("compliant"))
    # What is saved now says something else: the rules in the manifest count.
    own.save(Segment(inner, as_group(tag("VIP"))), replace_saved=True)
    found = verify(own, record.id)
    assert (found.problems, found.unchecked) == ((), ())
    assert found.record == record
    snapshot = own.engine.snapshot.id
    assert found.checked[-1] == (
        f"On snapshot {snapshot} the rules give the same {record.count:,} recipients, "
        "and the same files byte for byte."
    )
    assert len(list(found.folder.glob("*.csv"))) > len(FORMATS) - 2


def test_the_reachable_with_their_ladder_come_out_the_same(own: Workbench) -> None:
    record = exported(own, reachable=True)
    assert 0 < record.count < own.count(GERMANS)
    manifest = json.loads((handing.folder_of(own, record) / "manifest.json").read_bytes())
    assert manifest["ladder"]
    assert manifest["recipe"]["include"]
    found = verify(own, record.id)
    assert (found.problems, found.unchecked) == ((), ())


def test_several_sources_with_a_split_come_out_the_same(own: Workbench, tmp_path: Path) -> None:
    names = [
        own.save(Segment(f"Source {next(numbers)}", as_group(rules))).segment.name
        for rules in (GERMANS, tag("compliant"))
    ]
    recipe = Recipe(
        tuple(map(segment_source, names)),
        (rules_source("VIPs", as_group(tag("VIP"))),),
        split=Split((("A", 45), ("B", 45), (HOLD_OUT, 10)), "spring"),
    )
    promise = promise_recipe(own, "Split", recipe)
    manifest = write_promise(own, promise, tmp_path / "split", NOW, ["key", "email"])
    assert manifest.columns == ("key", "email", "claimed_by", "split_group")
    assert manifest.to_data()["split"]["seed"] == "spring"
    found = verify(own, str(tmp_path / "split"))
    assert found.problems == ()
    assert found.checked[-1].endswith("and the same files byte for byte.")


def test_the_data_of_then_counts_not_that_of_now(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("key,country\nnew-1,DE\n", "utf-8")
    with Workbench.open(folder, clock=lambda: NOW) as workbench:
        record = exported(workbench)
        import_files(workbench.lake, contacts=more)
        workbench.refresh()
        assert workbench.count(GERMANS) == record.count + 1
        assert verify(workbench, record.id).checked[-1].endswith("byte for byte.")


def test_an_expired_snapshot_is_said_plainly_and_is_no_fault(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("key,country\nnew-1,DE\n", "utf-8")
    with Workbench.open(folder, clock=lambda: NOW) as workbench:
        record = exported(workbench, options=ExportOptions(("csv",)))
        import_files(workbench.lake, contacts=more)
    place = workbench.workspace
    policy = Retention(all_days=1, daily_days=0, months=0)
    maintain_workspace(place, policy, now=NOW.replace(year=2030), drop_cited=True)
    with Workbench.open(folder, clock=lambda: NOW) as workbench:
        found = verify(workbench, record.id)
    assert found.holds
    assert len(found.checked) == 2
    (unchecked,) = found.unchecked
    assert unchecked.startswith(f"Who was in cannot be evaluated again. Snapshot {record.snapshot}")
    assert unchecked.endswith("The files are complete as written.")


def test_a_changed_file_is_told_and_nothing_is_evaluated(own: Workbench) -> None:
    record = exported(own, options=ExportOptions(("csv", "xlsx")))
    path = handing.folder_of(own, record) / "recipients.csv"
    path.write_bytes(path.read_bytes().replace(b"DE", b"FR", 1))
    found = verify(own, record.id)
    assert found.problems == (
        "recipients.csv was changed: its SHA-256 is not that of the manifest.",
    )
    assert found.checked == ()


def test_files_and_manifest_that_were_forged_together_are_found_by_the_rules(
    own: Workbench, tmp_path: Path
) -> None:
    record = exported(own, options=ExportOptions(("csv",)))
    forged = Path(shutil.copytree(handing.folder_of(own, record), tmp_path / "forged"))
    path, manifest = forged / "recipients.csv", forged / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"DE"', b'"FR"', 1))
    data = json.loads(manifest.read_bytes())
    data["files"][0]["sha256"] = file_sha256(path)
    manifest.write_text(json.dumps(data))
    found = verify(own, str(forged))
    assert found.problems == (
        f"recipients.csv is not what its rules give on snapshot {record.snapshot}.",
    )
    (unchecked,) = found.unchecked
    assert unchecked.startswith("No campaign of this workspace records the export")


def test_another_manifest_than_the_recorded_one_is_found(own: Workbench) -> None:
    record = exported(own, options=ExportOptions(("csv",)))
    path = handing.folder_of(own, record) / "manifest.json"
    path.write_text(path.read_text().replace('"campaign": "C', '"campaign": "X'))
    assert verify(own, record.id).problems == ("manifest.json is not the one that was recorded.",)


def test_files_of_other_versions_are_compared_by_what_they_hold(
    own: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = exported(own, options=ExportOptions(("csv", "xlsx")))
    path = handing.folder_of(own, record) / "manifest.json"
    data = json.loads(path.read_bytes())
    data["written_with"]["xlsxwriter"] = "1.0"
    path.write_text(json.dumps(data))
    monkeypatch.setattr(verifying, "differing_files", lambda *_: ["recipients.xlsx"])
    found = verify(own, str(path.parent.rename(path.parent.with_name("moved"))))
    assert found.problems == ()
    assert any(
        "recipients.xlsx cannot be compared byte for byte" in line for line in found.unchecked
    )
    assert any("xlsxwriter 1.0, not" in line for line in found.unchecked)


def test_an_export_is_found_by_id_by_folder_and_by_path(own: Workbench) -> None:
    record = exported(own, options=ExportOptions(("csv",)))
    folder = handing.folder_of(own, record)
    for what in (record.id, record.folder, str(folder)):
        found = verify(own, what)
        assert (found.record, found.holds) == (record, True)
    with pytest.raises(NotSaved, match="There is no export"):
        verify(own, "nothing")


def test_a_folder_without_a_manifest_is_no_export(own: Workbench, tmp_path: Path) -> None:
    assert verify(own, str(tmp_path)).problems == ("manifest.json is missing.",)


def test_a_manifest_that_does_not_say_enough_is_a_problem_not_a_crash(
    own: Workbench, tmp_path: Path
) -> None:
    record = exported(own, options=ExportOptions(("csv",)))
    for number, (key, value) in enumerate(
        [("as_of", "soon"), ("snapshot", {}), ("settings", {}), ("recipe", {}), ("time_zone", "x")]
    ):
        place = tmp_path / str(number)
        shutil.copytree(handing.folder_of(own, record), place)
        data = json.loads((place / "manifest.json").read_bytes())
        (place / "manifest.json").write_text(json.dumps(data | {key: value}))
        assert len(verify(own, str(place)).problems) == 1, key


def test_the_shared_workspace_is_left_as_it_was() -> None:
    assert not (workbenches.filled() / "exports").exists()
