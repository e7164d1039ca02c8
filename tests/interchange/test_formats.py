from __future__ import annotations

import pytest
from hypothesis import given
from population import CATALOG, EVENTS, FIELDS
from trees import groups

from segbench.errors import UnknownName
from segbench.interchange.formats import FORMATS, Known, format_named
from segbench.model.rules import Group

KNOWN = Known.of(CATALOG)


def test_a_catalogue_knows_its_fields_and_events() -> None:
    assert KNOWN.types == FIELDS
    assert KNOWN.events == EVENTS


def test_each_format_is_known_by_its_name_and_reads_or_writes() -> None:
    assert set(FORMATS) == {"react-querybuilder", "jsonlogic", "hubspot", "klaviyo"}
    for name, row in FORMATS.items():
        assert row.name == name
        assert row.read or row.write


def test_a_format_that_does_not_exist_is_named_with_those_near() -> None:
    with pytest.raises(UnknownName, match="did you mean 'hubspot'"):
        format_named("hubspott")


@given(groups)
def test_what_a_format_writes_it_reads_again(group: Group) -> None:
    for row in FORMATS.values():
        if row.read and row.write:
            assert row.read(row.write(group, KNOWN).data, KNOWN).group == group
