"""Contacts, cards and edits as the command line prints them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import click

from segbench.cli.shown import table
from segbench.lake.edit_log import Edit
from segbench.workbench.consequences import Effect
from segbench.workbench.contact_card import ContactCard, Timeline
from segbench.workbench.contact_edits import Made, Preview
from segbench.workbench.edit_words import effect_words, preview_words


def shown(value: object) -> str:
    """A value on a terminal: on one line, and without signs that would tell the terminal to act."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in _said(value)
    )


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def question(preview: Preview) -> str:
    """What an edit would do, and whether to do it."""
    return shown(f"{preview_words(preview)} Do it?")


def preview_data(preview: Preview) -> dict[str, Any]:
    """What an edit would do, for a machine."""
    return {
        "matching": preview.matching,
        "would_change": preview.would_change,
        "already": preview.already,
        "segments": [_effect(effect) for effect in preview.effects],
        "known_afterwards": list(preview.later),
    }


def made_data(made: Made) -> dict[str, Any]:
    """What an edit did, for a machine."""
    return {
        "edit": made.edit,
        "contacts": made.contacts,
        "said": made.said,
        "left_alone": made.left,
        "segments": [_effect(effect) for effect in made.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return asdict(effect) | {"after": effect.after}


def print_made(made: Made) -> None:
    """What an edit did, in lines."""
    click.echo(shown(made.said if made.edit is None else f"Edit {made.edit}: {made.said}."))
    if made.left:
        click.echo(f"{made.left:,} left alone: changed again since.")
    for effect in made.effects:
        click.echo(shown(effect_words(effect)))


def edit_data(edit: Edit, undone: int | None) -> dict[str, Any]:
    """An edit of the record, for a machine and for a table."""
    return {
        "edit": edit.id,
        "at": f"{edit.at:%Y-%m-%dT%H:%M:%SZ}",
        "author": edit.author,
        "contacts": edit.contacts,
        "said": edit.said,
        "chosen": edit.chosen,
        "rules": edit.rules,
        "undoes": edit.undoes,
        "undone_by": undone,
    }


def card_data(card: ContactCard, happened: Timeline, most: int) -> dict[str, Any]:
    """A contact's card, for a machine."""
    return {
        "key": card.key,
        "fields": {field.name: value for field, value in card.fields},
        "tags": dict(card.tags),
        "inside": list(card.inside),
        "uncounted": list(card.uncounted),
        "events": [
            {"event": event.name, "at": event.at, **event.properties}
            for event in happened.events[:most]
        ],
        "events_total": happened.total,
        "edits": [
            {"edit": edit.id, "at": edit.at, "author": edit.author, part: name}
            for edit, part, name in card.edits
        ],
    }


def print_card(card: ContactCard, happened: Timeline, most: int) -> None:
    """A contact's card, in tables."""
    table(["field", "value"], [[field.name, shown(value)] for field, value in card.fields])
    tags = ", ".join(tag for tag, _ in card.tags)
    click.echo(f"\nTags: {shown(tags) or 'none'}")
    click.echo(f"In: {', '.join(card.inside) or 'no saved segment'}\n")
    rows = []
    for event in happened.events[:most]:
        beside = ", ".join(f"{name}: {shown(value)}" for name, value in event.properties.items())
        rows.append([shown(event.at), event.name, beside])
    table(["at (UTC)", "event", "with"], rows)
    click.echo(f"\n{len(rows):,} of {happened.total:,} events, the newest first.")
