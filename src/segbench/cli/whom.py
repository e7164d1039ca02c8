"""Which contacts a command is about: options, and what they choose."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

import click

from segbench.cli.options import find_segment
from segbench.cli.shown import refuse
from segbench.errors import RuleError
from segbench.model.smart_list import SmartList, Sort
from segbench.workbench.book import EVERYBODY, Whom
from segbench.workbench.workbench import Workbench

F = TypeVar("F", bound=Callable[..., Any])


def view_options(command: F) -> F:
    """`--segment`, `--columns`, `--sort` and `--search`: what a smart list is made of."""
    for option in (
        click.option("--search", help="Only those with every word of this text in a column."),
        click.option("--sort", help="Columns with commas between; city:down from large to small."),
        click.option("--columns", help="Columns to show, with commas between."),
        click.option("--segment", help="The rules of this saved segment, or of a file."),
    ):
        command = option(command)
    return command


def whom_options(command: F) -> F:
    """`--key`, `--list`, `--segment` and `--everybody`: whose tags and fields are edited."""
    for option in (
        click.option("--everybody", is_flag=True, help="All contacts there are."),
        click.option("--segment", help="All that this saved segment, or file, holds."),
        click.option("--list", "listed", help="All on this smart list."),
        click.option("--key", "keys", multiple=True, help="The contact of this key; repeatable."),
    ):
        command = option(command)
    return command


def told_whom(
    workbench: Workbench, keys: tuple[str, ...], listed: str | None, segment: str | None, all_: bool
) -> Whom:
    """Whom the options name; exactly one of them must be given."""
    given = [bool(keys), listed is not None, segment is not None, all_]
    if sum(given) != 1:
        refuse("Say whom: one of --key, --list, --segment or --everybody.")
    if keys:
        return list(keys)
    if listed is not None:
        return workbench.library.lists.one(listed).smart_list
    if segment is None:
        return EVERYBODY
    found = SmartList.of(find_segment(workbench, segment))
    if not found.asks:
        raise RuleError(f"The segment {found.name!r} has no rule that is switched on: nobody.")
    return found


def told_view(
    workbench: Workbench,
    start: SmartList,
    segment: str | None,
    columns: str | None,
    sort: str | None,
    search: str | None,
) -> SmartList:
    """The smart list with what the options say in the place of its own."""
    if segment is not None:
        start = replace(start, group=find_segment(workbench, segment).group)
    if columns is not None:
        start = replace(start, columns=_names(columns))
    if sort is not None:
        start = replace(start, sort=_told_sort(sort))
    return start if search is None else replace(start, search=search)


def agree(question: str, yes: bool, machine: bool) -> None:
    """Ask, unless it was agreed to already; where nobody can answer, refuse."""
    if yes:
        return
    if machine or not sys.stdin.isatty():
        refuse(f"{question} Give --yes to agree.")
    click.confirm(question, abort=True)


def _names(told: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in told.split(",") if name.strip())


def _told_sort(told: str) -> Sort:
    found = []
    for part in _names(told):
        name, colon, direction = part.rpartition(":")
        known = colon and direction in ("up", "down")
        found.append((name, direction) if known else (part, "up"))
    return cast("Sort", tuple(found))
