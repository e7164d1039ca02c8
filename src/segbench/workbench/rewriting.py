"""An export done again from its manifest, to compare it with what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from segbench.audience.campaign import Confirmation
from segbench.audience.export import ExportOptions
from segbench.audience.formats.cleaning import NORMALISATION
from segbench.audience.formats.roles import ALIASES
from segbench.audience.manifest import WRITERS
from segbench.audience.whole_folder import file_sha256
from segbench.model.campaign_split import HOLD_OUT
from segbench.model.codec import group_from_data
from segbench.model.recipe_form import recipe_from_data
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.audiences import ResolvedRecipe, find_audience, split_audience
from segbench.workbench.cited import CitedWorkbench
from segbench.workbench.promises import Promise, write_promise


def promise_again(cited: CitedWorkbench, manifest: Mapping[str, Any]) -> Promise:
    """Who was promised, by the rules in the manifest, over the data of then."""
    saved = {entry["name"]: group_from_data(entry["rules"]) for entry in manifest["refers_to"]}
    entry = manifest["segment"]
    segment = Segment(entry["name"], group_from_data(entry["rules"]), entry["description"])
    if manifest.get("recipe") is None:
        members = cited.members(segment.group, saved)
        return Promise(_agreed(cited, manifest, len(members)), segment, saved, members)
    return _recipe_again(cited, manifest, segment, saved)


def differing_files(
    cited: CitedWorkbench,
    folder: Path,
    manifest: Mapping[str, Any],
    promise: Promise,
    scratch: Path,
) -> list[str]:
    """The files that come out otherwise when they are written again, to `scratch`."""
    options = ExportOptions(
        formats=tuple(each["name"] for each in manifest.get("formats", ())) or ("csv", "parquet"),
        # Every role, so that what was not known to hold one then is not taken for one now.
        roles={role: tuple(manifest.get("roles", {}).get(role, ())) for role in ALIASES},
        region=manifest.get("phone_region", ""),
        shard_rows=manifest.get("shard_rows"),
    )
    created = dt.datetime.fromisoformat(manifest["created"].replace("Z", "+00:00"))
    columns = manifest["columns"][: len(manifest["columns"]) - _told(promise)]
    again = write_promise(cited, promise, scratch, created, columns, None, options)
    sums = {file.name: file.sha256 for file in again.files}
    listed = [file["name"] for file in manifest["files"]]
    changed = [name for name in listed if sums.get(name) != file_sha256(folder / name)]
    return [
        *(name for name in changed if not _same_rows(folder / name, scratch / name)),
        *(name for name in sums if name not in listed),
    ]


def written_with_others(manifest: Mapping[str, Any]) -> str:
    """The versions that the files were written with, where those here are others; else ""."""
    if manifest["format"] == 1:
        return "an earlier segbench"
    here = {name: version(name) for name in (*WRITERS, "phonenumbers")}
    then = dict(manifest["written_with"])
    then["phonenumbers"] = manifest["normalisation"]["phonenumbers"]
    others = [f"{name} {then[name]}, not {here[name]}" for name in here if then[name] != here[name]]
    if manifest["normalisation"]["version"] != NORMALISATION:
        others.append(f"normalisation {manifest['normalisation']['version']}, not {NORMALISATION}")
    return ", ".join(others)


def _recipe_again(
    cited: CitedWorkbench, manifest: Mapping[str, Any], segment: Segment, saved: Mapping[str, Group]
) -> Promise:
    recipe, rules = recipe_from_data(manifest["recipe"])
    resolved = ResolvedRecipe(recipe, rules, saved)
    audience = find_audience(cited, recipe, resolved)
    groups = split_audience(cited, audience)
    held_out = groups.get(HOLD_OUT)
    members = audience.final if held_out is None else audience.final - held_out
    agreed = _agreed(cited, manifest, len(members))
    return Promise(agreed, segment, saved, members, audience, groups, resolved)


def _agreed(cited: CitedWorkbench, manifest: Mapping[str, Any], count: int) -> Confirmation:
    return Confirmation(
        manifest["campaign"],
        manifest["segment"]["name"],
        manifest["segment"]["sentence"],
        count,
        "",
        manifest["snapshot"]["id"],
        cited.as_of,
        matching=manifest["counts"]["matching"],
    )


def _told(promise: Promise) -> int:
    """How many columns the campaign told, behind those that were chosen."""
    if promise.audience is None:
        return 0
    return (len(promise.audience.chosen.include) > 1) + bool(promise.groups)


def _same_rows(one: Path, other: Path) -> bool:
    """Whether two Parquet files hold the same, however they are packed."""
    if one.suffix != ".parquet" or not other.exists():
        return False
    first, second = parquet.ParquetFile(one), parquet.ParquetFile(other)
    if first.schema_arrow.names != second.schema_arrow.names:
        return False
    if first.metadata.num_rows != second.metadata.num_rows:
        return False
    pairs = zip(first.iter_batches(65_536), second.iter_batches(65_536), strict=True)
    return all(pa.Table.from_batches([a]).equals(pa.Table.from_batches([b])) for a, b in pairs)
