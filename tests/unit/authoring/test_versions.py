"""What is staged and what a commit holds, with a real git."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.authoring.earlier import Earlier, earlier_versions
from generator.authoring.history import differs_since, last_changes
from generator.authoring.immutable import tampered_since
from generator.authoring.staging import check_staged
from generator.authoring.versions import EMPTY_TREE, committed, staged, staged_items
from generator.clearance.digests import text_digest
from generator.clearance.signers import check_signers
from generator.clearance.withdrawals import Withdrawal, format_withdrawal, withdrawal_name
from generator.commands.hooks import install
from generator.errors import UsageError
from tests.build.cluster import REPOSITORY, SHANGHAI, SmallCluster
from tests.unit.clearance.clearance_makers import make_facts, make_item, make_record, record_file

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
IDENTITY = "11010519491231002X"


class Repository(SmallCluster):
    """A cluster in a repository of its own."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.git("init", "-q")
        self.write("sfj/policy/old", title="旧", body="旧的正文。")

    def git(self, *arguments: str, data: str | None = None, **more: str) -> str:
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x.example", "GIT_COMMITTER_NAME": "a"}
        who |= {"GIT_COMMITTER_EMAIL": "a@x.example", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=clean | who | more,
            input=data,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def commit(self) -> str:
        self.git("add", "content", "sites")
        self.git("commit", "-q", "-m", "x")
        return self.git("rev-parse", "HEAD").strip()

    def codes(self, base: str = "HEAD") -> list[str]:
        return [one.code for one in check_staged(self.content, self.sites, base)]

    def evidence(self, folder: str = "_withdrawn", raw: bytes = b"a: b\n") -> Path:
        """A file of evidence under the name that its bytes must bear."""
        path = self.content / "sfj" / folder / withdrawal_name("old", date(2026, 11, 20), raw)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        return path

    def record(self) -> Path:
        """A record that can be believed."""
        made = record_file(make_record(make_facts(make_item("sfj/policy/old"))))
        path = self.content / "sfj" / made.folder / made.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made.raw)
        return path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("name", ["old/名单.csv", "_mingdan.md", ".mingdan.md", "../_clearance/a.csv"])
def test_file_that_no_item_names_is_looked_through(repository: Repository, name: str) -> None:
    """It would never leave, but the history would hold it for ever."""
    repository.commit()
    path = repository.content / "sfj" / "policy" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"张三,{IDENTITY}\n", "utf-8")
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-attachment"]
    path.write_text("事项,件数\n", "utf-8")
    repository.git("add", "content")
    assert repository.codes() == []


@pytest.mark.parametrize("shown", [True, False])
def test_reason_that_a_tombstone_must_not_show_is_told_before_it_is_committed(
    repository: Repository, shown: bool
) -> None:
    """Afterwards it is never altered. One that nobody is shown may name persons, as evidence does."""
    repository.commit()
    made = Withdrawal(
        path="",
        number="w-1",
        item="sfj/policy/old",
        withdrawn_on=date(2026, 11, 20),
        by="赵六",
        reason=f"误发身份证号{IDENTITY}",
        tombstone=shown,
    )
    repository.evidence(raw=format_withdrawal(made))
    repository.git("add", "content")
    assert repository.codes() == (["withdrawal-reason"] if shown else [])


@pytest.mark.parametrize("name", ["policy/old/名单{}.csv", "policy/old/{}/a.csv", "policy/_{}.md"])
def test_name_of_a_file_that_no_item_names_is_looked_at(repository: Repository, name: str) -> None:
    """The history holds it as well; it is told by the folder, so that the report does not hold it too."""
    repository.commit()
    path = repository.content / "sfj" / name.format(IDENTITY)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("事项,件数\n", "utf-8")
    repository.git("add", "content")
    found = check_staged(repository.content, repository.sites)
    assert [one.code for one in found] == ["negative-list-attachment"]
    assert IDENTITY not in found[0].format()


