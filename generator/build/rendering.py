"""The second map: pages → files of the tree. Effects: reads packs, writes the output folder.

``render_chunk`` runs in workers. A page's key is the digest of all that it shows: its own values, its body,
the addresses of its links, the theme and the definitions. A page whose key and file are unchanged is skipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from xxhash import xxh3_128_digest

from generator.build.cache import OutputState
from generator.build.compiled import CompiledTemplates
from generator.build.fs import FileSystem
from generator.build.outputs import KEY_PART, stamp_of
from generator.build.packs import BodyRef, PackReader
from generator.build.shared import Shared
from generator.model import Cluster, OutputFile
from generator.render.pages import Page
from generator.render.renderer import Renderer
from generator.render.theme import Theme

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class RenderContext:
    """What every page needs."""

    theme: Theme
    compiled: CompiledTemplates
    cluster: Cluster
    out: Path
    packs: Path
    fs: FileSystem
    watermarks: Mapping[str, str]
    """Item id → what its page says in a preview, because it must not leave; empty in a release."""


class PageJob(NamedTuple):
    """One page to write."""

    page: Page
    body: BodyRef | None
    key: bytes


class RenderTask(NamedTuple):
    """A chunk of pages."""

    context: Shared[RenderContext]
    jobs: Sequence[PageJob]


def page_key(page: Page, body_digest: str, theme: Theme, watermark: str = "") -> bytes:
    """Digests of theme, body and page values, one after the other, so that ``why`` can tell which changed."""
    values = _encode((page, watermark))
    return _digest_of_theme(theme.digest) + _digest(body_digest.encode()) + _digest(values)


@lru_cache(maxsize=2)
def _digest_of_theme(digest: str) -> bytes:
    return _digest(digest.encode())


def _digest(data: bytes) -> bytes:
    return xxh3_128_digest(data)[:KEY_PART]


def render_chunk(task: RenderTask) -> list[tuple[str, OutputState]]:
    """Render and write a chunk of pages; gives their ledger entries."""
    context = task.context.get()
    renderer = _renderer(task.context)
    written: list[tuple[str, OutputState]] = []
    with PackReader(context.packs) as packs:
        for job in task.jobs:
            body = packs.shown(job.body) if job.body is not None else None
            data = renderer.render(job.page, body)
            if (text := context.watermarks.get(job.page.item)) is not None:
                data = watermarked(data, text)
            written.append((job.page.path, put(context.fs, context.out, job.page.path, data, job.key, job.page.source)))
    return written


def watermarked(page: bytes, text: str) -> bytes:
    """The page with a note as the first thing in its body."""
    at = page.index(b">", page.index(b"<body")) + 1
    note = f'<p class="preview-watermark" role="note" data-text="{text}">{text}</p>'
    return page[:at] + note.encode() + page[at:]


@lru_cache(maxsize=2)
def _renderer(shared: Shared[RenderContext]) -> Renderer:
    """One renderer a process and context: it holds compiled templates and rendered chrome."""
    context = shared.get()
    return Renderer(context.theme, context.cluster, context.compiled)


def put(fs: FileSystem, out: Path, path: str, data: bytes, key: bytes, source: str) -> OutputState:
    """Write one file of the tree; gives its ledger entry."""
    stat = fs.create(f"{out}/{path}", data)
    return OutputState(key, len(data), hashlib.sha256(data).digest(), stamp_of(stat), source)


def key_of(file: OutputFile) -> bytes:
    """The key of a file whose bytes are at hand: tells whether they are those of the build before."""
    return xxh3_128_digest(file.data)
