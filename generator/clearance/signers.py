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
PATTERN = "signers-pattern"
AUTHORITY = "signers-authority"
ANYBODY = frozenset({PATTERN, AUTHORITY})
"""Faults for which no signature is believed, since one key may sign for persons whom nobody entered."""
_SIGNER = re.compile(
    r'(?P<who>"[^"]+"|[^\s"]+)[ \t]+'
    r'(?:(?:[^\s"]|"[^"]*")+[ \t]+)?'  # options
    r"(?P<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)[ \t]+(?P<data>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)
_WILD = frozenset("*?!")
_CERTIFIES = "cert-authority"
_BLANK = " \t\r"
"""What ``ssh-keygen`` passes over before a name. With a wider space before it, ``#`` begins a name and no comment."""


def check_signers(raw: bytes) -> tuple[Diagnostic, ...]:
    """Bytes that no name is found by, lines that hold no public key with a name before it, and those of patterns
    or of an authority.

    ``ssh-keygen`` takes ``*`` for every name: whoever holds that key could sign for anybody. With ``cert-authority``,
    whoever holds that key makes as many keys for the names as he likes. Line ends of Windows do no harm.
    """
    decoded = decode(raw, PATH, limit=_MAX_BYTES)
    found = [one for one in decoded.diagnostics if one.code != "line-ends-crlf"]
    # ``ssh-keygen`` reads all of the bytes, whatever they are, and knows one end of a line.
    for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), start=1):
        line = line.strip(_BLANK)
        if not line or line.startswith("#"):
            continue
        match = _SIGNER.fullmatch(line)
        # Where the name ends is not for us to say of a line that is none of ours.
        who = line if match is None else match["who"]
        if not _WILD.isdisjoint(who):
            found.append(diagnostic(PATTERN, PATH, number))
        elif _CERTIFIES in line.lower():  # wherever: quotes that we read otherwise than ``ssh-keygen`` would hide it
            found.append(diagnostic(AUTHORITY, PATH, number))
        elif decoded.readable and (match is None or not _holds_key(match)):
            found.append(diagnostic("signers-line", PATH, number))
    return tuple(found)


def _holds_key(match: re.Match[str]) -> bool:
    try:
        blob = base64.b64decode(match["data"], validate=True)
    except binascii.Error:
        return False
    kind = match["type"].encode()
    return blob[:4] == len(kind).to_bytes(4, "big") and blob[4 : 4 + len(kind)] == kind and len(blob) > len(kind) + 4
