"""Attachments: a file and its reference → ``Inspection``; and what is published of it.

Effects: reads the file; ``publish`` writes to the stream it is given. Removable
metadata (authors, EXIF, revisions) is left out on the way to the public tree; what
is hidden blocks, since taking it out would be an edit that nobody approved. A file
that cannot be understood is blocked, never passed.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from generator.clearance.inspect.found import Budget, Contents, Counter, Hidden, Limits, Refused
from generator.clearance.inspect.kinds import extension
from generator.clearance.recognise import weigh, weigh_length
from generator.clearance.rules import Rules
from generator.clearance.screening import scan
from generator.errors import UsageError
from generator.model import AttachmentFacts, AttachmentRef, Finding

_BLOCK = 1 << 20


class Inspection(Struct, frozen=True, kw_only=True):
    """All that may be known of one attachment."""

    facts: AttachmentFacts
    findings: tuple[Finding, ...]
    text: str
    """Everything readable in it, hidden or not."""
    strip: str | None = None
    """How the published bytes are derived from the source's: ``publish`` knows; ``None``: they are the same."""
    steady: bool = True
    """Whether another look at the same file would find the same: it could be read, and nobody wrote to it meanwhile."""


def inspect(
    path: Path, ref: AttachmentRef, *, content_path: str, rules: Rules, limits: Limits | None = None
) -> Inspection:
    """Inspect the file at ``path`` that the item at ``content_path`` names.

    Never raises for what is in the file: whatever cannot be read or is not allowed
    becomes a finding that blocks. Raises ``UsageError`` when a library that reads it is not installed.
    """
    contents, limits = Contents(), limits or Limits()
    reading = _Reading()
    refusal: Hidden | None = None
    try:
        with path.open("rb") as file:
            try:
                _read(file, ref.name, contents, reading, limits)
            finally:
                reading.steady = not reading.source or _digest(file) == reading.source
    except FileNotFoundError:
        refusal = Hidden("attachment-absent")
    except OSError as error:
        refusal = Hidden("attachment-unreadable")
        reading.steady = reading.steady and error.errno is None  # else it is the disk's, not that of a parser
    except Refused as refused:
        refusal = Hidden(refused.rule, refused.place)
    except ModuleNotFoundError as error:
        # An incomplete installation is the operator's fault: no author can mend it by saving the file anew.
        raise UsageError(
            f"缺少软件包 {error.name}，请重新运行 make build。 The package {error.name} is missing."
        ) from error
    except Exception:
        # Fail closed: parsers of five formats meet hostile bytes here, and a way to fail that
        # nobody foresaw must block the one attachment instead of ending the build or passing.
        refusal = Hidden("attachment-unreadable")
    if not reading.steady:  # what was found, and what was digested, may be of different files
        reading.source = reading.published = ""
        refusal = refusal or Hidden("attachment-unreadable")
    heavy = _is_heavy(contents, limits)
    findings, whole = _findings(contents, ref, content_path, rules, reading.source, 0 if heavy else limits.hits)
    if not whole:
        refusal = refusal or Hidden("attachment-refused-large")
    if refusal is not None:
        # Without the file's digest no exemption can name it: nobody may permit what nobody could read.
        findings = (_hidden(refusal, ref, content_path, ""), *findings)
    return Inspection(
        facts=_facts(ref, contents, reading),
        findings=findings,
        text="\n".join(segment.text for segment in contents.segments if segment.shown),
        strip=reading.strip,
        steady=reading.steady,
    )


def _facts(ref: AttachmentRef, contents: Contents, reading: _Reading) -> AttachmentFacts:
    return AttachmentFacts(
        name=ref.name,
        safe_name=ref.safe_name,
        title=ref.title,
        kind=extension(ref.name),
        size=reading.size,
        sha256=reading.source,
        published_sha256=reading.published,
        stripped=reading.strip is not None,
        readable=contents.readable,
        removed=tuple(sorted(contents.removable)) if reading.strip is not None else (),
        width=contents.width,
        height=contents.height,
    )


class _Reading(Struct):
    """What is known of a file's bytes, as far as reading got."""

    size: int = 0
    source: str = ""
    published: str = ""
    strip: str | None = None
    steady: bool = False


