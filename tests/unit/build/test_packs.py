"""generator.build.packs: bodies come back whole or not at all."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.fs import FileSystem
from generator.build.packs import PackError, PackReader, PackWriter
from generator.content.item import source_parts
from generator.model import Heading, ItemBody, TextBlock
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


def _with_source(body: ItemBody, source: bytes) -> ItemBody:
    front, text = source_parts(source)
    return msgspec.structs.replace(body, front_text=front, source_text=text)


def test_a_reader_of_many_packs_keeps_few_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster of forty thousand items has more packs than most systems let a process have files."""
    refs = []
    for number in range(100):
        writer = PackWriter(FileSystem(), tmp_path, f"{number}.pack")
        refs.append(writer.add(encode_body(ItemBody(html=str(number), headings=(), blocks=()))))
        writer.close()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (40, 40))
    before = len(os.listdir("/dev/fd"))
    with PackReader(tmp_path) as reader:
        for order in (refs, refs[::-1]):
            assert [reader.shown(ref).html for ref in order] == [str(refs.index(ref)) for ref in order]
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
        assert [reader.body(ref._replace(fresh=True)) for ref in refs] == whole
        assert [reader.texts(ref) for ref in refs] == [
            msgspec.structs.replace(body, postings=b"", text_files=()) for body in bodies
        ]
        assert [reader.postings(ref) for ref in refs] == [body.postings for body in bodies]
        assert [reader.shown(ref).html for ref in refs] == [body.html for body in bodies]
        assert [reader.text_files(ref) for ref in refs] == [body.text_files for body in bodies]
        assert [reader.html(ref) for ref in refs] == [body.html.encode() for body in bodies]


@pytest.mark.parametrize("offset", [0, 5, 20, 40, 60, 80, 100, 120, 140, 160, 180])
def test_a_changed_byte_is_never_believed(tmp_path: Path, offset: int) -> None:
    """A record altered on disk raises, wherever the byte lies."""
    body = ItemBody(html="<p>内容</p>" * 4, headings=(), blocks=(TextBlock(anchor="", text="内容"),))
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    ref = writer.add(encode_body(body))
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
    ref = writer.add(encode_body(body))
    writer.close()
    path = tmp_path / "one.pack"
    path.write_bytes(path.read_bytes()[:-1])
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.body(ref)
    path.unlink()
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.body(ref)


def test_a_fresh_record_is_read_without_digests(tmp_path: Path) -> None:
    """What this very build wrote is not digested again; that it is a record, and all of it, is still seen."""
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    writer.add(encode_body(ItemBody(html="", headings=(), blocks=(), postings=b"abc")))
    ref = writer.add(encode_body(ItemBody(html="", headings=(), blocks=(), postings=b"abc")))._replace(fresh=True)
    writer.close()
    path = tmp_path / "one.pack"
    path.write_bytes(path.read_bytes().replace(b"abc", b"abd"))
    with PackReader(tmp_path) as reader:
        assert reader.postings(ref) == b"abd"
        with pytest.raises(PackError):
            reader.postings(ref._replace(fresh=False))
        with pytest.raises(PackError):
            reader.postings(ref._replace(length=ref.length - 1))
    path.write_bytes(path.read_bytes()[: path.read_bytes().rindex(b"abd") + 2])
    with PackReader(tmp_path) as reader, pytest.raises(PackError):
        reader.postings(ref)


def test_packs_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """A pack holds uncleared text: nobody else may read it."""
    writer = PackWriter(FileSystem(), tmp_path, "one.pack")
    writer.add(encode_body(ItemBody(html="", headings=(), blocks=())))
    writer.close()
    assert (tmp_path / "one.pack").stat().st_mode & 0o777 == 0o600
