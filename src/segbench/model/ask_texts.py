"""The words that compare texts and lists of texts."""

from __future__ import annotations

from segbench.model.ask_words import Operand, R, Texts, Words, texts
from segbench.model.values import whole_number


class TextWords(Words[R]):
    """Comparisons of a text, or of a list of texts."""

    def is_(self, value: Operand) -> R:
        """The text is that."""
        return self._rule("is", value)

    def is_not(self, value: Operand) -> R:
        """The text is not that; contacts without a value are in."""
        return self._rule("is_not", value)

    def is_any_of(self, *values: Texts) -> R:
        """The text is one of the values, given one by one or as one list."""
        return self._rule("is_any_of", *texts("is_any_of", values, "'DE', 'AT'"))

    def is_none_of(self, *values: Texts) -> R:
        """The text is none of the values; contacts without a value are in."""
        return self._rule("is_none_of", *texts("is_none_of", values, "'DE', 'AT'"))

    def contains(self, part: Operand) -> R:
        """The text contains the part."""
        return self._rule("contains", part)

    def starts_with(self, part: Operand) -> R:
        """The text starts with the part."""
        return self._rule("starts_with", part)

    def ends_with(self, part: Operand) -> R:
        """The text ends with the part."""
        return self._rule("ends_with", part)

    def matches(self, pattern: str) -> R:
        """The text has a match of the RE2 pattern."""
        return self._rule("matches", pattern)

    def length_at_least(self, characters: int) -> R:
        """The text is that long or longer."""
        return self._rule("length_at_least", whole_number(characters, "give a whole number"))

    def length_at_most(self, characters: int) -> R:
        """The text is that long or shorter."""
        return self._rule("length_at_most", whole_number(characters, "give a whole number"))

    def has_any_of(self, *values: Texts) -> R:
        """The list has one of the texts, or more."""
        return self._rule("has_any_of", *texts("has_any_of", values, "'Ski', 'Tea'"))

    def has_all_of(self, *values: Texts) -> R:
        """The list has every one of the texts."""
        return self._rule("has_all_of", *texts("has_all_of", values, "'Ski', 'Tea'"))

    def has_none_of(self, *values: Texts) -> R:
        """The list has none of the texts; contacts without a list are in."""
        return self._rule("has_none_of", *texts("has_none_of", values, "'Ski', 'Tea'"))

    def does_not_contain(self, part: Operand) -> R:
        """The text does not contain the part; contacts without a value are in."""
        return self._rule("does_not_contain", part)

    def does_not_start_with(self, part: Operand) -> R:
        """The text does not start with the part; contacts without a value are in."""
        return self._rule("does_not_start_with", part)

    def does_not_end_with(self, part: Operand) -> R:
        """The text does not end with the part; contacts without a value are in."""
        return self._rule("does_not_end_with", part)

    def does_not_match(self, pattern: str) -> R:
        """The text has no match of the RE2 pattern; contacts without a value are in."""
        return self._rule("does_not_match", pattern)

    def length_equals(self, characters: int) -> R:
        """The text is exactly that long."""
        return self._rule("length_equals", whole_number(characters, "give a whole number"))

    def item_contains(self, part: str) -> R:
        """The list has an item that contains the part."""
        return self._rule("item_contains", part)

    def no_item_contains(self, part: str) -> R:
        """The list has no item that contains the part; contacts without a list are in."""
        return self._rule("no_item_contains", part)

    def size_at_least(self, items: int) -> R:
        """The list has that many items or more."""
        return self._rule("size_at_least", whole_number(items, "give a whole number"))

    def size_at_most(self, items: int) -> R:
        """The list has that many items or fewer, but some."""
        return self._rule("size_at_most", whole_number(items, "give a whole number"))

    def size_equals(self, items: int) -> R:
        """The list has exactly that many items."""
        return self._rule("size_equals", whole_number(items, "give a whole number"))
