"""Handing a segment to a campaign: agreed to, frozen, recorded, and checked again."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from workbenches import NOW

from segbench.audience.export import verify_export
from segbench.errors import ExportError, LibraryError, NotSaved, RuleError, UnknownName
from segbench.lake.importing import import_files
from segbench.model.ask import did, field, in_segment, tag
from segbench.model.campaign import Campaign
from segbench.model.codec import fingerprint, to_data
from segbench.model.rules import FieldRule, Group, RuleOrGroup, SegmentRule, as_group
from segbench.model.segment import Segment
from segbench.workbench import handing
from segbench.workbench.workbench import Workbench

GERMANS = field("country").is_any_of("DE")
numbers = count()


def saved(workbench: Workbench, rules: RuleOrGroup = GERMANS) -> str:
    """A new saved segment's name."""
    segment = Segment(f"Recipients {next(numbers)}", as_group(rules))
    return workbench.save(segment).segment.name


def campaign_for(workbench: Workbench, segment: str) -> Campaign:
    return handing.open_campaign(workbench, f"Spring {next(numbers)}", segment)


def exports_of(workbench: Workbench) -> list[str]:
    folder = workbench.workspace.exports
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_campaign_is_made_where_there_is_none_and_found_where_there_is(own: Workbench) -> None:
    segment = saved(own)
    made = handing.open_campaign(own, "Autumn", segment.upper())
    assert made.recipients == (segment,)
    again = handing.open_campaign(own, "AUTUMN", saved(own))
    assert (again.name, again.created) == ("Autumn", made.created)
    assert len(own.library.campaigns()) == len({c.name for c in own.library.campaigns()})


def test_no_campaign_is_made_for_a_segment_that_is_not_saved(own: Workbench) -> None:
    with pytest.raises(NotSaved, match="Recipents"):
        handing.open_campaign(own, "For nobody", "Recipents")
    with pytest.raises(NotSaved):
        own.library.campaign("For nobody")


def test_what_is_agreed_to_says_the_exact_count_and_the_rules(own: Workbench) -> None:
    segment = saved(own)
    agreed = handing.confirm(own, campaign_for(own, segment).name, segment)
    assert agreed.count == own.count(GERMANS)
    assert agreed.sentence == "Contacts where Country is “DE”."
    assert f"{agreed.count:,} contacts" in agreed.question


def test_nobody_cannot_be_agreed_to(own: Workbench) -> None:
    segment = saved(own, Group())
    with pytest.raises(ExportError, match="nobody to export"):
        handing.confirm(own, campaign_for(own, segment).name, segment)


def test_an_export_is_whole_recorded_and_says_where_it_came_from(own: Workbench) -> None:
    segment = saved(own, GERMANS & tag("compliant"))
    campaign = campaign_for(own, segment)
    agreed = handing.confirm(own, campaign.name, segment)
    done: list[int] = []
    record = handing.export(own, agreed, ["key", "email"], done.append)
    folder = handing.folder_of(own, record)

    assert folder.parent == own.workspace.exports
    assert verify_export(folder, record.manifest_sha256) == ()
    assert own.library.campaign(campaign.name).exports == (record,)
    assert (record.created, record.segment, record.count) == (NOW, segment, agreed.count)
    assert done[-1] == agreed.count

    table = parquet.read_table(folder / "recipients.parquet")
    expected = own.contacts(GERMANS & tag("compliant"), ["key", "email"])
    assert table.column_names == ["key", "email"]
    assert table["key"].to_pylist() == expected["key"].tolist()

    manifest = json.loads((folder / "manifest.json").read_bytes())
    group = own.library.segment(segment).segment.group
    assert manifest["segment"]["rules"] == to_data(group)
    assert manifest["segment"]["rules_sha256"] == record.rules_sha256 == fingerprint(group)
    assert manifest["segment"]["sentence"] == agreed.sentence
    assert manifest["snapshot"]["id"] == own.engine.snapshot.id
    assert manifest["as_of"] == f"{own.as_of.isoformat()}Z"
    assert manifest["time_zone"] == "Europe/Berlin"
    counts = {"contacts": 1_000, "matching": agreed.count, "exported": agreed.count}
    assert manifest["counts"] == counts


def test_an_export_has_all_fields_unless_some_are_chosen(own: Workbench) -> None:
    segment = saved(own)
    agreed = handing.confirm(own, campaign_for(own, segment).name, segment)
    folder = handing.folder_of(own, handing.export(own, agreed))
    names = parquet.read_schema(folder / "recipients.parquet").names
    assert names == ["key", *(field.name for field in own.catalog.fields)]


def test_one_agreement_gives_one_record_for_each_export(own: Workbench) -> None:
    segment = saved(own)
    campaign = campaign_for(own, segment)
    agreed = handing.confirm(own, campaign.name, segment)
    records = tuple(handing.export(own, agreed, ["key"]) for _ in range(2))
    assert own.library.campaign(campaign.name).exports == records
    assert len({record.folder for record in records}) == 2


