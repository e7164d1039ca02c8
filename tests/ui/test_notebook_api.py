"""What a notebook does in a few lines: open, ask, count, show, plot."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

import segbench
from segbench import RuleError, Segment, all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.audience.overlap import Overlap
from segbench.errors import NameTaken, NotSaved, Uncountable
from segbench.library.saved import LastCount
from segbench.model.codec import from_json
from segbench.model.rules import Group
from segbench.ui.notebook import NotebookSegment, NotebookWorkbench

GERMANS = field("country").is_any_of("DE")


@pytest.fixture(scope="module")
def workbench() -> NotebookWorkbench:
    return workbenches.opened()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookWorkbench]:
    with segbench.open(workbenches.copied(tmp_path_factory.mktemp("notebook"))) as opened:
        yield opened


@pytest.fixture
def segment(workbench: NotebookWorkbench) -> NotebookSegment:
    return workbench.segment("Engaged Germans", GERMANS & tag("compliant") & engaged(days=90))


def test_open_takes_a_folder_and_a_clock(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    with segbench.open(str(workbenches.filled()), as_of=moment) as workbench:
        assert isinstance(workbench, NotebookWorkbench)
        assert workbench.as_of == dt.datetime(2026, 6, 1)
        assert workbench.segment("S", GERMANS).count() > 0


def test_open_without_a_folder_takes_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGBENCH_WORKSPACE", str(workbenches.filled()))
    with segbench.open() as workbench:
        assert workbench.workspace.root == workbenches.filled().resolve()


def test_a_segment_counts_and_lists_its_contacts(segment: NotebookSegment) -> None:
    frame = segment.contacts(["key", "country"])
    assert segment.count() == len(frame) > 0
    assert set(frame["country"].str.strip().str.upper()) == {"DE"}
    assert len(segment.contacts(limit=2)) == 2
    assert "lead_score" in segment.contacts(limit=0).columns


def test_a_segment_says_itself_in_words_and_in_json(segment: NotebookSegment) -> None:
    assert segment.describe().startswith("Contacts where Country is “DE” and tag is “compliant”")
    assert repr(segment) == (
        f"<Segment 'Engaged Germans': {segment.count():,} contacts. {segment.describe()}>"
    )
    assert from_json(segment.to_json()) == Segment("Engaged Germans", segment.group)


def test_a_waterfall_is_a_table_from_all_contacts_to_the_count(segment: NotebookSegment) -> None:
    frame = segment.waterfall().frame()
    assert len(frame) == 1 + 3 + 1
    assert frame["left"].tolist()[0] == workbenches.CONTACTS
    assert frame["left"].tolist()[-1] == segment.count()
    assert frame["change"].dropna().sum() == segment.count() - workbenches.CONTACTS


def test_an_overlap_is_a_table_of_regions_that_sum_to_all_contacts(
    workbench: NotebookWorkbench, segment: NotebookSegment
) -> None:
    found = segment.overlap(["Customers", workbench.segment("VIPs", tag("VIP"))])
    assert found.names == ("Engaged Germans", "Customers", "VIPs")
    assert found.frame()["contacts"].sum() == workbenches.CONTACTS
    assert found.within(0, 1) == workbench.count(segment.group & in_segment("Customers"))
    same = workbench.overlap([segment, "Customers", Segment("VIPs", Group(rules=(tag("VIP"),)))])
    assert same.pairs == found.pairs


def test_an_overlap_for_notebooks_is_one_for_everything_else_too(
    workbench: NotebookWorkbench,
) -> None:
    assert isinstance(workbench.overlap(["Customers"]), Overlap)


def test_tables_show_themselves(workbench: NotebookWorkbench, segment: NotebookSegment) -> None:
    named = workbench.segment("<b>VIPs</b>", tag("VIP"))
    shown = segment.overlap([named])._repr_html_()
    assert "<table" in shown
    assert "<b>VIPs" not in shown
    assert "&lt;b&gt;VIPs" in shown
    assert "Country is" in segment.waterfall()._repr_html_()


def test_plots_are_plotly_figures(workbench: NotebookWorkbench, segment: NotebookSegment) -> None:
    import plotly.graph_objects as go

    assert isinstance(segment.plot(), go.Figure)
    assert isinstance(segment.waterfall().plot(), go.Figure)
    two = segment.overlap(["Customers"])
    for kind in ("auto", "venn", "upset", "heatmap"):
        assert isinstance(two.plot(kind), go.Figure)
    five = workbench.overlap([segment, *workbench.saved_names()[:4]])
    assert isinstance(five.plot(), go.Figure)


def test_a_segment_shows_its_name_count_sentence_and_tree(workbench: NotebookWorkbench) -> None:
    rules = Group("or", (GERMANS, ~(tag("VIP") & did("order_placed")), in_segment("Customers")))
    segment = workbench.segment("Everyone of note", rules)
    shown = segment._repr_html_()
    count = segment.count()
    assert "Everyone of note" in shown
    assert f"{count:,} <span" in shown
    assert f"contacts, {count / workbenches.CONTACTS:.1%} of 1,000" in shown
    assert "any of" in shown
    assert "not all of" in shown
    assert f">{workbench.count(tag('VIP')):,}</td>" in shown
    assert shown.count("<tr>") == 6


def test_a_segment_shows_what_is_switched_off(workbench: NotebookWorkbench) -> None:
    off = Group(rules=(tag("VIP"),), enabled=False)
    shown = workbench.segment("Partly off", Group(rules=(GERMANS, off)))._repr_html_()
    assert shown.count(">off</td>") == 2


def test_a_segment_escapes_everything_that_it_shows(workbench: NotebookWorkbench) -> None:
    evil = "<script>alert('1')</script>"
    segment = workbench.segment(f"A {evil}", tag(evil) | field("country").is_any_of(evil))
    shown = segment._repr_html_()
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_wrong_rules_are_refused_at_once_with_the_row(workbench: NotebookWorkbench) -> None:
    with pytest.raises(RuleError, match=r"Row 2: There is no field 'contry'.*'country'"):
        workbench.segment("Wrong", tag("VIP") & field("contry").is_any_of("DE"))
    with pytest.raises(RuleError, match=r"Row 2\.1: There is no event 'order_plced'"):
        workbench.segment("Wrong", GERMANS & (did("order_plced") | tag("VIP")))
    with pytest.raises(RuleError, match="needs a name"):
        workbench.segment(" ", GERMANS)


@pytest.mark.parametrize(
    "mistake",
    [
        lambda rule: rule and GERMANS,
        lambda rule: rule or GERMANS,
        lambda rule: not rule,
        lambda rule: 1 if rule & GERMANS else 0,
        lambda rule: rule if 10 < field("lead_score") < 20 else None,
    ],
)
def test_pythons_own_words_are_refused_with_what_to_write(mistake: object) -> None:
    with pytest.raises(TypeError, match=r"Write a & b instead of 'a and b'"):
        mistake(did_not("order_placed"))  # type: ignore[operator]


def test_rules_combine_with_operators_only_with_rules() -> None:
    with pytest.raises(TypeError):
        tag("VIP") & "country is DE"  # type: ignore[operator]


def test_segments_are_saved_opened_and_replaced(own: NotebookWorkbench) -> None:
    saved = own.segment("Mine", GERMANS & all_tags("compliant", "newsletter")).save()
    assert "Mine" in own.saved_names()
    assert own.saved("mine").group == saved.group
    assert own.saved("mine").count() == saved.count()
    other = own.segment("Mine", tag("VIP"))
    with pytest.raises(NameTaken):
        other.save()
    other.save(replace=True)
    assert own.saved("Mine").count() == own.count(tag("VIP"))
    with pytest.raises(NotSaved, match="did you mean 'Mine'"):
        own.saved("Mien")


def test_a_saved_segment_remembers_what_it_counted(own: NotebookWorkbench) -> None:
    segment = own.segment("Counted", GERMANS)
    segment.count()
    segment.save()
    assert own.library.last_count("Counted") is None
    total = segment.count()
    assert own.library.last_count("Counted").count == total
    own.segment("Counted", tag("VIP")).count()
    assert own.library.last_count("Counted").count == total


def test_a_segment_that_names_a_vanished_column_says_so_with_its_last_count(
    own: NotebookWorkbench,
) -> None:
    gone = Segment("Gone <b>", Group(rules=(field("shoe_size") > 43,)))
    own.library.save(gone, now=own.clock())
    at = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
    own.library.record_count("Gone <b>", LastCount(1_234, 2_000, 1, at, at))
    segment = own.saved("Gone <b>")
    last = r"no field 'shoe_size'.*Last count 1,234 on 3 Nov 2026 \(stale\)\."
    with pytest.raises(Uncountable, match=last):
        segment.count()
    assert re.search(f"cannot be counted.*{last}", repr(segment))
    shown = segment._repr_html_()
    assert "Gone &lt;b&gt;" in shown
    assert "Last count 1,234 on 3 Nov 2026 (stale)." in shown
    screen = own.show("Gone <b>")
    assert "Last count 1,234 on 3 Nov 2026 (stale)." in screen.library.mark.value
    screen.close()


def test_a_screen_remembers_what_the_saved_segment_on_it_counts(own: NotebookWorkbench) -> None:
    own.segment("On screen", GERMANS & tag("compliant")).save()
    screen = own.show("On screen")
    total = screen.session.wait().answer.evaluation.total
    screen.library.last.wait()
    assert own.library.last_count("On screen").count == total
    assert "stale" not in screen.library.mark.value
    screen.close()


def test_a_segment_is_live(own: NotebookWorkbench) -> None:
    own.segment("Source", GERMANS).save()
    follower = own.segment("Follower", in_segment("Source"))
    before = follower.count()
    own.segment("Source", tag("VIP")).save(replace=True)
    assert (before, follower.count()) == (own.count(GERMANS), own.count(tag("VIP")))


def test_fields_and_events_are_tables(workbench: NotebookWorkbench) -> None:
    fields = workbench.fields().set_index("name")
    assert fields.loc["country", "type"] == "text"
    assert fields.loc["country", "known"] == workbench.count(field("country").is_not_empty())
    events = workbench.events().set_index("name")
    assert events.loc["order_placed", "contacts"] == workbench.count(did("order_placed"))
    assert "amount" in events.loc["order_placed", "properties"]


def test_a_history_and_a_forecast_show_themselves_and_plot(own: NotebookWorkbench) -> None:
    saved = own.saved("Engaged in the last 30 days")
    history, forecast = saved.history(every="week"), saved.forecast(3)
    assert history.rows() == own.history(saved.name, every="week").rows()
    assert forecast.rows() == own.forecast(saved.name, days=3).rows()
    assert "<table" in history._repr_html_()
    assert "<table" in forecast._repr_html_()
    lines = {trace.name: trace for trace in history.plot().data}
    assert list(lines["line 1"].y) == [point.count for point in history.points]
    ahead = {trace.name: trace for trace in forecast.plot().data}
    assert list(ahead["line 2"].y) == [point.count for point in forecast.points]
    said = forecast.plot().layout.annotations[0].text
    assert f"{forecast.after(3).left} will leave in the next 3 days" in said


def test_a_history_has_the_saved_rules_only_of_what_is_saved(own: NotebookWorkbench) -> None:
    saved = own.saved("Engaged in the last 30 days")
    assert any("rules" in note for note in saved.history().notes)
    edited = own.segment(saved.name, saved.group & GERMANS)
    assert not any("rules" in note for note in edited.history().notes)
