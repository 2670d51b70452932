"""One fresh house for each scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leaks.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
