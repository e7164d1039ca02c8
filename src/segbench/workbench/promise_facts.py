"""What the manifest of an export says of a promise: its rules, its recipe, and how it was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from segbench.audience.ladder import ladder_data
from segbench.audience.manifest import ManifestFacts
from segbench.model.recipe_form import recipe_data
from segbench.model.rules import Group, SegmentRule
from segbench.model.segment import Segment
from segbench.model.send_settings_form import split_data
from segbench.model.tree import walk

if TYPE_CHECKING:
    from segbench.workbench.promises import Promise
    from segbench.workbench.workbench import Workbench


def manifest_facts(workbench: Workbench, promise: Promise, now: dt.datetime) -> ManifestFacts:
    """All that the writer of the files cannot know by itself."""
    snapshot, agreed = workbench.engine.snapshot, promise.agreed
    audience, resolved = promise.audience, promise.resolved
    return ManifestFacts(
        campaign=agreed.campaign,
        segment=promise.segment,
        sentence=agreed.sentence,
        snapshot_id=snapshot.id,
        snapshot_time=snapshot.committed,
        as_of=workbench.as_of,
        time_zone=str(workbench.zone),
        matching=agreed.count if audience is None else agreed.matching,
        created=now,
        refers_to=_led_to(promise.segment, promise.saved),
        ladder=None if audience is None else ladder_data(audience.ladder),
        split=_split(promise),
        recipe=None if resolved is None else recipe_data(resolved.recipe, resolved.rules),
        settings=rule_settings(workbench),
    )


def rule_settings(workbench: Workbench) -> dict[str, Any]:
    """The settings of the workspace that the answers to rules depend on, as plain JSON values."""
    settings = workbench.settings
    return {
        "engagement_events": list(settings.engagement_events),
        "week_start": settings.week_start,
        "contact_time_zone": settings.contact_time_zone,
        "vocabulary": dict(settings.vocabulary),
        "sending": asdict(settings.sending),
    }


def _split(promise: Promise) -> dict[str, Any] | None:
    audience = promise.audience
    if audience is None or audience.recipe.split is None:
        return None
    return split_data(audience.recipe.split) | {"sizes": dict(audience.sizes)}


def _led_to(segment: Segment, groups: Mapping[str, Group]) -> tuple[Segment, ...]:
    """The saved segments that a segment refers to, at any depth, sorted by name.

    A row that is switched off may name a segment that does not exist (any more); it is left out.
    """
    found: dict[str, Segment] = {}
    waiting = [segment.group]
    while waiting:
        for _, node in walk(waiting.pop()):
            if not isinstance(node, SegmentRule) or node.segment not in groups:
                continue
            if node.segment not in found:
                found[node.segment] = Segment(node.segment, groups[node.segment])
                waiting.append(groups[node.segment])
    return tuple(found[name] for name in sorted(found))
