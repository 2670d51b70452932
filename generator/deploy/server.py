"""Releases on a server or in a folder: link, send, verify, switch, destroy. Effects: the far side; the state folder.

The same steps for both, spoken to a shell here or behind ssh (``scripts`` says what is asked).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from generator.build.fs import FileSystem
from generator.content.names import shown
from generator.deploy import scripts
from generator.deploy.compose import Before, Release
from generator.deploy.farside import FarState, Say
from generator.deploy.outgoing import fill_outgoing
from generator.deploy.parts import SEARCH
from generator.deploy.plan import Plan
from generator.deploy.records import (
    ADDRESSES_NAME,
    PUBLIC,
    RECORD_NAME,
    REDIRECTS_NAME,
    RELEASE_NAME,
    SUMS_NAME,
    HistoryEntry,
    Record,
    ReleaseManifest,
    history_entry,
    is_id,
    listing_digest,
    parse_history,
    parse_record,
    parse_release,
    parse_sums,
)
from generator.deploy.redirects import parse_table
from generator.deploy.shell import Answer, FarSideError, Shell
from generator.deploy.transfer import send
from generator.deploy.tree import named
from generator.deploy.wording import reason, sentence
from generator.errors import DeployRefused, LockedError, UsageError

_TABLES = (REDIRECTS_NAME, ADDRESSES_NAME)
_UNKNOWN = "?"
"""Stands for whatever differs where the far side cannot say what."""
_ALIKE = 1 << 16
"""Bytes from which a file of the index is sent as what differs from one of a similar name, its predecessor.

