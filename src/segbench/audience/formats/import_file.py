"""Files for the contact import of an e-mail service: what each service says of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segbench.audience.csv_cells import neutral_header, neutralised_headers
from segbench.audience.formats.cleaning import day_of, emails, home, phones, plain, texts
from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.ready_made import Cells, ReadyMade, Refusal, RowReader
from segbench.audience.formats.tally import Tally
from segbench.errors import ExportError
from segbench.model.spreadsheet import FORMULA_STARTS

Day = Callable[[dt.date], str]

PARTS = frozenset({"city", "state", "postal_code", "country"})
"""The roles that go into the cell of an address, where an import wants one cell."""


@dataclass(frozen=True)
class Layout:
    """What an import takes.

    `headers` are those of the roles, in their order. A contact needs at least one of the roles
    `needs`, or is left out; one that has the same address as another is left out where addresses
    must be `unique`. `day` writes dates, `birthday` those of birth. Columns beyond `most_columns`
    are refused, texts are cut to `longest` bytes, and no file has more than `largest` bytes.
    """

    name: str
    label: str
    about: str
    headers: Mapping[str, str]
    needs: tuple[str, ...]
    missing: str
    day: Day
    birthday: Day | None = None
    address: Callable[[Mapping[str, str]], str] | None = None
    unique: bool = False
    most_columns: int | None = None
    longest: int | None = None
    largest: int | None = None


def import_format(layout: Layout) -> Format:
    """The format of a layout."""

    def make(job: Job) -> ReadyMade:
        def reader(job: Job, tally: Tally) -> RowReader:
            return ImportRows(job, tally, layout)

        return ReadyMade(job, layout.name, reader, layout.largest)

    return Format(layout.name, layout.label, layout.about, make, tuple(layout.headers))


class ImportRows(RowReader):
    """The rows of an import file: the roles that are there under the service's own names, then
    every other chosen column under its own."""

    def __init__(self, job: Job, tally: Tally, layout: Layout) -> None:
        super().__init__(job, tally)
        self._layout = layout
        known = {role: columns for role, columns in job.roles.items() if role in layout.headers}
        self.roles = {role: known[role] for role in layout.headers if role in known}
        if not any(role in self.roles for role in layout.needs):
            raise ExportError(
                f"{layout.label} needs {layout.missing}, and no field is known to hold one. "
                f"Say which does: {layout.needs[0]}=FIELD."
            )
        taken = {column for columns in self.roles.values() for column in columns}
        self._others = [column for column in job.columns if column not in taken]
        # In one cell with the street, they have none of their own.
        merged = layout.address is not None and "address" in self.roles
        self._shown = [role for role in self.roles if not (merged and role in PARTS)]
        self._seen: set[str] = set()
        self._require_room()

    def header(self) -> Cells:
        """The service's names for the roles, and the names of the other columns."""
        own = [self._layout.headers[role] for role in self._shown]
        used = {name.casefold() for name in own}
        # A column of the contacts may be called as the service calls another one.
        others = [f"{name} 2" if name.casefold() in used else name for name in self._others]
        self.tally.neutralised += neutralised_headers(others)
        return [*own, *map(neutral_header, others)]

    def cells(self, row: Mapping[str, Any]) -> Cells | Refusal:
        """The cells of a contact, or why it is left out."""
        values = self._values(row)
        who = next((values[role] for role in self._layout.needs if values.get(role)), "")
        if not who:
            return Refusal(f"without {self._layout.missing}")
        if self._layout.unique:
            if who.casefold() in self._seen:
                return Refusal("with the same address as another")
            self._seen.add(who.casefold())
        if self._layout.address is not None and "address" in self.roles:
            values["address"] = self._layout.address(values)
        return [
            *(values[role] for role in self._shown),
            *(self._other(row[name]) for name in self._others),
        ]

    def _values(self, row: Mapping[str, Any]) -> dict[str, str]:
        values: dict[str, str] = {}
        for role in self.roles:
            if role == "email":
                found, wrong = emails(row, self.roles)
                self.blank("e-mail address", wrong)
                values[role] = next(iter(found), "")
            elif role in ("phone", "sms"):
                found, wrong = phones(row, self.roles, home(row, self.roles, self.region), role)
                self.blank("phone number", wrong)
                values[role] = next(iter(found), "")
            elif role == "birthday":
                values[role] = self._birthday(row[self.roles[role][0]])
            else:
                values[role] = self._text(next(iter(texts(row, self.roles, role)), ""))
        return values

    def _birthday(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        day = day_of(value)
        if day is None:
            self.blank("date of birth")
            return ""
        return (self._layout.birthday or self._layout.day)(day)

    def _other(self, value: Any) -> str:
        if isinstance(value, dt.datetime):
            naive = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
            return f"{self._layout.day(naive.date())} {naive:%H:%M:%S}"
        if isinstance(value, dt.date):
            return self._layout.day(value)
        return self._text(plain(value)) if isinstance(value, str | list) else plain(value)

    def _text(self, text: str) -> str:
        if text.startswith(FORMULA_STARTS):
            text = "'" + text
            self.tally.neutralised += 1
        longest = self._layout.longest
        if longest is not None and len(encoded := text.encode()) > longest:
            text = encoded[:longest].decode("utf-8", "ignore")
            self.tally.cut[f"text of more than {longest} bytes"] += 1
        return text

    def _require_room(self) -> None:
        most, there = self._layout.most_columns, len(self._shown) + len(self._others)
        if most is not None and there > most:
            raise ExportError(
                f"{self._layout.label} takes at most {most:,} columns, not {there:,}; choose fewer."
            )


def iso_day(day: dt.date) -> str:
    """A day as YYYY-MM-DD."""
    return day.isoformat()


def us_day(day: dt.date) -> str:
    """A day as MM/DD/YYYY."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"
