"""The reader in Python: an index that is damaged or half there is told as such, whichever of its files it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

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
    reader = IndexReader(lambda path: change(path, BUILT.files[path]) if path in BUILT.files else absent(path))
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


OTHERS = [
    build([paper("b/notice/x", "别的", "abc 会见，监禁，坐牢。")]),
    build([paper(f"a/notice/n{number}", f"会见{number}", "会见 abc 监禁。" * number) for number in range(20)]),
    build([paper(f"b/{name}/n", "会见 abc", "罪犯会见 abc。" * 300) for name in ("policy", "rule", "notice")]),
    build([]),
]


@pytest.mark.parametrize("kind", ["entry", "columns-", "root-", "thesaurus-", "pages/", "shards/", "results/"])
def test_file_of_another_index_is_no_bug_of_ours(kind: str) -> None:
    """Somebody copied half of another release over this one: it is told, where it can be seen at all."""
    for other in OTHERS:
        strange = [data for path, data in other.files.items() if path.startswith(f"search/{kind}")]
        for data in strange:
            with suppress(IndexUnreadableError):
                ask(lambda path, own, data=data: data if path.startswith(f"search/{kind}") else own)