rsync compares every such name with every name in the folder, which for thousands of small files
takes far longer than sending them.
"""


class Server:
    """One target's far side, open for one deploy."""

    def __init__(self, name: str, shell: Shell, store: Path, fs: FileSystem, say: Say) -> None:
        """``store`` is the folder of the state in which records of this target's releases are remembered."""
        self.name = name
        self.travelled = 0
        self._shell = shell
        self._store = store
        self._fs = fs
        self._say = say
        self._is_there = True

    # --- looking --------------------------------------------------------------------

    def take(self, holder: str) -> FarState:
        """Lock the target, after tidying what a killed deploy left; raises ``LockedError`` when it is locked."""
        self._entered(self._shell.run(scripts.open_script(self._shell.transport.folder, holder)))
        return self.state()

    def peek(self) -> FarState:
        """Look without locking."""
        answer = self._shell.run(scripts.peek_script(self._shell.transport.folder))
        self._is_there = answer.status != scripts.NOTHING
        if not self._is_there:
            return FarState()
        self._entered(answer)
        return self.state()

    def _entered(self, answer: Answer) -> None:
        folder = self._shell.transport.folder
        if answer.status == scripts.BUSY:
            holder = shown(answer.output.strip()) or "?"
            raise LockedError(f"{self.name}：另一个发布正在进行：{holder}。Another deploy is running: {holder}")
        if answer.status == scripts.FOREIGN:
            raise UsageError(
                f"{self.name}：{folder} 不是空的，也没有 Mingtang 的标记，不予使用。"
                "The folder is not empty and does not bear our marker; nothing was touched."
            )
        if answer.status != 0:
            said = answer.output.strip() or self._shell.complaint()
            raise FarSideError(f"{self.name}：{folder} 无法使用 (cannot be used): {said}")

    def state(self) -> FarState:
        """What stands on the far side now."""
        found: dict[str, str] = {}
        releases: dict[str, str] = {}
        for line in self._shell.check(scripts.STATE_SCRIPT).splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "release":
                name, _, digest = rest.rpartition(" ")
                if is_id(name):
                    releases[name] = digest
                else:
                    self._say(sentence("deploy-stray-folder", target=self.name, name=shown(name)))
            else:
                found[kind] = rest.strip()
        current = found.get("current", "")
        return FarState(
            current=current if current in releases else "", incoming=found.get("incoming", ""), releases=releases
        )

    def record(self, release: str, state: FarState) -> Record:
        """The record of a release: the remembered copy when the far side's is of the same bytes, or is damaged.

        Raises ``UsageError`` for one that nobody can read any more.
        """
        place = self._store / release / RECORD_NAME
        remembered = place.read_bytes() if place.is_file() else b""
        if remembered and hashlib.sha256(remembered).hexdigest() == state.releases[release]:
            return parse_record(remembered)
        there = self._fetch(f"releases/{release}/{RECORD_NAME}") if state.releases[release] else b""
        try:
            found = parse_record(there)
        except UsageError as error:
            if remembered:
                return parse_record(remembered)
            raise UsageError(f"{self.name}：{release}：{error}") from None
        self._fs.write(place, there, mode=0o600)
        return found

    def before(self, state: FarState) -> Before | None:
        """The release that is served, whole: its record, its manifest and the digest of each file."""
        if not state.current:
            return None
        record = self.record(state.current, state)
        try:
            sums = self._current_sums(state)
            manifest = self._manifest(state, sums)
        except UsageError:  # all is sent and looked at anew, and what is too much there is named and removed
            self._say(sentence("deploy-lists-damaged", target=self.name, release=state.current))
            sums, manifest = {}, _unknown(record)
        return Before(record, manifest, sums)

    def _current_sums(self, state: FarState) -> dict[str, str]:
        place = self._store / state.current / SUMS_NAME
        with suppress(UsageError, FileNotFoundError):
            sums = parse_sums(place.read_bytes())
            if sums.get(RECORD_NAME) == state.releases[state.current]:
                return sums
        there = self._fetch(f"releases/{state.current}/{SUMS_NAME}")
        sums = parse_sums(there)
        if RECORD_NAME not in sums:
            raise UsageError("发布的校验清单不全 (the release's list of digests is cut off)")
        self._fs.write(place, there, mode=0o600)
        return sums

    def _manifest(self, state: FarState, sums: Mapping[str, str]) -> ReleaseManifest:
        place, name = self._store / state.current / RELEASE_NAME, _statement(sums)
        data = place.read_bytes() if place.is_file() else b""
        if hashlib.sha256(data).hexdigest() != sums[name]:
            data = self._fetch(f"releases/{state.current}/{name}")
            manifest = parse_release(data)
            self._fs.write(place, data, mode=0o600)
            return manifest
        return parse_release(data)

    def history(self) -> tuple[HistoryEntry, ...]:
        """Every switch, oldest first; of destroyed releases nothing else is left."""
        if not self._is_there or self._shell.run("[ -f history.jsonl ]").status != 0:
            return ()
        return parse_history(self._fetch("history.jsonl"), self.name, self._say)

    def _fetch(self, path: str) -> bytes:
        packed = self._shell.check(scripts.read_script(path)).strip()
        self.travelled += len(packed)
        try:
            return gzip.decompress(base64.b64decode(packed))
        except (ValueError, OSError, EOFError, zlib.error):
            raise FarSideError(f"{self.name}：{path} 无法读取 (cannot be read)") from None

    # --- sending --------------------------------------------------------------------

    def stage(self, release: Release, plan: Plan, state: FarState, outgoing: Path) -> None:
        """Bring the release to ``incoming`` and verify every byte of it there. What is served stays as it is."""
        identity = identity_of(release)
        sent, deleted = plan.paths("added", "changed"), plan.paths("deleted")
        with ThreadPoolExecutor(1) as pool:  # gathered here while the far side makes its links
            gathering = pool.submit(fill_outgoing, self._fs, outgoing, release, sent)
            if state.incoming == identity and self._shell.run(scripts.resume_script()).status == 0:
                self._say(f"{self.name}：继续上次中断的发布 resuming {release.id}")
            else:
                self._shell.check(scripts.prepare_script(identity, state.current or None))
            size = gathering.result()
        if blocking := _in_the_way(deleted, release.files):
            self._shell.check(scripts.remove_script(blocking))
        self._send(release, sent, outgoing, size)
        if rest := [path for path in deleted if path not in blocking]:
            self._shell.check(scripts.remove_script(rest))
        self._say(f"{self.name}：核对 {len(release.files)} 个文件 verifying on the far side")
        self._verify_incoming(release, plan, outgoing)

    def _send(self, release: Release, paths: Iterable[str], outgoing: Path, size: int | None = None) -> None:
        listed = list(paths)
        if size is None:
            size = fill_outgoing(self._fs, outgoing, release, listed)
        self._say(f"{self.name}：传送 {len(listed)} 个文件 sending {len(listed)} files, {size / 1e6:.1f} MB")
        folder = self._shell.transport.folder
        parts = [f"--temp-dir={folder}/parts"]
        alike = {path for path in listed if path.startswith(PUBLIC + SEARCH) and release.files[path].size >= _ALIKE}
        rest = [path for path in listed if path not in alike]
        for group, options in ((rest, parts), (sorted(alike), [*parts, "--fuzzy"])):
            if group:
                place = f"{folder}/incoming"
                self.travelled += send(
                    self._fs, self._shell.transport, self.name, outgoing, place, group, options, self._say
                )

    def _verify_incoming(self, release: Release, plan: Plan, outgoing: Path) -> None:
        wrong = self._differing("incoming", release)
        sent = set(plan.paths("added", "changed"))
        planted = wrong - release.files.keys()
        edited = sorted(path for path in wrong & release.files.keys() - sent if release.files[path].source is not None)
        if edited:
            self._shell.check(scripts.remove_script(edited))
        removed = int(self._shell.check(scripts.STRANGERS_SCRIPT)) if planted else 0
        if tampered := removed + len(edited):
            names = named(sorted({*planted, *edited}))
            self._say(str(reason("deploy-tampered", target=self.name, count=tampered, names=names)))
            if edited:
                self._send(release, edited, outgoing)
            wrong = self._differing("incoming", release)
        if wrong:
            self._shell.check(scripts.GIVE_UP_SCRIPT)
            names = named(sorted(wrong))
            raise DeployRefused([str(reason("deploy-far-side", target=self.name, count=len(wrong), names=names))])

    def _differing(self, folder: str, release: Release) -> set[str]:
        return self.differing(folder, release.sums, release.files)

    def differing(self, folder: str, sums: bytes, files: Iterable[str]) -> set[str]:
        """The files of a folder of the far side that are not what the release says."""
        lines = self._shell.run(scripts.verify_script(folder)).output.removesuffix("\n").split("\n")
        if lines[:1] != [hashlib.sha256(sums).hexdigest()]:
            return {SUMS_NAME}
        said = {line.rpartition(": ")[0] for line in lines[2:]}
        wrong = said - {""}
        if not wrong and (said or lines[1:2] != [listing_digest(files)]):
            return {_UNKNOWN}
        return wrong

    # --- switching ------------------------------------------------------------------

    def switch(self, release: Release, reload: str | None) -> None:
        """Serve the release that was staged: the one moment that readers notice."""
        entry = history_entry(release.record)
        self._shell.check(scripts.switch_script(release.id, msgspec.json.encode(entry).decode()))
        statements = (
            (RECORD_NAME, release.files[RECORD_NAME].data),
            (RELEASE_NAME, release.files[_statement(release.files)].data),
            (SUMS_NAME, release.sums),
        )
        for name, data in statements:
            assert data is not None
            self._fs.write(self._store / release.id / name, data, mode=0o600)
        self.reload(reload)

    def back(self, release: Record, to_leave: str, by: str, now: datetime, *, keep_link: bool, reload: str) -> None:
        """Serve an earlier release that stands complete on the far side."""
        entry = msgspec.structs.replace(history_entry(release), at=now, by=by, rolled_back_to=release.release)
        left = to_leave if keep_link else ""
        tables = [[parse_sums(self._sums(one)).get(path) for path in _TABLES] for one in (release.release, to_leave)]
        self._shell.check(scripts.back_script(release.release, left, msgspec.json.encode(entry).decode()))
        self.reload(reload if tables[0] != tables[1] else None)

    def reload(self, command: str | None) -> None:
        """Have the web server read its tables again; that it did not is said, and changes nothing else."""
        if command is not None and (not command or self._shell.run(command).status != 0):
            self._say(sentence("deploy-reload", target=self.name))

    def intact(self, release: Release, state: FarState) -> bool:
        """Whether every file of the release that is served is what it was when it was made."""
        return not self.verify_release(state.current)

    def verify_release(self, release: str) -> set[str]:
        """The files of a release on the far side that are not what they were when it was made."""
        sums = self._sums(release)
        return self.differing(f"releases/{release}", sums, [*parse_sums(sums), SUMS_NAME])

    def _sums(self, release: str) -> bytes:
        place = self._store / release / SUMS_NAME
        return place.read_bytes() if place.is_file() else self._fetch(f"releases/{release}/{SUMS_NAME}")

    def redirects(self) -> tuple[tuple[str, str], ...]:
        """Former address and target of each redirect of the release that is served."""
        tables = [self._fetch(f"current/{name}") for name in _TABLES]
        return tuple(pair for table in tables for pair in parse_table(table))

    def destroy(self, releases: Iterable[str]) -> None:
        """Destroy releases for good, here and on the far side."""
        doomed = list(releases)
        if doomed and self._shell.run(scripts.destroy_script(doomed)).status != 0:
            raise FarSideError(
                f"{self.name}：旧版本没有全部销毁，还在服务器上，处理后再发布一次：{self._shell.complaint() or '?'}。"
                "Earlier releases could not all be destroyed and are still there: deploy again once that is mended."
            )
        for release in doomed:
            forget(self._fs, self._store / release)


def _unknown(record: Record) -> ReleaseManifest:
    """A release of which nobody knows the files."""
    return ReleaseManifest(
        release=record.release, released_at=record.at, manifest_sha256=record.manifest_sha256, files=()
    )


def _statement(paths: Iterable[str]) -> str:
    """The release manifest of the first host; an attachment that bears its name lies deeper."""
    return min((path for path in paths if path.endswith(f"/{RELEASE_NAME}")), key=len)


def identity_of(release: Release) -> str:
    """What tells an unfinished release from another: its id and the digest of its list of digests."""
    return f"{release.id} {hashlib.sha256(release.sums).hexdigest()}"


def forget(fs: FileSystem, folder: Path) -> None:
    """Remove what is remembered of a release."""
    if folder.is_dir():
        for path in folder.iterdir():
            fs.remove(path)
        fs.remove_folder(folder)


def _in_the_way(deleted: Iterable[str], files: Mapping[str, object]) -> frozenset[str]:
    """Deleted files that stand where a folder must be, or in a folder that stands where a file must be."""
    folders = {parent for path in files for parent in _parents(path)}
    return frozenset(path for path in deleted if path in folders or any(parent in files for parent in _parents(path)))


def _parents(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