def test_the_manifest_has_the_rules_of_every_segment_that_is_led_to(own: Workbench) -> None:
    inner = saved(own)
    middle = saved(own, in_segment(inner) & tag("compliant"))
    outer = saved(own, in_segment(middle) | did("order_placed"))
    agreed = handing.confirm(own, campaign_for(own, outer).name, outer)
    record = handing.export(own, agreed, ["key"])
    folder = handing.folder_of(own, record)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert [entry["name"] for entry in manifest["refers_to"]] == sorted([inner, middle])
    assert verify_export(folder, record.manifest_sha256) == ()
    assert record.count == own.count(in_segment(inner) & tag("compliant") | did("order_placed"))


def test_a_switched_off_row_may_name_a_segment_that_does_not_exist(own: Workbench) -> None:
    segment = saved(own, Group(rules=(GERMANS, SegmentRule("gone", enabled=False))))
    agreed = handing.confirm(own, campaign_for(own, segment).name, segment)
    record = handing.export(own, agreed, ["key"])
    assert verify_export(handing.folder_of(own, record), record.manifest_sha256) == ()


def test_rules_that_changed_since_are_not_exported(own: Workbench) -> None:
    segment = saved(own)
    campaign = campaign_for(own, segment)
    agreed, before = handing.confirm(own, campaign.name, segment), exports_of(own)
    own.save(Segment(segment, as_group(tag("VIP"))), replace_saved=True)
    then, now = agreed.count, own.count(tag("VIP"))
    with pytest.raises(ExportError, match=f"changed since .*: {then} contacts then, {now} now"):
        handing.export(own, agreed, ["key"])
    assert exports_of(own) == before
    assert own.library.campaign(campaign.name).exports == ()


def test_contacts_that_changed_since_are_not_exported(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("key,country\nnew-1,DE\n", "utf-8")
    with Workbench.open(folder, clock=lambda: NOW) as workbench:
        segment = saved(workbench)
        agreed = handing.confirm(workbench, campaign_for(workbench, segment).name, segment)
        import_files(workbench.lake, contacts=file)
        workbench.refresh()
        with pytest.raises(ExportError, match="Look at it and confirm again"):
            handing.export(workbench, agreed, ["key"])
        assert exports_of(workbench) == []


def is_one_of(*emails: str) -> FieldRule:
    return field("email").is_any_of(*emails)


def test_confirming_changes_nothing_and_exporting_makes_the_campaign(own: Workbench) -> None:
    segment = saved(own)
    agreed = handing.confirm(own, "  Made  by the export ", segment)
    with pytest.raises(NotSaved):
        own.library.campaign("Made by the export")
    handing.export(own, agreed, ["key"])
    made = own.library.campaign("Made by the export")
    assert (made.recipients, len(made.exports)) == ((segment,), 1)


def test_other_people_in_the_same_number_are_not_what_was_agreed_to(own: Workbench) -> None:
    emails = own.contacts(GERMANS, ["email"])["email"].dropna()
    one, another = [email for email in emails if own.count(is_one_of(email)) == 1][:2]
    # A sentence shows twelve values: the thirteenth is the one that changes.
    names = [f"x{number}@nowhere.example" for number in range(12)]
    segment = saved(own, is_one_of(*names, one))
    agreed = handing.confirm(own, "Swapped", segment)
    changed = Segment(segment, as_group(is_one_of(*names, another)))
    own.save(changed, replace_saved=True)
    promised = handing.confirm(own, "Swapped", segment)
    assert promised.count == agreed.count == 1
    assert promised.sentence == agreed.sentence
    with pytest.raises(ExportError, match="confirm again"):
        handing.export(own, agreed, ["key"])


def test_an_export_that_cannot_be_recorded_leaves_no_files(
    own: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = saved(own)
    agreed, before = handing.confirm(own, "Unrecorded", segment), exports_of(own)

    def refuse(*_: object, **__: object) -> None:
        raise LibraryError("locked")

    monkeypatch.setattr(own.library, "record_export", refuse)
    with pytest.raises(LibraryError, match="locked"):
        handing.export(own, agreed, ["key"])
    assert exports_of(own) == before


def test_wrong_columns_write_nothing(own: Workbench) -> None:
    segment = saved(own)
    campaign = campaign_for(own, segment)
    agreed, before = handing.confirm(own, campaign.name, segment), exports_of(own)
    with pytest.raises(UnknownName, match="'email'"):
        handing.export(own, agreed, ["emial"])
    with pytest.raises(RuleError, match="at least one column"):
        handing.export(own, agreed, [])
    assert exports_of(own) == before
    assert own.library.campaign(campaign.name).exports == ()


def test_an_export_that_breaks_leaves_nothing_behind(own: Workbench) -> None:
    segment = saved(own)
    campaign = campaign_for(own, segment)
    agreed, before = handing.confirm(own, campaign.name, segment), exports_of(own)

    def broken(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        handing.export(own, agreed, ["key"], broken)
    assert exports_of(own) == before
    assert own.library.campaign(campaign.name).exports == ()


def test_a_second_recipient_joins_the_first(own: Workbench) -> None:
    first, second = saved(own), saved(own)
    campaign = campaign_for(own, first)
    assert handing.open_campaign(own, campaign.name, second).recipients == (first, second)
    assert handing.open_campaign(own, campaign.name, first).recipients == (first, second)
