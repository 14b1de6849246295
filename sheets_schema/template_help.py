"""The page 填报说明 of the template: what the book is for, how to fill it in, every column, an example row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any

from sheets_schema.help import Guide, HelpRow, help_rows, words
from sheets_schema.schema import BookSchema
from sheets_schema.template_look import TABS, display_width

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HELP_WIDTHS = {"sheet": 13, "column": 27, "what": 38, "required": 20, "format": 34, "standards": 64, "example": 26}
_FREE = 3  # columns that the indent and a character that does not fit any more leave free
HEIGHTS = {"title": 34, "section": 24}  # points; other lines as high as their text
_LINE = 15.5  # points a line of 11-point text takes


def help_lines(
    schema: BookSchema, guide: Guide, texts: Mapping[str, Any], whose: Mapping[str, object]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The page from top to bottom: the kind of a line (title, plain, section, head, cell) and its cells.

    Lines of the table have as many cells as `texts` names heads, the others one; a line without cells is empty.
    """
    heads = texts["heads"]
    yield "title", (texts["title"].format(**whose),)
    yield "plain", (texts["purpose"].format(**whose),)
    for at, said in enumerate(texts["how"], start=1):
        yield "plain", (f"{at}. {said}",)
    yield "plain", (texts["example_note"],)
    yield "plain", ()
    purposes = {declared.name: declared.purpose for declared in schema.sheets}
    for name, rows in groupby(help_rows(guide, schema), key=lambda row: row.sheet):
        yield "section", (f"〔{name}〕{purposes[name]}",)
        yield "head", tuple(words()["head"][head] for head in heads)
        for row in rows:
            yield "cell", tuple(_cell(row, head) for head in heads)
        yield "plain", ()


def write_help(
    book: Workbook, schema: BookSchema, guide: Guide, texts: Mapping[str, Any], whose: Mapping[str, object]
) -> None:
    """Adds the page as the next sheet of `book`: its `texts` (`words` of the book), filled in with `whose` it is."""
    sheet = book.add_worksheet(schema.help)
    sheet.set_tab_color(TABS["help"])
    sheet.hide_gridlines(2)
    page = HelpPage(book, sheet, [HELP_WIDTHS[head] for head in texts["heads"]])
    looks = {"title": page.title, "plain": page.plain, "section": page.section, "head": page.head, "cell": page.cell}
    for kind, cells in help_lines(schema, guide, texts, whose):
        if not cells:
            page.row += 1
        elif kind in ("head", "cell"):
            page.table(cells, looks[kind])
        else:
            page.line(cells[0], looks[kind], HEIGHTS.get(kind))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _cell(row: HelpRow, head: str) -> str:
    return "\n".join(row.standards) if head == "standards" else str(getattr(row, head))


class HelpPage:
    """Writes downwards. Heights are set by hand: merged cells get none, and programs disagree about the rest."""

    def __init__(self, book: Workbook, sheet: Worksheet, widths: Sequence[int]) -> None:
        self.sheet, self.row, self.widths = sheet, 0, widths
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        wrap = {"text_wrap": True, "valign": "vcenter"}
        edge = {"border": 1, "border_color": "#BFBFBF"}
        self.title = book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"})
        self.plain = book.add_format(wrap)
        self.section = book.add_format({"bold": True, "font_color": "#1F4E79", "valign": "vcenter"})
        self.head = book.add_format(wrap | edge | {"bold": True, "bg_color": "#DDEBF7", "align": "center"})
        self.cell = book.add_format(wrap | edge | {"indent": 1})

    def line(self, text: str, look: Format, height: float | None = None) -> None:
        """A line over the whole width."""
        self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", look)
        self.sheet.write_string(self.row, 0, text, look)
        self.sheet.set_row(self.row, height or line_height([text], [sum(self.widths)]))
        self.row += 1

    def table(self, cells: Sequence[str], look: Format) -> None:
        """A line of the table."""
        for at, text in enumerate(cells):
            if text:
                self.sheet.write_string(self.row, at, text, look)
            else:
                self.sheet.write_blank(self.row, at, None, look)
        self.sheet.set_row(self.row, line_height(cells, self.widths))
        self.row += 1


def line_height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Points that the fullest cell needs; the indent and half a character stay free at the end of a line."""
    lines = max(
        sum(max(1, ceil(display_width(line) / (width - _FREE))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return lines * _LINE + 5
