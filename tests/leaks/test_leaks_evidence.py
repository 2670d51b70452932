"""Leak scenarios: records, signatures, withdrawals. Guards: ``tests.leaks.mutations``."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from generator.authoring.clearing import moved_decision
from generator.authoring.earlier import Earlier
from generator.clearance import records, signatures, withdrawals
from generator.clearance.records import Step
from generator.clearance.remembered import REMEMBERED
from generator.commands.versions import check_against, check_staged
from generator.errors import UsageError
from tests.build.cluster import NOW
from tests.leaks.house import STEPS, TEXT, TITLE, WORD, House, replace_settings

ITEM = "jyglj/policy/neibu"
SHORT = "正文在附件。"


def edit(path: Path, old: str, new: str) -> None:
    """Change a source as an editor would."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# --- records ------------------------------------------------------------------------------


def test_flag_alone_clears_nothing_under_the_policy_record(house: House) -> None:
    """Three reviews by flag passed a 秘密 file onto a portal (NORMS, finding 2)."""
    house.policy("jyglj", "record")
    house.secret(ITEM, cleared="true")
    house.stays_in()
    house.clear(ITEM)
    house.is_out(ITEM)


def test_record_alone_clears_nothing_without_the_flag(house: House) -> None:
    """Flag *and* record."""
    house.policy("jyglj", "record")
    house.secret(ITEM)
    house.clear(ITEM)
    house.stays_in()


@pytest.mark.parametrize("policy", ["flag", "record"])
def test_later_edit_of_one_character_voids_the_record(house: House, policy: str) -> None:
    """A later edit carried the secret (NORMS §10); a record binds under every policy."""
    house.policy("jyglj", policy)
    path = house.write(ITEM, title="已审", body="已审查的正文。")
    house.clear(ITEM)
    house.is_out(ITEM)
    edit(path, "已审查的正文。", f"已审查的正文{WORD}")
    house.stays_in(WORD)


def test_later_edit_of_the_front_matter_voids_the_record(house: House) -> None:
    """Title, summary and keywords are shown, so they are bound."""
    path = house.write(ITEM, title="已审", body="已审查的正文。")
    house.clear(ITEM)
    edit(path, "title: 已审", f"title: {TITLE}")
    house.stays_in(TITLE)


def test_exchanged_attachment_voids_the_record(house: House) -> None:
    """The secret is only in the attachment (12371.cn, 2021)."""
    house.with_file(ITEM, "fujian.txt", "已审查的附件。")
    house.clear(ITEM)
    house.is_out(ITEM)
    house.file(f"{ITEM}/fujian.txt", TEXT)
    house.stays_in(TEXT)


def test_added_attachment_voids_the_record(house: House) -> None:
    """A second attachment slipped in after the review."""
    house.with_file(ITEM, "fujian.txt", "已审查的附件。")
    house.clear(ITEM)
    house.with_file(ITEM, "mingdan.txt", TEXT, attachments="[fujian.txt, mingdan.txt]")
    house.stays_in(TEXT)


@pytest.mark.parametrize("conclusion", ["依申请公开", "不予公开", "报保密部门确定"])
def test_conclusion_that_refuses_withholds(house: House, conclusion: str) -> None:
    """A record may say no."""
    house.secret(ITEM, cleared="true")
    house.clear(ITEM, conclusion=conclusion)
    house.stays_in()


def test_refused_item_that_moves_stays_refused(house: House) -> None:
    """A refusal binds what was read, wherever it is put: the flag alone suffices here, and does not for this."""
    house.secret("jyglj/policy/first", cleared="true")
    house.clear("jyglj/policy/first", conclusion="不予公开")
    shutil.move(house.content / "jyglj/policy/first.md", house.content / f"{ITEM}.md")
    house.stays_in()


def test_refusal_after_a_permission_is_not_undone_by_a_move(house: House) -> None:
    """The earlier permission, repeated for the new place, is no later decision than the refusal of the same content."""
    path = house.secret(ITEM, cleared="true")
    house.clear(ITEM)
    later = STEPS["approver"].date + timedelta(days=3)
    house.clear(ITEM, conclusion="不予公开", approver=Step(by="审查员丁", date=later))
    moved = path.with_name("moved.md")
    path.rename(moved)
    item = f"{ITEM.rpartition('/')[0]}/moved"
    with pytest.raises(UsageError, match="不予公开"):
        moved_decision(house.facts(item), house.desk().evidence)
    house.clear(item)
    house.stays_in()
    house.clear(item, approver=Step(by="审查员丁", date=later + timedelta(days=1)))
    house.is_out(item)


