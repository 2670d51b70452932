"""The steps of docs/runbook.md for backup and restore, as they are written there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from generator.build.fs import FileSystem
from generator.deploy.signing import KEY_VARIABLE, save_keys
from generator.errors import DeployRefused
from tests.deploy_support import Workshop, everywhere

MakeWorkshop = Callable[..., Workshop]
ITEMS = {"alpha/notice/a": "甲", "beta/notice/b": "乙"}


def copy(source: Path, target: Path) -> None:
    """``rsync -aH source/ target/``, as the runbook says."""
    subprocess.run(["rsync", "-aH", f"{source}/", f"{target}/"], check=True)


def test_releases_are_restored_and_go_on(make_workshop: MakeWorkshop, tmp_path: Path) -> None:
    """A server that was lost is put back from its backup, and the next deploy and rollback work on it."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.build_site(ITEMS | {"beta/notice/b": "乙二"})
    workshop.deploy()
    served = (workshop.served / "current").resolve().name
    copy(workshop.served, tmp_path / "backup")
    subprocess.run(["chmod", "-R", "u+w", workshop.served], check=True)
    subprocess.run(["rm", "-rf", workshop.served], check=True)
    copy(tmp_path / "backup", workshop.served)
    assert (workshop.served / "current").resolve().name == served
    first, second = sorted((workshop.served / "releases").iterdir())
    assert (first / "public/alpha/notice/a.html").samefile(second / "public/alpha/notice/a.html")
    workshop.build_site(ITEMS | {"beta/notice/b": "乙三"})
    workshop.deploy()
    assert len(list((workshop.served / "releases").iterdir())) == 3


def test_backup_that_holds_a_withdrawn_item_is_cured_by_the_next_deploy(
    make_workshop: MakeWorkshop, tmp_path: Path
) -> None:
    """What a restored backup brings back, the deploy that the runbook asks for destroys."""
    workshop = make_workshop()
    workshop.build_site(ITEMS | {"alpha/notice/canary": "CANARY"})
    workshop.deploy()
    copy(workshop.served, tmp_path / "backup")
    found = subprocess.run(
        f"grep -l 'alpha/notice/canary' {tmp_path}/backup/releases/*/record.json", shell=True, capture_output=True
    )
    assert found.stdout.count(b"record.json") == 1
    workshop.build_site(ITEMS, withheld={"alpha/notice/canary": "withdrawn"})
    workshop.deploy()
    subprocess.run(["chmod", "-R", "u+w", workshop.served], check=True)
    subprocess.run(["rm", "-rf", workshop.served], check=True)
    copy(tmp_path / "backup", workshop.served)
    assert everywhere(workshop.served, "CANARY")
    workshop.deploy()
    assert everywhere(workshop.served, "CANARY") == []


def test_lost_state_folder_costs_nothing_on_a_server(make_workshop: MakeWorkshop) -> None:
    """Records are fetched from the server again; the guard against accidents still works."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    subprocess.run(["rm", "-rf", workshop.state / "releases"], check=True)
    workshop.build_site({"beta/notice/b": "乙"}, withheld={"alpha/notice/a": "void"})
    with pytest.raises(DeployRefused, match="deploy-vanished"):
        workshop.deploy()
    workshop.deploy(confirmed=["alpha/notice/a"])


@pytest.mark.parametrize("text", ["二", "三"], ids=["unchanged", "edited"])
def test_restored_key_signs_as_before_and_a_new_one_takes_over(
    make_workshop: MakeWorkshop, tmp_path: Path, text: str
) -> None:
    """A key file put back works; of a new pair the public half goes into the settings, and nothing need be edited."""
    workshop = make_workshop()
    private, public = tmp_path / "release.key", tmp_path / "release.pub"
    save_keys(FileSystem(), private, public, "")
    workshop.definition = msgspec.structs.replace(workshop.definition, public_key=public)
    workshop.environment[KEY_VARIABLE] = str(private)
    workshop.build_site(ITEMS)
    workshop.deploy()
    backup = private.read_bytes()
    private.unlink()
    private.write_bytes(backup)
    private.chmod(0o600)
    workshop.build_site(ITEMS | {"beta/notice/b": "二"})
    workshop.deploy()
    save_keys(FileSystem(), tmp_path / "release-2.key", tmp_path / "release-2.pub", "")
    workshop.definition = msgspec.structs.replace(workshop.definition, public_key=tmp_path / "release-2.pub")
    workshop.environment[KEY_VARIABLE] = str(tmp_path / "release-2.key")
    workshop.build_site(ITEMS | {"beta/notice/b": text})
    assert workshop.deploy().switched
    assert not workshop.deploy().switched
    from generator.cli import main

    folder = str(workshop.served / "current" / "public")
    assert main(["verify", folder, "--key", str(tmp_path / "release-2.pub")]) == 0
    assert main(["verify", folder, "--key", str(public)]) == 4
