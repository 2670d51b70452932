"""The commands as operators type them: what they say, and their exit statuses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from generator.cli import main
from generator.errors import ExitCode, UsageError
from tests.conftest import REPOSITORY
from tests.deploy_project import BODY, Project
from tests.deploy_servers import missing
from tests.deploy_support import everywhere

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock", "git")), reason=missing("rsync", "flock", "git"))

A, B = "sfj/notice/jia", "jyglj/notice/yi"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two items, released once."""
    made = Project(tmp_path)
    made.write(A)
    made.write(B)
    made.commit()
    made.release()
    return made


def test_deploy_without_a_build_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was built: the refusal says what to run."""
    project = Project(tmp_path)
    assert project.run("deploy") == ExitCode.DEPLOY_REFUSED
    assert "make build" in capsys.readouterr().err


def test_unknown_target_and_mixed_modes_are_usage_errors(project: Project) -> None:
    """A name that is not in the settings, or two modes at once."""
    assert project.run("deploy", "--target", "nowhere") == ExitCode.USAGE
    assert project.run("deploy", "--rollback", "--hold", "sfj") == ExitCode.USAGE
    assert project.run("deploy", "--hold", "nobody") == ExitCode.USAGE


def test_faulty_settings_are_told_with_their_place(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """``deploy.yml`` is read as strictly as everything else."""
    (project.root / "sites/deploy.yml").write_text("targets:\n  main:\n    kind: ssh\n    password: x\n", "utf-8")
    assert project.run("deploy") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "deploy.yml:4:5: error[deploy-secret]" in said
    assert "x" not in said.split("deploy-secret")[1].split("提示")[0].replace("export", "")


def test_check_tells_of_settings_that_only_a_release_reads(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """An emergency is late to find them; what is wrong with content is told beside them."""
    sites = project.root / "sites"
    (sites / "deploy.yml").write_text("targets:\n  main: {kind: lokal}\n", "utf-8")
    (sites / "old-addresses.yml").write_text("- from: /a.htm\n", "utf-8")
    (project.root / "content" / f"{A}.md").write_text("---\ntitle: [\n---\n", "utf-8")
    capsys.readouterr()

    assert project.run("check") == ExitCode.CONTENT_FAULTS

    said = capsys.readouterr().out.splitlines()
    places = [one.split(": error")[0].rpartition(f"{project.root}/")[2] for one in said if ": error" in one]
    assert [one.partition(":")[0] for one in places] == [
        f"content/{A}.md", "sites/deploy.yml", "sites/old-addresses.yml"
    ]  # fmt: skip


def test_check_asks_for_no_settings_of_releases(project: Project) -> None:
    """Who only writes has no need of them."""
    (project.root / "sites/deploy.yml").unlink()

    assert project.run("check") == 0


def test_commit_that_nobody_knows_is_told(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git reads no repository of another account: a timer of root's would release what nobody can go back to."""
    project.write(A, body=BODY + "\n改。\n")
    project.commit()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert project.run("build", "--jobs", "1") == 0
    assert project.run("deploy", "--jobs", "1") == 0
    assert "不知道内容在哪个提交" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["public/released", "public", "cache/released", "content/released", "sites/x/y"])
