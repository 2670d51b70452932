"""Keys and signatures of releases."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from generator.build.fs import FileSystem
from generator.deploy.signing import (
    KEY_VARIABLE,
    PASSPHRASE_VARIABLE,
    fingerprint,
    is_signed,
    load_public_key,
    load_signing_key,
    save_keys,
    sign,
)
from generator.errors import UsageError

FS = FileSystem()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@given(data=st.binary(), position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_voids_the_signature(data: bytes, position: int, flip: int) -> None:
    """Only just these bytes are signed."""
    signature = sign(KEY, data)
    assert is_signed(KEY.public_key(), data, signature)
    changed = bytearray(data or b"\x00")
    changed[position % len(changed)] ^= flip
    assert not is_signed(KEY.public_key(), bytes(changed), signature)


@pytest.mark.parametrize("signature", [b"", b"\n", b"not base64!", b"AAAA", b"A" * 88])
def test_nonsense_is_no_signature(signature: bytes) -> None:
    """A malformed signature is a wrong one, not a crash."""
    assert not is_signed(KEY.public_key(), b"data", signature)


def test_signature_for_another_purpose_does_not_pass() -> None:
    """A plain Ed25519 signature over the same bytes is not one of a release."""
    import base64

    assert not is_signed(KEY.public_key(), b"data", base64.b64encode(KEY.sign(b"data")))


@pytest.mark.parametrize("passphrase", ["", "口令"])
def test_keys_are_made_and_read(tmp_path: Path, passphrase: str) -> None:
    """The private key is its owner's alone; the public one verifies what it signs."""
    private, public = tmp_path / "release.key", tmp_path / "release.pub"
    shown = save_keys(FS, private, public, passphrase)
    assert private.stat().st_mode & 0o777 == 0o600
    key = load_signing_key({KEY_VARIABLE: str(private), PASSPHRASE_VARIABLE: passphrase})
    assert key is not None
    assert is_signed(load_public_key(public), b"data", sign(key, b"data"))
    assert fingerprint(key.public_key()) == shown


SM2 = """\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE90Yd30uT9UzovFm1f95bvi/rhZ1p
PqLRx5MnMvQpYmL7OW40Stum3NZ3oTlFtGcO2iQsyqTzyd4GHUDazslPtg==
-----END PUBLIC KEY-----
"""


def test_key_of_a_national_curve_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices have keys of SM2, which the library does not know: that is no bug of ours."""
    path = tmp_path / "sm2.pem"
    path.write_text(SM2, "ascii")
    path.chmod(0o600)
    with pytest.raises(UsageError, match="公钥"):
        load_public_key(path)

    def unknown(*_: object) -> None:
        raise UnsupportedAlgorithm("the curve is not supported")

    monkeypatch.setattr(serialization, "load_pem_private_key", unknown)
    with pytest.raises(UsageError, match="私钥"):
        load_signing_key({KEY_VARIABLE: str(path)})


def test_existing_key_is_never_replaced(tmp_path: Path) -> None:
    """Making keys twice does not lose the first pair."""
    private, public = tmp_path / "release.key", tmp_path / "release.pub"
    save_keys(FS, private, public, "")
    before = private.read_bytes()
    with pytest.raises(UsageError):
        save_keys(FS, private, tmp_path / "other.pub", "")
    assert private.read_bytes() == before


def test_private_key_is_refused_inside_a_repository(tmp_path: Path) -> None:
    """Secrets never stand in the repository."""
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageError):
        save_keys(FS, tmp_path / "sites" / "release.key", tmp_path / "release.pub", "")
    assert not (tmp_path / "sites").exists()


def test_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """As ssh does."""
    private = tmp_path / "release.key"
    save_keys(FS, private, tmp_path / "release.pub", "")
    private.chmod(0o644)
    with pytest.raises(UsageError):
        load_signing_key({KEY_VARIABLE: str(private)})


def test_message_about_a_key_does_not_repeat_it(tmp_path: Path) -> None:
    """Neither passphrase nor content of a faulty key is told."""
    private = tmp_path / "release.key"
    private.write_text("-----BEGIN PRIVATE KEY-----\nSECRETSECRET\n-----END PRIVATE KEY-----\n")
    private.chmod(0o600)
    with pytest.raises(UsageError) as refused:
        load_signing_key({KEY_VARIABLE: str(private), PASSPHRASE_VARIABLE: "open sesame"})
    assert "SECRET" not in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_no_key_is_no_key() -> None:
    """Without the variable nothing is signed, and nothing is looked for elsewhere."""
    assert load_signing_key({}) is None
