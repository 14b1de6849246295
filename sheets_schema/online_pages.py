"""The sheets of an online book that nobody fills in: the help page, the lists behind drop-downs, whose book it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from sheets_schema.help import Guide, words
from sheets_schema.layout import cell_name
from sheets_schema.online_look import page_look, pixels_high, pixels_wide
from sheets_schema.online_steps import Phase, Work, painted
from sheets_schema.schema import BookSchema, Column
from sheets_schema.template import drop_downs
from sheets_schema.template_help import HEIGHTS, HELP_WIDTHS, help_lines, line_height

Rows = tuple[tuple[str, ...], ...]


def meta_rows(schema: BookSchema, city: str, year: int) -> Rows:
    """Key and value a row: whose book it is, and by which template it was made."""
    keys = schema.meta_keys
    values = {"city": city, "year": str(year), "version": schema.version}
    return tuple((keys[name], values[name]) for name in keys)


def list_rows(schema: BookSchema) -> Rows:
    """One list a column, its name on top."""
    lists = ((name, *columns[0].options) for name, columns in drop_downs(schema).items())
    return tuple(zip_longest(*lists, fillvalue=""))


def list_ranges(schema: BookSchema) -> dict[Column, str]:
    """Where the options of each drop-down are, as a formula says it."""
    ranges: dict[Column, str] = {}
    for at, columns in enumerate(drop_downs(schema).values(), start=1):
        letter = cell_name(1, at)[:-1]
        for column in columns:
            ranges[column] = f"='{schema.dictionary}'!${letter}$2:${letter}${len(column.options) + 1}"
    return ranges


class HelpContent:
    """The help page of one book: its lines, how they look, and how high they are."""

    def __init__(self, schema: BookSchema, guide: Guide, city: str, year: int) -> None:
        texts: Mapping[str, Any] = words()
        lines = list(help_lines(schema, guide, texts, {"city": city, "year": year}))
        self.widths = [HELP_WIDTHS[head] for head in texts["heads"]]
        self.kinds = [kind if cells else "plain" for kind, cells in lines]
        self.rows: Rows = tuple(cells for _, cells in lines)

    def draw(self, work: Work) -> None:
        """Looks and heights of all lines, widths of the columns."""
        for rows, look in painted({at: page_look(kind) for at, kind in enumerate(self.kinds)}):
            work.look(work.area(rows, (0, len(self.widths))), look, "userEnteredFormat", "content")
        work.sizes("ROWS", {at: self._height(at) for at in range(len(self.rows))}, "content")
        work.sizes("COLUMNS", {at: pixels_wide(width) for at, width in enumerate(self.widths)}, "content")

    def _height(self, at: int) -> int:
        kind, cells = self.kinds[at], self.rows[at]
        if kind in ("head", "cell"):
            return pixels_high(line_height(cells, self.widths))
        return pixels_high(HEIGHTS.get(kind) or line_height(cells or [""], [sum(self.widths)]))


def keep_page(work: Work, rows: Sequence[Sequence[str]]) -> bool:
    """Puts the page right where a text on it is not the wanted one; whether it had to be written."""
    wanted = {(row, at): text for row, cells in enumerate(rows) for at, text in enumerate(cells) if text}
    if work.tab.filled == wanted:
        return False
    size = (max(len(rows), work.tab.rows), max(work.tab.columns, max(len(cells) for cells in rows)))
    if size != (work.tab.rows, work.tab.columns):
        grid = {"rowCount": size[0], "columnCount": size[1]}
        body = {"properties": {"sheetId": work.tab.id, "gridProperties": grid}}
        fields = "gridProperties.rowCount,gridProperties.columnCount"
        work.add(Phase.SIZE, "updateSheetProperties", body | {"fields": fields}, "content")
    work.fill(rows, size, "content")
    return True
