"""``deploy``, ``releases``, ``verify``, ``keys``, ``webserver`` and ``archive``. Effects: environment, clock."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.commands.options import all_folders, build_options, moment
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from generator.deploy.definition import Definition, Target
    from generator.deploy.records import ReleaseManifest
    from generator.deploy.request import Request
    from generator.deploy.verification import Deviation
    from generator.deploy.webclient import Client
    from generator.model import Cluster

F = TypeVar("F", bound=Callable[..., Any])
PREVIOUS = "previous"
_PORT = re.compile(r"[0-9]{1,5}")
_LAST_PORT = 65_535


def _connection(command: F) -> F:
    command = click.option("--connect", default=None, help="不管网址，连到 HOST:PORT connect here")(command)
    command = click.option(
        "--ca",
        type=click.Path(path_type=Path, exists=True),
        default=None,
        help="另外信任的证书 trust it too",
    )(command)
    return click.option("--sample", type=click.IntRange(min=0), default=0, help="只抽查若干文件 look at a few")(command)


@click.command()
@all_folders
@_connection
@click.option("--target", "targets", multiple=True, help="只发布到这个目标 one target; default all")
@click.option("--dry-run", is_flag=True, help="只列出计划 show the plan, change nothing")
@click.option("--confirm", "confirmed", multiple=True, metavar="ITEM", help="同意这个条目从网上消失 let an item vanish")
@click.option("--allow-deletions", is_flag=True, help="超过删除上限也照删 delete more than the cap")
@click.option("--hold", "held", multiple=True, metavar="UNIT", help="该单位维持上次发布 keep as released")
@click.option(
    "--rollback", is_flag=False, flag_value=PREVIOUS, default=None, metavar="[ID]", help="退回上一个或指定版本 go back"
)
@click.option("--verify", "url", default=None, metavar="URL", help="不发布，只核对网站 compare a site")
@click.option("--jobs", type=click.IntRange(min=0), default=0, help="并行进程数 workers")
@click.option("--now", "now_text", default=None, help="以此时刻为准 as of, 2026-11-24T09:00")
def deploy(
    targets: tuple[str, ...],
    confirmed: tuple[str, ...],
    allow_deletions: bool,
    held: tuple[str, ...],
    rollback: str | None,
    url: str | None,
    **options: Any,
) -> ExitCode:
    """把已生成的网站发布出去。Release what was built."""
    from generator.deploy.gates import Consent
    from generator.deploy.pipeline import deploy as run

    if sum((bool(held), rollback is not None, url is not None)) > 1:
        raise UsageError("--hold、--rollback、--verify 只能用一个。Use one of --hold, --rollback and --verify.")
    consent = Consent(confirmed=frozenset(confirmed), deletions=allow_deletions)
    request = make_request(options, targets=targets, consent=consent)
    if url is not None:
        return _probe(request, url, options)
    if rollback is not None:
        from generator.deploy.rollback import roll_back

        roll_back(request, options["themes"], None if rollback == PREVIOUS else rollback)
    elif held:
        from generator.deploy.holding import deploy_holding

        deploy_holding(request, options["themes"], held)
    else:
        run(request)
    return ExitCode.FINE


@click.group()
def releases() -> None:
    """已发布的版本。Releases."""


@releases.command("list")
@all_folders
@click.option("--target", "targets", multiple=True, help="只看这个目标 one target")
def list_releases(targets: tuple[str, ...], **options: Any) -> ExitCode:
    """列出每次发布：编号、时间、人、提交、数量。List every release."""
    from generator.deploy.listing import format_releases
    from generator.deploy.request import chosen

    request = make_request(options, targets=targets)
    for target in chosen(request):
        click.echo(format_releases(request, target))
    return ExitCode.FINE


@click.command()
@click.argument("place")
@click.option("--key", type=click.Path(path_type=Path, exists=True), required=True, help="公钥 the public key")
@click.option("--release", default=None, help="应当是这个版本 the release that must be served")
@_connection
def verify(place: str, key: Path, release: str | None, sample: int, **options: Any) -> ExitCode:
    """核对网站（网址或文件夹）与签名的发布清单是否一致。Compare a site or folder with its signed manifest."""
    from generator.deploy.signing import load_public_key
    from generator.deploy.verification import fetch_statement, load_statement, verify_folder, verify_host
    from generator.deploy.wording import sentence

    public = load_public_key(key)
    if "://" in place:
        client = _client(options)
        url = place.rstrip("/") + "/"
        statement = fetch_statement(client, url, public)
        found = verify_host(client, url, statement.manifest, sample)
    else:
        folder = Path(place)
        statement = load_statement(folder, public)
        found = verify_folder(folder, statement.manifest)
    if release is not None and statement.manifest.release != release:
        click.echo(sentence("verify-other-release", found=statement.manifest.release, expected=release))
        return ExitCode.DEPLOY_REFUSED
    return _report_deviations(place, statement.manifest, found)


@click.group()
def keys() -> None:
    """签名用的密钥。Keys for signing releases."""


@keys.command("new")
@click.option("--private", type=click.Path(path_type=Path), required=True, help="私钥放在哪里（仓库之外）")
@click.option("--public", type=click.Path(path_type=Path), required=True, help="公钥放在哪里，如 sites/release.pub")
def new_keys(private: Path, public: Path) -> ExitCode:
    """生成一对 Ed25519 密钥。Make a pair of keys; MINGTANG_SIGNING_PASSPHRASE protects the private one."""
    from generator.build.fs import FileSystem
    from generator.deploy.signing import KEY_VARIABLE, PASSPHRASE_VARIABLE, save_keys

    fingerprint = save_keys(FileSystem(), private, public, os.environ.get(PASSPHRASE_VARIABLE, ""))
    click.echo(f"公钥指纹 fingerprint: {fingerprint}")
    click.echo(f"在 sites/deploy.yml 里写 public_key: {public.name}；发布前 export {KEY_VARIABLE}={private}")
    return ExitCode.FINE


@click.group()
def webserver() -> None:
    """网页服务器的设置。Configuration of web servers."""


@webserver.command()
@all_folders
@click.option(
    "--write", "destination", type=click.Path(path_type=Path, dir_okay=False), default=None, help="写出的文件"
)
def nginx(destination: Path | None, **options: Any) -> ExitCode:
    """写出整个网站群的 nginx 设置。Configuration for the whole cluster."""
    from generator.build.fs import FileSystem
    from generator.deploy.nginx import format_nginx
    from generator.deploy.redirects import load_old_addresses, old_hosts

    cluster, definition = load_definitions(options["sites"])
    old = load_old_addresses(options["sites"], cluster)
    text = format_nginx(cluster, definition.webserver, old_hosts(cluster, old))
    if destination is None:
        click.echo(text, nl=False)
    else:
        FileSystem().write(destination, text.encode())
        click.echo(f"已写出 {destination}，请 nginx -t 检查后重新载入。")
    return ExitCode.FINE


@click.command()
@click.argument("unit")
@build_options
@click.option("--write", "destination", type=click.Path(path_type=Path, dir_okay=False), help="写出的 zip")
def archive(unit: str, destination: Path | None, **options: Any) -> ExitCode:
    """一个单位的离线网站：解开就能看、能检索的 zip。A unit's site that opens from disk."""
    from generator.commands.options import settings_from
    from generator.content.definitions import load_cluster
    from generator.deploy.archive import LARGEST_INDEX, write_archive
    from generator.deploy.plan import human_size

    settings = settings_from(options)
    made = write_archive(settings, load_cluster(settings.sites), unit, destination or Path(f"{unit}.zip"))
    click.echo(f"已写出 {made.path}：{made.files} 个文件，{human_size(made.size)}，SHA-256 {made.sha256}")
    if not made.searchable:
        click.echo(f"没有检索：索引为空或超过 {human_size(LARGEST_INDEX)}。Without search: no index, or too large.")
    return ExitCode.FINE


