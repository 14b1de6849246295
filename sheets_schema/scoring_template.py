"""The workbook that an expert without access scores in: what to do, the sheet, what to look at, the figures.

The same arguments give the same bytes. Every text is written as text, so that nothing becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.help import window_text
from sheets_schema.layout import cell_name
from sheets_schema.schema import BookSchema, Column
from sheets_schema.scoring_schema import Asked, column_name, scoring_schema, scoring_words, sheet_name
from sheets_schema.template import write_meta
from sheets_schema.template_help import HelpPage
from sheets_schema.template_look import FONT, TABS, checked, display_width

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_TITLE_LONGEST: Final = 32
_HEADER_HEIGHT: Final = 48
_ROW_HEIGHT: Final = 34  # two lines of a long name
_A4, _A3 = 9, 8
_KINDS: Final = ("平台", "基地")
_ALLOWED: Final = {"format_columns": True, "format_rows": True, "autofilter": True}
_KEYS: Final = ("number", "name", "city", "kind", "operator")
_HELP: Final = (60, 60)  # widths of columns
_POINTS: Final = (12, 8, 22, 34, 60, 60)
_FACTS: Final = (20, 32, 14, 34, 44, 12)


@dataclass(frozen=True, slots=True)
class About:
    """Whose workbook it is. `until`, `send`: until when and how it comes back; '' where that is told elsewhere."""

    year: int
    code: str
    name: str
    until: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An application to be scored, as its row says it."""

    number: str
    name: str
    city: str
    kind: str
    operator: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of an application: on which sheet the city gave it, its column, the value, and a remark."""

    number: str
    name: str
    sheet: str
    column: str
    value: str
    remark: str = ""


def build_scoring_book(
    asked: Sequence[Asked], about: About, lines: Sequence[Line], facts: Sequence[Fact], program_version: str
) -> bytes:
    """The bytes of one expert's workbook. Raises TemplateRefused where a text is longer than a spreadsheet takes."""
    from xlsxwriter import Workbook  # only here: a command that makes no workbook does not pay for it

    target, schema, texts = io.BytesIO(), scoring_schema(asked), scoring_words()
    book = Workbook(target, {"in_memory": True, "default_format_properties": dict(FONT), "strings_to_formulas": False})
    title = texts["title"].format(year=about.year)
    # A fixed day, else two runs would differ.
    book.set_properties({"title": title, "created": datetime(about.year, 1, 1)})  # noqa: DTZ001 - no zone in the format
    book.set_custom_property("shifan_program", program_version, "text")
    _help(book, title, about, len(lines))
    _Scores(book, schema, asked).write(lines)
    _points(book, asked)
    _facts(book, facts)
    keys = schema.meta_keys
    meta = {"year": str(about.year), "expert": about.code, "version": schema.version}
    write_meta(book, schema.meta, {keys[key]: value for key, value in meta.items()})
    book.close()
    return target.getvalue()


def _help(book: Workbook, title: str, about: About, count: int) -> None:
    texts = scoring_words()
    page = _page(book, sheet_name("help"), _HELP)
    until = texts["until"].format(until=about.until) if about.until else texts["until_open"]
    send = texts["send"].format(send=about.send.rstrip("。")) if about.send else texts["send_open"]
    page.line(title, page.title, height=34)
    purpose = texts["purpose"].format(name=about.name, code=about.code, count=count, until=until, send=send)
    page.line(purpose, page.plain)
    for at, said in enumerate(texts["how"], start=1):
        page.line(f"{at}. {said}", page.plain)


def _points(book: Workbook, asked: Sequence[Asked]) -> None:
    texts = scoring_words()["points"]
    page = _page(book, sheet_name("points"), _POINTS)
    page.line(texts["title"], page.title, height=34)
    page.line(texts["note"], page.plain)
    page.table(texts["heads"], page.head)
    for one in asked:
        looks = ("\n".join(f"· {point}" for point in one.points.get(kind, ())) for kind in _KINDS)
        page.table([one.name, one.weight, one.scale, one.looks, *looks], page.cell)


