"""``archive``: one unit's site as a zip that opens from disk, with its search. Effects: two builds and the zip.

The site is built as if the unit had a host of its own, so that links inside it are relative and all
others lead to the real sites; its index holds its own items alone and stands in a script beside the
pages, because browsers neither fetch nor load modules from ``file://``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urljoin

from msgspec import Struct

from generator.build.fs import FileSystem
from generator.build.pipeline import build
from generator.build.report import load_report
from generator.build.settings import Settings
from generator.deploy.classic import bundle
from generator.deploy.earlier import keep_only, link_content, tell_decisions
from generator.deploy.gates import live_items
from generator.deploy.wording import reason
from generator.errors import DeployRefused, UsageError
from generator.model import Cluster

LARGEST_INDEX = 64 << 20
"""Bytes of an index that a browser can be asked to load as one script; above it, the archive has no search."""
_LEFT_OUT = frozenset({"404.html", "robots.txt", "manifest.json"})
"""Files that only a web server has a use for."""
_MODULE = re.compile(r'<script type="module" src="(?P<folder>[^"]*?)(?P<name>[^"/]+)"></script>')
_PRELOAD = re.compile(r'<link rel="modulepreload"[^>]*>\n?')
_HASH = re.compile(r"\.[0-9a-f]{8,64}(?=\.js)")
_FETCH = re.compile(r"\b(?:globalThis|window|self)\.fetch\b")
_INDEX_SCRIPT = "archive-index.js"
_ENTRY = "entry.json"
_SUMS = "SHA256SUMS"
_EPOCH = (1980, 1, 1, 0, 0, 0)

_PRELUDE = """
const embedded = (() => {
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  let loading = null;
  const load = () => loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${folder}archive-index.js`;
    script.onload = () => resolve(globalThis.mingtangArchive);
    script.onerror = () => reject(new TypeError("archive-index.js cannot be loaded"));
    document.head.append(script);
  });
  return async (url) => {
    const files = await load();
    const data = files[String(url).replace(/^.*\\/search\\//, "").replace(/[?#].*$/, "")];
    if (data === undefined) return new Response(null, { status: 404 });
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return new Response(bytes, { status: 200 });
  };
})();
const fetch = embedded;
"""


class Archive(Struct, frozen=True, kw_only=True):
    """What was written."""

    path: Path
    files: int
    """Of the site; the zip also holds their list of digests."""
    size: int
    sha256: str
    searchable: bool


def write_archive(settings: Settings, cluster: Cluster, unit: str, path: Path) -> Archive:
    """Build a unit's site for the disk and write it as ``path``; the same content gives the same bytes.

    Raises:
        UsageError: for an unknown unit.
        DeployRefused: when the leak audit does not pass.
    """
    if unit not in {one.id for one in cluster.units}:
        raise UsageError(f"没有这个单位 unknown unit: {unit}（{'、'.join(one.id for one in cluster.units)}）")
    folder = settings.cache / "archive"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        sites = _sites_with_host(settings.sites, cluster, unit, folder / "sites")
        whole, public = _built(settings, folder / "whole", settings.content, sites)
        link_content(settings.content, folder / "content", [unit])
        keep_only(folder / "content", cluster, public)  # what withholds an item may lie in another unit
        alone, _ = _built(settings, folder / "alone", folder / "content", sites)
        files = {
            file.relative_to(whole / unit).as_posix(): file.read_bytes()
            for file in sorted((whole / unit).rglob("*"))
            if file.is_file()
        }
        index = {
            file.relative_to(alone / "search").as_posix(): file.read_bytes()
            for file in sorted((alone / "search").rglob("*"))
            if file.is_file()
        }
        searchable = bool(index) and sum(map(len, index.values())) <= LARGEST_INDEX
        made = for_disk(files, at_home(index, unit) if searchable else {})
        data = pack(made, unit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    settings.fs.write(path, data)
    return Archive(
        path=path,
        files=len(made),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        searchable=searchable,
    )


def _sites_with_host(sites: Path, cluster: Cluster, unit: str, target: Path) -> Path:
    """A copy of the definitions in which the unit has a host of its own, at its real address."""
    shutil.copytree(sites, target)
    place = target / "units" / f"{unit}.yml"
    text = place.read_text("utf-8")
    host = cluster.unit(unit).host or f"{cluster.base_url}{unit}/"
    line = f"host: {host}"
    changed, count = re.subn(r"^(?:host|域名|主机)\s*:.*$", line, text, count=1, flags=re.M)
    FileSystem().write(place, (changed if count else f"{text.rstrip()}\n{line}\n").encode())
    return target


def _built(settings: Settings, folder: Path, content: Path, sites: Path) -> tuple[Path, Collection[str]]:
    """The tree that is built of ``content``, and the items that are public in it."""
    tell_decisions(settings.fs, settings.state, folder / "state")
    build(
        Settings(
            content=content,
            sites=sites,
            themes=settings.themes,
            out=folder / "public",
            cache=folder / "cache",
            state=folder / "state",
            now=settings.now,
            executor=settings.executor,
            jobs=settings.jobs,
        )
    )
    report = load_report(folder / "state")
    if not report.audit_passed:
        raise DeployRefused([str(reason("deploy-audit"))])
    return folder / "public", live_items(report).keys()


def for_disk(files: dict[str, bytes], index: dict[str, bytes]) -> dict[str, bytes]:
    """A site's files as they work from disk: classic scripts, and the index as data. Pure."""
    modules = {
        _HASH.sub("", name.rpartition("/")[2]): data.decode()
        for name, data in files.items()
        if name.startswith("assets/") and name.endswith(".js")
    }
    modules = {name: _FETCH.sub("embedded", _HASH.sub("", text)) for name, text in modules.items()}
    made: dict[str, bytes] = {}
    entries: set[str] = set()
    for name, data in files.items():
        if name in _LEFT_OUT or (name.startswith("assets/") and name.endswith(".js")):
            continue
        made[name] = _classic_page(data, entries, searchable=bool(index)) if name.endswith(".html") else data
    if index:
        for entry in sorted(entries):
            made[f"assets/{entry}"] = bundle(entry, modules, _PRELUDE).encode()
        values = {name: base64.b64encode(data).decode() for name, data in sorted(index.items())}
        made[f"assets/{_INDEX_SCRIPT}"] = f"globalThis.mingtangArchive = {json.dumps(values)};\n".encode()
    return made


def _classic_page(data: bytes, entries: set[str], *, searchable: bool) -> bytes:
    def classic(found: re.Match[str]) -> str:
        name = _HASH.sub("", found["name"])
        entries.add(name)
        return f'<script defer src="{found["folder"]}{name}"></script>' if searchable else ""

    return _MODULE.sub(classic, _PRELOAD.sub("", data.decode())).encode()


def at_home(index: dict[str, bytes], unit: str) -> dict[str, bytes]:
    """The index with the unit's own addresses relative to its site's root, and those of others on the web. Pure."""
    entry = json.loads(index[_ENTRY])
    portal = entry["portal"]
    entry["units"] = [[one, name, "" if one == unit else urljoin(portal, base)] for one, name, base in entry["units"]]
    return {**index, _ENTRY: json.dumps(entry, ensure_ascii=False).encode()}


def pack(files: dict[str, bytes], unit: str) -> bytes:
    """A zip whose bytes depend on the files alone: sorted, without times, with a list of digests. Pure."""
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted({**files, _SUMS: sums.encode()}.items()):
            entry = zipfile.ZipInfo(f"{unit}/{name}", _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return buffer.getvalue()
