"""Many books, one reader: whatever one of them does to it, the others are read."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from core.intake.workbooks import Limits, load_file, read_books
from tests.intake import hostile

STOPPED = "读取时内存超出限制或意外中断，已停止读取这个文件，其他文件不受影响。请把内容复制到新模板后重新发送。"


def folder_of(tmp_path: Path, **books: bytes) -> list[Path]:
    paths = []
    for name, data in books.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(data)
    return paths


def test_what_is_parsed_is_what_is_kept(tmp_path: Path) -> None:
    data = hostile.book()  # with the second in which it was made
    (path,) = folder_of(tmp_path, 甲=data)
    book = read_books([path])[0]
    assert book.data == data == path.read_bytes()
    assert book.sha256 == hashlib.sha256(book.data).hexdigest()
    assert (book.path, book.name, book.size) == (path, "甲.xlsx", len(book.data))
    assert book.mtime_ns == path.stat().st_mtime_ns
    assert book.raw is not None
    assert (book.raw.name, book.notices) == ("甲.xlsx", ())


def test_books_come_back_in_order_and_progress_names_each(tmp_path: Path) -> None:
    paths = folder_of(tmp_path, 丙=hostile.book(), 甲=b"", 乙=hostile.book())
    seen: list[tuple[int, int, str]] = []
    books = read_books(paths, progress=lambda *step: seen.append(step))
    assert [book.name for book in books] == ["丙.xlsx", "甲.xlsx", "乙.xlsx"]
    assert [book.problem.code if book.problem else None for book in books] == [None, "empty", None]
    assert seen == [(1, 3, "丙.xlsx"), (2, 3, "甲.xlsx"), (3, 3, "乙.xlsx")]


def test_no_books_start_no_reader() -> None:
    assert read_books([]) == []


def test_a_book_that_takes_too_long_is_stopped_and_the_next_is_read(tmp_path: Path) -> None:
    slow = hostile.filled(rows=3_300, columns=60)
    paths = folder_of(tmp_path, 甲=hostile.book(), 慢=slow, 乙=hostile.book())
    books = read_books(paths, limits=Limits(seconds=1))
    assert [str(book.problem) if book.problem else None for book in books] == [
        None,
        "慢.xlsx：1 秒内没有读完，已停止读取。请删除多余的行、列、图片和格式，或把内容复制到新模板后重新发送。",
        None,
    ]


def test_a_book_that_exhausts_the_memory_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    large = hostile.filled(rows=3_300, columns=60)
    paths = folder_of(tmp_path, 甲=hostile.book(), 大=large, 乙=hostile.book())
    books = read_books(paths, limits=Limits(memory_mb=60))
    assert [str(book.problem) if book.problem else None for book in books] == [None, f"大.xlsx：{STOPPED}", None]


def test_a_reader_that_cannot_even_start_refuses_each_book(tmp_path: Path) -> None:
    paths = folder_of(tmp_path, 甲=hostile.book(), 乙=hostile.book())
    books = read_books(paths, limits=Limits(memory_mb=1))
    assert [str(book.problem) for book in books] == [f"甲.xlsx：{STOPPED}", f"乙.xlsx：{STOPPED}"]


def test_files_that_are_gone_or_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "夹.xlsx").mkdir()
    books = read_books([tmp_path / "无.xlsx", tmp_path / "夹.xlsx"])
    assert [str(book.problem) for book in books] == [
        "无.xlsx：文件刚才还在，现在找不到了，可能正在保存，或已被移走、改名。请稍后重试。",
        "夹.xlsx：文件打不开，可能没有读取权限，或正被其他程序独占。请关闭打开它的程序、检查文件夹权限后重试。",
    ]


def test_a_file_that_changes_while_it_is_read_is_left_for_later(tmp_path: Path) -> None:
    path = tmp_path / "管道.xlsx"
    os.mkfifo(path)  # a file whose size before reading is not what is read
    writer = threading.Thread(target=path.write_bytes, args=(hostile.book(),))
    writer.start()
    held = load_file(path)
    writer.join()
    assert (held.raw, str(held.problem)) == (None, "管道.xlsx：读取时文件正在变化，可能正在保存或同步。请稍后重试。")


def test_no_reader_is_left_behind(tmp_path: Path) -> None:
    paths = folder_of(tmp_path, 甲=hostile.book(), 乙=hostile.styled_blanks(20_000, 60))
    before = set(Path("/proc/self/task").glob("*/children"))
    read_books(paths)
    children = " ".join(path.read_text() for path in before if path.exists())
    assert "core.intake.reader" not in " ".join(
        Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in children.split()
    )
