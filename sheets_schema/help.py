"""What each column wants, in words: the rows of 填报说明, the same for the workbook and for the app."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sheets_schema.schema import FOLDER, BookSchema, Column, Sheet, load

Guide = Mapping[tuple[str, str], Sequence[str]]
"""By (sheet, column): the lines that say which standard the column feeds."""


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One column explained. `standards` are the guide's lines; `example` is invented."""

    sheet: str
    column: str
    what: str
    required: str
    format: str
    standards: tuple[str, ...]
    example: str


@cache
def words(book: str = "") -> dict[str, Any]:
    """The texts of help.toml; of another book (COHORT) only those of its help page."""
    return tomllib.loads((FOLDER / book / "help.toml").read_text(encoding="utf-8"))


def help_rows(guide: Guide, schema: BookSchema | None = None) -> tuple[HelpRow, ...]:
    """All columns of all sheets, in the contract's order."""
    return tuple(
        HelpRow(
            sheet=sheet.name,
            column=column.name,
            what=column.help,
            required=required_words(column) if sheet.filled_by == "city" else "省里填写",
            format=format_words(column, sheet),
            standards=tuple(guide.get((sheet.name, column.name), ())),
            example=column.examples[0],
        )
        for sheet in (schema or load()).sheets
        for column in sheet.columns
    )


def required_words(column: Column) -> str:
    """When a column is asked for and when it must stay empty, in one line."""
    if column.forbidden.mode == "never":
        return column.required.words
    return f"{column.required.words}；{column.forbidden.column}为{'、'.join(column.forbidden.values)}的不填"


def format_words(column: Column, sheet: Sheet) -> str:
    """Form and options of a column in one line."""
    texts = words()["format"]
    if column.type == "id" and not sheet.unique_key:
        return str(texts["id_repeated"])
    return str(texts[column.type].format(unit=column.unit, options=options_words(column)))


def options_words(column: Column) -> str:
    """The options in a row; where they depend on another column, by its value."""
    if not column.options_of:
        return "、".join(column.options)
    one = words()["format"]["choices_of"]
    return "；".join(
        one.format(value=value, options="、".join(options)) for value, options in column.options_of.items()
    )


def window_text(column: Column, guide: Guide, before: Sequence[str] = ()) -> str:
    """The message beside a chosen cell: the lines `before`, help, items of a list, standards; within the limit.

    Lines that do not fit are left out whole, and the last line then says where they are.
    """
    texts = words()["window"]
    lines = [*before, column.help]
    if column.type == "choices":
        lines.append(words()["format"]["choices"].format(options=options_words(column)))
    feeds = tuple(guide.get((column.sheet, column.name), ()))
    if feeds:
        lines.append(texts["standards"])
        lines.extend(feeds)
    if len("\n".join(lines)) <= texts["longest"]:
        return "\n".join(lines)
    room = texts["longest"] - len(texts["more"])
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line])) + 1 > room:
            break
        kept.append(line)
    return "\n".join([*kept, texts["more"]])


def stop_text(column: Column) -> str:
    """What the spreadsheet says when a typed value does not fit the column."""
    return str(words()["stop"][column.type].format(column=column.name, example=column.example))
