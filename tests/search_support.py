"""Small clusters and their index, made in memory, for tests of ``search``."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from generator.model import ItemFacts, OutputFile, TextBlock
from generator.search.folding import folding
from generator.search.index import Definitions, IndexResult, begin_index
from generator.search.mending import IndexDocument, Previous
from generator.search.passages import ItemPassages, cut_passages, text_files
from generator.search.postings import encode_postings
from generator.search.thesaurus import Thesaurus
from tests.site_support import clear, make_cluster, make_facts

CLUSTER = make_cluster()
THESAURUS: Thesaurus = (("坐牢", ("服刑", "监禁")), ("打官司没钱", ("法律援助",)), ("探监", ("会见",)))


@dataclass(frozen=True)
class Paper:
    """One item and its text."""

    facts: ItemFacts
    paragraphs: tuple[str, ...]
    attachments: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return tuple(TextBlock(anchor=f"a{number}", text=text) for number, text in enumerate(self.paragraphs))

    @property
    def cut(self) -> ItemPassages:
        return cut_passages(self.blocks, self.attachments)

    @property
    def postings(self) -> bytes:
        assert self.facts.item is not None
        return encode_postings(self.facts.item, self.cut)

    @property
    def key(self) -> bytes:
        said = msgspec.msgpack.encode((self.facts, self.paragraphs, self.attachments))
        return hashlib.blake2b(said, digest_size=8).digest()


def paper(
    item_id: str, title: str, *paragraphs: str, attachments: Sequence[tuple[str, str]] = (), **changes: Any
) -> Paper:
    """A cleared item, unless ``cleared=False``."""
    return Paper(make_facts(item_id, title, **changes), paragraphs, tuple(attachments))


@dataclass
class Built:
    """An index as its files, and what the next build needs of it."""

    papers: dict[str, Paper]
    files: dict[str, bytes]
    result: IndexResult
    written: list[str] = field(default_factory=list)

    @property
    def previous(self) -> Previous:
        """For the next build."""
        return Previous(
            self.result.state,
            self.files.__getitem__,
            lambda item: self.papers[item].postings if item in self.papers else None,
        )

    def write_to(self, folder: Path) -> Path:
        """The files below a folder, as they are served."""
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder


def build(papers: Sequence[Paper], before: Built | None = None, *, thesaurus: Thesaurus = THESAURUS) -> Built:
    """The index of those papers that the gate clears; from the one ``before`` where it can be."""
    by_id = {one.facts.id: one for one in papers}
    documents = [IndexDocument(one, by_id[one.id].key) for one in clear(*(one.facts for one in papers))]
    written: dict[str, bytes] = {}

    def write(file: OutputFile) -> None:
        assert file.path not in written, "a file is written once"
        written[file.path] = file.data

    with tempfile.TemporaryDirectory() as spill:
        result = begin_index(
            documents,
            lambda document: by_id[document.cleared.id].postings,
            Definitions(CLUSTER, thesaurus, folding()),
            write,
            Path(spill),
            before.previous if before else None,
        ).finish()
    files = {path: before.files[path] for path in result.kept} if before else {}
    cleared = {document.cleared.id for document in documents}
    texts = [file for item in sorted(cleared) for file in text_files(item, by_id[item].cut).named()]
    return Built(by_id, files | written | dict(texts), result, list(written))
