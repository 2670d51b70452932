"""generator.build.packs: bodies come back whole or not at all."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.fs import FileSystem
from generator.build.packs import BodyRef, PackError, PackReader, PackWriter, draft_body, source_of
from generator.clearance.audit_texts import withheld_prints
from generator.clearance.folding import fold
from generator.content.item import source_parts
from generator.model import Heading, ItemBody, ItemFacts, TextBlock
from generator.search.passages import MOST, cut_passages, text_files
from tests.unit.build.pack_makers import encode_body

TEXT = st.text(st.characters(codec="utf-8"), max_size=200)
BODIES = st.builds(
    ItemBody,
    html=TEXT,
    headings=st.lists(st.builds(Heading, level=st.integers(1, 6), id=TEXT, text=TEXT), max_size=3).map(tuple),
    blocks=st.lists(st.builds(TextBlock, anchor=TEXT, text=TEXT), max_size=3).map(tuple),
    attachment_texts=st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    postings=st.binary(max_size=50),
    text_files=st.lists(st.tuples(TEXT, st.binary(max_size=50)), max_size=2).map(tuple),
)
SOURCES = st.one_of(
    st.binary(max_size=60), TEXT.map(str.encode), st.builds("---\n题: {}\n---\n{}".format, TEXT, TEXT).map(str.encode)
)

FACTS = ItemFacts(id="sfj/policy/a", path="sfj/policy/a.md", item=None)


def _with_source(body: ItemBody, source: bytes) -> ItemBody:
    front, text = source_parts(source)
    return msgspec.structs.replace(body, front_text=front, source_text=text)


def test_a_reader_of_many_packs_keeps_few_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster of forty thousand items has more packs than most systems let a process have files."""
    refs = []
    for number in range(100):
        writer = PackWriter(FileSystem(), tmp_path, f"{number}.pack")
        body = ItemBody(html=str(number), headings=(), blocks=(), postings=str(number).encode())
        refs.append(writer.add(encode_body(body)))
        writer.close()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (40, 40))
    before = len(os.listdir("/dev/fd"))
    with PackReader(tmp_path) as reader:
        for order in (refs, refs[::-1]):
            assert [reader.shown(ref).html for ref in order] == [str(refs.index(ref)) for ref in order]
            assert [*map(int, reader.all_postings(order))] == [refs.index(ref) for ref in order]
        assert len(os.listdir("/dev/fd")) - before <= 10
    assert len(os.listdir("/dev/fd")) == before


@given(written=st.lists(st.tuples(BODIES, SOURCES), max_size=5))
def test_bodies_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[ItemBody, bytes]]
) -> None:
    """Every section of every record reads back equal, whatever its neighbours."""
    folder = tmp_path_factory.mktemp("packs")
    writer = PackWriter(FileSystem(), folder, "one.pack")
    refs = [writer.add(encode_body(body, source)) for body, source in written]
    writer.close()
    bodies = [body for body, _ in written]
    with PackReader(folder) as reader:
        whole = [_with_source(body, source) for body, source in written]
        assert [reader.body(ref) for ref in refs] == whole
        assert [reader.body(ref._replace(sizes=b"")) for ref in refs] == whole
        assert [reader.texts(ref) for ref in refs] == [
            msgspec.structs.replace(body, postings=b"", text_files=()) for body in bodies
        ]
        assert [reader.postings(ref) for ref in refs] == [body.postings for body in bodies]
        assert reader.all_postings(refs) == [body.postings for body in bodies]
        assert reader.all_postings([ref._replace(sizes=b"") for ref in refs]) == [body.postings for body in bodies]
        assert [reader.shown(ref).html for ref in refs] == [body.html for body in bodies]
        assert [reader.text_files(ref) for ref in refs] == [body.text_files for body in bodies]
        assert [reader.html(ref) for ref in refs] == [body.html.encode() for body in bodies]


SPOKEN = st.text(
    st.sampled_from("法律援助。；aB1 \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000\u200b…㈠"), max_size=60
)
MUCH = st.tuples(SPOKEN, st.integers(1, 60)).map(lambda drawn: drawn[0] * drawn[1])


