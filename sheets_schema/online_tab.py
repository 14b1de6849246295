"""One sheet of data online: headers with their notes, limits, looks, colours. What stands in row 2 and below is the
city's: no request of these writes there, they only say what may be typed and how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sheets_schema.help import Guide, HelpRow, words
from sheets_schema.online_look import cell_form, cell_look, header_look, pixels_high, wide
from sheets_schema.online_places import Columns, find_columns, runs
from sheets_schema.online_rules import colours, ours_of, rule, same_colours, same_rule
from sheets_schema.online_steps import Phase, Work, painted, text_cell
from sheets_schema.online_words import online_words
from sheets_schema.schema import BookSchema, Column, Sheet
from sheets_schema.template_data import HEADER_HEIGHT

_DATES: Final = ("DATE", "DATE_TIME")
_FORM: Final = "userEnteredFormat.numberFormat"
_CELLS: Final = "userEnteredFormat(numberFormat,horizontalAlignment,verticalAlignment,wrapStrategy)"


class DataTab:
    """Brings one sheet to what the schema wants of it. `help`: by column, what its note says."""

    def __init__(self, work: Work, sheet: Sheet, guide: Guide, help: Mapping[str, HelpRow]) -> None:
        self.work, self.tab, self.sheet, self.guide = work, work.tab, sheet, guide
        self.columns: Columns = find_columns(sheet, work.tab)
        self._notes = {column.name: note_text(help[column.name]) for column in sheet.columns}

    @property
    def width(self) -> int:
        """Columns that the sheet has once those missing are there."""
        return max(self.tab.columns, *(at + 1 for at in self.columns.all.values()))

    def keep(self, schema: BookSchema, ranges: Mapping[Column, str], feedback: Mapping[str, int]) -> None:
        """All of it. `ranges`: where the options of drop-downs are; `feedback`: the columns of 审核反馈."""
        self._headers()
        self._note_again()
        if self.sheet.filled_by == "city":
            for column in self.sheet.columns:
                self._limit(column, rule(column, self.columns.all[column.name], self.guide, ranges))
                self._form_again(column)
        self._colours(colours(schema, self.sheet, self.tab.id, feedback), schema)
        self._frozen()

    def _headers(self) -> None:
        """Headers that are gone or changed; a column that is not there at all, with its look."""
        for name, at in self.columns.renamed.items():
            self.work.write(0, {at: text_cell(name)}, "userEnteredValue", "header", column=name)
        added = {at: self.sheet.column(name) for name, at in self.columns.added.items()}
        if not added:
            return
        missing = self.width - self.tab.columns
        names = self._new_names
        if missing > 0:
            body = {"sheetId": self.tab.id, "dimension": "COLUMNS", "length": missing}
            self.work.add(Phase.SIZE, "appendDimension", body, "added", column=names)
        city = self.sheet.filled_by == "city"
        cells = {
            at: text_cell(column.name)
            | {"note": self._notes[column.name], "userEnteredFormat": header_look(column if city else None)}
            for at, column in added.items()
        }
        self.work.write(0, cells, "userEnteredValue,note,userEnteredFormat", "added", column=names)
        for run, look in painted({at: cell_look(column) for at, column in added.items()}):
            self.work.look(self.work.area((1, None), run), look, _CELLS, "added", column=names)
        self.work.sizes("COLUMNS", {at: wide(column) for at, column in added.items()}, "added", column=names)
        if self.work.new:
            self.work.sizes("ROWS", {0: pixels_high(HEADER_HEIGHT)}, "added")

    @property
    def _new_names(self) -> str:
        return "”“".join(self.columns.added)

    def _known(self) -> Iterator[tuple[Column, int]]:
        """The columns that were there before."""
        for column in self.sheet.columns:
            if column.name not in self.columns.added:
                yield column, self.columns.all[column.name]

    def _note(self, at: int) -> str:
        return str(self.tab.cells.get((0, at), {}).get("note", ""))

    def _note_again(self) -> None:
        wrong = {at: {"note": self._notes[c.name]} for c, at in self._known() if self._note(at) != self._notes[c.name]}
        self.work.write(0, wrong, "note", "notes")

    def _limit(self, column: Column, wanted: Mapping[str, Any]) -> None:
        """One rule for the whole column where a cell of it has none or another, or where the words are out of date:
        they are those of the note, and answers do not hold them."""
        at = self.columns.all[column.name]
        note = self._note(at)
        dated = bool(note) and note != self._notes[column.name]
        if column.name in self.columns.added or dated or not self._limited(at, wanted):
            body = {"range": self.work.area((1, None), (at, at + 1)), "rule": wanted}
            said, name = "choices" if column.type == "choice" else "limit", column.name
            if column.name in self.columns.added:
                said, name = "added", self._new_names
            self.work.add(Phase.RULES, "setDataValidation", body, said, column=name)

    def _limited(self, at: int, wanted: Mapping[str, Any]) -> bool:
        """Whether every cell of a column has the rule. Most are the same to the letter, which is quickly seen."""
        right: Mapping[str, Any] | None = None
        for row in range(1, self.tab.rows):
            found = self.tab.cells.get((row, at), {}).get("dataValidation")
            if found is None or (found != right and not same_rule(wanted, found)):
                return False
            right = found
        return True

    def _form_again(self, column: Column) -> None:
        """Empty cells in which a code would lose its zeros. A filled cell looks as the city has it."""
        form = cell_form(column)
        if form is None or column.name in self.columns.added:
            return
        right = _DATES if form["type"] == "DATE" else (form["type"],)
        at = self.columns.all[column.name]
        wrong = []
        for row in range(1, self.tab.rows):
            cell = self.tab.cells.get((row, at), {})
            kind = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type")
            if kind not in right and not cell.get("userEnteredValue"):
                wrong.append(row)
        for rows in runs(wrong):
            area = self.work.area(rows, (at, at + 1))
            self.work.look(area, {"numberFormat": form}, _FORM, "form", column=column.name)

    def _colours(self, wanted: list[dict[str, Any]], schema: BookSchema) -> None:
        """Ours again, before those of the city; of ours nothing is left that is not as it was."""
        places = ours_of(schema, self.tab)
        if same_colours(wanted, self.tab, places):
            return
        for at in reversed(places):
            self.work.add(
                Phase.COLOURS, "deleteConditionalFormatRule", {"sheetId": self.tab.id, "index": at}, "colours"
            )
        for at, found in enumerate(wanted):
            self.work.add(Phase.COLOURS, "addConditionalFormatRule", {"rule": found, "index": at}, "colours")

    def _frozen(self) -> None:
        """Without a frozen header, sorting the sheet takes it along."""
        if not self.tab.frozen:
            properties = {"sheetId": self.tab.id, "gridProperties": {"frozenRowCount": 1}}
            body = {"properties": properties, "fields": "gridProperties.frozenRowCount"}
            self.work.add(Phase.LOOK, "updateSheetProperties", body, "frozen")


def note_text(row: HelpRow) -> str:
    """The note on a header: whether and what to fill in, in which form, and which standards it feeds."""
    texts = online_words()["note"]
    lines = [texts["required"].format(required=row.required, what=row.what), texts["format"].format(format=row.format)]
    if row.standards:
        lines += [words()["window"]["standards"], *row.standards]
    return "\n".join(lines)