@pytest.mark.parametrize(
    ("name", "armoured"),
    [
        ("_clearance/old-12345678.yml", False),
        ("_withdrawn/a.yml", False),
        ("_clearance/a.sig", False),
        ("_clearance/a.sig", True),
    ],
)
def test_what_is_only_called_evidence_is_looked_through(repository: Repository, name: str, armoured: bool) -> None:
    """Records name persons by right; any other file in their folder is a file like others."""
    repository.commit()
    path = repository.content / "sfj" / name
    path.parent.mkdir(exist_ok=True)
    armour = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n" if armoured else ""
    path.write_text(f"{armour}张三,{IDENTITY}\n", "utf-8")
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-attachment"]
    if armoured:
        path.write_text(armour.replace("AAAA", f"AAAA{IDENTITY}"), "utf-8")
        repository.git("add", "content")
        assert repository.codes() == []


@pytest.mark.parametrize("name", ["照片.raw", "旧稿.doc", "打包.zip"])
def test_file_that_no_item_names_need_not_be_readable(repository: Repository, name: str) -> None:
    """It is not published: what an attachment must be is nothing to it."""
    repository.commit()
    path = repository.content / "sfj/policy/old" / name
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)))
    repository.git("add", "content")
    assert repository.codes() == []


def test_what_lies_behind_a_link_is_not_read(repository: Repository) -> None:
    """It is no part of the commit; on a server it would be a file of the server's."""
    repository.commit()
    (repository.root / "elsewhere.csv").write_text(f"张三,{IDENTITY}\n", "utf-8")
    link = repository.content / "sfj/policy/old/a.csv"
    link.parent.mkdir()
    link.symlink_to(repository.root / "elsewhere.csv")
    repository.git("add", "content")
    assert repository.codes() == ["symbolic-link"]


def test_staged_item_is_checked_as_it_is_staged(repository: Repository) -> None:
    """Not as it lies on disk; and uncleared ones too, since the history keeps them."""
    repository.commit()
    path = repository.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    assert repository.codes() == []
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-block"]
    path.write_text(path.read_text("utf-8").replace(IDENTITY, "略"), "utf-8")
    assert repository.codes() == ["negative-list-block"]
    repository.git("add", "content")
    assert repository.codes() == []


def test_staged_attachment_is_inspected(repository: Repository) -> None:
    """An exchanged attachment brings its item with it."""
    repository.write("jyglj/policy/a", attachments="[b.csv]", body="见附件。")
    (repository.content / "jyglj/policy/a").mkdir()
    file = repository.content / "jyglj/policy/a/b.csv"
    file.write_text("姓名\n张三\n", "utf-8")
    repository.commit()
    file.write_text(f"姓名,号码\n张三,{IDENTITY}\n", "utf-8")
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-attachment"]


def test_faulty_front_matter_is_told_before_it_is_committed(repository: Repository) -> None:
    """The first commit of a repository is compared with nothing."""
    repository.write("jyglj/policy/a", cleared='"true"')
    repository.git("add", "content")
    assert repository.codes() == ["clearance-flag-type"]
    assert staged_items(repository.content) == ("jyglj/policy/a", "sfj/policy/old")


def test_deleted_item_is_not_checked(repository: Repository) -> None:
    """What goes needs no check."""
    repository.commit()
    repository.git("rm", "-q", "content/sfj/policy/old.md")
    assert staged_items(repository.content) == ()


def test_item_that_loses_a_file_is_checked(repository: Repository) -> None:
    """It would go from the site with its attachment; and so is what an item leaves behind."""
    repository.write("jyglj/policy/a", attachments="[b.csv]", body="见附件。")
    (repository.content / "jyglj/policy/a").mkdir()
    (repository.content / "jyglj/policy/a/b.csv").write_text("事项\n", "utf-8")
    repository.commit()
    repository.git("rm", "-q", "content/jyglj/policy/a/b.csv")
    assert repository.codes() == ["attachment-missing"]
    repository.git("reset", "-q", "--hard")
    repository.git("rm", "-q", "content/jyglj/policy/a.md")
    assert repository.codes() == ["folder-without-item"]
    repository.git("rm", "-q", "content/jyglj/policy/a/b.csv")
    assert repository.codes() == []


