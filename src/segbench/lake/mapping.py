"""Which column of a file is what: given by a mapping, guessed where it says nothing."""

from __future__ import annotations

import json
import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from segbench.errors import FormatError, ImportRefused, near_names, offer
from segbench.lake.tables import RESERVED
from segbench.model.catalog import ValueType

Mapping = AnyMapping[str, Any]
"""`{"contacts": {"key": "Contact ID", "fields": {"Country": "country"}, "skip": [...]},
"tags": {"key": .., "tag": .., "at": ..},
"events": {"key": .., "event": .., "at": .., "properties": {..}},
"types": {"birthday": "date", "interests": "list"}}`; every part may be left out."""

_OWNERS = ("contact_id", "contact_key", "contact", "customer_id", "user_id", "key")
_MAILS = ("email", "e_mail", "email_address")

GUESSES: dict[str, dict[str, tuple[str, ...]]] = {
    "contacts": {"key": ("key", "id", *_OWNERS, "external_id", *_MAILS)},
    "tags": {
        "key": (*_OWNERS, *_MAILS, "id"),
        "tag": ("tag", "tags", "label", "labels", "tag_name"),
        "at": ("at", "tagged_at", "tagged_on", "tag_at", "tag_time"),
    },
    "events": {
        "key": (*_OWNERS, *_MAILS, "id"),
        "event": ("event", "event_name", "event_type", "type", "name", "action"),
        "at": ("at", "time", "timestamp", "occurred_at", "date", "datetime", "event_time"),
    },
}
"""The column names that are taken for a role, in this order, where a mapping does not say."""

_OPTIONAL = {("tags", "at")}
_RENAMES = {"contacts": "fields", "events": "properties"}


@dataclass(frozen=True)
class Columns:
    """What each column of one file is: `roles` by role, `fields` by column, and the skipped."""

    roles: dict[str, str]
    fields: dict[str, str]
    skipped: tuple[str, ...] = ()

    def as_dict(self, table: str) -> dict[str, Any]:
        """This in the shape of a mapping's section."""
        section: dict[str, Any] = dict(self.roles)
        if table in _RENAMES:
            section[_RENAMES[table]] = dict(self.fields)
        return section | {"skip": list(self.skipped)}


def read_mapping(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The mapping in a JSON or TOML file; `FormatError` where it is neither."""
    file = Path(path)
    try:
        content = file.read_text("utf-8-sig")
        found = tomllib.loads(content) if file.suffix == ".toml" else json.loads(content)
    except (OSError, ValueError) as error:
        raise FormatError(f"The mapping {file} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise FormatError(f"The mapping {file} is not a table of sections.")
    check_mapping(found)
    return found


def check_mapping(mapping: Mapping) -> None:
    """`ImportRefused` for a section, an entry or a type that no mapping has."""
    sections = (*GUESSES, "types")
    _require_known("section", mapping, sections, "the mapping")
    for table, roles in GUESSES.items():
        section = mapping.get(table, {})
        if not isinstance(section, AnyMapping):
            raise ImportRefused(f"The mapping's section {table!r} is not a table of columns.")
        renames = (_RENAMES[table],) if table in _RENAMES else ()
        _require_known("entry", section, (*roles, *renames, "skip"), f"the section {table!r}")
    types = mapping.get("types", {})
    if not isinstance(types, AnyMapping):
        raise ImportRefused("The mapping's section 'types' is not a table of field names.")
    for name, kind in types.items():
        if not isinstance(kind, str) or kind not in get_args(ValueType):
            raise ImportRefused(
                f"The mapping gives {name!r} the type {kind!r}; "
                f"the types are {', '.join(get_args(ValueType))}."
            )


def resolve(
    table: str, header: list[str], mapping: Mapping, file: str, owner: str | None = None
) -> Columns:
    """What each column of a file is; `owner` is the contacts file's own key column, if any.

    `ImportRefused` for a column that is not there, a role that no column has, or names that
    collide or are reserved.
    """
    section = mapping.get(table, {})
    renames = dict(section.get(_RENAMES.get(table, ""), {}))
    skip = tuple(section.get("skip", ()))
    given = {role: section[role] for role in GUESSES[table] if role in section}
    for column in (*given.values(), *renames, *skip):
        if column not in header:
            raise ImportRefused(
                f"{file} has no column {column!r}{offer(near_names(str(column), header))} "
                f"Its columns are {', '.join(header)}."
            )
    roles = dict(given)
    for role, names in GUESSES[table].items():
        if role not in roles:
            first = (snake(owner),) if owner and role == "key" else ()
            free = [name for name in header if name not in {*roles.values(), *skip, *renames}]
            found = _guess((*first, *names), free)
            if found is not None:
                roles[role] = found
            elif (table, role) not in _OPTIONAL:
                raise _no_role(role, header, file)
    # An e-mail address that serves as the key is still something to ask about.
    kept = {roles["key"]} if table == "contacts" and snake(roles["key"]) in _MAILS else set()
    rest = [c for c in header if c not in skip and (c not in roles.values() or c in kept)]
    blank = tuple(column for column in rest if not column.strip())
    fields = {c: str(renames.get(c) or snake(c)) for c in rest if c not in blank}
    if table == "tags":
        return Columns(roles, {}, (*skip, *rest))
    _require_usable(fields, file)
    return Columns(roles, fields, (*skip, *blank))


def snake(name: str) -> str:
    """A column name as a field name: `Lead Score` and `leadScore` are `lead_score`."""
    plain = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[\W_]+", "_", plain).strip("_").lower()


def _guess(names: tuple[str, ...], free: list[str]) -> str | None:
    by_name = {snake(column): column for column in reversed(free)}
    return next((by_name[name] for name in names if name in by_name), None)


def _no_role(role: str, header: list[str], file: str) -> ImportRefused:
    return ImportRefused(
        f"No column of {file} looks like the {role}; its columns are {', '.join(header)}. "
        f"Say in the mapping which one is the {role!r}."
    )


def _require_usable(fields: dict[str, str], file: str) -> None:
    taken: dict[str, str] = {}
    for column, name in fields.items():
        where = f"Column {column!r} of {file}"
        if not name:
            raise ImportRefused(f"{where} has no usable name; give it one in the mapping.")
        if name.lower() in RESERVED:
            raise ImportRefused(
                f"{where} would be named {name!r}, which is reserved; "
                "give it another name in the mapping, or skip it."
            )
        if name.lower() in taken:
            raise ImportRefused(
                f"{where} and column {taken[name.lower()]!r} would both be named {name!r}; "
                "give one of them another name in the mapping, or skip it."
            )
        taken[name.lower()] = column


def _require_known(what: str, found: Mapping, known: tuple[str, ...], where: str) -> None:
    for name in found:
        if name not in known:
            raise ImportRefused(
                f"There is no {what} {name!r} in {where}{offer(near_names(name, known))} "
                f"It may have {', '.join(known)}."
            )
