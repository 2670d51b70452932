"""Messages of the deploy stage: gates, definition, verification."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    # --- sites/deploy.yml -------------------------------------------------------------
    "deploy-key-unknown": Message(
        "发布设置里没有“{key}”这个键。",
        "Unknown key {key} in the deploy settings.",
        "核对键名，见 docs/deploy.md。",
        "Check its spelling in docs/deploy.md.",
    ),
    "deploy-key-missing": Message(
        "发布设置缺少“{key}”。",
        "The deploy settings lack {key}.",
        "补上这个键，见 docs/deploy.md。",
        "Add it; see docs/deploy.md.",
    ),
    "deploy-value": Message(
        "“{key}”的值不能用，应为：{expected}。",
        "The value of {key} cannot be used; expected {expected}.",
        "改正这个值。",
        "Mend the value.",
    ),
    "deploy-secret": Message(
        "“{key}”看来是密钥或口令，不能写在仓库里。",
        "{key} looks like a secret, which must not stand in the repository.",
        "删去这一行，改用环境变量或 ssh-agent；如果已经提交，请立即更换该口令。",
        "Use the environment or the ssh agent; if it was committed, change the secret now.",
    ),
    # --- the tree ---------------------------------------------------------------------
    "deploy-no-tree": Message(
        "{path} 不是本程序生成的网站。",
        "{path} is no tree of ours.",
        "先运行 make build。",
        "Run `make build` first.",
    ),
    "deploy-preview": Message(
        "{path} 是预览，含有未经审查的内容，绝不能发布。",
        "{path} is a preview that holds uncleared content and is never released.",
        "先运行 make build。",
        "Run `make build` first.",
    ),
    "deploy-unfinished": Message(
        "{path} 的构建没有完成（没有清单）。",
        "The build of {path} did not finish: it has no manifest.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-other-report": Message(
        "{path} 与最近一次构建记录对不上，不是那次构建的结果。",
        "{path} is not what the last build left: its report names another manifest.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-tree-missing": Message(
        "清单里的 {count} 个文件不见了：{names}。",
        "{count} files of the manifest are missing.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-tree-extra": Message(
        "有 {count} 个文件不在清单里：{names}。",
        "{count} files are in no manifest.",
        "不要往 public/ 里手工放文件；重新运行 make build。",
        "Put nothing into public/ by hand; run `make build` again.",
    ),
    "deploy-tree-changed": Message(
        "有 {count} 个文件与清单不符，被改动过：{names}。",
        "{count} files differ from the manifest.",
        "不要手工修改 public/；重新运行 make build。",
        "Never edit public/; run `make build` again.",
    ),
    "deploy-cache-damaged": Message(
        "缓存里有 {count} 个压缩件已经损坏，已丢弃：{names}。",
        "{count} compressed files of the cache are damaged and were dropped.",
        "再发布一次，会重新压缩。",
        "Deploy again: they are compressed anew.",
    ),
    "deploy-tree-link": Message(
        "输出里有 {count} 个符号链接：{names}。",
        "{count} symbolic links in the tree.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-tree-name": Message(
        "有 {count} 个文件名含控制字符或反斜杠，不能发布：{names}。",
        "{count} names hold control characters or backslashes.",
        "给附件改名。",
        "Rename the attachment.",
    ),
    # --- the build --------------------------------------------------------------------
    "deploy-audit": Message(
        "泄露审计没有通过。",
        "The leak audit did not pass.",
        "查看 make build 的输出，处理后重新构建。",
        "See what `make build` printed.",
    ),
    "deploy-faults": Message(
        "这次构建有 {count} 处错误。",
        "The build has {count} faults.",
        "运行 make check 逐条改正；或用 --hold 单位 让出错的单位停在上一次发布的状态，其余单位照常发布。",
        "Mend them (`make check`), or hold the faulty unit at its last release with --hold UNIT.",
    ),
    "deploy-future": Message(
        "构建时间 {built} 晚于现在。",
        "The tree was built as of {built}, which is in the future.",
        "按现在的时间重新构建。",
        "Build again as of now.",
    ),
    "deploy-due": Message(
        "{at} 起有条目应当出现或到期，这次构建已经过时。",
        "An item appears or expires at {at}: the tree is out of date.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-withdrawn": Message(
        "有 {count} 个条目已经撤回，却还在这次构建里：{names}。",
        "{count} items are withdrawn by now, but still in the tree.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-uncleared": Message(
        "有 {count} 个条目的源文件已删除、改坏、改为不公开或经审查不予公开，却还在这次构建里：{names}。",
        "{count} items are deleted, faulty, no longer cleared or refused since the build, but still in the tree.",
        "重新运行 make build。",
        "Run `make build` again.",
    ),
    "deploy-dirty": Message(
        "内容里有未提交的改动，提交记录说不清这次发布的是什么。",
        "The content has uncommitted changes: its commit does not say what is released.",
        "尽快 git commit；退回和 --hold 都要用到提交。",
        "Commit soon: rollback and --hold need commits.",
    ),
    # --- what is live -----------------------------------------------------------------
    "deploy-older": Message(
        "这次构建（{built}）比正在发布的版本 {release}（{live}）还旧。",
        "The tree is older than what is live.",
        "重新运行 make build；要退回旧版本，或者正在用的版本是时钟走快时做的，请先用 deploy --rollback。",
        "Build again; to go back, or when a fast clock made what is live, use deploy --rollback.",
    ),
    "deploy-vanished": Message(
        "{item} 正在网上，这次构建里却没有（{verdict}），也没有撤回、到期或改为不公开。",
        "{item} is live and would vanish ({verdict}) without a withdrawal, an expiry or a plain false.",
        "改正条目（explain 说明原因）；确要撤下请加 --confirm {item}。",
        "Mend the item (see explain), or say --confirm {item}.",
    ),
    "deploy-confirm-stray": Message(
        "--confirm 写了并不会消失的条目：{names}。",
        "--confirm names items that do not vanish.",
        "核对条目名。",
        "Check the names.",
    ),
    "deploy-deletions": Message(
        "这次发布要删去 {of} 个文件中的 {gone} 个，超过上限 {cap}%。",
        "The release would delete {gone} of {of} files, above the cap of {cap} %.",
        "确认无误后加 --allow-deletions。",
        "If that is meant, say --allow-deletions.",
    ),
    "deploy-unsigned": Message(
        "设置里有签名公钥，但没有可用的私钥（{variable}）。",
        "A public key is set, but no private key is at hand ({variable}).",
        "把私钥文件的路径放进环境变量 {variable}。",
        "Put the path of the private key into {variable}.",
    ),
    "deploy-key-other": Message(
        "私钥与设置里的公钥不是一对。",
        "The private key does not belong to the public key in the settings.",
        "换用正确的私钥，或更新 sites/ 里的公钥。",
        "Use the right key, or replace the public key in sites/.",
    ),
    "deploy-far-side": Message(
        "{target}：传过去的 {count} 个文件摘要不符：{names}。",
        "{target}: {count} files differ on the far side after transfer.",
        "旧网站未受影响；检查服务器磁盘后重试。",
        "The old site stands; check the server's disk and try again.",
    ),
    "deploy-tampered": Message(
        "{target}：服务器上有 {count} 个文件在上次发布之后被改动，已重新传送：{names}。",
        "{target}: {count} files on the server had been changed since the last release and were sent again.",
        "这可能是篡改，请保留服务器日志并查明原因。",
        "This may be tampering: keep the server's logs and find out why.",
    ),
    # --- verification -----------------------------------------------------------------
    "verify-no-manifest": Message(
        "没有发布清单 release.json。",
        "There is no release manifest.",
        "核对网址或文件夹，应当是网站的根。",
        "Name the root of the site.",
    ),
    "verify-unsigned": Message(
        "发布清单没有签名，不能作为依据。",
        "The release manifest is not signed and proves nothing.",
        "设置签名后重新发布，见 docs/deploy.md“签名”。",
        "Set up signing and release again.",
    ),
    "verify-signature": Message(
        "发布清单的签名不对：清单被改动过，或者不是用这把钥匙签的。",
        "The signature is wrong: the manifest was changed, or signed with another key.",
        "按篡改事件处置，见 docs/runbook.md。",
        "Treat it as tampering; see docs/runbook.md.",
    ),
    "verify-deviations": Message(
        "{place}：有 {count} 处与发布的不符：",
        "{count} deviations from what was released:",
        "",
        "",
    ),
    "verify-fine": Message(
        "{place}：{count} 个文件与 {release} 发布的一致。",
        "{count} files are as released.",
        "",
        "",
    ),
    "verify-other-release": Message(
        "网上的是 {found}，不是 {expected}。",
        "Another release is served than expected.",
        "可能没有发布成功，或者被换成了旧版本。",
        "The deploy may have failed, or an older release was put back.",
    ),
    # --- rollback ---------------------------------------------------------------------
    "deploy-no-release": Message(
        "没有可以退回的版本 {release}。",
        "There is no release {release} to go back to.",
        "用 releases list 看现有版本。",
        "See `releases list`.",
    ),
    "deploy-rebuild": Message(
        "不能直接切换回 {release}：{why}。改为按今天的撤回、审查和日期重新构建当时的内容。",
        "No plain switch to {release}: its content is rebuilt under today's withdrawals, clearances and date.",
        "",
        "",
    ),
    "deploy-store-unknown": Message(
        "{target}：存储桶里是 {release}，本机的发布记录里没有它，无法判断哪些条目会消失。",
        "{target} serves {release}, which this state folder does not know: what would vanish cannot be told.",
        "换用保存着发布记录的机器，或恢复其备份；确认无误后加 --allow-deletions 重新接管。",
        "Use the state folder that made it, or a backup; or take it over with --allow-deletions.",
    ),
    "deploy-lists-damaged": Message(
        "{target}：正在用的版本 {release} 的清单坏了，不知道有哪些文件；全部重新传送、核对。",
        "{target}: the lists of {release} are damaged: every file is sent and checked anew.",
        "这可能是篡改，请保留服务器日志并查明原因。",
        "This may be tampering: keep the server's logs and find out why.",
    ),
    "deploy-stray-folder": Message(
        "{target}：releases/ 里的 {name} 不是版本，不清理也不销毁。",
        "{target}: {name} in releases/ is no release and is left alone.",
        "如果是手工备份，请移到别处；里面可能有已撤下的内容。",
        "Move it elsewhere; it may hold what was withdrawn.",
    ),
    "deploy-reload": Message(
        "{target}：网页服务器没有重新载入设置，新的旧地址重定向暂由网页自身完成。",
        "{target}: the web server did not reload; new redirects are answered by pages until it does.",
        "在服务器上检查 nginx -t 后重新载入。",
        "Check nginx -t there and reload.",
    ),
    "deploy-dry-run": Message(
        "以上只是计划，什么都没有改动。",
        "Only a plan: nothing was changed.",
        "",
        "",
    ),
    "deploy-live": Message(
        "{target}：已经是最新，没有要发布的。",
        "{target} serves just this already.",
        "",
        "",
    ),
    "deploy-switched": Message(
        "{target}：已切换到 {release}，传送 {travelled}。",
        "{target} now serves {release}.",
        "",
        "",
    ),
    "deploy-destroyed": Message(
        "{target}：已销毁 {count} 个含有已撤下内容的旧版本：{names}。",
        "{target}: earlier releases that held what has left are destroyed.",
        "",
        "",
    ),
    "deploy-old-address-dropped": Message(
        "旧地址表有 {count} 行的去向不在这次发布里，已略去（第 {lines} 行）。",
        "{count} old addresses lead to nothing in this release and are left out.",
        "",
        "",
    ),
    "deploy-rebuilding": Message(
        "按提交 {commit} 的内容重新构建；今天已不公开的 {count} 个条目不放回。",
        "Building the content of that commit; items that are not public today stay out.",
        "",
        "",
    ),
    "deploy-rollback-stray": Message(
        "有 {count} 个条目带有今天已不公开的附件，无法安全退回：{names}。",
        "{count} items would bring back files that are not public today.",
        "改正这些条目后用 make deploy 正常发布。",
        "Mend these items and release in the ordinary way.",
    ),
    "deploy-switched-back": Message(
        "{target}：已退回 {release}。",
        "{target} now serves {release} again.",
        "",
        "",
    ),
    "deploy-would-switch-back": Message(
        "{target}：将切换回 {release}。",
        "{target} would serve {release} again.",
        "",
        "",
    ),
    "deploy-held": Message(
        "{unit} 维持提交 {commit} 的内容，按今天的审查规则判断。",
        "{unit} is held at its last released commit, under today's gate.",
        "",
        "",
    ),
    "deploy-held-off": Message(
        "有 {count} 个条目今天已改为不公开或到期，不再维持：{names}。",
        "{count} items are no longer cleared, or have expired, by today's sources and are not held.",
        "",
        "",
    ),
    "deploy-held-unsure": Message(
        "{units} 上次发布时有未提交的改动：维持的是提交里的内容，可能比网上的旧。",
        "{units} was last released beside uncommitted changes: what is held may be older than what is served.",
        "核对计划里“有修改”的条目；以后先提交再发布。",
        "Look at what the plan calls edited; commit before you release.",
    ),
    "deploy-hold-unknown": Message(
        "{units} 还没有发布过，或者发布时内容不在 git 里，无法维持。",
        "{units} cannot be held: there is no release of it from a commit.",
        "改正错误后再发布。",
        "Mend the faults instead.",
    ),
    # --- old addresses ----------------------------------------------------------------
    "deploy-old-address": Message(
        "旧地址的写法不对：{expected}。",
        "An old address that cannot be used; expected {expected}.",
        "见 docs/deploy.md“旧网站的地址”。",
        "See docs/deploy.md.",
    ),
    "deploy-old-address-doubled": Message(
        "同一个旧地址写了两次（第 {first} 行）。",
        "The same old address stands twice (line {first}).",
        "只留一处；大小写不同也算相同。",
        "Keep one; letter case does not count.",
    ),
}
