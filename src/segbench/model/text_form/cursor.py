"""A place in a rule text that is being read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from segbench.errors import near_names
from segbench.model.text_form.errors import TextError, clean
from segbench.model.text_form.tokens import Token, tokens

VALUE = 'a value such as "DE" or 18'
TEXT = "a text in quotes"
_MOST_EXPECTED = 8


class Missed(Exception):
    """Something else stands at token number `place` than was expected there.

    Never leaves the reader: a phrase that does not fit is tried no further, and where none fits,
    the one that came furthest makes the `TextError`. `expected` is shown, `words` give near names.
    """

    def __init__(self, place: int, expected: tuple[str, ...], words: Iterable[str] = ()) -> None:
        super().__init__()
        self.place, self.expected, self.words = place, expected, tuple(words)


class Cursor:
    """The tokens of a text, and which of them is next. `depth` counts the open brackets."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth, self.rules = text, 0, 0, 0
        self._coming = tokens(text)
        self._known: list[Token] = []

    def peek(self, ahead: int = 0) -> Token:
        """The token that comes next, or one after it; the end stays the end."""
        wanted, known = self.place + ahead, self._known
        while len(known) <= wanted:
            if known and known[-1].kind == "end":
                return known[-1]
            known.append(next(self._coming))
        return known[wanted]

    def take(self) -> Token:
        """The next token, which is then behind."""
        token = self.peek()
        self.place += 1
        return token

    def sees(self, word: str, *more: str) -> bool:
        """Whether these keywords or signs come next."""
        if self.peek().word != word:
            return False
        return all(self.peek(ahead).word == word for ahead, word in enumerate(more, 1))

    def accepts(self, word: str) -> bool:
        """Whether this keyword or sign came next; if so, it is behind."""
        if self.peek().word != word:
            return False
        self.place += 1
        return True

    def needs(self, *words: str) -> None:
        """Reads these keywords or signs, or misses them."""
        for word in words:
            if not self.accepts(word):
                self.misses(f"“{word}”", words=(word,))

    def name(self, what: str) -> str:
        """Reads the name of a field, an event or another thing."""
        return str(self.of_kind(("word", "name"), what))

    def of_kind(self, kinds: tuple[str, ...], what: str) -> Any:
        """Reads a token of one of the kinds, and gives its value."""
        if self.peek().kind not in kinds:
            self.misses(what)
        return self.take().value

    def misses(self, *expected: str, words: Iterable[str] = ()) -> NoReturn:
        """Says that the next token is not what is expected."""
        raise Missed(self.place, expected, words)

    def refuses(self, problem: str, token: Token | None = None) -> NoReturn:
        """`TextError` at the token, or at the next one."""
        raise TextError(self.text, (token or self.peek()).start, problem)

    def error(self, missed: Missed) -> TextError:
        """What a reader of the text is told about something missed."""
        token = self._known[min(missed.place, len(self._known) - 1)]
        piece = clean(self.text[token.start : token.end])
        found = f"“{piece}”" if piece else "the end of the text"
        # What stands for many words comes before the single ones.
        several = sorted(dict.fromkeys(missed.expected), key=lambda each: each.startswith("“"))
        shown = ", ".join(several[:_MOST_EXPECTED])
        more = ", …" if len(several) > _MOST_EXPECTED else ""
        near = near_names(token.word, missed.words) if token.kind == "word" else ()
        mean = " or ".join(f"“{word}”" for word in near if word != token.word)
        offered = f"; did you mean {mean}?" if mean and mean != shown else "."
        if token.kind == "word" and not mean and {VALUE, TEXT} & {*missed.expected}:
            offered = f'; a text stands in quotes: "{piece}".'
        problem = f"found {found}, expected {shown}{more}{offered}"
        return TextError(self.text, token.start, problem)
