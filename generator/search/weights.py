"""The numbers of the ranking, in one place: the entry file carries them to the client. Pure.

``K1``, ``B`` and ``BOOSTS`` are lunr's. The others say how much counts what lunr does not
know. They were chosen with both halves of ``shared/search/dev.json`` in view, for what helped
both (``docs/search.md`` has the figures); ``search evaluate`` shows what a change would do.
"""

from __future__ import annotations

from typing import Final

import msgspec

K1: Final = 1.2
B: Final = 0.1
"""Low, since passages already see to it that long documents do not win by length."""
BOOSTS: Final = (1.0, 4.0, 1.0, 1.0, 1.0, 0.5)
"""Of title, document number, keywords, summary, body, attachments."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What is ranked beside lunr's own score."""

    passages: float = 1.5
    """Weight of the four best passages beside the document."""
    passage_shares: tuple[float, ...] = (0.339, 0.271, 0.217, 0.173)
    """Of the best, the second …"""
    passage_k1: float = 2.0
    passage_b: float = 0.5
    official: float = 0.4
    """Of the words that the thesaurus adds."""
    title_cover: float = 6.0
    """For a title that holds all of the query, by the sixth power of the share that it holds."""
    title_exact: float = 2.0
    """The same, when the query also holds all of the title."""
    title_order: float = 4.0
    """For a title that holds the query's characters in their order, by the sixteenth power of the share."""
    title_like: float = 0.5
    """Share of the query in a title from which the two are compared character by character …"""
    compared: int = 24
    """… among so many of the best documents."""
    document_number: float = 3.0
    """Factor for the document that bears the number asked for."""
    hit: float = 0.5
    """A document counts as found from this share of the greatest evidence that any has …"""
    strong: float = 0.4
    """… or from this share of the best score."""
    least: float = 0.04
    """Nothing is found when no document has this share of the query's evidence: a lone digit out of a line of
    gibberish is no answer. Terms that no document has count like the rarest; real questions have .09 and more."""


WEIGHTS: Final = Weights()
