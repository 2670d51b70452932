"""The compiled templates of a theme, kept from one build to the next. Effects: one file of the cache folder.

Compiling costs more than an edit's pages do. The build that looks for a theme's faults has compiled every template
in doing so, and it alone writes; workers are sent what is known. An entry is named by the template's name and text,
by the interface texts that are put in while it is compiled, and the file by the digest of the code and libraries, so
what is taken from it is what compiling would give.

What lies there is run. So are the pickles beside it: the folder is its owner's alone, and who can write there can run
code as its owner already. The seal finds damage, not forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from jinja2.bccache import Bucket, BytecodeCache

from generator.build.cache import sealed, unsealed
from generator.build.fs import FileSystem

FILE = "templates.bin"


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    code: str
    templates: dict[str, bytes]


class CompiledTemplates(BytecodeCache):
    """What Jinja2 asks before it compiles, and tells what it compiled; touches no disk."""

    def __init__(self, known: Mapping[str, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[str, bytes] = {}
        """Every template that was asked for, compiled."""

    @property
    def complete(self) -> bool:
        """Whether nothing had to be compiled."""
        return self.used.keys() <= self._known.keys()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template's code, if it is known or was compiled in this build."""
        name = _name(bucket)
        if (data := self._known.get(name) or self.used.get(name)) is not None:
            bucket.bytecode_from_string(data)
            self.used[name] = data

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Take a template's code."""
        self.used[_name(bucket)] = bucket.bytecode_to_string()


def _name(bucket: Bucket) -> str:
    """Digest of all that a template's code depends on, but for the program."""
    texts = msgspec.msgpack.encode(bucket.environment.globals["t"], order="sorted")
    return hashlib.blake2b(f"{bucket.key} {bucket.checksum} ".encode() + texts, digest_size=16).hexdigest()


def load_compiled(folder: Path, code: str) -> CompiledTemplates | None:
    """What a build by this very code left, or ``None`` where it may not be believed."""
    try:
        data = unsealed((folder / FILE).read_bytes())
        stored = msgspec.msgpack.decode(data, type=_Stored) if data is not None else None
    except (OSError, msgspec.DecodeError):
        return None
    return CompiledTemplates(stored.templates) if stored is not None and stored.code == code else None


def save_compiled(fs: FileSystem, folder: Path, code: str, compiled: CompiledTemplates) -> None:
    """Keep the templates that were asked for, and no others."""
    fs.write(folder / FILE, *sealed(msgspec.msgpack.encode(_Stored(code, compiled.used))), mode=0o600)
