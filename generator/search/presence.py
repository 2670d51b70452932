"""Which terms of the thesaurus stand in the index: only words that readers could find are offered. Pure."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from generator.clearance.fingerprints import once
from generator.search.folding import HAN, Folding
from generator.search.shards import Postings
from generator.search.thesaurus import Thesaurus
from generator.search.tokens import tokens


def wanted_terms(thesaurus: Thesaurus, table: Folding) -> frozenset[str]:
    """All terms of the official words."""
    return frozenset(term for _, official in thesaurus for word in official for term in tokens(word, table))


def key_of(term: str, table: Folding) -> int | None:
    """The key of a Han term of the basic plane, else nothing: it is a word."""
    codes = [ord(character) for character in term]
    if len(codes) > 2 or any(code > 0xFFFF or table.kind[code] != HAN for code in codes):
        return None
    return codes[0] << 16 | (codes[1] if len(codes) == 2 else 0)


def term_of(key: int) -> str:
    """The Han term of a key."""
    return chr(key >> 16) + (chr(key & 0xFFFF) if key & 0xFFFF else "")


class Presence:
    """Looks for wanted terms in postings."""

    def __init__(self, wanted: frozenset[str], table: Folding) -> None:
        self._keys: dict[int, str] = {}
        self._words: set[str] = set()
        for term in wanted:
            key = key_of(term, table)
            if key is None:
                self._words.add(term)
            else:
                self._keys[key] = term
        self._wanted = np.array(sorted(self._keys), np.uint32)
        self.found: frozenset[str] = frozenset()

    def note(self, postings: Postings) -> None:
        """Note those of the wanted terms that have postings."""
        if postings.strings:
            self.found |= self._words.intersection(postings.strings[term] for term in once(postings.terms))
        else:
            terms = postings.terms  # in order: looking up a few costs less than comparing all
            places = np.searchsorted(terms, self._wanted)
            pairs = zip(self._wanted.tolist(), terms[places[places < len(terms)]].tolist(), strict=False)
            self.found |= {self._keys[key] for key, there in pairs if key == there}

    def among(self, terms: Collection[int] | Collection[str]) -> frozenset[str]:
        """The wanted ones among keys or words."""
        return frozenset(
            self._keys[term] if isinstance(term, int) else term
            for term in terms
            if term in (self._keys if isinstance(term, int) else self._words)
        )