# --- what the commands share ----------------------------------------------------------


def load_definitions(sites: Path, targets: Path | None = None) -> tuple[Cluster, Definition]:
    """The cluster, and where it is released to, which may stand in another folder than its definitions."""
    from generator.content.definitions import load_cluster
    from generator.deploy.definition import load_definition
    from generator.deploy.parts import parts_of

    cluster = load_cluster(sites)
    return cluster, load_definition(targets or sites, parts_of(cluster))


def make_request(options: dict[str, Any], *, definitions: Path | None = None, **more: Any) -> Request:
    """What an operator asks of a deploy, from the command's options.

    ``definitions`` hold the cluster where that is another version of it; where the targets are, the folder says that
    is named in the options.
    """
    from generator.build.settings import private_folder
    from generator.deploy.request import Request

    sites = definitions or options["sites"]
    cluster, definition = load_definitions(sites, options["sites"])
    private = private_folder(options["out"], options["content"])
    for target in definition.targets:
        _refuse_within(target, {**options, "cache": options["cache"] or private / "cache"})
    return Request(
        content=options["content"],
        sites=sites,
        out=options["out"],
        cache=options["cache"] or private / "cache",
        state=options["state"] or private / "state",
        cluster=cluster,
        definition=definition,
        now=moment(options.get("now_text"), None),
        by=operator(),
        environment=os.environ,
        say=click.echo,
        dry_run=options.get("dry_run", False),
        jobs=options.get("jobs", 0),
        **more,
    )


def _refuse_within(target: Target, options: dict[str, Any]) -> None:
    """What is served may not lie where strangers are deleted, or where content and definitions are read."""
    place = getattr(target, "path", None)
    for name in ("out", "cache", "content", "sites", "themes"):
        if isinstance(place, Path) and place.resolve().is_relative_to(options[name].resolve()):
            raise UsageError(
                f"发布目标 {target.name} 不能放在 --{name} 里面：{place}。A target may not lie within --{name}."
            )


def operator() -> str:
    """Who releases, for the list of releases: ``MINGTANG_OPERATOR``, or the name of the account."""
    if name := os.environ.get("MINGTANG_OPERATOR"):
        return name
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "?"


def _client(options: dict[str, Any]) -> Client:
    from generator.deploy.webclient import Client

    connect = None
    if options["connect"]:
        host, _, port = str(options["connect"]).rpartition(":")
        if not host or not _PORT.fullmatch(port) or int(port) > _LAST_PORT:
            raise UsageError("--connect 应为 主机:端口。--connect takes HOST:PORT.")
        connect = (host.strip("[]"), int(port))
    return Client(connect, options["ca"])


def _probe(request: Request, url: str, options: dict[str, Any]) -> ExitCode:
    from generator.deploy.listing import live_release
    from generator.deploy.verification import probe_host

    before, redirects = live_release(request)
    found = probe_host(
        _client(options),
        url.rstrip("/") + "/",
        before.manifest,
        sample=options["sample"],
        redirects=redirects,
        hsts=request.definition.webserver.hsts_days > 0,
    )
    return _report_deviations(url, before.manifest, found)


def _report_deviations(place: str, manifest: ReleaseManifest, found: tuple[Deviation, ...]) -> ExitCode:
    from generator.deploy.wording import sentence

    if not found:
        click.echo(sentence("verify-fine", place=place, count=len(manifest.files), release=manifest.release))
        return ExitCode.FINE
    click.echo(sentence("verify-deviations", place=place, count=len(found)))
    for one in found:
        click.echo(f"  {one}")
    return ExitCode.DEPLOY_REFUSED
