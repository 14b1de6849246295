"""What a file really is decides, not what it is called; each kind has its sentence."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from core.intake.workbooks import read_books
from tests.intake import hostile

AGAIN = "请用 WPS 表格打开，另存为“Microsoft Excel 文件（*.xlsx）”后重新发送。"
NOT_A_BOOK = "内容不是表格工作簿，可能是别的文件改了扩展名。请检查后用下发的模板重新报送。"
INCOMPLETE = "文件不完整，可能正在保存或同步。请稍后重试；仍然如此时，请用 WPS 表格重新保存后再发送。"
LINES = "编号,申报类别\nSY-001,创建申报\n"


def csv_says(encoding: str) -> str:
    return f"内容是 CSV 文本（{encoding} 编码），不是工作簿。请把内容填入下发的模板后重新发送。"


OPEN_DOCUMENT = hostile.zipped(
    {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office/>"}
)
DOCUMENT = hostile.zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})
MACROS = hostile.zipped({**hostile.parts(), "xl/vbaProject.bin": b"\0"})
BINARY = hostile.zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\0"})
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
STRICT = hostile.book(
    workbook=hostile.parts()["xl/workbook.xml"].replace(hostile.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
)

KINDS: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "empty", "文件为空（0 字节），可能仍在同步或上传没有完成。请稍后再查看；仍为空时请重新发送。"),
    "cut short": (hostile.book()[:-30], "incomplete", INCOMPLETE),
    "cut in half": (hostile.book()[:1000], "incomplete", INCOMPLETE),
    "room reserved": (b"\0" * 20_000, "incomplete", INCOMPLETE),
    "cut at the front": (hostile.book()[300:], "not_a_workbook", NOT_A_BOOK),
    "password": (
        hostile.compound("EncryptedPackage", "EncryptionInfo"),
        "encrypted",
        "文件设有打开密码，无法读取。请在 WPS 表格“文件—文档加密—密码加密”中清除密码，保存后重新发送。",
    ),
    "old xls": (hostile.compound("Workbook"), "old_xls", f"内容是旧版 .xls 或 .et 格式。{AGAIN}"),
    "very old xls": (hostile.compound("Book"), "old_xls", f"内容是旧版 .xls 或 .et 格式。{AGAIN}"),
    "bare xls": (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\1" * 40, "old_xls", f"内容是旧版 .xls 或 .et 格式。{AGAIN}"),
    "old doc": (hostile.compound("WordDocument"), "not_a_workbook", NOT_A_BOOK),
    "broken compound": (
        hostile.compound("Workbook")[:600],
        "damaged",
        "文件已损坏，无法读取。请用 WPS 表格打开、检查内容并另存为新文件后重新发送；打不开时请重新填报。",
    ),
    "ods": (OPEN_DOCUMENT, "ods", f"内容是 ODS（OpenDocument）表格。{AGAIN}"),
    "docx": (DOCUMENT, "not_a_workbook", NOT_A_BOOK),
    "any zip": (hostile.zipped({"附件.txt": "x"}), "not_a_workbook", NOT_A_BOOK),
    "macros": (
        MACROS,
        "macros",
        "文件带有宏（程序代码），不予读取。请用 WPS 表格另存为不带宏的“Microsoft Excel 文件（*.xlsx）”后重新发送。",
    ),
    "xlsb": (BINARY, "binary_workbook", f"内容是二进制工作簿（.xlsb）。{AGAIN}"),
    "strict": (
        STRICT,
        "strict_format",
        "内容是“Strict Open XML”格式。请打开后另存为普通的“Microsoft Excel 文件（*.xlsx）”，再重新发送。",
    ),
    "html": (
        b"\xef\xbb\xbf\n<html><table><tr><td>1</td></tr></table></html>",
        "html",
        f"内容是网页格式，不是真正的表格。{AGAIN}",
    ),
    "table": (b"<table><tr><td>1</td></tr></table>", "html", f"内容是网页格式，不是真正的表格。{AGAIN}"),
    "single file page": (b"MIME-Version: 1.0\r\n", "html", f"内容是网页格式，不是真正的表格。{AGAIN}"),
    "xml 2003": (XML_2003.encode(), "xml_2003", f"内容是旧版“XML 表格 2003”格式。{AGAIN}"),
    "csv": (LINES.encode(), "csv", csv_says("UTF-8")),
    "csv with mark": (LINES.encode("utf-8-sig"), "csv", csv_says("UTF-8")),
    "csv of Windows": (LINES.encode("gb18030"), "csv", csv_says("GB18030")),
    "csv in UTF-16": (LINES.encode("utf-16"), "csv", csv_says("UTF-16")),
    "text": ("推荐材料".encode(), "not_a_workbook", NOT_A_BOOK),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_workbook", NOT_A_BOOK),
    "pdf": (b"%PDF-1.7\n\xff\xff", "not_a_workbook", NOT_A_BOOK),
}


@pytest.mark.parametrize("case", KINDS)
def test_each_kind_of_file_is_refused_with_its_own_sentence(case: str, tmp_path: Path) -> None:
    data, code, sentence = KINDS[case]
    path = tmp_path / "2026-沈阳市.xlsx"
    path.write_bytes(data)
    book = read_books([path])[0]
    assert book.raw is None
    assert book.problem is not None
    assert (book.problem.code, str(book.problem)) == (code, f"2026-沈阳市.xlsx：{sentence}")


@pytest.mark.parametrize("suffix", [".xls", ".et", ".csv", ""])
def test_a_workbook_under_another_suffix_is_read_with_a_notice(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"2026-沈阳市{suffix}"
    path.write_bytes(hostile.book())
    book = read_books([path])[0]
    assert book.problem is None
    assert book.raw is not None
    assert [cell.text for cell in book.raw.sheets[0].cells.values()] == ["编号", "SY-001"]
    assert book.notices == (
        f"扩展名是 {suffix or '空'}，内容是 .xlsx 工作簿，已按内容读取。请改回 .xlsx，以免打开时出错。",
    )


def test_a_file_past_the_size_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as target:
        target.truncate(51 * 1024 * 1024 + 1)
    book = read_books([path])[0]
    assert (book.data, book.sha256) == (b"", "")
    assert (
        str(book.problem)
        == "大.xlsx：文件有 52 MB，超过 50 MB 的上限。请删去其中的图片和附件，只保留模板要求的内容后重新发送。"
    )


def test_a_comment_behind_the_zip_does_not_hide_its_end(tmp_path: Path) -> None:
    target = BytesIO(hostile.book())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"x" * 60_000
    path = tmp_path / "2026-沈阳市.xlsx"
    path.write_bytes(target.getvalue())
    assert read_books([path])[0].problem is None
