"""Feedback goes onto one sheet of the city's workbook and changes nothing else; else a file lies beside it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import FileRefused
from core.intake.feedback import COLUMNS, FeedbackOutcome, FeedbackRow, write_feedback
from core.intake.workbooks import read_books
from tests.intake import hostile, rich

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NAME = "2026-沈阳市.xlsx"
BESIDE = "2026-沈阳市_审核反馈_20260302-1030.xlsx"
FEEDBACK_PART = "xl/worksheets/sheet3.xml"

ROWS = (
    FeedbackRow("SY-001", "平台指标", "N7", "专家数（人）", "错误", "“约1000”不是数字", "请填写整数，如 1000"),
    FeedbackRow("SY-002", "推荐汇总表", "G3", "统一社会信用代码", "错误", "=1+1 & <b> 第一行\n第二行", "_x000D_\x01末"),
    FeedbackRow("", "线下活动", "", "", "提醒", " 空格留着 ", "", NOW - timedelta(days=1)),
)
SHOWN = [
    ("SY-001", "平台指标", "N7", "专家数（人）", "错误", "“约1000”不是数字", "请填写整数，如 1000", "2026-03-02 10:30"),
    (
        "SY-002",
        "推荐汇总表",
        "G3",
        "统一社会信用代码",
        "错误",
        "=1+1 & <b> 第一行\n第二行",
        "_x000D_末",
        "2026-03-02 10:30",
    ),
    (None, "线下活动", None, None, "提醒", " 空格留着 ", None, "2026-03-01 10:30"),
]


def put(folder: Path, data: bytes) -> tuple[Path, str]:
    path = folder / NAME
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def shown(path: Path) -> list[tuple[object, ...]]:
    """The rows below the header of 审核反馈, as the next reading of the workbook finds them."""
    book = read_books([path])[0]
    assert book.raw is not None
    cells = next(sheet for sheet in book.raw.sheets if sheet.name == "审核反馈").cells
    last = max(row for row, _ in cells)
    ours = [
        tuple(cell.text if (cell := cells.get((row, column))) else None for column in range(1, 9))
        for row in range(2, last + 1)
    ]
    assert {cell.kind for cell in cells.values()} == {"text"}
    return ours


def results(path: Path) -> list[str]:
    """The stored results of the formulas in column D of 推荐汇总表."""
    book = read_books([path])[0]
    assert book.raw is not None
    cells = book.raw.sheets[0].cells
    assert all(cells[row, 4].formula for row in (2, 3, 4))
    return [cells[row, 4].text for row in (2, 3, 4)]


def beside(path: Path, reason: str, count: int = 3) -> FeedbackOutcome:
    """The outcome where the workbook was left alone."""
    target = path.with_name(BESIDE)
    return FeedbackOutcome(
        "beside",
        target,
        hashlib.sha256(target.read_bytes()).hexdigest(),
        f"{NAME}：{reason}，反馈没有写入原文件，已另存为旁边的“{BESIDE}”，共 {count} 条。",
    )


@pytest.mark.parametrize("earlier", [0, 2, 40])
def test_every_other_part_stays_byte_for_byte(tmp_path: Path, earlier: int) -> None:
    before = rich.rich_workbook(earlier)
    path, sha256 = put(tmp_path, before)
    outcome = write_feedback(path, sha256, ROWS, NOW)
    after = path.read_bytes()
    assert outcome == FeedbackOutcome(
        "in_book",
        path,
        hashlib.sha256(after).hexdigest(),
        f"{NAME}：反馈已写入工作簿的“审核反馈”页，共 3 条。",
    )
    assert shown(path) == SHOWN
    old, new = rich.members(before), rich.members(after)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == [FEEDBACK_PART]
    assert rich.headers(before) == rich.headers(after)
    assert {"xl/cellimages.xml", "xl/threadedComments/threadedComment1.xml", "xl/charts/chart1.xml"} < set(new)
    assert [item.name for item in tmp_path.iterdir()] == [NAME]


def test_of_the_sheet_itself_only_the_rows_and_its_extent_change(tmp_path: Path) -> None:
    before = rich.rich_workbook(2)
    path, sha256 = put(tmp_path, before)
    write_feedback(path, sha256, ROWS, NOW)
    old = rich.members(before)[FEEDBACK_PART].decode()
    new = rich.members(path.read_bytes())[FEEDBACK_PART].decode()
    assert old.split('<row r="2"')[0].replace("A1:H3", "A1:H4") == new.split('<row r="2"')[0]
    assert old.split("</sheetData>")[1] == new.split("</sheetData>")[1]
    style = re.search(r'<c r="A2" s="(\d+)"', old)
    assert style is not None
    assert new.split('<row r="2"')[1].startswith(
        f'><c r="A2" s="{style[1]}" t="inlineStr"><is><t xml:space="preserve">SY-001</t></is></c><c r="B2"'
    )


def test_stored_results_of_formulas_are_still_there(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    write_feedback(path, sha256, ROWS, NOW)
    assert results(path) == ["20", "40", "60"]


def test_the_same_feedback_again_touches_nothing(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    first = write_feedback(path, sha256, ROWS, NOW)
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
    again = write_feedback(path, first.new_sha256, ROWS, NOW + timedelta(hours=3))
    assert again == FeedbackOutcome(
        "unchanged", path, first.new_sha256, f"{NAME}：反馈内容与工作簿中已有的一致，没有改动文件。"
    )
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_no_more_problems_clear_the_sheet(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook(5))
    outcome = write_feedback(path, sha256, (), NOW)
    assert (outcome.way, outcome.sentence) == (
        "in_book",
        f"{NAME}：没有需要反馈的问题，已清空工作簿的“审核反馈”页。",
    )
    assert shown(path) == []
    assert b'<dimension ref="A1:H1"/>' in rich.members(path.read_bytes())[FEEDBACK_PART]
    assert write_feedback(path, outcome.new_sha256, (), NOW).way == "unchanged"


def test_columns_are_found_by_their_header_in_any_order(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook(1, header=tuple(reversed(COLUMNS))))
    assert write_feedback(path, sha256, ROWS, NOW).way == "in_book"
    assert shown(path) == [tuple(reversed(row)) for row in SHOWN]


def test_prefixed_names_and_a_sheet_without_dimension(tmp_path: Path) -> None:
    cells = "".join(
        f'<x:c r="{chr(65 + n)}1" t="inlineStr"><x:is><x:t>{title}</x:t></x:is></x:c>'
        for n, title in enumerate(COLUMNS)
    )
    part = (
        f'{hostile.HEAD}<x:worksheet xmlns:x="{hostile.MAIN}"><x:sheetData><x:row r="1">{cells}</x:row>'
        "</x:sheetData></x:worksheet>"
    )
    workbook = hostile.parts()["xl/workbook.xml"].replace("推荐汇总表", " 审核反馈 ")
    path, sha256 = put(tmp_path, hostile.book(sheet1=part, workbook=workbook))
    assert write_feedback(path, sha256, ROWS[:1], NOW).way == "in_book"
    book = read_books([path])[0]
    assert book.raw is not None
    assert [book.raw.sheets[0].cells[2, column].text for column in range(1, 9)] == list(SHOWN[0])


def test_permissions_stay(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    before = path.stat()
    write_feedback(path, sha256, ROWS, NOW)
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


@pytest.mark.parametrize(
    ("mark", "who"),
    [
        (f"~${NAME}", "有人（WPS 或 Excel）"),
        (f".~lock.{NAME}#", "王五（LibreOffice）"),
        (f".~{NAME}", "有人（WPS 或 Excel）"),
    ],
)
def test_an_open_workbook_is_left_alone(tmp_path: Path, mark: str, who: str) -> None:
    before = rich.rich_workbook()
    path, sha256 = put(tmp_path, before)
    lock = tmp_path / mark
    lock.write_text(",王五,pc-07,02.03.2026 10:05,;" if "lock" in mark else "")
    os.utime(lock, ((NOW - timedelta(minutes=25)).timestamp(),) * 2)
    outcome = write_feedback(path, sha256, ROWS, NOW)
    assert outcome == beside(path, f"{who}从 3月2日 10:05 起打开着工作簿")
    assert path.read_bytes() == before
    assert shown(outcome.path) == SHOWN


def test_a_mark_left_behind_long_ago_does_not_block(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    lock = tmp_path / f"~${NAME}"
    lock.write_bytes(b"")
    os.utime(lock, ((NOW - timedelta(hours=13)).timestamp(),) * 2)
    assert write_feedback(path, sha256, ROWS, NOW).way == "in_book"


def test_a_workbook_changed_since_is_left_alone(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook(2))
    newer = rich.rich_workbook(3)
    path.write_bytes(newer)
    assert write_feedback(path, sha256, ROWS, NOW) == beside(path, "工作簿在读取之后又被改动")
    assert path.read_bytes() == newer


def test_a_workbook_that_is_gone(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    path.unlink()
    assert write_feedback(path, sha256, ROWS, NOW) == beside(path, "工作簿已不在文件夹中")
    assert not path.exists()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(rich.rich_workbook(feedback="反馈"), id="no such sheet"),
        pytest.param(rich.rich_workbook(header=COLUMNS[:-1]), id="a column is missing"),
        pytest.param(
            hostile.book(
                sheet1=f'{hostile.HEAD}<worksheet xmlns="{hostile.MAIN}"><sheetData/></worksheet>',
                workbook=hostile.parts()["xl/workbook.xml"].replace("推荐汇总表", "审核反馈"),
            ),
            id="an empty sheet",
        ),
    ],
)
def test_a_workbook_without_the_sheet(tmp_path: Path, data: bytes) -> None:
    path, sha256 = put(tmp_path, data)
    assert write_feedback(path, sha256, ROWS, NOW) == beside(path, "工作簿中没有“审核反馈”页，或该页的表头不完整")
    assert path.read_bytes() == data


def altered(old: bytes, new: bytes) -> bytes:
    """The rich workbook with a change in its feedback sheet."""
    content = rich.members(rich.rich_workbook())
    assert old in content[FEEDBACK_PART]
    content[FEEDBACK_PART] = content[FEEDBACK_PART].replace(old, new, 1)
    return hostile.zipped(content)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            altered(b'<row r="2"', b'<row r="2"><c r="A2"><f>1</f><v>1</v></c></row><row r="22"'), id="formula"
        ),
        pytest.param(altered(b'<row r="3"', b'<row r="2"'), id="rows twice"),
        pytest.param(altered(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'), id="another encoding"),
        pytest.param(rich.rich_workbook()[:-60], id="cut short"),
    ],
)
def test_a_sheet_that_cannot_be_rewritten_safely(tmp_path: Path, data: bytes) -> None:
    path, sha256 = put(tmp_path, data)
    assert write_feedback(path, sha256, ROWS, NOW) == beside(path, "工作簿的“审核反馈”页结构被改动，无法安全写入")
    assert path.read_bytes() == data


def test_a_read_only_workbook_is_left_alone(tmp_path: Path) -> None:
    before = rich.rich_workbook()
    path, sha256 = put(tmp_path, before)
    path.chmod(0o444)
    assert write_feedback(path, sha256, ROWS, NOW) == beside(path, "工作簿是只读文件或没有写入权限")
    assert path.read_bytes() == before


def test_nothing_can_be_written_at_all(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        write_feedback(tmp_path / "无" / NAME, "0" * 64, ROWS, NOW)
    assert str(refused.value) == (
        f"{NAME}：反馈没有写成：工作簿和所在文件夹都不能写入。请检查文件夹权限或磁盘空间后重试。"
    )


def test_a_file_beside_never_replaces_another(tmp_path: Path) -> None:
    path, _ = put(tmp_path, rich.rich_workbook())
    first = write_feedback(path, "0" * 64, ROWS, NOW)
    kept = first.path.read_bytes()
    second = write_feedback(path, "0" * 64, ROWS[:1], NOW)
    assert second.path.name == "2026-沈阳市_审核反馈_20260302-1030-2.xlsx"
    assert first.path.read_bytes() == kept
    assert shown(second.path) == SHOWN[:1]


def test_what_a_stopped_run_left_is_cleared_away_after_a_while(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    old, fresh = tmp_path / ".~shifan-old.tmp", tmp_path / ".~shifan-fresh.tmp"
    old.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    write_feedback(path, sha256, ROWS, NOW)
    assert sorted(item.name for item in tmp_path.iterdir()) == [".~shifan-fresh.tmp", NAME]


def test_texts_longer_than_a_cell_are_cut(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    row = FeedbackRow("SY-001", "", "", "", "错误", "甲" * 40_000, "")
    write_feedback(path, sha256, [row], NOW)
    assert shown(path)[0][5] == "甲" * 32_766 + "…"


@pytest.mark.libreoffice
def test_libreoffice_opens_the_workbook_and_shows_the_feedback(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path, rich.rich_workbook())
    write_feedback(path, sha256, ROWS, NOW)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None, "LibreOffice is needed for this test"
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert shown(out / NAME) == SHOWN
    assert results(out / NAME) == ["20", "40", "60"]
