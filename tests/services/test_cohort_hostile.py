"""Whatever is uploaded as a workbook of former years, and under whatever name: it is told in a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Refused
from core.services import cohorts
from core.services.uploads import called
from core.store import tables
from sheets_schema.template import COHORT_FILE
from tests.cohorts import NAME, WHO, cohort_file
from tests.conftest import one_database
from tests.intake import hostile
from tests.office import Office

RUNNING = WHO | {"目前状态": "创建期", "确定为创建对象日期": "2025-06-20"}
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (
        lambda: b"",
        "文件为空（0 字节），可能仍在同步或上传没有完成。请稍后再查看；仍为空时请重新发送。",
    ),
    "a text": (
        lambda: "推荐单位,类型\r\n沈阳市,平台\r\n".encode(),
        "内容是 CSV 文本（UTF-8 编码），不是工作簿。请把内容填入下发的模板后重新发送。",
    ),
    "an old workbook": (
        lambda: hostile.compound("Workbook"),
        "内容是旧版 .xls 或 .et 格式。请用 WPS 表格打开，另存为“Microsoft Excel 文件（*.xlsx）”后重新发送。",
    ),
    "a password": (
        lambda: hostile.compound("EncryptionInfo", "EncryptedPackage"),
        "文件设有打开密码，无法读取。请在 WPS 表格“文件—文档加密—密码加密”中清除密码，保存后重新发送。",
    ),
    "a bomb": (
        lambda: hostile.blanks(101),
        "文件展开后过大（超过 100 MB），不像正常填报的工作簿，已拒绝读取。请用下发的模板重新填报。",
    ),
    "entities": (
        lambda: hostile.with_doctype("xl/worksheets/sheet1.xml", hostile.LAUGHS),
        "文件内部含有不允许的定义（DOCTYPE），不像表格软件保存的工作簿，已拒绝读取。请用下发的模板重新填报。",
    ),
    "too many cells": (
        lambda: hostile.filled(20_001, 10),
        "工作簿中的单元格超过 200,000 个（包括只设了格式的空单元格）。"
        "请删除多余的空行和空列（选中后整行、整列删除），保存后重新发送。",
    ),
}


@one_database
@pytest.mark.parametrize("case", BAD)
def test_what_is_no_workbook_of_ours_is_refused_with_its_sentence(opened: Office, case: str) -> None:
    made, sentence = BAD[case]
    data = made()
    said = f"坏.xlsx：{sentence}"
    assert cohorts.preview(opened.app, data, "坏.xlsx").problem == said
    sha256 = hashlib.sha256(data).hexdigest()
    refusal = opened.refuses(
        Refused,
        lambda: cohorts.import_cohort(opened.app, opened.staff, data, "坏.xlsx", expected_sha256=sha256, why="x"),
    )
    assert refusal == said
    assert list(opened.app.snapshots.all()) == []


@one_database
def test_another_workbook_is_told_by_what_it_lacks(opened: Office) -> None:
    said = cohorts.preview(opened.app, hostile.book(), "2026-沈阳市.xlsx").obstacle()
    assert said == (
        "工作簿中有 1 处须改正，没有建档。请全部改好后重新上传："
        "2026-沈阳市.xlsx〔存量对象〕：缺少工作表“存量对象”，请从模板中补回这张表并填写。"
    )


def test_texts_of_any_kind_come_in_as_they_are(opened: Office) -> None:
    names = ["+1", "@SUM(A1)", "<b>虚构</b>", "虚构'); DROP TABLE cases;--", "虚构😀平台", "_xD800_虚构", "长" * 100]
    data = cohort_file(*(RUNNING | {NAME: name, "备注": name} for name in names))
    sha256 = hashlib.sha256(data).hexdigest()
    done = cohorts.import_cohort(opened.app, opened.staff, data, "存量.xlsx", expected_sha256=sha256, why="虚构")
    assert done.count == len(names)
    with opened.app.reader.connect() as connection:
        held = list(connection.execute(tables.cases.select().order_by(tables.cases.c.id)))
    assert [row.name for row in held] == names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("存量对象.xlsx", "存量对象.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\资料\\存量 (2).xlsx", "存量 (2).xlsx"),
        ("虚构\x00\n.xlsx", "虚构.xlsx"),
        ("名" * 300 + ".xlsx", "名" * 76 + ".xlsx"),
        ("名" * 300, "名" * 80),
        ("无后缀", "无后缀"),
        ("存量.et", "存量.et"),
        ("2026.第一批存量对象", "2026.第一批存量对象"),
        ("", "存量对象.xlsx"),
        ("..", "存量对象.xlsx"),
        (".xlsx", "存量对象.xlsx"),
        ("///", "存量对象.xlsx"),
    ],
)
def test_a_file_is_called_as_it_was_sent_but_is_never_a_path(name: str, kept: str, tmp_path: Path) -> None:
    assert called(name, COHORT_FILE) == kept
    (tmp_path / kept).write_bytes(b"")
    assert [path.name for path in tmp_path.iterdir()] == [kept]
