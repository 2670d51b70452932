"""What a deploy remembers of a tree that it has checked never lets another tree pass."""

from __future__ import annotations

import os
import time
from pathlib import Path

import brotli
import pytest

from generator.errors import DeployRefused
from tests.deploy_support import Workshop, cluster

ITEMS = {f"alpha/notice/a{number}": f"内容{number}" for number in range(6)}


def test_file_edited_under_a_remembered_digest_is_refused(tmp_path: Path) -> None:
    """A tree that was checked before is edited, size and time as they were: refused all the same."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS)
    time.sleep(1.1)  # only a file that has lain still is remembered
    workshop.deploy()
    victim = workshop.out / "alpha/notice/a1.html"
    known = (workshop.root / "cache" / "digests.bin").read_bytes()
    assert b"alpha/notice/a1.html" in known
    old = victim.stat()
    victim.write_bytes(victim.read_bytes().swapcase())
    os.utime(victim, ns=(old.st_atime_ns, old.st_mtime_ns))
    with pytest.raises(DeployRefused) as refusal:
        workshop.deploy()
    assert any("deploy-tree-changed" in reason and "a1.html" in reason for reason in refusal.value.reasons)


def test_link_in_the_place_of_a_remembered_file_is_refused(tmp_path: Path) -> None:
    """A link to the very same bytes is no file of the tree, however often it is looked at."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS)
    time.sleep(1.1)
    workshop.deploy()
    victim = workshop.out / "alpha/notice/a1.html"
    victim.rename(tmp_path / "a1.html")
    victim.symlink_to(tmp_path / "a1.html")
    time.sleep(1.1)
    for _ in range(2):
        with pytest.raises(DeployRefused, match="deploy-tree-link"):
            workshop.deploy()


def test_damaged_compressed_file_is_made_anew(tmp_path: Path) -> None:
    """A power cut can leave an empty file in the cache: nobody edited the tree, and the next deploy succeeds."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS)
    workshop.deploy()
    for path in (workshop.root / "cache" / "compressed").rglob("*.br"):
        path.write_bytes(b"")
    workshop.served.rename(workshop.root / "another server")
    with pytest.raises(DeployRefused) as refusal:
        workshop.deploy()
    assert [reason.partition("]")[0] for reason in refusal.value.reasons] == ["[deploy-cache-damaged"]
    workshop.deploy()
    assert (
        brotli.decompress(workshop.served_file("index.html.br").read_bytes())
        == workshop.served_file("index.html").read_bytes()
    )