def test_item_whose_file_went_to_another_is_checked(repository: Repository) -> None:
    """Git may take it for a file with a new name; the item has lost it all the same."""
    repository.write("jyglj/policy/a", attachments="[b.csv]", body="见附件。")
    repository.write("jyglj/policy/c", body="正文。")
    for name in ("a", "c"):
        (repository.content / "jyglj/policy" / name).mkdir()
    (repository.content / "jyglj/policy/a/b.csv").write_text("事项，件数，备注\n" * 20, "utf-8")
    repository.commit()
    repository.git("mv", "content/jyglj/policy/a/b.csv", "content/jyglj/policy/c/b.csv")
    assert repository.codes() == ["attachment-missing"]


def test_unsettled_conflicts_are_named(repository: Repository) -> None:
    """Rather than what git says of each of the three versions."""
    repository.commit()
    repository.git("branch", "there")
    repository.write("sfj/policy/old", body="这边的正文。")
    repository.commit()
    repository.git("checkout", "-q", "there")
    repository.write("sfj/policy/old", body="那边的正文。")
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "@{-1}")
    with pytest.raises(UsageError, match=r"冲突还没有解决：sfj/policy/old\.md。"):
        repository.codes()


def test_many_items_may_be_staged_at_once(repository: Repository) -> None:
    """As when a unit's whole archive comes in: their names are more than a command may be told."""
    repository.commit()
    many = [f"jyglj/policy/{'长' * 60}{number}" for number in range(8000)]
    with staged(repository.content, [*many, "sfj/policy/old"]) as folder:
        assert [path.name for path in folder.rglob("*.md")] == ["old.md"]


def test_item_names_in_chinese_and_with_spaces_are_found(repository: Repository) -> None:
    """Git's quoting of names is not taken for names."""
    repository.commit()
    repository.write("jyglj/policy/通知 一", cleared="false")
    repository.git("add", "content")
    assert staged_items(repository.content) == ("jyglj/policy/通知 一",)


def test_commit_is_compared_with_an_older_one(repository: Repository) -> None:
    """What a pre-receive hook asks: the index of the new commit against the old one."""
    old = repository.commit()
    repository.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    repository.commit()
    assert repository.codes() == []
    assert repository.codes(old) == ["negative-list-block"]


def test_more_items_than_a_command_line_holds_are_laid_out(repository: Repository) -> None:
    """As in the first commit of a cluster that moves in; and no others."""
    repository.commit()
    blob = repository.git("hash-object", "-w", "content/sfj/policy/old.md").strip()
    names = [f"content/jyglj/policy/{'很长的名称' * 11}-{number:05}.md" for number in range(6_000)]
    repository.git("update-index", "--index-info", data="".join(f"100644 {blob}\t{name}\n" for name in names))
    items = staged_items(repository.content)
    assert len(items) == len(names)
    with staged(repository.content, items) as folder:
        assert len(list(folder.rglob("*.md"))) == len(names)


def test_content_of_a_commit_is_laid_out(repository: Repository) -> None:
    """Whatever has changed since, here and in the index."""
    commit = repository.commit()
    repository.write("sfj/policy/old", body="新的正文。")
    repository.git("add", "content")
    with committed(repository.content, commit) as folder:
        assert "旧的正文" in (folder / "sfj/policy/old.md").read_text("utf-8")
    assert "新的正文" in repository.git("diff", "--cached")


