"""A table as a link that saves it as a CSV file, without a server."""

from __future__ import annotations

import base64
import html

import pandas as pd

from segbench.model.spreadsheet import FORMULA_STARTS


def csv_link(table: pd.DataFrame, file: str, text: str) -> str:
    """HTML: a link that saves the table; texts that a spreadsheet would run get an apostrophe."""
    safe = table.rename(columns=_neutral).map(_neutral)
    data = base64.b64encode(safe.to_csv(index=False).encode()).decode()
    return (
        f'<a download="{html.escape(file)}" href="data:text/csv;charset=utf-8;base64,{data}">'
        f"{html.escape(text)}</a>"
    )


def _neutral(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
