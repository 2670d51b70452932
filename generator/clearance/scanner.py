"""The scan of finished files for fingerprints: a few dozen at once through the sieve, the rest one by one. Pure.

The sieve reads a file as it stands, and finds whatever may be found in it. Most that it finds stands in the
cleared item of which the file is made, as that is read in the same way. Only files of which neither holds (with
escapes to be undone, or with something that their item does not say) are read on their own, by their format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.audit_texts import contents_lists, item_texts
from generator.clearance.audit_views import JSON, MARKUP, Views, kind_of, markup_views, tag_text, views
from generator.clearance.fingerprints import Fingerprints, once, without
from generator.clearance.folding import FACTORS, SEPARATOR, Places, Words
from generator.clearance.keytable import among, runs
from generator.clearance.readable import of_markup, of_text
from generator.clearance.sieve import Form, Found, Passage
from generator.clearance.verbatim import Parted, Repeated, Rest, rest_of_page
from generator.model import Heading, ItemBody

Decoder = Callable[[bytes], Iterable[str]]

_GROUP = 400
_HELD = 4 << 20
"""Files that are looked at together, and bytes that are left of them."""
_FEW = 12
_LARGE = 1 << 20
_ASSETS = frozenset({"js", "css", "svg"})
_NOTHING: Words = np.empty(0, np.uint64)
_NO_REST = Rest(b"")
_NAMES = -1
"""The number of what is no file of a group, but the names of several."""

Flags = NDArray[np.bool_]


class Owner(NamedTuple):
    """The cleared item of which a file is made: its page, an attachment, a text for snippets."""

    id: str
    path: str
    """Of its source."""
    load: Callable[[], ItemBody]
    html: Callable[[], bytes] = bytes
    """Of its body, as its page has it."""
    text_files: Callable[[], Collection[tuple[str, bytes]]] = tuple
    """Path and bytes of its texts for snippets."""
    values: str = ""
    """What it says beside its body (``item_values``), where that is looked for at all."""
    headings: Callable[[], Sequence[Heading]] | None = None
    """Of its body, where they are had for less than the body."""


class File(NamedTuple):
    """A file as it lies on disk."""

    path: str
    data: bytes
    owner: Owner | None


class Scan(NamedTuple):
    """What was found in one file: keys of fingerprints that its owner does not explain."""

    path: str
    keys: Words
    quoted: Words
    """Keys that stand in the file and in its owner alike: the owner is cleared, so they are explained everywhere."""
    readable: bool = True
    exact: bool = True
    """Otherwise some keys may be of texts that do not stand together: before an alarm the file is read on its own."""

    @property
    def touched(self) -> bool:
        """Whether any fingerprint stands in the file, explained or not."""
        return bool(self.keys.size or self.quoted.size)


class Quote(NamedTuple):
    """Keys that stand in a file and in the cleared item that owns it alike."""

    path: str
    """The source of the item."""
    keys: Words


class Scanned(NamedTuple):
    """What was found in a number of files."""

    scans: tuple[Scan, ...]
    """Of those in which something stands that their owner does not explain, or that cannot be read."""
    quotes: tuple[Quote, ...]
    files: int = 0
    """So many were looked through."""


class _Taken(NamedTuple):
    """A file, and what of it is to be looked at."""

    path: str
    owner: Owner | None
    kind: str
    data: bytes | None
    """``None`` where they can be read again."""
    size: int
    """Bytes that are left of it."""
    rest: Rest
    page: Parted | None
    """Of markup what is left, in the place of its rest."""

    @property
    def is_left_out(self) -> bool:
        """Whether all of it is said by its owner, or known: its name is not."""
        return self.page is None and not self.rest.data


class _LookedAt(NamedTuple):
    """What was found in the files of a group, side by side: numbers of files, and keys."""

    numbers: Places
    keys: Words
    alone: Set[int]
    """Files that must be read one by one."""
    sure: Set[int]
    """Files of which all that was found stands there."""


class Scanner:
    """Looks through files for fingerprints; one a worker.

    ``known`` are SHA-256 digests of files that are cleared as they are (attachments of
    cleared items as published, assets of the theme); ``decoders`` read formats of other
    stages, by extension; ``repeated`` gives one of these very ``prints``; ``again`` reads a
    file once more, so that it need not be held while others are looked at.
    """

    def __init__(
        self,
        prints: Fingerprints,
        *,
        known: frozenset[str] = frozenset(),
        decoders: Mapping[str, Decoder] | None = None,
        repeated: Callable[[], Repeated] | None = None,
        again: Callable[[str], bytes] | None = None,
    ) -> None:
        self._prints = prints
        self._known = known
        self._decoders = dict(decoders or {})
        self._repeated = repeated or cache(partial(Repeated, prints))
        self._again = again
        self._longest = prints.longest

    def scan_all(self, files: Iterable[File]) -> Scanned:
        """Fingerprints in each of many files that its owner does not explain."""
        groups = [
            self._scan_few(group) if len(group) <= _FEW else self._scan_group(group)
            for group in _grouped(map(self._taken, files))
        ]
        return Scanned(
            tuple(scan for group in groups for scan in group.scans),
            tuple(quote for group in groups for quote in group.quotes),
        )

    def _scan_few(self, group: Sequence[_Taken]) -> Scanned:
        """One by one: a sieve would take longer to make."""
        scans = [self._scan_one(one) for one in group]
        quotes = [
            Quote(one.owner.path, scan.quoted)
            for one, scan in zip(group, scans, strict=True)
            if one.owner is not None and scan.quoted.size
        ]
        return Scanned(tuple(scan for scan in scans if scan.keys.size or not scan.readable), tuple(quotes))

    def _taken(self, file: File) -> _Taken:
        """A file as it is met: what is left of it is little, and the others' memory serves the next."""
        path, data, owner = file
        kind = kind_of(path)
        rest, page = self._rest(file, kind), None
        size = len(rest.data)
        if size and self._is_markup(kind):
            page = self._repeated().parted(rest.data)
            rest = Rest(b"", rest.ends)
        return _Taken(path, owner, kind, None if self._again else data, size, rest, page)

    def _scan_group(self, group: Sequence[_Taken]) -> Scanned:
        numbers, keys, alone, sure = self._looked_at(group)
        owned = np.array([one.owner is not None for one in group])
        explained = self._explained(group, numbers, keys)
        left = set(numbers.compress(~explained & owned.take(numbers)).tolist())
        slow = self._scan_few([group[number] for number in sorted(left | alone)])
        others = [*_unexplained(group, numbers, keys, ~owned.take(numbers), sure)]
        found_in = {scan.path for scan in (*slow.scans, *others)} | {group[number].path for number in numbers.tolist()}
        for one in group:
            if one.owner is None and one.kind in _ASSETS and one.rest.data and one.path not in found_in:
                self._repeated().note_clean(one.kind, one.rest.data)
        quotes = [*_quotes(group, numbers.compress(explained), keys.compress(explained))]
        return Scanned((*slow.scans, *others), (*quotes, *slow.quotes))

    def _looked_at(self, group: Sequence[_Taken]) -> _LookedAt:
        """What stands in each file of a group, and in its name."""
        pages = self._pages(group)
        named = [number for number, one in enumerate(group) if one.is_left_out]
        looked = {
            number: self._passage(one, pages.get(number)) for number, one in enumerate(group) if not one.is_left_out
        }
        readable = {number: one for number, one in looked.items() if one is not None}
        # The names of all that are left out are one passage.
        readable[_NAMES] = Passage(SEPARATOR.join([group[number].path for number in named]))
        numbers, keys, odd = self._standing(readable)
        if torn := {number for number in odd if readable[number].form is Form.MARKUP}:
            again = {number: self._decoded(group[number].path, pages[number]) for number in torn}
            readable |= {number: one for number, one in again.items() if one is not None}
            more = self._standing({number: readable[number] for number, one in again.items() if one is not None})
            numbers, keys = np.concatenate((numbers, more.passages)), np.concatenate((keys, more.keys))
            odd = odd - torn | more.odd | {number for number, one in again.items() if one is None}
        alone = odd - {_NAMES} | (looked.keys() - readable.keys())
        in_names = numbers == _NAMES
        if _NAMES in odd or in_names.any():  # it cannot be told of them together
            alone |= set(named)
        sure = {number for number, one in readable.items() if one.exact}
        return _LookedAt(numbers.compress(~in_names), keys.compress(~in_names), alone, sure)

    def _standing(self, passages: Mapping[int, Passage]) -> Found:
        """What stands in passages that have numbers of their own."""
        found = self._repeated().sieve.find([*passages.values()])
        numbers = [*passages]
        odd = frozenset(numbers[place] for place in found.odd)
        return Found(np.array(numbers, np.int64).take(found.passages), found.keys, odd)

    def _pages(self, group: Sequence[_Taken]) -> dict[int, bytes]:
        """What is left of each file of markup."""
        parted = {number: one.page for number, one in enumerate(group) if one.page is not None}
        return dict(zip(parted, self._repeated().shortened([*parted.values()]), strict=True))

    def _explained(self, group: Sequence[_Taken], numbers: Places, keys: Words) -> Flags:
        """Which of the keys found in files their owners say: looked for first where most of them stand."""
        explained = np.zeros(numbers.size, np.bool_)
        for own in (_own_values, _own_headings, _own_body):
            left = np.flatnonzero(~explained)
            if not left.size:
                break
            owners, stated = self._stated(group, numbers.take(left), own)
            explained[left] = among(_paired(owners.take(numbers.take(left)), keys.take(left)), np.sort(stated))
        return explained

    def _scan_one(self, one: _Taken) -> Scan:
        data = one.data
        if data is None:
            assert self._again is not None  # only then data are let go
            data = self._again(one.path)
        if one.owner is None:
            return self.scan(one.path, data)
        return self.scan(one.path, data, own=(one.owner.values, one.owner.load()))

    def _stated(
        self, group: Sequence[_Taken], numbers: Places, own: Callable[[Owner, bytes], list[Passage]]
    ) -> tuple[Places, Words]:
        """The owner of each file, as a number, and what the owners of the files in ``numbers`` say, as pairs."""
        owners = np.zeros(len(group), np.int64)
        ids: dict[str, int] = {}
        said: list[Passage] = []
        sayers: list[int] = []
        for number in once(numbers).tolist():
            owner = group[number].owner
            if owner is None:
                continue
            if owner.id not in ids:
                ids[owner.id] = len(ids) + 1
                said += own(owner, group[number].rest.ends)
                sayers += [len(ids)] * (len(said) - len(sayers))
            owners[number] = ids[owner.id]
        found = self._repeated().sieve.find(said)
        return owners, _paired(np.array(sayers, np.int64).take(found.passages), found.keys)

    def _rest(self, file: File, kind: str) -> Rest:
        """A file without what its owner says in the same words."""
        if file.owner is None:
            known = kind in _ASSETS and self._repeated().is_clean(kind, file.data)
            return _NO_REST if known else Rest(file.data)
        if kind in self._decoders:
            return Rest(file.data)
        if kind in MARKUP:
            return rest_of_page(file.data, file.owner.html(), self._longest)
        return _NO_REST if (file.path, file.data) in file.owner.text_files() else Rest(file.data)

    def _is_markup(self, kind: str) -> bool:
        return kind in MARKUP and kind not in JSON and kind not in self._decoders

    def _passage(self, one: _Taken, page: bytes | None) -> Passage | None:
        """All that may be read in a file, and its name; ``None`` where no text can be read."""
        found = None
        if one.kind not in self._decoders:
            found = of_text(one.path, one.kind, one.rest.data) if page is None else of_markup(one.path, page)
        return found or self._decoded(one.path, one.rest.data if page is None else page)

    def _decoded(self, path: str, data: bytes) -> Passage | None:
        """A file read by its format."""
        decoder = self._decoders.get(kind_of(path))
        decoded = views(path, data) if decoder is None else Views(tuple(decoder(data)), ())
        if decoded is None:
            return None
        return Passage(SEPARATOR.join((path, *decoded.plain, *map(tag_text, decoded.tags))), exact=True)

    def scan(self, path: str, data: bytes, *, own: tuple[str, ItemBody] | None = None) -> Scan:
        """Fingerprints in a file's name and texts that its owner does not explain.

        ``own`` are the values and the body of a *cleared* item.
        """
        if self._known and hashlib.sha256(data).hexdigest() in self._known:
            texts: Views | None = Views((), ())
        elif (decoder := self._decoders.get(kind_of(path))) is not None:
            texts = Views(tuple(decoder(data)), ())
        else:
            texts = views(path, data)
        if texts is None:
            return Scan(path, self._prints.hits(path), _NOTHING, readable=False)
        keys = self._prints.hits(SEPARATOR.join((path, *texts.plain, *map(tag_text, texts.tags))))
        if not keys.size or own is None:
            return Scan(path, keys, _NOTHING)
        rest = self._prints.unexplained(keys, item_texts(*own))
        return Scan(path, rest, without(keys, rest))


