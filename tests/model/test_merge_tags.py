"""Merge tags: found with their fallbacks, refused where they are not whole."""

from __future__ import annotations

import pytest

from segbench.errors import CampaignError
from segbench.model.merge_tags import MergeTag, merge_tags, open_fields


def test_tags_are_found_in_order_with_their_fallbacks() -> None:
    text = "Hello {{ first_name|friend }}, {{city}} and {{ last name | you }} {not one}"
    assert merge_tags(text) == (
        MergeTag("first_name", "friend"),
        MergeTag("city"),
        MergeTag("last name", "you"),
    )


@pytest.mark.parametrize("text", ["{{ }}", "{{ a | }}", "Hello {{ name", "name }} x", "{{ |b }}"])
def test_a_tag_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(CampaignError, match=r"merge tag.*\{\{ field \| fallback \}\}"):
        merge_tags(text)


def test_a_field_is_open_where_it_is_used_once_without_a_fallback() -> None:
    texts = ("Hi {{ a|x }} {{ b }}", "{{ a }} {{ c }}")
    assert open_fields(texts, {"c": "there"}) == {"a": True, "b": True, "c": False}
