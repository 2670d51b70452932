"""generator.build.configuration: the files of definitions and theme."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.build.pipeline import check
from generator.errors import ConfigError
from tests.build.cluster import SmallCluster

GBK = "\u4e2d".encode("gbk")
PLACES = {
    "a unit": b"sites/units/%b.yml",
    "a template": b"themes/default/templates/%b.html",
    "an asset": b"themes/default/assets/%b.css",
    "a folder": b"themes/default/assets/%b/a.css",
}


@pytest.mark.parametrize("place", PLACES)
def test_names_that_are_no_utf8_are_faults(tmp_path: Path, place: str) -> None:
    """As archives leave them, made where file names are GBK; a check says so like a build."""
    cluster = SmallCluster(tmp_path)
    cluster.build()
    path = os.path.join(os.fsencode(tmp_path), PLACES[place] % GBK)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"a")
    for said in (cluster.build, lambda: check(cluster.settings())):
        with pytest.raises(ConfigError) as refused:
            said()
        (fault,) = refused.value.diagnostics
        assert (fault.code, os.fsencode(fault.path)) == ("name-encoding", PLACES[place] % GBK)
    os.unlink(path)
    assert cluster.build().diagnostics == ()