def _facts(book: Workbook, facts: Sequence[Fact]) -> None:
    texts = scoring_words()["facts"]
    page = _page(book, sheet_name("facts"), _FACTS)
    page.line(texts["title"], page.title, height=34)
    page.line(texts["note"], page.plain)
    page.table(texts["heads"], page.head)
    first = page.row
    for one in facts:
        page.table([one.number, one.name, one.sheet, one.column, one.value, one.remark], page.cell)
    page.sheet.autofilter(first - 1, 0, page.row - 1, len(_FACTS) - 1)
    page.sheet.freeze_panes(first, 0)
    page.sheet.repeat_rows(first - 1)
    page.sheet.protect("", _ALLOWED)


def _page(book: Workbook, name: str, widths: Sequence[int]) -> HelpPage:
    """A page to be read and not to be written on."""
    sheet = book.add_worksheet(name)
    sheet.set_tab_color(TABS["help"])
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    return HelpPage(book, sheet, widths)


class _Scores:
    """Writes the sheet that is filled in."""

    def __init__(self, book: Workbook, schema: BookSchema, asked: Sequence[Asked]) -> None:
        self._book, self._sheet = book, schema.sheet(sheet_name("scores"))
        self._limits = {one.score_column: one for one in asked}
        edge = {"border": 1, "border_color": "#8EA9DB", "text_wrap": True, "valign": "vcenter"}
        head = edge | {"bold": True, "align": "center"}
        self._given_head = book.add_format(head | {"bg_color": "#E7E6E6", "font_color": "#404040"})
        self._asked_head = book.add_format(head | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        self._free_head = book.add_format(head | {"bg_color": "#BDD7EE", "font_color": "#1F3864"})
        self._given = book.add_format(edge | {"bg_color": "#F2F2F2", "num_format": "@"})
        self._number = book.add_format(edge | {"locked": False, "align": "center"})
        self._text = book.add_format(edge | {"locked": False, "num_format": "@"})

    def write(self, lines: Sequence[Line]) -> None:
        """Adds the sheet with a row for each application."""
        made = self._book.add_worksheet(self._sheet.name)
        made.set_tab_color(TABS["applicants"])
        made.set_row(0, _HEADER_HEIGHT)
        given = {column_name(key): key for key in _KEYS}
        for at, column in enumerate(self._sheet.columns):
            made.set_column(at, at, _width(column))
            made.write_string(0, at, column.name, self._head(column, column.name in given))
            for row, line in enumerate(lines, start=1):
                made.set_row(row, _ROW_HEIGHT)
                if column.name in given:
                    made.write_string(row, at, getattr(line, given[column.name]), self._given)
                else:
                    made.write_blank(row, at, None, self._text if column.type == "text" else self._number)
            if column.name not in given and lines:
                self._limit(made, at, column, len(lines))
        made.freeze_panes(1, 2)
        made.autofilter(0, 0, max(len(lines), 1), len(self._sheet.columns) - 1)
        made.protect("", _ALLOWED)
        made.set_landscape()
        made.set_paper(_A3)
        made.fit_to_pages(1, 0)
        made.repeat_rows(0)

    def _head(self, column: Column, given: bool) -> Format:
        if given:
            return self._given_head
        needed = column.required.mode == "always" and column.name != column_name("recusal")
        return self._asked_head if needed else self._free_head

    def _limit(self, made: Worksheet, at: int, column: Column, count: int) -> None:
        """What a spreadsheet can hold by itself. The parser asks again: pasting goes past all limits."""
        title = column.name if len(column.name) <= _TITLE_LONGEST else f"{column.name[: _TITLE_LONGEST - 1]}…"
        options: dict[str, Any] = {"input_title": title, "input_message": window_text(column, {})}
        options |= self._stop(column, cell_name(2, at + 1))
        checked(made.data_validation(1, at, count, at, options), column.name)

    def _stop(self, column: Column, cell: str) -> Mapping[str, Any]:
        texts = scoring_words()["stop"]
        one = self._limits.get(column.name)
        if one is not None:
            whole = f"ABS(ROUND({cell}/{one.step:f},0)*{one.step:f}-{cell})<1E-9"
            held = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={one.top:f},{whole})"
            said = texts["score"].format(column=column.name, scale=one.scale)
            return {"validate": "custom", "value": f"={held}", "error_title": texts["title"], "error_message": said}
        if column.type == "integer":
            said = texts["count"].format(column=column.name)
            least = {"validate": "integer", "criteria": ">=", "value": 0}
            return least | {"error_title": texts["title"], "error_message": said}
        return {"validate": "any"}


def _width(column: Column) -> int:
    return max(column.width or 0, min(display_width(column.name), 14) + 2)
