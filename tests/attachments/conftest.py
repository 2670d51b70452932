"""What the tests of attachments share: rules, and a way to inspect bytes under a name."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest

from generator.clearance.attachments import Inspection, inspect
from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rule import Rule
from generator.clearance.rules import Rules, make_rules
from generator.model import AttachmentRef, Category, Cluster, Unit
from tests.attachments.inspecting import Inspect

CLUSTER = Cluster(
    name="示例",
    base_url="https://a.example/",
    units=(Unit(id="sfj", name="示例局", short_name="局", kind="bureau"),),
    categories=(Category(id="notice", name="通知", name_en="Notices"),),
)


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Every recogniser but the one for any list of names."""
    return make_rules(
        "1",
        [
            Rule(id=name, kind="recogniser", basis="试", severity="block", review=date(2030, 1, 1), recogniser=name)
            for name in RECOGNISERS
            if name != "name-list"
        ],
        CLUSTER,
    )


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Openpyxl writes sheets to a temporary file first."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def inspect_bytes(tmp_path: Path, rules: Rules) -> Inspect:
    """Inspect bytes as the attachment of that name."""

    def run(name: str, data: bytes) -> Inspection:
        path = tmp_path / name
        path.write_bytes(data)
        ref = AttachmentRef(name=name, safe_name=name, title="附件", line=5, column=5)
        return inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules)

    return run