def test_refused_body_under_another_title_stays_refused(house: House) -> None:
    """A copy with another title and date says the same."""
    house.secret("jyglj/policy/first", cleared="true")
    house.clear("jyglj/policy/first", conclusion="不予公开")
    shutil.copy(house.content / "jyglj/policy/first.md", house.content / f"{ITEM}.md")
    edit(house.content / f"{ITEM}.md", f"title: {TITLE}", "title: 另一个题目")
    house.stays_in(TEXT)


def test_one_person_in_two_roles_clears_nothing(house: House) -> None:
    """自己写、自己审: four roles, four persons."""
    house.policy("jyglj", "record")
    house.secret(ITEM, cleared="true")
    house.clear(ITEM, secrecy=Step(by=STEPS["drafter"].by, date=date(2026, 9, 2), opinion="不涉密"))
    house.stays_in()


def test_approval_before_the_review_clears_nothing(house: House) -> None:
    """Dates in order."""
    house.policy("jyglj", "record")
    house.secret(ITEM, cleared="true")
    house.clear(ITEM, approver=Step(by="审查员丁", date=date(2026, 8, 1)))
    house.stays_in()


def test_approval_after_the_publication_clears_nothing(house: House) -> None:
    """先审查、后公开 (实施条例 42)."""
    house.policy("jyglj", "record")
    house.secret(ITEM, cleared="true", date="2026-09-02")
    house.clear(ITEM)
    house.stays_in()


def test_record_edited_by_hand_clears_nothing(house: House) -> None:
    """A refusal that somebody turned into a permission is told by its name."""
    house.secret(ITEM, cleared="true")
    path = house.clear(ITEM, conclusion="不予公开")
    edit(path, "不予公开", "同意公开")
    house.stays_in()


def test_spoilt_record_still_binds_under_the_policy_flag(house: House) -> None:
    """Spoiling a refusal does not fall back on the flag."""
    house.secret(ITEM, cleared="true")
    path = house.clear(ITEM, conclusion="不予公开")
    path.write_bytes(path.read_bytes()[:-30])
    house.stays_in()


@pytest.mark.parametrize("end", [".yaml", ".YML", ".Yml"])
def test_record_under_another_extension_still_binds(house: House, end: str) -> None:
    """A refusal that an editor saved as .yaml does not fall back on the flag."""
    house.secret(ITEM, cleared="true")
    path = house.clear(ITEM, conclusion="不予公开")
    path.rename(path.with_suffix(end))
    house.stays_in()


def test_record_of_another_item_clears_nothing(house: House) -> None:
    """A record does not follow a copy of its item."""
    house.policy("jyglj", "record")
    house.secret("jyglj/policy/first", cleared="true")
    house.clear("jyglj/policy/first")
    shutil.move(house.content / "jyglj/policy/first.md", house.content / f"{ITEM}.md")
    house.stays_in()


def test_record_for_another_text_clears_nothing(house: House) -> None:
    """The digest of the parts is computed, not believed."""
    house.policy("jyglj", "record")
    path = house.secret(ITEM, cleared="true")
    wanted = house.facts(ITEM)
    house.write(ITEM, title="无害", body="无害的正文。")
    record = house.clear(ITEM)
    harmless = records.parse_record(record.read_bytes(), f"content/jyglj/_clearance/{record.name}")
    assert isinstance(harmless, records.Record)
    record.unlink()
    forged = records.format_record(harmless).decode().replace(harmless.digest, wanted.digest)
    house.file(f"jyglj/_clearance/{records.record_name('neibu', forged.encode())}", forged)
    path = house.secret(ITEM, cleared="true")
    assert path.is_file()
    house.stays_in()


def test_unsigned_record_clears_nothing_under_the_policy_signed(house: House) -> None:
    """ "Distinct persons" is proved by signatures, not typed."""
    house.policy("jyglj", "signed")
    (house.sites / "allowed_signers").write_text("", "utf-8")
    house.secret(ITEM, cleared="true")
    house.clear(ITEM)
    house.stays_in()