def test_last_change_of_a_source_is_its_commits_day(repository: Repository) -> None:
    """And of one that changed since, or was never committed, the day of its file; as days are counted in China."""
    source = repository.content / "sfj/policy/old.md"
    late = datetime(2026, 11, 30, 17, tzinfo=UTC).timestamp()
    os.utime(source, (late, late))
    assert last_changes(repository.content, ["sfj/policy/old.md"]) == {"sfj/policy/old.md": date(2026, 12, 1)}
    repository.write("sfj/policy/still", body="没有改过。")
    repository.commit()
    moment = int(repository.git("log", "-1", "--format=%ct"))
    day = datetime.fromtimestamp(moment, SHANGHAI).date().isoformat()
    os.utime(repository.content / "sfj/policy/old.md", (0, 0))
    assert last_changes(repository.content, ["sfj/policy/old.md"])["sfj/policy/old.md"].isoformat() == day
    repository.write("sfj/policy/old", body="旧的正文，改过。")
    repository.git("commit", "-q", "-a", "-m", "x", GIT_COMMITTER_DATE="2031-01-02T12:00:00+00:00")
    found = last_changes(repository.content, ["sfj/policy/old.md", "sfj/policy/still.md"])
    assert found["sfj/policy/old.md"] == date(2031, 1, 2)
    assert found["sfj/policy/still.md"].isoformat() == day
    for name in ("new", "old"):
        os.utime(repository.write(f"sfj/policy/{name}", body="新的正文。"), (86400 * 365, 86400 * 365))
        path = f"sfj/policy/{name}.md"
        assert last_changes(repository.content, [path])[path].year in (1970, 1971)


def test_name_in_the_history_that_is_no_utf8_is_passed_over(repository: Repository) -> None:
    """Somebody once committed what a foreign archive held: the days of all other sources are told none the less."""
    foreign = Path(os.fsdecode(os.fsencode(repository.content) + "/公告.md".encode("gbk")))
    foreign.touch()
    repository.commit()
    foreign.unlink()
    repository.git("commit", "-q", "-a", "-m", "x")
    foreign.touch()
    assert last_changes(repository.content, ["sfj/policy/old.md"]).keys() == {"sfj/policy/old.md"}


def test_content_differs_since_a_commit_by_sources_only(repository: Repository) -> None:
    """A withdrawal is no source, nor is what was withdrawn."""
    commit = repository.commit()
    for name in ("_withdrawn", "_clearance"):
        folder = repository.content / "sfj" / name
        folder.mkdir()
        (folder / "x.yml").write_text("a: b\n", "utf-8")
    assert not differs_since(repository.content, commit)
    (repository.content / "sfj/policy/old.md").unlink()
    assert differs_since(repository.content, commit)
    assert not differs_since(repository.content, commit, ["sfj/policy/old"])
    repository.write("sfj/policy/new")
    assert differs_since(repository.content, commit, ["sfj/policy/old"])


@pytest.mark.parametrize("folder", ["_withdrawn", "_clearance"])
def test_evidence_is_neither_deleted_nor_altered(repository: Repository, folder: str) -> None:
    """Neither in the index nor on a branch; a new file is the way to a new decision."""
    path = repository.record() if folder == "_clearance" else repository.evidence()
    fork = repository.commit()
    repository.evidence(folder, b"c: d\n")
    repository.git("add", "content")
    assert repository.codes() == []
    repository.commit()
    path.write_bytes(b"a: x\n")
    assert [one.code for one in tampered_since(repository.content, fork)] == ["evidence-changed"]
    repository.git("add", "content")
    assert repository.codes() == ["evidence-changed"]
    path.unlink()
    (found,) = tampered_since(repository.content, fork)
    assert (found.code, found.path) == ("evidence-deleted", f"content/sfj/{folder}/{path.name}")
    repository.git("add", "content")
    assert repository.codes() == ["evidence-deleted"]
    path.symlink_to("other.yml")
    repository.git("add", "content")
    assert repository.codes() == ["evidence-changed"]