def _read(file: BinaryIO, name: str, contents: Contents, reading: _Reading, limits: Limits) -> None:
    """Read the file once for its digest, once for its contents, once for what is published of it."""
    # Most items have no attachments: readers of a dozen formats are loaded for those that do.
    from generator.clearance.inspect.opened import inspect_stream, way_of_stripping, write_stripped

    reading.size = file.seek(0, io.SEEK_END)
    if reading.size > limits.file:
        raise Refused("attachment-refused-large")
    reading.source = reading.published = _digest(file)
    kind = inspect_stream(file, name, contents, Budget(limits))
    strip = way_of_stripping(kind, contents)
    if strip is not None:
        sink = Counter()
        write_stripped(file, sink, kind, Budget(limits))
        reading.published, reading.size, reading.strip = sink.digest.hexdigest(), sink.size, strip


def _is_heavy(contents: Contents, limits: Limits) -> bool:
    """Whether to look through the text would take too long; nobody looks through it then."""
    texts = [segment.text for segment in contents.segments]
    return sum(map(weigh_length, texts)) > limits.text or sum(map(weigh, texts)) > limits.text


def publish(path: Path, out: BinaryIO, *, stripped: bool) -> None:
    """Write the bytes that are published of an inspected file, in pieces.

    ``stripped`` is ``AttachmentFacts.stripped``. The same source always gives the
    same bytes; their SHA-256 is ``published_sha256``.
    """
    with path.open("rb") as file:
        if stripped:
            from generator.clearance.inspect.opened import write_stripped

            write_stripped(file, out, extension(path.name), Budget(Limits()))
        else:
            while block := file.read(_BLOCK):
                out.write(block)


def stripped_bytes(path: Path) -> bytes:
    """The published bytes of a file from which something is removed."""
    out = io.BytesIO()
    publish(path, out, stripped=True)
    return out.getvalue()


def stripped_unless_changed(path: Path, sha256: str) -> bytes | None:
    """The same; ``None`` when it cannot be read and is not the file any more that was inspected, of this digest."""
    try:
        return stripped_bytes(path)
    except OSError:
        raise
    except Exception:  # parsers fail in ways nobody foresees, of a file that somebody is writing to
        if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            raise
        return None


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _findings(
    contents: Contents, ref: AttachmentRef, content_path: str, rules: Rules, source: str, most: int
) -> tuple[tuple[Finding, ...], bool]:
    """What blocks or warns, and whether that is all: ``most`` hits are looked at, and for none no text at all."""
    unit, category = _place(content_path)
    plan = rules.plan(unit, category).for_attachments()
    found = [_hidden(one, ref, content_path, source) for one in contents.hidden]
    worst: dict[tuple[str, str], Finding] = {}
    left = most
    for segment in contents.segments if most else ():
        place_of = lru_cache(maxsize=1)(segment.places)
        for hit in scan(segment.text, plan, rules.allowed, name=segment.name):
            if not left:
                return (*found, *worst.values()), False
            left -= 1
            same = (hit.rule.id, hit.digest)
            severity = hit.severity if not segment.removed or hit.secrecy else "warn"
            # What is doubtful in an address, or goes with the metadata, may stand in the text as well.
            if same in worst and (severity == "warn" or worst[same].severity == "block"):
                continue
            worst[same] = Finding(
                rule=hit.rule.id,
                severity=severity,
                path=content_path,
                line=ref.line,
                column=ref.column,
                masked=hit.match.masked,
                digest=hit.digest,
                attachment=ref.name,
                place=place_of()(hit.match.start),
                secrecy=hit.secrecy,
            )
    return (*found, *worst.values()), most > 0 or not contents.segments


def _hidden(one: Hidden, ref: AttachmentRef, content_path: str, source: str) -> Finding:
    return Finding(
        rule=one.rule,
        severity=one.severity,
        path=content_path,
        line=ref.line,
        column=ref.column,
        masked=one.rule,
        digest=hashlib.sha256(f"{one.rule}\n{one.place}\n{source}".encode()).hexdigest() if source else "",
        attachment=ref.name,
        place=one.place,
    )


def _place(content_path: str) -> tuple[str, str]:
    parts = content_path.removeprefix("content/").split("/")
    return parts[0], parts[1] if len(parts) > 1 else ""


__all__ = ["Inspection", "Limits", "inspect", "publish", "stripped_bytes", "stripped_unless_changed"]
