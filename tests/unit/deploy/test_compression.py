"""Compressed siblings: deterministic, remembered by digest, forgotten with what they compress."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.executor import workers
from generator.build.fs import FileSystem
from generator.deploy.compression import CompressionCache, Plain, compress, is_compressible

FS = FileSystem()
TEXT = "依法公开政府信息。".encode() * 200


@given(st.binary(max_size=2000).map(lambda data: data * 3))
def test_compressed_bytes_give_the_file_back(data: bytes) -> None:
    """What is kept saves bytes and unpacks to just the file."""
    br, gz = compress(data)
    if br is not None:
        assert brotli.decompress(br) == data
        assert len(br) < len(data)
    if gz is not None:
        assert gzip.decompress(gz) == data
        assert len(gz) < len(data)


def test_compression_is_deterministic() -> None:
    """The same file gives the same bytes; the gzip header holds no time."""
    assert compress(TEXT) == compress(TEXT)
    _, gz = compress(TEXT)
    assert gz is not None
    assert gz[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("path", "size", "expected"),
    [
        ("a.html", 5000, True),
        ("a.html", 100, False),
        ("a.PDF", 5000, False),
        ("a.png", 5000, False),
        ("search/t0.0123456789ab.bin", 5000, True),
        ("a.csv", 1 << 30, False),
    ],
)
def test_only_what_is_worth_it_is_compressed(path: str, size: int, expected: bool) -> None:
    """Small files, packed formats and huge files are left alone."""
    assert is_compressible(path, size) is expected


def plain(folder: Path, name: str, data: bytes) -> Plain:
    path = folder / name
    path.write_bytes(data)
    return Plain(path, hashlib.sha256(data).hexdigest())


def test_known_file_is_not_compressed_again(tmp_path: Path) -> None:
    """A second run takes the siblings from the cache, also after the file is gone."""
    file = plain(tmp_path, "a.html", TEXT)
    with workers("serial", 1, tmp_path / "holding") as crew:
        first = CompressionCache(tmp_path / "cache", FS)
        made = first.ensure([file], crew)
        first.keep([file.sha256])
        file.path.unlink()
        again = CompressionCache(tmp_path / "cache", FS).ensure([file], crew)
    assert made == again
    siblings = made[file.sha256]
    assert siblings.br is not None
    stored = Path(first.place(file.sha256, "br")).read_bytes()
    assert hashlib.sha256(stored).hexdigest() == siblings.br.sha256


def test_file_that_changed_is_not_compressed_under_its_old_digest(tmp_path: Path) -> None:
    """The cache never holds bytes for a digest that they do not have."""
    file = plain(tmp_path, "a.html", TEXT)
    file.path.write_bytes(TEXT + b"!")
    with workers("serial", 1, tmp_path / "holding") as crew:
        assert CompressionCache(tmp_path / "cache", FS).ensure([file], crew) == {}


def test_cache_forgets_what_is_released_no_more(tmp_path: Path) -> None:
    """Nothing of a file that left stays in the cache, not even after a kill before the index was written."""
    kept, gone = plain(tmp_path, "a.html", TEXT), plain(tmp_path, "b.html", TEXT + b"secret")
    with workers("serial", 1, tmp_path / "holding") as crew:
        CompressionCache(tmp_path / "cache", FS).ensure([kept, gone], crew)
        cache = CompressionCache(tmp_path / "cache", FS)
        cache.ensure([kept], crew)
        cache.keep([kept.sha256])
    left = {path.name.partition(".")[0] for path in (tmp_path / "cache").glob("??/*")}
    assert left == {kept.sha256}


def test_damaged_index_is_an_empty_one(tmp_path: Path) -> None:
    """A cut index costs time and nothing else."""
    file = plain(tmp_path, "a.html", TEXT)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "index.json").write_bytes(b'{"00":[[1')
    with workers("serial", 1, tmp_path / "holding") as crew:
        assert file.sha256 in CompressionCache(tmp_path / "cache", FS).ensure([file], crew)
