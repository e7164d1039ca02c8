"""What a page's address keeps, and what it does with an address that somebody made up."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
import workbenches
from hypothesis import given
from hypothesis import strategies as st

from segbench.errors import FormatError, LibraryError
from segbench.model.ask import field, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.ui.address import Kept, address_of, kept_in, page_of
from segbench.ui.history import Page
from segbench.ui.notebook import NotebookWorkbench
from segbench.ui.session import Session

TREE = Group("or", (field("city").is_any_of("Köln 🐟"), Group(rules=(tag("VIP"),), negated=True)))


def packed(data: Any) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


def test_a_page_comes_back_from_its_address() -> None:
    address = address_of(Page(TREE))
    assert address.replace("-", "").replace("_", "").isalnum()
    assert kept_in(address) == Kept(TREE)


def test_an_empty_page_needs_no_address() -> None:
    assert address_of(Page(Group())) == ""


def test_what_was_saved_comes_back_as_such_and_overwrites_nobody(tmp_path: Path) -> None:
    with NotebookWorkbench.open(workbenches.copied(tmp_path)) as workbench:
        saved = workbench.save(Segment("Mine", TREE))
        address = address_of(Page(TREE, saved))
        page = page_of(kept_in(address), workbench.library)
        assert (page.name, page.is_saved) == ("Mine", True)
        workbench.save(Segment("Mine", Group(rules=(tag("x"),))), replace_saved=True)
        page = page_of(kept_in(address), workbench.library)
        assert (page.name, page.is_saved) == ("Mine", False)
        session = Session(workbench, page)
        with pytest.raises(LibraryError, match="nothing was overwritten"):
            session.save("Mine")
        session.close()
        workbench.library.delete("Mine")
        assert page_of(kept_in(address), workbench.library) == Page(TREE)


@pytest.mark.parametrize(
    "address",
    [
        "x",
        "ü",
        "%%%",
        packed([]),
        packed({"group": 7}),
        packed({"group": {"kind": "group", "rules": [{"kind": "spell"}]}}),
        packed({"group": {"kind": "group", "rules": []}, "name": 7}),
        packed({"group": {"kind": "group", "rules": []}, "revision": "1"}),
        packed({"group": {"kind": "group", "rules": []}})[:-9],
        packed("x" * 5_000_000),
        "x" * 1_000_001,
    ],
)
def test_an_address_that_is_none_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(FormatError, match="holds no segment that can be read"):
        kept_in(address)


@given(st.text() | st.binary().map(lambda b: base64.urlsafe_b64encode(zlib.compress(b)).decode()))
def test_any_text_is_refused_or_read(address: str) -> None:
    with pytest.raises(FormatError):
        kept_in(address)
