"""The workbench: one workspace, open, answering segments over one snapshot at one `as_of`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, cast

from segbench.audience.evaluation import Evaluation, evaluate, waterfall
from segbench.audience.explain import Waterfall
from segbench.audience.forecast import Forecast
from segbench.audience.history import History, Timeline
from segbench.audience.overlap import Overlap, overlap
from segbench.audience.sensitivity import Sensitivity, sensitivity
from segbench.audience.why import Why
from segbench.audience.width import wide_rows
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import LakeError, RuleError
from segbench.lake.catalog_changes import move_on
from segbench.lake.difference import find_difference
from segbench.lake.history import is_other_data
from segbench.lake.lake import Lake
from segbench.lake.sync_report import SyncReport
from segbench.library.library import Library
from segbench.library.saved import SavedSegment
from segbench.model.catalog import Catalog
from segbench.model.check import Issue, check, require_sound
from segbench.model.describe import Wording, describe
from segbench.model.filing import Filing
from segbench.model.moments import zone_of
from segbench.model.rules import Group, Params, Path, RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.plan.lint import logical_issues
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, Plan, lower
from segbench.workbench import reasoning
from segbench.workbench.counting import count_saved
from segbench.workbench.future import forecast
from segbench.workbench.history import history
from segbench.workbench.identity import current_user
from segbench.workbench.past import Past
from segbench.workbench.past_data import PastData
from segbench.workbench.spans import Every, When, instant, require_year
from segbench.workbench.syncing import sync_workbench
from segbench.workbench.timeline import timeline
from segbench.workbench.workspace import Workspace, locate

if TYPE_CHECKING:
    import pandas as pd

    from segbench.workbench.book import ContactBook
    from segbench.workbench.open_campaign import OpenCampaign

Clock = Callable[[], dt.datetime]
PREVIEW = 1_000


def utc_now() -> dt.datetime:
    """Now, aware, in UTC: the one place where segbench reads the clock."""
    return dt.datetime.now(dt.UTC)


class Workbench:
    """An open workspace.

    It answers over the newest snapshot at the time of opening, at one `as_of` (naive UTC), so that
    numbers can be compared; `refresh` moves both on. `author` is whose name is kept with what is
    saved.
    """

    def __init__(
        self, workspace: Workspace, *, as_of: dt.datetime | None = None, clock: Clock = utc_now
    ) -> None:
        self.workspace = workspace
        self.settings = workspace.settings()
        self.zone = zone_of(self.settings.time_zone)
        self.clock = clock
        self.author = current_user()
        self._given_as_of = as_of
        self.lake = Lake.open(workspace.lake)
        self.library = Library.open(workspace.library)
        self._engine: LocalEngine | None = None
        self._past_data: PastData | None = None
        self.refresh()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        as_of: dt.datetime | None = None,
        clock: Clock = utc_now,
    ) -> Self:
        """The workspace at a path; by default the one in SEGBENCH_WORKSPACE, else the demo's."""
        return cls(locate(path), as_of=_naive(as_of), clock=clock)

    def newest_snapshot_id(self) -> int:
        """The id of the lake's newest snapshot; cheap enough to ask every second."""
        return int(self.lake.rows("FROM lake.current_snapshot()")[0][0])

    @property
    def pinned_as_of(self) -> dt.datetime | None:
        """The moment (naive UTC) at which `as_of` stays, whatever the time; None where it moves."""
        return self._given_as_of or self.settings.as_of

    def is_other_data(self, before: int, after: int) -> bool:
        """Whether a later snapshot may have other rows than an earlier one.

        It has the same where only maintenance came in between.
        """
        first, last = sorted((before, after))
        return first != last and is_other_data(self.lake.snapshots(), first, last)

    def refresh(self) -> bool:
        """Move on to the newest snapshot and, unless it is pinned, to the present time.

        Whether there was a newer snapshot. What is known of contacts that did not change is kept.
        """
        self.as_of = self.pinned_as_of or cast(dt.datetime, _naive(self.clock()))
        require_year(self.as_of)
        newest = self.lake.snapshot()
        earlier = self._engine
        if earlier is not None and earlier.snapshot.id == newest.id:
            newest.close()
            return False
        engine = LocalEngine(newest, self.settings.cache_mb, keep=True)
        if earlier is not None:
            self._carry_over(earlier, engine)
        self._engine = engine
        if self._past_data is not None:
            self._past_data.close()
        self._past_data = PastData(self.lake, engine)
        return True

    def _carry_over(self, earlier: LocalEngine, later: LocalEngine) -> None:
        """What is known of contacts that did not change, and the catalogue with what did."""
        before, after = earlier.snapshot, later.snapshot
        difference = find_difference(self.lake, before.id, after)
        if difference is None:
            return
        known = before.known_catalog()
        moved = move_on(known, self.lake, before, after, difference) if known else None
        if moved is not None:
            after.adopt_catalog(moved)
        elif known is not None:
            # Here, on the thread that moves on, and not when somebody next looks at it.
            after.catalog()
        later.take_over(earlier, difference)

    def close(self) -> None:
        """Close the lake and the library."""
        if self._past_data is not None:
            self._past_data.close()
        self._engine = self._past_data = None
        self.library.close()
        self.lake.close()

    def __repr__(self) -> str:
        if self._engine is None:
            return f"<Workbench {self.settings.name!r}: closed>"
        return (
            f"<Workbench {self.settings.name!r}: {self.contacts_total:,} contacts, "
            f"snapshot {self.engine.snapshot.id}, as of {self.as_of:%Y-%m-%d %H:%M} UTC>"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def engine(self) -> LocalEngine:
        """The engine over the snapshot that everything is answered from."""
        if self._engine is None:
            raise LakeError("The workbench is closed.")
        return self._engine

    @property
    def past_data(self) -> PastData:
        """The snapshots that answers of past moments are from."""
        if self._past_data is None:
            raise LakeError("The workbench is closed.")
        return self._past_data

    @cached_property
    def book(self) -> ContactBook:
        """What manages the contacts: smart lists, pages, cards and edits."""
        from segbench.workbench.book import ContactBook

        return ContactBook(self)

    def campaign(self, name: str, *, create: bool = False, like: str | None = None) -> OpenCampaign:
        """The campaign of that name to work on; `create` makes it, perhaps `like` another.

        `NotSaved` where there is none, `NameTaken` where there is one already.
        """
        from segbench.workbench.open_campaign import find_campaign

        return find_campaign(self, name, create, like)

    @property
    def catalog(self) -> Catalog:
        """What can be asked of these contacts."""
        return self.engine.snapshot.catalog()

    @property
    def contacts_total(self) -> int:
        """How many contacts there are."""
        return self.engine.contacts

    @property
    def wording(self) -> Wording:
        """What sentences about these contacts may use."""
        return Wording(self.catalog, self.as_of, self.zone, self.settings.first_weekday)

    def context(self, segments: Mapping[str, Group] | None = None) -> Context:
        """What rules are resolved against now."""
        known = self.library.groups() if segments is None else segments
        settings = self.settings
        return Context(
            self.as_of,
            self.zone,
            self.catalog,
            known,
            settings.words,
            settings.first_weekday,
            settings.contact_time_zone,
            self.library.deleted_names() if segments is None else frozenset(),
            self.library.archived_names() if segments is None else frozenset(),
        )

    def plan(self, node: RuleOrGroup, segments: Mapping[str, Group] | None = None) -> Plan:
        """The checked plan of a rule or group; `RuleError` names the row that is wrong.

        References mean the saved segments, unless `segments` gives others.
        """
        root = as_group(node)
        context = self.context(segments)
        require_sound(
            root,
            context.catalog,
            context.segments,
            vocabulary=context.vocabulary,
            contact_zone=context.contact_zone,
            deleted=context.deleted,
        )
        return lower(root, context)

    def describe(self, node: RuleOrGroup) -> str:
        """One sentence for a rule or group, with dates resolved."""
        return describe(as_group(node), self.wording)

    def count(self, node: RuleOrGroup) -> int:
        """How many contacts a rule or group holds, exactly."""
        return self.engine.count(self.plan(node).root)

    def count_saved(self, name: str) -> int:
        """How many contacts a saved segment holds; the library remembers it.

        `Uncountable` says what it last counted, where it cannot be evaluated any more.
        """
        return count_saved(self, name)

    def members(self, node: RuleOrGroup, segments: Mapping[str, Group] | None = None) -> Membership:
        """The membership of a rule or group; `segments` as in `plan`."""
        return self.engine.members(self.plan(node, segments).root)

    def evaluate(self, node: RuleOrGroup) -> Evaluation:
        """The counts of a group and of every row in it."""
        root = as_group(node)
        plan = self.plan(root)
        wanted = [atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic)]
        return evaluate(root, plan, self.engine.patterns(wanted))

    def waterfall(self, node: RuleOrGroup) -> Waterfall:
        """How each row takes a group from all contacts to its count."""
        root = as_group(node)
        return waterfall(root, self.evaluate(root), self.wording)

    def sensitivity(
        self, node: RuleOrGroup, path: Path, amounts: Sequence[int] = range(1, 366)
    ) -> Sensitivity:
        """The counts of a group for each length that the window of its row at `path` may have."""
        return sensitivity(as_group(node), path, amounts, self.plan, self.engine)

    def contacts(
        self,
        node: RuleOrGroup,
        columns: Sequence[str] | None = None,
        *,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The contacts that a rule or group holds, as a DataFrame in the order of the lake.

        All fields unless `columns` names some; the first `limit` contacts, or all.
        """
        chosen = self.columns(columns)
        members = self.members(node)
        if limit is not None:
            members = Membership.of(members.ids()[: max(0, limit)], members.contacts)
        return self.engine.rows(members, chosen).read_all().to_pandas()

    def issues(self, node: RuleOrGroup) -> tuple[Issue, ...]:
        """All that is wrong or odd in a rule or group, rows that logic makes useless included."""
        root, context = as_group(node), self.context()
        found = check(
            root,
            context.catalog,
            context.segments,
            vocabulary=context.vocabulary,
            contact_zone=context.contact_zone,
            deleted=context.deleted,
            archived=context.archived,
        )
        if any(issue.level != "warning" for issue in found):
            return found
        try:
            plan = lower(root, context)
        except RuleError as error:
            return (*found, Issue((), "error", "wrong", str(error)))
        logical = logical_issues(root, plan)
        wide = wide_rows(root, self.evaluate(root))
        said = {(issue.path, issue.code) for issue in logical}
        fresh = (issue for issue in wide if (issue.path, issue.code) not in said)
        return (*found, *logical, *fresh)

    def why(self, key: str, node: RuleOrGroup) -> Why:
        """Why the contact of that key is in a group or not, with its own values."""
        return reasoning.explain_contact(self, key, node)

    def compare(self, first: RuleOrGroup, second: RuleOrGroup) -> reasoning.Sameness:
        """Whether two groups hold the same contacts: always, by proof, and here, by count."""
        return reasoning.compare_rules(self, first, second)

    def split(
        self,
        node: RuleOrGroup,
        shares: Mapping[str, float],
        *,
        by: str | None = None,
        salt: str = "",
    ) -> dict[str, Membership]:
        """The contacts of a group in stable random groups: `{"A": 45, "B": 45, "hold-out": 10}`.

        Each group has its share of every value of the field `by`; another salt draws anew.
        """
        return reasoning.split_members(self, node, shares, by=by, salt=salt)

    def rfm_cuts(self, *, days: int = 365) -> Params:
        """Cut points for the pre-built `rfm` from the orders of the last `days`, all but a group.

        Kept in a rule's parameters they stay as they are, whatever the data does later.
        """
        return reasoning.rfm_params(self, days=days)

    def columns(self, columns: Sequence[str] | None = None) -> tuple[str, ...]:
        """The key and the fields that `columns` names, or all; unknown names are errors."""
        if columns is None:
            return ("key", *(field.name for field in self.catalog.fields))
        if isinstance(columns, str):
            raise RuleError(f"Columns are a list of names: write [{columns!r}].")
        if not columns:
            raise RuleError("Choose at least one column.")
        for name in columns:
            if name != "key":
                self.catalog.field(name)
        return tuple(dict.fromkeys(columns))

    def overlap(self, segments: Iterable[str | Segment]) -> Overlap:
        """How segments overlap; saved ones may be given by name. 1 to 20 of them."""
        members: dict[str, Membership] = {}
        for given in segments:
            segment = self.library.segment(given).segment if isinstance(given, str) else given
            if segment.name in members:
                raise RuleError(f"The segment {segment.name!r} is compared with itself.")
            members[segment.name] = self.members(segment.group)
        return overlap(members)

    def at(self, moment: dt.datetime) -> Past:
        """The workspace as it was at a past moment; a naive one is UTC."""
        return Past(self, instant(moment))

    def history(
        self,
        segment: str | Segment | RuleOrGroup,
        *,
        since: When | None = None,
        until: When | None = None,
        every: Every = "day",
        attribute: bool = True,
    ) -> History:
        """The size of a segment over time, who entered and left, and why.

        A saved segment, by name, has the rules that it had at each moment. Points are `since`,
        every local midnight (or first of a week or month) after it, and `until`; by default the
        last 30 days, 12 weeks or 12 months. Without `attribute` it is not told why, in less time.
        """
        return history(self, segment, since, until, every, attribute)

    def timeline(
        self,
        key: str,
        segment: str | Segment | RuleOrGroup,
        *,
        since: When | None = None,
        until: When | None = None,
    ) -> Timeline:
        """When the contact of that key entered and left a segment, and why; as `history`."""
        return timeline(self, key, segment, since, until)

    def forecast(self, segment: str | Segment | RuleOrGroup, days: int = 30) -> Forecast:
        """Who leaves a segment and who enters it in the next days if nothing happens; exact."""
        return forecast(self, segment, days)

    def sync(self, source: object = None, **options: Any) -> SyncReport:
        """Make the contacts follow a source, and move on to the new snapshot.

        The source is a folder, the URL of a PostgreSQL database with `contacts`, `tags` and
        `events`, or DataFrames, Arrow or Ibis tables; the options are those of
        `segbench.lake.syncing.sync`. Times without an offset are in the workspace's time zone.
        """
        return sync_workbench(self, source, **options)

    def save(
        self,
        segment: Segment,
        *,
        replace_saved: bool = False,
        seen: int | None = None,
        note: str = "",
        filing: Filing | None = None,
    ) -> SavedSegment:
        """Save a segment under its name; `NameTaken` where it is in use, unless replacing.

        `seen` is the revision that is replaced: `ChangedMeanwhile` where somebody changed it.
        """
        self.plan(segment.group)
        return self.library.save(
            segment,
            now=self.clock(),
            replace=replace_saved,
            seen=seen,
            author=self.author,
            note=note,
            filing=filing,
        )


def _naive(moment: dt.datetime | None) -> dt.datetime | None:
    """An instant as naive UTC; a naive one is taken to be UTC already."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(dt.UTC).replace(tzinfo=None)
