"""Is what is served what was released? By the signed manifest, file by file. Effects: the network, or a folder.

``verify`` is for anyone who has the public key, and can watch a site for tampering. ``probe`` is for
the operator after a deploy: it also looks at headers, compressed variants, redirects and missing pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.build.executor import chunked
from generator.deploy.digests import digest_of
from generator.deploy.nginx import CONTENT_TYPES, IMMUTABLE, REVALIDATE
from generator.deploy.parts import Part, address, is_hashed, served_by
from generator.deploy.records import (
    GONE,
    PUBLIC,
    RELEASE_NAME,
    SERVER,
    SIGNATURE_NAME,
    ReleasedFile,
    ReleaseManifest,
    parse_release,
)
from generator.deploy.signing import is_signed
from generator.deploy.webclient import Client, FetchError, Response
from generator.deploy.wording import reason
from generator.errors import DeployRefused
from generator.site.headers import SECURITY_HEADERS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_THREADS = 8
_NOT_FOUND = "404.html"
_NOWHERE = "mingtang-no-such-page.html"


class Deviation(Struct, frozen=True, order=True):
    """One thing that is not as it was released: what (a path or URL), and how it differs."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class Statement(Struct, frozen=True):
    """A release manifest whose signature was found good."""

    manifest: ReleaseManifest
    data: bytes


def check_statement(key: Ed25519PublicKey, data: bytes | None, signature: bytes | None) -> Statement:
    """The manifest, if the key's holder signed just these bytes; raises ``DeployRefused`` otherwise."""
    if data is None:
        raise DeployRefused([str(reason("verify-no-manifest"))])
    if signature is None:
        raise DeployRefused([str(reason("verify-unsigned"))])
    if not is_signed(key, data, signature):
        raise DeployRefused([str(reason("verify-signature"))])
    return Statement(parse_release(data), data)


# --- a folder -------------------------------------------------------------------------


def load_statement(folder: Path, key: Ed25519PublicKey) -> Statement:
    """The signed manifest at the root of a folder that is served."""
    return check_statement(key, _bytes(folder / RELEASE_NAME), _bytes(folder / SIGNATURE_NAME))


def verify_folder(folder: Path, manifest: ReleaseManifest) -> tuple[Deviation, ...]:
    """Every file of a served folder (the portal's root) that was changed, is missing or was never released."""
    expected = _expected(folder, manifest)
    found = []
    for path, digest in expected.items():
        try:
            if digest_of(path) != digest:
                found.append(Deviation(_within(path, folder), "changed"))
        except OSError:
            found.append(Deviation(_within(path, folder), "missing"))
    roots = {"", *manifest.hosts.values()}
    statements = {folder / root / name for root in roots for name in (RELEASE_NAME, SIGNATURE_NAME)}
    for place in (*folder.rglob("*"), *_beside(folder, manifest)):
        if place not in expected and place not in statements and (place.is_symlink() or not place.is_dir()):
            found.append(Deviation(_within(place, folder), "never released"))
    return tuple(sorted(found))


def _expected(folder: Path, manifest: ReleaseManifest) -> dict[Path, str]:
    expected: dict[Path, str] = {}
    for file in manifest.files:
        if file.gone:
            expected[folder.parent / GONE / file.path] = file.sha256
        else:
            expected |= {folder / name: digest for name, digest in _variants(file)}
    if _is_of_release(folder):
        expected |= {folder.parent / path: digest for path, digest in manifest.tables.items()}
    return expected


def _is_of_release(folder: Path) -> bool:
    """Whether it is a release's own folder, beside which lies what else the web server reads."""
    return folder.name == PUBLIC.strip("/")


def _beside(folder: Path, manifest: ReleaseManifest) -> Iterator[Path]:
    """What stands among the tombstones and the tables of a release's own folder.

    Releases made before tables were signed name none.
    """
    if _is_of_release(folder):
        yield from (folder.parent / GONE).rglob("*")
        if manifest.tables:
            yield from (folder.parent / SERVER).rglob("*")


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder if path.is_relative_to(folder) else folder.parent).as_posix()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _variants(file: ReleasedFile) -> Iterator[tuple[str, str]]:
    yield file.path, file.sha256
    if file.br:
        yield f"{file.path}.br", file.br
    if file.gz:
        yield f"{file.path}.gz", file.gz


# --- a web server ---------------------------------------------------------------------


def fetch_statement(client: Client, url: str, key: Ed25519PublicKey) -> Statement:
    """The signed manifest that a host serves."""
    manifest, signature = client.get(url + RELEASE_NAME), client.get(url + SIGNATURE_NAME)
    return check_statement(
        key,
        manifest.body if manifest.status == 200 else None,
        signature.body if signature.status == 200 else None,
    )


def host_of(manifest: ReleaseManifest, url: str) -> tuple[Part, tuple[Part, ...]]:
    """The part that a base URL serves, and all parts; an unknown host is taken for the portal's."""
    parts = tuple(Part(root or "portal", base, root) for base, root in manifest.hosts.items())
    known = next((part for part in parts if part.base_url == url), None)
    if known is None:
        return Part("portal", url, ""), tuple(part for part in parts if part.root) or (Part("portal", url, ""),)
    return known, parts


def verify_host(client: Client, url: str, manifest: ReleaseManifest, sample: int = 0) -> tuple[Deviation, ...]:
    """Fetch every file that a host serves (or an even sample) and compare digests."""
    return _each(client, _served(manifest, url, sample), _plain_deviations)


