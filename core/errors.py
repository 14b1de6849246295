"""What stops a piece of work. Each carries a Chinese sentence that a person can act on.

Findings about data are returned, not raised; these are for what cannot go on at all.
"""

from __future__ import annotations

import errno


class Refused(Exception):
    """A thing could not be done. `str(error)` is the sentence shown, in the app and on the command line."""


class FileRefused(Refused):
    """A file cannot be used: names the file and what is wrong with it. `code` is stable, for tests and icons."""

    def __init__(self, name: str, code: str, sentence: str) -> None:
        super().__init__(f"{name}：{sentence}")
        self.name, self.code, self.sentence = name, code, sentence


class StandardRefused(Refused):
    """An edition's data file is wrong: names file, key and reason."""


class NotAllowed(Refused):
    """The account may not do this."""


class Stale(Refused):
    """Somebody else changed the thing first: says who, when and what to do."""


def system_reason(error: OSError) -> str:
    """Why the system would not read or write, in words of an office; its own words are English."""
    return _SYSTEM_REASONS.get(error.errno or 0, f"系统没有允许（错误 {error.errno}）")


_SYSTEM_REASONS = {
    errno.ENOENT: "找不到",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘是只读的",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EEXIST: "已有同名的文件",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘空间不足",
    errno.EFBIG: "磁盘放不下这么大的文件",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "名称太长",
    errno.ETXTBSY: "正被其他程序占用",
    errno.EBUSY: "正被其他程序占用",
}
