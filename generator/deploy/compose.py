"""What a release to one target consists of: every file of its folder, by digest. Pure.

releases/<id>/public/…      what the web server serves, with compressed siblings
              gone/…        tombstones, served with status 410
              server/…      tables for the web server: former addresses
              record.json   for those who answer for the releases; not served
              SHA256SUMS    all of the above, for the far side's own check
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.build.manifest import ManifestFile
from generator.deploy.compression import Siblings
from generator.deploy.parts import Part, is_hashed, is_theme_asset, served_by
from generator.deploy.records import (
    ADDRESSES_NAME,
    GONE,
    PUBLIC,
    RECORD_NAME,
    REDIRECTS_NAME,
    RELEASE_NAME,
    SIGNATURE_NAME,
    SUMS_NAME,
    Counts,
    Record,
    ReleasedFile,
    ReleaseManifest,
    encode_release,
    encode_sums,
)
from generator.site.paths import folders_above

_STATEMENTS = frozenset({RELEASE_NAME, SIGNATURE_NAME, RECORD_NAME})


class Shipped(Struct, frozen=True):
    """One file of a release: where its bytes are, or the bytes themselves; neither when the far side has it.

    ``source`` is a plain path: there is one for each of some hundred thousand files.
    """

    size: int
    sha256: str
    source: str | None = None
    data: bytes | None = None


class Release(Struct, frozen=True):
    """Everything that one target gets. Paths are relative to the release's folder."""

    record: Record
    manifest: ReleaseManifest
    files: Mapping[str, Shipped]
    sums: bytes
    """``SHA256SUMS``: every other file of the release."""

    @property
    def id(self) -> str:
        return self.record.release


class Ingredients(Struct, frozen=True, kw_only=True):
    """What a release is made of, whichever target it goes to."""

    out: Path
    files: Mapping[str, ManifestFile]
    siblings: Mapping[str, Siblings]
    """By the digest of the file that they compress."""
    sibling_path: Callable[[str, str], str]
    tombstones: frozenset[str]
    moved: Mapping[str, str]
    """Pages at former addresses, and the URL of what took their place."""
    redirects: bytes
    addresses: bytes
    parts: tuple[Part, ...]
    sign: Callable[[bytes], bytes] | None
    signer: str = ""
    """Fingerprint of the key that signs."""
    grace: timedelta


class Before(Struct, frozen=True):
    """The release that a target serves now."""

    record: Record
    manifest: ReleaseManifest
    sums: Mapping[str, str]


def compose(
    made_of: Ingredients, served: tuple[Part, ...], record: Record, before: Before | None, *, bridging: bool = False
) -> Release:
    """The release that ``record`` speaks of, for a target that serves these parts.

    A ``bridging`` one also keeps every file of the release before that has no successor.
    """
    files: dict[str, Shipped] = {}
    listed: list[ReleasedFile] = []
    for path, file in made_of.files.items():
        if any(served_by(path, part, made_of.parts) is not None for part in served):
            listed.append(_place(made_of, path, file, files))
    present = {file.path for file in listed}
    if bridging and before is not None:
        carried = tuple(_with_room(before.manifest.files, present))
    else:
        carried = carry(record, before, made_of, present, served)
    for old in carried:
        listed.append(old)
        for path, digest in _bytes_of(old):
            files[PUBLIC + path] = Shipped(0, digest)
    record = msgspec.structs.replace(record, carried=_since(carried, before, record.at))
    tables = {REDIRECTS_NAME: _of_bytes(made_of.redirects), ADDRESSES_NAME: _of_bytes(made_of.addresses)}
    manifest = ReleaseManifest(
        release=record.release,
        released_at=record.at,
        manifest_sha256=record.manifest_sha256,
        hosts={part.base_url: part.root for part in made_of.parts},
        tables={path: file.sha256 for path, file in tables.items()},
        files=tuple(sorted(listed)),
    )
    _add_statements(files, manifest, made_of, served)
    files |= tables
    record = msgspec.structs.replace(record, counts=_counts(files, record, before))
    files[RECORD_NAME] = _of_bytes(msgspec.json.encode(record) + b"\n")
    sums = encode_sums({path: file.sha256 for path, file in files.items()})
    return Release(record, manifest, {**files, SUMS_NAME: _of_bytes(sums)}, sums)


def _counts(files: Mapping[str, Shipped], record: Record, before: Before | None) -> Counts:
    old = before.sums if before else {}
    return Counts(
        items=len(record.items),
        files=len(files),
        size=sum(file.size for file in files.values()),
        added=sum(path not in old for path in files),
        changed=sum(path in old and old[path] != file.sha256 for path, file in files.items()),
        deleted=sum(path not in files for path in old if path not in (RECORD_NAME, SUMS_NAME)),
    )


