"""Signatures of clearance records: OpenSSH keys, as ``ssh-keygen -Y sign`` makes them.

Each of the four persons signs the record's bytes (LF line ends); the signature lies
beside the record as ``<record>.<role>.sig``. ``sites/allowed_signers`` says which key
is whose: the principal is the name that the record gives. Effects: runs ``ssh-keygen``.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from generator.clearance.records import ROLES, Record, canonical_bytes
from generator.errors import UsageError

NAMESPACE = "mingtang-clearance"
_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\s[A-Za-z0-9+/=\s]+-----END SSH SIGNATURE-----\s*")
_GOOD = re.compile(r"^Good .* with \S+ key (SHA256:\S+)\s*$", re.MULTILINE)


def signature_name(record_name: str, role: str) -> str:
    """The file beside the record that holds the role's signature."""
    return f"{record_name.removesuffix('.yml')}.{role}.sig"


def is_signature(raw: bytes) -> bool:
    """Whether a file holds a signature and nothing else; whose it is, and whether it holds, is not asked."""
    return _ARMOUR.fullmatch(raw) is not None


def verify_record(
    record: Record,
    files: Mapping[str, bytes],
    signers: Path,
    verified: Mapping[str, str],
    outcome: dict[str, str],
) -> Record:
    """The record with the roles whose signatures hold.

    ``verified`` gives earlier outcomes, ``outcome`` takes those of this run; both by the
    digest of the allowed signers, the record, the signature, the person and the day.
    """
    signers_digest = hashlib.sha256(signers.read_bytes()).hexdigest()
    raw = canonical_bytes(files[record.path])
    keys: dict[str, str] = {}
    for role in ROLES:
        signature = files.get(signature_name(record.path, role))
        if signature is None:
            continue
        step = record.steps[role]
        day = step.date.strftime("%Y%m%d")
        bound = (signers_digest.encode(), raw, signature, step.by.encode(), day.encode())
        key = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in bound)).hexdigest()
        outcome[key] = verified[key] if key in verified else verify(raw, signature, signers, step.by, day)
        if outcome[key]:
            keys[role] = outcome[key]
    return msgspec.structs.replace(record, signed_by=keys)


def verify(raw: bytes, signature: bytes, signers: Path, person: str, day: str) -> str:
    """The fingerprint of the key with which ``person`` signed ``raw``; empty when the signature does not hold.

    ``day`` (YYYYMMDD) is when the person acted: a key need have been valid then, not today.
    """
    with tempfile.TemporaryDirectory(prefix="mingtang-") as folder:
        path = Path(folder, "signature")
        path.write_bytes(canonical_bytes(signature))
        command = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-n", NAMESPACE, "-s", str(path)]
        command += ["-I", person, f"-Overify-time={day}120000"]
        done = _run(command, raw)
    match = _GOOD.search(done.stdout.decode("utf-8", "replace"))
    return match[1] if done.returncode == 0 and match else ""


def sign(raw: bytes, key: Path) -> bytes:
    """Sign a record's bytes with an OpenSSH private key (or the public key of one that the agent holds).

    Raises ``UsageError`` with what ``ssh-keygen`` says when it refuses.
    """
    key = key.expanduser()
    if not key.is_file():
        raise UsageError(f"没有这个密钥文件：{key}。No such key file.")
    with tempfile.TemporaryDirectory(prefix="mingtang-") as folder:
        # Not by a pipe: whose input is no terminal is asked for its passphrase by a program of the desktop, if at all.
        path = Path(folder, "record")
        path.write_bytes(canonical_bytes(raw))
        done = _run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)])
        if done.returncode == 0:
            return Path(folder, "record.sig").read_bytes()
    said = done.stderr.decode("utf-8", "replace").strip()
    if "incorrect passphrase" in said:
        raise UsageError("无法签名：密钥的口令不对，或没有输入口令。Cannot sign: the passphrase of the key is wrong.")
    raise UsageError(f"无法签名：{said}。Cannot sign: {said}")


def _run(command: list[str], data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, input=data, capture_output=True, check=False)
    except FileNotFoundError:
        raise UsageError("找不到 ssh-keygen，请安装 OpenSSH。ssh-keygen is missing: install OpenSSH.") from None
