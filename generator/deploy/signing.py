"""Ed25519 keys and signatures of releases. ``load_*`` and ``save_keys`` touch the disk.

Signed are the bytes of ``release.json`` after a line that names their purpose, so that a signature
made for something else can never pass for one of a release. The private key never stands in the
repository: its path comes from ``MINGTANG_SIGNING_KEY``, its passphrase, if it has one, from
``MINGTANG_SIGNING_PASSPHRASE``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.fs import FileSystem
from generator.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_VARIABLE = "MINGTANG_SIGNING_KEY"
PASSPHRASE_VARIABLE = "MINGTANG_SIGNING_PASSPHRASE"
_PURPOSE = b"mingtang release v1\n"


def sign(key: Ed25519PrivateKey, data: bytes) -> bytes:
    """The signature of a release manifest, as one line of base64."""
    return base64.b64encode(key.sign(_PURPOSE + data)) + b"\n"


def is_signed(key: Ed25519PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether ``signature`` was made over exactly ``data`` by the holder of the private key."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), _PURPOSE + data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, in hexadecimal: for telling keys apart by eye."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key in PEM; raises ``UsageError`` for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"公钥 {path} 无法读取 (the public key cannot be read): {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"公钥 {path} 不是 Ed25519 (not an Ed25519 key)")
    return key


def load_signing_key(environment: Mapping[str, str]) -> Ed25519PrivateKey | None:
    """The private key that the environment names, if it names one; raises ``UsageError`` where it cannot be used.

    A key file that others may read is refused, as ssh does. No message repeats what a key holds.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    name = environment.get(KEY_VARIABLE, "")
    if not name:
        return None
    path = Path(name)
    passphrase = environment.get(PASSPHRASE_VARIABLE, "").encode() or None
    try:
        if path.stat().st_mode & 0o077:
            raise UsageError(f"私钥 {path} 别人也能读，请先 chmod 600。Others may read the private key.")
        key = load_pem_private_key(path.read_bytes(), passphrase)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise UsageError(f"私钥 {path} 无法读取 (the private key cannot be read): {reason}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"私钥 {path} 不是 Ed25519 (not an Ed25519 key)")
    return key


def save_keys(fs: FileSystem, private: Path, public: Path, passphrase: str) -> str:
    """Make a pair of keys; gives the public one's fingerprint. Raises ``UsageError`` rather than replace a file."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for path in (private, public):
        if path.exists():
            raise UsageError(f"{path} 已经存在，不覆盖。The file exists and is not replaced.")
    repository = next((one for one in private.resolve().parents if (one / ".git").exists()), None)
    if repository is not None:
        raise UsageError(f"私钥不能放在代码仓库里：{repository}。The private key must not stand in a repository.")
    key = Ed25519PrivateKey.generate()
    encryption = (
        serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    )
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    shown = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    fs.write(private, secret, mode=0o600, durable=True)
    fs.write(public, shown)
    return fingerprint(key.public_key())
