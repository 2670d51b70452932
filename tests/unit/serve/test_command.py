"""``serve`` as it is typed: with what the preview is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.build.settings import Settings
from generator.cli import main
from generator.errors import ExitCode
from generator.serve import session as module
from tests.build.cluster import SmallCluster


@pytest.mark.parametrize(("options", "out"), [((), "preview"), (("--out", "anders"), "anders")])
def test_preview_has_a_folder_of_its_own(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    out: str,
) -> None:
    """What is not cleared is never built where a release is; and it says on which machine it can be seen.

    A blank ends the address: a terminal that makes it a link takes any other sign for a part of it.
    """
    monkeypatch.chdir(SmallCluster(tmp_path).root)
    made: list[Settings] = []

    class Noted:
        polling, address = False, "http://127.0.0.1:1/"

        def __init__(self, settings: Settings, *_: Any) -> None:
            made.append(settings)

        def run(self, ready: Callable[[], None]) -> None:
            ready()

        def stop(self) -> None:
            raise NotImplementedError

    monkeypatch.setattr(module, "Session", Noted)
    assert main(["serve", *options]) == ExitCode.FINE
    assert "http://127.0.0.1:1/" in capsys.readouterr().out.split()[0].partition("：")[2:]
    (settings,) = made
    assert (settings.kind, settings.out) == ("preview", Path(out))
    assert not Path("public").exists()
