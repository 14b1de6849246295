"""Documents made of invented facts, without a store; run as a program it prints the SHA-256 of one of each kind."""

from __future__ import annotations

import hashlib
from datetime import date

from core.publication.documents.facts import Facts, fields, listed
from core.publication.documents.fill import filled
from core.publication.documents.kinds import Kind, words
from core.publication.documents.template import template
from core.publication.notice_text import NoticeText
from tests.publication.hostile import NAMES

TITLE = "2026年度辽宁省中小企业公共服务示范平台（基地）创建对象名单"
BODY = "根据《虚构办法》，按程序择优确定拟创建对象，现予公示。"
TEXT = NoticeText(
    "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示",
    (BODY * 6, "联系电话：024-00000000"),
    f"附件：{TITLE}",
    "辽宁省工业和信息化厅",
    "2026年6月1日",
)
MORE = {
    "创建期": 2, "变更期限": 3, "复核间隔": 2, "入选数": 3, "未入选数": 2,
    "首日": "2026年6月1日", "末日": "2026年6月8日", "工作日数": 5, "起算": "自发布次日起计算",
}  # fmt: skip
CONTACT = {"unit": "虚构处", "phone": "024-00000000", "address": "虚构市示例路1号", "mailbox": "yiyi@example.cn"}
SHORT = {"序号", "地区", "类型", "结果"}


def facts(kind: Kind, names: tuple[str, ...] = NAMES) -> Facts:
    """Facts whose list has these names, in every column that holds long texts."""
    header = tuple(column.head for column in kind.columns)
    rows = tuple(
        tuple(str(number) if head == "序号" else "平台" if head in SHORT else name for head in header)
        for number, name in enumerate(names, start=1)
    )
    return Facts(
        kind, 2026, header, rows, TITLE, "虚构工信〔2026〕9号", date(2026, 6, 1), "虚构办法", "虚构〔2026〕1号",
        CONTACT, "沈阳市", TEXT if kind.stage else None, MORE,
    )  # fmt: skip


def made(kind: Kind, names: tuple[str, ...] = NAMES, own: bytes = b"") -> bytes:
    """The document of such facts, with our template or another."""
    given = facts(kind, names)
    known = fields(given) | {"名单": listed(kind, given.header, given.rows)}
    return filled(own or template(kind), known, given.title)


if __name__ == "__main__":
    for each in words().kinds.values():
        print(hashlib.sha256(made(each)).hexdigest())
