"""``check --staged``: what is wrong with what is about to be committed. Effects: runs git, reads what is staged.

Content is held to the definitions and the negative list that are staged with it, since those are what the commit
will hold; so are they themselves, and the register of signers.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.authoring.immutable import tampered_in_index
from generator.authoring.versions import staged, staged_folder, staged_items
from generator.build.facts import facts_of
from generator.clearance import records, withdrawals
from generator.clearance.attachments import inspect
from generator.clearance.evidence import SIGNERS
from generator.clearance.inspect.kinds import ALLOWED, extension
from generator.clearance.rules import Rules, load_rules
from generator.clearance.screening import diagnose
from generator.content.definitions import load_cluster
from generator.content.item import load_item
from generator.content.source import scan
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import AttachmentRef, Cluster
from generator.search.thesaurus import load_thesaurus

T = TypeVar("T")

_SIGNER = re.compile(
    r'(?:"[^"]+"|[^\s"]+)[ \t]+'  # who
    r'(?:(?:[^\s"]|"[^"]*")+[ \t]+)?'  # options
    r"(?P<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)[ \t]+(?P<data>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)


def check_staged(content: Path, sites: Path, base: str = "HEAD") -> tuple[Diagnostic, ...]:
    """Everything wrong with what is staged and differs from ``base``.

    Uncleared items too: what is committed stays in the history, whatever its flag says.
    """
    found = list(tampered_in_index(content, base))
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
        found += check_signers(signers.read_text("utf-8", "replace"))
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
        if name in read or path.is_symlink() or not path.is_file() or _is_evidence(name):
            continue
        known = path.name if extension(path.name) in ALLOWED else f"{path.name}.txt"
        ref = AttachmentRef(name=known, safe_name=known, title="", line=0, column=0)
        findings = inspect(path, ref, content_path=f"content/{name}", rules=rules).findings
        told = (one for one in findings if not one.rule.startswith("attachment-"))
        yield from diagnose(msgspec.structs.replace(one, attachment=path.name) for one in told)


def _is_evidence(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 3 and parts[1] in (records.FOLDER, withdrawals.FOLDER) and name.endswith((".yml", ".sig"))


def check_signers(text: str) -> list[Diagnostic]:
    """Lines of the register of signers that hold no public key with a name before it."""
    return [
        diagnostic("signers-line", f"sites/{SIGNERS}", number)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#") and not _is_signer(line.strip())
    ]


def _is_signer(line: str) -> bool:
    match = _SIGNER.fullmatch(line)
    if match is None:
        return False
    try:
        blob = base64.b64decode(match["data"], validate=True)
    except binascii.Error:
        return False
    kind = match["type"].encode()
    return blob[:4] == len(kind).to_bytes(4, "big") and blob[4 : 4 + len(kind)] == kind and len(blob) > len(kind) + 4


def _collect(found: list[Diagnostic], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        found += error.diagnostics
        return None
