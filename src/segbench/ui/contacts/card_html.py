"""One contact's card as HTML: its segments, fields, tags, events and edits."""

from __future__ import annotations

import datetime as dt
import html
from zoneinfo import ZoneInfo

from segbench.audience.why import Why
from segbench.model.catalog import Catalog
from segbench.ui.chart_links import LONGEST
from segbench.ui.contacts.table_html import act
from segbench.ui.overlap_tables import folded
from segbench.ui.views.contact_tables import shown
from segbench.ui.views.trend_words import when
from segbench.ui.wording import number, plain
from segbench.workbench.contact_card import ContactCard, Timeline
from segbench.workbench.ways_in import WaysIn

WHY, UNTAG, SET, CLEAR, TURN, WAY = "why", "untag", "set", "clear-field", "turn", "way"


def card_html(card: ContactCard, happened: Timeline, catalog: Catalog, zone: ZoneInfo) -> str:
    """Everything that is known of a contact, with what can be done about it."""
    return (
        f'<h3 style="margin-top:0">{_text(card.key)}</h3>'
        f"<p>{_tags(card, zone)}</p>"
        + folded("card-segments", f"In {number(len(card.inside))} saved segments", _segments(card))
        + folded("card-fields", f"{number(len(card.fields))} fields", _fields(card, zone))
        + folded(
            "card-events", f"{number(happened.total)} events", _events(happened, catalog, zone)
        )
        + folded("card-edits", f"{number(len(card.edits))} latest edits", _edits(card, zone))
    )


def why_html(segment: str, why: Why) -> str:
    """Why the contact is in a segment or not, rule by rule."""
    word = "is in" if why.held else "is not in"
    return (
        f'<div class="sbp-part"><p role="status">It {word} “{_text(segment)}”:</p>'
        f'<pre tabindex="0" class="sbp-wide">{html.escape(why.text)}</pre></div>'
    )


def ways_html(found: WaysIn, serial: int) -> str:
    """How the contact would come into a segment; each way is a button that does it."""
    name = f"“{_text(found.segment)}”"
    if found.inside:
        return f'<div class="sbp-part"><p role="status">It is in {name} already.</p></div>'
    if not found.ways:
        needs = "".join(f"<li>{_text(words)}</li>" for words in found.needs)
        return (
            f'<div class="sbp-part"><p role="status">Nobody is put into {name} by hand, and '
            "nothing that can be set by hand would do it. It would need:</p>"
            f"<ul>{needs or '<li>a rule that is switched on</li>'}</ul></div>"
        )
    ways = "".join(
        f"<li>{act(WAY, f'{serial}:{at}', way.words)}</li>" for at, way in enumerate(found.ways)
    )
    return (
        f'<div class="sbp-part"><p role="status">Nobody is put into {name} by hand. '
        f"One of these would bring it in; press it to do it:</p><ul>{ways}</ul></div>"
    )


def _tags(card: ContactCard, zone: ZoneInfo) -> str:
    if not card.tags:
        return "No tags."
    return "Tags: " + " ".join(_tag(tag, at, zone) for tag, at in card.tags)


def _tag(tag: str, at: dt.datetime | None, zone: ZoneInfo) -> str:
    given = f' <span class="sbp-note">since {html.escape(when(at, zone))}</span>' if at else ""
    gone = act(UNTAG, tag, "×", f"Remove the tag {tag}") if len(tag) <= LONGEST else ""
    return f'<span style="white-space:nowrap">{_text(tag)}{given}{gone}</span>'


def _segments(card: ContactCard) -> str:
    lines = [
        f"<li>{sign} {_text(name)} {act(WHY, name, 'Why?', f'Why: {name}')}</li>"
        for sign, names in (("✓", card.inside), ("✗", card.outside))
        for name in names
    ]
    lines += [f"<li>– {_text(name)}: cannot be answered as it is</li>" for name in card.uncounted]
    return f"<ul>{''.join(lines)}</ul>" if lines else "<p>No segment is saved yet.</p>"


def _fields(card: ContactCard, zone: ZoneInfo) -> str:
    rows = []
    for field, value in card.fields:
        label = field.label or field.name
        acts = act(SET, field.name, "Edit", f"Edit {label}")
        acts += act(CLEAR, field.name, "Clear", f"Clear {label}")
        rows.append(
            f'<tr><th scope="row">{_text(label)}</th><td>{_text(shown(value, zone))}</td>'
            f"<td>{acts if len(field.name) <= LONGEST else ''}</td></tr>"
        )
    empty = " ".join(
        act(SET, field.name, field.label or field.name, f"Edit {field.label or field.name}")
        for field in card.empty
        if len(field.name) <= LONGEST
    )
    rest = f"<p>Without a value: {empty}</p>" if empty else ""
    return _table(("Field", "Value", ""), rows) + rest


def _events(happened: Timeline, catalog: Catalog, zone: ZoneInfo) -> str:
    if not happened.events:
        return "<p>Nothing is known to have happened.</p>"
    labels = {event.name: event.label or event.name for event in catalog.events}
    rows = []
    for event in happened.events:
        beside = ", ".join(f"{n}: {shown(value, zone)}" for n, value in event.properties.items())
        rows.append(
            f'<tr><th scope="row">{html.escape(when(event.at, zone))}</th>'
            f"<td>{_text(labels.get(event.name, event.name))}</td>"
            f"<td>{_text(beside) if beside else ''}</td></tr>"
        )
    newer = act(TURN, str(happened.number - 1), "Newer") if happened.number > 1 else ""
    older = ""
    if happened.number < happened.pages:
        older = act(TURN, str(happened.number + 1), "Older")
    place = f"<p>Page {number(happened.number)} of {number(happened.pages)} {newer} {older}</p>"
    return place + _table(("At", "Event", "With"), rows)


def _edits(card: ContactCard, zone: ZoneInfo) -> str:
    rows = [
        f'<tr><th scope="row">{edit.id}</th><td>{html.escape(when(edit.at, zone))}</td>'
        f"<td>{_text(edit.author or '–')}</td><td>{part} {_text(name)}</td></tr>"
        for edit, part, name in card.edits
    ]
    if not rows:
        return "<p>It was never edited here.</p>"
    return _table(("Edit", "At", "By", "Changed"), rows)


def _text(text: str) -> str:
    return html.escape(plain(text))


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    cells = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    return (
        f'<table class="sbp-table"><thead><tr>{cells}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
