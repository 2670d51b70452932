"""A theme's static files → files under names that change with their content. Pure.

A file that names another (an ES module's ``from "./x.js"``, a style sheet's
``url("../img/x.svg")``) is named after the files it names, so that a page that
is already open never mixes two releases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from html import escape
from typing import NamedTuple

from generator.diagnostics import Diagnostic, diagnostic

_SCRIPT_REFERENCE = re.compile(rb"""(?P<quote>["'])(?:\./)(?P<name>[\w.-]+\.(?:js|mjs|json|wasm))(?P=quote)""")
_STYLE_REFERENCE = re.compile(rb"""url\(\s*(?P<quote>["']?)(?!data:|#)(?P<name>[^"')]+?)(?P=quote)\s*\)""")
_SCRIPT_COMMENT = re.compile(rb"^[ \t]*(?:/\*\*?.*?\*/[ \t]*|//[^\n]*)?(?:\n|\Z)", re.M | re.S)
_STYLE_COMMENT = re.compile(rb"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/""", re.S)


def join_stylesheets(sheets: list[bytes]) -> bytes:
    """One style sheet of several, without comments and empty lines."""
    bare = _STYLE_COMMENT.sub(lambda match: match[1] or b"", b"\n".join(sheets))
    lines = (line.strip() for line in bare.split(b"\n"))
    return b"\n".join(line for line in lines if line) + b"\n"


def bare_script(script: bytes) -> bytes:
    """The script without comments that stand on lines of their own, and without empty lines: a third of what travels.

    Only such comments are taken: telling others from strings would take a parser. Scripts must not
    hold a template literal over several lines in which a line begins like a comment.
    """
    return _SCRIPT_COMMENT.sub(b"", script)


def hashed_name(name: str, data: bytes) -> str:
    """``site.css`` → ``site.3f9a02c1.css``."""
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{blake2b(data, digest_size=4).hexdigest()}.{extension}"


class HashedAssets(NamedTuple):
    """Static files under their hashed names."""

    names: dict[str, str]
    """Name → hashed name."""
    files: dict[str, bytes]
    """Hashed name → bytes."""
    uses: dict[str, tuple[str, ...]]
    """Name → names of all files that it needs, directly or not, those needed first coming first."""
    faults: list[Diagnostic]
    """References to no file, and files that name each other in a circle."""


Origins = Mapping[str, Sequence[tuple[str, bytes]]]
"""Name → path and bytes of each file of the theme that it was made of: where a designer looks for a fault."""


def hash_assets(files: Mapping[str, bytes], origins: Origins) -> HashedAssets:
    """Give every file its hashed name and rewrite the references between them.

    Args:
        files: file name (without folder) → bytes.
        origins: what each of them was made of, for diagnostics.
    """
    hashing = _Hashing(files, origins)
    for name in sorted(files):
        hashing.name_of(name)
    uses = {name: tuple(hashing.uses[name]) for name in files}
    return HashedAssets(hashing.names, hashing.written, uses, hashing.faults)


class _Hashing:
    """The names found so far, and those that wait for the files they name."""

    def __init__(self, files: Mapping[str, bytes], origins: Origins) -> None:
        self._files = files
        self._origins = origins
        self._waiting: list[str] = []
        self.names: dict[str, str] = {}
        self.written: dict[str, bytes] = {}
        self.uses: dict[str, dict[str, None]] = {name: {} for name in files}
        self.faults: list[Diagnostic] = []

    def name_of(self, name: str) -> str:
        if name in self.names:
            return self.names[name]
        self._waiting.append(name)
        data = self._rewritten(name)
        if name.endswith((".js", ".mjs")):
            data = bare_script(data)
        self._waiting.pop()
        self.names[name] = hashed_name(name, data)
        self.written[self.names[name]] = data
        return self.names[name]

    def _rewritten(self, name: str) -> bytes:
        data = self._files[name]
        pattern = {"js": _SCRIPT_REFERENCE, "mjs": _SCRIPT_REFERENCE, "css": _STYLE_REFERENCE}.get(
            name.rpartition(".")[2]
        )
        if pattern is None:
            return data

        def replace(match: re.Match[bytes]) -> bytes:
            target = match["name"].decode("utf-8").rpartition("/")[2]
            if target not in self._files:
                self._fault("asset-missing", name, match[0], target)
                return match[0]
            if target in self._waiting:
                self._fault("asset-circle", name, match[0], target)
                return match[0]
            hashed = self.name_of(target).encode()
            self.uses[name] |= self.uses[target] | {target: None}
            quote = match["quote"]
            return b"url(" + quote + hashed + quote + b")" if name.endswith("css") else quote + b"./" + hashed + quote

        return pattern.sub(replace, data)

    def _fault(self, code: str, name: str, written: bytes, target: str) -> None:
        """At the reference, in the first file that has it: a joined style sheet is no file that anybody could mend."""
        for path, data in self._origins[name]:
            bare = _STYLE_COMMENT.sub(_blanked, data) if name.endswith(".css") else data
            at = bare.find(written)
            if at >= 0:
                self.faults.append(diagnostic(code, path, bare.count(b"\n", 0, at) + 1, name=target))
                return
        self.faults.append(diagnostic(code, self._origins[name][0][0], name=target))


def _blanked(comment: re.Match[bytes]) -> bytes:
    """A string as it is; of a comment its line ends only."""
    return comment[1] or b"\n" * comment[0].count(b"\n")


def unit_stylesheet(accent: str, on_accent: str, accent_dark: str, on_accent_dark: str) -> bytes:
    """The custom properties of one site."""
    light = f"--accent:{accent};--on-accent:{on_accent}"
    dark = f"--accent:{accent_dark};--on-accent:{on_accent_dark}"
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n".encode()


def emblem_image(text: str, accent: str, on_accent: str) -> bytes:
    """The site's icon: one or two Han on a square, like a seal."""
    size, baseline = (40, 46) if len(text) == 1 else (26, 41)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="8" fill="{accent}"/>'
        f'<text x="32" y="{baseline}" font-size="{size}" font-family="serif" text-anchor="middle" fill="{on_accent}">'
        f"{escape(text)}</text></svg>\n"
    ).encode()
