"""A page of contacts as an HTML table: headings sort, rows are selected and opened."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from segbench.model.catalog import Catalog
from segbench.model.smart_list import KEY, TAGS, Sort
from segbench.ui.chart_links import LONGEST
from segbench.ui.contacts.desk import Shown
from segbench.ui.views.contact_tables import shown as value_text
from segbench.ui.views.key_button import key_button
from segbench.ui.wording import plain, short
from segbench.workbench.contact_pages import ContactPage

SORT, SELECT = "sort", "select"
LONGEST_CELL = 80
_ARROWS = {"up": ("▲", "ascending"), "down": ("▼", "descending")}


def page_html(page: ContactPage, shown: Shown, catalog: Catalog, zone: ZoneInfo) -> str:
    """The table of a page; "" heads nothing where nobody is on it."""
    if not page.rows:
        return '<p role="status">Nobody is on this list.</p>'
    heads = "".join(_head(name, shown.sort, catalog) for name in page.columns)
    rows = "".join(
        _row(key, row, page.columns, key in shown.selected, zone)
        for key, row in zip(page.keys, page.rows, strict=True)
    )
    return (
        '<div class="sbp-wide sbp-page-of" tabindex="0" role="region" aria-label="Contacts">'
        '<table class="sbp-table"><thead><tr><th scope="col">Select</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def label_of(name: str, catalog: Catalog) -> str:
    """What a column is called."""
    if name in (KEY, TAGS):
        return "Key" if name == KEY else "Tags"
    field = catalog.field(name)
    return field.label or field.name


def act(kind: str, name: str, text: str, says: str = "", *, pressed: bool | None = None) -> str:
    """A button that the page tells of, with what it is about; both are texts."""
    about = f' aria-label="{html.escape(plain(says))}"' if says else ""
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    return (
        f'<button type="button" class="sbp-act sbp-small" data-act="{kind}" '
        f'data-name="{html.escape(name)}"{about}{state}>{html.escape(plain(text))}</button>'
    )


def _head(name: str, sort: Sort, catalog: Catalog) -> str:
    label = label_of(name, catalog)
    if name == TAGS or len(name) > LONGEST:
        return f'<th scope="col">{html.escape(plain(label))}</th>'
    places = [column for column, _ in sort]
    arrow, said = _ARROWS[dict(sort)[name]] if name in places else ("", "none")
    place = f" {places.index(name) + 1}" if arrow and len(places) > 1 else ""
    # Only one column may say that the table is sorted by it.
    aria = f' aria-sort="{said}"' if arrow and places[0] == name else ""
    text = f"{label} {arrow}{place}".strip()
    return f'<th scope="col"{aria}>{act(SORT, name, text, f"Sort by {label}")}</th>'


def _row(
    key: str, row: Sequence[Any], columns: Sequence[str], selected: bool, zone: ZoneInfo
) -> str:
    box = ""
    if len(key) <= LONGEST:
        box = act(SELECT, key, "☑" if selected else "☐", f"Select {key}", pressed=selected)
    cells = "".join(
        f'<th scope="row">{key_button(key)}</th>' if name == KEY else _cell(value, zone)
        for name, value in zip(columns, row, strict=True)
    )
    return f"<tr><td>{box}</td>{cells}</tr>"


def _cell(value: Any, zone: ZoneInfo) -> str:
    if value is None or value == []:
        return '<td><span class="sbp-note">–</span></td>'
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    kind = ' class="sbp-number"' if numeric else ""
    return f"<td{kind}>{html.escape(short(value_text(value, zone), LONGEST_CELL))}</td>"