def test_link_is_no_evidence_even_to_the_same_bytes(repository: Repository) -> None:
    """Whoever can write where it leads could alter what it says."""
    raw = b"a: b\n"
    path = repository.evidence(raw=raw)
    fork = repository.commit()
    elsewhere = repository.root / "elsewhere.yml"
    path.rename(elsewhere)
    assert elsewhere.read_bytes() == raw
    path.symlink_to(elsewhere)
    assert [one.code for one in tampered_since(repository.content, fork)] == ["evidence-changed"]


def test_renamed_evidence_is_deleted_evidence(repository: Repository) -> None:
    """Git's likenesses of files hide nothing."""
    path = repository.evidence()
    repository.commit()
    path.rename(path.with_name("other-2026-11-20-00000000.yml"))
    repository.git("add", "content")
    assert repository.codes() == ["evidence-deleted"]


def test_damaged_evidence_may_be_restored(repository: Repository) -> None:
    """And a damaged record thrown away, but never a damaged withdrawal; line ends are git's own affair."""
    record, withdrawal = repository.evidence("_clearance"), repository.evidence()
    good = record.read_bytes()
    for path in (record, withdrawal):
        path.write_bytes(b"<<<<<<<\n")
    repository.commit()
    for path in (record, withdrawal):
        path.write_bytes(good.replace(b"\n", b"\r\n"))
    repository.git("add", "content")
    assert repository.codes() == []
    for path in (record, withdrawal):
        path.unlink()
    repository.git("add", "content")
    assert repository.codes() == ["evidence-deleted"]


def test_record_that_no_rule_believes_any_more_may_be_thrown_away(repository: Repository) -> None:
    """Its name fits its bytes, and its item stays withheld: its hint is to clear that anew and remove the record."""
    path = repository.evidence("_clearance")
    repository.commit()
    path.unlink()
    repository.git("add", "content")
    assert repository.codes() == []


def test_merge_keeps_either_version_of_a_signature(repository: Repository) -> None:
    """Somebody signed on two branches; neither signature can be on both. A third is of nobody's making."""
    path = repository.evidence("_clearance").with_suffix(".drafter.sig")
    repository.commit()
    repository.git("branch", "other")
    path.write_text("here\n", "ascii")
    repository.commit()
    repository.git("checkout", "-q", "other")
    path.write_text("there\n", "ascii")
    other = repository.commit()
    repository.git("checkout", "-q", "-")

    def codes() -> list[str]:
        repository.git("add", "content")
        return [one.code for one in check_staged(repository.content, repository.sites, "HEAD", [other])]

    assert codes() == []
    path.write_text("there\n", "ascii")
    assert codes() == []
    path.write_text("third\n", "ascii")
    assert codes() == ["evidence-changed"]
    path.unlink()
    assert codes() == ["evidence-deleted"]
    with pytest.raises(UsageError):
        check_staged(repository.content, repository.sites, "HEAD", ["nowhere"])


def test_evidence_that_came_to_the_other_branch_is_not_lost_by_merging(repository: Repository) -> None:
    """What was withdrawn there since this branch left is there after the merge."""
    repository.commit()
    repository.git("branch", "ours")
    repository.evidence()
    main = repository.commit()
    repository.git("checkout", "-q", "ours")
    assert tampered_since(repository.content, main) == ()


def test_staged_definitions_are_checked(repository: Repository) -> None:
    """Those of the commit, not those on disk: faults of theirs are told, content or none."""
    repository.commit()
    path = repository.sites / "units" / "sfj.yml"
    text = path.read_text("utf-8")
    path.write_text(text + "unheard_of: x\n", "utf-8")
    assert repository.codes() == []
    repository.git("add", "sites")
    path.write_text(text, "utf-8")
    assert repository.codes()
    assert all(one.path.startswith("sites/") for one in check_staged(repository.content, repository.sites))
    repository.git("add", "sites")
    assert repository.codes() == []