def is_live(release: Release, before: Before | None) -> bool:
    """Whether a target serves just this already, signed with the same key, so that there is nothing to do."""
    if before is None or before.record.signer != release.record.signer:
        return False
    return _substance(before.sums) == _substance({path: file.sha256 for path, file in release.files.items()})


def _substance(sums: Mapping[str, str]) -> dict[str, str]:
    """All but what differs in every release; the presence of a signature counts."""
    return {path: "" if is_statement(path) else digest for path, digest in sums.items() if path != SUMS_NAME}


def is_statement(path: str) -> bool:
    """Whether the file is what a release says of itself: at the root of a host, an attachment lies deeper."""
    return path.rpartition("/")[2] in _STATEMENTS and path.count("/") <= 2


def _place(made_of: Ingredients, path: str, file: ManifestFile, files: dict[str, Shipped]) -> ReleasedFile:
    """Put a file and its siblings into the release; gives its line of the manifest."""
    gone = path in made_of.tombstones
    files[(GONE if gone else PUBLIC) + path] = Shipped(file.size, file.sha256, f"{made_of.out}/{path}")
    siblings = Siblings() if gone else made_of.siblings.get(file.sha256, Siblings())
    for suffix, sibling in (("br", siblings.br), ("gz", siblings.gz)):
        if sibling is not None:
            source = made_of.sibling_path(file.sha256, suffix)
            files[f"{PUBLIC}{path}.{suffix}"] = Shipped(sibling.size, sibling.sha256, source)
    return ReleasedFile(
        path,
        file.size,
        file.sha256,
        siblings.br.sha256 if siblings.br else "",
        siblings.gz.sha256 if siblings.gz else "",
        gone,
        made_of.moved.get(path, ""),
    )


def _add_statements(
    files: dict[str, Shipped], manifest: ReleaseManifest, made_of: Ingredients, served: tuple[Part, ...]
) -> None:
    """The signed manifest, at the root of every host, so that each can be checked by itself."""
    data = encode_release(manifest)
    for part in served:
        files[PUBLIC + part.root + RELEASE_NAME] = _of_bytes(data)
        if made_of.sign is not None:
            files[PUBLIC + part.root + SIGNATURE_NAME] = _of_bytes(made_of.sign(data))


def carry(
    record: Record,
    before: Before | None,
    made_of: Ingredients,
    present: set[str],
    served: tuple[Part, ...],
) -> tuple[ReleasedFile, ...]:
    """Hashed files of the release before that readers in the middle of a session may still ask for.

    Index files are carried only when nothing has left since that release: they may hold words of
    what did. Assets of the theme hold no word of any item and are always carried.
    """
    if before is None:
        return ()
    complete = not left(before.record, record.items)
    kept = []
    for file in before.manifest.files:
        if file.path in present or not is_hashed(file.path):
            continue
        since = before.record.carried.get(file.path, record.at)
        mine = any(served_by(file.path, part, made_of.parts) is not None for part in served)
        if mine and record.at - since < made_of.grace and (complete or is_theme_asset(file.path)):
            kept.append(file)
    return tuple(kept)


def _with_room(files: Iterable[ReleasedFile], present: set[str]) -> Iterator[ReleasedFile]:
    """Those that can stand beside what is present: none of that is it, or is a folder of it, or has it as a folder."""
    taken = present.union(folder for path in present for folder in folders_above(path))
    for file in files:
        if not file.gone and file.path not in taken and present.isdisjoint(folders_above(file.path)):
            yield file


def left(earlier: Record, items: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What an earlier release holds and must not be public any more: items, and files of items that stay."""
    gone = [item for item in earlier.items if item not in items]
    for item, files in earlier.items.items():
        if item in items:
            gone.extend(sorted(set(files) - set(items[item])))
    return tuple(sorted(gone))


def _since(carried: tuple[ReleasedFile, ...], before: Before | None, at: datetime) -> dict[str, datetime]:
    earlier = before.record.carried if before else {}
    return {file.path: earlier.get(file.path, at) for file in carried}


def _bytes_of(file: ReleasedFile) -> list[tuple[str, str]]:
    pairs = [(file.path, file.sha256), (f"{file.path}.br", file.br), (f"{file.path}.gz", file.gz)]
    return [(path, digest) for path, digest in pairs if digest]


def _of_bytes(data: bytes) -> Shipped:
    return Shipped(len(data), hashlib.sha256(data).hexdigest(), None, data)
