"""A project of two units in a git repository, built and released by the real commands."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import yaml

from generator.cli import main
from tests.conftest import REPOSITORY
from tests.deploy_support import RULES

BODY = "本件依法主动公开，全文如下，供社会公众查阅。\n\n经办机构应当自收到申请之日起五个工作日内答复。\n"


class Project:
    """``content sites themes public`` in a folder of their own; ``run`` types a command there."""

    def __init__(self, root: Path, *, own_host: str | None = None) -> None:
        self.root = root
        self.served = root / "released"
        self.now = datetime(2026, 11, 2, 9, 0)
        self.themes = REPOSITORY / "themes"
        sites = root / "sites"
        (sites / "units").mkdir(parents=True)
        definition = yaml.safe_load((REPOSITORY / "sites/cluster.yml").read_text("utf-8"))
        definition |= {"units": ["sfj", "jyglj"], "theme_options": {}, "base_url": "https://www.shi.example/"}
        (sites / "cluster.yml").write_text(yaml.safe_dump(definition, allow_unicode=True), "utf-8")
        for unit in ("sfj", "jyglj"):
            text = (REPOSITORY / f"sites/units/{unit}.yml").read_text("utf-8")
            if unit == own_host:
                text = text.replace("host: null", f"host: https://{unit}.shi.example/")
            (sites / "units" / f"{unit}.yml").write_text(text, "utf-8")
        (sites / "negative-list.yml").write_text(RULES, "utf-8")
        for name in ("categories.yml", "thesaurus.yml"):
            (sites / name).write_bytes((REPOSITORY / "sites" / name).read_bytes())
        (sites / "deploy.yml").write_text(
            "deletion_cap: 100\ntargets:\n  local: {kind: local, path: released}\n", "utf-8"
        )
        (root / ".gitignore").write_text("public/\nreleased/\nstate/\ncache/\n", "utf-8")
        self.git("init", "--quiet", "--initial-branch", "main")

    def write(self, item: str, *, body: str = BODY, cleared: str = "true", **front: str) -> None:
        """Write an item; ``front`` are further lines of its front matter."""
        unit, category, slug = item.split("/")
        lines = {
            "title": f"关于{slug}的公告",
            "date": "2026-10-01",
            "unit": unit,
            "category": category,
            "confidentiality_cleared": cleared,
            **front,
        }
        path = self.root / "content" / unit / category / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{key}: {value}\n" for key, value in lines.items())
        path.write_text(f"---\n{text}---\n\n{body}\n办理事项：{slug}。\n", "utf-8")  # no two bodies alike

    def remove(self, item: str) -> None:
        """Delete an item's source."""
        (self.root / "content" / f"{item}.md").unlink()

    def commit(self, message: str = "content") -> str:
        """Commit everything; gives the commit."""
        self.git("add", "--all")
        self.git("-c", "user.name=x", "-c", "user.email=x@example", "commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def with_own_theme(self) -> Path:
        """Let the themes stand, committed, in the project's own repository; gives their folder."""
        self.themes = self.root / "themes"
        shutil.copytree(REPOSITORY / "themes", self.themes)
        self.commit("theme")
        return self.themes

    def forget_history(self) -> None:
        """Let there be no repository any more."""
        shutil.rmtree(self.root / ".git")

    def git(self, *arguments: str) -> str:
        """Run git in the project."""
        done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    def run(self, *arguments: str, folders: Mapping[str, str] = {}) -> int:
        """Type a command with the project's folders and time; gives the exit status."""
        places = {
            "--content": "content",
            "--sites": "sites",
            "--out": "public",
            "--cache": "cache",
            "--state": "state",
        }
        paths = [part for name, place in places.items() for part in (name, str(self.root / place))]
        themes = ["--themes", str(self.themes)]
        now = [] if arguments[0] == "releases" else ["--now", self.now.isoformat()]
        return main([*arguments, *paths, *themes, *now])

    def release(self) -> None:
        """Build and deploy; both must be fine."""
        assert self.run("build", "--jobs", "1") == 0
        assert self.run("deploy", "--jobs", "1") == 0

    def page(self, path: str) -> Path:
        """A file of the release that is served."""
        return self.served / "current" / "public" / path

    def releases(self) -> list[str]:
        """The ids of the releases that stand on the target."""
        return sorted(path.name for path in (self.served / "releases").iterdir())
