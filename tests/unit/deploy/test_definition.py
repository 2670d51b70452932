"""``sites/deploy.yml``: what is read, and every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.content.fields import read_yaml
from generator.deploy.definition import (
    LOGICAL_PATH,
    Definition,
    LocalTarget,
    S3Target,
    SshTarget,
    load_definition,
    parse_definition,
)
from generator.deploy.parts import parts_of
from generator.errors import ConfigError, UsageError
from tests.deploy_support import cluster

PARTS = parts_of(cluster(own_hosts=["beta"]))
SITES = Path("project/sites")
GOOD = """\
keep: 3
grace_hours: 2
deletion_cap: 5
public_key: release.pub
targets:
  here: {kind: local, path: released}
  main:
    kind: ssh
    host: www.shi.example
    port: 2222
    user: mingtang
    path: /srv/mingtang
    known_hosts: known_hosts
    sites: [portal]
    reload: sudo systemctl reload nginx
  store:
    kind: s3
    endpoint: https://oss.example
    bucket: shi-beta
    prefix: /a/b/
    site: beta
webserver:
  https: 8443
  brotli: false
"""


def parse(text: str) -> Definition:
    return parse_definition(read_yaml(text.encode(), LOGICAL_PATH), SITES, PARTS)


def test_every_kind_of_target_is_read() -> None:
    """Folders, servers and stores with their defaults; paths are relative to the project."""
    found = parse(GOOD)
    here, main, store = found.targets
    assert here == LocalTarget(name="here", path=Path("project/released"), sites=("portal", "beta"))
    assert isinstance(main, SshTarget)
    assert (main.port, main.sites, main.known_hosts) == (2222, ("portal",), SITES / "known_hosts")
    assert isinstance(store, S3Target)
    assert (store.prefix, store.sites) == ("a/b/", ("beta",))
    assert (found.keep, found.grace_hours, found.deletion_cap) == (3, 2, 5)
    assert found.public_key == SITES / "release.pub"
    assert (found.webserver.https, found.webserver.brotli) == (8443, False)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("targets: {a: {kind: ftp}}", "value-choice", (1, 21)),
        ("targets: {a: {path: x}}", "key-missing", (1, 14)),
        ("targets: {a: x}", "value-not-mapping", (1, 14)),
        ("targets: {a: {kind: local}}", "key-missing", (1, 14)),
        ("targets: {a: {kind: local, path: x, pth: y}}", "key-misspelt", (1, 37)),
        ("targets: {a: {kind: local, path: x, bucket: y}}", "key-unknown-here", (1, 37)),
        ("targets: {a: {kind: local, path: x, password: y}}", "deploy-secret", (1, 37)),
        ("targets: {a: {kind: local, path: x, secret_access_key: y}}", "deploy-secret", (1, 37)),
        ("targets: {a: {kind: local, path: x, sites: [nobody]}}", "value-choice", (1, 45)),
        ("targets: {a: {kind: local, path: x, sites: [beta, beta]}}", "list-duplicate", (1, 51)),
        ("targets: {a: {kind: local, path: x, sites: []}}", "deploy-sites", (1, 44)),
        ("targets: {a: {kind: local, path: x, sites: }}", "deploy-sites", (1, 44)),
        ("targets: {a: {kind: local, path: x, sites: portal}}", "deploy-sites", (1, 44)),
        ("targets: {a: {kind: local, path: ''}}", "value-empty", (1, 34)),
        ("targets: {a: {kind: local, path: x, reload: 'a\u00a0b'}}", "value-characters", (1, 45)),
        ("targets: {A: {kind: local, path: x}}", "deploy-target-name", (1, 11)),
        ("targets: {a: {kind: ssh, host: '-oProxyCommand=x', path: /srv/x}}", "deploy-host", (1, 32)),
        ("targets: {a: {kind: ssh, host: h, path: srv/x}}", "deploy-folder", (1, 41)),
        ("targets: {a: {kind: ssh, host: h, path: /srv/x, port: 70000}}", "number-range", (1, 55)),
        ("targets: {a: {kind: ssh, host: h, path: /srv/x, user: -x}}", "deploy-user", (1, 55)),
        ("targets: {a: {kind: s3, endpoint: 'ftp://x', bucket: abc, site: portal}}", "deploy-endpoint", (1, 35)),
        ("targets: {a: {kind: s3, endpoint: 'https://x', bucket: A, site: portal}}", "deploy-bucket", (1, 56)),
        ("targets: {a: {kind: s3, endpoint: 'https://x', bucket: abc, site: none}}", "value-choice", (1, 67)),
        (
            "targets: {a: {kind: s3, endpoint: 'https://x', bucket: abc, prefix: 'a b', site: portal}}",
            "deploy-prefix",
            (1, 69),
        ),
        ("targets: {a: {kind: local, path: x}}\nkeep: 0", "number-range", (2, 7)),
        ("targets: {a: {kind: local, path: x}}\nkeep: many", "number-range", (2, 7)),
        ("targets: {a: {kind: local, path: x}}\nwebserver: {brotli: yes}", "flag-type", (2, 21)),
        ("targets: {a: {kind: local, path: x}}\nkeep: 1\nkeep: 2", "key-duplicate", (3, 1)),
        ("keep: 1", "key-missing", (1, 1)),
        ("targets: {}", "deploy-targets", (1, 10)),
        ("target: {a: {kind: local, path: x}}", "key-misspelt", (1, 1)),
        ("", "value-not-mapping", (1, 1)),
    ],
)
def test_fault_is_named_at_its_place(text: str, code: str, place: tuple[int, int]) -> None:
    """Strict: what is unknown, missing or unusable is one fault, with line and column."""
    with pytest.raises(ConfigError) as refused:
        parse(text)
    assert [(one.code, (one.line, one.column)) for one in refused.value.diagnostics] == [(code, place)]


def test_slash_at_the_end_of_a_folder_does_not_matter() -> None:
    """As people type folders; the root of the disk is none."""
    text = "targets: {a: {kind: ssh, host: h, path: /srv/a b//}}\nwebserver: {path: /srv/x/, certificates: /etc/ssl/}"
    found = parse(text)
    target = found.targets[0]
    assert isinstance(target, SshTarget)
    assert target.path == "/srv/a b"
    assert (found.webserver.path, found.webserver.certificates) == ("/srv/x", "/etc/ssl")
    for root in ("/", "//"):
        with pytest.raises(ConfigError):
            parse(text.replace("/srv/a b//", root))


def test_all_faults_are_collected() -> None:
    """Not only the first fault is told."""
    with pytest.raises(ConfigError) as refused:
        parse("keep: x\ngrace_hours: x\ntargets: {a: {kind: local}}")
    assert len(refused.value.diagnostics) == 3


def test_missing_file_is_an_operator_fault(tmp_path: Path) -> None:
    """Without ``deploy.yml`` nobody knows where to release to."""
    with pytest.raises(UsageError):
        load_definition(tmp_path, PARTS)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_file_in_another_encoding_is_told_as_in_every_definition(tmp_path: Path, encoding: str) -> None:
    """With what it is, and how to save it."""
    (tmp_path / "deploy.yml").write_bytes(f"# 发布到哪里\n{GOOD}".encode(encoding))
    with pytest.raises(ConfigError) as refused:
        load_definition(tmp_path, PARTS)
    (fault,) = refused.value.diagnostics
    assert fault.code.startswith("encoding-")
    assert fault.path == "sites/deploy.yml"


def test_sample_definition_is_good() -> None:
    """The file that comes with the project can be used as it is."""
    sites = Path(__file__).resolve().parents[3] / "sites"
    found = load_definition(sites, parts_of(cluster()))
    assert [target.name for target in found.targets] == ["local"]