def test_signatures_that_hold_are_not_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build remembers what it verified, and forgets it when the record, the signers or the cache change."""
    house.policy("jyglj", "signed")
    house.write(ITEM, title="已审", body="已审查的正文。")
    record = house.clear(ITEM)
    raw = record.read_bytes()
    lines = []
    for role in records.ROLES:
        key = house.root / role
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
        public = key.with_suffix(".pub").read_text("utf-8").strip()
        lines.append(f'{STEPS[role].by} namespaces="{signatures.NAMESPACE}" {public}\n')
        record.with_name(signatures.signature_name(record.name, role)).write_bytes(signatures.sign(raw, key))
    signers = house.sites / "allowed_signers"
    signers.write_text("".join(lines), "utf-8")
    tried: list[str] = []
    verify = signatures.verify

    def counted(raw: bytes, signature: bytes, signers: Path, person: str, day: str) -> str:
        tried.append(person)
        return verify(raw, signature, signers, person, day)

    monkeypatch.setattr(signatures, "verify", counted)
    house.is_out(ITEM)
    assert len(tried) == 4
    house.write("jyglj/policy/other", body="另一条。")
    house.is_out(ITEM)
    assert len(tried) == 4
    signers.write_text("".join(lines[1:]), "utf-8")
    house.publish()
    assert len(tried) == 8
    assert not house.has(f"{ITEM}.html")


def test_names_of_reviewers_are_not_public(house: House) -> None:
    """Who reviewed is internal; exemptions and their reasons too."""
    house.write(ITEM, title="已审", body="已审查的正文。")
    house.clear(ITEM)
    house.is_out(ITEM)
    assert house.traces("审查员甲", "审查员乙", "审查员丙", "审查员丁", "jyglj-2026-0001") == []


# --- withdrawals --------------------------------------------------------------------------


def test_withdrawn_item_goes_although_its_flag_stays(house: House) -> None:
    """Removals that users had asked for were still served (amplify-hosting#294)."""
    house.secret(ITEM, cleared="true")
    house.is_out(ITEM)
    house.withdraw(ITEM)
    house.stays_in()


def test_withdrawn_item_does_not_come_back_with_a_new_text(house: House) -> None:
    """The id is spent for ever."""
    house.secret(ITEM, cleared="true")
    house.withdraw(ITEM)
    house.secret(ITEM, cleared="true", body="换了一段正文，还是这一条。")
    house.stays_in(TITLE, WORD)


def test_withdrawn_text_does_not_come_back_under_another_slug(house: House) -> None:
    """An identical copy is caught by the digest of its body."""
    house.secret(ITEM, cleared="true")
    house.withdraw(ITEM)
    shutil.move(house.content / f"{ITEM}.md", house.content / "jyglj/policy/xin.md")
    house.stays_in()


def test_withdrawn_text_does_not_come_back_when_its_unit_leaves_the_cluster(house: House) -> None:
    """Offices are merged: what one withdrew, the other must not publish, whatever a machine remembers."""
    gone = "heping/policy/gone"
    house.secret(gone, cleared="true")
    house.withdraw(gone)
    house.file(f"{ITEM}.md", (house.content / f"{gone}.md").read_bytes())
    (house.content / f"{gone}.md").unlink()
    (house.content / f"{gone}.md").parent.rmdir()
    edit(house.content / f"{ITEM}.md", "unit: heping", "unit: jyglj")
    house.stays_in()
    (house.sites / "units" / "heping.yml").unlink()
    edit(house.sites / "cluster.yml", ", heping", "")
    house.stays_in()
    assert house.last is not None
    assert [one.code for one in house.last.diagnostics if one.path == "content/heping"] == []
    shutil.rmtree(house.settings().state)
    house.stays_in()


def test_earlier_text_of_a_withdrawn_item_does_not_come_back(house: House) -> None:
    """It was mended before it was withdrawn, and somebody kept a copy of what it said first."""
    house.secret(ITEM, cleared="true")
    first = house.facts(ITEM).text_digest
    house.write(ITEM, title=TITLE, body="改过的正文，不再说那些话。")
    house.withdraw(ITEM, earlier=Earlier(frozenset({first})))
    house.secret("jyglj/policy/xin", cleared="true")
    house.stays_in()


def test_withdrawn_attachment_does_not_come_back_with_another_item(house: House) -> None:
    """Whatever name it has by then."""
    house.with_file(ITEM, "mingdan.txt", TEXT)
    house.withdraw(ITEM)
    house.with_file("sfj/policy/xin", "biao.txt", TEXT)
    house.stays_in(TEXT)


def test_index_number_of_a_withdrawn_item_is_not_used_again(house: House) -> None:
    """索引号 never reused: who looks it up must not find something else."""
    house.secret(ITEM, cleared="true", index_number="SL0000027/2026-00042")
    house.withdraw(ITEM)
    house.secret("sfj/policy/xin", cleared="true", index_number="SL0000027/2026-00042", body="另一件事。")
    house.stays_in(TITLE, WORD)


def test_tombstone_tells_date_and_reason_and_nothing_else(house: House) -> None:
    """行政处罚法 48: withdrawn in public, with the reason, without the text."""
    house.secret(ITEM, cleared="true")
    house.withdraw(ITEM, tombstone=True)
    house.stays_in()
    assert "依法撤销" in (house.out / f"{ITEM}.html").read_text("utf-8")


def test_tombstone_shows_no_reason_that_the_negative_list_blocks(house: House) -> None:
    """A withdrawal is cleared by nobody, may be written by hand, and may speak of an item that never was."""
    reason = "误发王小明的号码13812345678，予以撤回"
    made = withdrawals.Withdrawal(
        path="", number="w-2", item=ITEM, withdrawn_on=date(2026, 11, 20), by="某", reason=reason, tombstone=True
    )
    raw = withdrawals.format_withdrawal(made)
    house.file(f"jyglj/_withdrawn/{withdrawals.withdrawal_name('neibu', made.withdrawn_on, raw)}", raw)
    house.stays_in("13812345678")
    assert not house.has(f"{ITEM}.html")
    assert house.last is not None
    assert [one.code for one in house.last.diagnostics] == ["withdrawal-reason"]


def test_where_a_tombstone_stands_is_no_leak_of_a_draft_of_the_same_name(house: House) -> None:
    """Every unit has a report of each year: one is withdrawn, another not cleared yet, and the rest goes out."""
    house.write("sfj/policy/niandu-baogao", title="年度报告", body="报告全文。")
    house.withdraw("sfj/policy/niandu-baogao", tombstone=True)
    house.secret("jyglj/policy/niandu-baogao")
    house.stays_in()
    assert house.has("sfj/policy/niandu-baogao.html")
    assert house.build().leaks == ()


def test_spoilt_withdrawal_brings_nothing_back(house: House) -> None:
    """A merge conflict in a withdrawal is a fault, and its item stays off."""
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    house.stays_in()


def test_a_withdrawal_that_is_told_of_binds_although_nothing_else_changed(house: House) -> None:
    """A hold finds it in the history, or a backup of the records is put back: the next build has something to do."""
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    elsewhere = house.settings("elsewhere")
    replace_settings(house, out=elsewhere.out, cache=elsewhere.cache, state=elsewhere.state)
    path.unlink()
    house.is_out(ITEM)
    time.sleep(0.02)
    house.publish()
    assert house.publish().screening is None
    shutil.copy(elsewhere.state / REMEMBERED, house.settings().state)
    house.stays_in()
    assert not house.has(f"{ITEM}.html")
    assert house.publish().screening is None


def test_deleted_withdrawal_brings_nothing_back(house: House) -> None:
    """Who deletes the file brings neither the item nor its copy back: builds remember what was in force."""
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    house.stays_in()
    path.unlink()
    for _ in range(2):
        result = house.publish()
        assert not house.has(f"{ITEM}.html")
        assert ("withdrawal-gone", f"content/jyglj/_withdrawn/{path.name}") in {
            (one.code, one.path) for one in result.diagnostics
        }
        assert result.faults
        house.stays_in()
    shutil.move(house.content / f"{ITEM}.md", house.content / "jyglj/policy/xin.md")
    house.publish()
    assert not house.has("jyglj/policy/xin.html")
    house.stays_in()


def test_withdrawal_rewritten_for_another_item_brings_nothing_back(house: House) -> None:
    """A file that was altered and given the name that fits its bytes again is a new one: the old one still binds."""
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    house.stays_in()
    raw = path.read_bytes().replace(ITEM.encode(), b"jyglj/policy/none")
    raw = b"".join(line for line in raw.splitlines(keepends=True) if not line.startswith(b"body:"))
    path.unlink()
    house.file(f"jyglj/_withdrawn/{withdrawals.withdrawal_name('none', date(2026, 11, 20), raw)}", raw)
    assert house.publish().faults
    house.stays_in()


def test_restored_withdrawal_lets_the_rest_go_on(house: House) -> None:
    """Whoever restores the file is rid of the fault; and what builds remember is for their owner only."""
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    house.stays_in()
    raw = path.read_bytes()
    path.unlink()
    house.publish()
    path.write_bytes(raw)
    house.stays_in()
    assert house.last is not None
    assert house.last.faults == 0
    remembered = house.root / "out-private/state/withdrawn.json"
    assert remembered.stat().st_mode & 0o077 == 0
    assert TITLE not in remembered.read_text("utf-8")


def test_deleted_refusal_lets_nothing_out(house: House) -> None:
    """Under ``flag`` an item without a record may pass; one that was refused may not, at whatever address."""
    house.secret(ITEM, cleared="true")
    path = house.clear(ITEM, conclusion="不予公开")
    house.stays_in()
    path.unlink()
    for _ in range(2):
        result = house.publish()
        assert "record-gone" in {one.code for one in result.diagnostics}
        assert result.faults
        house.stays_in()
    shutil.move(house.content / f"{ITEM}.md", house.content / "jyglj/policy/xin.md")
    result = house.publish()
    assert "record-gone" in {one.code for one in result.diagnostics}
    assert not house.has("jyglj/policy/xin.html")
    house.stays_in()
    remembered = house.root / "out-private/state/refused.json"
    assert remembered.stat().st_mode & 0o077 == 0
    assert TITLE not in remembered.read_text("utf-8")


def test_refusal_that_is_gone_with_its_item_is_not_missed(house: House) -> None:
    """A draft that was refused is thrown away: no later build asks for either."""
    house.secret(ITEM, cleared="true")
    path = house.clear(ITEM, conclusion="不予公开")
    house.stays_in()
    path.unlink()
    (house.content / f"{ITEM}.md").unlink()
    assert house.publish().faults == 0


def test_decision_of_the_same_day_lifts_a_refusal_whose_file_is_gone(house: House) -> None:
    """Written by mistake, deleted, and written again as it was meant."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    path = house.clear("jyglj/policy/gongkai", conclusion="不予公开")
    house.publish()
    assert not house.has("jyglj/policy/gongkai.html")
    path.unlink()
    house.clear("jyglj/policy/gongkai")
    result = house.publish()
    assert result.faults == 0
    house.is_out("jyglj/policy/gongkai")


def test_change_that_deletes_a_withdrawal_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is committed, and before the branch is merged."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    who = ["-c", "user.name=a", "-c", "user.email=a@x.example", "-c", "commit.gpgsign=false"]
    git = ["git", "-C", str(house.root), *who]
    house.secret(ITEM, cleared="true")
    path = house.withdraw(ITEM)
    for arguments in (["init", "-q"], ["add", "content", "sites"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *arguments], check=True)
    assert check_staged(house.settings(), "HEAD", "text") == 0
    assert check_against(house.settings(), "HEAD", "text") == 0
    path.unlink()
    assert check_against(house.settings(), "HEAD", "json") == 1
    subprocess.run([*git, "add", "content"], check=True)
    assert check_staged(house.settings(), "HEAD", "text") == 1


def test_withdrawal_holds_when_only_time_and_cache_are_older(house: House) -> None:
    """A warm build over a cache from before the withdrawal withholds as well."""
    house.secret(ITEM, cleared="true")
    house.publish()
    house.publish()
    house.withdraw(ITEM)
    house.stays_in(now=NOW)
    assert (
        msgspec.json.decode((house.root / "out-private/state/report.json").read_bytes())["items"][ITEM]["verdict"]
        == "withdrawn"
    )
