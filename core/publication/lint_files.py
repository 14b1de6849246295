"""Opens finished files to the last part for the lint: tables as tables, all else as text.

For files that this program has made; nothing here is built to meet what strangers send.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from core.publication.lint import Problem
from core.publication.lint_words import words

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKUP: Final = (".xml", ".rels", ".vml")
_PLAIN: Final = (".txt", ".md", ".js", ".css", ".svg", ".ics", ".xsd")
_READ_AS_SHEETS: Final = re.compile(r"xl/(?:worksheets/|sharedStrings|styles|theme|workbook)")


@dataclass(frozen=True, slots=True)
class Tabular:
    """A table of a file. `first`: the number its first row goes by; `opens`: read by what takes texts for formulas."""

    where: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    first: int = 1
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Text of a file."""

    where: str
    text: str


Part = Tabular | Words | Problem


def opened(name: str, data: bytes) -> Iterator[Part]:
    """Every part of a file; what cannot be looked through is a problem of its own."""
    where, suffix = f"文件“{name}”", name.lower()[name.rfind(".") :] if "." in name else ""
    try:
        if data.startswith(b"PK"):
            yield from _archive(name, data, where)
        elif suffix == ".csv":
            yield from _csv(data, where)
        elif suffix == ".json":
            yield from _json(json.loads(data), where)
        elif suffix in (".html", ".htm"):
            yield from _html(data.decode("utf-8-sig"), where)
        elif suffix in _PLAIN:
            yield Words(where, data.decode("utf-8-sig"))
        else:
            yield Problem("unreadable", where, "不是能逐项核对的文件（可以是 xlsx、docx、csv、html、json、txt）。")
    except (ValueError, KeyError, zipfile.BadZipFile, csv.Error, SyntaxError):
        yield Problem("unreadable", where, "打不开，没有办法核对，请重新生成。")


def _archive(name: str, data: bytes, where: str) -> Iterator[Part]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
    if "xl/workbook.xml" in members:
        yield from _sheets(data, where)
        yield from _others(
            {part: content for part, content in members.items() if not _READ_AS_SHEETS.match(part)}, where
        )
    elif "word/document.xml" in members:
        yield from _document(members["word/document.xml"], where)
        yield from _others({part: content for part, content in members.items() if part != "word/document.xml"}, where)
    else:
        for part, content in members.items():
            yield from opened(f"{name}/{part}", content)


def _sheets(data: bytes, where: str) -> Iterator[Part]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    try:
        for sheet in book.worksheets:
            place = f"{where}工作表“{sheet.title}”"
            lines = []
            for number, row in enumerate(sheet.iter_rows(), start=1):
                for cell in row:
                    if cell.data_type == "f":
                        yield Problem("formula", f"{place}{cell.coordinate}单元格", "是公式，请改成文字或数。")
                lines.append((number, [_shown(cell.value) for cell in row]))
            yield from _table(lines, place)
    finally:
        book.close()


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _table(lines: Sequence[tuple[int, Sequence[str]]], where: str, *, opens: bool = False) -> Iterator[Part]:
    """The first line of more than one filled cell heads the table; lines of one are titles and notes."""
    filled = [(number, row, sum(1 for cell in row if cell.strip())) for number, row in lines]
    top = next((at for at, (_, _, cells) in enumerate(filled) if cells > 1), len(filled))
    table: list[Sequence[str]] = []
    begin = 0
    for at, (number, row, cells) in enumerate(filled):
        if at > top and cells > 1:
            begin = begin or number
            table.append(row)
        elif cells == 1:
            yield Words(f"{where}第{number}行", "".join(row).replace("\n", ""))
    if top < len(filled):
        yield Tabular(where, filled[top][1], table, begin or 1, opens)


def _document(content: bytes, where: str) -> Iterator[Part]:
    from lxml import etree

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    yield from _fields(root, where)
    tables = [each for each in root.iter(f"{_W}tbl") if next(each.iterancestors(f"{_W}tbl"), None) is None]
    for number, table in enumerate(tables, start=1):
        rows = [
            ["\n".join(_text(each) for each in cell.iter(f"{_W}p")) for cell in row.iter(f"{_W}tc")]
            for row in table.iter(f"{_W}tr")
        ]
        place = f"{where}第{number}张表" if len(tables) > 1 else f"{where}表格"
        yield from _table(list(enumerate(rows)), place)  # the head is line 0, as rows are counted below it
    for number, paragraph in enumerate(root.iter(f"{_W}p"), start=1):
        if next(paragraph.iterancestors(f"{_W}tbl"), None) is None:
            yield Words(f"{where}第{number}段", _text(paragraph))


def _text(element: Any) -> str:
    """What a person reads, marks of deletion left out of account: what was struck out is still in the file."""
    signs = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
    read = (f"{_W}t", f"{_W}delText")
    return "".join((each.text or "") if each.tag in read else signs.get(each.tag, "") for each in element.iter())


def _fields(root: Any, where: str) -> Iterator[Problem]:
    codes = [each.get(f"{_W}instr", "") for each in root.iter(f"{_W}fldSimple")]
    codes += [each.text or "" for each in root.iter(f"{_W}instrText")]
    for code in codes:
        first = code.split()[0].upper() if code.split() else ""
        if first and first not in words().fields:
            yield Problem("field", where, f"有会自动更新的域“{first}”，打开时可能取来别的内容，请改成文字。")


def _others(members: dict[str, bytes], where: str) -> Iterator[Part]:
    """Properties, headers, footnotes, comments: whatever else of a document or workbook holds text."""
    from lxml import etree

    for part, content in sorted(members.items()):
        if "vbaProject" in part or "embeddings/" in part:
            yield Problem("field", f"{where}“{part}”", "是宏或嵌入的文件，不能随名单、文稿发出，请去掉。")
        if not part.lower().endswith(_MARKUP):
            continue
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
        yield from _fields(root, f"{where}“{part}”")
        paragraphs = list(root.iter(f"{_W}p")) or [root]
        for paragraph in paragraphs:
            text = _text(paragraph) if paragraph is not root else "\n".join(root.itertext())
            if text.strip():
                yield Words(f"{where}“{part}”", text)


def _csv(data: bytes, where: str) -> Iterator[Part]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    table = _table(list(enumerate(lines, start=1)), where, opens=True)
    yield from (part for part in table if isinstance(part, Tabular))
    for number, row in enumerate(lines, start=1):  # titles and notes are cells like all others here
        if sum(1 for cell in row if cell.strip()) == 1:
            yield Tabular(where, [""] * len(row), [row], number, opens=True)


def _json(value: Any, where: str) -> Iterator[Part]:
    """Its keys as heads, and all of it as text, on the lines on which it stands where it is written indented."""
    yield Tabular(where, sorted(_keys(value)), [])
    yield Words(where, json.dumps(value, ensure_ascii=False, indent=2))


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list) else set()


class _Page(HTMLParser):
    """The texts of a page: what stands between tags, and what attributes show or a machine reads out."""

    _SHOWN = ("title", "alt", "content", "value", "placeholder", "href")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.texts += [
            text for name, text in attrs if text and (name in self._SHOWN or name.startswith(("aria-", "data-")))
        ]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)


def _html(text: str, where: str) -> Iterator[Part]:
    page = _Page()
    page.feed(text)
    page.close()
    yield Words(where, "\n".join(each.replace("\n", " ") for each in page.texts))
