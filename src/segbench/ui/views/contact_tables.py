"""One contact as HTML: how it stands in the segment, row by row, and all that is known of it."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from segbench.audience.flips import Flip
from segbench.audience.why import Reason, Why
from segbench.engine.finding import Match
from segbench.engine.memory import Event
from segbench.model.catalog import Catalog
from segbench.model.wording import day
from segbench.ui.overlap_tables import folded, row_button
from segbench.ui.picks import Pick
from segbench.ui.views.key_button import key_button
from segbench.ui.views.trend_words import when
from segbench.ui.wording import number, plain
from segbench.workbench.inspecting import Inspection

EVENTS = 20


def inspection_html(found: Inspection, catalog: Catalog, zone: ZoneInfo, as_of: dt.datetime) -> str:
    """Everything about one contact, as of a moment (naive UTC)."""
    return (
        f'<h3 style="margin-top:0">{_name(found)}</h3>{_verdict(found.why, zone)}'
        f'<div class="sbp-wide">{_reasons(found.why)}</div>'
        + folded("contact-saved", _inside_title(found), _inside(found))
        + folded("contact-fields", "Its fields and tags", _fields(found, catalog, zone))
        + folded("contact-events", "Its latest events", _events(found, catalog, zone, as_of))
    )


def matches_html(matches: tuple[Match, ...], labels: tuple[str, ...], more: bool) -> str:
    """The contacts that were found, to choose one."""
    rows = "".join(
        f'<tr><th scope="row">{key_button(match.key)}</th>'
        + "".join(f"<td>{_text(text)}</td>" for text in match.texts)
        + "</tr>"
        for match in matches
    )
    note = " There are more: type more of it." if more else ""
    return (
        f'<p role="status">Choose one of {len(matches)} contacts.{note}</p>'
        f'<div class="sbp-wide">{_table(("Key", *labels), rows)}</div>'
    )


def _name(found: Inspection) -> str:
    sign, word = ("✓", "is in") if found.why.held else ("✗", "is not in")
    key = html.escape(plain(found.contact.key))
    return f"{key} <span>{sign} {word} the segment</span>"


def _verdict(why: Why, zone: ZoneInfo) -> str:
    turned = "leaves" if why.held else "enters"
    if why.turns is None:
        by_itself = "Time alone does not change that within 400 days."
    else:
        by_itself = f"If nothing happens, it {turned} on {when(why.turns, zone)}."
    goal = "To be out" if why.held else "To be in"
    ways = [_way(flip) for flip in why.flips]
    if not ways:
        needed = f"<p>{goal}, no change of its rows is enough.</p>"
    elif len(ways) == 1:
        needed = f"<p>{goal}, this would have to change: {ways[0]}.</p>"
    else:
        lines = "".join(f"<li>{way}</li>" for way in ways)
        needed = f"<p>{goal}, one of these would have to change:</p><ul>{lines}</ul>"
    return f'<p role="status">{html.escape(by_itself)}</p>{needed}'


def _way(flip: Flip) -> str:
    return " <b>and</b> ".join(html.escape(plain(words)) for words in flip.words)


def _reasons(why: Why) -> str:
    rows = "".join(_reason(reason, depth, own) for reason, depth, own in _walk(why.reason, 0, True))
    return _table(("Row", "Asks", "This contact", ""), rows)


def _walk(reason: Reason, depth: int, own: bool) -> Iterator[tuple[Reason, int, bool]]:
    """Every line with its depth, and whether it is a row of the builder itself."""
    yield reason, depth, own
    group = not reason.parts or all(part.path[:-1] == reason.path for part in reason.parts)
    for part in reason.parts:
        yield from _walk(part, depth + 1, own and group and part.path != reason.path)


def _reason(reason: Reason, depth: int, own: bool) -> str:
    place = ".".join(str(at + 1) for at in reason.path) if own else ""
    pick = Pick("row", reason.path)
    button = ""
    if own and reason.path:
        button = row_button(pick, place)
    mark = f' data-pick="{pick}"' if button else ""
    # Not more, so that deep trees can be read on narrow screens.
    inset = f' style="padding-left:{0.75 * min(depth, 8)}em"'
    value = f'<br><span class="sbp-note">{_text(reason.value)}</span>' if reason.value else ""
    asks = reason.asks if reason.path or not own else f"Segment: {reason.asks}"
    return (
        f'<tr{mark}><th scope="row">{place}</th><td{inset}>{html.escape(plain(asks))}</td>'
        f'<td><span style="white-space:nowrap">{_stands(reason)}</span>{value}</td>'
        f"<td>{button}</td></tr>"
    )


def _stands(reason: Reason) -> str:
    if reason.state == "ignored":
        return "– not used"
    return "✓ holds" if reason.held else "✗ does not hold"


def _inside_title(found: Inspection) -> str:
    return f"In {number(len(found.inside))} of {number(found.saved)} saved segments"


def _inside(found: Inspection) -> str:
    names = "".join(f"<li>{html.escape(plain(name))}</li>" for name in found.inside)
    wrong = ", ".join(f"“{plain(name)}”" for name in found.uncounted)
    note = f'<p class="sbp-note">Cannot be answered: {html.escape(wrong)}.</p>' if wrong else ""
    return (f"<ul>{names}</ul>" if names else "<p>In none of them.</p>") + note


def _fields(found: Inspection, catalog: Catalog, zone: ZoneInfo) -> str:
    contact = found.contact
    known = [field for field in catalog.fields if contact.fields.get(field.name) is not None]
    rows = "".join(
        f'<tr><th scope="row">{_text(field.label or field.name)}</th>'
        f"<td>{_text(shown(contact.fields[field.name], zone))}</td></tr>"
        for field in known
    )
    rest = len(catalog.fields) - len(known)
    note = f'<p class="sbp-note">{number(rest)} fields have no value.</p>' if rest else ""
    tags = ", ".join(plain(tag) for tag in sorted(contact.tags)) or "none"
    return f"<p>Tags: {html.escape(tags)}</p>{_table(('Field', 'Value'), rows)}{note}"


def _events(found: Inspection, catalog: Catalog, zone: ZoneInfo, as_of: dt.datetime) -> str:
    events = [event for event in found.contact.events if event.at <= as_of]
    if not events:
        return "<p>Nothing is known to have happened.</p>"
    labels = {event.name: event.label or event.name for event in catalog.events}
    newest = events[: -EVENTS - 1 : -1]
    rows = "".join(
        f'<tr><th scope="row">{html.escape(when(event.at, zone))}</th>'
        f"<td>{_text(labels.get(event.name, event.name))}</td>"
        f"<td>{_text(_properties(event, zone), '')}</td></tr>"
        for event in newest
    )
    said = f"<p>{number(len(newest))} of {number(len(events))}, the newest first.</p>"
    return said + _table(("At", "Event", "With"), rows)


def _properties(event: Event, zone: ZoneInfo) -> str:
    return ", ".join(f"{name}: {shown(value, zone)}" for name, value in event.properties.items())


def shown(value: object, zone: ZoneInfo) -> str:
    """A value as a person reads it, times in the zone."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return when(value, zone)
        case dt.date():
            return day(value)
        case list() | tuple():
            return ", ".join(shown(item, zone) for item in value)
        case _:
            return str(value)


def _text(text: str | None, missing: str = "–") -> str:
    return html.escape(plain(text)) if text else missing


def _table(heads: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    return f'<table class="sbp-table"><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>'