def probe_host(
    client: Client,
    url: str,
    manifest: ReleaseManifest,
    *,
    sample: int = 0,
    redirects: Iterable[tuple[str, str]] = (),
    hsts: bool = True,
) -> tuple[Deviation, ...]:
    """As ``verify_host``, and also headers, compressed variants, redirects and a page that does not exist."""

    def deviations(client: Client, place: str, file: ReleasedFile) -> Iterator[Deviation]:
        yield from _plain_deviations(client, place, file)
        if not file.gone and not file.moved and not _is_not_found(file.path):
            yield from _variant_deviations(client, place, file)

    served = _served(manifest, url, sample)
    found = list(_each(client, served, deviations))
    found += _missing_page(client, url, manifest, hsts=hsts)
    found += _redirect_deviations(client, redirects)
    return tuple(sorted(set(found)))


def _served(manifest: ReleaseManifest, url: str, sample: int) -> list[tuple[str, ReleasedFile]]:
    part, parts = host_of(manifest, url)
    pairs = []
    for file in manifest.files:
        path = served_by(file.path, part, parts)
        if path is not None:
            pairs.append((address(part, path), file))
    if sample and sample < len(pairs):
        pairs = [pairs[number * len(pairs) // sample] for number in range(sample)]
    return pairs


def _each(
    client: Client,
    served: Sequence[tuple[str, ReleasedFile]],
    check: Callable[[Client, str, ReleasedFile], Iterator[Deviation]],
) -> tuple[Deviation, ...]:
    def examine(chunk: Sequence[tuple[str, ReleasedFile]]) -> list[Deviation]:
        found: list[Deviation] = []
        for place, file in chunk:
            try:
                found.extend(check(client, place, file))
            except FetchError as error:
                found.append(Deviation(place, str(error)))
        client.close()
        return found

    with ThreadPoolExecutor(_THREADS) as pool:
        return tuple(sorted(one for found in pool.map(examine, chunked(served, 50)) for one in found))


def _is_not_found(path: str) -> bool:
    return path == _NOT_FOUND or (path.endswith(f"/{_NOT_FOUND}") and path.count("/") == 1)


def _plain_deviations(client: Client, place: str, file: ReleasedFile) -> Iterator[Deviation]:
    answer = client.get(place)
    status = 410 if file.gone else 404 if _is_not_found(file.path) else 200
    if file.moved and answer.status == 301:
        if answer.headers.get("location") != file.moved:
            yield Deviation(place, f"leads to {answer.headers.get('location')!r}, expected {file.moved!r}")
        return
    if answer.status != status and not (status == 404 and answer.status == 200):
        yield Deviation(place, f"status {answer.status}, expected {status}")
    elif hashlib.sha256(answer.body).hexdigest() != file.sha256:
        yield Deviation(place, "changed")
    elif status == 200:
        yield from _header_deviations(place, file.path, answer)


def _header_deviations(place: str, path: str, answer: Response) -> Iterator[Deviation]:
    cache = answer.headers.get("cache-control", "")
    if is_hashed(path) and "immutable" not in cache:
        yield Deviation(place, f"Cache-Control {cache!r}, expected {IMMUTABLE!r}")
    if not is_hashed(path) and "max-age=31536000" in cache:
        yield Deviation(place, f"Cache-Control {cache!r}, expected {REVALIDATE!r}")
    expected = CONTENT_TYPES.get(path.rpartition(".")[2].lower())
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if expected is not None and kind != expected:
        yield Deviation(place, f"Content-Type {kind!r}, expected {expected!r}")


def _variant_deviations(client: Client, place: str, file: ReleasedFile) -> Iterator[Deviation]:
    for encoding, digest in (("br", file.br), ("gzip", file.gz)):
        if not digest:
            continue
        answer = client.get(place, {"Accept-Encoding": encoding})
        if answer.headers.get("content-encoding") != encoding:
            yield Deviation(place, f"not served with Content-Encoding {encoding}")
        elif hashlib.sha256(answer.body).hexdigest() != digest:
            yield Deviation(place, f"changed ({encoding})")
        elif "accept-encoding" not in answer.headers.get("vary", "").lower():
            yield Deviation(place, f"no Vary: Accept-Encoding ({encoding})")


def _missing_page(client: Client, url: str, manifest: ReleaseManifest, *, hsts: bool) -> Iterator[Deviation]:
    part, _ = host_of(manifest, url)
    answer = client.get(url + _NOWHERE)
    expected = next((file.sha256 for file in manifest.files if file.path == part.root + _NOT_FOUND), None)
    if answer.status != 404:
        yield Deviation(url + _NOWHERE, f"status {answer.status}, expected 404")
    elif expected is not None and hashlib.sha256(answer.body).hexdigest() != expected:
        yield Deviation(url + _NOWHERE, "another page than 404.html")
    for name, value in SECURITY_HEADERS:
        if answer.headers.get(name.lower()) != value:
            yield Deviation(url, f"header {name} is {answer.headers.get(name.lower())!r}, expected {value!r}")
    if hsts and url.startswith("https:") and "strict-transport-security" not in answer.headers:
        yield Deviation(url, "header Strict-Transport-Security is missing")


def _redirect_deviations(client: Client, redirects: Iterable[tuple[str, str]]) -> Iterator[Deviation]:
    for came, to in redirects:
        answer = client.get(came)
        if answer.status != 301 or answer.headers.get("location") != to:
            seen = answer.headers.get("location", "")
            yield Deviation(came, f"status {answer.status} to {seen!r}, expected 301 to {to!r}")
