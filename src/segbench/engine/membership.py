"""Memberships: which contacts of one snapshot, as one bit per ordinal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WORD = 64
Words = NDArray[np.uint64]


class Membership:
    """A set of contacts over the ordinals `0..contacts-1` of one snapshot; never changes.

    Combines with `&`, `|`, `-`, `^` and `~`; `len` is the number of contacts. Bits beyond the last
    contact are always zero. 10 million contacts take 1.25 MB.
    """

    __slots__ = ("_count", "contacts", "words")

    def __init__(self, words: Words, contacts: int) -> None:
        words.setflags(write=False)
        self.words, self.contacts = words, contacts
        self._count = -1

    @classmethod
    def of(cls, ordinals: Iterable[int] | NDArray[np.int64], contacts: int) -> Membership:
        """The contacts with these ordinals, in any order, repeats allowed."""
        if not isinstance(ordinals, np.ndarray):
            ordinals = np.fromiter(ordinals, dtype=np.int64)
        if ordinals.size and not (ordinals.min() >= 0 and ordinals.max() < contacts):
            raise IndexError(f"Ordinals must lie in 0..{contacts - 1}.")
        flags = np.zeros(contacts, dtype=np.bool_)
        flags[ordinals] = True
        return cls.from_flags(flags)

    @classmethod
    def of_batches(cls, batches: Iterable[NDArray[np.int64]], contacts: int) -> Membership:
        """The contacts whose ordinals are in any of the batches."""
        flags = np.zeros(contacts, dtype=np.bool_)
        for ordinals in batches:
            flags[ordinals] = True
        return cls.from_flags(flags)

    @classmethod
    def from_bits(cls, bits: NDArray[np.uint8], contacts: int) -> Membership:
        """The contacts whose bit is set; the first contact is the lowest bit of the first byte."""
        return cls(_words(bits, contacts), contacts)

    @classmethod
    def from_flags(cls, flags: NDArray[np.bool_]) -> Membership:
        """The contacts whose flag is set; the flags are in ordinal order."""
        return cls(_pack(flags), len(flags))

    @classmethod
    def everyone(cls, contacts: int) -> Membership:
        """All contacts."""
        return ~cls.nobody(contacts)

    @classmethod
    def nobody(cls, contacts: int) -> Membership:
        """No contact."""
        return cls(np.zeros(-(-contacts // WORD), dtype=np.uint64), contacts)

    def __and__(self, other: Membership) -> Membership:
        return Membership(self.words & self._words_of(other), self.contacts)

    def __or__(self, other: Membership) -> Membership:
        return Membership(self.words | self._words_of(other), self.contacts)

    def __xor__(self, other: Membership) -> Membership:
        return Membership(self.words ^ self._words_of(other), self.contacts)

    def __sub__(self, other: Membership) -> Membership:
        return Membership(self.words & ~self._words_of(other), self.contacts)

    def __invert__(self) -> Membership:
        words = ~self.words
        spare = -self.contacts % WORD
        if spare:
            words[-1] &= np.uint64((1 << (WORD - spare)) - 1)
        return Membership(words, self.contacts)

    def __len__(self) -> int:
        if self._count < 0:
            self._count = int(np.bitwise_count(self.words).sum(dtype=np.int64))
        return self._count

    def __bool__(self) -> bool:
        return bool(self.words.any())

    def __contains__(self, ordinal: int) -> bool:
        if not 0 <= ordinal < self.contacts:
            return False
        return bool(int(self.words[ordinal // WORD]) >> (ordinal % WORD) & 1)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Membership):
            return NotImplemented
        return self.contacts == other.contacts and np.array_equal(self.words, other.words)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Membership of {len(self):,} of {self.contacts:,} contacts>"

    def patched(
        self,
        changed: NDArray[np.int64],
        holds: Iterable[NDArray[np.int64]],
        contacts: int,
    ) -> Membership:
        """This membership over `contacts` contacts, of whom the changed ones are in it anew.

        `holds` are those of the changed that it holds now. New contacts must be among the changed
        to be in it.
        """
        words = np.zeros(-(-contacts // WORD), dtype="<u8")
        kept = min(len(words), len(self.words))
        words[:kept] = self.words[:kept]
        if len(words):
            words[-1] &= np.uint64((1 << ((contacts - 1) % WORD + 1)) - 1)
        gone = changed[changed < contacts]
        np.bitwise_and.at(words, gone // WORD, ~_bit(gone))
        for ordinals in holds:
            np.bitwise_or.at(words, ordinals // WORD, _bit(ordinals))
        return Membership(words, contacts)

    def ids(self) -> NDArray[np.int64]:
        """The ordinals of the members, ascending."""
        return np.flatnonzero(self.flags())

    def flags(self) -> NDArray[np.bool_]:
        """One flag per contact, in ordinal order."""
        bits = np.unpackbits(self.words.view(np.uint8), count=self.contacts, bitorder="little")
        return bits.view(np.bool_)

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the words: equal for equal memberships of one snapshot."""
        return hashlib.sha256(self.words.tobytes()).hexdigest()

    @property
    def nbytes(self) -> int:
        """The size of the words in bytes."""
        return self.words.nbytes

    def _words_of(self, other: Membership) -> Words:
        if other.contacts != self.contacts:
            raise ValueError("Memberships of different snapshots cannot be combined.")
        return other.words


def _bit(ordinals: NDArray[np.int64]) -> Words:
    """The bit of each ordinal in its word."""
    bits: Words = np.uint64(1) << (ordinals % WORD).astype(np.uint64)
    return bits


def _pack(flags: NDArray[np.bool_]) -> Words:
    return _words(np.packbits(flags, bitorder="little"), len(flags))


def _words(bits: NDArray[np.uint8], contacts: int) -> Words:
    words = np.zeros(-(-contacts // WORD), dtype="<u8")
    words.view(np.uint8)[: len(bits)] = bits
    return words
