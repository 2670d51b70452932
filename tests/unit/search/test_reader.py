"""The reader in Python: an index that is damaged or half there is told as such, whichever of its files it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.search.ranking import answer
from generator.search.reader import IndexReader, IndexUnreadableError
from tests.search_support import build, paper

BUILT = build([paper("sfj/policy/meeting", "会见办法", "罪犯服刑期间可以会见亲属。", "abc 监禁。")])
QUESTION = "坐牢会见 abc"
"""Its answer needs files of every kind but the texts."""

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "of another kind": lambda data: b'[{"slug": "x"}]',
    "no UTF-8": lambda data: data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :],
}


def ask(change: Callable[[str, bytes], bytes]) -> list[str]:
    reader = IndexReader(lambda path: change(path, BUILT.files[path]))
    return [reader.result(document).item for document, _ in answer(reader, QUESTION).documents]


def absent(path: str) -> bytes:
    raise FileNotFoundError(path)


@pytest.mark.parametrize("kind", ["entry", "columns-", "root-", "thesaurus-", "pages/", "shards/", "results/"])
def test_damaged_index_is_told_in_words(kind: str) -> None:
    """The person at the terminal reads what is wrong; it is no bug of ours."""
    assert ask(lambda path, data: data) == ["sfj/policy/meeting"]
    for damage in DAMAGES.values():
        with pytest.raises(IndexUnreadableError):
            ask(lambda path, data, damage=damage: damage(data) if path.startswith(f"search/{kind}") else data)
    with pytest.raises(IndexUnreadableError):
        ask(lambda path, data: absent(path) if path.startswith(f"search/{kind}") else data)
