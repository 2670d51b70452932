"""Files that an item may name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.inspect import kinds
from generator.content.attachments import ACTIVE, DOCUMENTS, IMAGES, collisions, refer, safe_name
from generator.diagnostics import Diagnostic
from generator.model import AttachmentRef
from tests.unit.content.content_makers import make_source


def name(written: str, *files: str, bundle: bool = False) -> str:
    """The file that is named, or the code of the fault."""
    found = refer(written, make_source(*files, bundle=bundle))
    return found.code if isinstance(found, Diagnostic) else found.name


@pytest.mark.parametrize("written", ["b.pdf", "./b.pdf", "a/b.pdf", "./a/b.pdf"])
def test_beside_a_file_the_folder_may_be_written(written: str) -> None:
    """Next to ``a.md`` the files lie in ``a/``; Markdown editors write that, people do not."""
    assert name(written, "b.pdf") == "b.pdf"


def test_inside_a_bundle_a_folder_of_that_name_is_a_folder() -> None:
    """In ``a/index.md``, ``a/b.pdf`` is a file in a folder ``a`` of the bundle."""
    assert name("a/b.pdf", "a/b.pdf", "b.pdf", bundle=True) == "a/b.pdf"
    assert name("b.pdf", "a/b.pdf", "b.pdf", bundle=True) == "b.pdf"


def test_name_is_found_in_either_normal_form() -> None:
    """macOS writes names decomposed; the name on disk is kept, to open it."""
    assert name("\u00e9.pdf", "e\u0301.pdf") == "e\u0301.pdf"


@pytest.mark.parametrize(
    "written",
    [
        "../b.pdf",
        "a/../../b.pdf",
        "/b.pdf",
        "~/b.pdf",
        "C:\\b.pdf",
        "C:b.pdf",
        "..\\b.pdf",
        "file:///b.pdf",
        "//h/b.pdf",
    ],
)
def test_names_cannot_leave_the_folder(written: str) -> None:
    """Parents, absolute paths, drives and addresses are refused before anything is looked for."""
    assert name(written, "b.pdf") == "attachment-outside"


def test_active_kinds_are_refused_whatever_the_case() -> None:
    """Nothing that a browser runs is published, and no kind is allowed and refused at once."""
    assert {name(f"b.{kind.upper()}", f"b.{kind.upper()}") for kind in ACTIVE} == {"attachment-active"}
    assert not ACTIVE & (DOCUMENTS | IMAGES)
    assert name("b.pdf.html", "b.pdf.html") == "attachment-active"
    assert name("b.html.", "b.html.") == "attachment-type"
    assert name("index.md", "index.md", bundle=True) == "attachment-type"


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("申请表.docx", "申请表.docx"),
        ("附件 1：申请表（样式）.DOCX", "附件-1-申请表-样式.docx"),
        ("../../etc/passwd.pdf", "etc-passwd.pdf"),
        ("a.tar.zip", "a-tar.zip"),
        ("-.pdf", "file.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        ("a\u202efdp.pdf", "a-fdp.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("长" * 100 + ".pdf", "长" * 50 + ".pdf"),
        ("<script>.pdf", "script.pdf"),
        ("100%.pdf", "100.pdf"),
    ],
)
def test_safe_names_are_readable(written: str, published: str) -> None:
    """Letters stay, whatever an address or a disk could stumble over becomes a hyphen."""
    assert safe_name(written) == published


@given(st.text(min_size=1, max_size=60), st.sampled_from(["pdf", "PNG", "Docx"]))
def test_safe_names_are_safe_and_stable(stem: str, kind: str) -> None:
    """One part, one dot, nothing to escape but letters; and safe names stay as they are."""
    safe = safe_name(f"{stem}.{kind}")
    inside, _, extension = safe.rpartition(".")
    assert extension == kind.lower()
    assert inside
    assert all(c.isalnum() or c in "-_" for c in inside)
    assert not safe.startswith("-")
    assert len(safe.encode()) < 200
    assert safe_name(safe) == safe


def test_collisions_are_found_by_published_name_and_case() -> None:
    """Two files that would share an address are a fault at the second; one file named twice is none."""
    first = AttachmentRef(name="A 1.pdf", safe_name="A-1.pdf", title="")
    again = AttachmentRef(name="A 1.pdf", safe_name="A-1.pdf", title="", line=3)
    second = AttachmentRef(name="a-1.pdf", safe_name="a-1.pdf", title="", line=4, column=2)
    found = list(collisions([first, again, second], make_source()))
    assert [(one.code, one.line, one.column) for one in found] == [("attachment-collides", 4, 2)]


def test_what_may_be_named_may_be_published() -> None:
    """No kind is promised in front matter that every inspection would refuse, nor one refused that it can read."""
    assert IMAGES == kinds.IMAGES
    assert DOCUMENTS | IMAGES == kinds.ALLOWED
