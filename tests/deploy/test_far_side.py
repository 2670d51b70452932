"""The far side looks at the whole of what it holds; where it cannot, nothing passes for verified."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import GeneratorError
from tests.deploy_support import Workshop, cluster, site

MakeWorkshop = Callable[..., Workshop]
ITEMS = {"alpha/notice/a": "内容"}


@pytest.mark.parametrize("tool", ["split", "stdbuf", "find"])
def test_check_that_cannot_be_made_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """A server without one of the tools gets no release, whatever else works there."""
    workshop = Workshop(tmp_path / "workshop", cluster())
    workshop.build_site(ITEMS)
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).iterdir() if Path(folder).is_dir() else []:
            if program.name != tool and not (tools / program.name).is_symlink():
                (tools / program.name).symlink_to(program)
    assert shutil.which(tool, path=str(tools)) is None
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(GeneratorError) as refusal:
        workshop.deploy()
    assert not (workshop.served / "current").exists(), refusal.value
    monkeypatch.undo()
    workshop.deploy()
    assert workshop.served_file("index.html").read_bytes() == site(ITEMS)["index.html"]


def test_file_planted_on_the_server_is_named_and_removed(make_workshop: MakeWorkshop) -> None:
    """A file that no release holds does not pass from release to release, and stops none."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    folder = workshop.served_file("alpha")
    folder.chmod(0o755)
    (folder / "planted.html").write_text("x", "utf-8")
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    assert any("deploy-tampered" in line and "alpha/planted.html" in line for line in workshop.said)
    assert not workshop.served_file("alpha/planted.html").exists()


def test_deploying_the_same_tree_removes_what_was_planted(make_workshop: MakeWorkshop) -> None:
    """Nothing to release does not mean that nothing is looked at."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    folder = workshop.served_file("alpha")
    folder.chmod(0o755)
    (folder / "planted.html").symlink_to("index.html")
    workshop.deploy()
    assert not workshop.served_file("alpha/planted.html").is_symlink()
