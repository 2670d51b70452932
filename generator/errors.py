"""What an operator did wrong, as exceptions; and the exit codes.

GeneratorError
├── UsageError        a command line or a folder that cannot be used        (exit 2)
│   └── LockedError   another build or deploy holds the lock                (exit 2)
├── ConfigError       faults in ``sites/`` or ``themes/``, as diagnostics   (exit 2)
└── DeployRefused     a gate of the release says no                         (exit 4)

What an *author* did wrong is never an exception: it is a ``Diagnostic``.
Exceptions are caught once, in ``cli.py``; what the system complains of is put into words by ``say_system_error``.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic


class ExitCode(IntEnum):
    """The exit status of every command."""

    FINE = 0
    CONTENT_FAULTS = 1
    USAGE = 2
    BUG = 3
    DEPLOY_REFUSED = 4
    INTERRUPTED = 130


class GeneratorError(Exception):
    """An operator fault: shown as its text, without a traceback."""

    exit_code = ExitCode.USAGE


class UsageError(GeneratorError):
    """An argument, a folder or the environment cannot be used as asked."""


class LockedError(UsageError):
    """Another process holds the lock of the folder."""


class ConfigError(GeneratorError):
    """The definitions or the theme are faulty; carries every fault found."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} configuration faults")
        self.diagnostics = tuple(diagnostics)


class DeployRefused(GeneratorError):
    """A gate before the release says no; each reason is one line."""

    exit_code = ExitCode.DEPLOY_REFUSED

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)


_NO_LOCKS = "这个文件系统不能加锁，有的网络盘就是这样；用 --cache、--state 把缓存和记录放到本机磁盘"
_SYSTEM = {
    errno.ENOSPC: "磁盘满了；腾出空间后再运行一次",
    errno.EDQUOT: "磁盘配额用完了；腾出空间后再运行一次",
    errno.EROFS: "这里只能读，不能写；换一个可以写的位置",
    errno.EACCES: "没有权限；检查它和它所在文件夹的权限（ls -ld），或者换有权限的账户",
    errno.EPERM: "系统不允许；检查它的所有者和属性（ls -ld、lsattr），或者换有权限的账户",
    errno.ENOENT: "没有这个文件或文件夹；如果刚被移走，再运行一次",
    errno.EEXIST: "已经有这个名称的文件或链接；移开它再运行一次",
    errno.ENOTDIR: "路径里有一段不是文件夹；检查路径",
    errno.EISDIR: "这是文件夹，应当是文件；移开它再运行一次",
    errno.ELOOP: "符号链接绕成了圈，或者不能跟随；检查路径里的链接",
    errno.ENAMETOOLONG: "名称太长；把名称改短",
    errno.EMFILE: "打开的文件太多；提高上限（ulimit -n）后再运行一次",
    errno.ENFILE: "整台机器打开的文件太多；稍后再运行一次",
    errno.ENOMEM: "内存不够；用 --jobs 减少进程，或者换内存大的机器",
    errno.EIO: "磁盘读写出错；检查磁盘（dmesg、smartctl）",
    errno.ENOLCK: _NO_LOCKS,
    errno.EOPNOTSUPP: _NO_LOCKS,
}


def say_system_error(error: OSError) -> str:
    """What the system complained of, at which file, and how to mend it; its own words are for whoever is asked."""
    own = error.strerror or str(error)
    known = _SYSTEM.get(error.errno or 0)
    return f"磁盘或系统错误 {error.filename or ''}：{f'{known}（{own}）' if known else own}"
