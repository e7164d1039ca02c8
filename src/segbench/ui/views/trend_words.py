"""What a trend says: a sentence for its chart, what was assumed, and all of it in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from segbench.audience.forecast import Forecast
from segbench.audience.history import Cause, Flow, Point, local_time
from segbench.audience.trend import Trend
from segbench.ui.wording import change, contacts, number

CAUSE_WORDS: Mapping[Cause, str] = {
    "clock": "time passing",
    "data": "new data",
    "rules": "other rules",
}


def trend_finding(trend: Trend, span: str) -> str:
    """How the size changed over a span ("in 30 days"), and who will leave soon.

    Of a history without a past, or a forecast without a day to come, the other half alone.
    """
    past = _past(trend, span) if trend.history.steps else ""
    if not trend.forecast.steps:
        return past
    soon = trend.forecast.after(trend.soon).left
    days = "day" if trend.soon == 1 else f"{trend.soon} days"
    going = f"{number(soon) if soon else 'nobody'} will leave in the next {days}"
    return f"{past}; {going}" if past else f"{going[0].upper()}{going[1:]}"


def _past(trend: Trend, span: str) -> str:
    first, last = trend.history.points[0].count, trend.history.points[-1].count
    flow = trend.flow
    if first == last:
        moved = f"although {moves(flow)}" if flow.entered else "nobody entered or left"
        return f"Stayed at {number(last)} {span}: {moved}"
    verb = "Grew" if last > first else "Shrank"
    return f"{verb} from {number(first)} to {number(last)} {span}: {moves(flow)}"


def leaving_words(forecast: Forecast, days: int) -> str:
    """Who leaves and who enters by then if nothing happens."""
    flow = forecast.after(days)
    soon = "in the next day" if days == 1 else f"in the next {days} days"
    entering = f", {number(flow.entered)} will enter" if flow.entered else ""
    if not flow.left:
        return f"nobody will leave {soon}{entering}"
    return f"{number(flow.left)} will leave {soon}{entering}"


def moves(flow: Flow) -> str:
    """+312 entered, −139 left."""
    return f"{change(flow.entered)} entered, {change(-flow.left)} left"


def short_moves(flow: Flow) -> str:
    """+312 −139; a dash for nothing."""
    parts = [change(by) for by in (flow.entered, -flow.left) if by]
    return " ".join(parts) or "–"


def trend_remark(trend: Trend, low: int) -> str:
    """What did it, and how the chart is to be read; `low` is where its scale starts."""
    parts = [
        f"{CAUSE_WORDS[cause]} {short_moves(flow)}"
        for cause, flow in trend.causes.items()
        if flow != Flow()
    ]
    told = f"By {', '.join(parts)}. " if parts else ""
    scale = f" The scale starts at {number(low)}." if low else ""
    ahead = "Dashed: if nothing happens." if trend.forecast.steps else ""
    return f"{told}{ahead}{scale}".strip()


def trend_summary(trend: Trend, span: str) -> str:
    """The trend in sentences, for those who do not see the chart."""
    history, forecast = trend.history, trend.forecast
    points = [history.points[0], history.points[-1]]
    ends = " and ".join(f"{contacts(p.count)} on {when(p.at, history.zone)}" for p in points)
    lowest, highest = (pick(point.count for point in history.points) for pick in (min, max))
    said = [f"{trend_finding(trend, span)}.", f"It held {ends}."]
    said.append(f"In between it was never under {number(lowest)} or over {number(highest)}.")
    steepest = trend.steepest
    if steepest is not None:
        place = history.points.index(steepest)
        day = between(history.points[place - 1], steepest, history.zone)
        said.append(f"The largest change was {change(steepest.flow.net)}, {day}.")
    for cause, flow in trend.causes.items():
        said.append(f"By {CAUSE_WORDS[cause]}: {moves(flow)}.")
    after = forecast.points[-1].count
    said.append(
        f"If nothing happens, {leaving_words(forecast, forecast.days)}; "
        f"{contacts(after)} will be in then."
    )
    return " ".join(said)


def when(at: dt.datetime, zone: ZoneInfo) -> str:
    """A moment (naive UTC) as local day and time: 3 Nov 2026, 04:01."""
    local = local_time(at, zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def between(before: Point, after: Point, zone: ZoneInfo) -> str:
    """The stretch of time between two points."""
    return f"from {when(before.at, zone)} to {when(after.at, zone)}"