def test_staged_negative_list_is_checked(repository: Repository) -> None:
    """A list that is no list would let everything through; one that is deleted as well."""
    repository.commit()
    path = repository.sites / "negative-list.yml"
    text = path.read_text("utf-8")
    path.write_text("rules: 1\n", "utf-8")
    repository.git("add", "sites")
    path.write_text(text, "utf-8")
    assert repository.codes()
    repository.git("rm", "-q", "-f", "--cached", "sites/negative-list.yml")
    assert repository.codes()


def test_staged_thesaurus_is_checked(repository: Repository) -> None:
    """It is staged beside the definitions, and no build can be made with a faulty one."""
    repository.commit()
    (repository.sites / "thesaurus.yml").write_text("探监: [\n", "utf-8")
    repository.git("add", "sites")
    assert [one.path for one in check_staged(repository.content, repository.sites)] == ["sites/thesaurus.yml"]


def test_content_is_checked_against_the_staged_definitions(repository: Repository) -> None:
    """A category that is staged with its first item is known; one that is only on disk is not."""
    repository.commit()
    path = repository.sites / "categories.yml"
    path.write_text(path.read_text("utf-8") + "- {id: notice, name: 公告, name_en: Notices}\n", "utf-8")
    repository.write("jyglj/notice/a")
    repository.git("add", "content")
    assert repository.codes()
    repository.git("add", "sites")
    assert repository.codes() == []


def test_definitions_outside_the_repository_are_read_as_they_lie(repository: Repository) -> None:
    """Definitions that nobody keeps in git are those on disk."""
    path = repository.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-block"]
    path.unlink()


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE9mS0pkWPcDDrUyJ4ZyvrAL5jVMHaLJsZ0bU4ZbkYbS"


def test_staged_register_of_signers_is_checked(repository: Repository) -> None:
    """A unit that wants signatures needs one, and each line of it is a name and a public key."""
    repository.commit()
    unit = repository.sites / "units" / "sfj.yml"
    unit.write_text(unit.read_text("utf-8") + "clearance: signed\n", "utf-8")
    repository.git("add", "sites")
    assert repository.codes() == ["signers-missing"]
    signers = repository.sites / "allowed_signers"
    signers.write_text(f"# 名册\n张三 {KEY}\n李四\n", "utf-8")
    repository.git("add", "sites")
    assert [(one.code, one.line) for one in check_staged(repository.content, repository.sites)] == [("signers-line", 3)]


@pytest.mark.parametrize(
    ("line", "good"),
    [
        (f"张三 {KEY}", True),
        (f'张三 namespaces="mingtang-clearance" {KEY} 张三的电脑', True),
        (f'"张 三" namespaces="a b",valid-before="20271231" {KEY}', True),
        (f'张三,李四 valid-after="20260101" {KEY}', True),
        (f"张三,李四 cert-authority {KEY}", False),
        (KEY, False),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", False),
        (f"张三 {KEY.replace('ssh-ed25519', 'ssh-rsa')}", False),
        ("张三 ssh-ed25519 !!!", False),
        ("张三 ssh-ed25519 AAAA", False),
        (f'张三 namespaces="x {KEY}', False),
    ],
)
def test_line_of_a_signer_is_a_name_and_a_key(line: str, good: bool) -> None:
    """What ``ssh-keygen`` would not find is told before it is missed."""
    assert bool(check_signers(line.encode())) is not good


@pytest.mark.parametrize(
    ("encoding", "code"), [("utf-8-sig", "encoding-bom"), ("gbk", "encoding-gbk"), ("utf-16", "encoding-utf16")]
)
def test_register_of_signers_that_windows_saved_is_told(encoding: str, code: str) -> None:
    """No name in it would be found, and the signers would be sent to sign again and again."""
    assert [one.code for one in check_signers(f"张三 {KEY}\n".encode(encoding))] == [code]
    assert check_signers(f"张三 {KEY}\r\n李四 {KEY}\r\n".encode()) == ()


# --- what an item said before ------------------------------------------------------------------


