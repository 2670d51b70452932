"""Corpora for benchmarks, made of the real laws in ../shared by its own script; and definitions for any size."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"


def laws(work: Path) -> Path:
    """The unpacked laws."""
    folder = work / "laws"
    if not folder.exists():
        with tarfile.open(SHARED / "corpus" / "laws.tar.xz") as archive:
            for member in archive:
                if (data := archive.extractfile(member)) is not None:  # ``extractall`` is another from 3.11.4 on
                    (work / member.name).parent.mkdir(parents=True, exist_ok=True)
                    (work / member.name).write_bytes(data.read())
    return folder


def corpus(work: Path, items: int, units: int = 20) -> Path:
    """A content folder of that many items, made once."""
    folder = work / f"content-{items}-{units}"
    if not folder.exists():
        script = SHARED / "bench" / "make_corpus.py"
        subprocess.run(
            [
                sys.executable,
                script,
                "--laws",
                laws(work),
                "--items",
                str(items),
                "--units",
                str(units),
                "--out",
                folder,
            ],
            check=True,
        )
    return folder


def definitions(work: Path, units: int) -> Path:
    """A ``sites/`` for a cluster of that many units: the sample's own, or with units added as the corpus names them."""
    if units <= 20:
        return REPOSITORY / "sites"
    folder = work / f"sites-{units}"
    if folder.exists():
        return folder
    (folder / "units").mkdir(parents=True)
    for path in (REPOSITORY / "sites").rglob("*.yml"):
        target = folder / path.relative_to(REPOSITORY / "sites")
        if path.name != "cluster.yml":
            target.write_bytes(path.read_bytes())
    ids = [f"unit-{number:04d}" for number in range(20, units)]
    for number, unit in enumerate(ids, 20):
        (folder / "units" / f"{unit}.yml").write_text(
            f"id: {unit}\nname: 第{number}基层法律服务单位\nshort_name: 第{number}单位\nkind: center\nemblem: 法\n",
            "utf-8",
        )
    cluster = yaml.safe_load((REPOSITORY / "sites" / "cluster.yml").read_text("utf-8"))
    cluster["units"] += ids
    (folder / "cluster.yml").write_text(yaml.safe_dump(cluster, allow_unicode=True, sort_keys=False), "utf-8")
    return folder
