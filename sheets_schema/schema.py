"""The shared sheets as declared in sheets/*.toml (contract §2), loaded and held against mistakes.

A book of its own stands in a folder of its own beside them: cohort/ (objects of former years).
Template, parser, help page and app derive from these objects; no column name is written anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sheets_schema.declared import SchemaRefused, Table, toml_file
from sheets_schema.fold import fold_header, fold_item, fold_text

ColumnType = Literal["text", "id", "integer", "decimal", "date", "choice", "choices", "uscc", "phone", "industry_code"]
COLUMN_TYPES: tuple[str, ...] = get_args(ColumnType)
FOLDER = Path(__file__).parent
COHORT: Final = "cohort"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a cell (or a whole sheet) is needed.

    `when`: if `column` of `sheet` (None: the same row; else the applicant's row there) is one of `values`.
    `unless`: if it is filled and none of them. `unless_rows`: if `sheet` has no row of the same 编号.
    Where the deciding cell is empty or wrong, nothing is asked for: that cell is reported itself.
    """

    mode: Literal["always", "never", "when", "unless", "unless_rows"]
    column: str = ""
    sheet: str | None = None
    values: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The rule in Chinese, for the help page: 必填, 选填, 类型为平台的必填 …"""
        listed = "、".join(self.values)
        return {
            "always": "必填",
            "never": "选填",
            "when": f"{self.column}为{listed}的必填",
            "unless": f"{self.column}为{listed}的选填，其余必填",
            "unless_rows": f"必填；〔{self.sheet}〕填了明细的可不填",
        }[self.mode]

    def decides(self, value: object) -> bool:
        """Whether the deciding cell's typed `value` (None: empty or wrong) makes the cell needed."""
        if self.mode in ("always", "never"):
            return self.mode == "always"
        return value is not None and (value in self.values) == (self.mode == "when")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `outside` says what an item of a list that is not an option is: extra_item or not_in_list.

    `forbidden` says for which values of an earlier column of the row the cell must stay empty.
    `options_of` holds the options by the value of column `options_by` on sheet `options_sheet` (the
    applicant's row); `options` then holds all of them.
    """

    sheet: str
    name: str
    type: ColumnType
    required: Rule
    forbidden: Rule
    help: str
    examples: tuple[str, ...]
    index: int
    options: tuple[str, ...] = ()
    options_by: str = ""
    options_sheet: str = ""
    options_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    outside: Literal["extra_item", "not_in_list"] = "not_in_list"
    width: int | None = None

    @property
    def unit(self) -> str | None:
        """The unit of a figure: what stands in the header's last parentheses (家, 万元 …)."""
        if self.type not in ("integer", "decimal") or not self.name.endswith("）"):
            return None
        return self.name[self.name.rindex("（") + 1 : -1]

    @property
    def example(self) -> str:
        """A value that may stand here, invented; '' where the first example row leaves the cell empty."""
        return next((example for example in self.examples if example), "")

    def options_for(self, selector: str | None) -> tuple[str, ...]:
        """The options under a value of `options_by`; all of them where that value is not known."""
        return self.options_of.get(selector or "", self.options)


@dataclass(frozen=True, slots=True)
class Relation:
    """`part` is a part of `whole` on the same row and cannot be more (contract §2, part_exceeds_whole)."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` together cannot be more than `whole`; reported at `whole`."""

    parts: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `key` is its 编号 column (None: it has no applicant); `needed` is a rule over the applicant's
    row on the applicants' sheet; `unique_key`: one row an applicant."""

    name: str
    order: int
    purpose: str
    filled_by: Literal["city", "province"]
    needed: Rule
    columns: tuple[Column, ...]
    key: str | None = None
    unique_key: bool = False
    relations: tuple[Relation, ...] = ()
    sums: tuple[Sum, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name as written in the contract; KeyError where there is none."""
        return next((c for c in self.columns if c.name == name), None) or _no_such(self.name, name)


def _no_such(place: str, name: str) -> Any:
    raise KeyError(f"{place}: {name}")


@dataclass(frozen=True, slots=True)
class BookSchema:
    """The workbook: its data sheets in the contract's order, and the sheets beside them.

    `meta_keys` without `city` and `year`: a book that is not of one city and one year. `left_alone` says what
    becomes of columns and sheets that are not ours.
    """

    version: str
    sheets: tuple[Sheet, ...]
    applicants: str
    name_column: str
    judged_by: tuple[str, ...]
    meta: str
    dictionary: str
    help: str
    meta_keys: Mapping[str, str]
    left_alone: str
    ignored_prefixes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; KeyError where there is none."""
        return next((s for s in self.sheets if s.name == name), None) or _no_such("workbook", name)

    @property
    def city_sheets(self) -> tuple[Sheet, ...]:
        """The sheets that cities fill in."""
        return tuple(sheet for sheet in self.sheets if sheet.filled_by == "city")


@cache
def load(book: str = "") -> BookSchema:
    """A schema of this program: the cities' book, or the one of that folder (COHORT).

    Raises SchemaRefused where a file of it is wrong.
    """
    return load_from(FOLDER / book)


def load_from(folder: Path) -> BookSchema:
    """The schema declared by `folder`/book.toml and `folder`/sheets/*.toml."""
    book = Table("book.toml", "", toml_file(folder / "book.toml"))
    files = (folder / "sheets").glob("*.toml")
    sheets = tuple(sorted((_sheet(path.name, toml_file(path)) for path in files), key=_order))
    keys = Table("book.toml", "meta_keys", book.take("meta_keys", dict))
    asked = ("city", "year", "version") if book.take("of_city", bool) else ("version",)
    schema = BookSchema(
        version=book.take("version", str),
        sheets=sheets,
        applicants=book.take("applicants", str),
        name_column=book.take("name_column", str),
        judged_by=book.texts("judged_by"),
        meta=book.take("meta", str),
        dictionary=book.take("dictionary", str),
        help=book.take("help", str),
        meta_keys={name: keys.take(name, str) for name in asked},
        left_alone=book.take("left_alone", str),
        ignored_prefixes=book.texts("ignored_prefixes", ()),
    )
    keys.done()
    book.done()
    _hold_together(schema)
    return schema


def _order(sheet: Sheet) -> int:
    return sheet.order


def _rule(table: Table, key: str, default: str | None = None) -> Rule:
    value = table.values.pop(key, default)
    if value in ("always", "never"):
        return Rule(value)
    if not isinstance(value, dict):
        raise table.refuse(key, f"must be always, never or a condition, is {value!r}")
    inner = Table(table.file, f"{table.place}.{key}" if table.place else key, value)
    if "unless_rows" in value:
        made = Rule("unless_rows", sheet=inner.take("unless_rows", str))
    else:
        mode: Literal["when", "unless"] = "unless" if "unless" in value else "when"
        made = Rule(mode, inner.take(mode, str), inner.take("of", str, None), inner.texts("is"))
    inner.done()
    return made


def _sheet(file: str, values: dict[str, Any]) -> Sheet:
    table = Table(file, "", values)
    name = table.take("name", str)
    columns = tuple(
        _column(Table(file, f"column {at}", found), name, at)
        for at, found in enumerate(table.take("column", list), start=1)
    )
    made = Sheet(
        name=name,
        order=table.take("order", int),
        purpose=table.take("purpose", str),
        filled_by=table.one_of("filled_by", ("city", "province")),
        needed=_rule(table, "needed"),
        columns=columns,
        key=table.take("key", str, None),
        unique_key=table.take("unique_key", bool, False),
        relations=tuple(
            _relation(Table(file, f"relation {at}", found))
            for at, found in enumerate(table.take("relation", list, ()), start=1)
        ),
        sums=tuple(
            _sum(Table(file, f"sum {at}", found)) for at, found in enumerate(table.take("sum", list, ()), start=1)
        ),
    )
    table.done()
    if file != f"{name}.toml":
        raise SchemaRefused(file, "name", f"file and name differ: {name!r}")
    _hold_sheet(file, made)
    return made


def _relation(table: Table) -> Relation:
    made = Relation(table.take("part", str), table.take("whole", str))
    table.done()
    return made


def _sum(table: Table) -> Sum:
    made = Sum(table.texts("parts"), table.take("whole", str))
    table.done()
    return made


def _column(table: Table, sheet: str, index: int) -> Column:
    name = table.take("name", str)
    table.place = name
    kind: ColumnType = table.one_of("type", COLUMN_TYPES)
    options = table.texts("options", ())
    by = Table(table.file, f"{name}.options_by", table.take("options_by", dict, {}))
    listed = Table(table.file, f"{name}.options_of", table.take("options_of", dict, {}))
    options_of = {value: listed.texts(value) for value in list(listed.values)}
    made = Column(
        sheet=sheet,
        name=name,
        type=kind,
        required=_rule(table, "required"),
        forbidden=_rule(table, "forbidden", "never"),
        help=table.take("help", str),
        examples=table.texts("examples"),
        index=index,
        options=options + tuple(option for found in options_of.values() for option in found),
        options_by=by.take("column", str) if options_of else "",
        options_sheet=by.take("of", str) if options_of else "",
        options_of=options_of,
        outside=table.one_of("outside", ("extra_item", "not_in_list"), "not_in_list"),
        width=table.take("width", int, None),
    )
    by.done()
    table.done()
    if (kind in ("choice", "choices")) != bool(made.options):
        raise table.refuse("options", f"must be there for choice and choices only; type is {kind}")
    fold = fold_item if kind == "choices" else fold_text
    if len({fold(option) for option in made.options}) != len(made.options):
        raise table.refuse("options", "two options are the same when folded")
    return made


def _hold_sheet(file: str, sheet: Sheet) -> None:
    names = [column.name for column in sheet.columns]
    for name in names:
        if [fold_header(other) for other in names].count(fold_header(name)) > 1:
            raise SchemaRefused(file, name, "two headers are the same when folded")
    if len({len(column.examples) for column in sheet.columns}) != 1:
        raise SchemaRefused(file, "examples", "every column needs as many examples as the others")
    if sheet.key is not None and (sheet.key not in names or sheet.column(sheet.key).type != "id"):
        raise SchemaRefused(file, "key", f"is not a column of type id: {sheet.key!r}")
    for relation in sheet.relations:
        _hold_names(file, "relation", (relation.part, relation.whole), names)
    for total in sheet.sums:
        _hold_names(file, "sum", (*total.parts, total.whole), names)


def _hold_names(file: str, key: str, used: Iterable[str], names: list[str]) -> None:
    for name in used:
        if name not in names:
            raise SchemaRefused(file, key, f"names no column of the sheet: {name!r}")


def _hold_together(schema: BookSchema) -> None:
    """Every name that one file uses of another stands there."""
    columns = {sheet.name: {column.name: column for column in sheet.columns} for sheet in schema.sheets}
    if schema.applicants not in columns:
        raise SchemaRefused("book.toml", "applicants", f"is not a sheet: {schema.applicants!r}")
    home = list(columns[schema.applicants])
    _hold_names("book.toml", "judged_by", schema.judged_by, home)
    _hold_names("book.toml", "name_column", (schema.name_column,), home)
    for sheet in schema.sheets:
        _hold_rule(sheet, "needed", sheet.needed, schema.applicants, columns)
        for column in sheet.columns:
            _hold_rule(sheet, f"{column.name}.required", column.required, sheet.name, columns)
            _hold_rule(sheet, f"{column.name}.forbidden", column.forbidden, sheet.name, columns)
            _hold_forbidden(sheet, column)
            if column.options_of:
                by = columns.get(column.options_sheet, {}).get(column.options_by)
                if by is None or set(by.options) != set(column.options_of):
                    reason = f"must list options for each value of {column.options_by!r}"
                    raise SchemaRefused(f"{sheet.name}.toml", f"{column.name}.options_by", reason)


def _hold_rule(sheet: Sheet, key: str, rule: Rule, home: str, columns: Mapping[str, Mapping[str, Column]]) -> None:
    file = f"{sheet.name}.toml"
    if rule.mode == "unless_rows" and rule.sheet not in columns:
        raise SchemaRefused(file, key, f"names no sheet: {rule.sheet!r}")
    if rule.mode not in ("when", "unless"):
        return
    found = columns.get(rule.sheet or home, {}).get(rule.column)
    if found is None:
        raise SchemaRefused(file, key, f"names no column: {rule.column!r}")
    for value in rule.values:
        if value not in found.options:
            raise SchemaRefused(file, key, f"is not an option of {rule.column}: {value!r}")


def _hold_forbidden(sheet: Sheet, column: Column) -> None:
    """The deciding cell is read before the one it decides on; no value both asks for a cell and forbids it."""
    rule, needed = column.forbidden, column.required
    if rule.mode == "never":
        return
    key = f"{column.name}.forbidden"
    before = [found.name for found in sheet.columns[: column.index - 1]]
    if rule.mode != "when" or rule.sheet is not None or rule.column not in before:
        raise SchemaRefused(f"{sheet.name}.toml", key, "must be never or `when` of an earlier column of the sheet")
    both = needed.column == rule.column and set(needed.values) & set(rule.values)
    if needed.mode not in ("when", "never") or both:
        raise SchemaRefused(f"{sheet.name}.toml", key, "forbids what is required")
