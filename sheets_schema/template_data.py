"""One data sheet of the template: header, formats, limits, drop-downs, protection, colours for feedback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sheets_schema.help import Guide, stop_text, window_text, words
from sheets_schema.schema import BookSchema, Column, Sheet
from sheets_schema.template_look import (
    DATE_FORM,
    HEADERS,
    MARKS,
    TABS,
    TEXT_FORM,
    TEXT_TYPES,
    checked,
    column_width,
    frozen_columns,
    header_kind,
    tab_kind,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# Limits and colours reach this row (LibreOffice cuts them off there when it saves); formats hold for whole columns.
LAST_ROW = 1000
# Rows whose cells are there though empty: programs that fill a template cell by cell find their format.
READY_ROWS = 60
LAST_COLUMN = 16_383
HEADER_HEIGHT = 48  # three lines, as fonts differ from one machine to another
_A4, _A3 = 9, 8  # paper numbers of the format
_WIDE = 12  # columns, above which a sheet is printed on A3

_ALLOWED = {
    "insert_rows": True,
    "delete_rows": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}


class DataSheets:
    """Writes the sheets into `book`; `names` gives the range of each drop-down column's options."""

    def __init__(self, book: Workbook, schema: BookSchema, guide: Guide, names: Mapping[Column, str]) -> None:
        self.book, self.schema, self.guide, self.names = book, schema, guide, names
        self._formats: dict[str, Format] = {}
        self._marks = {
            level: book.add_format({"bg_color": back, "font_color": front}) for level, (back, front) in MARKS.items()
        }

    def write(self, sheet: Sheet) -> None:
        """Adds one sheet of the schema."""
        made = self.book.add_worksheet(sheet.name)
        city = sheet.filled_by == "city"
        made.set_tab_color(TABS[tab_kind(sheet)])
        made.set_row(0, HEADER_HEIGHT)
        for at, column in enumerate(sheet.columns):
            made.write_string(0, at, column.name, self._header(column if city else None))
            made.set_column(at, at, column_width(column), self._cell(column, city))
        if city:
            self._open(made, sheet)
        else:
            made.protect("", {"format_columns": True, "format_rows": True})
        made.freeze_panes(1, frozen_columns(self.schema, sheet))
        made.set_landscape()
        made.set_paper(_A3 if len(sheet.columns) > _WIDE else _A4)
        made.fit_to_pages(1, 0)
        made.repeat_rows(0)

    def _open(self, made: Worksheet, sheet: Sheet) -> None:
        """What only sheets filled by cities have: open cells, limits, colours, filters."""
        last = len(sheet.columns) - 1
        # A row can be deleted on a protected sheet only where all its cells are open.
        reach = made.dim_colmax
        made.set_column(last + 1, LAST_COLUMN, None, self._format("beyond", {"locked": False}))
        made.dim_colmax = reach  # else the sheet claims 16384 columns, and takes seconds to write
        for at, column in enumerate(sheet.columns):
            for row in range(1, READY_ROWS + 1):
                made.write_blank(row, at, None, self._cell(column, True))
            self._limit(made, at, column)
        self._colours(made, sheet, last)
        made.autofilter(0, 0, LAST_ROW - 1, last)
        made.protect("", _ALLOWED)

    def _format(self, key: str, properties: Mapping[str, Any]) -> Format:
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(properties))
        return self._formats[key]

    def _header(self, column: Column | None) -> Format:
        """The colour of a header says whether the column must be filled in."""
        kind = header_kind(column)
        look = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        return self._format(
            f"header {kind}",
            look | {"border_color": "#8EA9DB"} | {"bg_color": HEADERS[kind][0], "font_color": HEADERS[kind][1]},
        )

    def _cell(self, column: Column, unlocked: bool) -> Format:
        look: dict[str, Any] = {"locked": not unlocked, "valign": "vcenter"}
        if column.type in TEXT_TYPES:
            look["num_format"] = TEXT_FORM
        if column.type == "date":
            look["num_format"] = DATE_FORM
        if column.type in ("choice", "date", "industry_code"):
            look["align"] = "center"
        if column.type in ("text", "choices"):
            look |= {"text_wrap": True, "valign": "top"}
        return self._format(repr(sorted(look.items())), look)

    def _limit(self, made: Worksheet, at: int, column: Column) -> None:
        texts = words()
        title = column.name
        if len(title) > texts["window"]["title_longest"]:
            title = title[: texts["window"]["title_longest"] - 1] + "…"
        options: dict[str, Any] = {"input_title": title, "input_message": window_text(column, self.guide)}
        options |= self._kind(column)
        if options["validate"] != "any":
            options |= {"error_title": texts["stop"]["title"], "error_message": stop_text(column)}
        checked(made.data_validation(1, at, LAST_ROW - 1, at, options), f"{column.sheet}: {column.name}")

    def _kind(self, column: Column) -> dict[str, Any]:
        """The limit a spreadsheet can hold by itself. The parser asks again: pasting goes past all limits."""
        match column.type:
            case "integer" | "decimal":
                return {"validate": column.type, "criteria": ">=", "value": 0}
            case "date":
                earliest = datetime.combine(words()["stop"]["earliest"], time())
                return {"validate": "date", "criteria": ">=", "value": earliest}
            case "choice":
                return {"validate": "list", "source": f"={self.names[column]}"}
            case "uscc":
                # A warning only: blanks around a code do no harm.
                return {"validate": "length", "criteria": "==", "value": 18, "error_type": "warning"}
            case "industry_code":
                return {"validate": "length", "criteria": "==", "value": 3}
            case _:
                return {"validate": "any"}

    def _colours(self, made: Worksheet, sheet: Sheet, last: int) -> None:
        """A cell named on 审核反馈 is coloured: red for what must be put right, yellow for the rest."""
        feedback = next((found for found in self.schema.sheets if found.filled_by == "province"), None)
        if feedback is None:
            return

        def where(column: str) -> str:
            letter = chr(ord("A") + feedback.column(column).index - 1)
            return f"'{feedback.name}'!${letter}$2:${letter}${LAST_ROW}"

        named = f'{where("工作表")},"{sheet.name}",{where("单元格")},ADDRESS(ROW(),COLUMN(),4)'
        for level, mark in self._marks.items():
            asked = f',{where("级别")},"{level}"' if level else ""
            rule = {
                "type": "formula",
                "criteria": f"=COUNTIFS({named}{asked})>0",
                "format": mark,
                "stop_if_true": True,
            }
            checked(made.conditional_format(0, 0, LAST_ROW - 1, last, rule), sheet.name)