@given(blocks=st.lists(MUCH, max_size=6), attached=st.lists(MUCH, max_size=3))
def test_what_the_text_files_tell_is_not_written_twice(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[str], attached: list[str]
) -> None:
    """Whatever fingerprint the texts of an item have, what is read of them has."""
    said = [TextBlock(anchor="", text=text) for text in blocks]
    texts = tuple((f"{number}.txt", text) for number, text in enumerate(attached))
    cut = cut_passages(said, texts)
    files = tuple(text_files("sfj/policy/a", cut).named())
    body = ItemBody(html="", headings=(), blocks=tuple(said), attachment_texts=texts, text_files=files)
    folder = tmp_path_factory.mktemp("packs")
    writer = PackWriter(FileSystem(), folder, "one.pack")
    record = draft_body(body, cut).record(b"", source_of(b""))
    ref = writer.add(record)._replace(sizes=b"")
    writer.close()
    assert record[-2] == draft_body(ItemBody(html="", headings=(), blocks=()), cut).record(b"", source_of(b""))[-2]
    with PackReader(folder) as reader:
        assert reader.passages(ref) == cut
        read = reader.texts(ref)
        assert reader.body(ref) == msgspec.structs.replace(read, text_files=files)
    assert [*fold("\n".join(one.text for one in read.blocks))] == [*fold("\n".join(blocks))]
    assert [*fold("\n".join(text for _, text in read.attachment_texts))] == [*fold("\n".join(attached))]
    written, found = withheld_prints(FACTS, body), withheld_prints(FACTS, read)
    assert not np.setdiff1d(written.windows, found.windows).size


def test_what_is_more_than_search_holds_is_written_whole(tmp_path: Path) -> None:
    """The text files of an endless item end somewhere; what is withheld of it must not."""
    said = tuple(TextBlock(anchor="", text=f"{number}法" * 200) for number in range(MOST + 2))
    cut = cut_passages(said)
    body = ItemBody(html="", headings=(), blocks=said, text_files=tuple(text_files("sfj/policy/a", cut).named()))
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    ref = writer.add(draft_body(body, cut).record(b"", source_of(b"")))._replace(sizes=b"")
    writer.close()
    with PackReader(tmp_path) as reader:
        assert reader.texts(ref).blocks == said
        assert reader.passages(ref) == cut


@pytest.mark.parametrize("offset", [0, 5, 20, 40, 60, 80, 100, 120, 140, 160, 180])
def test_a_changed_byte_is_never_believed(tmp_path: Path, offset: int) -> None:
    """A record altered on disk raises, wherever the byte lies."""
    body = ItemBody(html="<p>内容</p>" * 4, headings=(), blocks=(TextBlock(anchor="", text="内容"),))
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    ref = writer.add(encode_body(body))._replace(sizes=b"")
    writer.close()
    path = tmp_path / "one.pack"
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(bytes(data))
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.body(ref)


def test_a_cut_or_missing_pack_is_never_believed(tmp_path: Path) -> None:
    """A pack cut short and a pack that is gone both raise."""
    body = ItemBody(html="<p>内容</p>", headings=(), blocks=())
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    ref = writer.add(encode_body(body))._replace(sizes=b"")
    writer.close()
    path = tmp_path / "one.pack"
    path.write_bytes(path.read_bytes()[:-1])
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.body(ref)
    path.unlink()
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.body(ref)


@pytest.mark.parametrize("read", [PackReader.postings, lambda reader, ref: reader.all_postings([ref])[0]])
def test_a_fresh_record_is_read_without_digests(tmp_path: Path, read: Callable[[PackReader, BodyRef], bytes]) -> None:
    """What this very build wrote is not digested again; that it is a record, and all of it, is still seen."""
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    writer.add(encode_body(ItemBody(html="", headings=(), blocks=(), postings=b"abc")))
    ref = writer.add(encode_body(ItemBody(html="", headings=(), blocks=(), postings=b"abc")))
    writer.close()
    path = tmp_path / "one.pack"
    path.write_bytes(path.read_bytes().replace(b"abc", b"abd"))
    with PackReader(tmp_path) as reader:
        assert read(reader, ref) == b"abd"
        with pytest.raises(PackError):
            read(reader, ref._replace(sizes=b""))
        with pytest.raises(PackError):
            read(reader, ref._replace(length=ref.length - 1))
    path.write_bytes(path.read_bytes()[: path.read_bytes().rindex(b"abd") + 2])
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        read(reader, ref)


def test_packs_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """A pack holds uncleared text: nobody else may read it."""
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    writer.add(encode_body(ItemBody(html="", headings=(), blocks=())))
    writer.close()
    assert (tmp_path / "one.pack").stat().st_mode & 0o777 == 0o600
