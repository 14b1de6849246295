"""Requests that write cells."""

from __future__ import annotations

import re

from tests.sheets_emulator import cells, colours, conditions, shifting
from tests.sheets_emulator.book import Sheet
from tests.sheets_emulator.formulas import Worth
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.masks import Mask, merge
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.work import Work, fields, kind


def _given(cell: Json) -> Json:
    """A CellData of a request, as it is kept."""
    kept = {name: cell[name] for name in cells.SETTABLE if cell.get(name) not in (None, "", {})}
    if "userEnteredValue" in kept:
        value = cells.checked(kept["userEnteredValue"])
        kept = {name: each for name, each in kept.items() if name != "userEnteredValue"}
        if value is not None:
            kept["userEnteredValue"] = value
    if "userEnteredFormat" in kept:
        kept["userEnteredFormat"] = colours.both(kept["userEnteredFormat"])
    if "dataValidation" in kept:
        conditions.checked(kept["dataValidation"].get("condition"), "dataValidation")
    return kept


def _write(sheet: Sheet, row: int, column: int, mask: Mask, cell: Json) -> None:
    sheet.put(row, column, merge(mask, sheet.cells.get((row, column), {}), cell))


@kind
def update_cells(work: Work, request: Json) -> Json:
    """Cells from a start on, or all of a range: what is not given there is cleared."""
    mask, rows = fields(request, "CellData"), [row.get("values", []) for row in request.get("rows", [])]
    if "range" in request:
        area = work.editable(request["range"])
        for place, row in enumerate(rows):
            if area.top + place >= area.bottom:
                last = area.bottom - 1
                raise invalid(f"Attempting to write row: {area.top + place}, beyond the last requested row of: {last}")
            if area.left + len(row) > area.right:
                raise invalid(
                    f"Attempting to write column: {area.right}, beyond the last requested column of: {area.right - 1}"
                )
    elif "start" in request:
        start, width = request["start"], max((len(row) for row in rows), default=0)
        sheet = work.sheet(start)
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        if top + len(rows) > sheet.rows:
            raise invalid(f"Attempting to write row: {sheet.rows}, beyond the last requested row of: {sheet.rows - 1}")
        if left + width > sheet.columns:
            last = sheet.columns - 1
            raise invalid(f"Attempting to write column: {sheet.columns}, beyond the last requested column of: {last}")
        if not width:
            return {}
        area = Area(sheet.id, top, top + len(rows), left, left + width)
        work.editor.edits(work.book, [area])
    else:
        raise invalid("Must specify either 'start' or 'range'.")
    sheet = work.book.sheet(area.sheet)
    for place in range(area.bottom - area.top):
        row = rows[place] if place < len(rows) else []
        width = len(row) if "start" in request else area.right - area.left
        for column in range(width):
            cell = _given(row[column]) if column < len(row) else {}
            _write(sheet, area.top + place, area.left + column, mask, cell)
    return {}


@kind
def append_cells(work: Work, request: Json) -> Json:
    """Rows after the last one that holds data."""
    mask, rows = fields(request, "CellData"), [row.get("values", []) for row in request.get("rows", [])]
    sheet = work.sheet(request)
    top = sheet.used().bottom
    width = max((len(row) for row in rows), default=0)
    if not width:
        return {}
    sheet.resize(max(sheet.rows, top + len(rows)), max(sheet.columns, width))
    work.editor.edits(work.book, [Area(sheet.id, top, top + len(rows), 0, width)])
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            _write(sheet, top + place, column, mask, _given(cell))
    return {}


@kind
def repeat_cell(work: Work, request: Json) -> Json:
    """The same content all over a range."""
    mask, area, cell = (
        fields(request, "CellData"),
        work.editable(request.get("range")),
        _given(request.get("cell") or {}),
    )
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula is None:
        _spread(work.book.sheet(area.sheet), area, mask, cell)
        return {}
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            there = shifting.relative(formula, row - area.top, column - area.left)
            here = cell | {"userEnteredValue": {"formulaValue": there}}
            _write(work.book.sheet(area.sheet), row, column, mask, here)
    return {}


def _spread(sheet: Sheet, area: Area, mask: Mask, cell: Json) -> None:
    """The same into every cell of a range: what was alike before is one and the same afterwards."""
    done: dict[int, tuple[Json | None, Json]] = {}
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            old = sheet.cells.get((row, column))
            if id(old) not in done:
                done[id(old)] = old, merge(mask, old or {}, cell)
            sheet.put(row, column, done[id(old)][1])


@kind
def set_data_validation(work: Work, request: Json) -> Json:
    """A rule for what may be typed, or none."""
    area, rule = work.editable(request.get("range")), request.get("rule")
    if rule is not None:
        conditions.checked(rule.get("condition"), "rule")
    sheet = work.book.sheet(area.sheet)
    _spread(sheet, area, Mask({"dataValidation": Mask()}), {} if rule is None else {"dataValidation": rule})
    return {}


@kind
def update_borders(work: Work, request: Json) -> Json:
    """Lines around and between the cells of a range."""
    area = work.editable(request.get("range"))
    sheet = work.book.sheet(area.sheet)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            lines = {
                "top": request.get("top" if row == area.top else "innerHorizontal"),
                "bottom": request.get("bottom" if row == area.bottom - 1 else "innerHorizontal"),
                "left": request.get("left" if column == area.left else "innerVertical"),
                "right": request.get("right" if column == area.right - 1 else "innerVertical"),
            }
            cell = sheet.cells.get((row, column), {})
            form = cell.get("userEnteredFormat", {})
            borders = form.get("borders", {}) | {side: colours.both(line) for side, line in lines.items() if line}
            kept = {side: line for side, line in borders.items() if line.get("style") != "NONE"}
            new = {name: value for name, value in (form | {"borders": kept}).items() if value != {}}
            sheet.put(row, column, merge(Mask({"userEnteredFormat": Mask()}), cell, {"userEnteredFormat": new}))
    return {}