def test_target_where_a_build_deletes_or_reads_is_refused(
    project: Project, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build after the release would delete the site that is served."""
    assert project.run("build", "--jobs", "1") == 0
    settings = project.root / "sites" / "deploy.yml"
    settings.write_text(settings.read_text("utf-8").replace("path: released", f"path: {place}"), "utf-8")
    assert project.run("deploy", "--jobs", "1") == ExitCode.USAGE
    assert f"--{place.partition('/')[0].replace('public', 'out')} 里面" in capsys.readouterr().err
    assert not (project.root / place / ".mingtang-target").exists()


def test_uncommitted_changes_are_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A release that its commit does not describe says so, and goes out."""
    project.write(A, body=BODY + "\n改。\n")
    assert project.run("build", "--jobs", "1") == 0
    capsys.readouterr()
    assert project.run("deploy") == 0
    assert "未提交的改动" in capsys.readouterr().out


@pytest.mark.parametrize("changes", [{"cleared": "false"}, {"draft": "true"}, {"audience": "family"}])
def test_item_that_was_taken_off_since_the_build_is_not_released(
    project: Project, capsys: pytest.CaptureFixture[str], changes: dict[str, str]
) -> None:
    """The tree is older than the decision: it does not leave, until it is built anew."""
    project.write("sfj/notice/bing")
    project.commit()
    assert project.run("build", "--jobs", "1") == 0
    project.write("sfj/notice/bing", **changes)
    project.commit()
    assert project.run("deploy") == ExitCode.DEPLOY_REFUSED
    assert "sfj/notice/bing" in capsys.readouterr().err
    assert everywhere(project.served, "办理事项：bing") == []
    project.release()
    assert everywhere(project.served, "办理事项：bing") == []


def test_takedown_is_one_command(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Withdrawn, built and released: the item is nowhere on the server, though another item is faulty."""
    project.write("jyglj/notice/faulty", no_such_key="x")
    assert project.run("takedown", B, "--reason", "依法撤回", "--by", "王某") == 0
    assert everywhere(project.served, "办理事项：yi") == []
    assert everywhere(project.served, "yi.html") == []
    assert project.page(f"{A}.html").is_file()
    assert len(project.releases()) == 1


def test_takedown_does_not_wait_for_a_history_that_cannot_be_read(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item goes at once; that its earlier texts are not bound is said."""

    def refuse(*_: object) -> None:
        raise UsageError("坏了")

    monkeypatch.setattr("generator.authoring.earlier.earlier_versions", refuse)
    assert project.run("takedown", B, "--reason", "误发") == 0
    assert everywhere(project.served, "yi.html") == []
    assert "以前的版本没有一并撤回：坏了" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cluster.yml", "thesaurus.yml"])
def test_takedown_that_a_faulty_definition_stops_says_that_the_item_is_still_there(
    project: Project, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Who reads of a fault in another file alone may believe the item gone; no history has a version that is sound."""
    project.forget_history()
    path = project.root / "sites" / name
    right = path.read_text("utf-8")
    path.write_text("name: [\n", "utf-8")
    assert project.run("takedown", B, "--reason", "误发") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert f"没有下架，{B} 还在网上" in said
    assert f"{name}:" in said
    path.write_text(right, "utf-8")
    assert project.run("takedown", B, "--reason", "误发") == 0


@pytest.mark.parametrize(
    "named", ["sfj/notice/jai", "sfj/notcie/jia", f"{A}.html", f"https://www.shi.example/{A}.html"]
)
def test_takedown_of_a_name_that_never_was_takes_nothing_down(
    project: Project, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped name must not be reported as taken down while the item goes on being served."""
    capsys.readouterr()
    for command in ("withdraw", "takedown"):
        assert project.run(command, named, "--reason", "误发") == ExitCode.USAGE
    said = capsys.readouterr()
    assert "已下架" not in said.out
    assert not (project.root / "content" / "sfj" / "_withdrawn").exists()
    assert not (project.root / "state" / "takedowns.jsonl").exists()
    assert project.page(f"{A}.html").is_file()
    if named == "sfj/notice/jai":
        assert f"是不是 {A}" in said.err
    if "://" in named:
        assert "不是网址" in said.err


@pytest.mark.parametrize("known", ["git", "released", "built", "nowhere"])
def test_takedown_of_an_item_whose_source_is_gone(project: Project, known: str) -> None:
    """It is known by git, by what was released or by what was built; else it must be said that nothing is left."""
    item = "sfj/notice/bing"
    project.write(item)
    if known == "git":
        project.commit()
    if known in ("built", "released"):
        assert project.run("build", "--jobs", "1") == 0
    if known == "released":
        assert project.run("deploy", "--jobs", "1") == 0
    project.remove(item)
    if known == "released":
        assert project.run("build", "--jobs", "1") == 0
    gone = ["--gone"] if known == "nowhere" else []
    assert project.run("takedown", item, "--reason", "误发", *gone) == 0
    assert everywhere(project.served, "bing") == []


def test_takedown_is_remembered_when_its_file_is_lost(project: Project) -> None:
    """Nobody committed it, and a clean of the work tree took it: what was in force stays so."""
    project.write(A, body=f"{BODY}\n尚未发布的一稿。\n")
    assert project.run("takedown", B, "--reason", "误发") == 0
    for path in (project.root / "content" / "jyglj" / "_withdrawn").iterdir():
        path.unlink()
    assert project.run("build", "--jobs", "1") == ExitCode.CONTENT_FAULTS
    assert not (project.root / "public" / f"{B}.html").exists()


@pytest.mark.parametrize("named", ["sfj/../jia", "sfj/notice/甲/乙", "sfj/notice/a b", f"sfj/notice/{'a' * 300}"])
def test_what_can_be_no_item_is_not_withdrawn(project: Project, named: str) -> None:
    """Not even where nothing of it needs to be left."""
    assert project.run("withdraw", named, "--reason", "误发", "--gone") == ExitCode.USAGE
    assert not (project.root / "content" / "sfj" / "_withdrawn").exists()


def test_takedown_that_cannot_be_released_withdraws_nothing(project: Project) -> None:
    """A target that there is not is told before anything is done for ever."""
    assert project.run("takedown", B, "--reason", "误发", "--target", "nowhere") == ExitCode.USAGE
    assert not (project.root / "content" / "jyglj" / "_withdrawn").exists()


@pytest.mark.parametrize("url", ["https://[bad/", "https://127.0.0.1:99999/", "notaurl", "ftp://www.shi.example/"])
def test_what_is_no_address_cannot_be_compared(project: Project, url: str) -> None:
    """However it is broken, it is the operator's."""
    assert project.run("deploy", "--verify", url) == ExitCode.USAGE


def test_takedown_says_where_the_item_still_is(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """One server of two, then the same again: what is done, and what is not."""
    settings = project.root / "sites" / "deploy.yml"
    settings.write_text(settings.read_text("utf-8") + "  second: {kind: local, path: second}\n", "utf-8")
    assert project.run("deploy", "--jobs", "1") == 0
    capsys.readouterr()
    assert project.run("takedown", B, "--reason", "误发", "--target", "local") == 0
    assert "还没有从这些目标下架：second" in capsys.readouterr().out
    assert project.run("takedown", B, "--reason", "误发", "--target", "local") == 0
    assert "各目标上已经没有它" in capsys.readouterr().out
    assert project.run("takedown", B, "--reason", "误发") == 0
    said = capsys.readouterr().out
    assert "目标：second" in said
    assert "还没有从" not in said
    assert everywhere(project.root / "second", "办理事项：yi") == []


def test_takedown_does_not_wait_for_a_clock_that_was_ahead(project: Project) -> None:
    """What is live was built as of next month, by mistake: the item leaves now, and all else stays as of then."""
    project.write("sfj/notice/later", date="2026-11-20")
    project.commit()
    real = project.now
    project.now = datetime(2026, 12, 2, 9)
    project.release()
    project.now = real
    assert project.run("takedown", B, "--reason", "误发") == 0
    assert everywhere(project.served, "办理事项：yi") == []
    assert project.page("sfj/notice/later.html").is_file()


@pytest.mark.skipif(bool(missing("ssh")), reason=missing("ssh"))
def test_takedown_with_one_server_down_says_how_to_go_on(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing switches before every target holds the release; in an emergency the others do not wait."""
    settings = project.root / "sites" / "deploy.yml"
    down = "  down: {kind: ssh, host: 127.0.0.1, port: 1, path: /srv/mingtang}\n"
    settings.write_text(settings.read_text("utf-8") + down, "utf-8")
    capsys.readouterr()
    assert project.run("takedown", B, "--reason", "误发") == ExitCode.USAGE
    said = capsys.readouterr()
    assert "已下架" not in said.out
    assert "--target" in said.err
    assert project.run("takedown", B, "--reason", "误发", "--target", "local") == 0
    assert everywhere(project.served, "办理事项：yi") == []


def test_keys_are_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fingerprint is shown, the private key is not, and an existing file is not replaced."""
    private, public = tmp_path / "release.key", tmp_path / "release.pub"
    command = ["keys", "new", "--private", str(private), "--public", str(public)]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "fingerprint" in said
    assert private.read_text("ascii").splitlines()[1] not in said
    assert main(command) == ExitCode.USAGE


def test_web_server_configuration_is_written(project: Project, tmp_path: Path) -> None:
    """For the hosts of the definitions, to a file or to the terminal."""
    place = tmp_path / "etc" / "mingtang.conf"
    assert main(["webserver", "nginx", "--sites", str(project.root / "sites"), "--write", str(place)]) == 0
    assert "server_name www.shi.example;" in place.read_text("utf-8")


def test_verify_of_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    """What is no release cannot be checked."""
    main(["keys", "new", "--private", str(tmp_path / "k"), "--public", str(tmp_path / "k.pub")])
    assert main(["verify", str(tmp_path), "--key", str(tmp_path / "k.pub")]) == ExitCode.DEPLOY_REFUSED


@pytest.mark.parametrize("connect", ["127.0.0.1", ":443", "127.0.0.1:x", "127.0.0.1:²", "127.0.0.1:65536"])
def test_address_to_connect_to_that_is_none_is_a_usage_error(tmp_path: Path, connect: str) -> None:
    """Host and port, and a port that there is."""
    main(["keys", "new", "--private", str(tmp_path / "k"), "--public", str(tmp_path / "k.pub")])
    asked = ["verify", "https://www.shi.example/", "--key", str(tmp_path / "k.pub"), "--connect", connect]
    assert main(asked) == ExitCode.USAGE


def test_commands_start_without_heavy_libraries() -> None:
    """Asking for help loads neither the cryptography nor the store's client."""
    import subprocess
    import sys

    code = (
        "import sys\nfrom generator.cli import main\nmain(['deploy', '--help'])\n"
        "sys.exit(bool({'boto3', 'cryptography', 'brotli', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=REPOSITORY, check=False)
    assert done.returncode == 0, done.stderr
