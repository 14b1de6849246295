"""Every state of a file in the round's folder, with its whole sentence."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import Refused
from core.intake.folder import FolderEntry, one_city, survey
from tests.intake import hostile

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CITIES = ("沈阳市", "大连市", "鞍山市", "沈抚示范区")


def put(folder: Path, name: str, data: bytes = b"", *, at: datetime = NOW) -> Path:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def look(folder: Path) -> list[FolderEntry]:
    return survey(folder, year=2026, cities=CITIES, now=NOW)


def told(folder: Path) -> list[tuple[str, str, bool, str]]:
    return [(entry.state, entry.level, entry.readable, entry.sentence) for entry in look(folder)]


def test_a_good_workbook(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-沈阳市.xlsx", hostile.book(), at=NOW - timedelta(days=1))
    assert look(tmp_path) == [
        FolderEntry(
            path=path,
            name="2026-沈阳市.xlsx",
            size=len(hostile.book()),
            modified=NOW - timedelta(days=1),
            city="沈阳市",
            year=2026,
            state="ok",
            sentence="2026-沈阳市.xlsx：可以读取。",
        )
    ]
    assert look(tmp_path)[0].readable
    assert look(tmp_path)[0].level == "ok"


@pytest.mark.parametrize(
    ("name", "city", "year"),
    [
        ("2026-沈阳市.xlsx", "沈阳市", 2026),
        ("２０２６－沈阳市.xlsx", "沈阳市", 2026),
        ("2026-沈阳.xlsx", "沈阳市", 2026),
        ("2026年大连市.xlsx", "大连市", 2026),
        ("大连市推荐汇总（2026）.xlsx", "大连市", 2026),
        ("2026-沈抚示范区.xlsx", "沈抚示范区", 2026),
        ("沈抚示范区.xlsx", "沈抚示范区", None),
        ("2026-沈阳市 (1).xlsx", "沈阳市", 2026),
    ],
)
def test_the_city_and_the_year_come_from_the_name(tmp_path: Path, name: str, city: str, year: int | None) -> None:
    put(tmp_path, name, hostile.book())
    entry = look(tmp_path)[0]
    assert (entry.state, entry.city, entry.year) == ("ok", city, year)


def test_broken_and_foreign_files(tmp_path: Path) -> None:
    put(tmp_path, "2026-大连市.xlsx", hostile.book()[:900])
    put(tmp_path, "2026-沈阳市.xlsx")
    put(tmp_path, "2026-鞍山市.xls", hostile.compound("Workbook"))
    put(tmp_path, "审计报告.pdf", b"%PDF-1.7")
    put(tmp_path, "材料.zip", hostile.zipped({"a.txt": "x"}))
    put(tmp_path, "申请书.docx", hostile.zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}))
    put(tmp_path, "说明", "推荐材料".encode())
    put(tmp_path, "鞍山市.xlsm", hostile.book())
    left = "不是表格文件，已原样留在文件夹中，不读取。如是推荐材料，请按模板用 .xlsx 工作簿报送。"
    assert told(tmp_path) == [
        (
            "incomplete",
            "error",
            False,
            "2026-大连市.xlsx：文件不完整，可能正在保存或同步。请稍后重试；仍然如此时，请用 WPS 表格重新保存后再发送。",
        ),
        (
            "empty",
            "error",
            False,
            "2026-沈阳市.xlsx：文件为空（0 字节），可能仍在同步或上传没有完成。请稍后再查看；仍为空时请重新发送。",
        ),
        (
            "old_xls",
            "error",
            False,
            "2026-鞍山市.xls：内容是旧版 .xls 或 .et 格式。"
            "请用 WPS 表格打开，另存为“Microsoft Excel 文件（*.xlsx）”后重新发送。",
        ),
        ("not_a_table", "notice", False, f"审计报告.pdf：{left}"),
        ("not_a_table", "notice", False, f"材料.zip：{left}"),
        ("not_a_table", "notice", False, f"申请书.docx：{left}"),
        ("not_a_table", "notice", False, f"说明：{left}"),
        (
            "macros",
            "error",
            False,
            "鞍山市.xlsm：文件带有宏（程序代码），不予读取。"
            "请用 WPS 表格另存为不带宏的“Microsoft Excel 文件（*.xlsx）”后重新发送。",
        ),
    ]


def test_names_that_do_not_belong_to_the_round(tmp_path: Path) -> None:
    put(tmp_path, "2025-沈阳市.xlsx", hostile.book())
    put(tmp_path, "2026-某某市.xlsx", hostile.book())
    put(tmp_path, "推荐汇总表.xlsx", hostile.book())
    assert told(tmp_path) == [
        (
            "other_year",
            "error",
            False,
            "2025-沈阳市.xlsx：这是 2025 年度的工作簿，本轮次是 2026 年度，不读取。"
            "请移出文件夹，或放入 2026 年度的工作簿。",
        ),
        (
            "unknown_city",
            "error",
            False,
            "2026-某某市.xlsx：文件名中的“某某市”不在本轮次的推荐单位之中，不读取。"
            "请核对文件名（如“2026-沈阳市.xlsx”），或先在“年度轮次”中加入该单位。",
        ),
        (
            "unnamed",
            "notice",
            True,
            "推荐汇总表.xlsx：从文件名看不出城市，将以工作簿内登记的城市和年度为准。建议改名为“2026-沈阳市.xlsx”这样的形式。",
        ),
    ]


def office_mark(user: str) -> bytes:
    """An open mark as Excel and WPS write it."""
    narrow, wide = user.encode("gb18030"), user.encode("utf-16-le")
    made = bytes([len(narrow)]) + narrow.ljust(53, b" ")
    return made + len(user).to_bytes(2, "little") + wide.ljust(109, b" ")


@pytest.mark.parametrize(
    ("mark", "data", "who"),
    [
        ("~$2026-沈阳市.xlsx", office_mark("张三"), "张三（WPS 或 Excel）"),
        ("~$2026-沈阳市.xlsx", b"", "有人（WPS 或 Excel）"),
        ("~$26-沈阳市.xlsx", b"\x09Lisi", "有人（WPS 或 Excel）"),
        ("~$2026-沈阳市.xlsx", b"\x04Lisi ", "Lisi（WPS 或 Excel）"),
        (".~2026-沈阳市.xlsx", b"", "有人（WPS 或 Excel）"),
        (
            ".~lock.2026-沈阳市.xlsx#",
            ",王五,pc-07,02.03.2026 10:05,file:///C:/Users/wang;".encode(),
            "王五（LibreOffice）",
        ),
        (".~lock.2026-沈阳市.xlsx#", b"", "有人（LibreOffice）"),
    ],
)
def test_a_workbook_open_elsewhere(tmp_path: Path, mark: str, data: bytes, who: str) -> None:
    put(tmp_path, "2026-沈阳市.xlsx", hostile.book())
    put(tmp_path, mark, data, at=NOW - timedelta(minutes=25))
    assert told(tmp_path) == [
        (
            "open_elsewhere",
            "notice",
            True,
            f"2026-沈阳市.xlsx：{who}正打开着这个文件（3月2日 10:05 起）。现在读到的是上次保存的内容；"
            "请先关闭文件，反馈才能写回工作簿。",
        )
    ]


def test_an_open_mark_that_was_left_behind_only_warns(tmp_path: Path) -> None:
    put(tmp_path, "2026-沈阳市.xlsx", hostile.book())
    mark = ".~lock.2026-沈阳市.xlsx#"
    put(tmp_path, mark, ",王五,pc-07,01.03.2026 22:29,;".encode(), at=NOW - timedelta(hours=12, seconds=1))
    assert told(tmp_path) == [
        (
            "stale_lock",
            "notice",
            True,
            "2026-沈阳市.xlsx：旁边有王五（LibreOffice）于 3月1日 22:29 留下的占用标记，已超过 12 小时，"
            "可能是程序异常退出留下的。照常读取；请确认无人打开后删除标记文件“.~lock.2026-沈阳市.xlsx#”。",
        )
    ]
    os.utime(tmp_path / mark, ((NOW - timedelta(hours=12)).timestamp(),) * 2)
    assert look(tmp_path)[0].state == "open_elsewhere"


@pytest.mark.parametrize(
    "name",
    [
        "2026-沈阳市 (1)",
        "2026-沈阳市（2）",
        "2026-沈阳市 - 副本",
        "2026-沈阳市-副本",
        "2026-沈阳市 - 副本 (2)",
        "2026-沈阳市副本",
        "副本2026-沈阳市",
        "2026-沈阳市(冲突副本 2026-03-01)",
        "2026-沈阳市 (张三 的冲突文件)",
        "2026-沈阳市 (Zhang's conflicted copy 2026-03-01)",
        "2026-沈阳市 - Copy",
        "2026-沈阳市_备份",
    ],
)
def test_a_copy_beside_its_original_is_not_read(tmp_path: Path, name: str) -> None:
    put(tmp_path, "2026-沈阳市.xlsx", hostile.book())
    put(tmp_path, f"{name}.xlsx", hostile.book())
    found = {entry.name: (entry.state, entry.level, entry.sentence) for entry in look(tmp_path)}
    assert found == {
        "2026-沈阳市.xlsx": ("ok", "ok", "2026-沈阳市.xlsx：可以读取。"),
        f"{name}.xlsx": (
            "copy_beside",
            "error",
            f"{name}.xlsx：这是“2026-沈阳市.xlsx”的副本，不读取。请确认以哪一个为准，把另一个移出文件夹。",
        ),
    }


def test_two_files_of_one_city_are_both_refused_and_both_named(tmp_path: Path) -> None:
    put(tmp_path, "2026-沈阳市.xlsx", hostile.book())
    put(tmp_path, "沈阳市2026终稿.xlsx", hostile.book())
    put(tmp_path, "2026-大连市.xlsx", hostile.book())
    sentence = (
        "沈阳市有 2 个工作簿：“2026-沈阳市.xlsx”、“沈阳市2026终稿.xlsx”。"
        "请只保留一个，把其余的移出文件夹；在此之前都不读取。"
    )
    assert [(entry.state, entry.sentence) for entry in look(tmp_path)] == [
        ("ok", "2026-大连市.xlsx：可以读取。"),
        ("two_of_one_city", f"2026-沈阳市.xlsx：{sentence}"),
        ("two_of_one_city", f"沈阳市2026终稿.xlsx：{sentence}"),
    ]
    inside = {"a.xlsx": "沈阳市", "b.xlsx": "大连市", "c.xlsx": "沈阳市", "d.xlsx": None, "e.xlsx": None}
    assert {name: str(refusal) for name, refusal in one_city(inside).items()} == {
        name: f"{name}：沈阳市有 2 个工作簿：“a.xlsx”、“c.xlsx”。请只保留一个，把其余的移出文件夹；在此之前都不读取。"
        for name in ("a.xlsx", "c.xlsx")
    }


def test_a_workbook_under_another_suffix(tmp_path: Path) -> None:
    put(tmp_path, "2026-沈阳市.et", hostile.book())
    assert told(tmp_path) == [
        (
            "wrong_suffix",
            "notice",
            True,
            "2026-沈阳市.et：扩展名是 .et，内容是 .xlsx 工作簿，已按内容读取。请改回 .xlsx，以免打开时出错。",
        )
    ]


def test_what_is_nobodys_business_is_not_listed(tmp_path: Path) -> None:
    for name in (
        "~$2026-沈阳市.xlsx",
        ".~lock.2026-沈阳市.xlsx#",
        ".~2026-沈阳市.xlsx",
        ".~shifan-abc.tmp",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "._2026-沈阳市.xlsx",
        "1A2B3C4D",
        "2026-沈阳市.tmp",
    ):
        put(tmp_path, name, b"x")
    (tmp_path / "往年").mkdir()
    os.mkfifo(tmp_path / "管道.xlsx")
    assert look(tmp_path) == []


def test_links_are_not_followed_and_our_own_feedback_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "外"
    outside.mkdir()
    folder = tmp_path / "收"
    folder.mkdir()
    (folder / "2026-大连市.xlsx").symlink_to(put(outside, "x.xlsx", hostile.book()))
    put(folder, "2026-沈阳市_审核反馈_20260302-1030.xlsx", hostile.book())
    assert told(folder) == [
        (
            "link",
            "error",
            False,
            "2026-大连市.xlsx：这是快捷方式（链接），不是文件本身。请把工作簿文件本身放进文件夹。",
        ),
        (
            "feedback_file",
            "notice",
            False,
            "2026-沈阳市_审核反馈_20260302-1030.xlsx：这是省厅另存的审核反馈，供城市查看，不读取。",
        ),
    ]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        look(tmp_path / "无")
    assert str(refused.value) == f"找不到文件夹“{tmp_path / '无'}”。请检查位置是否正确、网络盘是否已连接。"


def test_looking_changes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-沈阳市.xlsx", hostile.book())
    before = path.stat()
    look(tmp_path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (hostile.book(), before.st_mtime_ns)
    assert [item.name for item in tmp_path.iterdir()] == ["2026-沈阳市.xlsx"]