def _grouped(files: Iterable[_Taken]) -> Iterator[list[_Taken]]:
    """A few files at a time; large ones (attachments) by themselves, so that memory holds one of them."""
    group: list[_Taken] = []
    held = 0
    for file in files:
        group.append(file)
        held += file.size
        if len(group) == _GROUP or held > _HELD or file.size > _LARGE:
            yield group
            group, held = [], 0
    if group:
        yield group


def _unexplained(
    files: Sequence[_Taken], numbers: Places, keys: Words, asked: Flags, sure: Container[int]
) -> Iterator[Scan]:
    """What stands in files that nobody owns: others may say it, and if not, each of them is read on its own."""
    for number in once(numbers.compress(asked)).tolist():
        yield Scan(files[number].path, once(keys.compress(numbers == number)), _NOTHING, exact=number in sure)


def _quotes(files: Sequence[_Taken], numbers: Places, keys: Words) -> Iterator[Quote]:
    """What the owners of files were found to say in them, an item at a time."""
    by_owner: dict[str, list[Words]] = {}
    order = np.argsort(numbers, kind="stable")
    found = runs(numbers.take(order).view(np.uint64))
    for number, some in zip(found.words.tolist(), np.split(keys.take(order), found.firsts[1:]), strict=False):
        owner = files[number].owner
        if owner is not None:
            by_owner.setdefault(owner.path, []).append(some)
    for path, parts in by_owner.items():
        yield Quote(path, once(np.concatenate(parts)))


def _paired(owners: Places, keys: Words) -> Words:
    """Owner and key as one word: two pairs that differ agree by chance as rarely as two windows do."""
    mixed: Words = owners.view(np.uint64) * np.uint64(FACTORS[1])
    mixed ^= mixed >> np.uint64(32)
    mixed += keys
    return mixed


def _own_values(owner: Owner, ends: bytes) -> list[Passage]:
    """What the cleared item of a page says there beside its body, and the ends of that which were left in it."""
    return [Passage(SEPARATOR.join((owner.values, ends.decode("utf-8", "surrogatepass"))))]


def _own_headings(owner: Owner, ends: bytes) -> list[Passage]:
    """Its headings, one by one and as they are listed before the text."""
    headings = owner.load().headings if owner.headings is None else owner.headings()
    listed = contents_lists(headings, ends.decode("utf-8", "surrogatepass"))
    return [Passage(SEPARATOR.join([*(heading.text for heading in headings), *listed]))]


def _own_body(owner: Owner, ends: bytes) -> list[Passage]:
    """Its body, read as the page is read."""
    body = owner.load()
    shown = markup_views(body.html)
    return [Passage(SEPARATOR.join(("", *shown.plain, *map(tag_text, shown.tags))))]