PASTED = {
    "PASTE_NORMAL": cells.SETTABLE,
    "PASTE_VALUES": ("userEnteredValue",),
    "PASTE_FORMULA": ("userEnteredValue",),
    "PASTE_FORMAT": ("userEnteredFormat",),
    "PASTE_NO_BORDERS": cells.SETTABLE,
    "PASTE_DATA_VALIDATION": ("dataValidation",),
    "PASTE_CONDITIONAL_FORMATTING": (),
}


@kind
def copy_paste(work: Work, request: Json) -> Json:
    """The content of one range into another, repeated where that is larger."""
    source, target = work.area(request.get("source")), work.area(request.get("destination"))
    height, width = source.bottom - source.top, source.right - source.left
    tall = max((target.bottom - target.top) // height, 1) * height
    broad = max((target.right - target.left) // width, 1) * width
    filled = Area(target.sheet, target.top, target.top + tall, target.left, target.left + broad)
    work.book.within(work.book.sheet(target.sheet), filled)
    work.editor.edits(work.book, [filled])
    _paste(work, source, filled, request.get("pasteType", "PASTE_NORMAL"))
    return {}


@kind
def cut_paste(work: Work, request: Json) -> Json:
    """The content of a range to another place."""
    source, place = work.editable(request.get("source")), request.get("destination") or {}
    top, left = place.get("rowIndex", 0), place.get("columnIndex", 0)
    bottom, right = top + source.bottom - source.top, left + source.right - source.left
    target = Area(work.sheet(place).id, top, bottom, left, right)
    work.book.within(work.book.sheet(target.sheet), target)
    work.editor.edits(work.book, [target])
    _paste(work, source, target, request.get("pasteType", "PASTE_NORMAL"))
    sheet = work.book.sheet(source.sheet)
    for row in range(source.top, source.bottom):
        for column in range(source.left, source.right):
            if not target.holds(Area(source.sheet, row, row + 1, column, column + 1)):
                sheet.cells.pop((row, column), None)
    return {}


def _paste(work: Work, source: Area, target: Area, how: str) -> None:
    sheet, home, worth = work.book.sheet(target.sheet), work.book.sheet(source.sheet), Worth(work.book)
    mask = Mask({name: Mask() for name in PASTED[how]})
    found = {}
    for row in range(source.top, source.bottom):
        for column in range(source.left, source.right):
            cell = dict(home.cells.get((row, column), {}))
            if how == "PASTE_VALUES" and (value := worth.of(home.id, row, column)) is not None:
                cell["userEnteredValue"] = value if "errorValue" not in value else cell["userEnteredValue"]
            found[row - source.top, column - source.left] = cell
    if not mask.parts:
        return
    height, width = source.bottom - source.top, source.right - source.left
    for row in range(target.bottom - target.top):
        for column in range(target.right - target.left):
            cell = found[row % height, column % width]
            formula = cell.get("userEnteredValue", {}).get("formulaValue")
            if formula is not None:
                down, along = row + target.top - source.top, column + target.left - source.left
                there = shifting.relative(formula, down - row % height, along - column % width)
                cell = cell | {"userEnteredValue": {"formulaValue": there}}
            _write(sheet, target.top + row, target.left + column, mask, cell)


@kind
def find_replace(work: Work, request: Json) -> Json:
    """A text for another in every cell where it stands."""
    find, new = request.get("find", ""), request.get("replacement", "")
    if not find:
        raise invalid("find is required")
    pattern = find if request.get("searchByRegex") else re.escape(find)
    new = re.sub(r"\$(\d)", r"\\\1", new) if request.get("searchByRegex") else new.replace("\\", "\\\\")
    if request.get("matchEntireCell"):
        pattern = rf"\A(?:{pattern})\Z"
    search = re.compile(pattern, 0 if request.get("matchCase") else re.IGNORECASE)
    if request.get("allSheets"):
        areas = [sheet.area for sheet in work.book.sheets]
    elif "range" in request:
        areas = [work.area(request["range"])]
    else:
        areas = [work.sheet(request).area]
    rows, touched, changed, times = set(), set(), 0, 0
    for area in areas:
        sheet = work.book.sheet(area.sheet)
        for (row, column), cell in list(sheet.cells.items()):
            here = Area(sheet.id, row, row + 1, column, column + 1)
            text = cell.get("userEnteredValue", {}).get("stringValue")
            if text is None or not area.holds(here):
                continue
            written, count = search.subn(new, text)
            if count:
                work.editor.edits(work.book, [here])
                value = {"userEnteredValue": {"stringValue": written}} if written else {}
                rest = {name: each for name, each in cell.items() if name != "userEnteredValue"}
                sheet.put(row, column, rest | value)
                changed, times = changed + 1, times + count
                rows.add((sheet.id, row))
                touched.add(sheet.id)
    counts = {"valuesChanged": changed, "rowsChanged": len(rows)}
    counts |= {"sheetsChanged": len(touched), "occurrencesChanged": times}
    return {"findReplace": {name: number for name, number in counts.items() if number}}
