"""generator.build.publishing: attachments on their way out, and what the preview says of items that must not leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import publishing
from generator.build.fs import FileSystem
from generator.build.publishing import WATERMARKS, ContentChanged
from generator.clearance import attachments
from generator.commands.reporting import VERDICTS
from generator.model import Verdict
from tests.attachments.office_files import docx_clean
from tests.build.cluster import SmallCluster


@pytest.mark.parametrize("left", [None, 0, 300])
@pytest.mark.parametrize("name", ["表.docx", "表.txt"])
def test_attachment_that_is_being_saved_while_it_is_published_asks_for_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, left: int | None
) -> None:
    """Gone, empty or half written since it was inspected: the operator is told which, and nothing of it is left."""
    cluster = SmallCluster(tmp_path)
    source = cluster.content / "sfj" / "policy" / "a" / name
    cluster.write("sfj/policy/a", attachments=f"[{name}]")
    source.parent.mkdir()
    source.write_bytes(docx_clean() if name.endswith("docx") else "公开的内容。".encode() * 60)
    stripped = publishing.stripped_unless_changed

    def saving(operation: str, path: Path) -> None:
        if operation == "copy":
            spoil()

    def spoil() -> None:
        if left is None:
            source.unlink()
        else:
            source.write_bytes(source.read_bytes()[:left])

    def spoiled(path: Path, sha256: str) -> bytes | None:
        spoil()
        return stripped(path, sha256)

    monkeypatch.setattr(publishing, "stripped_unless_changed", spoiled)
    with pytest.raises(ContentChanged, match=rf"sfj/policy/a/{name}"):
        cluster.build(fs=FileSystem(saving))
    assert [path for path in (tmp_path / "out").rglob("*") if path.stem == "表"] == []
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_attachment_that_is_as_it_was_and_cannot_be_stripped_is_a_bug_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To build again would not help, and nobody would hear of it."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a", attachments="[表.docx]")
    source = cluster.content / "sfj" / "policy" / "a" / "表.docx"
    source.parent.mkdir()
    source.write_bytes(docx_clean())

    def fail(path: Path, *_: object, **__: object) -> None:
        raise ValueError(path)

    monkeypatch.setattr(attachments, "publish", fail)
    with pytest.raises(ValueError, match=r"表\.docx"):
        cluster.build()


def test_every_reason_to_withhold_has_a_watermark_of_its_own() -> None:
    """An editor who had an item cleared is not told that it was not: the reason is another, and its own."""
    reasons = {*Verdict} - {Verdict.PUBLISHED}
    assert WATERMARKS.keys() == reasons
    assert all(VERDICTS[verdict] in WATERMARKS[verdict] for verdict in reasons)
    assert len({*WATERMARKS.values()}) == len(reasons)
