"""Relations and attributes of Office files: each kind that tells of something hidden, each place that holds words."""

from __future__ import annotations

import pytest

from generator.clearance.inspect.sweep import words_of
from tests.attachments.inspecting import Inspect
from tests.attachments.office_elsewhere import ID
from tests.attachments.office_files import docx_clean, edited, replaced

_RELATIONS = "word/_rels/document.xml.rels"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _related(kind: str, target: str, mode: str = "") -> bytes:
    """A document with one relation more, and a part to which it leads when it is none outwards."""
    more = ' TargetMode="External"' if mode else ""
    one = f'<Relationship Id="rId990" Type="{_TYPE}/{kind}" Target="{target}"{more}/></Relationships>'
    data = replaced(docx_clean(), _RELATIONS, "</Relationships>", one)
    return data if mode else edited(data, {target.lstrip("/"): "<a/>"})


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ("vbaProject wordVbaData control activeXControlBinary attachedToolbars", "attachment-macros"),
        ("xlMacrosheet xlIntlMacrosheet", "attachment-macros"),
        ("externalLink externalLinkPath connections queryTable", "attachment-external-link"),
        ("pivotCacheDefinition pivotCacheRecords slicerCache", "attachment-pivot-cache"),
        ("revisionHeaders revisionLog usernames", "attachment-tracked-changes"),
        ("threadedComment", "attachment-comments"),
        ("aFChunk", "attachment-embedded-object"),
    ],
)
def test_relation_tells_whatever_its_part_is_called(inspect_bytes: Inspect, kinds: str, code: str) -> None:
    """A program follows the relation, not the name."""
    for kind in kinds.split():
        found = inspect_bytes("a.docx", _related(kind, "/word/plain.xml"))
        assert code in {one.rule for one in found.findings}, kind


@pytest.mark.parametrize(
    ("kind", "target", "told"),
    [
        ("hyperlink", "https://www.gov.cn/", False),
        ("hyperlink", "HTTP://www.gov.cn/", False),
        ("hyperlink", "mailto:sfj@shili.example", False),
        ("hyperlink", "tel:12348", False),
        ("hyperlink", "#附则", False),
        ("hyperlink", "file:///D:/banfa.docx", True),
        ("hyperlink", "\\\\server\\share\\banfa.docx", True),
        ("hyperlink", "//server/share/banfa.docx", True),
        ("hyperlink", "D:\\banfa.docx", True),
        ("hyperlink", "ftp://server/banfa.docx", True),
        ("hyperlink", "banfa.docx", True),
        ("image", "https://www.shili.example/a.png", True),
        ("attachedTemplate", "https://www.shili.example/a.dotx", True),
    ],
)
def test_relation_outwards_is_told_unless_it_is_a_link_to_the_web(
    inspect_bytes: Inspect, kind: str, target: str, told: bool
) -> None:
    """What is fetched when the file is opened, and what names somebody's disk."""
    found = inspect_bytes("a.docx", _related(kind, target, "External"))
    assert [one.rule for one in found.findings] == ["attachment-external-link"] * told


@pytest.mark.parametrize("written", [ID, "%31" + ID[1:]])
def test_address_of_a_link_is_read(inspect_bytes: Inspect, written: str) -> None:
    """Whoever points at the link sees it."""
    found = inspect_bytes("a.docx", _related("hyperlink", f"https://a.example/?n={written}", "External"))
    assert [one.rule for one in found.findings] == ["resident-id"]


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("anything", "descr title alt string tooltip screenTip displayText display prompt promptTitle error"),
        ("anything", "errorTitle comment userName user"),
        *((tag, "val value name") for tag in ("tag", "alias", "listItem", "listEntry", "statusText", "helpText")),
        *((tag, "val value name") for tag in ("default", "lvlText", "inputCells", "query", "connectString")),
        *((tag, "val value name") for tag in ("entryMacro", "exitMacro")),
        *((tag, "name") for tag in ("cNvPr", "docPr", "bookmarkStart", "scenario", "custShow", "customSheetView")),
    ],
)
def test_words_of_an_attribute_are_read(tag: str, names: str) -> None:
    """Under whatever prefix it is written."""
    for name in names.split():
        assert words_of(tag, {name: "张三"}) == ["张三"], name
        assert words_of(tag, {f"{_W}{name}": "张三"}) == ["张三"], name
        assert words_of(tag, {name: " \n"}) == [], name


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("p", {"val": "张三", "value": "张三", "name": "张三"}),
        ("tag", {"id": "张三"}),
        ("docPr", {"name": "图片 3"}),
        ("docPr", {"id": "张三"}),
        ("bookmarkStart", {"name": "_Toc123456789"}),
    ],
)
def test_what_programs_write_there_is_not_read(tag: str, attributes: dict[str, str]) -> None:
    """Else every picture's number would be a text."""
    assert words_of(tag, attributes) == []


@pytest.mark.parametrize("name", ["图片 3", "1", "一个很长很长很长很长很长很长很长的名称3", "图3张三", f"x{ID}"])
def test_only_a_short_name_with_a_number_is_a_programs(name: str) -> None:
    """A word, then a number: anything longer somebody wrote."""
    assert words_of("docPr", {"name": name}) == ([] if name in ("图片 3", "1") else [name])
