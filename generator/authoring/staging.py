"""``check --staged``: what is wrong with what is about to be committed. Effects: runs git, reads what is staged.

Content is held to the definitions and the negative list that are staged with it, since those are what the commit
will hold; so are they themselves, and the register of signers.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.authoring.immutable import tampered_in_index
from generator.authoring.versions import merged_heads, staged, staged_folder, staged_items
from generator.build.facts import facts_of
from generator.clearance import records, signatures, withdrawals
from generator.clearance.attachments import inspect
from generator.clearance.inspect.kinds import ALLOWED, extension
from generator.clearance.reasons import reason_fault
from generator.clearance.rules import Rules, load_rules
from generator.clearance.screening import diagnose, scan_name
from generator.clearance.signers import SIGNERS, check_signers
from generator.content.definitions import load_cluster
from generator.content.item import load_item
from generator.content.source import scan
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import AttachmentRef, Cluster, Finding
from generator.search.thesaurus import load_thesaurus

T = TypeVar("T")


def check_staged(
    content: Path, sites: Path, base: str = "HEAD", merged: Sequence[str] | None = None
) -> tuple[Diagnostic, ...]:
    """Everything wrong with what is staged and differs from ``base``.

    Uncleared items too: what is committed stays in the history, whatever its flag says. ``merged`` are the other
    parents of a merge, of which evidence must not be lost either; those of the merge under way by default.
    """
    if merged is None:
        merged = merged_heads(content) if base == "HEAD" else []
    found = list(tampered_in_index(content, base, merged))
    items = staged_items(content, base)
    with staged_folder(sites, base) as (definitions, changed):
        if not changed and not items:
            return in_order(found)
        cluster, rules = _definitions(definitions, found)
        if changed:
            found += _of_sites(definitions, cluster)
        if cluster is not None and rules is not None:
            found += _of_items(content, items, cluster, rules)
    return in_order(found)


def _definitions(sites: Path, found: list[Diagnostic]) -> tuple[Cluster | None, Rules | None]:
    """Definitions and negative list; without either, their faults, which alone refuse the commit."""
    cluster = _collect(found, lambda: load_cluster(sites))
    return cluster, _collect(found, lambda: load_rules(sites, cluster)) if cluster else None


def _of_sites(sites: Path, cluster: Cluster | None) -> Iterable[Diagnostic]:
    """Faults of what stands beside definitions and negative list."""
    found: list[Diagnostic] = []
    _collect(found, lambda: load_thesaurus(sites))
    signers = sites / SIGNERS
    if signers.is_file():
        found += check_signers(signers.read_bytes())
    elif cluster is not None and any(unit.clearance == "signed" for unit in cluster.units):
        found.append(diagnostic("signers-missing", f"sites/{SIGNERS}"))
    return found


def _of_items(content: Path, items: Iterable[str], cluster: Cluster, rules: Rules) -> Iterable[Diagnostic]:
    if not items:
        return []
    with staged(content, items) as folder:
        tree = scan(folder, cluster)
        found = list(tree.diagnostics)
        read: set[str] = set()
        for source in tree.items:
            facts, _, _ = facts_of(folder, rules, source, load_item(folder, source, cluster))
            found += (*facts.diagnostics, *diagnose(facts.findings, facts.item))
            read |= {source.path, *(f"{source.id}/{one.name}" for one in facts.attachments)}
        found += _of_others(folder, read, rules)
    return found


def _of_others(folder: Path, read: Container[str], rules: Rules) -> Iterator[Diagnostic]:
    """Personal data and marks in files that no item names: they never leave, but the history keeps them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in read or path.is_symlink() or not path.is_file():
            continue
        if (evidence := _evidence(path, name)) is not None:
            yield from _of_reason(evidence, rules)
            continue
        yield from diagnose(_in_names(name, rules))
        known = path.name if extension(path.name) in ALLOWED else f"{path.name}.txt"
        ref = AttachmentRef(name=known, safe_name=known, title="", line=0, column=0)
        findings = inspect(path, ref, content_path=f"content/{name}", rules=rules).findings
        told = (one for one in findings if not one.rule.startswith("attachment-"))
        yield from diagnose(msgspec.structs.replace(one, attachment=path.name) for one in told)


def _in_names(name: str, rules: Rules) -> Iterator[Finding]:
    """What stands in the name of a file, or of a folder that it lies in: told at the folder around, and masked."""
    parts = name.split("/")
    plan = rules.plan(parts[0], parts[1] if len(parts) > 1 else "")
    for depth, part in enumerate(parts):
        for hit in scan_name(part, plan, rules.allowed):
            yield Finding(
                rule=hit.rule.id,
                severity=hit.severity,
                path="/".join(("content", *parts[:depth])),
                line=0,
                column=0,
                masked=hit.match.masked,
                digest=hit.digest,
                attachment=part[: hit.match.start] + hit.match.masked + part[hit.match.end :],
                place="文件名",
                secrecy=hit.secrecy,
            )


def _evidence(path: Path, name: str) -> records.Record | withdrawals.Withdrawal | str | None:
    """A record, a withdrawal or a signature, and not only what is called so: those name persons by right."""
    folder = name.split("/")[-2] if name.count("/") == 2 else ""
    if folder not in (records.FOLDER, withdrawals.FOLDER):
        return None
    raw = path.read_bytes()
    if name.endswith(".sig"):
        return name if signatures.is_signature(raw) else None
    parsed: records.Record | withdrawals.Withdrawal | tuple[Diagnostic, ...]
    if folder == records.FOLDER:
        parsed = records.parse_record(raw, f"content/{name}")
    else:
        parsed = withdrawals.parse_withdrawal(raw, f"content/{name}")
    return None if isinstance(parsed, tuple) else parsed


def _of_reason(evidence: records.Record | withdrawals.Withdrawal | str, rules: Rules) -> Iterator[Diagnostic]:
    """What a tombstone must not show: it can still be put otherwise, once it is committed it cannot."""
    if isinstance(evidence, withdrawals.Withdrawal) and (fault := reason_fault(evidence, rules, "error")):
        yield fault


def _collect(found: list[Diagnostic], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        found += error.diagnostics
        return None
