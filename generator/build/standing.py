"""The build that has nothing to do, told before anything heavy is loaded. Effects: reads cache, state and tree."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter
from collections.abc import Callable
from subprocess import DEVNULL, PIPE

import msgspec

from generator.build import cache
from generator.build.manifest import MANIFEST_NAME
from generator.build.progress import Timings
from generator.build.report import ReportHead, load_head
from generator.build.result import BuildResult
from generator.build.settings import Settings
from generator.build.unread import Survey, survey
from generator.diagnostics import Diagnostic
from generator.errors import UsageError
from generator.model import Category, Cluster, Unit

OUTCOME = "outcome.bin"
_KEPT = "没有任何输入变化，全部沿用 (no input changed: everything was kept)"


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What one build proved, for the next: the files of its ledger are clean of these fingerprints, but for some."""

    prints_digest: str = ""
    dirty: dict[str, bytes] = {}
    """Paths that hold fingerprints that their own item does not explain, as bytes of keys; empty: unreadable."""
    said: dict[str, tuple[bytes, bytes]] = {}
    """Which items explained those; see ``explaining.Said``."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a build said, to be said again by one that has nothing to do."""

    bound_to: str
    """SHA-256 of the manifest of that build."""
    diagnostics: tuple[Diagnostic, ...]
    published: int
    withheld: dict[str, int]
    proof: Proof


def survey_again(settings: Settings, memory: cache.Memory) -> Survey:
    """The content folder as it stands, under the definitions of the build before."""
    units = tuple(Unit(id=one, name="", short_name="", kind="") for one in memory.head.units)
    categories = tuple(Category(id=one, name="", name_en="") for one in memory.head.categories)
    return survey(settings.content, Cluster(name="", base_url="", units=units, categories=categories))


def survey_early(settings: Settings) -> tuple[Cluster, Survey]:
    """The content folder as it stands, and the definitions by which it was looked at; raises ``ConfigError``."""
    from generator.content.definitions import load_cluster  # only a copy of this process needs it so early

    cluster = load_cluster(settings.sites)
    return cluster, survey(settings.content, cluster)


def survey_unless_seen(settings: Settings, seen: Callable[[], tuple[Cluster, Survey]], cluster: Cluster) -> Survey:
    """What ``survey_early`` saw, unless other units or categories are defined now."""
    before, surveyed = seen()
    return surveyed if _places(before) == _places(cluster) else survey(settings.content, cluster)


def _places(cluster: Cluster) -> tuple[list[str], list[str]]:
    return [unit.id for unit in cluster.units], [category.id for category in cluster.categories]


def unchanged(settings: Settings, memory: cache.Memory, timings: Timings) -> BuildResult | None:
    """The result of a build whose inputs are all what they were; ``None`` when one may not be.

    Configuration, evidence, items and tree were compared by the caller; here the moment is.
    """
    stood = _standing(settings, memory)
    return None if stood is None else _nothing_to_do(stood, memory, timings, settings.explain)


def load_outcome(settings: Settings) -> Outcome | None:
    """What the last build said, if it can be read."""
    try:
        data = cache.unsealed((settings.cache / OUTCOME).read_bytes())
        return None if data is None else msgspec.msgpack.decode(data, type=Outcome)
    except (OSError, msgspec.DecodeError):
        return None


def _standing(settings: Settings, memory: cache.Memory) -> tuple[Outcome, ReportHead] | None:
    """What the build before said, when its tree, report and moment still hold at ``now``."""
    head, outcome = memory.head, load_outcome(settings)
    if outcome is None or head.now is None or settings.now < head.now:
        return None
    if head.next_change_at is not None and settings.now >= head.next_change_at:
        return None
    if head.next_review is not None and settings.now.date() > head.next_review:
        return None
    try:
        report, digest = load_head(settings.state)
        manifest = (settings.out / MANIFEST_NAME).read_bytes()
    except (OSError, UsageError):
        return None
    bound = hashlib.sha256(manifest).hexdigest() == outcome.bound_to == report.manifest_sha256
    bound = bound and digest == head.report and _is_of_commit(settings, report.commit)
    return (outcome, report) if bound and report.audit_passed == (settings.kind == "release") else None


def _is_of_commit(settings: Settings, commit: str) -> bool:
    """Whether the content is of that commit still: of a release the report must name the one that holds its content.

    Where the commit is the same, and so is the content, whether it has changes is the same as well.
    """
    if settings.kind != "release":
        return True
    try:
        asked = subprocess.run(
            ["git", "-C", str(settings.content), "rev-parse", "HEAD"], stdout=PIPE, stderr=DEVNULL, text=True
        )
    except OSError:
        return not commit
    return (asked.stdout.strip() if asked.returncode == 0 else "") == commit.removesuffix("+")


def _nothing_to_do(
    stood: tuple[Outcome, ReportHead], memory: cache.Memory, timings: Timings, explain: str
) -> BuildResult:
    """The result of a build whose inputs are all what they were."""
    outcome, report = stood
    return BuildResult(
        screening=None,
        diagnostics=outcome.diagnostics,
        published=outcome.published,
        withheld=Counter(outcome.withheld),
        kept=len(memory.outputs),
        report=report,
        reason=_KEPT if explain in memory.outputs else "",
        seconds=timings.seconds,
    )