def test_history_tells_every_version_of_an_item(repository: Repository) -> None:
    """Also those of another branch, of a folder of its own, and of a source that is gone; of no other item."""
    first, second, third = (f"第{n}版的正文，写得足够长，认得出来。" for n in "一二三")
    repository.write("sfj/policy/new", title="新", body=first)
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    path = repository.write("sfj/policy/new", title="新", body=second)
    repository.commit()
    repository.git("checkout", "-q", "-")
    path.unlink()
    folder = repository.content / "sfj/policy/new"
    folder.mkdir()
    (folder / "index.md").write_text(f"---\ntitle: 新\n---\n\n{third}\n", "utf-8")
    (folder / "a.txt").write_text("附件", "utf-8")
    repository.write("sfj/policy/new-2", title="新二", body="别的条目，与它无关，名字开头相同。")
    repository.commit()
    repository.git("rm", "-q", "-r", "content/sfj/policy/new")
    head = repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},content/sfj/policy/new/elsewhere")
    repository.git("commit", "-q", "-m", "a repository within, of which this one has no file")
    found = earlier_versions(repository.content, "sfj/policy/new")
    assert found is not None
    assert found.bodies == {text_digest(body) for body in (first, second, third)}
    assert found.attachments == {hashlib.sha256("附件".encode()).hexdigest()}
    assert found.stood
    assert earlier_versions(repository.content, "sfj/policy/none") == Earlier()


