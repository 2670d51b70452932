"""Messages of the gate and of its evidence: records, signatures, withdrawals."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    # --- why an item that says it is cleared is withheld ---------------------------------
    "attachment-unattested": Message(
        "第 {attachment} 个附件读不出文字，须有人读过并在审查记录中署名，否则不发布",
        "attachment {attachment} has no text that can be read: a person must attest to having read it",
        "换成带文字层的文件；或逐页阅读后运行 clear 并用 --attest 署名",
        "use a file with a text layer, or read every page and run `clear` with --attest",
    ),
    "record-missing": Message(
        "已标为通过保密审查，但没有可采信的审查记录（本单位要求：{policy}），不发布",
        "marked as cleared, but no clearance record that can be believed exists (policy: {policy})",
        "完成审查后运行 python -m generator clear 写出记录",
        "have it reviewed and run `python -m generator clear`",
    ),
    "record-suspect": Message(
        "本条有一份审查记录已损坏或被改动，在查清之前不发布",
        "a clearance record of this item is damaged or was altered; the item is withheld until that is settled",
        "见该记录的提示：从版本库恢复原文件，或重新送审后删去坏的记录",
        "see what is said of the record: restore it, or clear the item again and remove the damaged one",
    ),
    "record-moved": Message(
        "审查记录 {number} 是给 {earlier} 的，条目移动或改名后不再有效",
        "record {number} clears {earlier}; it does not hold for the item at its new place",
        "内容未变的，运行 python -m generator clear --move 补一份新记录（须原批准人同意）",
        "if nothing else changed, run `python -m generator clear --move` to write a record for the new place",
    ),
    "record-void": Message(
        "审查记录 {number} 之后内容有变，记录失效，不发布。变动：{changed}",
        "the item has changed since record {number}, which is void. Changed: {changed}",
        "恢复原样，或把改后的内容重新送审（python -m generator clear）",
        "restore it, or have the changed item reviewed and cleared again (python -m generator clear)",
    ),
    "record-refused": Message(
        "审查记录 {number} 的结论是“{conclusion}”，与“审查通过”的标记不符，不发布",
        "record {number} concludes “{conclusion}”, against the flag; the item is withheld",
        "把 confidentiality_cleared 改为 false；情况有变的，重新送审",
        "set confidentiality_cleared to false, or have the item reviewed again",
    ),
    "record-refused-copy": Message(
        "内容与审查记录 {number} 所审的条目 {earlier} 相同，那次的结论是“{conclusion}”，不发布",
        "the content is that of {earlier}, on which record {number} concludes “{conclusion}”; the item is withheld",
        "移动、改名、另存不改变结论：把标记改为 false；情况有变的，重新送审（python -m generator clear）",
        "moving or copying changes no decision: set confidentiality_cleared to false, or have it reviewed again",
    ),
    "record-gone": Message(
        "内容审查过，记录 {number} 的结论是“{conclusion}”；记录的文件不见了，结论仍然有效，不发布",
        "record {number} concludes “{conclusion}” on this content; its file is gone, yet it binds",
        "用 git 恢复 {file}，把标记改为 false；当初误录或情况有变的，重新送审（python -m generator clear）",
        "restore {file} with git, and set confidentiality_cleared to false; or have the item reviewed again",
    ),
    "record-left": Message(
        "审查记录 {number} 是给 {earlier} 的，条目移动或改名后，这份记录不再约束它",
        "record {number} clears {earlier}; at its new place the item is bound by it no more",
        "运行 python -m generator clear --move，按原决定补一份记录，今后的改动才会被发现",
        "run `python -m generator clear --move` to repeat the decision here, so that later changes are noticed",
    ),
    "redirect-uncleared": Message(
        "redirect_from 里有一个带汉字的旧址，那个位置没有通过过审查；旧址也是公开的文字，审查记录不管它，不发布",
        "a former address holds words of a place that was never cleared: it is public, and no record binds it",
        "只写本单位条目审查过的旧位置（类别/短名.html）；旧网站的汉字地址写进 sites/old-addresses.yml",
        "name only places of the unit where an item was cleared; addresses of a former site: sites/old-addresses.yml",
    ),
    "record-late": Message(
        "审查记录 {number} 的批准日期晚于发布（更新）日期，或者还没有到：应先审查、后公开",
        "record {number} was approved after the date of publication, or is to be yet: review comes first",
        "核对日期；内容更正后重新审查的，写明 updated 和 change_note",
        "check the dates; for a correction that was cleared again, set updated and change_note",
    ),
    "record-unsigned": Message(
        "审查记录 {number} 缺少有效签名：{roles}",
        "record {number} lacks a valid signature of: {roles}",
        "请本人运行 python -m generator clear --sign 私钥；签过而失效的（密钥已注销或更换），重新送审",
        "each of them runs `python -m generator clear --sign KEY`; where a key was revoked since, clear the item anew",
    ),
    "record-one-key": Message(
        "审查记录 {number} 的几个角色用了同一把密钥签名，不能证明是不同的人",
        "one key signed record {number} in two roles: that proves no distinct persons",
        "由各人用自己的密钥签名，并核对 sites/allowed_signers",
        "each person signs with a key of their own; check sites/allowed_signers",
    ),
    "withdrawn-copy": Message(
        "正文与已撤回的内容（撤回编号 {withdrawal}）相同，不发布",
        "the body equals one that was withdrawn ({withdrawal}); the item is withheld",
        "确需重新公开的，重新审查，并用 clear --republish 写明撤回编号",
        "to publish it again, have it reviewed and run `clear --republish` with the withdrawal's number",
    ),
    "withdrawn-attachment": Message(
        "第 {attachment} 个附件已随撤回编号 {withdrawal} 撤回，不得再挂出",
        "attachment {attachment} was withdrawn ({withdrawal}) and must not appear again",
        "去掉这个附件；确需重新公开的，重新审查并用 clear --republish 写明撤回编号",
        "remove it, or have it reviewed and run `clear --republish` with the withdrawal's number",
    ),
    "withdrawn-index-number": Message(
        "索引号已用于撤回的信息（撤回编号 {withdrawal}），不得重复使用",
        "the index number belongs to a withdrawn item ({withdrawal}) and is never used again",
        "另编一个没有用过的索引号",
        "give the item a new one",
    ),
    "group-waits": Message(
        "同组（release_group）条目尚未全部通过，一并等待：{waiting}",
        "its release group waits for: {waiting}",
        "待同组条目都通过审查后自动一起发布",
        "it appears when all members of its group are cleared",
    ),
    "group-alone": Message(
        "同步发布组（release_group）里只有这一条，不等别的条目",
        "its release group has no other member: it waits for none",
        "核对各条的编号是否相同；不需要同步发布的，删去这个键",
        "compare the groups of the items; drop the key where nothing is to appear together",
    ),
    # --- faults of the evidence itself ---------------------------------------------------
    "evidence-syntax": Message(
        "文件内容不是“键: 值”的形式，不能作为依据",
        "the file is no mapping of keys to values and proves nothing",
        "这些文件只由命令写出，不要手改：从版本库恢复；审查记录恢复不了的，重新送审后删去，撤回文件不得删去",
        "these files are written by commands only: restore it; a record that cannot be restored is removed once its "
        "item was cleared again, a withdrawal never",
    ),
    "evidence-character": Message(
        "有一个键的值里有控制字符或改变文字方向的字符，不能作为依据",
        "a value holds control characters or direction overrides: the file proves nothing",
        "记录和撤回文件只由命令写出，不要手改；从版本库恢复，或者不用这些字符重新写出",
        "these files are written by commands only: restore it, or make it again without such characters",
    ),
    "evidence-unit": Message(
        "文件放在了别的单位的文件夹里，不予采信",
        "the file lies in the folder of another unit and is not believed",
        "放回条目所属单位的文件夹",
        "put it into the folder of the item's own unit",
    ),
    "evidence-number": Message(
        "编号与 {other} 重复",
        "its number is that of {other}",
        "多半是两个分支写了同一个 --number。审查记录：把其中一条重新送审（clear，不写 --number），新记录的编号不同，"
        "就不再提醒；撤回文件不能另写，引用编号时核对条目",
        "two branches gave one --number: clear one of the items anew without it, and its new record has another; "
        "a withdrawal stays, and whoever cites its number says which item is meant",
    ),
    "record-name": Message(
        "审查记录的文件名应为“短名-8位摘要.yml”",
        "a clearance record is named <slug>-<digest8>.yml",
        "记录由 python -m generator clear 写出，不要改名",
        "records are written by `python -m generator clear`: do not rename them",
    ),
    "record-altered": Message(
        "审查记录写出后被改动过（与文件名中的摘要不符），不予采信",
        "the record was changed after it was made (it does not match the digest in its name)",
        "从版本库恢复原文件；内容有变的，重新送审",
        "restore it from version control, or have the item reviewed again",
    ),
    "record-key-unknown": Message(
        "审查记录中有不认识的键 {key}",
        "unknown key {key} in the clearance record",
        "记录由 python -m generator clear 写出，不要手改",
        "records are written by `python -m generator clear`",
    ),
    "record-key-missing": Message(
        "审查记录缺少 {key}",
        "the clearance record lacks {key}",
        "记录由 python -m generator clear 写出，不要手改",
        "records are written by `python -m generator clear`",
    ),
    "record-value": Message(
        "审查记录中 {key} 的写法不对",
        "the value of {key} in the clearance record is not of the right form",
        "记录由 python -m generator clear 写出，不要手改",
        "records are written by `python -m generator clear`",
    ),
    "record-item": Message(
        "审查记录的文件名与其中的条目不一致",
        "the record's file name and its item disagree",
        "记录由 python -m generator clear 写出，不要改名",
        "records are written by `python -m generator clear`: do not rename them",
    ),
    "record-conclusion": Message(
        "审查结论只能是：{allowed}",
        "the conclusion must be one of: {allowed}",
        "重新运行 python -m generator clear",
        "run `python -m generator clear` again",
    ),
    "record-same-person": Message(
        "{role}与前一环节是同一人：承办、部门、保密、批准须为不同的人",
        "the {key} also acted in an earlier role: the four must be distinct persons",
        "换人重新审查",
        "have it reviewed by another person",
    ),
    "record-date-order": Message(
        "{role}的日期早于{before}的日期",
        "the date of {key} is earlier than that of the step before it",
        "核对各环节日期后重新写出记录",
        "check the dates and write the record again",
    ),
    "signers-missing": Message(
        "有单位要求签名（signed），但没有 allowed_signers 文件，这些单位的条目都不发布",
        "units have the policy `signed`, but there is no allowed_signers file: none of their items passes",
        "按 docs/clearance.md 建立 sites/allowed_signers",
        "make sites/allowed_signers as docs/clearance.md says",
    ),
    "withdrawal-name": Message(
        "撤回文件名应为“短名-日期-8位摘要.yml”",
        "a withdrawal is named <slug>-<date>-<digest8>.yml",
        "撤回文件由 python -m generator withdraw 写出，不要改名",
        "withdrawals are written by `python -m generator withdraw`: do not rename them",
    ),
    "withdrawal-altered": Message(
        "撤回文件写出后被改动过；所指条目仍不发布",
        "the withdrawal was changed after it was made; its item stays withheld all the same",
        "从版本库恢复原文件",
        "restore it from version control",
    ),
    "withdrawal-gone": Message(
        "曾经生效的撤回 {number} 的文件不见了；所撤回的内容仍不发布",
        "the file of withdrawal {number}, which was in force, is gone; what it withdrew stays withheld all the same",
        "撤回文件不能删除：用 git 恢复（git log --diff-filter=D -- 文件，再 git checkout 提交^ -- 文件）",
        "restore it with git (git log --diff-filter=D -- FILE; git checkout COMMIT^ -- FILE)",
    ),
    "evidence-deleted": Message(
        "审查记录和撤回文件不得删除",
        "clearance records and withdrawals are never deleted",
        "用 git 恢复它：git restore --staged --worktree 文件（合并时加 --source=MERGE_HEAD）；新的决定另写一个新文件",
        "restore it with git: git restore --staged --worktree FILE (in a merge with --source=MERGE_HEAD); "
        "a new decision is a new file",
    ),
    "evidence-changed": Message(
        "审查记录、签名和撤回文件写出后不得改动",
        "clearance records, signatures and withdrawals are never changed",
        "用 git 恢复它：git restore --staged --worktree 文件（合并时加 --source=MERGE_HEAD）；新的决定另写一个新文件",
        "restore it with git: git restore --staged --worktree FILE (in a merge with --source=MERGE_HEAD); "
        "a new decision is a new file",
    ),
    "signers-line": Message(
        "这一行不是“姓名 选项 公钥类型 公钥”，不能用来核对签名",
        "the line is not “name options key-type public-key” and verifies nothing",
        "按 docs/clearance.md 登记公钥（.pub 文件的内容），私钥不得放进版本库",
        "enter the public key (the content of the .pub file) as docs/clearance.md says; never a private one",
    ),
    "signers-pattern": Message(
        "姓名里有通配符（*、? 或 !），这把密钥可以代表任何人签名；改正之前，所有签名都不采信",
        "a pattern (*, ? or !) stands for a name, and its key signs for anybody; no signature is believed meanwhile",
        "一行写一个人的全名，见 docs/clearance.md",
        "give one person's whole name on each line: docs/clearance.md",
    ),
    "signers-authority": Message(
        "这一行写有 cert-authority，持有这把密钥的人可以自己签发证书、冒这些人的名签字；改正之前，所有签名都不采信",
        "with cert-authority whoever holds the key may issue certificates and sign for the persons named; "
        "no signature is believed meanwhile",
        "删去 cert-authority，逐行登记每个人自己的公钥，见 docs/clearance.md；备注里也不要写这几个字",
        "take cert-authority out, also of remarks, and enter each person's own public key: docs/clearance.md",
    ),
    "withdrawal-key-unknown": Message(
        "撤回文件中有不认识的键 {key}；所指条目仍不发布",
        "unknown key {key} in the withdrawal; its item stays withheld all the same",
        "从版本库恢复原文件",
        "restore it from version control",
    ),
    "withdrawal-key-missing": Message(
        "撤回文件缺少 {key}；所指条目仍不发布",
        "the withdrawal lacks {key}; its item stays withheld all the same",
        "从版本库恢复原文件",
        "restore it from version control",
    ),
    "withdrawal-value": Message(
        "撤回文件中 {key} 的写法不对；所指条目仍不发布",
        "the value of {key} in the withdrawal is not of the right form; its item stays withheld all the same",
        "从版本库恢复原文件",
        "restore it from version control",
    ),
    "withdrawal-reason": Message(
        "撤回原因触犯负面清单“{rule}”：{masked}；撤回有效，但说明页不显示",
        "the reason of the withdrawal is blocked by the negative list, rule {rule}: {masked}; no page shows it",
        "还没有提交、也没有构建过的，删去这个文件，换一个写法重新撤回；已经提交的不能改写，需要公开说明理由的，另发一条公告",
        "neither committed nor built with yet: remove the file and withdraw again in other words; "
        "else publish an item that gives the reason, since a withdrawal is never altered",
    ),
    # --- the leak audit ------------------------------------------------------------------
    "leak": Message(
        "泄漏审计：{file} 中有未通过条目的内容（{reason}），该文件已删除",
        "leak audit: {file} holds content of this withheld item ({reason}); the file was deleted",
        "立即停止发布，保留现场，报告负责人；按 docs/clearance.md 处置",
        "stop the release, keep the evidence, tell whoever is responsible; see docs/clearance.md",
    ),
    "leak-term": Message(
        "泄漏审计：检索词典中有不出自任何已通过内容的词，该文件已删除",
        "leak audit: the search dictionary has terms that stand in no cleared input; the file was deleted",
        "立即停止发布，清空缓存重新生成（make clean-cache）；仍出现则报告缺陷",
        "stop the release, build from a clean cache (make clean-cache), and report a bug if it stays",
    ),
    "copy-unprovable": Message(
        "未通过，但正文与已公开的 {other} 完全相同",
        "withheld, but its body is that of {other}, which is published",
        "核对是否重复录入，或者已公开的那一条也应当撤下",
        "see whether it was entered twice, or whether the published one must go too",
    ),
    "leak-unreadable": Message(
        "泄漏审计：文件读不出内容，也不是已知的附件或主题文件，已删除",
        "leak audit: the file cannot be read and is no known attachment or theme file; it was deleted",
        "这是程序缺陷，请报告；停止发布",
        "this is a bug: report it, and stop the release",
    ),
}
