"""The register of signers, ``sites/allowed_signers``: bytes → what ``ssh-keygen`` would not find in it. Pure."""

from __future__ import annotations

import base64
import binascii
import re

from generator.content.decoding import decode
from generator.diagnostics import Diagnostic, diagnostic

SIGNERS = "allowed_signers"
PATH = f"sites/{SIGNERS}"
_MAX_BYTES = 4 * 1024 * 1024
_SIGNER = re.compile(
    r'(?:"[^"]+"|[^\s"]+)[ \t]+'  # who
    r'(?:(?:[^\s"]|"[^"]*")+[ \t]+)?'  # options
    r"(?P<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)[ \t]+(?P<data>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)


def check_signers(raw: bytes) -> tuple[Diagnostic, ...]:
    """Bytes that no name is found by, and lines that hold no public key with a name before it.

    Line ends of Windows do no harm.
    """
    decoded = decode(raw, PATH, limit=_MAX_BYTES)
    found = [one for one in decoded.diagnostics if one.code != "line-ends-crlf"]
    if decoded.readable:
        found += [
            diagnostic("signers-line", PATH, number)
            for number, line in enumerate(decoded.text.splitlines(), start=1)
            if line.strip() and not line.lstrip().startswith("#") and not _is_signer(line.strip())
        ]
    return tuple(found)


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