def test_history_tells_what_only_a_merge_said(repository: Repository) -> None:
    """Somebody settled a conflict in words of their own, on a branch that went no further."""
    bodies = [f"{n}的正文，写得足够长，认得出来。" for n in ("这边", "那边", "合并")]
    repository.write("sfj/policy/new", body="共同的正文。")
    repository.commit()
    repository.git("branch", "there")
    repository.write("sfj/policy/new", body=bodies[0])
    here = repository.commit()
    repository.git("checkout", "-q", "there")
    repository.write("sfj/policy/new", body=bodies[1])
    repository.commit()
    repository.git("merge", "-q", "-s", "ours", "--no-commit", here)
    repository.write("sfj/policy/new", body=bodies[2])
    repository.commit()
    repository.git("checkout", "-q", "-")
    found = earlier_versions(repository.content, "sfj/policy/new")
    assert found is not None
    assert found.bodies == {text_digest(body) for body in bodies}  # and not one so short that many items say it


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_history_is_read_where_git_shows_signatures_with_it(repository: Repository, tmp_path: Path) -> None:
    """What it says of them stands before what it was asked for, and no earlier text would be bound."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", f"{key}.pub"), ("commit.gpgSign", "true")):
        repository.git("config", name, value)
    body = "第一版的正文，写得足够长，认得出来。"
    path = repository.write("sfj/policy/new", title="新", body=body)
    repository.commit()
    path.unlink()
    repository.commit()
    repository.git("config", "log.showSignature", "true")
    assert repository.git("log", "--format=").strip()  # signatures are shown
    found = earlier_versions(repository.content, "sfj/policy/new")
    assert found is not None
    assert found.bodies == {text_digest(body)}
    os.utime(repository.content / "sfj/policy/old.md", (0, 0))
    repository.git("update-index", "--refresh")
    assert last_changes(repository.content, ["sfj/policy/old.md"])["sfj/policy/old.md"].year > 1970


def test_an_item_stood_though_its_text_is_too_short_to_be_bound(repository: Repository) -> None:
    """It can be withdrawn by its id; one of which there was only a file beside it never was an item."""
    repository.write("sfj/policy/short", title="短", body="短。")
    (repository.content / "sfj/policy/files").mkdir()
    (repository.content / "sfj/policy/files/a.txt").write_text("附件", "utf-8")
    repository.commit()
    (repository.content / "sfj/policy/short.md").unlink()
    repository.commit()
    assert earlier_versions(repository.content, "sfj/policy/short") == Earlier(stood=True)
    found = earlier_versions(repository.content, "sfj/policy/files")
    assert found is not None
    assert (found.stood, len(found.attachments)) == (False, 1)


def test_where_there_is_no_history_nothing_is_told(tmp_path: Path) -> None:
    """That is said, and is not the same as a history without the item."""
    assert earlier_versions(tmp_path, "sfj/policy/new") is None


def test_attachments_have_the_same_bytes_on_every_machine(repository: Repository, tmp_path: Path) -> None:
    """A record binds them by their digest, and git for Windows turns line ends where it is not told otherwise."""
    shutil.copy(REPOSITORY / ".gitattributes", repository.root)
    repository.git("config", "core.autocrlf", "true")
    table, item = b"\xef\xbb\xbfa,b\r\n1,2\r\n", repository.content / "sfj/policy/old.md"
    (repository.content / "sfj/policy/old").mkdir()
    (repository.content / "sfj/policy/old/b.csv").write_bytes(table)
    item.write_bytes(item.read_bytes().replace(b"\n", b"\r\n"))
    repository.git("add", ".gitattributes")
    repository.commit()
    for name, turns in (("windows", "true"), ("linux", "false")):
        repository.git("-c", f"core.autocrlf={turns}", "clone", "-q", ".", str(tmp_path / name))
        found = tmp_path / name / "content/sfj/policy"
        assert (found / "old/b.csv").read_bytes() == table
        assert b"\r" not in (found / "old.md").read_bytes()


def test_two_versions_of_an_attachment_are_not_mixed(repository: Repository) -> None:
    """A table with marks of a conflict in its midst would be published as it stands; of an item that is found out."""
    shutil.copy(REPOSITORY / ".gitattributes", repository.root)
    repository.git("add", ".gitattributes")
    item, table = repository.content / "sfj/policy/old.md", repository.content / "sfj/policy/old/b.csv"
    table.parent.mkdir()
    for branch in ("one", "other"):
        table.write_text(f"{branch}\n", "utf-8")
        item.write_text(f"{branch}\n", "utf-8")
        repository.commit()
        repository.git("branch", branch)
        if branch == "one":
            repository.git("checkout", "-q", "--orphan", "apart")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "--allow-unrelated-histories", "one")
    assert table.read_text("utf-8") == "other\n"
    assert "<<<<<<<" in item.read_text("utf-8")


@pytest.mark.parametrize("slug", ["public", "preview", "released"])
def test_no_item_is_ignored_for_its_name(repository: Repository, slug: str) -> None:
    """What git does not see is public here and gone from the server."""
    shutil.copy(REPOSITORY / ".gitignore", repository.root)
    path = repository.write(f"jyglj/policy/{slug}")
    path.with_suffix("").mkdir()
    path.rename(path.with_suffix("") / "index.md")
    repository.commit()
    assert staged_items(repository.content, EMPTY_TREE) == (f"jyglj/policy/{slug}", "sfj/policy/old")


@pytest.mark.parametrize(
    "ask",
    [
        lambda cluster: check_staged(cluster.content, cluster.sites),
        lambda cluster: committed(cluster.content, "HEAD").__enter__(),
    ],
    ids=["staged", "committed"],
)
def test_there_is_nothing_to_compare_with_outside_a_repository(
    tmp_path: Path, ask: Callable[[SmallCluster], object]
) -> None:
    """Said in a line, where git would print all that it knows to do without one."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    with pytest.raises(UsageError) as refused:
        ask(cluster)
    assert "不在 git 仓库里" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda cluster: check_staged(cluster.content, cluster.sites),
        lambda cluster: earlier_versions(cluster.content, "sfj/policy/old"),
        lambda cluster: install.callback(force=False),
    ],
    ids=["staged", "earlier", "hooks"],
)
def test_repository_that_git_does_not_read_is_not_taken_for_none(
    repository: Repository, ask: Callable[[SmallCluster], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is another user's, as on a shared drive: git says what to do, and no earlier text is left unbound."""
    repository.commit()
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.chdir(repository.root)
    with pytest.raises(UsageError, match=r"safe\.directory"):
        ask(repository)
