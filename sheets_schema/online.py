"""A city's workbook as an online sheet of Google's: what has to be done to it so that it is what the schema wants.

The same for a new spreadsheet and for one that people have worked in: what is missing or damaged is put right, and
what is right is not touched. No request changes a cell below a header of the city's, or takes away or moves a column,
a row or a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sheets_schema.fold import fold_header
from sheets_schema.help import Guide, help_rows
from sheets_schema.online_guards import keep_guards, keep_marks, mark
from sheets_schema.online_pages import HelpContent, Rows, keep_page, list_ranges, list_rows, meta_rows
from sheets_schema.online_places import find_tabs, names_of
from sheets_schema.online_rules import color
from sheets_schema.online_steps import Phase, Plan, Request, Steps, Work
from sheets_schema.online_tab import DataTab
from sheets_schema.online_there import FIELDS, Tab, There, there_of
from sheets_schema.online_words import done, online_words
from sheets_schema.schema import BookSchema, Sheet
from sheets_schema.template_look import TABS, frozen_columns, tab_kind

__all__ = ["FIELDS", "Plan", "plan_for", "requests_for"]

# Rows of a new sheet: one row an applicant needs fewer than lists of enterprises and events. People may add more.
_ROWS, _LONG = 200, 1000
_SPARE = 4  # empty columns beside ours, for what a city notes down for itself
_FIRST_ID: Final = 101


def requests_for(
    schema: BookSchema,
    *,
    city: str,
    year: int,
    guide: Guide,
    program_version: str,
    service_account: str,
    there: Mapping[str, Any] | None,
) -> list[Request]:
    """The requests of one batchUpdate that make the spreadsheet complete; none where it is.

    `there` is the answer to a GET with FIELDS (all sheets, with their cells), None for one that was just made;
    `service_account` the address of the account that sends them, which stays the only one to change what is ours.
    """
    plan = plan_for(
        schema,
        city=city,
        year=year,
        guide=guide,
        program_version=program_version,
        service_account=service_account,
        there=there,
    )
    return list(plan.requests)


def plan_for(
    schema: BookSchema,
    *,
    city: str,
    year: int,
    guide: Guide,
    program_version: str,
    service_account: str,
    there: Mapping[str, Any] | None,
) -> Plan:
    """As `requests_for`, with what they do in words for people."""
    book = _Book(schema, there_of(there))
    help = HelpContent(schema, guide, city, year)
    pages: dict[str, Rows] = {
        schema.help: help.rows,
        schema.dictionary: list_rows(schema),
        schema.meta: meta_rows(schema, city, year),
    }
    book.region(program_version)
    works = book.works(pages)
    notes = {(row.sheet, row.column): row for row in help_rows(guide, schema)}
    data = {
        sheet.name: DataTab(
            works[sheet.name], sheet, guide, {column.name: notes[sheet.name, column.name] for column in sheet.columns}
        )
        for sheet in schema.sheets
    }
    feedback = next((data[sheet.name].columns.all for sheet in schema.sheets if sheet.filled_by == "province"), {})
    ranges = list_ranges(schema)
    for name, rows in pages.items():
        if keep_page(works[name], rows) and name == schema.help:
            help.draw(works[name])
        keep_guards(works[name], None, service_account)
        keep_marks(works[name], {})
    for tab in data.values():
        tab.keep(schema, ranges, feedback)
        city_tab = tab.sheet.filled_by == "city"
        keep_guards(tab.work, list(tab.columns.all.values()) if city_tab else None, service_account)
        keep_marks(tab.work, tab.columns.all)
    return book.steps.plan(done("new_book", count=len(works)) if book.there.fresh else "")


class _Book:
    """The spreadsheet as a whole: which sheets are there, which are put back, under which names."""

    def __init__(self, schema: BookSchema, there: There) -> None:
        self.schema, self.there, self.steps = schema, there, Steps()

    def region(self, program_version: str) -> None:
        """Dates and formulas are typed as in China; the version that made the book is noted once."""
        texts = online_words()
        wanted = {"locale": texts["locale"], "timeZone": texts["time_zone"]}
        if (self.there.locale, self.there.time_zone) != tuple(wanted.values()):
            body = {"properties": wanted, "fields": ",".join(wanted)}
            self.steps.add(Phase.BOOK, "updateSpreadsheetProperties", body, done("region"))
        if not self.there.program:
            kind, made = mark(texts["mark"]["program"], program_version, {"spreadsheet": True})
            self.steps.add(Phase.MARKS, kind, made, done("program"))

    def works(self, pages: Mapping[str, Rows]) -> dict[str, Work]:
        """One a sheet of ours, in their order; those that are not there are put in, those renamed named again."""
        found = {} if self.there.fresh else find_tabs(self.schema, self.there)
        self._rename(found)
        order = [tab.id for tab in self.there.tabs]
        ids = _free_ids(order)
        works: dict[str, Work] = {}
        before: int | None = None
        for name in names_of(self.schema):
            tab = found.get(name)
            if tab is not None:
                works[name] = Work(tab, name, False, self.steps)
                self._hidden(works[name])
            else:
                first = self.there.fresh and not works
                at = 0 if before is None else order.index(before) + 1
                made, properties = self._properties(name, order[0] if first else next(ids), pages)
                works[name] = Work(made, name, True, self.steps)
                if first:
                    fields = ",".join(_paths(properties, "sheetId"))
                    body = {"properties": properties, "fields": fields}
                    works[name].add(Phase.SHEETS, "updateSheetProperties", body, "new_tab")
                else:
                    body = {"properties": properties | {"index": at}}
                    works[name].add(Phase.SHEETS, "addSheet", body, "new_tab")
                    order.insert(at, made.id)
            before = works[name].tab.id
        return works

    def _properties(self, name: str, tab_id: int, pages: Mapping[str, Rows]) -> tuple[Tab, dict[str, Any]]:
        """A sheet to be made, and how Google is told."""
        sheet = next((found for found in self.schema.sheets if found.name == name), None)
        grid: dict[str, Any] = self._grid(sheet) if sheet else _page_grid(pages[name])
        hidden = name in (self.schema.dictionary, self.schema.meta)
        kind = tab_kind(sheet) if sheet else "help"
        properties: dict[str, Any] = {"sheetId": tab_id, "title": name, "gridProperties": grid}
        if hidden:
            properties["hidden"] = True
        else:
            properties["tabColorStyle"] = {"rgbColor": color(TABS[kind])}
        if name == self.schema.help:
            grid["hideGridlines"] = True
        made = Tab(
            id=tab_id,
            title=name,
            rows=grid["rowCount"],
            columns=grid["columnCount"],
            hidden=hidden,
            frozen=grid.get("frozenRowCount", 0),
        )
        return made, properties

    def _grid(self, sheet: Sheet) -> dict[str, Any]:
        long = sheet.filled_by == "city" and sheet.key is not None and not sheet.unique_key
        return {
            "rowCount": _LONG if long else _ROWS,
            "columnCount": len(sheet.columns) + _SPARE,
            "frozenRowCount": 1,
            "frozenColumnCount": frozen_columns(self.schema, sheet),
        }

    def _hidden(self, work: Work) -> None:
        if work.name in (self.schema.dictionary, self.schema.meta) and not work.tab.hidden:
            body = {"properties": {"sheetId": work.tab.id, "hidden": True}, "fields": "hidden"}
            work.add(Phase.LOOK, "updateSheetProperties", body, "hidden")

    def _rename(self, found: Mapping[str, Tab]) -> None:
        """Names of the province's own sheets exactly, as formulas name them; those of others as readers take them."""
        ours = {sheet.name for sheet in self.schema.city_sheets}
        wrong = {
            name: tab
            for name, tab in found.items()
            if tab.title != name and (name not in ours or fold_header(tab.title) != fold_header(name))
        }
        for name, tab in wrong.items():
            # One may bear the name of another, in a circle even, and no two may bear one at any moment.
            if tab.title in wrong:
                self._title(tab, f"{name}~{tab.id}", done("tab_name", found=tab.title, tab=name))
        for name, tab in wrong.items():
            self._title(tab, name, done("tab_name", found=tab.title, tab=name))

    def _title(self, tab: Tab, title: str, said: str) -> None:
        body = {"properties": {"sheetId": tab.id, "title": title}, "fields": "title"}
        self.steps.add(Phase.NAMES, "updateSheetProperties", body, said)


def _page_grid(rows: Rows) -> dict[str, Any]:
    return {"rowCount": len(rows), "columnCount": max(len(cells) for cells in rows)}


def _free_ids(taken: list[int]) -> Any:
    at = _FIRST_ID
    while True:
        if at not in taken:
            yield at
        at += 1


def _paths(properties: Mapping[str, Any], *left_out: str) -> list[str]:
    """The `fields` of what is set: grid properties one by one, else those not named go back to nothing."""
    made = []
    for name, value in properties.items():
        if name == "gridProperties":
            made += [f"gridProperties.{part}" for part in value]
        elif name not in left_out:
            made.append(name)
    return made
