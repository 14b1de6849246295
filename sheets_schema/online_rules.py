"""Limits, drop-downs and colours of an online sheet, and whether those that are there are the ones that are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sheets_schema.help import Guide, stop_text, window_text, words
from sheets_schema.layout import cell_name
from sheets_schema.online_there import Answer, Tab
from sheets_schema.schema import BookSchema, Column, Sheet
from sheets_schema.template_look import MARKS

_OWN = re.compile(r"(?<![A-Z0-9!'$])\$?[A-Z]{1,3}\$?[0-9]+(?![A-Z0-9(])")


def rule(column: Column, at: int, guide: Guide, ranges: Mapping[Column, str]) -> dict[str, Any]:
    """The rule of a column that stands at `at`; `ranges` gives where the options of a drop-down are.

    As in the file, a column of free text has no limit: a rule that all values fit carries its words.
    """
    cell = cell_name(2, at + 1)
    kind, values, strict = _condition(column, cell, ranges)
    before = [stop_text(column)] if strict else []
    made: dict[str, Any] = {
        "condition": {"type": kind, "values": [{"userEnteredValue": value} for value in values]},
        "inputMessage": window_text(column, guide, before),
        "strict": strict,
    }
    return made | ({"showCustomUi": True} if kind == "ONE_OF_RANGE" else {})


def _condition(column: Column, cell: str, ranges: Mapping[Column, str]) -> tuple[str, list[str], bool]:
    """Kind, values, and whether other values are refused (or only marked)."""
    match column.type:
        case "integer":
            return "CUSTOM_FORMULA", [f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))"], True
        case "decimal":
            return "NUMBER_GREATER_THAN_EQ", ["0"], True
        case "date":
            return "DATE_ON_OR_AFTER", [words()["stop"]["earliest"].isoformat()], True
        case "choice":
            return "ONE_OF_RANGE", [ranges[column]], True
        case "uscc":
            return "CUSTOM_FORMULA", [f"=LEN({cell})=18"], False
        case "industry_code":
            return "CUSTOM_FORMULA", [f"=LEN({cell})=3"], True
        case _:
            return "CUSTOM_FORMULA", ["=TRUE"], False


def same_rule(wanted: Answer, found: Answer | None) -> bool:
    """Whether a cell's rule is the wanted one; its words are not asked for, as they would outweigh all else."""
    if not found or bool(found.get("strict")) != wanted["strict"]:
        return False
    asked, held = wanted["condition"], found.get("condition", {})
    return bool(asked["type"] == held.get("type") and _values(asked) == _values(held))


def _values(condition: Answer) -> list[str]:
    """The values of a condition in a form that does not depend on how they are shown."""
    kind, values = condition["type"], condition.get("values", ())
    return [_value(kind, str(found.get("userEnteredValue", ""))) for found in values]


def _value(kind: str, text: str) -> str:
    if kind.startswith("DATE"):  # 1900-01-01, 1900/1/1 or 1/1/1900
        return "-".join(sorted(str(int(part)) for part in re.findall(r"[0-9]+", text)))
    if kind.startswith("NUMBER"):
        try:
            return str(Decimal(text.strip().lstrip("=")).normalize())
        except InvalidOperation:
            return text
    if kind == "ONE_OF_RANGE":
        return text.lstrip("=").replace("'", "").replace("$", "")
    return formula_form(text)


def formula_form(text: str) -> str:
    """A formula without blanks; the cell it speaks of, which is another in each cell it stands in, is @."""
    folded = "".join(text.split()).upper().replace(";", ",")
    parts = folded.split('"')
    return '"'.join(part if at % 2 else _OWN.sub("@", part) for at, part in enumerate(parts))


def colours(schema: BookSchema, sheet: Sheet, tab: int, columns: Mapping[str, int]) -> list[dict[str, Any]]:
    """The rules that colour what 审核反馈 names on a sheet of the city, first come first served; `columns`: where
    the columns of 审核反馈 stand. A rule may not look at another sheet by itself, only through INDIRECT."""
    feedback = next((found for found in schema.sheets if found.filled_by == "province"), None)
    if feedback is None or sheet.filled_by != "city":
        return []

    def where(column: str) -> str:
        letter = cell_name(1, columns[column] + 1)[:-1]
        return f"INDIRECT(\"'{feedback.name}'!{letter}2:{letter}\")"

    named = f'{where("工作表")},"{sheet.name}",{where("单元格")},ADDRESS(ROW(),COLUMN(),4)'
    made = []
    for level, (back, front) in MARKS.items():
        asked = f',{where("级别")},"{level}"' if level else ""
        condition = {
            "type": "CUSTOM_FORMULA",
            "values": [{"userEnteredValue": f"=COUNTIFS({named}{asked})>0"}],
        }
        look = {
            "backgroundColorStyle": {"rgbColor": color(back)},
            "textFormat": {"foregroundColorStyle": {"rgbColor": color(front)}},
        }
        made.append({"ranges": [{"sheetId": tab}], "booleanRule": {"condition": condition, "format": look}})
    return made


def color(sign: str) -> dict[str, float]:
    """`#1F4E79` as Google says it."""
    parts = (int(sign[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return dict(zip(("red", "green", "blue"), parts, strict=True))


def ours_of(schema: BookSchema, tab: Tab) -> list[int]:
    """Which of a sheet's colour rules look at 审核反馈 and so are ours, whoever changed them."""
    names = [sheet.name for sheet in schema.sheets if sheet.filled_by == "province"]
    signs = [f"'{name}'!" for name in names]
    return [at for at, found in enumerate(tab.rules) if any(sign in _formula(found) for sign in signs)]


def same_colours(wanted: Sequence[Answer], tab: Tab, places: Sequence[int]) -> bool:
    """Whether the rules at `places` are the wanted ones in their order, each over the whole sheet."""
    held = [tab.rules[at] for at in places]
    return len(held) == len(wanted) and all(
        formula_form(_formula(found)) == formula_form(_formula(asked))
        and _look(found) == _look(asked)
        and _whole(found, tab)
        for found, asked in zip(held, wanted, strict=True)
    )


def _formula(found: Answer) -> str:
    values = found.get("booleanRule", {}).get("condition", {}).get("values", ())
    return next((str(value.get("userEnteredValue", "")) for value in values), "")


def _look(found: Answer) -> list[list[int]]:
    """Background and text in whole steps: answers carry 0.6117647 where 156/255 was sent."""
    look = found.get("booleanRule", {}).get("format", {})
    text = look.get("textFormat", {})
    pairs = ((look, "backgroundColor"), (text, "foregroundColor"))
    shades = [part.get(f"{name}Style", {}).get("rgbColor") or part.get(name, {}) for part, name in pairs]
    return [[round(255 * shade.get(one, 0)) for one in ("red", "green", "blue")] for shade in shades]


def _whole(found: Answer, tab: Tab) -> bool:
    """Whether one of its ranges is the whole sheet; cutting and pasting within leaves several parts."""
    return any(
        part.get("startRowIndex", 0) == 0
        and part.get("startColumnIndex", 0) == 0
        and part.get("endRowIndex", tab.rows) >= tab.rows
        and part.get("endColumnIndex", tab.columns) >= tab.columns
        for part in found.get("ranges", ())
    )
